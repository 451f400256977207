#!/usr/bin/env bash
# OpenSlide 4 takes the resolution of a generic TIFF at its word: 72 dots per inch are 352.8 um per pixel.
#
# 72 and 96 dots per inch are what image editors and libraries write where nobody knows the scale. In that scale a gland
# of 100 pixels is a hand wide. Compare what openslide.mpp-x says with what a microscope can do before areas are computed
# from it.
#
# Seen with OpenSlide 4.0.1: openslide.mpp-x is 352.77777777777777.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 openslide-python==1.4.7 openslide-bin==4.0.1.2 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import openslide
import tifffile

scan = np.random.default_rng(0).integers(0, 256, (300, 300, 3)).astype(np.uint8)
tifffile.imwrite("72.tif", scan, tile=(128, 128), resolution=(72, 72), resolutionunit="INCH", metadata=None)
properties = openslide.OpenSlide("72.tif").properties
print("OpenSlide", openslide.__library_version__, properties["openslide.vendor"], properties["openslide.mpp-x"])
assert properties["openslide.vendor"] == "generic-tiff"
assert abs(float(properties["openslide.mpp-x"]) - 25400 / 72) < 1e-9
PYTHON
