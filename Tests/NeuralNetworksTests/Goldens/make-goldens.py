"""Writes PyTorch's outputs for the classic architectures, which the tests hold ours against.

The weights are drawn as NetworkBuilder draws them, so that only the outputs need to be kept.
Needs torch and numpy; run it in this folder.
"""

import numpy as np
import torch
from torch import nn


def draw(name, count):
    """SplitMix64, seeded by the FNV-1a hash of the name: fractions in [0, 1)."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        mixed = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)


def fill(module):
    """Gives every parameter the values of NetworkBuilder with the seed 0."""
    for layer_name, layer in module.named_modules():
        norm = isinstance(layer, nn.BatchNorm2d)
        for name, tensor in layer.state_dict().items():
            if "." in name or name == "num_batches_tracked":
                continue
            if norm:
                lower, upper = (0.75, 1.25) if name in ("weight", "running_var") else (-0.25, 0.25)
            else:
                shape = layer.weight.shape
                fan_in = shape[0] if isinstance(layer, nn.ConvTranspose2d) else shape[1:].numel()
                bound = np.sqrt(np.float32(6 if name == "weight" else 1) / np.float32(fan_in))
                lower, upper = -bound, bound
            lower, upper = np.float32(lower), np.float32(upper)
            values = lower + draw(f"{layer_name}.{name}", tensor.numel()) * (upper - lower)
            tensor.copy_(torch.from_numpy(values).reshape(tensor.shape))
    return module.eval()


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c3 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.c5, self.f6, self.output = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        for layer in (self.c1, self.c3):
            x = nn.functional.avg_pool2d(torch.tanh(layer(x)), 2)
        return self.output(torch.tanh(self.f6(torch.tanh(self.c5(x.flatten(1))))))


class Sequenced(nn.Module):
    def __init__(self, features, classifier):
        super().__init__()
        self.features, self.classifier = nn.Sequential(*features), nn.Sequential(*classifier)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def alexnet():
    relu, pool = nn.ReLU(), nn.MaxPool2d(3, 2)
    features = [nn.Conv2d(3, 64, 11, 4, 2), relu, pool, nn.Conv2d(64, 192, 5, 1, 2), relu, pool]
    features += [nn.Conv2d(192, 384, 3, 1, 1), relu, nn.Conv2d(384, 256, 3, 1, 1), relu]
    features += [nn.Conv2d(256, 256, 3, 1, 1), relu, pool]
    drop = nn.Dropout()
    return Sequenced(
        features, [drop, nn.Linear(256, 4096), relu, drop, nn.Linear(4096, 4096), relu, nn.Linear(4096, 1000)])


def vgg(stages, norm):
    features, width = [], 3
    for channels, count in zip((64, 128, 256, 512, 512), stages):
        for _ in range(count):
            features += [nn.Conv2d(width, channels, 3, 1, 1)] + [nn.BatchNorm2d(channels)] * norm + [nn.ReLU()]
            width = channels
        features.append(nn.MaxPool2d(2))
    drop = nn.Dropout()
    return Sequenced(
        features,
        [nn.Linear(2048, 4096), nn.ReLU(), drop, nn.Linear(4096, 4096), nn.ReLU(), drop, nn.Linear(4096, 1000)])


class Block(nn.Module):
    def __init__(self, width, channels, layers, stride):
        super().__init__()
        source = width
        for index, (kernel, target, step) in enumerate(layers, 1):
            self.add_module(f"conv{index}", nn.Conv2d(width, target, kernel, step, kernel // 2, bias=False))
            self.add_module(f"bn{index}", nn.BatchNorm2d(target))
            width = target
        self.count = len(layers)
        self.downsample = nn.Sequential()
        if stride > 1 or source != channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(source, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = x
        for index in range(1, self.count + 1):
            y = getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(torch.relu(y) if index > 1 else y))
        return torch.relu(y + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, stages, bottlenecks):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        source = 64
        for stage, count in enumerate(stages):
            width = 64 << stage
            channels = 4 * width if bottlenecks else width
            blocks = []
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                layers = [(3, width, stride), (3, channels, 1)]
                if bottlenecks:
                    layers = [(1, width, 1), (3, width, stride), (1, channels, 1)]
                blocks.append(Block(source, channels, layers, stride))
                source = channels
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(source, 1000)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in range(1, 5):
            x = getattr(self, f"layer{stage}")(x)
        return self.fc(x.mean((2, 3)))


class Pair(nn.Module):
    def __init__(self, source, channels):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(source, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)

    def forward(self, x):
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))))


class Up(Pair):
    def __init__(self, source, channels):
        super().__init__(2 * channels, channels)
        self.transpose = nn.ConvTranspose2d(source, channels, 2, 2)

    def forward(self, x, skipped):
        return super().forward(torch.cat([skipped, self.transpose(x)], 1))


class UNet(nn.Module):
    def __init__(self, depth, base, classes):
        super().__init__()
        self.depth = depth
        for level in range(depth + 1):
            self.add_module(f"down{level}", Pair(base << level >> 1 if level else 3, base << level))
        for level in range(depth):
            self.add_module(f"up{level}", Up(base << level + 1, base << level))
        self.head = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        skipped = []
        for level in range(self.depth):
            x = getattr(self, f"down{level}")(x)
            skipped.append(x)
            x = nn.functional.max_pool2d(x, 2)
        x = getattr(self, f"down{self.depth}")(x)
        for level in reversed(range(self.depth)):
            x = getattr(self, f"up{level}")(x, skipped[level])
        return self.head(x)


NETWORKS = {
    "LeNet-5": (LeNet5, (1, 32, 32)),
    "U-Net-8": (lambda: UNet(4, 8, 2), (3, 32, 32)),
    "AlexNet": (alexnet, (3, 64, 64)),
    "VGG-11-BN": (lambda: vgg((1, 1, 2, 2, 2), 1), (3, 64, 64)),
    "VGG-16": (lambda: vgg((2, 2, 3, 3, 3), 0), (3, 64, 64)),
    "VGG-19": (lambda: vgg((2, 2, 4, 4, 4), 0), (3, 64, 64)),
    "ResNet-18": (lambda: ResNet((2, 2, 2, 2), False), (3, 64, 64)),
    "ResNet-34": (lambda: ResNet((3, 4, 6, 3), False), (3, 64, 64)),
    "ResNet-50": (lambda: ResNet((3, 4, 6, 3), True), (3, 64, 64)),
    "ResNet-101": (lambda: ResNet((3, 4, 23, 3), True), (3, 64, 64)),
}

if __name__ == "__main__":
    with torch.no_grad():
        for name, (build, shape) in NETWORKS.items():
            count = int(np.prod(shape))
            image = (np.arange(count) * 7919 % 1000).astype(np.float32) / np.float32(1000) - np.float32(0.5)
            output = fill(build())(torch.from_numpy(image.reshape(1, *shape))).numpy()
            np.save(f"{name}.npy", output)
            print(name, output.shape, np.abs(output).max())
