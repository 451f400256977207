#!/usr/bin/env bash
# Pillow turns a TIFF by its Orientation tag as it loads the pixels; tifffile and libvips do not.
#
# Image.open says one size, and the array has the other. Coordinates found on one reader's pixels then lie elsewhere on
# the other's: annotations drawn over a Pillow picture do not fit the scan as pathology programs show it. (Image.open of
# a JPEG with the same tag turns nothing.)
#
# Seen with Pillow 13.0.0, tifffile 2026.3.3, libvips 8.18.7 on 60 x 40 pixels with Orientation 6 (turn right by 90 degrees):
# Pillow (60, 40, 3), tifffile (40, 60, 3), libvips 60 x 40.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 pillow==13.0.0 pyvips==3.2.0 pyvips-binary==8.18.7 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import PIL
import pyvips
import tifffile
from PIL import Image

scan = np.zeros((40, 60, 3), np.uint8)
scan[:10, :20] = 255
tifffile.imwrite("turned.tif", scan, photometric="rgb", metadata=None, extratags=[(274, 3, 1, 6, True)])
pillow = np.asarray(Image.open("turned.tif"))
vips = pyvips.Image.new_from_file("turned.tif")
jpeg = Image.fromarray(scan)
exif = jpeg.getexif()
exif[274] = 6
jpeg.save("turned.jpg", exif=exif)
print("Pillow", PIL.__version__, pillow.shape, "tifffile", tifffile.imread("turned.tif").shape, "libvips", vips.width)
assert np.array_equal(pillow, np.rot90(scan, -1))
assert np.array_equal(tifffile.imread("turned.tif"), scan)
assert (vips.width, vips.height) == (60, 40) and np.array_equal(vips.numpy(), scan)
assert np.asarray(Image.open("turned.jpg")).shape == (40, 60, 3)
PYTHON
