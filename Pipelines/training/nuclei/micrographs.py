"""Micrographs and the labels of their nuclei, and random views of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy
import tifffile
from PIL import Image

LOW, HIGH = 1.0, 99.8  # percentiles that become 0 and 1
# How often a view is of each kind: tissue more often than its share of the scans.
SHARES = {
    "fluorescence-small": 0.42, "fluorescence-large": 0.14, "purple-on-purple": 0.19, "purple-on-white": 0.13,
    "pink-and-purple": 0.02, "brightfield-gray": 0.10,
}


@dataclass
class Micrograph:
    name: str
    kind: str
    pixels: numpy.ndarray  # [H, W, 3], bytes
    labels: numpy.ndarray  # [H, W]: 0, or a nucleus' number
    bounds: numpy.ndarray  # [2, 3]: what becomes 0 and 1 in each channel


def load(folder: Path, split: str) -> list[Micrograph]:
    micrographs = []
    with (folder / "manifest.csv").open() as file:
        for row in csv.DictReader(file):
            if row["split"] != split:
                continue
            pixels = tifffile.imread(folder / row["scan"])
            if pixels.ndim == 2:
                pixels = numpy.repeat(pixels[..., None], 3, axis=2)
            labels = numpy.asarray(Image.open(folder / "labels" / f"{Path(row['scan']).stem}.png")).astype(numpy.int32)
            bounds = numpy.percentile(pixels, [LOW, HIGH], axis=(0, 1))
            micrographs.append(Micrograph(row["scan"], row["kind"], pixels, labels, bounds))
    return micrographs


def normalised(pixels: numpy.ndarray, low: numpy.ndarray, high: numpy.ndarray) -> numpy.ndarray:
    """Bytes [H, W, 3] -> what the network takes, [3, H, W] in 0...1."""
    levels = numpy.arange(256, dtype=numpy.float32)
    tables = ((levels - low[:, None]) / numpy.maximum(high - low, 1)[:, None]).clip(0, 1).astype(numpy.float32)
    return numpy.stack([tables[channel][pixels[..., channel]] for channel in range(3)])


def jittered(
    pixels: numpy.ndarray, bounds: numpy.ndarray, strength: float, generator: numpy.random.Generator
) -> numpy.ndarray:
    """The same with other bounds, gamma, colours, focus, noise and sometimes the other sign; strength in 0...1."""
    spread = bounds[1] - bounds[0]
    same = generator.random() < 0.5
    low = bounds[0] + spread * generator.normal(0, 0.03, 1 if same else 3)
    high = bounds[1] + spread * generator.normal(0, 0.12, 1 if same else 3).clip(-0.25, 0.5)
    image = normalised(pixels, low, high)
    image = numpy.power(image, numpy.float32(numpy.exp(generator.normal(0, 0.25 * strength))), dtype=numpy.float32)
    if generator.random() < 0.15 * strength:
        image = numpy.repeat(image.mean(0, keepdims=True), 3, axis=0)
    if generator.random() < 0.4 * strength:
        mixing = numpy.eye(3) + generator.normal(0, 0.1, (3, 3))
        mixing /= mixing.sum(1, keepdims=True)
        image = numpy.tensordot(mixing.astype(numpy.float32), image, 1)
    if generator.random() < 0.1 * strength:
        image = 1 - image
    if generator.random() < 0.25 * strength:
        noise = generator.standard_normal(image.shape[1:] if same else image.shape, dtype=numpy.float32)
        image = image + noise * numpy.float32(generator.uniform(0.01, 0.08))
    return image.clip(0, 1).astype(numpy.float32)


def view(
    micrograph: Micrograph, side: int, strength: float, generator: numpy.random.Generator
) -> tuple[numpy.ndarray, numpy.ndarray, float]:
    """Pixels [3, side, side], the labels of the same window before it was zoomed, and the zoom."""
    zoom = numpy.exp(generator.normal(0.05, 0.3 * strength)).clip(0.5, 2)
    extent = round(side / zoom)
    height, width = micrograph.labels.shape
    pixels, labels = micrograph.pixels, micrograph.labels
    short = [(0, max(0, extent - length)) for length in (height, width)]
    if any(after for _, after in short):
        pixels, labels = numpy.pad(pixels, [*short, (0, 0)], "symmetric"), numpy.pad(labels, short, "symmetric")
    origin = []
    inside = numpy.argwhere(labels[::4, ::4]) * 4
    focus = inside[generator.integers(len(inside))] if len(inside) and generator.random() < 0.7 else None
    for axis in (0, 1):
        slack = labels.shape[axis] - extent
        start = generator.integers(slack + 1) if focus is None else focus[axis] - generator.integers(extent)
        origin.append(int(numpy.clip(start, 0, slack)))
    window = (slice(origin[0], origin[0] + extent), slice(origin[1], origin[1] + extent))
    pixels, labels = pixels[window], labels[window]
    turns, mirrored = generator.integers(4), generator.random() < 0.5
    pixels, labels = numpy.rot90(pixels, turns), numpy.rot90(labels, turns)
    if mirrored:
        pixels, labels = pixels[:, ::-1], labels[:, ::-1]
    image = Image.fromarray(numpy.ascontiguousarray(pixels))
    if generator.random() < 0.1 * strength:
        softened = round(side * generator.uniform(0.5, 0.9))
        image = image.resize((softened, softened), Image.Resampling.BILINEAR)
    pixels = numpy.asarray(image.resize((side, side), Image.Resampling.BILINEAR))
    return jittered(pixels, micrograph.bounds, strength, generator), numpy.ascontiguousarray(labels), side / extent
