"""Trains the network that marks glands. See README.md for the commands."""

import torch
from dataset import Dataset
from evaluation import dice, logits
from networks import GlandUNet
from torch import Tensor, nn
from torch.nn import functional
from training import HAS_BFLOAT16, SEED, Normalisation, arguments, drawn, train


def loss(model: nn.Module, images: Tensor, masks: Tensor, labels: Tensor, generator: torch.Generator) -> Tensor:
    """Cross entropy per pixel plus soft Dice per image."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HAS_BFLOAT16):
        output = model(images)
    output = output.float()
    probabilities = output.sigmoid()
    overlap = (probabilities * masks).sum((1, 2, 3))
    soft_dice = (2 * overlap + 1) / (probabilities.sum((1, 2, 3)) + masks.sum((1, 2, 3)) + 1)
    return functional.binary_cross_entropy_with_logits(output, masks) + (1 - soft_dice).mean()


def evaluate(model: nn.Module, normalisation: Normalisation, dataset: Dataset) -> dict[str, float]:
    return {"dice": dice(logits(model, normalisation, dataset).sigmoid(), torch.stack(dataset.masks))}


if __name__ == "__main__":
    options = arguments(__doc__, epochs=30, batch=16, rate=1e-3).parse_args()
    torch.manual_seed(SEED)
    network = GlandUNet()
    network.encoder.load_pretrained()
    train(options, network, loss, evaluate, Dataset.load(options.data, "train"), drawn(options))
