"""ICC profiles (ICC.1:2001) of one camera, as scanners embed them: by a matrix and a gamma, and by a table."""

import struct

import numpy

# Of the camera's red, green and blue (rows), adapted to D50: those of Adobe RGB (1998).
PRIMARIES = numpy.array([[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]])
GAMMA = 2.2
D50 = numpy.array([0.9642, 1.0, 0.8249])
# Points along each axis of the table, as Aperio's profiles have.
GRID = 33


def fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def profile(pcs: bytes, tags: dict[bytes, bytes]) -> bytes:
    name = b"drawn camera\0"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + fixed(*D50),
    } | tags
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for signature, content in tags.items():
        table += signature + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    header = struct.pack(">III", start + len(data), 0, 0x02400000) + b"scnrRGB " + pcs
    header += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + fixed(*D50)
    return header.ljust(128, b"\0") + table + data


def matrix() -> bytes:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(GAMMA * 256)) + bytes(2)
    tags = {}
    for name, colour in zip((b"r", b"g", b"b"), PRIMARIES):
        tags[name + b"XYZ"] = b"XYZ " + bytes(4) + fixed(*colour)
        tags[name + b"TRC"] = curve
    return profile(b"XYZ ", tags)


def table() -> bytes:
    axis = numpy.linspace(0, 1, GRID)
    colours = numpy.stack(numpy.meshgrid(axis, axis, axis, indexing="ij"), -1)
    ratio = colours**GAMMA @ PRIMARIES / D50
    root = numpy.where(ratio > 216 / 24389, numpy.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = numpy.moveaxis(root, -1, 0)
    # Of 16 bits: L* from 0 to 100 as 0 to 0xFF00, a* and b* from -128 on (lut16Type).
    lab = numpy.stack([(116 * y - 16) * 652.8, (500 * (x - y) + 128) * 256, (200 * (y - z) + 128) * 256], -1)
    words = numpy.clip(lab.round(), 0, 65535).astype(">u2").tobytes()
    line = struct.pack(">2H", 0, 65535) * 3
    content = b"mft2" + bytes(4) + bytes([3, 3, GRID, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    content += struct.pack(">2H", 2, 2) + line + words + line
    return profile(b"Lab ", {b"A2B0": content})
