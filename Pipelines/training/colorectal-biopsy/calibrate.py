"""Fits a temperature on val and prints the figures, with and without the mean over turned and mirrored views."""

import argparse
import json
from pathlib import Path

import torch
from dataset import CLASSES, Dataset
from evaluation import area_under_curve, balanced_accuracy, calibration_error, dice, logits
from tasks import TASKS, Task
from torch import Tensor
from torch.nn import functional


def negative_log_likelihood(task: Task, output: Tensor, truth: Tensor) -> Tensor:
    if task.name == "segmentation":
        return functional.binary_cross_entropy_with_logits(output, truth)
    return functional.cross_entropy(output, truth)


def fitted_temperature(task: Task, output: Tensor, truth: Tensor) -> float:
    """The divisor of the logits that makes the truth likeliest: Guo et al., "On calibration" (2017)."""
    logarithm = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([logarithm], lr=0.5, max_iter=50)

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = negative_log_likelihood(task, output / logarithm.exp(), truth)
        value.backward()
        return value

    optimiser.step(closure)
    return round(logarithm.exp().item(), 4)


def confidence_and_hits(task: Task, output: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """The probability of what is predicted, per pixel or per image, and whether it is so."""
    probabilities = task.probabilities(output)
    if task.name == "segmentation":
        return torch.maximum(probabilities, 1 - probabilities).flatten(), ((output >= 0) == (truth > 0.5)).flatten()
    confidence, predicted = probabilities.max(1)
    return confidence, predicted == truth


def figures(task: Task, output: Tensor, dataset: Dataset) -> dict[str, float]:
    if task.name == "segmentation":
        truth = torch.stack(dataset.masks).float() / 255
        values = {"dice": dice(output.sigmoid(), truth)}
    else:
        truth = dataset.labels
        predicted, cancer = output.argmax(1), CLASSES.index("Adenocarcinoma")
        values = {
            "accuracy": (predicted == truth).double().mean().item(),
            "balanced-accuracy": balanced_accuracy(predicted, truth),
            "adenocarcinoma-auc": area_under_curve(output.softmax(1)[:, cancer], truth == cancer),
        }
    temperature = fitted_temperature(task, output, truth)
    values["temperature"] = temperature
    values["nll"] = negative_log_likelihood(task, output, truth).item()
    values["calibration-error"] = calibration_error(*confidence_and_hits(task, output, truth))
    values["nll-calibrated"] = negative_log_likelihood(task, output / temperature, truth).item()
    values["calibration-error-calibrated"] = calibration_error(*confidence_and_hits(task, output / temperature, truth))
    return {name: round(value, 4) for name, value in values.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--views", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    task = TASKS[options.task]
    network, normalisation, _ = task.load(options.checkpoint)
    dataset = Dataset.load(options.data, "val")
    for views in options.views:
        values = figures(task, logits(network, normalisation, dataset, views), dataset)
        print(json.dumps({"views": views} | values))
