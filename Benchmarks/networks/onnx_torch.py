"""An ONNX network as a PyTorch module: what the compared networks consist of, no more."""
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional


class Network(nn.Module):
    """Runs the nodes in the order of the file, each by PyTorch's function of the same meaning."""

    def __init__(self, path: str):
        super().__init__()
        graph = onnx.load(path).graph
        self.weights = nn.ParameterDict()
        self.constants: dict[str, Tensor] = {}
        self.places: dict[str, str] = {}
        for index, tensor in enumerate(graph.initializer):
            value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            if value.is_floating_point():
                self.places[tensor.name] = f"w{index}"
                self.weights[f"w{index}"] = nn.Parameter(value, requires_grad=False)
            else:
                self.constants[tensor.name] = value
        self.nodes = []
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Constant":
                self.constants[node.output[0]] = torch.from_numpy(numpy_helper.to_array(attributes["value"]).copy())
            else:
                self.nodes.append((node.op_type, list(node.input), node.output[0], attributes))
        weights = {tensor.name for tensor in graph.initializer}
        self.input = next(port.name for port in graph.input if port.name not in weights)
        self.output = graph.output[0].name

    def forward(self, image: Tensor) -> Tensor:
        values = {self.input: image}

        def value(name: str) -> Tensor | None:
            if name in values:
                return values[name]
            return self.weights[self.places[name]] if name in self.places else self.constants.get(name)

        for kind, inputs, output, attributes in self.nodes:
            values[output] = OPERATORS[kind]([value(name) for name in inputs], attributes)
        return values[self.output]


def window(attributes: dict) -> dict:
    """Strides and symmetric padding, as PyTorch names them."""
    pads = attributes.get("pads", [0, 0, 0, 0])
    if pads[:2] != pads[2:]:
        raise ValueError(f"asymmetric padding {pads}")
    return {"stride": attributes.get("strides", [1, 1]), "padding": pads[:2]}


def convolution(x: list, a: dict) -> Tensor:
    bias = x[2] if len(x) > 2 else None
    return functional.conv2d(
        x[0], x[1], bias, groups=a.get("group", 1), dilation=a.get("dilations", [1, 1]), **window(a))


def transposed_convolution(x: list, a: dict) -> Tensor:
    return functional.conv_transpose2d(x[0], x[1], x[2] if len(x) > 2 else None, groups=a.get("group", 1), **window(a))


def matrix_product(x: list, a: dict) -> Tensor:
    return functional.linear(x[0], x[1] if a.get("transB", 0) else x[1].t(), x[2] if len(x) > 2 else None)


def mean_pooling(x: list, a: dict) -> Tensor:
    return functional.avg_pool2d(
        x[0], a["kernel_shape"], count_include_pad=bool(a.get("count_include_pad", 0)), **window(a))


OPERATORS = {
    "Add": lambda x, a: x[0] + x[1],
    "AveragePool": mean_pooling,
    "BatchNormalization": lambda x, a: functional.batch_norm(
        x[0], x[3], x[4], x[1], x[2], eps=a.get("epsilon", 1e-5)),
    "Clip": lambda x, a: functional.hardtanh(x[0], float(x[1]), float(x[2])),
    "Concat": lambda x, a: torch.cat(x, a["axis"]),
    "Conv": convolution,
    "ConvTranspose": transposed_convolution,
    "Dropout": lambda x, a: x[0],
    "Flatten": lambda x, a: x[0].flatten(a.get("axis", 1)),
    "Gemm": matrix_product,
    "GlobalAveragePool": lambda x, a: functional.adaptive_avg_pool2d(x[0], 1),
    "Identity": lambda x, a: x[0],
    "MaxPool": lambda x, a: functional.max_pool2d(x[0], a["kernel_shape"], **window(a)),
    "Relu": lambda x, a: functional.relu(x[0]),
    "Tanh": lambda x, a: torch.tanh(x[0]),
}
