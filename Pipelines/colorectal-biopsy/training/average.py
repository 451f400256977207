"""Averages the weights of runs that began from one another: Wortsman et al., "Model soups" (2022)."""

import argparse
from pathlib import Path

import torch

from training import save

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint to write")
    options = parser.parse_args()
    states = [torch.load(path, weights_only=True) for path in options.checkpoints]
    mean = {
        name: torch.stack([state["averaged"][name].double() for state in states]).mean(0).to(value.dtype)
        for name, value in states[0]["averaged"].items()
    }
    save(states[0] | {"averaged": mean, "model": mean}, options.output)
