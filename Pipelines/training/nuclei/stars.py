"""Star-convex outlines: what the network is asked for, its loss, and how its answers are read.

After Schmidt et al., "Cell detection with star-convex polygons" (2018). Rays begin at the middle of an output's cell.
"""

import math

import numba
import numpy
import torch
from network import UNet
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 2
RAYS = 32
ANGLES = 2 * math.pi * numpy.arange(RAYS) / RAYS
COSINES, SINES = numpy.cos(ANGLES), numpy.sin(ANGLES)
TYPICAL_RADIUS = 8.0  # pixels


class NucleusNetwork(nn.Module):
    """Images [N, 3, H, W] -> probability [N, 1, h, w] (logits) and distances [N, 32, h, w] (pixels to the outline; in
    training their logarithms)."""

    def __init__(self):
        super().__init__()
        self.unet = UNet([32, 64, 128, 128], [1, 1, 2, 2], level=0, heads=[1, RAYS])
        nn.init.constant_(self.unet.heads[0][1].bias, -2.0)
        nn.init.constant_(self.unet.heads[1][1].bias, math.log(TYPICAL_RADIUS))

    def forward(self, images: Tensor) -> list[Tensor]:
        probability, logarithms = self.unet(images)
        return [probability, logarithms if self.training else logarithms.exp()]


@numba.njit(cache=True)
def _distances(labels, x, y, number, cosines, sines, result):
    """From each point (x, y) along each ray, how far its nucleus reaches; exact on the grid of pixels."""
    height, width = labels.shape
    for index in range(len(x)):
        for ray in range(len(cosines)):
            across, down = cosines[ray], sines[ray]
            column, row = int(x[index]), int(y[index])
            step_x, step_y = (1 if across > 0 else -1), (1 if down > 0 else -1)
            grow_x = 1e9 if abs(across) < 1e-9 else 1 / abs(across)
            grow_y = 1e9 if abs(down) < 1e-9 else 1 / abs(down)
            next_x = ((column + 1 - x[index]) if across > 0 else (x[index] - column)) * grow_x
            next_y = ((row + 1 - y[index]) if down > 0 else (y[index] - row)) * grow_y
            travelled = 0.0
            while 0 <= column < width and 0 <= row < height and labels[row, column] == number[index]:
                if next_x < next_y:
                    travelled, next_x, column = next_x, next_x + grow_x, column + step_x
                else:
                    travelled, next_y, row = next_y, next_y + grow_y, row + step_y
            result[index, ray] = travelled


def targets(labels: numpy.ndarray, side: int, zoom: float) -> dict[str, numpy.ndarray]:
    """Of labels [S, S] seen `zoom` times as large: cells in nuclei, their distances, and how central they are.

    Distances [n, rays] are those of the cells in nuclei only, row by row.
    """
    cells = side // STRIDE
    middle = (numpy.arange(cells) + 0.5) * STRIDE / zoom
    near = numpy.minimum(middle.astype(int), len(labels) - 1)
    number = labels[near[:, None], near[None]]
    row, column = numpy.nonzero(number)
    distances = numpy.zeros((len(row), RAYS), numpy.float32)
    _distances(labels, middle[column], middle[row], number[row, column], COSINES, SINES, distances)
    distances *= zoom
    # The distance to the nearest edge, 1 where it is largest.
    nearest = distances.min(1, initial=numpy.inf)
    largest = numpy.full(labels.max() + 1, 1e-6, numpy.float32)
    numpy.maximum.at(largest, number[row, column], nearest)
    central = numpy.zeros((cells, cells), numpy.float32)
    central[row, column] = nearest / largest[number[row, column]]
    return {"central": central, "inside": number > 0, "distances": distances}


def collated(wanted: list[dict[str, numpy.ndarray]]) -> dict[str, Tensor]:
    """The targets of a batch; distances only of the cells inside nuclei, in order."""
    stacked = {name: torch.from_numpy(numpy.stack([one[name] for one in wanted])) for name in ("central", "inside")}
    return stacked | {"distances": torch.from_numpy(numpy.concatenate([one["distances"] for one in wanted]))}


def loss(answers: list[Tensor], given: dict[str, Tensor]) -> dict[str, Tensor]:
    logits, logarithms = answers
    central, inside, wanted = given["central"], given["inside"], given["distances"]
    presence = functional.binary_cross_entropy_with_logits(logits[:, 0], central)
    logarithms = logarithms.permute(0, 2, 3, 1)[inside]
    weight, distances = central[inside], logarithms.exp()
    total = weight.sum().clamp(min=1)
    # The overlap of two stars around one point, up to the rays between the rays.
    overlap = torch.minimum(distances, wanted).square().sum(1) / torch.maximum(distances, wanted).square().sum(1)
    ratio = (logarithms - wanted.clamp(min=0.5).log()).abs().mean(1)
    return {
        "presence": 2 * presence, "overlap": ((1 - overlap) * weight).sum() / total,
        "ratio": (ratio * weight).sum() / total,
    }


@numba.njit(cache=True)
def _filled(xs, ys, height, width, rows, columns):
    """Writes the pixels whose middle lies in the polygon, and gives their number."""
    count = 0
    corners = len(xs)
    crossings = numpy.empty(corners)
    for row in range(max(0, int(ys.min())), min(height, int(ys.max()) + 2)):
        y, found = row + 0.5, 0
        for index in range(corners):
            other = (index + 1) % corners
            if (ys[index] <= y) != (ys[other] <= y):
                crossings[found] = xs[index] + (y - ys[index]) * (xs[other] - xs[index]) / (ys[other] - ys[index])
                found += 1
        ordered = numpy.sort(crossings[:found])
        for pair in range(found // 2):
            first = max(0, int(math.ceil(ordered[2 * pair] - 0.5)))
            last = min(width, int(math.ceil(ordered[2 * pair + 1] - 0.5)))
            for column in range(first, last):
                if count < len(rows):
                    rows[count], columns[count] = row, column
                    count += 1
    return count


@numba.njit(cache=True)
def _kept(xs, ys, height, width, suppression):
    """Greedy, in the order given: an outline stays unless it overlaps one that stayed by more than `suppression` (IoU).

    Gives the pixels of those that stay, one after the other, where each begins, and which they are.
    """
    owner = numpy.full((height, width), -1, numpy.int32)
    pixels = numpy.empty((height * width * 3, 2), numpy.int32)
    rows, columns = numpy.empty(height * width, numpy.int32), numpy.empty(height * width, numpy.int32)
    starts, stayed = [0], [0]
    stayed.pop()
    shared = numpy.zeros(len(xs), numpy.int32)
    for index in range(len(xs)):
        count = _filled(xs[index], ys[index], height, width, rows, columns)
        if count == 0 or starts[-1] + count > len(pixels):
            continue
        good = True
        for k in range(count):
            other = owner[rows[k], columns[k]]
            if other >= 0:
                shared[other] += 1
        for k in range(count):
            other = owner[rows[k], columns[k]]
            if other >= 0 and shared[other] > 0:
                area = starts[other + 1] - starts[other]
                if shared[other] > suppression * (area + count - shared[other]):
                    good = False
        for k in range(count):
            other = owner[rows[k], columns[k]]
            if other >= 0:
                shared[other] = 0
        if not good:
            continue
        for k in range(count):
            pixels[starts[-1] + k, 0], pixels[starts[-1] + k, 1] = rows[k], columns[k]
            if owner[rows[k], columns[k]] < 0:
                owner[rows[k], columns[k]] = len(stayed)
        starts.append(starts[-1] + count)
        stayed.append(index)
    return pixels[: starts[-1]], starts, stayed


def findings(
    answers: list[Tensor], height: int, width: int, threshold: float, suppression: float = 0.3
) -> tuple[list[numpy.ndarray], numpy.ndarray]:
    """The nuclei of one image: the rows and columns of each one's pixels, and the logits."""
    logits, distances = answers[0][0, 0].numpy(), answers[1][0].numpy()
    peak = functional.max_pool2d(answers[0], 3, 1, 1)[0, 0].numpy() == logits
    row, column = numpy.nonzero(peak & (logits > math.log(threshold / (1 - threshold))))
    order = numpy.argsort(-logits[row, column], kind="stable")
    row, column = row[order], column[order]
    reach = distances[:, row, column].T
    xs = ((column + 0.5) * STRIDE)[:, None] + reach * COSINES
    ys = ((row + 0.5) * STRIDE)[:, None] + reach * SINES
    if not len(row):
        return [], numpy.empty(0)
    pixels, starts, stayed = _kept(xs.astype(float), ys.astype(float), height, width, suppression)
    return [pixels[a:b] for a, b in zip(starts[:-1], starts[1:])], logits[row, column][stayed]
