"""The loop that the trainings share: schedule, averaged weights, checkpoints that a killed run resumes from."""

import argparse
import copy
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn

SEED = 20_261_130


def arguments(description: str, steps: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--checkpoints", type=Path, required=True, help="folder outside the repository; resumed from")
    parser.add_argument("--steps", type=int, default=steps, help="of the whole schedule")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-3, help="peak learning rate")
    parser.add_argument("--muon", action="store_true", help="for the convolutions between the first and the last ones")
    parser.add_argument("--decay", type=float, default=0.995, help="of the averaged weights, per step")
    parser.add_argument("--settle", type=float, default=0.6, help="share of the steps after which statistics stand")
    parser.add_argument("--save-every", type=int, default=50)
    parser.add_argument("--evaluate-every", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def learning_rate(progress: float, peak: float, warm_up: float = 0.04) -> float:
    """A linear warm-up, then half a cosine down to a hundredth of the peak; progress in 0...1."""
    if progress < warm_up:
        return peak * (0.05 + 0.95 * progress / warm_up)
    cosine = 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))
    return peak * (0.01 + 0.99 * cosine)


class Optimisers:
    """AdamW, and for the kernels inside the network Muon where that is asked for.

    Muon (Jordan et al., 2024) makes the momentum of a kernel, as a matrix of outputs by all else, orthogonal, scaled
    here to the size of AdamW's steps. Kernels must lie channels last.
    """

    def __init__(self, network: nn.Module, rate: float, muon: bool):
        parameters = dict(network.named_parameters())
        kernels = {name: value for name, value in parameters.items() if value.ndim > 1}
        first, last = next(iter(kernels)), {name for name in kernels if "heads" in name and name.endswith(".1.weight")}
        self.inner = [kernels[name] for name in kernels if muon and name != first and name not in last]
        inner = {id(value) for value in self.inner}
        outer = [value for value in kernels.values() if id(value) not in inner]
        others = [value for value in parameters.values() if value.ndim <= 1]
        groups = [{"params": outer, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}]
        self.all: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=rate, fused=True)]
        # In the same memory, so that a step of Muon's changes the network.
        self.matrices = [nn.Parameter(value.detach().permute(0, 2, 3, 1).flatten(1)) for value in self.inner]
        if muon:
            self.all.append(torch.optim.Muon(self.matrices, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"))

    def step(self, rate: float) -> None:
        for value, matrix in zip(self.inner, self.matrices):
            matrix.grad = value.grad.permute(0, 2, 3, 1).flatten(1)
        for optimiser in self.all:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()


def average(target: nn.Module, source: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for mean, value in zip(target.state_dict().values(), source.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def settle(network: nn.Module, averaged: nn.Module) -> None:
    """From here on batches are normalised by the averaged statistics, as scans will be.

    Those of a few views of unlike kinds are far from them, and from each other.
    """
    for own, mean in zip(network.modules(), averaged.modules()):
        if isinstance(own, nn.BatchNorm2d):
            own.load_state_dict(own.state_dict() | dict(mean.named_buffers()))
            own.eval()


def save(state: dict, path: Path) -> None:
    """Atomically, so that a killed run leaves the last whole checkpoint."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def train(
    options: argparse.Namespace,
    network: nn.Module,
    batch: Callable[[numpy.random.Generator, float], dict[str, Tensor]],
    loss: Callable[[list[Tensor], dict[str, Tensor]], dict[str, Tensor]],
    evaluate: Callable[[nn.Module], dict[str, float]],
) -> None:
    """Leaves `last.pt`, and `best.pt` with the averaged weights whose first figure on val is the highest.

    `batch(generator, progress)` gives `images` and what `loss` compares the network's answers with.
    """
    torch.set_num_threads(options.threads)
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    network = network.to(memory_format=torch.channels_last).train()
    averaged = copy.deepcopy(network).eval()
    optimisers = Optimisers(network, options.rate, options.muon)
    step, best = 0, 0.0
    last = options.checkpoints / "last.pt"
    if last.exists():
        state = torch.load(last, weights_only=True)
        network.load_state_dict(state["network"])
        averaged.load_state_dict(state["averaged"])
        for optimiser, own in zip(optimisers.all, state["optimisers"], strict=True):
            optimiser.load_state_dict(own)
        step, best = state["step"], state["best"]
    started, sums, settled = time.monotonic(), {}, False
    while step < options.steps:
        if step >= options.settle * options.steps and not settled:
            settle(network, averaged)
            settled = True
        given = batch(numpy.random.default_rng(SEED + step), step / options.steps)
        images = given["images"].contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            answers = network(images)
        terms = loss([answer.float() for answer in answers], given)
        network.zero_grad()
        sum(terms.values()).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimisers.step(learning_rate(step / options.steps, options.rate))
        step += 1
        average(averaged, network, min(options.decay, (1 + step) / (10 + step)))
        for name, value in terms.items():
            sums[name] = sums.get(name, 0.0) + value.item()
        if step % options.save_every and step < options.steps:
            continue
        count = options.save_every
        line = f"step {step}/{options.steps}"
        line += "".join(f"  {name} {value / count:.4f}" for name, value in sums.items())
        line += f"  {(time.monotonic() - started) / count:.2f} s a step, {time.process_time():.0f} s of CPU"
        if step % options.evaluate_every == 0 or step == options.steps:
            figures = evaluate(averaged)
            line += "  val " + "  ".join(f"{name} {figure:.4f}" for name, figure in figures.items())
            if (figure := next(iter(figures.values()))) > best:
                best = figure
                save({"network": averaged.state_dict(), "step": step}, options.checkpoints / "best.pt")
        state = {"network": network.state_dict(), "averaged": averaged.state_dict(), "step": step, "best": best}
        save(state | {"optimisers": [optimiser.state_dict() for optimiser in optimisers.all]}, last)
        print(line, flush=True)
        started, sums = time.monotonic(), {}
