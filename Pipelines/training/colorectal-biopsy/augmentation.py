"""Random views of a scan: another place, angle, magnification, stain, scanner and compression."""

import io
import math

import numpy
import torch
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional

# Optical densities of haematoxylin, eosin and residual in R, G, B: Ruifrok and Johnston, "Quantification of
# histochemical staining by color deconvolution" (2001).
STAINS = functional.normalize(
    torch.tensor([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]]), dim=1
)
ZOOM_DEVIATION = 0.3
ZOOM_RANGE = (0.5, 1.7)
BEND_DEVIATION = 0.03  # of half a side


def uniform(count: int, low: float, high: float, generator: Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low


def chosen(count: int, probability: float, generator: Generator) -> Tensor:
    return torch.rand(count, generator=generator) < probability


def recompressed(pixels: Tensor, quality: int) -> Tensor:
    """An RGB image [3, H, W] after a JPEG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(buffer, "JPEG", quality=quality)
    return torch.from_numpy(numpy.array(Image.open(buffer))).permute(2, 0, 1)


def sampling_grid(count: int, source: int, size: int, strength: float, generator: Generator) -> Tensor:
    """Where each of size x size output pixels looks in the source, in -1...1: [count, size, size, 2].

    A flip, a rotation (half of them by right angles only), a zoom, a shift and a slow bending.
    """
    quarter = torch.randint(0, 4, (count,), generator=generator) * (math.pi / 2)
    angle = quarter + chosen(count, 0.5, generator) * uniform(count, -math.pi / 4, math.pi / 4, generator)
    flip = 1 - 2 * chosen(count, 0.5, generator).float()
    zoom = torch.exp(torch.randn(count, generator=generator) * ZOOM_DEVIATION * strength).clamp(*ZOOM_RANGE)
    aspect = torch.exp(torch.randn(count, generator=generator) * 0.05)
    reach_x, reach_y = size / source / (zoom * aspect), size / source / (zoom / aspect)
    rows = torch.stack([
        torch.stack([angle.cos() * reach_x * flip, -angle.sin() * reach_y], dim=1),
        torch.stack([angle.sin() * reach_x * flip, angle.cos() * reach_y], dim=1),
    ], dim=1)
    slack = (1 - torch.maximum(reach_x, reach_y)).clamp(min=0.1)
    shift = torch.stack([uniform(count, -1, 1, generator) * slack for _ in range(2)], dim=1)
    grid = functional.affine_grid(torch.cat([rows, shift[:, :, None]], dim=2), [count, 1, size, size], False)
    bending = chosen(count, 0.5, generator) * BEND_DEVIATION * strength
    bend = torch.randn(count, 2, 5, 5, generator=generator) * bending[:, None, None, None]
    return grid + functional.interpolate(bend, (size, size), mode="bicubic").permute(0, 2, 3, 1)


def restained(images: Tensor, strength: float, generator: Generator) -> Tensor:
    """Images in 0...1 with the amount of each stain changed, by Beer-Lambert's law."""
    count = len(images)
    gains = 1 + torch.randn(count, 3, generator=generator) * 0.25 * strength
    offsets = torch.randn(count, 3, generator=generator) * 0.05 * strength
    mixing = torch.linalg.inv(STAINS) @ torch.diag_embed(gains.clamp(0.3, 2)) @ STAINS
    density = -images.clamp(min=1 / 255).log().flatten(2)
    changed = mixing.transpose(1, 2) @ density + (offsets @ STAINS)[:, :, None]
    return (-changed.clamp(min=0)).exp().view_as(images)


def rescanned(images: Tensor, strength: float, generator: Generator) -> Tensor:
    """Images in 0...1 as another camera might see them: exposure, contrast, gamma, white balance, focus, noise."""
    count = len(images)

    def deviates(columns: int, deviation: float) -> Tensor:
        """Per image, and per channel if there are three columns: [count, columns, 1, 1]."""
        return torch.randn(count, columns, generator=generator)[:, :, None, None] * deviation * strength

    gamma = deviates(1, 0.2).exp()
    gain = 1 + deviates(1, 0.1) + deviates(3, 0.06)
    images = images.clamp(min=1e-3).pow(gamma) * gain + deviates(1, 0.05)
    blurred = chosen(count, 0.15, generator)
    for index in blurred.nonzero().flatten().tolist():
        sigma = float(uniform(1, 0.4, 1.2, generator))
        taps = torch.exp(-torch.arange(-3, 4).float().square() / (2 * sigma**2))
        kernel = (taps[:, None] * taps[None] / taps.sum() ** 2).expand(3, 1, 7, 7)
        images[index] = functional.conv2d(images[index][None], kernel, padding=3, groups=3)[0]
    for index in chosen(count, 0.15, generator).nonzero().flatten().tolist():
        deviation = float(uniform(1, 0.005, 0.04, generator))
        images[index] += torch.randn(images[index].shape, generator=generator) * deviation
    return images.clamp(0, 1)


def augmented(
    pixels: Tensor, size: int, strength: float, stain: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Bytes [N, 4, S, S] (RGB and mask) -> images [N, 3, size, size] and soft masks [N, 1, size, size] in 0...1.

    The strength, 1 or less, scales how far zoom, bending and colours stray; `stain` how far stains do beyond that.
    """
    pixels = pixels.clone()
    for index in chosen(len(pixels), 0.1, generator).nonzero().flatten().tolist():
        quality = int(torch.randint(40, 91, (1,), generator=generator))
        pixels[index, :3] = recompressed(pixels[index, :3], quality)
    grid = sampling_grid(len(pixels), pixels.shape[-1], size, strength, generator)
    sampled = functional.grid_sample(
        pixels.float() / 255, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    images = rescanned(restained(sampled[:, :3], strength * stain, generator), strength, generator)
    return images, sampled[:, 3:]
