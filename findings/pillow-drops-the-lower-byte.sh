#!/usr/bin/env bash
# Pillow reads a TIFF with 16 bits a colour as 8 bits, and says nothing.
#
# The mode is RGB, as for any picture; the lower byte of each sample is dropped. A camera's 12 bits in 16 (0 to 4095) come
# out as values from 0 to 15: a nearly black picture that no error explains. Grey images of 16 bits keep their depth.
#
# Seen with Pillow 13.0.0 on a file by tifffile 2026.3.3: mode RGB, uint8, equal to the samples divided by 256.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 pillow==13.0.0 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import warnings

import numpy as np
import PIL
import tifffile
from PIL import Image

warnings.simplefilter("error")
scan = np.random.default_rng(0).integers(0, 4096, (40, 50, 3)).astype(np.uint16)
tifffile.imwrite("deep.tif", scan, photometric="rgb")
tifffile.imwrite("grey.tif", scan[..., 0], photometric="minisblack")
image = Image.open("deep.tif")
colour, grey = np.asarray(image), np.asarray(Image.open("grey.tif"))
print("Pillow", PIL.__version__, image.mode, colour.dtype, "maximum", colour.max(), "grey", grey.dtype)
assert image.mode == "RGB" and np.array_equal(colour, scan >> 8) and colour.max() == 15
assert np.array_equal(grey, scan[..., 0])
PYTHON
