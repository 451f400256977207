"""Compares the engine with its peers: median times, agreement of outputs, share of the machine's measured peak."""
import argparse
import contextlib
import itertools
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ.get("SCANREPORT", str(ROOT / ".build/release/scanreport"))
OURS = "scanreport"
PEERS = ["ONNX Runtime", "OpenVINO", "PyTorch"]
# Name, `scanreport model new`'s architecture or a file, and the shape of one image.
NETWORKS = [
    ("LeNet-5", "lenet-5", "1x32x32"),
    ("AlexNet", "alexnet", "3x224x224"),
    ("VGG-16", "vgg-16", "3x224x224"),
    ("ResNet-18", "resnet-18", "3x224x224"),
    ("ResNet-50", "resnet-50", "3x224x224"),
    ("U-Net-16", "u-net-16", "3x256x256"),
    ("U-Net-32", "u-net-32", "3x256x256"),
]
# Largest difference to the median of all engines, relative to the largest magnitude.
TOLERANCES = {"float32": 2e-3, "float32-exact": 1e-4, "bfloat16": 0.1, "int8": 0.1}
# What the figures of a peer on the network before it was quantised are called.
BEFORE = " float32"


# Seconds after a turn, in which the threads of an engine that has had it stop spinning and fall asleep.
REST = 0.3


def zoo(folder: pathlib.Path) -> list[tuple[str, str, str]]:
    """The networks of `zoo.py`."""
    command = [sys.executable, HERE / "zoo.py", folder]
    paths = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    return [(pathlib.Path(path).stem, path, "3x224x224") for path in paths]


@contextlib.contextmanager
def neighbour(is_there: bool):
    """Another process that keeps a core busy, where there is to be one."""
    if not is_there:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def shipped() -> list[tuple[str, str, str]]:
    """The models of the pipelines, at the size of the tiles that they see."""
    return [(path.stem, str(path), "3x224x224") for path in sorted(ROOT.glob("Pipelines/*/*.onnx"))]


def ours(*arguments: str) -> str:
    return subprocess.run([PROGRAM, "model", *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout


def peak(threads: int, folder: pathlib.Path) -> float | None:
    """GFLOP/s of fused multiply-adds; nil without a C compiler."""
    binary = folder / "peak"
    compiler = os.environ.get("CC", "cc")
    try:
        subprocess.run(
            [compiler, "-O3", "-march=native", "-ffp-contract=fast", "-pthread", HERE / "peak.c", "-o", binary],
            check=True)
        return float(subprocess.run([binary, str(threads)], stdout=subprocess.PIPE, check=True).stdout)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the machine's peak is not measured: {error}", file=sys.stderr)
        return None


def quantised(model: str, image: str, folder: pathlib.Path) -> str:
    """The network as ONNX Runtime's static quantisation writes it, with QuantizeLinear and DequantizeLinear around its
    layers: unsigned integers between them, weights with a scale for each channel. Calibrated on noise."""
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Noise(CalibrationDataReader):
        def __init__(self):
            random = numpy.random.default_rng(1)
            extents = [1, *(int(n) for n in image.split("x"))]
            name = onnx.load(model, load_external_data=False).graph.input[0].name
            self.images = iter([{name: random.random(extents, numpy.float32)} for _ in range(3)])

        def get_next(self):
            return next(self.images, None)

    target = folder / "quantised.onnx"
    quantize_static(
        model, target, Noise(), quant_format=QuantFormat.QDQ, per_channel=True, activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8)
    return str(target)


class Peer:
    """Another engine with one network loaded, in a process that waits for its turns."""

    def __init__(self, engine: str, model: str, input_file: pathlib.Path, options):
        # A quantised network says itself what is computed in integers.
        precision = {"float32-exact": "float32", "int8": "float32"}.get(options.precision, options.precision)
        self.engine = engine
        self.process = subprocess.Popen(
            [sys.executable, HERE / "peers.py", engine, model, "--input", input_file, "--threads", str(options.threads),
             "--precision", precision],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
        # Nothing else is measured while an engine starts.
        self.is_there = self.process.stdout.readline() != ""

    def measure(self, seconds: float, output: pathlib.Path | None) -> float | None:
        """The median of a turn's milliseconds; None where the engine cannot run the network in this precision."""
        if not self.is_there:
            return None
        try:
            self.process.stdin.write(json.dumps({"seconds": seconds, "output": output and str(output)}) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            print(f"{self.engine} cannot run this network", file=sys.stderr)
        milliseconds = json.loads(answer or "null")
        self.is_there = milliseconds is not None
        return statistics.median(milliseconds) if milliseconds else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Comparison:
    """One network at one batch size."""

    def __init__(self, name: str, model: str, image: str, batch: int, folder: pathlib.Path, options):
        self.name, self.model, self.batch, self.options = name, model, batch, options
        self.shape = f"{batch}x{image}"
        self.folder = folder
        self.is_quantised = options.precision == "int8"
        self.before = model
        if self.is_quantised:
            self.model = quantised(model, image, folder)
        self.input = folder / "input.npy"
        extents = [int(n) for n in self.shape.split("x")]
        numpy.save(self.input, numpy.random.default_rng(0).random(extents, numpy.float32))
        self.medians: dict[str, list[float]] = {}
        self.outputs: dict[str, numpy.ndarray] = {}

    def inspection(self) -> dict:
        return json.loads(ours("inspect", self.model, "--input-shape", self.shape, "--format", "json"))

    def measure(self, engine: str, peers: dict[str, Peer], output: pathlib.Path | None) -> float | None:
        if engine in peers:
            return peers[engine].measure(self.options.seconds, output)
        precision = "float32" if self.is_quantised else self.options.precision
        common = ["--threads", str(self.options.threads), "--precision", precision]
        if output:
            first = self.inspection()["outputs"][0].rsplit(maxsplit=2)[0]
            ours("run", self.model, "--input", self.input, "--output", f"{first}={output}", *common)
        report = json.loads(ours(
            "benchmark", self.model, "--input", self.input, "--seconds", str(self.options.seconds), "--format", "json",
            *common))
        return report["median_ms"]

    def run(self) -> list[dict]:
        with contextlib.ExitStack() as stack:
            peers = {
                engine: stack.enter_context(Peer(engine, self.model, self.input, self.options))
                for engine in self.options.peers
                # Integers are no form of PyTorch's for a file of this kind.
                if not (self.is_quantised and engine == "PyTorch")
            }
            if self.is_quantised:
                peers |= {
                    engine + BEFORE: stack.enter_context(Peer(engine, self.before, self.input, self.options))
                    for engine in self.options.peers
                }
            # In turns, so that what the machine does beside this disturbs all alike.
            for turn in range(self.options.rounds):
                for engine in [OURS, *peers]:
                    output = self.folder / "output.npy" if turn == 0 else None
                    median = self.measure(engine, peers, output)
                    if median is None:
                        continue
                    self.medians.setdefault(engine, []).append(median)
                    if output:
                        self.outputs[engine] = numpy.load(output).astype(numpy.float64)
                    time.sleep(REST)
        typical = {engine: statistics.median(medians) for engine, medians in self.medians.items()}
        def best(is_before: bool) -> float | None:
            others = {engine: median for engine, median in typical.items() if engine != OURS}
            return min((m for engine, m in others.items() if engine.endswith(BEFORE) == is_before), default=None)

        best_peer, best_before = best(False), best(True)
        # What quantisation itself changes is no disagreement.
        answers = {engine: output for engine, output in self.outputs.items() if not engine.endswith(BEFORE)}
        middle = numpy.median(numpy.stack(list(answers.values())), axis=0)
        scale = max(numpy.abs(middle).max(), 1e-30)
        operations = self.inspection()["operations"]
        rows = []
        for engine, median in typical.items():
            rows.append({
                "network": self.name, "batch": self.batch, "engine": engine, "precision": self.options.precision,
                "threads": self.options.threads, "busy": self.options.busy, "median_ms": median,
                "medians_ms": self.medians[engine],
                "images_per_second": 1e3 * self.batch / median,
                "ratio_to_best_peer": best_peer / median if best_peer else None,
                "ratio_to_best_float32_peer": best_before / median if best_before else None,
                "gflop_per_second": operations / median / 1e6,
                "difference": float(numpy.abs(answers.get(engine, middle) - middle).max() / scale),
            })  # fmt: skip
        return rows


def table(rows: list[dict], machine_peak: float | None) -> str:
    lines = [
        f"{'network':28} {'batch':>5} {'threads':>7}  {'engine':20} {'median ms':>10} {'images/s':>9} {'ratio':>6} "
        f"{'float32':>7} {'GFLOP/s':>8} {'of peak':>8} {'difference':>10}"
    ]
    for row in rows:
        ratio = f"{row['ratio_to_best_peer']:.2f}" if row["engine"] == OURS and row["ratio_to_best_peer"] else ""
        before = row["ratio_to_best_float32_peer"]
        gain = f"{before:.2f}" if row["engine"] == OURS and before else ""
        share = f"{row['gflop_per_second'] / machine_peak:.0%}" if machine_peak else ""
        lines.append(
            f"{row['network']:28} {row['batch']:5} {row['threads']:7}  {row['engine']:20} {row['median_ms']:10.3f} "
            f"{row['images_per_second']:9.1f} {ratio:>6} {gain:>7} {row['gflop_per_second']:8.0f} {share:>8} "
            f"{row['difference']:10.1e}")
    return "\n".join(lines)


def summary(rows: list[dict]) -> str:
    """Of each setting, the geometric mean of the ratios, and the least with its network."""
    lines = [f"{'precision':13} {'threads':>7} {'batch':>5} {'machine':8} {'networks':>8} {'mean':>6} {'least':>6}"]
    settings: dict[tuple, list[dict]] = {}
    for row in rows:
        if row["engine"] == OURS and row["ratio_to_best_peer"]:
            machine = "busy" if row["busy"] else "idle"
            settings.setdefault((row["precision"], row["threads"], row["batch"], machine), []).append(row)
    for (precision, threads, batch, machine), ours_only in settings.items():
        ratios = [row["ratio_to_best_peer"] for row in ours_only]
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        least = min(ours_only, key=lambda row: row["ratio_to_best_peer"])
        lines.append(
            f"{precision:13} {threads:7} {batch:5} {machine:8} {len(ratios):8} {mean:6.2f} {min(ratios):6.2f}  "
            f"{least['network']}")
    return "\n".join(lines)


def write(path: pathlib.Path, report: dict) -> None:
    """In one step, so that what is there is whole even when the rest is cut off."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(report, indent=2) + "\n")
    beside.replace(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", nargs="*", help="only these, such as ResNet-18, or ONNX files")
    parser.add_argument("--batch", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--zoo", type=pathlib.Path, nargs="?", const=ROOT / "Benchmarks/.build-zoo", metavar="FOLDER",
                        help="also networks of timm and segmentation-models-pytorch, written there; without --peers, "
                             "PyTorch is no peer")  # fmt: skip
    parser.add_argument("--threads", type=int, nargs="*", default=[2])
    parser.add_argument("--precision", nargs="*", choices=TOLERANCES, default=["float32"])
    parser.add_argument("--busy", action="store_true", help="once more beside a process that keeps one core busy")
    parser.add_argument("--peers", nargs="*", choices=PEERS)
    parser.add_argument("--rounds", type=int, default=3, help="how often each engine gets its turn")
    parser.add_argument("--seconds", type=float, default=0.5, help="that a turn measures for, five runs at least")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go as JSON, after each network")
    options = parser.parse_args()
    networks = NETWORKS + shipped() + (zoo(options.zoo) if options.zoo else [])
    options.peers = options.peers or [peer for peer in PEERS if not options.zoo or peer != "PyTorch"]
    if options.networks:
        files = [(pathlib.Path(n).stem, n, "3x224x224") for n in options.networks if n.endswith(".onnx")]
        networks = [network for network in networks if network[0] in options.networks] + files
    rows, disagreements = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        machine_peak = peak(max(options.threads), folder)
        settings = list(
            itertools.product(options.batch, options.precision, options.threads, [False, True][: 1 + options.busy]))
        for name, source, image in networks:
            model = source
            if not source.endswith(".onnx"):
                model = str(folder / "network.onnx")
                ours("new", source, "--input", image, "--output", model)
            for batch, precision, threads, is_busy in settings:
                setting = argparse.Namespace(**{
                    **vars(options), "precision": precision, "threads": threads, "busy": is_busy})  # fmt: skip
                with neighbour(is_busy):
                    added = Comparison(name, model, image, batch, folder, setting).run()
                rows += added
                print(table(added, machine_peak), flush=True)
                if options.json:
                    write(options.json, {"peak_gflop_per_second": machine_peak, "rows": rows})
                for row in added:
                    if row["difference"] > TOLERANCES[precision]:
                        print(f"{row['engine']} disagrees on {name}", file=sys.stderr)
                        disagreements += 1
    print("\n" + table(rows, machine_peak))
    print("\nratio: the best peer's median over ours; float32: of the best on the network before it was quantised.")
    print(f"The machine's peak: {machine_peak} GFLOP/s in float32.")
    print("\n" + summary(rows))
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
