#!/usr/bin/env bash
# shapely's buffer(0), the usual repair of an outline that crosses itself, throws a lobe of it away.
#
# Outlines drawn by hand cross themselves. Here a loop of 31.25 square pixels hangs on one of 11.25: the sum of both is what
# was drawn round. buffer(0) keeps the one that runs the way that the outline runs as a whole, and says nothing; the
# polygon's own area is the difference of the two. make_valid keeps both.
#
# Seen with shapely 2.2.0 (GEOS 3.14): area 20, buffer(0) 31.25, make_valid 42.5.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet shapely==2.2.0 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import shapely

outline = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 6)])
areas = {
    "valid": outline.is_valid,
    "area": outline.area,
    "buffer(0)": outline.buffer(0).area,
    "make_valid": shapely.make_valid(outline).area,
}
print(shapely.__version__, shapely.geos_version, areas)
assert areas == {"valid": False, "area": 20, "buffer(0)": 31.25, "make_valid": 42.5}
PYTHON
