#!/usr/bin/env bash
# ONNX Runtime forgets the dilation where a pooling is padded SAME: what comes out is smaller than what goes in.
#
# SAME means that a stride of 1 keeps the size; ONNX pads by the dilated window. ONNX Runtime pads a MaxPool or AveragePool
# as if it were not dilated, and goes on with what fits (a dilated Conv that is padded SAME it refuses). A network with atrous
# pooling answers a map whose cells lie elsewhere. Export explicit pads.
#
# Seen with onnxruntime 1.32.0 and onnx 1.23.2, 12 samples, window 3, stride 1, dilation 2, SAME_UPPER: MaxPool and
# AveragePool give 10; onnx infers 12.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, shape_inference

onnxruntime.set_default_logger_severity(3)


def lengths(operator: str) -> tuple[int, int]:
    node = helper.make_node(operator, ["x"], ["y"], kernel_shape=[3], dilations=[2], auto_pad="SAME_UPPER")
    graph = helper.make_graph(
        [node], "same",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 12])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    inferred = shape_inference.infer_shapes(model).graph.output[0].type.tensor_type.shape.dim[2].dim_value
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return inferred, session.run(None, {"x": np.ones((1, 1, 12), np.float32)})[0].shape[2]


seen = {operator: lengths(operator) for operator in ("MaxPool", "AveragePool")}
print("inferred by onnx, answered by ONNX Runtime:", seen)
assert seen == {"MaxPool": (12, 10), "AveragePool": (12, 10)}
PYTHON
