"""Writes PyTorch's losses of objects and their gradients, which the tests hold ours against.

Answers and truths are drawn by names: `star-convex.npy` and `centres.npy` are `[1 + numbers of all answers]`, the loss
and then its gradients. Needs torch and numpy; run it in this folder.
"""

import importlib.util
import pathlib

import numpy as np
import torch
from torch.nn import functional

path = pathlib.Path(__file__).parents[2] / "NeuralNetworksTests" / "Goldens" / "make-goldens.py"
spec = importlib.util.spec_from_file_location("goldens", path)
goldens = importlib.util.module_from_spec(spec)
spec.loader.exec_module(goldens)


def drawn(name, shape):
    return torch.from_numpy(goldens.draw(name, int(np.prod(shape))).reshape(shape))


def write(name, loss, answers):
    loss.backward()
    np.save(f"{name}.npy", np.concatenate([[loss.item()], *(one.grad.flatten() for one in answers)]).astype(np.float32))
    print(name, loss.item())


def leaf(name, shape, scale, shift):
    return (drawn(name, shape) * scale + shift).requires_grad_()


# A third of the cells is in no object, and of a few nothing is known.
logits, distances = leaf("logits", (2, 2, 4, 5), 8, -4), leaf("distances", (2, 6, 4, 5), 9, 1)
fractions, wanted = drawn("fractions", (2, 2, 4, 5)), drawn("wanted", (2, 6, 4, 5)) * 9 + 1
truth = torch.where(fractions < 0.1, -1.0, torch.where(fractions < 0.4, 0.0, fractions))
presence = functional.binary_cross_entropy_with_logits(logits[truth >= 0], truth[truth >= 0])
weight = truth.amax(1).clamp(min=0)
reach = ((distances - wanted).abs().mean(1) / wanted.mean(1) * weight).sum() / weight.sum()
write("star-convex", presence + reach, [logits, distances])

heat = leaf("heat", (2, 3, 4, 5), 8, -4)
sizes, offsets = leaf("sizes", (2, 2, 4, 5), 60, 5), leaf("offsets", (2, 2, 4, 5), 2, -0.5)
fractions, places = drawn("warmth", (2, 3, 4, 5)), drawn("places", (2, 1, 4, 5)) < 0.2
truth = torch.where(fractions < 0.1, -1.0, torch.where(fractions > 0.8, 1.0, fractions))
extent, middle = (drawn("extent", (2, 2, 4, 5)) * 60 + 5) * places, drawn("middle", (2, 2, 4, 5)) * places
probability = heat.sigmoid()
found = -functional.logsigmoid(heat) * (1 - probability) ** 2 * (truth == 1)
free = -functional.logsigmoid(-heat) * probability**2 * (1 - truth) ** 4 * (truth < 1)
centres = ((found + free) * (truth >= 0)).sum() / (truth == 1).sum()
at = places.expand(2, 2, 4, 5)
off_size = ((sizes - extent).abs()[at] / extent[at]).sum() / places.sum()
off_centre = (offsets - middle).abs()[at].sum() / places.sum()
write("centres", centres + off_size + off_centre, [heat, sizes, offsets])
