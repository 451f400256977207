"""Writes the trained network, its test tensors and the front matter of its card into Pipelines/nuclei."""

import argparse
import sys
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).parents[1] / "objects"))

from export_network import ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE, pattern, write, write_card
from micrographs import HIGH, LOW
from stars import NucleusNetwork

SIDE = 64

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--temperature", type=float, required=True, help="as calibrate.py printed it")
    parser.add_argument("--shift", type=float, required=True, help="as calibrate.py printed it")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[2] / "nuclei")
    options = parser.parse_args()
    network = NucleusNetwork().eval()
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True)["network"])
    network.unet.heads[0][1].bias.data += options.shift
    write(network, ["probability", "distances"], pattern(SIDE), options.output / "stars.onnx")
    write_card(
        options.output / "stars.md",
        f"""
model: stars.onnx
task: detection
architecture: U-Net of residual blocks, 32-64-128-128, with star-convex heads at half the resolution
licence: Apache-2.0
input:
  name: image
  layout: NCHW
  colour: RGB
  range: [0, 1]
  normalisation:
    method: percentile
    low: {LOW}
    high: {HIGH}
output:
  form: star-convex
  name: probability
  distances: distances
  distance-unit: pixels
  cell-position: middle
  activation: sigmoid
  classes: [nucleus]
calibration:
  method: temperature
  temperature: {options.temperature}
test:
  input: stars.test-input.npy
  output: stars.test-output.npy
  tolerance:
    relative: {RELATIVE_TOLERANCE}
    absolute: {ABSOLUTE_TOLERANCE}
""",
    )
