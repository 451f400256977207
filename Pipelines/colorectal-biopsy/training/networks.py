"""The two networks of the pipeline, from plain convolutions only, so that any engine can run them."""

import torch
from torch import Tensor, nn


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A 3 x 3 convolution, batch norm and ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class ResidualBlock(nn.Module):
    """The basic block of He et al., "Deep residual learning for image recognition" (2016)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.first = convolution(inputs, outputs, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.second(self.first(x)) + self.shortcut(x))


class GlandUNet(nn.Module):
    """[N, 3, H, W] -> [N, 1, H, W] gland logits; H and W are multiples of 32.

    A U-Net (Ronneberger et al., 2015) with a residual encoder. Most of the work is done at half resolution and below:
    the outlines of glands are smooth, and what decides is context.
    """

    widths = (16, 32, 64, 96, 128, 160)

    def __init__(self):
        super().__init__()
        widths = self.widths
        self.stem = convolution(3, widths[0])
        stages = [nn.Sequential(convolution(widths[0], widths[1], 2), ResidualBlock(widths[1], widths[1]))]
        stages += [
            nn.Sequential(ResidualBlock(inputs, outputs, 2), ResidualBlock(outputs, outputs))
            for inputs, outputs in zip(widths[1:], widths[2:])
        ]
        self.encoder = nn.ModuleList(stages)
        self.upsample = nn.ModuleList()
        self.decoder = nn.ModuleList()
        for deep, shallow in zip(widths[:0:-1], widths[-2::-1]):
            self.upsample.append(nn.ConvTranspose2d(deep, shallow, 2, 2))
            layers = [convolution(2 * shallow, shallow)]
            if shallow > widths[0]:
                layers.append(convolution(shallow, shallow))
            self.decoder.append(nn.Sequential(*layers))
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        skips = []
        for stage in self.encoder:
            skips.append(x)
            x = stage(x)
        for upsample, decode, skip in zip(self.upsample, self.decoder, reversed(skips)):
            x = decode(torch.cat([upsample(x), skip], dim=1))
        return self.head(x)


class TissueResNet(nn.Module):
    """[N, 3, H, W] -> [N, classes] logits: ResNet-18 at half its width, with a stem of 3 x 3 convolutions."""

    widths = (32, 64, 128, 256)

    def __init__(self, classes: int):
        super().__init__()
        widths = self.widths
        self.stem = nn.Sequential(
            convolution(3, widths[0], 2), convolution(widths[0], widths[0]), nn.MaxPool2d(3, 2, 1)
        )
        stages = [nn.Sequential(ResidualBlock(widths[0], widths[0]), ResidualBlock(widths[0], widths[0]))]
        stages += [
            nn.Sequential(ResidualBlock(inputs, outputs, 2), ResidualBlock(outputs, outputs))
            for inputs, outputs in zip(widths, widths[1:])
        ]
        self.stages = nn.ModuleList(stages)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(widths[-1], classes)

    def features(self, x: Tensor) -> list[Tensor]:
        """The stages' outputs, at strides 4, 8, 16 and 32."""
        x = self.stem(x)
        outputs = []
        for stage in self.stages:
            x = stage(x)
            outputs.append(x)
        return outputs

    def classify(self, features: Tensor) -> Tensor:
        return self.head(self.pool(features).flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.classify(self.features(x)[-1])


class DenselySupervised(nn.Module):
    """A TissueResNet that, in training only, also says the class of every 8 x 8 pixels.

    Fifteen hundred image labels are few; where the glands are is known too, and having to tell it keeps the features
    on the tissue that makes the class. The extra heads are dropped on export.
    """

    def __init__(self, network: TissueResNet, classes: int):
        super().__init__()
        self.network = network
        self.heads = nn.ModuleList([nn.Conv2d(width, classes + 1, 1) for width in network.widths[1:]])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [N, classes], and dense logits [N, 1 + classes, H/8, W/8] where 0 is the background."""
        features = self.network.features(x)
        dense = None
        for head, feature in zip(reversed(self.heads), reversed(features)):
            score = head(feature)
            if dense is not None:
                score = score + nn.functional.interpolate(dense, size=score.shape[-2:], mode="nearest")
            dense = score
        return self.network.classify(features[-1]), dense
