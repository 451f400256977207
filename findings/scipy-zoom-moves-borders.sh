#!/usr/bin/env bash
# scipy.ndimage.zoom lays the centres of the corner pixels on each other: what is in between moves.
#
# A map of 10 x 10 cells enlarged by 8 is taken for cells of 8 x 8 pixels by everyone who counts from the corner. Here the
# cells at the border become 5 pixels wide, those in the middle 9, and a border after the first cell lies at 5 instead of 8.
# A probability map that is brought back to the scan like that moves its findings by up to half a cell. grid_mode=True
# with mode="nearest" does what one expects.
#
# Seen with SciPy 1.17.1: borders at 8, 16, 24, 40, 72 of 80 come out at 5, 14, 22, 40, 75.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet scipy==1.17.1 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
from scipy.ndimage import zoom

cells = [1, 2, 3, 5, 9]
usual, grid = [], []
for count in cells:
    probabilities = np.zeros((10, 10))
    probabilities[:, :count] = 1
    usual.append(int(zoom(probabilities, 8, order=0)[0].sum()))
    grid.append(int(zoom(probabilities, 8, order=0, grid_mode=True, mode="nearest")[0].sum()))
print("true", [8 * count for count in cells], "zoom", usual, "grid_mode", grid)
assert grid == [8 * count for count in cells]
assert usual == [5, 14, 22, 40, 75]
PYTHON
