"""A U-Net of residual blocks with one head for each answer, for objects of unlike kinds."""

import torch
from torch import Tensor, nn


def convolution(given: int, made: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, size, stride, size // 2, bias=False), nn.BatchNorm2d(made), nn.ReLU(inplace=True)
    )


class Block(nn.Module):
    """Two convolutions, added to what came in."""

    def __init__(self, width: int):
        super().__init__()
        self.first = convolution(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(self.first(x)))


class UNet(nn.Module):
    """Widths at 1/2, 1/4, ... of the input's resolution, with so many blocks each on the way down.

    Answers come at `level` (0: 1/2), one tensor for each head, in order; `heads` gives each one's channels.
    """

    def __init__(self, widths: list[int], blocks: list[int], level: int, heads: list[int]):
        super().__init__()
        self.level = level
        self.down = nn.ModuleList()
        given = 3
        for width, count in zip(widths, blocks):
            first = convolution(given, width, 5 if given == 3 else 3, stride=2)
            self.down.append(nn.Sequential(first, *[Block(width) for _ in range(count)]))
            given = width
        self.up, self.skip, self.merge = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for width, below in zip(widths[level:-1], widths[level + 1 :]):
            self.up.append(nn.ConvTranspose2d(below, width, 2, stride=2))
            self.skip.append(nn.Conv2d(width, width, 1))
            self.merge.append(Block(width))
        width = widths[level]
        self.heads = nn.ModuleList(
            nn.Sequential(convolution(width, width), nn.Conv2d(width, channels, 1)) for channels in heads
        )

    def forward(self, image: Tensor) -> list[Tensor]:
        maps = []
        for stage in self.down:
            image = stage(image)
            maps.append(image)
        for index in reversed(range(len(self.up))):
            image = torch.relu(self.up[index](image) + self.skip[index](maps[self.level + index]))
            image = self.merge[index](image)
        return [head(image) for head in self.heads]
