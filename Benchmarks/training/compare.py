"""A step of learning against PyTorch's: images a second and peak memory, in turns on the same machine."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ.get("SCANREPORT", str(ROOT / ".build/release/scanreport"))
# Name, and `scanreport model new`'s architecture or a file.
NETWORKS = [
    ("U-Net on EfficientNet-Lite0", str(ROOT / "Pipelines/colorectal-biopsy/gland-unet.onnx")),
    ("ResNet-18", "resnet-18"),
    ("U-Net-16", "u-net-16"),
]
PEERS = {"PyTorch": [], "PyTorch, channels last": ["--channels-last"]}
AUTOCAST = {f"{name}, bfloat16": [*arguments, "--autocast"] for name, arguments in PEERS.items()}


def measured(command: list) -> tuple[str, float]:
    """What a command prints, and its peak memory in MiB."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        return output.read(), usage.ru_maxrss / 1024


def turn(engine: str, path: str, options: argparse.Namespace) -> tuple[float, float]:
    """Milliseconds of a step, and MiB."""
    shape = [options.batch, 3, options.side, options.side]
    common = ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    if engine == "scanreport":
        size = "x".join(map(str, shape))
        output, memory = measured(
            [PROGRAM, "model", "benchmark", path, "--training", "--input-shape", size, "--format", "json", *common])
        return json.loads(output)["median_ms"], memory
    output, memory = measured(
        [sys.executable, HERE / "peer.py", path, "--shape", *map(str, shape), *common, *(PEERS | AUTOCAST)[engine]])
    return float(output), memory


def ratios(figures: dict[str, dict]) -> dict:
    """Ours, in float32, to the faster layout of PyTorch's in float32, and by autocast in bfloat16."""
    speeds = {engine: own["images_per_second"] for engine, own in figures.items()}
    best, autocast = (max(peers, key=speeds.get) for peers in (PEERS, AUTOCAST))
    return {
        "best_peer": best, "ratio": speeds["scanreport"] / speeds[best],
        "best_autocast": autocast, "ratio_to_autocast": speeds["scanreport"] / speeds[autocast],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="of each turn, but at least three steps")
    parser.add_argument("--networks", nargs="+", metavar="NAME", help="some of them, or ONNX files")
    parser.add_argument("--json", type=pathlib.Path, help="the figures for programs")
    options = parser.parse_args()
    known = dict(NETWORKS)
    networks = [(name, known.get(name, name)) for name in options.networks or known]
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, source in networks:
            path = source
            if not source.endswith(".onnx"):
                path = f"{folder}/{source}.onnx"
                size = f"3x{options.side}x{options.side}"
                subprocess.run([PROGRAM, "model", "new", source, "--input", size, "--output", path], check=True)
            turns: dict[str, list] = {engine: [] for engine in ["scanreport", *PEERS, *AUTOCAST]}
            for _ in range(options.rounds):
                for engine in turns:
                    turns[engine].append(turn(engine, path, options))
            figures = {
                engine: {
                    "images_per_second": 1e3 * options.batch / statistics.median(time for time, _ in own),
                    "peak_mib": statistics.median(memory for _, memory in own),
                }
                for engine, own in turns.items()
            }
            results.append({"network": name, **ratios(figures), "engines": figures})
            if options.json:
                settings = {key: getattr(options, key) for key in ("batch", "side", "threads", "rounds", "seconds")}
                options.json.write_text(json.dumps({"settings": settings, "networks": results}, indent=2) + "\n")
    columns = ["PyTorch", "channels last", "bfloat16", "bfloat16, channels last"]
    head = ["network", "images/s: ours", *columns, "ratio", "ratio to bfloat16", "MiB: ours", *columns]
    print("| " + " | ".join(head) + " |")
    print("| --- " * len(head) + "|")
    for result in results:
        speeds = [f"{figures['images_per_second']:.2f}" for figures in result["engines"].values()]
        memory = [f"{figures['peak_mib']:.0f}" for figures in result["engines"].values()]
        both = [f"{result['ratio']:.2f}", f"{result['ratio_to_autocast']:.2f}"]
        print("| " + " | ".join([result["network"], *speeds, *both, *memory]) + " |")


if __name__ == "__main__":
    main()
