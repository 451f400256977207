"""Trains the network that grades tissue. See README.md for the commands."""

import torch
from dataset import CLASSES, Dataset
from evaluation import area_under_curve, balanced_accuracy, logits
from networks import DenselySupervised, TissueNet
from torch import Tensor, nn
from torch.nn import functional
from training import HAS_BFLOAT16, SEED, Normalisation, arguments, drawn, train

# n^-0.25 of the training images of each class, relative to their mean: rare classes count more, but not fully.
CLASS_WEIGHTS = torch.tensor([42.0, 323.0, 435.0, 127.0, 534.0, 36.0]).pow(-0.25)
CLASS_WEIGHTS = CLASS_WEIGHTS / CLASS_WEIGHTS.mean()
DENSE_STRIDE = 8
LABEL_SMOOTHING = 0.05


def cut_and_mixed(images: Tensor, dense: Tensor, labels: Tensor, generator: torch.Generator):
    """CutMix (Yun et al., 2019) with one box for the batch: half of it replaced, on average, in half of the batches.

    The dense labels are cut by the same box. Returns also the other labels and the share of the own ones.
    """
    order = torch.randperm(len(images), generator=generator)
    if torch.rand(1, generator=generator) < 0.5:
        return images, dense, labels, 1.0
    cells = dense.shape[-1]
    side = int(cells * torch.rand(1, generator=generator).sqrt() * 0.8)
    top, left = (int(torch.randint(0, cells - side + 1, (1,), generator=generator)) for _ in range(2))
    images, dense = images.clone(memory_format=torch.channels_last), dense.clone()
    rows, columns = slice(top, top + side), slice(left, left + side)
    dense[:, rows, columns] = dense[order, rows, columns]
    rows, columns = (slice(s.start * DENSE_STRIDE, s.stop * DENSE_STRIDE) for s in (rows, columns))
    images[:, :, rows, columns] = images[order][:, :, rows, columns]
    return images, dense, labels[order], 1 - (side / cells) ** 2


def loss(model: nn.Module, images: Tensor, masks: Tensor, labels: Tensor, generator: torch.Generator) -> Tensor:
    """Cross entropy of the image's class, plus that of every 8 x 8 pixels (the class on glands, else background)."""
    glands = functional.avg_pool2d(masks, DENSE_STRIDE)[:, 0] >= 0.5
    dense = glands * (labels + 1)[:, None, None]
    images, dense, others, share = cut_and_mixed(images, dense, labels, generator)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HAS_BFLOAT16):
        output, dense_output = model(images)
    output, dense_output = output.float(), dense_output.float()

    def cross_entropy(truth: Tensor) -> Tensor:
        return functional.cross_entropy(output, truth, weight=CLASS_WEIGHTS, label_smoothing=LABEL_SMOOTHING)

    image_loss = share * cross_entropy(labels)
    if share < 1:
        image_loss = image_loss + (1 - share) * cross_entropy(others)
    dense_weights = torch.cat([torch.ones(1), CLASS_WEIGHTS])
    return image_loss + 0.5 * functional.cross_entropy(dense_output, dense, weight=dense_weights)


def evaluate(model: DenselySupervised, normalisation: Normalisation, dataset: Dataset) -> dict[str, float]:
    output = logits(model.network, normalisation, dataset)
    predicted, labels = output.argmax(1), dataset.labels
    cancer = CLASSES.index("Adenocarcinoma")
    return {
        "accuracy": (predicted == labels).double().mean().item(),
        "balanced": balanced_accuracy(predicted, labels),
        "auc": area_under_curve(output.softmax(1)[:, cancer], labels == cancer),
        "nll": functional.cross_entropy(output, labels).item(),
    }


if __name__ == "__main__":
    options = arguments(__doc__, epochs=36, batch=32, rate=1e-3).parse_args()
    torch.manual_seed(SEED)
    network = TissueNet(len(CLASSES))
    network.encoder.load_pretrained()
    train_set = Dataset.load(options.data, "train")
    train(options, DenselySupervised(network, len(CLASSES)), loss, evaluate, train_set, drawn(options))
