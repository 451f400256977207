"""Writes the trained network, its test tensors and the front matter of its card into Pipelines/blood-smear."""

import argparse
import sys
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).parents[1] / "objects"))

from centres import CellNetwork
from export_network import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE, pattern, write, write_card
from smears import CLASSES, DEVIATION, MEAN

SIDE = 128

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--temperature", type=float, required=True, help="as calibrate.py printed it")
    parser.add_argument("--shifts", type=float, nargs=len(CLASSES), required=True, help="as calibrate.py printed them")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[2] / "blood-smear")
    options = parser.parse_args()
    network = CellNetwork().eval()
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True)["network"])
    network.unet.heads[0][1].bias.data += torch.tensor(options.shifts)
    write(network, ["heat", "sizes", "offsets"], (pattern(SIDE) - MEAN) / DEVIATION, options.output / "cells.onnx")
    write_card(
        options.output / "cells.md",
        f"""
model: cells.onnx
task: detection
architecture: U-Net of residual blocks, 16-32-64-128-128, with centre heads at a quarter of the resolution
licence: Apache-2.0
input:
  name: image
  layout: NCHW
  colour: RGB
  range: [0, 1]
  normalisation:
    method: mean-std
    mean: {MEAN}
    std: {DEVIATION}
output:
  form: centres
  name: heat
  sizes: sizes
  offsets: offsets
  activation: sigmoid
  classes: [{", ".join(CLASSES)}]
calibration:
  method: temperature
  temperature: {options.temperature}
test:
  input: cells.test-input.npy
  output: cells.test-output.npy
  tolerance:
    relative: {RELATIVE_TOLERANCE}
    absolute: {ABSOLUTE_TOLERANCE}
""",
    )
