"""Times steps of learning in PyTorch: an ONNX file's network, a loss of drawn labels, AdamW and averaged weights."""
import argparse
import pathlib
import statistics
import sys
import time

import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "networks"))
import onnx_torch


def normalised(x: list, a: dict) -> Tensor:
    """A batch normalisation that learns: by the batch's statistics, which the running ones follow."""
    return functional.batch_norm(
        x[0], x[3], x[4], x[1], x[2], training=True, momentum=0.1, eps=a.get("epsilon", 1e-5))


def learning(path: str) -> tuple[nn.Module, list[nn.Parameter]]:
    """The network, and what of its weights learns."""
    onnx_torch.OPERATORS["BatchNormalization"] = normalised
    network = onnx_torch.Network(path)
    fixed = {name for kind, inputs, _, _ in network.nodes if kind == "BatchNormalization" for name in inputs[3:]}
    fixed |= {name for kind, inputs, _, _ in network.nodes if kind == "Clip" for name in inputs[1:]}
    parameters = [network.weights[place] for name, place in network.places.items() if name not in fixed]
    for parameter in parameters:
        parameter.requires_grad_(True)
    return network, parameters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network")
    parser.add_argument("--shape", type=int, nargs=4, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--autocast", action="store_true", help="the network in bfloat16, weights and loss in float32")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    network, parameters = learning(options.network)
    images = torch.rand(options.shape) * 2 - 1
    if options.channels_last:
        network, images = network.to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last)
    averages = [parameter.detach().clone() for parameter in parameters]
    optimiser = torch.optim.AdamW(parameters, lr=1e-5, fused=True)
    with torch.no_grad():
        shape = network(images).shape
    dense = len(shape) == 4
    truths = torch.randint(0, 2, shape).float() if dense else torch.arange(shape[0]) % shape[1]

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=options.autocast):
            answers = network(images).float()
        compute = functional.binary_cross_entropy_with_logits if dense else functional.cross_entropy
        optimiser.zero_grad()
        compute(answers, truths).backward()
        optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(averages, parameters, 0.005)

    step()
    times: list[float] = []
    end = time.perf_counter() + options.seconds
    while len(times) < 3 or time.perf_counter() < end:
        started = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - started))
    print(statistics.median(times))


if __name__ == "__main__":
    main()
