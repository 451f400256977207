"""F1 and average precision on val, by the rules of the data's README."""

import numpy
import torch
from micrographs import Micrograph, normalised
from stars import findings
from torch import nn

OVERLAPS = numpy.arange(0.5, 0.95, 0.05)


def predicted(
    network: nn.Module, micrograph: Micrograph, threshold: float
) -> tuple[list[numpy.ndarray], numpy.ndarray]:
    """Of the scan as a whole, mirrored at its edges up to a multiple of 32."""
    height, width = micrograph.labels.shape
    margins = [(0, -height % 32), (0, -width % 32), (0, 0)]
    image = normalised(numpy.pad(micrograph.pixels, margins, "symmetric"), *micrograph.bounds)
    with torch.no_grad():
        return findings(network(torch.from_numpy(image)[None]), height, width, threshold)


def hits(micrograph: Micrograph, found: list[numpy.ndarray], least: float) -> numpy.ndarray:
    """Which findings, by falling confidence, take a free nucleus: the one they overlap best, by `least` or more."""
    areas = numpy.bincount(micrograph.labels.ravel())
    free = numpy.ones(len(areas), bool)
    taken = numpy.zeros(len(found), bool)
    for index, pixels in enumerate(found):
        below = micrograph.labels[pixels[:, 0], pixels[:, 1]]
        numbers, shared = numpy.unique(below[below > 0], return_counts=True)
        overlap = shared / (areas[numbers] + len(pixels) - shared) * free[numbers]
        if len(numbers) and overlap.max() >= least:
            free[numbers[overlap.argmax()]] = False
            taken[index] = True
    return taken


def counts(micrograph: Micrograph, found: list[numpy.ndarray]) -> numpy.ndarray:
    """True, false and missed at each overlap: [overlaps, 3]."""
    total = len(numpy.unique(micrograph.labels)) - 1
    true = numpy.array([hits(micrograph, found, least).sum() for least in OVERLAPS])
    return numpy.stack([true, len(found) - true, total - true], 1)


def scores(tables: list[numpy.ndarray]) -> tuple[float, float]:
    """F1 at 0.5 and the mean over the overlaps of true / (true + false + missed), of all nuclei together."""
    true, false, missed = numpy.sum(tables, 0).T.astype(float)
    f1 = 2 * true / (2 * true + false + missed).clip(1)
    precision = true / (true + false + missed).clip(1)
    return float(f1[0]), float(precision.mean())


def figures(network: nn.Module, micrographs: list[Micrograph], threshold: float = 0.5) -> dict[str, float]:
    tables = [counts(one, predicted(network, one, threshold)[0]) for one in micrographs]
    f1, precision = scores(tables)
    values = {"AP": precision, "F1": f1}
    for kind in sorted({one.kind for one in micrographs}):
        values[kind] = scores([table for table, one in zip(tables, micrographs) if one.kind == kind])[1]
    return values
