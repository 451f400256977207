"""One engine on one network, in a process of its own, which loads the network once.

Once it is there it says so with a line on standard output. A line on standard input is then a request,
`{"seconds": ..., "output": FILE or null}`; the answer is a line of the milliseconds of every run as JSON, null where
the engine lacks the precision.
"""
import argparse
import json
import sys
import time

import numpy


def onnx_runtime(model: str, threads: int, precision: str):
    import onnxruntime

    if precision != "float32":
        return None  # Its processor kernels multiply float32 only.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda image: session.run(None, {name: image})[0]


def openvino(model: str, threads: int, precision: str):
    import openvino

    hint = {"float32": openvino.Type.f32, "bfloat16": openvino.Type.bf16}[precision]
    settings = {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": hint,
    }  # fmt: skip

    def prepare(image: numpy.ndarray):
        core = openvino.Core()
        network = core.read_model(model)
        # Like ours, compiled for the one shape that it is given.
        network.reshape({network.inputs[0]: image.shape})
        request = core.compile_model(network, "CPU", settings).create_infer_request()
        return lambda: request.infer([image])[0]

    return prepared(prepare)


def pytorch(model: str, threads: int, precision: str):
    import torch
    from onnx_torch import Network

    torch.set_num_threads(threads)
    kind = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]

    def prepare(image: numpy.ndarray):
        given = torch.from_numpy(image).to(kind)
        with torch.inference_mode():
            network = Network(model).eval().to(kind)
            network = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(network, given)))

        def infer() -> numpy.ndarray:
            with torch.inference_mode():
                return network(given).float().numpy()

        return infer

    return prepared(prepare)


def prepared(prepare):
    """An engine that is made for one input, at its first run."""
    ready = {}

    def infer(image: numpy.ndarray):
        if "run" not in ready:
            ready["run"] = prepare(image)
        return ready["run"]()

    return infer


def measure(infer, image: numpy.ndarray, seconds: float, output: str | None) -> list[float]:
    """Milliseconds of every run, after a warm-up, the result of which goes to `output`."""
    for _ in range(3):
        result = infer(image)
    if output:
        numpy.save(output, result)
    milliseconds = []
    end = time.perf_counter() + seconds
    while len(milliseconds) < 5 or time.perf_counter() < end:
        begin = time.perf_counter()
        infer(image)
        milliseconds.append((time.perf_counter() - begin) * 1e3)
    return milliseconds


ENGINES = {"ONNX Runtime": onnx_runtime, "OpenVINO": openvino, "PyTorch": pytorch}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("model")
    parser.add_argument("--input", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--precision", required=True)
    options = parser.parse_args()
    infer = ENGINES[options.engine](options.model, options.threads, options.precision)
    image = numpy.load(options.input)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(infer, image, **json.loads(line)) if infer else None), flush=True)
