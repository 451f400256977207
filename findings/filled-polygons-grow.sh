#!/usr/bin/env bash
# OpenCV, Pillow and scikit-image fill a polygon with its border pixels: a square of 10 x 10 comes out as 121 pixels.
#
# Outlines of QuPath and GeoJSON run along pixel edges, so the square from (5, 5) to (15, 15) is 100 pixels; rasterio and
# the polygon's own area agree. Filled by the others it is 11 x 11: a nucleus of that size grows by a fifth, and its IoU
# with itself is 0.83. The way back shrinks: OpenCV's contour of 100 pixels runs through their centres and has an area
# of 81. Shift by half a pixel on the way, or rasterise with pixel centres (rasterio, or matplotlib's path).
#
# Seen with OpenCV 5.0.0, Pillow 13.0.0, scikit-image 0.26.0: 121; rasterio 1.4.4, shapely 2.2.0: 100; contourArea: 81.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet opencv-python-headless==5.0.0.93 pillow==13.0.0 scikit-image==0.26.0 rasterio==1.4.4 \
    shapely==2.2.0 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import cv2
import numpy as np
from PIL import Image, ImageDraw
from rasterio.features import rasterize
from shapely.geometry import Polygon
from skimage.draw import polygon

square = [(5, 5), (15, 5), (15, 15), (5, 15)]
opencv = np.zeros((20, 20), np.uint8)
cv2.fillPoly(opencv, [np.array(square)], 1)
pillow = Image.new("L", (20, 20))
ImageDraw.Draw(pillow).polygon(square, fill=1)
rows, _ = polygon([y for _, y in square], [x for x, _ in square], (20, 20))
mask = np.zeros((20, 20), np.uint8)
mask[5:15, 5:15] = 1
contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
filled = {
    "OpenCV": int(opencv.sum()),
    "Pillow": int(np.asarray(pillow).sum()),
    "scikit-image": len(rows),
    "rasterio": int(rasterize([(Polygon(square), 1)], (20, 20)).sum()),
    "shapely": Polygon(square).area,
    "contour of 100 pixels": cv2.contourArea(contours[0]),
}
print(filled)
assert list(filled.values()) == [121, 121, 121, 100, 100, 81]
PYTHON
