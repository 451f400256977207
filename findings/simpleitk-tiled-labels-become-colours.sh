#!/usr/bin/env bash
# SimpleITK reads a tiled label image of 16 bits as four channels of 8 bits; the same image in strips it reads right.
#
# Labels above 255 are lost, and the shape is another one. The only sign is a warning on standard error ("Falling back
# to suboptimal 8-bit RGBA reader"). Write masks that ITK's users are to read in strips, or as PNG.
#
# Seen with SimpleITK 2.5.7 on files by tifffile 2026.3.3: strips (300, 260) uint16 with labels 0, 1, 300;
# tiles of 128 x 128 (300, 260, 4) uint8 with values 0, 1, 255.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet SimpleITK==2.5.7 tifffile==2026.3.3 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import numpy as np
import SimpleITK
import tifffile

labels = np.zeros((300, 260), np.uint16)
labels[40:90, 50:120] = 1
labels[100:200, 100:200] = 300
read = {}
for name, options in [("strips", {}), ("tiles", {"tile": (128, 128)})]:
    tifffile.imwrite(f"{name}.tif", labels, photometric="minisblack", metadata=None, **options)
    assert np.array_equal(tifffile.imread(f"{name}.tif"), labels)
    read[name] = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(f"{name}.tif"))
    print("SimpleITK", SimpleITK.Version_VersionString(), name, read[name].shape, read[name].dtype, np.unique(read[name]))
assert np.array_equal(read["strips"], labels)
assert read["tiles"].shape == (300, 260, 4) and read["tiles"].dtype == np.uint8 and 300 not in read["tiles"]
PYTHON
