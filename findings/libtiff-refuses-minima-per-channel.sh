#!/usr/bin/env bash
# libtiff refuses a whole image for its MinSampleValue: three values, one a channel, as TIFF 6.0 asks for.
#
# TIFF 6.0 gives MinSampleValue and MaxSampleValue (280, 281) a value for each sample of a pixel, and says that they are
# statistics. Where the values differ, as the minima of red, green and blue do, libtiff reads no directory at all, and so
# neither do libvips and the others that stand on it; of SMinSampleValue (340) it takes three values, but not one. Write
# both the other way round (one value of 280, three of 340), or leave them out; tifffile reads all four.
#
# Seen with libvips 8.18.7 and tifffile 2026.3.3 on 16-bit RGB.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 pyvips==3.2.0 pyvips-binary==8.18.7 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import pyvips
import tifffile

scan = np.random.default_rng(0).integers(100, 4096, (64, 64, 3)).astype(np.uint16)
values = {(280, 1): 100, (280, 3): (100, 101, 102), (340, 1): 100, (340, 3): (100, 101, 102)}
read = {}
for (tag, count), value in values.items():
    tifffile.imwrite("scan.tif", scan, photometric="rgb", metadata=None, extratags=[(tag, "H", count, value, True)])
    assert np.array_equal(tifffile.imread("scan.tif"), scan)
    try:
        # The bytes, for libvips keeps files that it has seen.
        image = pyvips.Image.new_from_buffer(open("scan.tif", "rb").read(), "")
        read[tag, count] = np.array_equal(image.numpy(), scan)
    except pyvips.Error as error:
        read[tag, count] = False
        print(tag, "with", count, "value(s):", str(error).strip().splitlines()[-1])
print("libvips", pyvips.base.version(0), pyvips.base.version(1), read)
assert read == {(280, 1): True, (280, 3): False, (340, 1): False, (340, 3): True}
PYTHON
