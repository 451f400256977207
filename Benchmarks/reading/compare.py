"""Times reading level 0 of tiled scans: this project's reader, libvips and tifffile, in turns, on the same files.

Reads nothing but files it has drawn itself, from the page cache. Prints, for each task and reader, the least of all
rounds in milliseconds: on the wall, and of all threads' processors together.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy
import tifffile

SIDE = 6144
TILE = 256
REGION = 512
REGIONS = 64
CODECS = {
    "jpeg": {"photometric": "ycbcr", "compression": "jpeg", "compressionargs": {"level": 85}, "subsampling": (2, 2)},
    "lzw": {"photometric": "rgb", "compression": "lzw", "predictor": True},
    "deflate": {"photometric": "rgb", "compression": "adobe_deflate", "predictor": True},
}


def draw(side: int) -> numpy.ndarray:
    """Pink and violet blobs with grain, as compressible as stained tissue: [side, side, 3], 8 bits."""
    random = numpy.random.default_rng(1)
    coarse = random.random((side // 32 + 2, side // 32 + 2)).astype("f4")
    smooth = numpy.kron(coarse, numpy.ones((32, 32), "f4"))[:side, :side]
    for axis in (0, 1):
        smooth = sum(numpy.roll(smooth, step, axis) for step in range(-16, 17, 4)) / 9
    stain = (smooth - smooth.min()) / numpy.ptp(smooth)
    light = numpy.array([235, 205, 225], "f4")
    dark = numpy.array([90, 60, 130], "f4")
    grain = random.normal(0, 3, (side, side, 1)).astype("f4")
    return numpy.clip(light + stain[..., None] * (dark - light) + grain, 0, 255).astype("u1")


class Ours:
    """The reader in a process of its own, which times itself."""

    name = "scanreport"

    def __init__(self, executable: str, threads: int) -> None:
        self.process = subprocess.Popen(
            [executable, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def measure(self, path: Path, windows: list) -> tuple[float, float, int]:
        request = " ".join([str(path)] + [",".join(map(str, window)) for window in windows])
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        wall, processor, total = self.process.stdout.readline().split()
        return float(wall), float(processor), int(total)


class InProcess:
    """A reader in this process."""

    def measure(self, path: Path, windows: list) -> tuple[float, float, int]:
        wall, processor = time.perf_counter(), time.process_time()
        arrays = self.regions(path, windows) if windows else [self.all(path)]
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        return 1000 * wall, 1000 * processor, sum(int(numpy.sum(array, dtype="u8")) for array in arrays)


class Vips(InProcess):
    name = "libvips"

    def __init__(self, threads: int) -> None:
        # Read when the library is loaded.
        os.environ["VIPS_CONCURRENCY"] = str(threads)
        import pyvips

        pyvips.cache_set_max(0)
        self.vips = pyvips

    def all(self, path: Path) -> numpy.ndarray:
        image = self.vips.Image.new_from_file(str(path), access="sequential")
        return numpy.frombuffer(image.write_to_memory(), "u1")

    def regions(self, path: Path, windows: list) -> list:
        region = self.vips.Region.new(self.vips.Image.new_from_file(str(path)))
        return [numpy.frombuffer(region.fetch(*window), "u1") for window in windows]


class Tifffile(InProcess):
    """tifffile has no call for a region: its tiles are decoded one by one, each once."""

    name = "tifffile"

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def all(self, path: Path) -> numpy.ndarray:
        with tifffile.TiffFile(path) as file:
            return file.pages[0].asarray(maxworkers=self.threads)

    def regions(self, path: Path, windows: list) -> list:
        with tifffile.TiffFile(path) as file:
            page = file.pages[0]
            tables, columns, tiles = page.jpegtables, -(-page.imagewidth // TILE), {}

            def tile(column: int, row: int) -> numpy.ndarray:
                index = row * columns + column
                if index not in tiles:
                    file.filehandle.seek(page.dataoffsets[index])
                    data = file.filehandle.read(page.databytecounts[index])
                    tiles[index] = page.decode(data, index, jpegtables=tables)[0][0]
                return tiles[index]

            return [self.region(tile, *window) for window in windows]

    @staticmethod
    def region(tile, x: int, y: int, width: int, height: int) -> numpy.ndarray:
        left, top = x // TILE, y // TILE
        right, bottom = (x + width - 1) // TILE + 1, (y + height - 1) // TILE + 1
        mosaic = numpy.empty(((bottom - top) * TILE, (right - left) * TILE, 3), "u1")
        for row in range(top, bottom):
            for column in range(left, right):
                place = mosaic[(row - top) * TILE :, (column - left) * TILE :]
                place[:TILE, :TILE] = tile(column, row)
        return mosaic[y - top * TILE :, x - left * TILE :][:height, :width]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", help="the compiled ReadScans.swift")
    parser.add_argument("--scans", type=Path, required=True, help="folder for the scans that are drawn")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--side", type=int, default=SIDE, help="pixels along each side of the scans")
    parser.add_argument("--json", type=Path, help="a file for the same figures")
    options = parser.parse_args()

    readers = [Ours(options.reader, options.threads), Vips(options.threads), Tifffile(options.threads)]
    scans = {codec: options.scans / f"{codec}-{options.side}.tif" for codec in CODECS}
    for codec, scan in scans.items():
        if not scan.exists():
            tifffile.imwrite(scan, draw(options.side), tile=(TILE, TILE), metadata=None, **CODECS[codec])
    random = numpy.random.default_rng(2)
    corners = random.integers(0, options.side - REGION, (REGIONS, 2))
    windows = [(int(x), int(y), REGION, REGION) for x, y in corners]

    least: dict = {}
    sums: dict = {}
    for round_number in range(options.rounds):
        for codec, scan in scans.items():
            for task, wanted in (("all", []), (f"{REGIONS} regions", windows)):
                # Another one begins each time.
                for index in range(len(readers)):
                    reader = readers[(round_number + index) % len(readers)]
                    *times, total = reader.measure(scan, wanted)
                    key = (codec, task, reader.name)
                    least[key] = [min(pair) for pair in zip(times, least.get(key, times))]
                    sums.setdefault((codec, task), []).append(total)

    for (codec, task), totals in sums.items():
        if max(totals) - min(totals) > 1e-3 * max(totals):
            sys.exit(f"{codec}, {task}: the readers do not agree on the pixels")
    rows = [
        {"codec": codec, "task": task, "reader": reader, "wall_ms": round(wall, 1), "processor_ms": round(cpu, 1)}
        for (codec, task, reader), (wall, cpu) in sorted(least.items())
    ]
    if options.json:
        settings = {"threads": options.threads, "side": options.side, "rounds": options.rounds}
        options.json.write_text(json.dumps({**settings, "rows": rows}, indent=2) + "\n")
    print(f"{options.side} x {options.side} pixels, {options.threads} threads, least of {options.rounds} rounds")
    for row in rows:
        print("{codec:8} {task:12} {reader:12} {wall_ms:9.1f} ms {processor_ms:9.1f} ms of processor".format(**row))


if __name__ == "__main__":
    main()
