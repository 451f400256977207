"""From the networks' logits to the probability that a finding is true, and intervals of figures."""

from collections.abc import Callable, Sequence

import numpy
from scipy.optimize import minimize


def fitted(logits: numpy.ndarray, kinds: numpy.ndarray, truths: numpy.ndarray, count: int) -> tuple[float, list[float]]:
    """The likeliest temperature T, and shift s of each class: a finding's probability is sigmoid((logit + s) / T)."""

    def unlikelihood(parameters: numpy.ndarray) -> float:
        scaled = (logits + parameters[1:][kinds]) / numpy.exp(parameters[0])
        unlikely = numpy.logaddexp(0, numpy.where(truths, -scaled, scaled)).sum()
        # A weak pull towards no shift, for classes with hardly a false finding.
        return float(unlikely + 0.01 * (parameters[1:] ** 2).sum())

    parameters = minimize(unlikelihood, numpy.zeros(1 + count), method="Nelder-Mead", options={"maxiter": 4_000}).x
    return float(numpy.exp(parameters[0])), [float(shift) for shift in parameters[1:]]


def calibration_error(confidences: numpy.ndarray, truths: numpy.ndarray, bins: int = 10) -> float:
    """The mean gap between confidence and share of true findings, over bins of equal width."""
    place = (confidences * bins).astype(int).clip(0, bins - 1)
    gaps = [abs((confidences - truths)[place == index].sum()) for index in range(bins)]
    return float(sum(gaps) / max(len(confidences), 1))


def interval(figure: Callable[[Sequence[int]], float], count: int, resamples: int = 1_000) -> tuple[float, float]:
    """The 95 % interval of a figure of scans, by bootstrap over them; `figure` is given their indices."""
    generator = numpy.random.default_rng(1)
    values = [figure(generator.integers(count, size=count)) for _ in range(resamples)]
    low, high = numpy.percentile(values, [2.5, 97.5])
    return float(low), float(high)
