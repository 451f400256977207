"""What a colour profile and masks of artefacts cost of a scan's time, by the shipped pipeline.

Draws one scan without a profile, with one of a matrix and with one of a table, and analyses it by one worker, in turns:
each flavour as the pipeline is, and the plain one with masks of artefacts too: all but folds, of which the drawn tissue
has some, so that the networks would see and grade something else. Prints the least of all rounds in seconds, of the
clock and of the processor, and what each costs beside the plain one. Fails where a profile was not applied, or a stroke
of ink that is drawn was not masked.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import tifffile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reading"))
import profiles
from compare import draw

APPLIED = "the file's colour profile was applied"
MASKED = "left out of the tissue: pen"


def write_scans(folder: Path, side: int, spacing: float) -> dict[str, Path]:
    pixels = draw(side)
    # Green ink, too little of it to spare the networks any work.
    pixels[side // 8 : side // 4, side // 8 : side // 8 + side // 100] = (30, 150, 80)
    scans = {}
    for name, profile in (("plain", None), ("matrix", profiles.matrix()), ("table", profiles.table())):
        scans[name] = folder / name / "scan.tif"
        scans[name].parent.mkdir()
        with tifffile.TiffWriter(scans[name]) as file:
            shown, factor = pixels, 1
            while True:
                file.write(
                    numpy.ascontiguousarray(shown), photometric="ycbcr", compression="jpeg", subsampling=(2, 2),
                    compressionargs={"level": 85}, tile=(256, 256), iccprofile=profile, metadata=None,
                    resolution=(10_000 / spacing / factor,) * 2, resolutionunit="CENTIMETER",
                    subfiletype=0 if factor == 1 else 1)
                shown, factor = shown[::4, ::4], factor * 4
                if min(shown.shape[:2]) < 256:
                    break
    return scans


def processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(program: Path, scan: Path, pipeline: Path, expected: str | None) -> tuple[float, float]:
    """Seconds of the clock, and of all processors."""
    with tempfile.TemporaryDirectory() as folder:
        database, summary = f"{folder}/night.sqlite", Path(folder) / "summary.json"
        before = processor_seconds()
        subprocess.run(
            [program, "run", scan, "--workers", "1", "--pipeline", pipeline, "--database", database,
             "--summary", summary],
            stdout=subprocess.DEVNULL, check=True)
        seconds = processor_seconds() - before
        scans = subprocess.run(
            [program, "scans", "--database", database, "--format", "json"], stdout=subprocess.PIPE, text=True,
            check=True).stdout
        if expected and expected not in scans:
            sys.exit(f"colour: nothing says: {expected}")
        return json.loads(summary.read_text())["seconds"], seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", type=int, default=4096, help="pixels along each side of the scan")
    parser.add_argument("--spacing", type=float, default=0.5, help="of the scan, in um/px")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    shipped = Path(os.environ["SCANREPORT_PIPELINES"]) / "colorectal-biopsy"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        masking = folder / "masking"
        shutil.copytree(shipped, masking)
        with (masking / "pipeline.yaml").open("a") as definition:
            definition.write("\nartefacts: [pen, blur, bubble]\n")
        scans = write_scans(folder, options.side, options.spacing)
        tasks = {
            "plain": (scans["plain"], shipped, None),
            "profile of a matrix": (scans["matrix"], shipped, APPLIED),
            "profile of a table": (scans["table"], shipped, APPLIED),
            "masks of artefacts": (scans["plain"], masking, MASKED),
        }
        times: dict[str, list[tuple[float, float]]] = {task: [] for task in tasks}
        for _ in range(options.rounds):
            for task, (scan, pipeline, expected) in tasks.items():
                times[task].append(measure(options.program, scan, pipeline, expected))
        least = {task: [min(column) for column in zip(*own)] for task, own in times.items()}
    side = options.side
    print(f"{side} x {side} pixels of {options.spacing} um, one worker, least of {options.rounds} rounds")
    figures = {}
    for task, (clock, processor) in least.items():
        costs = [own / plain - 1 for own, plain in zip((clock, processor), least["plain"])]
        figures[task] = {"seconds": clock, "processor_seconds": processor, "cost": costs[0], "processor_cost": costs[1]}
        of_clock, of_processor = (f"{100 * cost:+6.1f} %" for cost in costs)
        print(f"{task:20} {clock:7.2f} s {of_clock}   processor {processor:7.2f} s {of_processor}")
    if options.json:
        options.json.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
