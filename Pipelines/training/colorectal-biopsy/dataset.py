"""Scans with gland masks and classes, decoded once and kept in memory as bytes."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from PIL import Image
from torch import Tensor

CLASSES = ("Normal", "Polyp", "Low-grade IN", "High-grade IN", "Adenocarcinoma", "Serrated adenoma")


def shrunk(pixels: Tensor, factor: float) -> Tensor:
    """Bytes [C, H, W], area-averaged to a `factor`-th of height and width."""
    if factor == 1:
        return pixels
    width, height = round(pixels.shape[2] / factor), round(pixels.shape[1] / factor)
    planes = [Image.fromarray(plane.numpy()).resize((width, height), Image.Resampling.BOX) for plane in pixels]
    return torch.stack([torch.from_numpy(numpy.array(plane)) for plane in planes])


@dataclass
class Dataset:
    """Images [3, H, W] and masks [1, H, W] of any size, as uint8 (masks 0 to 255), with the index of each class."""

    images: list[Tensor]
    masks: list[Tensor]
    labels: Tensor
    patients: list[str]

    def __len__(self) -> int:
        return len(self.images)

    def __add__(self, other: "Dataset") -> "Dataset":
        return Dataset(
            self.images + other.images, self.masks + other.masks, torch.cat([self.labels, other.labels]),
            self.patients + other.patients,
        )

    @classmethod
    def load(cls, folder: Path, split: str, shrinking: float = 1) -> "Dataset":
        """Reads `manifest.csv` (`patient,scan,mask,class,split`), whose paths are relative to the folder.

        Scans are made smaller by `shrinking`, each new pixel the mean of what it covers; their masks become soft.
        """
        with (folder / "manifest.csv").open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["split"] == split]
        images, masks = [], []
        for row in rows:
            image = numpy.array(Image.open(folder / row["scan"]).convert("RGB"))
            mask = numpy.array(Image.open(folder / row["mask"]).convert("L")) > 0
            if image.shape[:2] != mask.shape:
                raise ValueError(f"{row['scan']}: {image.shape[:2]} pixels, but its mask has {mask.shape}")
            images.append(shrunk(torch.from_numpy(image).permute(2, 0, 1).contiguous(), shrinking))
            masks.append(shrunk(torch.from_numpy(mask[None].astype(numpy.uint8) * 255), shrinking))
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
    real: Dataset, extras: list[tuple[Dataset, float]], batch: int, size: int, generator: torch.Generator
):
    """One epoch over the real scans in random order, with others mixed in: each extra's share of the real ones' number.

    Yields pixels [N, 4, size, size] as uint8 (RGB and mask) and labels [N].
    """
    entries = [(real, index) for index in range(len(real))]
    for extra, share in extras:
        drawn = torch.randint(0, len(extra), (int(len(real) * share),), generator=generator)
        entries += [(extra, int(index)) for index in drawn]
    order = torch.randperm(len(entries), generator=generator).tolist()
    for start in range(0, len(order) - batch + 1, batch):
        chosen = [entries[position] for position in order[start : start + batch]]
        pixels = torch.stack([dataset.window(index, size, generator) for dataset, index in chosen])
        yield pixels, torch.stack([dataset.labels[index] for dataset, index in chosen])
