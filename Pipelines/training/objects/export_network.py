"""Writes a trained network as ONNX with its test tensors, and the front matter of its card."""

import collections
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from torch import Tensor, nn
from training import SEED

OPSET = 17
OPERATORS = {"Conv", "ConvTranspose", "Relu", "Add", "Mul", "Exp", "Clip", "Constant"}
RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 0.001, 0.002


def pattern(side: int) -> numpy.ndarray:
    """A smooth, coloured pattern [1, 3, side, side] in 0...1, with discs."""
    generator = numpy.random.default_rng(SEED)
    y, x = numpy.mgrid[0:side, 0:side]
    image = numpy.full((3, side, side), 0.6)
    for channel in image:
        frequency, phase = generator.uniform(-3, 3, 2), generator.uniform(0, 2 * numpy.pi)
        channel += 0.1 * numpy.sin(2 * numpy.pi * (frequency[0] * x + frequency[1] * y) / side + phase)
    for _ in range(6):
        centre, radius = generator.uniform(0, side, 2), generator.uniform(0.06, 0.18) * side
        inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2
        image[:, inside] *= generator.uniform(0.2, 1, (3, 1))
    return image.clip(0, 1).astype(numpy.float32)[None]


def write(network: nn.Module, names: list[str], given: numpy.ndarray, path: Path) -> None:
    """The model, its test input and its answers; `names` are the outputs', the one that the card names first."""
    example = torch.from_numpy(given)
    axes = {0: "N", 2: "H", 3: "W"}
    with torch.no_grad():
        answers: list[Tensor] = network(example)
        torch.onnx.export(
            network, (example,), str(path), opset_version=OPSET, dynamo=False,
            input_names=["image"], output_names=names,
            dynamic_axes={"image": axes} | {name: {0: "N", 2: "h", 3: "w"} for name in names},
        )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    used = collections.Counter(node.op_type for node in model.graph.node)
    if foreign := set(used) - OPERATORS:
        sys.exit(f"operators that the engine does not promise: {sorted(foreign)}")
    print(f"{path.name}: {path.stat().st_size} bytes, {dict(used)}")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    stem = path.with_suffix("")
    numpy.save(f"{stem}.test-input.npy", given)
    for name, expected, answer in zip(names, answers, session.run(names, {"image": given})):
        error = numpy.abs(answer - expected.numpy())
        print(f"{name}: {expected.min():.3f}...{expected.max():.3f}, ONNX Runtime differs by {error.max():.2e}")
        if not (error <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * numpy.abs(expected.numpy())).all():
            sys.exit("ONNX Runtime does not agree with PyTorch")
        part = "" if name == names[0] else f".{name}"
        numpy.save(f"{stem}.test-output{part}.npy", expected.numpy())


def write_card(path: Path, front: str) -> None:
    """Replaces the front matter, and keeps the prose that people wrote below it."""
    prose = path.read_text().split("\n---\n", 1)[1] if path.exists() else ""
    path.write_text(f"---\n{front.strip()}\n---\n{prose}")
