"""The two networks as they leave the training: which file, which classes, what their logits mean."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from dataset import CLASSES
from networks import GlandUNet, TissueNet, folded
from torch import Tensor, nn
from training import Normalisation


@dataclass(frozen=True)
class Task:
    """`prefix` is where the network's own weights begin in a checkpoint; what else is there only helped training."""

    name: str
    file: str
    architecture: str
    build: Callable[[], nn.Module]
    prefix: str
    activation: str
    classes: tuple[str, ...]
    test_size: int

    def load(self, checkpoint: Path) -> tuple[nn.Module, Normalisation, dict]:
        """The network with its averaged weights, in evaluation mode, its normalisation, and the checkpoint."""
        state = torch.load(checkpoint, weights_only=True)
        weights = {key.removeprefix(self.prefix): value for key, value in state["averaged"].items()
                   if key.startswith(self.prefix)}
        network = self.build()
        if state.get("folded"):
            network = folded(network)
        network.load_state_dict(weights)
        return network.eval(), Normalisation(state["mean"], state["deviation"]), state

    def probabilities(self, logits: Tensor) -> Tensor:
        return logits.sigmoid() if self.activation == "sigmoid" else logits.softmax(1)


SEGMENTATION = Task(
    name="segmentation",
    file="gland-unet",
    architecture="U-Net on EfficientNet-Lite0, way up 96-64-48-32-16",
    build=GlandUNet,
    prefix="",
    activation="sigmoid",
    classes=("gland",),
    test_size=64,
)
CLASSIFICATION = Task(
    name="classification",
    file="tissue-efficientnet",
    architecture="EfficientNet-Lite0 (inverted residuals), without its last 1 x 1 convolution",
    build=lambda: TissueNet(len(CLASSES)),
    prefix="network.",
    activation="softmax",
    classes=CLASSES,
    test_size=96,
)
TASKS = {task.name: task for task in (SEGMENTATION, CLASSIFICATION)}
