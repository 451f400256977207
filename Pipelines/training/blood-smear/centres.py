"""Boxes by their centres: what the network is asked for, its loss, and how its answers are read.

After Zhou et al., "Objects as points" (2019); the elliptical peaks are those of Liu et al., "Training-time-friendly
network for real-time object detection" (2020).
"""

import numpy
import torch
from network import UNet
from smears import CLASSES, View
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 4
SIZE_UNIT = 64.0  # pixels
CLASS_WEIGHTS = torch.tensor([1.0, 1.5, 2.0])[:, None, None]


class CellNetwork(nn.Module):
    """Images [N, 3, H, W] -> heat [N, classes, h, w], sizes [N, 2, h, w] and offsets [N, 2, h, w].

    Heat is logits; sizes are width and height in pixels; offsets, in cells, are the centre's from the cell's corner.
    """

    def __init__(self):
        super().__init__()
        self.unet = UNet([16, 32, 64, 128, 128], [0, 1, 2, 2, 1], level=1, heads=[len(CLASSES), 2, 2])
        heat, sizes, offsets = (head[1].bias for head in self.unet.heads)
        nn.init.constant_(heat, -4.0)
        nn.init.constant_(sizes, 100 / SIZE_UNIT)
        nn.init.constant_(offsets, 0.5)

    def forward(self, images: Tensor) -> list[Tensor]:
        heat, sizes, offsets = self.unet(images)
        # A centre is looked for in its cell and those beside it.
        return [heat, sizes * SIZE_UNIT, offsets if self.training else offsets.clamp(-1, 2)]


def targets(view: View) -> dict[str, numpy.ndarray]:
    height, width = view.pixels.shape[1] // STRIDE, view.pixels.shape[2] // STRIDE
    heat = numpy.zeros((len(CLASSES), height, width), numpy.float32)
    weight = numpy.zeros((height, width), numpy.float32)  # of the box's sizes and centre, at each cell
    boxes = numpy.zeros((4, height, width), numpy.float32)  # centre in cells, sizes in pixels
    heeded = numpy.ones_like(heat) * view.boxed[:, None, None]
    for left, top, right, bottom in (view.ignored / STRIDE).astype(int):
        heeded[:, top : bottom + 1, left : right + 1] = 0
    y, x = numpy.arange(height)[:, None], numpy.arange(width)[None]
    for (left, top, right, bottom), kind in zip(view.boxes, view.classes):
        across, down = right - left, bottom - top
        centre_x, centre_y = (left + right) / 2 / STRIDE, (top + bottom) / 2 / STRIDE
        column, row = min(int(centre_x), width - 1), min(int(centre_y), height - 1)
        sigma_x, sigma_y = max(0.09 * across / STRIDE, 0.6), max(0.09 * down / STRIDE, 0.6)
        peak = numpy.exp(-(((y - row) / sigma_y) ** 2) / 2) * numpy.exp(-(((x - column) / sigma_x) ** 2) / 2)
        numpy.maximum(heat[kind], peak, out=heat[kind])
        heeded[kind, row, column] = view.boxed[kind]
        nearest = (peak > 0.2) & (peak > weight)
        weight[nearest] = peak[nearest]
        boxes[:, nearest] = numpy.array([centre_x, centre_y, across, down])[:, None]
    return {"heat": heat, "heeded": heeded, "weight": weight, "boxes": boxes}


def loss(answers: list[Tensor], given: dict[str, Tensor]) -> dict[str, Tensor]:
    heat, sizes, offsets = answers
    wanted, heeded, weight, boxes = (given[name] for name in ("heat", "heeded", "weight", "boxes"))
    probability = heat.sigmoid()
    found = -functional.logsigmoid(heat) * (1 - probability) ** 2 * (wanted == 1)
    free = -functional.logsigmoid(-heat) * probability**2 * (1 - wanted) ** 4
    peaks = ((wanted == 1) * heeded).sum().clamp(min=1)
    centres = ((found + free) * heeded * CLASS_WEIGHTS).sum() / peaks
    rows, columns = torch.arange(heat.shape[2])[:, None], torch.arange(heat.shape[3])[None]
    extent = boxes[:, 2:].clamp(min=1)
    off_size = ((sizes - boxes[:, 2:]).abs() / extent).sum(1)
    cells = torch.stack([columns.expand(heat.shape[2:]), rows.expand(heat.shape[2:])])
    off_centre = ((cells + offsets - boxes[:, :2]).abs() * STRIDE / extent).sum(1)
    total = weight.sum().clamp(min=1)
    return {
        "heat": centres,
        "sizes": 2 * (off_size * weight).sum() / total,
        "centres": 4 * (off_centre * weight).sum() / total,
    }


def overlaps(boxes: numpy.ndarray, others: numpy.ndarray) -> numpy.ndarray:
    """Intersection over union: [n, m]."""
    low = numpy.maximum(boxes[:, None, :2], others[None, :, :2])
    high = numpy.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared = numpy.prod((high - low).clip(0), 2)
    area, other_area = (numpy.prod(b[:, 2:] - b[:, :2], 1) for b in (boxes, others))
    return shared / (area[:, None] + other_area[None] - shared)


def findings(
    answers: list[Tensor], threshold: float = 0.02, suppression: float = 0.6
) -> list[tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]]:
    """Boxes, classes, confidences of each image: peaks, unless they overlap a stronger one of their class too much."""
    heat, sizes, offsets = answers
    probability = heat.sigmoid()
    peaks = (functional.max_pool2d(probability, 3, 1, 1) == probability) & (probability > threshold)
    results = []
    for index in range(len(heat)):
        kind, row, column = (axis.numpy() for axis in torch.nonzero(peaks[index], as_tuple=True))
        confidence = probability[index].numpy()[kind, row, column]
        extent = sizes[index].numpy()[:, row, column].T
        centre = (numpy.stack([column, row], 1) + offsets[index].numpy()[:, row, column].T) * STRIDE
        boxes = numpy.concatenate([centre - extent / 2, centre + extent / 2], 1)
        limit = numpy.array([heat.shape[3], heat.shape[2]] * 2) * STRIDE
        boxes = boxes.clip(0, limit)
        kept: list[int] = []
        for candidate in numpy.argsort(-confidence, kind="stable"):
            rivals = [k for k in kept if kind[k] == kind[candidate]]
            if rivals and overlaps(boxes[candidate][None], boxes[rivals]).max() > suppression:
                continue
            kept.append(candidate)
        results.append((boxes[kept], kind[kept], confidence[kept]))
    return results
