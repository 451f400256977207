#!/usr/bin/env bash
# tifffile can write a resolution per millimetre or micrometre; libvips takes such a number for one per inch, and
# OpenSlide for none.
#
# TIFF 6.0 knows ResolutionUnit 1 (none), 2 (inch) and 3 (centimetre); 4 and 5 are tifffile's RESUNIT.MILLIMETER and
# MICROMETER. libvips does not refuse them: by its answer the same scan is 25.4 times coarser, and an area 645 times
# larger. Write centimetres.
#
# Seen with tifffile 2026.3.3, libvips 8.18.7, OpenSlide 4.0.1, for 0.5 um per pixel (2000 pixels per millimetre):
# CENTIMETER: libvips 2000 per mm, OpenSlide 0.5 um;  MILLIMETER: libvips 78.74 per mm, OpenSlide nothing
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 pyvips==3.2.0 pyvips-binary==8.18.7 openslide-python==1.4.7 openslide-bin==4.0.1.2 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import openslide
import pyvips
import tifffile

scan = np.random.default_rng(0).integers(0, 256, (600, 800, 3)).astype(np.uint8)
vips, slide = {}, {}
for unit, resolution in [("CENTIMETER", 20000), ("MILLIMETER", 2000), ("MICROMETER", 2)]:
    path = f"{unit}.tif"
    tifffile.imwrite(path, scan, tile=(256, 256), resolution=(resolution, resolution), resolutionunit=unit, metadata=None)
    vips[unit] = pyvips.Image.new_from_file(path).xres
    slide[unit] = openslide.OpenSlide(path).properties.get("openslide.mpp-x")
version = ".".join(str(pyvips.version(part)) for part in range(3))
print("libvips", version, "pixels per mm", vips, "OpenSlide", openslide.__library_version__, "um per pixel", slide)
assert vips["CENTIMETER"] == 2000 and float(slide["CENTIMETER"]) == 0.5
assert abs(vips["MILLIMETER"] - 2000 / 25.4) < 0.01 and abs(vips["MICROMETER"] - 2 / 25.4) < 0.01
assert slide["MILLIMETER"] is None and slide["MICROMETER"] is None
PYTHON
