"""Trains the network that outlines nuclei."""

import sys
from pathlib import Path

import numpy
import torch

sys.path.append(str(Path(__file__).parents[1] / "objects"))

from evaluation import figures
from micrographs import SHARES, load, view
from stars import NucleusNetwork, collated, loss, targets
from training import SEED, arguments, train

if __name__ == "__main__":
    parser = arguments(__doc__, steps=3_000)
    parser.add_argument("--side", type=int, default=256, help="of the views in pixels")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    micrographs, val = load(options.data, "train"), load(options.data, "val")
    kinds = [[one for one in micrographs if one.kind == kind] for kind in SHARES]

    def batch(generator: numpy.random.Generator, progress: float) -> dict[str, torch.Tensor]:
        images, wanted = [], []
        for kind in generator.choice(len(kinds), options.batch, p=list(SHARES.values())):
            micrograph = kinds[kind][generator.integers(len(kinds[kind]))]
            pixels, labels, zoom = view(micrograph, options.side, 0.6 if progress < 0.75 else 0.4, generator)
            images.append(pixels)
            wanted.append(targets(labels, options.side, zoom))
        return collated(wanted) | {"images": torch.from_numpy(numpy.stack(images))}

    train(options, NucleusNetwork(), batch, loss, lambda network: figures(network, val))
