#!/usr/bin/env bash
# pycocotools scores only the 100 surest detections of an image; the others count as missed, and nothing says so.
#
# COCO's pictures hold some seven objects, a field of nuclei holds hundreds: a perfect detector of 300 nuclei gets an
# average precision of 0.337. Set params.maxDets before evaluate(); summarize() then reads its last entry only if 100 is
# in the list, so take the precision from eval["precision"].
#
# Seen with pycocotools 2.0.11: 300 of 300 objects found exactly, AP 0.337 and AR 0.333; with maxDets 1000, AP 1.0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet pycocotools==2.0.11 numpy==2.4.6

venv/bin/python - <<'PYTHON'
import contextlib
import io

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

boxes = [[20 * (i % 20), 20 * (i // 20), 10, 10] for i in range(300)]
truth = COCO()
truth.dataset = {
    "info": {},
    "images": [{"id": 1, "width": 400, "height": 400}],
    "categories": [{"id": 1, "name": "nucleus"}],
    "annotations": [
        {"id": i + 1, "image_id": 1, "category_id": 1, "bbox": box, "area": 100, "iscrowd": 0}
        for i, box in enumerate(boxes)
    ],
}


def evaluated(most: int | None) -> COCOeval:
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found = truth.loadRes([{"image_id": 1, "category_id": 1, "bbox": box, "score": 0.9} for box in boxes])
        evaluation = COCOeval(truth, found, "bbox")
        if most:
            evaluation.params.maxDets = [most]
        evaluation.evaluate()
        evaluation.accumulate()
        if not most:
            evaluation.summarize()
    return evaluation


usual = evaluated(None).stats
print("AP", round(usual[0], 3), "AR", round(usual[8], 3), "of 300 objects that were all found")
assert round(usual[0], 3) == 0.337 and round(usual[8], 3) == 0.333
precision = evaluated(1000).eval["precision"]
print("AP with maxDets 1000", precision[..., 0, -1].mean())
assert precision[:, :, 0, 0, -1].mean() == 1
PYTHON
