"""Writes the two networks that training begins with, as ONNX files: encoders that have seen ImageNet, the rest drawn.

    begin.py FOLDER

What only Python can do: the weights come as PyTorch's.
"""

import pathlib
import sys

import torch
from networks import GlandUNet, TissueNet

CLASSES = 6


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for name, network in (("glands", GlandUNet()), ("grades", TissueNet(CLASSES))):
        network.encoder.load_pretrained()
        network.eval()
        # Batch normalisations stay layers of their own, for they go on learning.
        torch.onnx.export(
            network, (torch.zeros(1, 3, 224, 224),), folder / f"{name}.onnx", dynamo=False, opset_version=17,
            training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False, input_names=["image"],
            output_names=["logits"],
            dynamic_axes={"image": {0: "N", 2: "H", 3: "W"},
                          "logits": {0: "N", 2: "H", 3: "W"} if name == "glands" else {0: "N"}})  # fmt: skip


if __name__ == "__main__":
    main()
