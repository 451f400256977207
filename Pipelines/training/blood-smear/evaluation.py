"""Average precision on val, by the rules of the data's README."""

import numpy
import torch
from centres import findings, overlaps
from smears import CLASSES, Smear, normalised
from torch import nn


def judged(smear: Smear, found: tuple, iou: float = 0.5) -> list[tuple[int, float, bool]]:
    """Class, confidence and truth of findings; passed over are those without a box of a class that was not boxed."""
    boxes, kinds, confidences = found
    free = numpy.ones(len(smear.boxes), bool)
    verdicts = []
    for box, kind, confidence in zip(boxes, kinds, confidences):
        candidates = numpy.nonzero(free & (smear.classes == kind))[0]
        overlap = overlaps(box[None], smear.boxes[candidates])[0]
        if len(candidates) and overlap.max() >= iou:
            free[candidates[overlap.argmax()]] = False
            verdicts.append((kind, confidence, True))
        elif smear.boxed[kind]:
            verdicts.append((kind, confidence, False))
    return verdicts


def average_precision(verdicts: list[tuple[int, float, bool]], kind: int, total: int) -> float:
    """The area below the highest precision at each recall or above it."""
    own = sorted((v for v in verdicts if v[0] == kind), key=lambda v: -v[1])
    hits = numpy.array([v[2] for v in own], float)
    precision = hits.cumsum() / numpy.arange(1, len(hits) + 1)
    envelope = numpy.maximum.accumulate(precision[::-1])[::-1]
    return float((envelope * hits).sum() / max(total, 1))


def predicted(network: nn.Module, smears: list[Smear]) -> list[tuple]:
    results = []
    with torch.no_grad():
        for smear in smears:
            results += findings(network(torch.from_numpy(normalised(numpy.asarray(smear.image)))[None]))
    return results


def precisions(smears: list[Smear], verdicts: list[list]) -> list[float]:
    pooled = [v for one in verdicts for v in one]
    totals = [sum(int((smear.classes == kind).sum()) for smear in smears) for kind in range(len(CLASSES))]
    return [average_precision(pooled, kind, total) for kind, total in enumerate(totals)]


def figures(network: nn.Module, smears: list[Smear]) -> dict[str, float]:
    verdicts = [judged(smear, found) for smear, found in zip(smears, predicted(network, smears))]
    values = precisions(smears, verdicts)
    return {"mAP": float(numpy.mean(values))} | dict(zip(CLASSES, values))
