"""Distributions of the times at a station: their names, and which deviation each can have.

They are drawn in ``cell2grid.engines.line.times``; the distributions of a study's figures are in ``draws.py``.
"""

from __future__ import annotations

DISTRIBUTIONS = ("deterministic", "exponential", "lognormal", "uniform", "triangular", "gamma", "erlang", "weibull")
# these are told by their mean alone
ONE_NUMBER = ("deterministic", "exponential")
MOST_DEVIATION = 100.0
# wider than this share of the mean, a time would come out negative
_WIDEST = {"uniform": 3.0**-0.5, "triangular": 6.0**-0.5, "erlang": 1.0}
# a Weibull time narrower than this is told apart from a fixed one by rounding alone
_NARROWEST = {"weibull": 1e-3, "gamma": 1e-4, "erlang": 1e-2, "lognormal": 1e-6, "uniform": 1e-6, "triangular": 1e-6}
_ROUNDING = 1e-9
_WHOLE = 0.005


def deviation_range(distribution: str, mean: float) -> tuple[float, float]:
    """The least and the most standard deviation of a time of this distribution and mean.

    >>> deviation_range("gamma", 60.0)
    (0.006, 6000.0)
    """
    return _NARROWEST[distribution] * mean, _WIDEST.get(distribution, MOST_DEVIATION) * mean


def possible(distribution: str, mean: float, deviation: float) -> bool:
    """Whether there is such a time.

    >>> possible("uniform", 60.0, 12.0), possible("uniform", 60.0, 50.0)
    (True, False)
    """
    least, most = deviation_range(distribution, mean)
    return least * (1.0 - _ROUNDING) <= deviation <= most * (1.0 + _ROUNDING)


def whole_stages(mean: float, deviation: float) -> bool:
    """Whether mean and deviation are those of a whole number of exponential stages, k = (mean / deviation)².

    >>> whole_stages(60.0, 20.0), whole_stages(60.0, 25.0)
    (True, False)
    """
    stages = (mean / deviation) ** 2
    return round(stages) >= 1 and abs(stages - round(stages)) <= _WHOLE * stages
