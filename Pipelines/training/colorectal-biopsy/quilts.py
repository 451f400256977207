"""Scans that show no gland, or none beyond a border: patches of real stroma, sewn together.

    quilts.py DATA/manifest.csv COUNT FOLDER

Writes them into the folder with a manifest that names the data's scans too.

Every photograph of EBHI-Seg shows a lesion, so a network that sees none takes what it sees for a field of tumour. Whole
sections show submucosa, muscle and lymph follicles too.
"""

import csv
import math
import pathlib
import sys

import numpy
from numpy import ndarray
from PIL import Image, ImageDraw
from scipy import ndimage

SIDE = 256
PATCH_SIDES = (44, 36, 28, 20)
FEWEST_PATCHES, MOST_PATCHES = 60, 400
SEED = 20260721


def tissue(image: ndarray) -> ndarray:
    """Where an image [H, W, 3] is neither glass nor an empty lumen."""
    saturation = ndimage.gaussian_filter(numpy.ptp(image, axis=2).astype(numpy.float32), 2)
    brightness = ndimage.gaussian_filter(image.mean(axis=2, dtype=numpy.float32), 2)
    return (saturation > 25) & (brightness < 215)


def inside(area: ndarray) -> ndarray:
    """An area without its border of two pixels; the image's edge is no border."""
    return ndimage.minimum_filter(area, 5, mode="nearest")


class Quilter:
    def __init__(self, seed: int):
        self.random = numpy.random.default_rng(seed)

    def quilt(self, image: ndarray, area: ndarray) -> ndarray | None:
        """A texture [SIDE, SIDE, 3] of patches of the area, or None where it is too small for that.

        Some are sewn of the pale or of the dark patches only, some drawn out along one axis, as fibres are.
        """
        for side in PATCH_SIDES:
            # True where the whole patch to the right and below lies in the area.
            corner = ndimage.minimum_filter(area, side, mode="constant", cval=0, origin=-(side // 2))
            places = numpy.argwhere(corner)
            if len(places) >= FEWEST_PATCHES:
                break
        else:
            return None
        places = self.random.permutation(places)[:MOST_PATCHES]
        patches = [image[y : y + side, x : x + side].astype(numpy.float32) for y, x in places]
        patches.sort(key=numpy.mean)
        low = self.random.uniform(0, 0.6) if self.random.random() < 0.7 else 0.0
        high = min(1.0, low + self.random.uniform(0.4, 1))
        first = int(low * len(patches))
        canvas = self.sewn(patches[first : max(first + 20, int(high * len(patches)))], side)
        if self.random.random() < 0.4:
            shown = int(SIDE / self.random.uniform(1.4, 2.6))
            canvas = ndimage.zoom(canvas[:shown], (SIDE / shown, 1, 1), order=3)
        return canvas.transpose(1, 0, 2) if self.random.random() < 0.5 else canvas

    def sewn(self, patches: list[ndarray], side: int) -> ndarray:
        canvas = numpy.zeros((SIDE, SIDE, 3), numpy.float32)
        turned = self.random.random() < 0.4

        def sew(y: int, x: int, weight: ndarray) -> None:
            patch = patches[self.random.integers(len(patches))]
            patch = numpy.rot90(patch, self.random.integers(4) if turned else 2 * self.random.integers(2))
            patch = patch[::-1] if self.random.random() < 0.5 else patch
            top, left, bottom, right = max(0, y), max(0, x), min(SIDE, y + side), min(SIDE, x + side)
            if top >= bottom or left >= right:
                return
            cut = slice(top - y, bottom - y), slice(left - x, right - x)
            canvas[top:bottom, left:right] += (patch[cut] - canvas[top:bottom, left:right]) * weight[cut][..., None]

        for y in range(-(side // 2), SIDE, side):
            for x in range(-(side // 2), SIDE, side):
                sew(y, x, numpy.ones((side, side), numpy.float32))
        # Round ones over the seams of the square ones.
        for _ in range(int(4 * (SIDE / side) ** 2)):
            y, x = self.random.integers(-(side // 2), SIDE, 2)
            sew(y, x, self.rounded(side))
        return canvas

    def rounded(self, side: int) -> ndarray:
        """Weights [side, side] of an uneven disc with a soft border."""
        middle = (side - 1) / 2
        y, x = numpy.mgrid[0:side, 0:side] - middle
        turn = numpy.arctan2(y, x)
        radius = 0.78 * middle
        for waves, height in ((2, 0.1), (3, 0.07), (5, 0.05)):
            radius = radius + height * middle * numpy.sin(waves * turn + self.random.uniform(0, 2 * math.pi))
        return numpy.clip((radius - numpy.hypot(y, x)) / 2 + 0.5, 0, 1).astype(numpy.float32)

    def blob(self) -> ndarray:
        """A smoothly bounded part [SIDE, SIDE] of the canvas."""
        size = self.random.integers(3, 7)
        field = ndimage.zoom(self.random.standard_normal((size, size)), SIDE / size, order=3)[:SIDE, :SIDE]
        return field > numpy.quantile(field, self.random.uniform(0.2, 0.8))

    def with_follicle(self, canvas: ndarray, image: ndarray) -> ndarray:
        """Lymphocytes, side by side and as dark as the image's nuclei, over a part of the canvas."""
        scale = 4
        cells = Image.new("L", (SIDE * scale, SIDE * scale))
        draw = ImageDraw.Draw(cells)
        distance = self.random.uniform(3.9, 5.6)
        for y, x in numpy.mgrid[0:SIDE:distance, 0:SIDE:distance].reshape(2, -1).T:
            if self.random.random() < 0.88:
                y, x = self.random.normal((y, x), 0.22 * distance)
                height, width = self.random.uniform(1.3, 2.3, 2)
                box = [scale * (x - width), scale * (y - height), scale * (x + width), scale * (y + height)]
                draw.ellipse(box, fill=int(self.random.uniform(150, 240)))
        cover = numpy.asarray(cells.resize((SIDE, SIDE), Image.Resampling.BOX), numpy.float32) / 255
        cover = (cover * ndimage.gaussian_filter(self.blob().astype(numpy.float32), 3))[..., None]
        colours = image.reshape(-1, 3)
        nuclei = colours[numpy.argsort(colours.sum(axis=1))[: len(colours) // 40]].mean(axis=0)
        return canvas * (1 - cover) + nuclei * cover

    def beside(self, canvas: ndarray, image: ndarray, glands: ndarray) -> tuple[ndarray, ndarray] | None:
        """A piece of the scan with its whole glands upon the canvas, and where they are; None without any."""
        height, width = glands.shape
        y = self.random.integers(-(height // 2), SIDE - height // 2)
        x = self.random.integers(-(width // 2), SIDE - width // 2)
        top, left, bottom, right = max(0, y), max(0, x), min(SIDE, y + height), min(SIDE, x + width)
        piece, mask, shown = canvas.copy(), numpy.zeros((SIDE, SIDE), bool), numpy.zeros((SIDE, SIDE), bool)
        piece[top:bottom, left:right] = image[top - y : bottom - y, left - x : right - x]
        mask[top:bottom, left:right] = glands[top - y : bottom - y, left - x : right - x]
        shown[top:bottom, left:right] = True
        edge = shown & ~inside(shown)
        numbers, _ = ndimage.label(mask)
        cut = numpy.isin(numbers, numpy.setdiff1d(numbers[edge], [0]))
        shown = inside(shown) & ~ndimage.maximum_filter(cut, 7)
        if (mask & shown).sum() < 800:
            return None
        weight = ndimage.gaussian_filter(shown.astype(numpy.float32), 1.2)[..., None]
        return canvas * (1 - weight) + piece * weight, mask & shown

    def scan(self, image: ndarray, glands: ndarray, is_tumour: bool) -> tuple[ndarray, ndarray] | None:
        """A quilt with its mask; None where the scan has too little of what it takes."""
        seen = tissue(image)
        stroma = self.quilt(image, inside(~glands & seen))
        if stroma is None:
            return None
        if is_tumour:
            # Sewn as well, so that seams tell nothing.
            field = self.quilt(image, inside(glands & seen))
            if field is None:
                return None
            part = self.blob()
            weight = ndimage.gaussian_filter(part.astype(numpy.float32), 1)[..., None]
            return field * weight + stroma * (1 - weight), part
        if self.random.random() < 0.3:
            stroma = self.with_follicle(stroma, image)
        if self.random.random() < 0.45:
            return self.beside(stroma, image, glands)
        return stroma, numpy.zeros((SIDE, SIDE), bool)


def read(row: dict[str, str]) -> tuple[ndarray, ndarray]:
    """A scan [H, W, 3] and where its glands are [H, W]."""
    mask = numpy.asarray(Image.open(row["mask"]).convert("L"))
    return numpy.asarray(Image.open(row["scan"]).convert("RGB")), mask > 0


def main() -> None:
    manifest, count, folder = pathlib.Path(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    with manifest.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {name: str((manifest.parent / row[name]).resolve()) for name in ("scan", "mask")}
    sources = [row for row in rows if row["split"] == "train"]
    quilter = Quilter(SEED)
    made = 0
    while made < count:
        # One in five mixes stroma and fields of tumour.
        wants_tumour = quilter.random.random() < 0.2
        source = sources[int(quilter.random.integers(len(sources)))]
        if (source["class"] == "Adenocarcinoma") != wants_tumour:
            continue
        quilt = quilter.scan(*read(source), wants_tumour)
        if quilt is None:
            continue
        pixels, glands = quilt
        row = source | {"scan": str(folder.resolve() / f"{made}.tif"), "mask": str(folder.resolve() / f"{made}.png")}
        Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(row["scan"])
        Image.fromarray(glands.astype(numpy.uint8) * 255).save(row["mask"])
        rows.append(row)
        made += 1
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
