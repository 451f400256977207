"""Draws a slide of so many gigapixels in a small file: SIDE FILE.

A pyramid of JPEG tiles (BigTIFF), of which there are 64: each place shows one of them, and every third shows none, as
scanners leave glass out. The file is as large as is plausible for what it decodes to, by a hole at its end.
"""

import struct
import sys
from pathlib import Path

import imagecodecs
import numpy

side, path = int(sys.argv[1]), sys.argv[2]
TILE, DRAWN = 256, 64
rng = numpy.random.default_rng(7)


def drawn() -> bytes:
    """Spots and grain in greys: some 15 KB, as tissue has at quality 85."""
    y, x = numpy.mgrid[:TILE, :TILE]
    grey = numpy.full((TILE, TILE), 205.0)
    for _ in range(60):
        (cx, cy), radius = rng.uniform(0, TILE, 2), rng.uniform(4, 18)
        grey[(x - cx) ** 2 + (y - cy) ** 2 < radius**2] -= rng.uniform(10, 60)
    grey = (grey + rng.normal(0, 6, grey.shape)).clip(0, 255).astype(numpy.uint8)
    return imagecodecs.jpeg8_encode(numpy.stack([grey] * 3, 2), level=85)


def entry(tag: int, kind: int, values) -> bytes:
    """A field of a directory whose value fits into it, or lies where its only value says."""
    form = {3: "<4H", 4: "<2I", 16: "<Q"}[kind]
    room = {3: 4, 4: 2, 16: 1}[kind]
    padded = list(values) + [0] * (room - len(values))
    return struct.pack("<HHQ", tag, kind, len(values)) + struct.pack(form, *padded)


with Path(path).open("wb") as file:
    file.write(struct.pack("<2sHHHQ", b"II", 43, 8, 0, 0))
    tiles = []
    for picture in (drawn() for _ in range(DRAWN)):
        tiles.append((file.tell(), len(picture)))
        file.write(picture)
    link, width, level = 8, side, 0
    while width >= 2 * TILE or level == 0:
        columns = -(-width // TILE)
        which = rng.integers(0, DRAWN * 3 // 2, columns * columns)
        tables = []
        for part in (0, 1):
            values = numpy.array([tile[part] for tile in tiles] + [0] * (DRAWN // 2), numpy.uint64)[which]
            file.write(b"\0" * (-file.tell() % 8))
            tables.append(file.tell())
            file.write(values.astype("<u8").tobytes())
        fields = [
            entry(254, 4, [1 if level else 0]), entry(256, 4, [width]), entry(257, 4, [width]),
            entry(258, 3, [8, 8, 8]), entry(259, 3, [7]), entry(262, 3, [6]), entry(277, 3, [3]),
            entry(322, 4, [TILE]), entry(323, 4, [TILE]),
            struct.pack("<HHQQ", 324, 16, columns * columns, tables[0]),
            struct.pack("<HHQQ", 325, 16, columns * columns, tables[1]),
            entry(530, 3, [2, 2]),
        ]
        file.write(b"\0" * (-file.tell() % 8))
        start = file.tell()
        file.write(struct.pack("<Q", len(fields)) + b"".join(fields) + struct.pack("<Q", 0))
        end = file.tell()
        file.seek(link)
        file.write(struct.pack("<Q", start))
        file.seek(end)
        link, width, level = end - 8, width // 2, level + 1
    file.truncate(max(file.tell(), side * side // 80))
