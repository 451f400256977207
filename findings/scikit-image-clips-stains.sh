#!/usr/bin/env bash
# scikit-image's rgb2hed is not undone by hed2rgb: what no haematoxylin, eosin or DAB could make is lost.
#
# The separation is a product with an inverse matrix, so the way back ought to give the colours again. It does for a purple
# pixel, and does not for a marker pen's green or for yellow: amounts below zero are set to zero. Whoever augments stains by
# that way (to hed, a factor for each stain, back) turns green ink dark violet before the network sees it, also with all
# factors 1. Product and logarithm by hand keep the signs.
#
# Seen with scikit-image 0.26.0: (200, 120, 190) comes back; (40, 160, 60) as (35, 21, 48), (255, 230, 180) as
# (221, 188, 168).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet scikit-image==0.26.0 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import skimage
from skimage.color import hed2rgb, rgb2hed

colours = np.array([[[200, 120, 190], [40, 160, 60], [255, 230, 180]]], np.uint8)
back = (hed2rgb(rgb2hed(colours)) * 255).round().astype(int)[0].tolist()
print(skimage.__version__, colours[0].tolist(), "come back as", back)
assert back == [[200, 120, 190], [35, 21, 48], [221, 188, 168]]
PYTHON
