#!/usr/bin/env bash
# tifffile reads Aperio's compression 33003 as YCbCr under the name of RGB; OpenSlide reads RGB.
#
# Aperio's JPEG 2000 tiles come in two kinds: 33005 holds RGB, 33003 holds YCbCr, and both say PhotometricInterpretation RGB.
# The number of the compression alone tells the colours. tifffile hands out what the decoder gave: a pink slide is grey-green,
# and a network grades it without a word.
#
# Seen with tifffile 2026.3.3, imagecodecs 2026.3.6, OpenSlide 4.0.0: (200, 120, 190) is read as (152, 150, 162) by
# tifffile, within a step of the truth by OpenSlide.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tifffile==2026.3.3 imagecodecs==2026.3.6 openslide-python==1.4.2 openslide-bin==4.0.0.8 \
    numpy==2.4.6

venv/bin/python - <<'PYTHON'
import imagecodecs
import numpy as np
import openslide
import tifffile

colour = np.array([200, 120, 190])
# JFIF's equations.
red, green, blue = colour
luma = 0.299 * red + 0.587 * green + 0.114 * blue
converted = [luma, (blue - luma) / 1.772 + 128, (red - luma) / 1.402 + 128]
tile = np.full((240, 240, 3), np.round(converted), np.uint8)
encoded = imagecodecs.jpeg2k_encode(tile, codecformat="J2K", level=0, colorspace="UNSPECIFIED")
with tifffile.TiffWriter("slide.svs") as writer:
    writer.write(
        iter([encoded]), shape=tile.shape, dtype="uint8", tile=tile.shape[:2], photometric="rgb", compression=33003,
        description="Aperio Image Library v11\r\n240x240 [0,0 240x240] (240x240) J2K/YUV16 Q=70|AppMag = 20|MPP = 0.5",
        metadata=None)
page = tifffile.TiffFile("slide.svs").pages[0]
slide = openslide.OpenSlide("slide.svs")
read = {
    "photometric": page.photometric.name,
    "tifffile": page.asarray()[0, 0].tolist(),
    "openslide": list(slide.read_region((0, 0), 0, (1, 1)).getpixel((0, 0))[:3]),
}
print(tifffile.__version__, imagecodecs.__version__, openslide.__library_version__, slide.detect_format("slide.svs"), read)
assert read["photometric"] == "RGB" and read["tifffile"] == np.round(converted).astype(int).tolist()
assert np.abs(np.array(read["openslide"]) - colour).max() <= 1
PYTHON
