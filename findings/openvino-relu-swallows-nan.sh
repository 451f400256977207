#!/usr/bin/env bash
# OpenVINO's Relu, Clip and MaxPool turn a NaN into an ordinary number; ONNX Runtime's keep it.
#
# A network that went wrong inside then answers something that looks right: behind a Relu nothing shows it any more.
# Check for NaN before the first Relu, not at the output. (Maximum over NaN is not settled by the ONNX standard, and its
# own reference evaluator drops a NaN in MaxPool but keeps it in Relu and Clip.)
#
# Seen with openvino 2026.4.1 and onnxruntime 1.32.0 on an x86-64 CPU, in float32:
#     Relu(NaN): ONNX Runtime NaN, OpenVINO 0;  Clip(NaN, 0, 6): NaN, 0;  MaxPool(-1, -1, -1, NaN): NaN, -1
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.1 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper

x = np.full((1, 1, 2, 2), -1, np.float32)
x[0, 0, 1, 1] = np.nan
bounds = [helper.make_node("Constant", [], [name], value_float=value) for name, value in (("low", 0.0), ("high", 6.0))]
for name, nodes, expected in [
    ("Relu", [helper.make_node("Relu", ["x"], ["y"])], 0),
    ("Clip", [*bounds, helper.make_node("Clip", ["x", "low", "high"], ["y"])], 0),
    ("MaxPool", [helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2])], -1),
]:
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(x.shape))]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "c", "h", "w"])]
    model = helper.make_model(
        helper.make_graph(nodes, "g", inputs, outputs), opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    first = onnxruntime.InferenceSession(data).run(None, {"x": x})[0].flat[-1]
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(data, b""), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    second = next(iter(compiled([x]).values())).flat[-1]
    print(f"{name}: onnxruntime {onnxruntime.__version__} {first}, openvino {openvino.__version__} {second}")
    assert np.isnan(first) and second == expected
PYTHON
