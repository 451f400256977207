"""Scans with gland masks and classes, decoded once and kept in memory as bytes."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from PIL import Image
from torch import Tensor

CLASSES = ("Normal", "Polyp", "Low-grade IN", "High-grade IN", "Adenocarcinoma", "Serrated adenoma")


@dataclass
class Dataset:
    """Images [3, H, W] and masks [1, H, W] of any size, as uint8 (masks are 0 or 255), with the index of each class."""

    images: list[Tensor]
    masks: list[Tensor]
    labels: Tensor
    patients: list[str]

    def __len__(self) -> int:
        return len(self.images)

    @classmethod
    def load(cls, folder: Path, split: str) -> "Dataset":
        """Reads `manifest.csv` (`patient,scan,mask,class,split`), whose paths are relative to the folder."""
        with open(folder / "manifest.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["split"] == split]
        images, masks = [], []
        for row in rows:
            image = numpy.array(Image.open(folder / row["scan"]).convert("RGB"))
            mask = numpy.array(Image.open(folder / row["mask"]).convert("L")) > 0
            if image.shape[:2] != mask.shape:
                raise ValueError(f"{row['scan']}: {image.shape[:2]} pixels, but its mask has {mask.shape}")
            images.append(torch.from_numpy(image).permute(2, 0, 1).contiguous())
            masks.append(torch.from_numpy(mask[None].astype(numpy.uint8) * 255))
        labels = torch.tensor([CLASSES.index(row["class"]) for row in rows])
        return cls(images, masks, labels, [row["patient"] for row in rows])

    def window(self, index: int, size: int, generator: torch.Generator) -> Tensor:
        """A random square [4, size, size] of a scan, its mask as fourth channel; a smaller one is mirrored outwards."""
        pixels = torch.cat([self.images[index], self.masks[index]])
        height, width = pixels.shape[1:]
        if height < size or width < size:
            padded = numpy.pad(
                pixels.numpy(), ((0, 0), (0, max(0, size - height)), (0, max(0, size - width))), mode="symmetric"
            )
            pixels = torch.from_numpy(padded)
            height, width = pixels.shape[1:]
        top = int(torch.randint(0, height - size + 1, (1,), generator=generator))
        left = int(torch.randint(0, width - size + 1, (1,), generator=generator))
        return pixels[:, top : top + size, left : left + size]


def batches(
    real: Dataset, synthetic: Dataset | None, share: float, batch: int, size: int, generator: torch.Generator
):
    """One epoch over the real scans in random order, with a share of drawn ones mixed in.

    Yields pixels [N, 4, size, size] as uint8 (RGB and mask) and labels [N].
    """
    entries = [(real, index) for index in range(len(real))]
    if synthetic is not None and len(synthetic) > 0:
        drawn = torch.randint(0, len(synthetic), (int(len(real) * share),), generator=generator)
        entries += [(synthetic, int(index)) for index in drawn]
    order = torch.randperm(len(entries), generator=generator).tolist()
    for start in range(0, len(order) - batch + 1, batch):
        chosen = [entries[position] for position in order[start : start + batch]]
        pixels = torch.stack([dataset.window(index, size, generator) for dataset, index in chosen])
        yield pixels, torch.stack([dataset.labels[index] for dataset, index in chosen])
