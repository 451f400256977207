#!/usr/bin/env bash
# scikit-image takes a TIFF of three or four pages for one colour picture and turns its axes; of two or five it does not.
#
# Three focal planes, moments or stains come back as (height, width, 3) instead of (3, height, width): code that runs over
# the first axis runs over rows, without an error, and only for stacks of that length. tifffile itself keeps the pages apart.
#
# Seen with scikit-image 0.26.0 and tifffile 2026.3.3 on pages of 30 x 40: 2 pages (2, 30, 40), 3 (30, 40, 3),
# 4 (30, 40, 4), 5 (5, 30, 40).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet scikit-image==0.26.0 tifffile==2026.3.3 imageio==2.37.2 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import skimage.io
import tifffile

shapes = {}
for pages in 2, 3, 4, 5:
    tifffile.imwrite("planes.tif", np.zeros((pages, 30, 40), np.uint16), photometric="minisblack")
    assert tifffile.imread("planes.tif").shape == (pages, 30, 40)
    shapes[pages] = skimage.io.imread("planes.tif").shape
print(shapes)
assert shapes == {2: (2, 30, 40), 3: (30, 40, 3), 4: (30, 40, 4), 5: (5, 30, 40)}
PYTHON
