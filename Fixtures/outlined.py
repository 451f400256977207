"""Draws the outlines of an export over scans, side by side: `glands.png`.

    scanreport export --format geojson --output OUTLINES
    python Fixtures/outlined.py OUTLINES glands.png Fixtures/scans/DEMO0001/DEMO0001-03.tif ...

Needs numpy, pillow and tifffile.
"""

import hashlib
import json
import sys
from pathlib import Path

import tifffile
from PIL import Image, ImageDraw

ZOOM, SIDE, GAP = 2, 444, 8
COLOURS = {
    "Normal": (0, 150, 60),
    "Polyp": (0, 90, 220),
    "Low-grade IN": (240, 140, 0),
    "High-grade IN": (190, 60, 0),
    "Adenocarcinoma": (215, 20, 30),
    "Serrated adenoma": (130, 0, 170),
}


def outlined(scan: Path, outlines: Path) -> Image.Image:
    picture = Image.fromarray(tifffile.imread(scan, key=0))
    picture = picture.resize((picture.width * ZOOM, picture.height * ZOOM), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(picture)
    name = hashlib.sha256(scan.read_bytes()).hexdigest()
    for feature in json.loads((outlines / f"{name}.geojson").read_text())["features"]:
        geometry, colour = feature["geometry"], COLOURS[feature["properties"]["classification"]["name"]]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for ring in (ring for part in parts for ring in part):
            draw.line([(x * ZOOM, y * ZOOM) for x, y in ring], fill=colour, width=3, joint="curve")
    return picture.crop((0, 0, SIDE, SIDE))


def main() -> None:
    outlines, output, *scans = map(Path, sys.argv[1:])
    sheet = Image.new("RGB", (len(scans) * (SIDE + GAP) - GAP, SIDE), "white")
    for index, scan in enumerate(scans):
        sheet.paste(outlined(scan, outlines), (index * (SIDE + GAP), 0))
    sheet = sheet.resize((sheet.width * 2 // 3, sheet.height * 2 // 3), Image.Resampling.LANCZOS)
    sheet.quantize(96, dither=Image.Dither.NONE).save(output, optimize=True)


if __name__ == "__main__":
    main()
