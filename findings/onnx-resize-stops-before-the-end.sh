#!/usr/bin/env bash
# ONNX's own reference stops before the last sample in a Resize of align_corners whose size is not whole; ONNX Runtime does not.
#
# align_corners means that the first samples coincide, and the last ones. With a scale that gives no whole size the
# reference divides by the fractional size and ends early; ONNX Runtime (as PyTorch and OpenVINO) divides by the whole one.
# And 5 samples by 2.6 are 12 for the reference and for shape inference, because 2.6 is 2.5999999 in float32, but 13 for
# ONNX Runtime. Give sizes instead of scales where a network leaves you the choice.
#
# Seen with onnx 1.23.2 and onnxruntime 1.32.0, linear, samples 0 to 4: by 1.5 the last is 3.69 and 4.0; by 2.6 there are
# 12 and 13 samples.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

onnxruntime.set_default_logger_severity(3)


def resized(scale: float) -> tuple[np.ndarray, np.ndarray]:
    node = helper.make_node(
        "Resize", ["x", "", "scales"], ["y"], mode="linear", coordinate_transformation_mode="align_corners")
    graph = helper.make_graph(
        [node], "resize",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 1, 5])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [helper.make_tensor("scales", TensorProto.FLOAT, [4], [1, 1, 1, scale])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    feed = {"x": np.arange(5, dtype=np.float32).reshape(1, 1, 1, 5)}
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return ReferenceEvaluator(model).run(None, feed)[0].ravel(), session.run(None, feed)[0].ravel()


reference, runtime = resized(1.5)
print("by 1.5: reference", reference, "ONNX Runtime", runtime)
assert len(reference) == len(runtime) == 7
assert abs(reference[-1] - 3.6923077) < 1e-5 and runtime[-1] == 4
reference, runtime = resized(2.6)
print("by 2.6: reference", len(reference), "samples, ONNX Runtime", len(runtime))
assert (len(reference), len(runtime)) == (12, 13)
PYTHON
