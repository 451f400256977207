"""Writes the losses of PyTorch's first ten steps, which the tests hold ours against.

Weights, images and truths are drawn by names, so that only the losses need to be kept: `[10]` for each network.
Needs torch and numpy; run it in this folder.
"""

import importlib.util
import pathlib

import numpy as np
import torch
from torch import nn

path = pathlib.Path(__file__).parents[2] / "NeuralNetworksTests" / "Goldens" / "make-goldens.py"
spec = importlib.util.spec_from_file_location("goldens", path)
goldens = importlib.util.module_from_spec(spec)
spec.loader.exec_module(goldens)

BATCH = 8
NETWORKS = {
    "LeNet-5": (goldens.LeNet5, (1, 32, 32)),
    "U-Net-8": (lambda: goldens.UNet(4, 8, 2), (3, 32, 32)),
    "ResNet-18": (lambda: goldens.ResNet((2, 2, 2, 2), False), (3, 64, 64)),
}


def drawn(name, shape):
    return torch.from_numpy(goldens.draw(name, int(np.prod(shape))).reshape(shape))


for name, (build, shape) in NETWORKS.items():
    network = goldens.fill(build()).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.01)
    losses = []
    for step in range(10):
        images = drawn(f"images {step}", (BATCH, *shape)) - 0.5
        answers = network(images)
        if answers.ndim == 4:
            truths = (drawn(f"truths {step}", answers.shape) < 0.3).float()
            loss = nn.functional.binary_cross_entropy_with_logits(answers, truths)
        else:
            truths = torch.arange(BATCH) * 3 % answers.shape[1]
            loss = nn.functional.cross_entropy(answers, truths, label_smoothing=0.1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    np.save(f"{name}.npy", np.array(losses, dtype=np.float32))
    print(name, losses)
