"""What the trainings share: options, schedule, averaged weights, checkpoints that a killed run resumes from."""

import argparse
import copy
import functools
import math
import operator
import time
from collections.abc import Callable
from pathlib import Path

import torch
from augmentation import augmented
from dataset import Dataset, batches
from torch import Tensor, nn

SOURCE_SIZE = 224
# Where the processor multiplies bfloat16; elsewhere it would be emulated.
HAS_BFLOAT16 = "avx512_bf16" in Path("/proc/cpuinfo").read_text()
SEED = 20_261_122
# What the encoder was given on ImageNet: (byte - 127) / 128, here of pixels scaled to 0...1.
MEAN, DEVIATION = [0.498] * 3, [0.502] * 3


def arguments(description: str, epochs: int, batch: int, rate: float) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv, scans and masks")
    parser.add_argument("--checkpoints", type=Path, required=True, help="folder outside the repository; resumed from")
    parser.add_argument(
        "--drawn", action="append", default=[], metavar="FOLDER[@SPACING]",
        help="drawn scans to mix in, shrunk from their spacing to the network's where it is given; repeatable",
    )
    parser.add_argument("--drawn-share", type=float, default=0.1)
    parser.add_argument("--spacing", type=float, default=1.4, help="the network's, micrometres per pixel")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--rate", type=float, default=rate, help="peak learning rate")
    parser.add_argument("--size", type=int, default=SOURCE_SIZE, help="side of the first training windows in pixels")
    parser.add_argument("--final-size", type=int, default=SOURCE_SIZE, help="the same in the final epochs")
    parser.add_argument("--final-strength", type=float, default=0.6, help="of the random changes in the final epochs")
    parser.add_argument("--final-from", type=int, default=0, help="first of the final epochs")
    parser.add_argument("--stain", type=float, default=1.0, help="how much more stains vary")
    parser.add_argument("--decay", type=float, default=0.997, help="of the averaged weights, per step")
    parser.add_argument("--evaluate-every", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.set_defaults(folded=False)
    return parser


def drawn(options: argparse.Namespace) -> list[tuple[Dataset, float]]:
    """The drawn scans that the options ask for, as one set with its share; nothing where they ask for none."""
    parts = []
    for part in options.drawn:
        folder, _, spacing = part.partition("@")
        parts.append(Dataset.load(Path(folder), "train", shrinking=options.spacing / float(spacing) if spacing else 1))
    return [(functools.reduce(operator.add, parts), options.drawn_share)] if parts else []


class Normalisation(nn.Module):
    """Images in 0...1 -> what the networks see."""

    def __init__(self, mean: list[float], deviation: list[float]):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean)[:, None, None])
        self.register_buffer("deviation", torch.tensor(deviation)[:, None, None])

    def forward(self, images: Tensor) -> Tensor:
        return ((images - self.mean) / self.deviation).contiguous(memory_format=torch.channels_last)


def learning_rate(progress: float, peak: float, warm_up: float = 0.05) -> float:
    """A linear warm-up, then half a cosine down to a hundredth of the peak; progress in 0...1."""
    if progress < warm_up:
        return peak * (0.05 + 0.95 * progress / warm_up)
    cosine = 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))
    return peak * (0.01 + 0.99 * cosine)


def average(target: nn.Module, source: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for mean, value in zip(target.state_dict().values(), source.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def save(state: dict, path: Path) -> None:
    """Atomically, so that a killed run leaves the last whole checkpoint."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def parameter_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Weight decay for kernels only: neither for biases nor for batch norms."""
    kernels = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": kernels, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def train(
    options: argparse.Namespace,
    model: nn.Module,
    loss: Callable[[nn.Module, Tensor, Tensor, Tensor, torch.Generator], Tensor],
    evaluate: Callable[[nn.Module, Normalisation, Dataset], dict[str, float]],
    train_set: Dataset,
    extras: list[tuple[Dataset, float]],
) -> None:
    """Trains, and leaves the averaged weights in `last.pt`; val is only watched, so that it chooses no checkpoint.

    `loss(model, images, masks, labels, generator)` takes normalised images; masks are soft, in 0...1. Of each extra,
    its share of the training set's number is mixed in.
    """
    torch.set_num_threads(options.threads)
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    val_set = Dataset.load(options.data, "val")
    normalisation = Normalisation(MEAN, DEVIATION)

    model = model.to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(model)
    optimiser = torch.optim.AdamW(parameter_groups(model, 0.02), lr=options.rate, fused=True)
    epoch, step = 0, 0
    last = options.checkpoints / "last.pt"
    if last.exists():
        state = torch.load(last, weights_only=True)
        model.load_state_dict(state["model"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        epoch, step = state["epoch"], state["step"]

    while epoch < options.epochs:
        started = time.monotonic()
        generator = torch.Generator().manual_seed(SEED + epoch)
        model.train()
        total, count = 0.0, 0
        # Towards the end the views come closer to what the networks will be given: larger, and less random.
        early = epoch < options.final_from
        size, strength = (options.size, 1.0) if early else (options.final_size, options.final_strength)
        steps = len(train_set) // options.batch
        for pixels, labels in batches(train_set, extras, options.batch, SOURCE_SIZE, generator):
            progress = min(1.0, (epoch + count / steps) / options.epochs)
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(progress, options.rate)
            images, masks = augmented(pixels, size, strength, options.stain, generator)
            value = loss(model, normalisation(images), masks, labels, generator)
            optimiser.zero_grad()
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            step += 1
            average(averaged, model, min(options.decay, (1 + step) / (10 + step)))
            total, count = total + value.item(), count + 1
        epoch += 1
        line = f"epoch {epoch}/{options.epochs}  loss {total / count:.4f}"
        state = {"model": model.state_dict(), "averaged": averaged.state_dict(), "optimiser": optimiser.state_dict()}
        state |= {"epoch": epoch, "step": step, "mean": MEAN, "deviation": DEVIATION, "folded": options.folded}
        if epoch % options.evaluate_every == 0 or epoch == options.epochs:
            figures = evaluate(averaged.eval(), normalisation, val_set)
            line += "  val " + "  ".join(f"{name} {figure:.4f}" for name, figure in figures.items())
        save(state, last)
        print(f"{line}  {time.monotonic() - started:.0f} s", flush=True)
