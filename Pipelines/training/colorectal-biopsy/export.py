"""Writes a trained network as ONNX with its test tensors, and the front matter of its card."""

import argparse
import collections
import json
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from tasks import TASKS, Task
from torch import Tensor, nn
from training import SEED, SOURCE_SIZE

OPSET = 17
OPERATORS = {"Conv", "Clip", "Add", "ConvTranspose", "Concat", "GlobalAveragePool", "Flatten", "Gemm", "Constant"}
RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 0.001, 0.002


def test_input(size: int, normalisation: nn.Module) -> Tensor:
    """A smooth, coloured pattern [1, 3, size, size], normalised."""
    generator = numpy.random.default_rng(SEED)
    y, x = numpy.mgrid[0:size, 0:size] / size
    image = numpy.full((3, size, size), 0.5)
    for channel in image:
        for _ in range(4):
            frequency, phase = generator.uniform(-4, 4, 2), generator.uniform(0, 2 * numpy.pi)
            channel += 0.12 * numpy.sin(2 * numpy.pi * (frequency[0] * x + frequency[1] * y) + phase)
    return normalisation(torch.from_numpy(image.clip(0, 1).astype(numpy.float32))[None]).contiguous()


def write_model(network: nn.Module, example: Tensor, path: Path) -> None:
    axes = {0: "N", 2: "H", 3: "W"}
    spatial_output = network(example).ndim == 4
    torch.onnx.export(
        network, (example,), str(path), opset_version=OPSET, dynamo=False, input_names=["image"],
        output_names=["logits"], dynamic_axes={"image": axes, "logits": axes if spatial_output else {0: "N"}},
    )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    used = collections.Counter(node.op_type for node in model.graph.node)
    if foreign := set(used) - OPERATORS:
        raise ValueError(f"operators that the engine does not promise: {sorted(foreign)}")
    print(f"{path.name}: {path.stat().st_size} bytes, {dict(used)}")


def check(path: Path, given: Tensor, expected: Tensor) -> None:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    answer = session.run(None, {"image": given.numpy()})[0]
    error = numpy.abs(answer - expected.numpy())
    print(f"largest difference to ONNX Runtime: {error.max():.2e}, logits {expected.min():.3f}...{expected.max():.3f}")
    if not (error <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * numpy.abs(expected.numpy())).all():
        raise ValueError("ONNX Runtime does not agree with PyTorch")


def front_matter(task: Task, mean: list[float], deviation: list[float], temperature: float, spacing: float) -> str:
    """YAML; JSON's lists and strings are YAML too."""
    return f"""---
model: {task.file}.onnx
task: {task.name}
architecture: {task.architecture}
licence: Apache-2.0
input:
  name: image
  layout: NCHW
  colour: RGB
  size: [{SOURCE_SIZE}, {SOURCE_SIZE}]
  range: [0, 1]
  normalisation:
    method: mean-std
    mean: {json.dumps(mean)}
    std: {json.dumps(deviation)}
  spacing-um-px:
    value: {spacing}
    source: estimate
output:
  name: logits
  activation: {task.activation}
  classes: {json.dumps(task.classes)}
calibration:
  method: temperature
  temperature: {temperature}
test:
  input: {task.file}.test-input.npy
  output: {task.file}.test-output.npy
  tolerance:
    relative: {RELATIVE_TOLERANCE}
    absolute: {ABSOLUTE_TOLERANCE}
---
"""


def write_card(path: Path, front: str) -> None:
    """Replaces the front matter, and keeps the prose that people wrote below it."""
    prose = path.read_text().split("\n---\n", 1)[1] if path.exists() else ""
    path.write_text(front + prose)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--temperature", type=float, required=True, help="as calibrate.py printed it")
    parser.add_argument("--spacing", type=float, required=True, help="estimated micrometres per pixel of the data")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[2] / "colorectal-biopsy")
    options = parser.parse_args()
    torch.set_num_threads(1)
    task = TASKS[options.task]
    network, normalisation, state = task.load(options.checkpoint)
    example = test_input(task.test_size, normalisation)
    with torch.no_grad():
        expected = network(example)
        write_model(network, example, options.output / f"{task.file}.onnx")
    check(options.output / f"{task.file}.onnx", example, expected)
    numpy.save(options.output / f"{task.file}.test-input.npy", example.numpy())
    numpy.save(options.output / f"{task.file}.test-output.npy", expected.numpy())
    front = front_matter(task, state["mean"], state["deviation"], options.temperature, options.spacing)
    write_card(options.output / f"{task.file}.md", front)
