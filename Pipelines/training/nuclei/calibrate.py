"""The figures on val with their intervals, and the temperature and shift for `export.py`."""

import argparse
import json
import sys
from pathlib import Path

import numpy
import torch

sys.path.append(str(Path(__file__).parents[1] / "objects"))

from calibration import calibration_error, fitted, interval
from evaluation import counts, hits, predicted, scores
from micrographs import load
from stars import NucleusNetwork

LOWEST = 0.1  # of the raw probabilities
THRESHOLDS = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = NucleusNetwork().eval()
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True)["network"])
    micrographs = load(options.data, "val")
    found = [predicted(network, one, LOWEST) for one in micrographs]
    truths = [hits(one, outlines, 0.5) for one, (outlines, _) in zip(micrographs, found)]
    logits, pooled = numpy.concatenate([part for _, part in found]), numpy.concatenate(truths)
    temperature, (shift,) = fitted(logits, numpy.zeros(len(logits), int), pooled, 1)
    best, best_tables = 0.0, []
    for threshold in THRESHOLDS:
        tables, kept, right = [], [], []
        for one, (outlines, part) in zip(micrographs, found):
            confidence = 1 / (1 + numpy.exp(-(part + shift) / temperature))
            chosen = [outline for outline, value in zip(outlines, confidence) if value >= threshold]
            tables.append(counts(one, chosen))
            kept.append(confidence[confidence >= threshold])
            right.append(hits(one, chosen, 0.5))
        f1, precision = scores(tables)
        error = calibration_error(numpy.concatenate(kept), numpy.concatenate(right))
        print(f"from {threshold}: F1 {f1:.3f}, mean AP {precision:.3f}, calibration error {error:.3f}", flush=True)
        if f1 + precision > best:
            best, best_tables, best_threshold = f1 + precision, tables, threshold
    print(f"at {best_threshold}:")
    for kind in [None, *sorted({one.kind for one in micrographs})]:
        own = [table for table, one in zip(best_tables, micrographs) if kind in (None, one.kind)]
        parts = []
        for index, name in enumerate(["F1", "mean AP"]):
            low, high = interval(lambda chosen, index=index, own=own: scores([own[i] for i in chosen])[index], len(own))
            parts.append(f"{name} {scores(own)[index]:.3f} ({low:.3f} to {high:.3f})")
        print(f"{kind or 'all'}, {len(own)} scans: {', '.join(parts)}")
    mean = numpy.mean([scores([table])[1] for table in best_tables])
    print(f"mean AP as the mean of the scans: {mean:.3f}")
    print(json.dumps({"temperature": round(temperature, 3), "shift": round(shift, 3)}))


if __name__ == "__main__":
    main()
