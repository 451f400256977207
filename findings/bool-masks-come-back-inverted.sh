#!/usr/bin/env bash
# tifffile writes a numpy array of bool with 0 as white; Pillow and OpenCV then read the mask inverted.
#
# tifffile alone gives back what was written: it looks at the number, the others at the colour. Both may be defended
# by the standard (PhotometricInterpretation 0, WhiteIsZero), but a mask that went through two tools marks the background.
# Write masks as uint8 with photometric="minisblack", and in reading look at the tag.
#
# Seen with tifffile 2026.3.3, Pillow 13.0.0, OpenCV 5.0.0: tag 0 (MINISWHITE), 1 bit; a true pixel is True for tifffile,
# False for Pillow, 0 for OpenCV.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 pillow==13.0.0 opencv-python-headless==5.0.0.93 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import cv2
import numpy as np
import PIL
import tifffile
from PIL import Image

mask = np.zeros((40, 50), bool)
mask[10:20, 5:30] = True
tifffile.imwrite("mask.tif", mask)
with tifffile.TiffFile("mask.tif") as file:
    photometric = file.pages[0].photometric
back = tifffile.imread("mask.tif")
pillow = np.asarray(Image.open("mask.tif")) > 0
opencv = cv2.imread("mask.tif", cv2.IMREAD_UNCHANGED) > 0
print("tifffile", tifffile.__version__, photometric.name, "Pillow", PIL.__version__, "OpenCV", cv2.__version__)
assert photometric == tifffile.PHOTOMETRIC.MINISWHITE
assert np.array_equal(back, mask)
assert np.array_equal(pillow, ~mask)
assert np.array_equal(opencv, ~mask)
PYTHON
