"""Trains the network that boxes red cells, white cells and platelets."""

import sys
from pathlib import Path

import numpy
import torch

sys.path.append(str(Path(__file__).parents[1] / "objects"))

from centres import CellNetwork, loss, targets
from evaluation import figures
from smears import load, transposed, view
from training import SEED, arguments, train

# Whole smears keep their frame, at which cells are boxed by other rules: they are shrunk and enlarged, seldom cropped.
# Small ones are learned from sooner.
SIZES = [(320, 416), (352, 480), (384, 512), (416, 576), (480, 640)]
FINAL_SIZES = [(448, 608), (480, 640), (480, 640), (512, 672)]


if __name__ == "__main__":
    options = arguments(__doc__, steps=2_000).parse_args()
    torch.manual_seed(SEED)
    smears, val = load(options.data, "train"), load(options.data, "val")

    def batch(generator: numpy.random.Generator, progress: float) -> dict[str, torch.Tensor]:
        early = progress < 0.5
        height, width = generator.permutation(SIZES if early else FINAL_SIZES)[0]
        chosen = generator.choice(len(smears), options.batch, replace=False)
        views = [view(smears[i], height, width, 0.4 if early else 0.1, generator) for i in chosen]
        if generator.random() < 0.5:
            views = [transposed(one) for one in views]
        wanted = [targets(one) for one in views]
        tensors = {name: torch.from_numpy(numpy.stack([one[name] for one in wanted])).float() for name in wanted[0]}
        return tensors | {"images": torch.from_numpy(numpy.stack([one.pixels for one in views]))}

    train(options, CellNetwork(), batch, loss, lambda network: figures(network, val))
