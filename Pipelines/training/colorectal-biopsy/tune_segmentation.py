"""Goes on training the network that marks glands, from its ONNX file. See README.md for the commands.

Mixed in are scans drawn at several spacings and shrunk to the network's, and quilts of stroma without glands. What
comes out lies half-way between the old weights and the new: Wortsman et al., "Robust fine-tuning of zero-shot models"
(2022).
"""

import copy
from pathlib import Path

import onnx
import torch
from dataset import Dataset
from networks import GlandUNet, folded
from onnx import numpy_helper
from quilts import quilted
from torch import Tensor, nn
from train_segmentation import evaluate, loss
from training import SEED, arguments, drawn, save, train

CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)


def weights_in_order(path: Path) -> list[list[Tensor]]:
    """Kernel and bias of each convolution in the order in which the model runs them."""
    graph = onnx.load(path).graph
    values = {value.name: torch.from_numpy(numpy_helper.to_array(value).copy()) for value in graph.initializer}
    return [[values[name] for name in node.input[1:]] for node in graph.node if node.op_type.startswith("Conv")]


def load_weights(network: nn.Module, path: Path) -> None:
    """Gives a folded network the weights of its ONNX file."""
    convolutions: list[nn.Module] = []
    hooks = [
        module.register_forward_hook(lambda module, *_: convolutions.append(module))
        for module in network.modules() if isinstance(module, CONVOLUTIONS)
    ]
    with torch.no_grad():
        network(torch.zeros(1, 3, 32, 32))
    for hook in hooks:
        hook.remove()
    for module, (kernel, bias) in zip(convolutions, weights_in_order(path), strict=True):
        if module.weight.shape != kernel.shape:
            raise ValueError(f"{path}: a kernel of {tuple(kernel.shape)}, but {tuple(module.weight.shape)} are wanted")
        module.weight.data, module.bias.data = kernel, bias


if __name__ == "__main__":
    parser = arguments(__doc__, epochs=1, batch=16, rate=2e-4)
    parser.add_argument("--from", dest="start", type=Path, required=True, help="the ONNX file")
    parser.add_argument("--quilts", type=int, default=800, help="how many are sewn")
    parser.add_argument("--quilt-share", type=float, default=0.25)
    parser.add_argument("--way", type=float, default=0.5, help="how far to go from the old weights to the new")
    parser.set_defaults(folded=True, final_strength=0.8, stain=1.3, drawn_share=0.2, decay=0.995)
    options = parser.parse_args()

    network = folded(GlandUNet())
    load_weights(network, options.start)
    train_set = Dataset.load(options.data, "train")
    extras = [(quilted(train_set, options.quilts, SEED), options.quilt_share), *drawn(options)]
    start = copy.deepcopy(network.state_dict())
    train(options, network, loss, evaluate, train_set, extras)
    state = torch.load(options.checkpoints / "last.pt", weights_only=True)
    for name, tuned in state["averaged"].items():
        tuned.lerp_(start[name], 1 - options.way)
    save(state, options.checkpoints / "blended.pt")
