"""The figures on val with their intervals, and the temperature and shifts for `export.py`."""

import argparse
import json
import sys
from pathlib import Path

import numpy
import torch

sys.path.append(str(Path(__file__).parents[1] / "objects"))

from calibration import calibration_error, fitted, interval
from centres import CellNetwork
from evaluation import judged, precisions, predicted
from smears import CLASSES, load

THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = CellNetwork().eval()
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True)["network"])
    smears = load(options.data, "val")
    verdicts = [judged(smear, found) for smear, found in zip(smears, predicted(network, smears))]
    table = numpy.array([v for one in verdicts for v in one], float)
    kinds, confidences, truths = table[:, 0].astype(int), table[:, 1].clip(1e-6, 1 - 1e-6), table[:, 2].astype(bool)
    logits = numpy.log(confidences / (1 - confidences))
    temperature, shifts = fitted(logits, kinds, truths, len(CLASSES))
    calibrated = 1 / (1 + numpy.exp(-(logits + numpy.array(shifts)[kinds]) / temperature))

    def values(chosen: list[int]) -> list[float]:
        values = precisions([smears[i] for i in chosen], [verdicts[i] for i in chosen])
        return [*values, float(numpy.mean(values))]

    everything = list(range(len(smears)))
    for index, name in enumerate([*CLASSES, "mAP"]):
        low, high = interval(lambda chosen, index=index: values(chosen)[index], len(smears))
        print(f"{name}: {values(everything)[index]:.3f} ({low:.3f} to {high:.3f})")
    totals = [sum(int((smear.classes == kind).sum()) for smear in smears) for kind in range(len(CLASSES))]
    for threshold in THRESHOLDS:
        kept = calibrated >= threshold
        f1 = [2 * (truths & kept & (kinds == k)).sum() / ((kept & (kinds == k)).sum() + totals[k]) for k in range(3)]
        start, cut = 0, []
        for one in verdicts:
            cut.append([v for v, keep in zip(one, kept[start : start + len(one)]) if keep])
            start += len(one)
        precision = float(numpy.mean(precisions(smears, cut)))
        error = calibration_error(calibrated[kept], truths[kept])
        print(f"from {threshold}: mAP {precision:.3f}, F1 {numpy.round(f1, 3)}, calibration error {error:.3f}")
    shifts = [round(shift, 3) for shift in shifts]
    print(json.dumps({"temperature": round(temperature, 3), "shifts": shifts}))


if __name__ == "__main__":
    main()
