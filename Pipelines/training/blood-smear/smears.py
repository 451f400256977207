"""Smears and their boxes, and random views of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy
import tifffile
from PIL import Image

CLASSES = ["RBC", "WBC", "Platelets"]
MEAN, DEVIATION = 0.5, 0.25


@dataclass
class Smear:
    name: str
    image: Image.Image
    boxes: numpy.ndarray  # [n, 4]: left, top, right, bottom in pixels
    classes: numpy.ndarray  # [n], indices
    boxed: numpy.ndarray  # [classes]: whether all of a class are


def load(folder: Path, split: str) -> list[Smear]:
    objects: dict[str, list] = {}
    with (folder / "objects.csv").open() as file:
        for row in csv.DictReader(file):
            x, y, width, height = (float(row[name]) for name in ("x", "y", "width", "height"))
            objects.setdefault(row["scan"], []).append((x, y, x + width, y + height, CLASSES.index(row["class"])))
    smears = []
    with (folder / "manifest.csv").open() as file:
        for row in csv.DictReader(file):
            if row["split"] != split:
                continue
            table = numpy.array(objects.get(row["scan"], []), numpy.float32).reshape(-1, 5)
            boxed = numpy.array([name not in row["unboxed"].split(";") for name in CLASSES])
            image = Image.fromarray(tifffile.imread(folder / row["scan"]))
            smears.append(Smear(row["scan"], image, table[:, :4], table[:, 4].astype(int), boxed))
    return smears


def normalised(pixels: numpy.ndarray) -> numpy.ndarray:
    """Bytes [H, W, 3] -> what the network takes, [3, H, W]."""
    return ((pixels.astype(numpy.float32) / 255 - MEAN) / DEVIATION).transpose(2, 0, 1)


def recoloured(pixels: numpy.ndarray, generator: numpy.random.Generator) -> numpy.ndarray:
    """`normalised`, with another exposure, contrast, gamma and white balance, and some leaking between channels."""
    levels = numpy.linspace(0, 1, 256)
    gamma = numpy.exp(generator.normal(0, 0.15))
    contrast, brightness = numpy.exp(generator.normal(0, 0.12)), generator.normal(0, 0.05)
    result = numpy.empty((3, *pixels.shape[:2]), numpy.float32)
    for channel in range(3):
        balance = numpy.exp(generator.normal(0, 0.06))
        table = (((levels**gamma - 0.5) * contrast + 0.5 + brightness) * balance).clip(0, 1)
        result[channel] = ((table - MEAN) / DEVIATION).astype(numpy.float32)[pixels[..., channel]]
    if generator.random() < 0.5:
        mixing = numpy.eye(3) + generator.normal(0, 0.07, (3, 3))
        mixing /= mixing.sum(1, keepdims=True)
        result = numpy.tensordot(mixing.astype(numpy.float32), result, 1)
        result = result.clip((0 - MEAN) / DEVIATION, (1 - MEAN) / DEVIATION)
    return result


@dataclass
class View:
    pixels: numpy.ndarray  # [3, h, w], normalised
    boxes: numpy.ndarray
    classes: numpy.ndarray
    ignored: numpy.ndarray  # [n, 4]: boxes of cells that the view cuts
    boxed: numpy.ndarray


def view(smear: Smear, height: int, width: int, crop: float, generator: numpy.random.Generator) -> View:
    """A smear at another size, with probability `crop` of a part of it, mirrored and recoloured."""
    full = numpy.array(smear.image.size, float)
    share = generator.uniform(0.65, 1) if generator.random() < crop else 1.0
    extent = full * share
    origin = (full - extent) * generator.random(2)
    image = smear.image.resize((width, height), Image.Resampling.BILINEAR, box=(*origin, *(origin + extent)))
    scale = numpy.array([width, height]) / extent
    boxes = (smear.boxes - numpy.tile(origin, 2)) * numpy.tile(scale, 2)
    inside = boxes.clip(0, [width, height, width, height])
    seen = numpy.prod(inside[:, 2:] - inside[:, :2], 1) / numpy.prod(boxes[:, 2:] - boxes[:, :2], 1).clip(1e-6)
    kept, cut = seen > 0.7, (seen > 0.1) & (seen <= 0.7)
    pixels = numpy.asarray(image)
    for axis in (0, 1):
        if generator.random() < 0.5:
            pixels = numpy.flip(pixels, 1 - axis)
            inside[:, [axis, axis + 2]] = (width, height)[axis] - inside[:, [axis + 2, axis]]
    return View(recoloured(pixels, generator), inside[kept], smear.classes[kept], inside[cut], smear.boxed)


def transposed(view: View) -> View:
    order = [1, 0, 3, 2]
    pixels = view.pixels.transpose(0, 2, 1)
    return View(pixels, view.boxes[:, order], view.classes, view.ignored[:, order], view.boxed)
