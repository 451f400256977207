"""Figures on val: Dice, accuracy, area under the curve, calibration error; and predictions, with or without views."""

import torch
from dataset import Dataset
from torch import Tensor, nn


def dihedral(images: Tensor, view: int) -> Tensor:
    """One of the eight views of a square [N, C, H, W]: a quarter turn, mirrored from the fifth on."""
    turned = torch.rot90(images, view % 4, (2, 3))
    return turned.flip(3) if view >= 4 else turned


def restored(images: Tensor, view: int) -> Tensor:
    """The inverse of `dihedral`."""
    return torch.rot90(images.flip(3) if view >= 4 else images, -(view % 4), (2, 3))


@torch.no_grad()
def logits(model: nn.Module, normalisation: nn.Module, dataset: Dataset, views: int = 1, batch: int = 16) -> Tensor:
    """Mean logits over the first `views` dihedral views: [N, 1, H, W] or [N, classes]; scans must share one size."""
    outputs = []
    for start in range(0, len(dataset), batch):
        images = torch.stack(dataset.images[start : start + batch]).float() / 255
        total = None
        for view in range(views):
            output = model(normalisation(dihedral(images, view)))
            output = restored(output, view) if output.ndim == 4 else output
            total = output if total is None else total + output
        outputs.append(total / views)
    return torch.cat(outputs)


def dice(probabilities: Tensor, masks: Tensor) -> float:
    """Mean over images of 2 |A and B| / (|A| + |B|) at a threshold of 0.5; 1 where both are empty."""
    found, truth = (probabilities >= 0.5).flatten(1), (masks > 0).flatten(1)
    both, either = (found & truth).sum(1).double(), found.sum(1).double() + truth.sum(1)
    return torch.where(either > 0, 2 * both / either.clamp(min=1), 1.0).mean().item()


def balanced_accuracy(predicted: Tensor, labels: Tensor) -> float:
    """The mean recall of the classes that occur."""
    return torch.stack([(predicted[labels == c] == c).double().mean() for c in labels.unique()]).mean().item()


def area_under_curve(scores: Tensor, positive: Tensor) -> float:
    """The chance that a positive scores above a negative (Mann-Whitney); a tie counts half."""
    above = scores[positive][:, None] - scores[~positive][None]
    return ((above > 0).double() + 0.5 * (above == 0).double()).mean().item()


def calibration_error(confidence: Tensor, correct: Tensor, bins: int = 15) -> float:
    """Expected calibration error over equal bins of confidence: Guo et al., "On calibration" (2017)."""
    index = (confidence * bins).long().clamp(max=bins - 1)
    error = 0.0
    for bin in index.unique():
        members = index == bin
        gap = (confidence[members].double().mean() - correct[members].double().mean()).abs()
        error += gap.item() * members.double().mean().item()
    return error
