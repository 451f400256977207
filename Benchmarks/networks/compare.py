"""Compares the engine with its peers: median times, agreement of outputs, share of the machine's measured peak."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

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
TOLERANCES = {"float32": 2e-3, "float32-exact": 1e-4, "bfloat16": 0.1}


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


class Comparison:
    """One network at one batch size."""

    def __init__(self, name: str, model: str, image: str, batch: int, folder: pathlib.Path, options):
        self.name, self.model, self.batch, self.options = name, model, batch, options
        self.shape = f"{batch}x{image}"
        self.folder = folder
        self.input = folder / "input.npy"
        numpy.save(self.input, numpy.random.default_rng(0).random([int(n) for n in self.shape.split("x")], numpy.float32))
        self.medians: dict[str, list[float]] = {}
        self.outputs: dict[str, numpy.ndarray] = {}

    def measure(self, engine: str, seconds: float, keep_output: bool) -> None:
        output = self.folder / "output.npy"
        common = ["--threads", str(self.options.threads), "--precision", self.options.precision]
        if engine == OURS:
            if keep_output:
                ours("run", self.model, "--input", self.input, "--output", output, *common)
            report = json.loads(ours(
                "benchmark", self.model, "--input", self.input, "--seconds", str(seconds), "--format", "json", *common))
            median = report["median_ms"]
        else:
            common[3] = common[3].removesuffix("-exact")
            keep = ["--output", output] if keep_output else []
            answer = subprocess.run(
                [sys.executable, HERE / "peers.py", engine, self.model, "--input", self.input, *keep, "--seconds",
                 str(seconds), *common], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
            milliseconds = json.loads(answer.stdout) if answer.returncode == 0 else None
            if milliseconds is None:
                return
            median = statistics.median(milliseconds)
        self.medians.setdefault(engine, []).append(median)
        if keep_output:
            self.outputs[engine] = numpy.load(output).astype(numpy.float64)

    def run(self) -> list[dict]:
        # In turns, so that what the machine does beside this disturbs all alike.
        for turn in range(self.options.rounds):
            for engine in [OURS, *self.options.peers]:
                self.measure(engine, self.options.seconds, keep_output=turn == 0)
        times = {engine: statistics.median(medians) for engine, medians in self.medians.items()}
        best_peer = min((time for engine, time in times.items() if engine != OURS), default=None)
        middle = numpy.median(numpy.stack(list(self.outputs.values())), axis=0)
        scale = max(numpy.abs(middle).max(), 1e-30)
        operations = json.loads(ours("inspect", self.model, "--input-shape", self.shape, "--format", "json"))["operations"]
        rows = []
        for engine, time in times.items():
            rows.append({
                "network": self.name, "batch": self.batch, "engine": engine, "precision": self.options.precision,
                "threads": self.options.threads, "median_ms": time, "medians_ms": self.medians[engine],
                "images_per_second": 1e3 * self.batch / time,
                "ratio_to_best_peer": best_peer / time if best_peer else None,
                "gflop_per_second": operations / time / 1e6,
                "difference": float(numpy.abs(self.outputs[engine] - middle).max() / scale),
            })  # fmt: skip
        return rows


def table(rows: list[dict], machine_peak: float | None) -> str:
    lines = [f"{'network':12} {'batch':>5}  {'engine':12} {'median ms':>10} {'images/s':>9} {'ratio':>6} {'GFLOP/s':>8} "
             f"{'of peak':>8} {'difference':>10}"]  # fmt: skip
    for row in rows:
        ratio = f"{row['ratio_to_best_peer']:.2f}" if row["engine"] == OURS and row["ratio_to_best_peer"] else ""
        share = f"{row['gflop_per_second'] / machine_peak:.0%}" if machine_peak else ""
        lines.append(
            f"{row['network']:12} {row['batch']:5}  {row['engine']:12} {row['median_ms']:10.3f} "
            f"{row['images_per_second']:9.1f} {ratio:>6} {row['gflop_per_second']:8.0f} {share:>8} "
            f"{row['difference']:10.1e}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", nargs="*", help="only these, such as ResNet-18, or ONNX files")
    parser.add_argument("--batch", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=TOLERANCES, default="float32")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--rounds", type=int, default=5, help="how often each engine gets its turn")
    parser.add_argument("--seconds", type=float, default=2, help="that a turn measures for")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go as JSON")
    options = parser.parse_args()
    networks = NETWORKS + shipped()
    if options.networks:
        files = [(pathlib.Path(n).stem, n, "3x224x224") for n in options.networks if n.endswith(".onnx")]
        networks = [network for network in networks if network[0] in options.networks] + files
    rows, disagreements = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        machine_peak = peak(options.threads, folder)
        for name, source, image in networks:
            model = source
            if not source.endswith(".onnx"):
                model = str(folder / "network.onnx")
                ours("new", source, "--input", image, "--output", model)
            for batch in options.batch:
                added = Comparison(name, model, image, batch, folder, options).run()
                rows += added
                print(table(added, machine_peak), flush=True)
                for row in added:
                    if row["difference"] > TOLERANCES[options.precision]:
                        print(f"{row['engine']} disagrees on {name}", file=sys.stderr)
                        disagreements += 1
    print("\n" + table(rows, machine_peak))
    print(f"\nratio: the best peer's median over ours. The machine's peak: {machine_peak} GFLOP/s in float32.")
    if options.json:
        report = {"peak_gflop_per_second": machine_peak, "rows": rows}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
