"""Writes networks that nobody tuned the engine for as ONNX files, with random weights, and prints their paths.

    zoo.py FOLDER [NAME ...]

Names are those of timm, or `ARCHITECTURE-ENCODER` of segmentation-models-pytorch, such as `Unet-resnet34`.
"""
import os
import pathlib
import sys
import warnings

NETWORKS = [
    "efficientnet_b0", "densenet121", "mobilenetv2_100", "regnety_016", "convnext_tiny", "resnext50_32x4d",
    "seresnet50", "ghostnet_100", "inception_v3", "Unet-efficientnet-b0", "UnetPlusPlus-resnet34", "FPN-resnet34",
    "DeepLabV3Plus-resnet34", "PAN-resnet34", "MAnet-resnet34", "Linknet-resnet34", "Segformer-mit_b0",
    "vit_tiny_patch16_224", "swin_tiny_patch4_window7_224",
]  # fmt: skip
# Of the images that all of them see; a multiple of 32 that the windows of Swin divide.
SIDE = 224


def network(name: str):
    """With seeded weights, and batch normalisations that normalise."""
    import torch

    torch.manual_seed(0)
    architecture, _, encoder = name.partition("-")
    if encoder:
        import segmentation_models_pytorch

        made = getattr(segmentation_models_pytorch, architecture)(encoder, encoder_weights=None)
    else:
        import timm

        made = timm.create_model(name)
    for layer in made.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.running_mean.normal_(0, 0.1)
            layer.running_var.uniform_(0.5, 1.5)
    return made.eval()


def export(name: str, folder: pathlib.Path) -> pathlib.Path:
    path = folder / f"{name}.onnx"
    if path.exists():
        return path
    import torch

    unfinished = folder / f".{name}.{os.getpid()}"
    torch.onnx.export(
        network(name), (torch.zeros(1, 3, SIDE, SIDE),), unfinished, dynamo=False, opset_version=17,
        input_names=["image"], output_names=["answer"], dynamic_axes={"image": {0: "N"}, "answer": {0: "N"}})
    return unfinished.replace(path)


def main() -> None:
    warnings.simplefilter("ignore")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or NETWORKS:
        print(export(name, folder), flush=True)


if __name__ == "__main__":
    main()
