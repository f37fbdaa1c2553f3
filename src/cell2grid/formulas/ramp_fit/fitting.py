"""A ramp curve fitted to counts by least squares, with intervals by profile likelihood where there are counts to spare.

A curve goes to the nameplate that is known, to a plateau below it, or, where no nameplate is known, to a level that is
fitted. Errors of daily output are taken as independent, normal and alike on all days, so that a part of n days weighs
1/n. A parameter's interval is where the sum of squares, made least over all else, stays below S (1 + F / d), with F the
95 % quantile of F(1, d) and d = counts - parameters (Seber and Wild 1989, doi:10.1002/0471725315). With d = 0 there is
none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cell2grid.errors import EngineError
from cell2grid.formulas.ramp_fit.counts import DAYS, Floats, Ramping
from cell2grid.formulas.ramp_fit.growth import day_of_opened, made

CURVES = ("immediate", "linear", "tranches", "logistic", "learning")
LEVELS = ("nameplate", "plateau", "free")
CONFIDENCE = 0.95
SHAPES = {"immediate": 0, "linear": 1, "tranches": 1, "logistic": 1, "learning": 2}
_LONGEST = 600.0  # months to nameplate that are tried
_SHORTEST = 0.1
_LENGTHS, _STARTS, _ZOOMS = 480, 40, 6
_LOGITS = np.log([0.001 / 0.999, 0.98 / 0.02])  # of the shares that learning may begin with
_WHOLE = 1.0 / 12.0  # variance of a count that is rounded to whole items


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; an end is None where the counts set none, both where there are no counts to spare."""

    value: float
    low: float | None = None
    high: float | None = None
    known: bool = False
    """Whether there is an interval at all: its ends are then those that exist."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A curve, what it goes to, its parameters by name, and how well it tells the counts.

    ``reached`` is the day, from the opening, on which 99 % of what it goes to is in use. ``squares`` is the weighted
    sum [item²/day], ``miss`` the root of the mean square of misses as a share of the counts. ``aicc`` is None where
    there are too few counts for it.
    """

    curve: str
    level: str
    parameters: dict[str, Estimate]
    count: int
    expected: Floats
    reached: Estimate
    squares: float
    miss: float
    aicc: float | None
    shape: tuple[float, float, float]
    """Length, start and multiple of capacity: what ``made`` takes."""

    def expected_in(self, case: Ramping) -> Floats:
        """Items that the curve makes in the parts of another line of time of the same plant."""
        length, start, factor = self.shape
        return np.asarray(factor * made(case, self.curve, np.array([length]), np.array([start]))[0])

    @property
    def number(self) -> int:
        """How many parameters were fitted."""
        return SHAPES[self.curve] + (self.level != "nameplate")

    @property
    def spare(self) -> int:
        """Counts beyond the parameters; none or fewer where the curve fits whatever was counted."""
        return self.count - self.number


def named(curve: str, level: str) -> str:
    """The curve in words.

    >>> named("linear", "plateau"), named("immediate", "plateau")
    ('linear to a plateau', 'plateau below nameplate')
    """
    if curve == "immediate":
        return {"nameplate": "immediate", "plateau": "plateau below nameplate", "free": "a steady level"}[level]
    return f"{curve} to a plateau" if level == "plateau" else curve


def fits(case: Ramping, *, nameplate: bool) -> list[Fit]:
    """All curves fitted: with a known nameplate to it and to a plateau below it, else to a level that is fitted."""
    levels = ("nameplate", "plateau") if nameplate else ("free",)
    return [fit(case, curve, level) for level in levels for curve in CURVES]


def fit(case: Ramping, curve: str, level: str) -> Fit:
    """The curve of one name that tells the counts best.

    Parameters
    ----------
    case
        Counts, blocks of capacity and time; with the level ``free`` capacities are shares of the level.
    level
        ``nameplate``: all of the capacity; ``plateau``: a part of it that is fitted, 1 at most; ``free``: any multiple.

    Raises
    ------
    EngineError
        The curve or the level has no such name.
    """
    if curve not in CURVES or level not in LEVELS:
        raise EngineError(f"ramp fit: '{curve}' to '{level}' is none of {', '.join(CURVES)} to {', '.join(LEVELS)}")
    found = _searched(case, curve, level)
    expected = found.factor[found.best] * found.basis[found.best]
    squares, n, w = float(found.squares[found.best]), case.items, case.weights
    return Fit(
        curve=curve,
        level=level,
        parameters=_parameters(case, curve, level, found),
        count=len(case.parts),
        expected=expected,
        reached=_reached(case, curve, found),
        squares=squares,
        miss=float(np.sqrt(np.sum(w * (n - expected) ** 2) / max(np.sum(w * n**2), 1e-300))),
        aicc=_aicc(case, curve, level, squares),
        shape=(float(found.length[found.best]), float(found.start[found.best]), float(found.factor[found.best])),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """All that was tried: lengths and starts with their basis, factor and squares; the best; the bound of squares.

    ``limits`` are the ends of what may be tried: of the logarithm of the length, and of the logit of the start.
    """

    length: Floats
    start: Floats
    basis: Floats
    factor: Floats
    squares: Floats
    best: int
    bound: float | None
    limits: tuple[Floats, Floats]


def _searched(case: Ramping, curve: str, level: str) -> _Search:
    """The best of a grid, refined; then finer grids over what lies inside the bound, for the ends of intervals."""
    size = float(case.capacity.sum()) if curve == "learning" else 1.0
    limits = np.log([_SHORTEST * size, _LONGEST * size]), _LOGITS
    axes = _axes(curve, limits)
    best = _refined(case, curve, level, axes, limits)
    for _ in range(_ZOOMS):
        length, start = _grid(curve, axes, best)
        basis = made(case, curve, length, start)
        factor, squares = _best_factor(case, basis, level)
        place = int(np.argmin(squares))
        bound = _bound(case, curve, level, float(squares[place]))
        found = _Search(length, start, basis, factor, squares, place, bound, limits)
        if found.bound is None or SHAPES[curve] == 0 or curve == "tranches":
            break
        axes = _around(axes, found, limits)
    return found


def _axes(curve: str, limits: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Logarithms of lengths and logits of starts that are tried."""
    if curve == "immediate":
        return np.zeros(1), np.zeros(1)
    if curve == "tranches":
        return np.log(3.0 * np.arange(1.0, _LONGEST / 3 + 1)), np.zeros(1)
    if curve == "learning":
        return _between(limits[0], _LENGTHS // 4), _between(limits[1], _STARTS)
    return _between(limits[0], _LENGTHS), np.zeros(1)


def _between(ends: Floats, number: int) -> Floats:
    return np.linspace(float(ends[0]), float(ends[1]), number)


def _grid(curve: str, axes: tuple[Floats, Floats], best: Floats) -> tuple[Floats, Floats]:
    """Lengths and starts of all pairs, and the best that is known."""
    one, other = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    if SHAPES[curve] and curve != "tranches":
        one, other = np.append(one, best[0]), np.append(other, best[1])
    return np.exp(one), 1 / (1 + np.exp(-other))


def _around(axes: tuple[Floats, Floats], found: _Search, limits: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Finer axes over the part inside the bound, and one step beyond it on each side where there is one."""
    inside = found.squares <= (np.inf if found.bound is None else found.bound)
    finer = []
    for axis, values, ends in zip(
        axes, (np.log(found.length), np.log(found.start / (1 - found.start))), limits, strict=True
    ):
        if axis.size == 1:
            finer.append(axis)
            continue
        low, high = float(values[inside].min()), float(values[inside].max())
        # points far apart may have missed the ends of a narrow valley
        step = float(axis[1] - axis[0]) + (high - low) / 2
        low, high = low - step, high + step
        finer.append(np.linspace(max(low, ends[0]), min(high, ends[1]), axis.size))
    return finer[0], finer[1]


def _refined(
    case: Ramping, curve: str, level: str, axes: tuple[Floats, Floats], limits: tuple[Floats, Floats]
) -> Floats:
    """Logarithm of the length and logit of the start that tell the counts best, from the best pair of the axes."""
    from scipy.optimize import minimize

    first = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    place = int(np.argmin(_best_factor(case, made(case, curve, *_numbers(first)), level)[1]))
    if SHAPES[curve] == 0 or curve == "tranches":
        return np.asarray(first[:, place])
    bounds = [(float(ends[0]), float(ends[1])) for ends in limits][: SHAPES[curve]]

    def squares(x: Floats) -> float:
        pair = np.zeros((2, 1))
        pair[: x.size, 0] = x
        return float(_best_factor(case, made(case, curve, *_numbers(pair)), level)[1][0])

    options: Any = {"xatol": 1e-9, "fatol": 0.0, "maxiter": 400}
    found = minimize(squares, first[: SHAPES[curve], place], method="Nelder-Mead", bounds=bounds, options=options)
    return np.concatenate([found.x, np.zeros(2 - SHAPES[curve])])


def _numbers(pairs: Floats) -> tuple[Floats, Floats]:
    return np.exp(pairs[0]), 1 / (1 + np.exp(-pairs[1]))


def _best_factor(case: Ramping, basis: Floats, level: str) -> tuple[Floats, Floats]:
    """The multiple of each basis (length, part) that tells the counts best, and its weighted sum of squares."""
    n, w = case.items, case.weights
    factor = np.ones(len(basis))
    if level != "nameplate":
        size = (w * basis**2).sum(axis=1)
        factor = np.divide((w * basis * n).sum(axis=1), size, out=np.zeros_like(size), where=size > 0)
        factor = np.clip(factor, 0.0, 1.0 if level == "plateau" else np.inf)
    return factor, (w * (n - factor[:, None] * basis) ** 2).sum(axis=1)


def _bound(case: Ramping, curve: str, level: str, squares: float) -> float | None:
    """The most that the sum of squares may be inside an interval; None without a count to spare."""
    from scipy.stats import f

    spare = len(case.parts) - SHAPES[curve] - (level != "nameplate")
    if spare <= 0:
        return None
    return squares + _at_least_rounding(case, squares) * float(f.ppf(CONFIDENCE, 1, spare)) / spare


def _at_least_rounding(case: Ramping, squares: float) -> float:
    """Reported counts are whole numbers: no sum of squares is known to be smaller than rounding makes it."""
    return max(squares, _WHOLE * float(case.weights.sum()))


def _aicc(case: Ramping, curve: str, level: str, squares: float) -> float | None:
    """n ln(S/n) + 2K + 2K(K + 1) / (n − K − 1), the variance counted in K; None with too few counts.

    Hurvich and Tsai (1989), doi:10.1093/biomet/76.2.297.
    """
    n, K = len(case.parts), SHAPES[curve] + (level != "nameplate") + 1
    if n - K - 1 <= 0:
        return None
    return float(n * np.log(_at_least_rounding(case, squares) / n) + 2 * K + 2 * K * (K + 1) / (n - K - 1))


def _parameters(case: Ramping, curve: str, level: str, found: _Search) -> dict[str, Estimate]:
    parameters = {}
    if curve in ("linear", "tranches", "logistic"):
        parameters["months_to_nameplate"] = _length(curve, found)
    if curve == "learning":
        parameters["items_to_nameplate"] = _items(found)
        least, most = (float(1 / (1 + np.exp(-end))) for end in found.limits[1])
        parameters["starts_at"] = _interval(found.start, found, (least, most))
    if level != "nameplate":
        parameters["level"] = _factor(case, found, most=1.0 if level == "plateau" else np.inf)
    return parameters


def _length(curve: str, found: _Search) -> Estimate:
    one = _length_interval(curve, found)
    if curve != "tranches" or one.low is None:
        return one
    # any time within the last quarter needs as many blocks
    return Estimate(one.value, max(round(one.low) - 3.0, 0.0), one.high, known=one.known)


def _interval(values: Floats, found: _Search, ends: tuple[float, float], *, whole: bool = False) -> Estimate:
    """The value of the best, and the range of those inside the bound; at an end of what may be tried there is none.

    ``whole``: only the values that were tried exist.
    """
    value = float(values[found.best])
    if found.bound is None:
        return Estimate(value)
    inside = values[found.squares <= found.bound]
    low, high = float(inside.min()), float(inside.max())
    near = 1 + 1e-9
    first = low if whole else 0.0 if low <= ends[0] * near else _crossing(values, found, low, below=True)
    last = high if whole else _crossing(values, found, high, below=False)
    return Estimate(value, first, None if high * near >= ends[1] else last, known=True)


def _length_interval(curve: str, found: _Search) -> Estimate:
    least, most = (float(end) for end in np.exp(found.limits[0]))
    return _interval(found.length, found, (least, most), whole=curve == "tranches")


def _crossing(values: Floats, found: _Search, end: float, *, below: bool) -> float:
    """Where the squares cross the bound, between the last value inside it and the next one tried outside."""
    assert found.bound is not None
    tried = np.unique(values)
    place = int(np.searchsorted(tried, end))
    if place == (0 if below else tried.size - 1):
        return end
    other = float(tried[place - 1 if below else place + 1])
    inside, outside = (float(found.squares[values == value].min()) for value in (end, other))
    share = (found.bound - inside) / (outside - inside)
    return float(np.exp(np.log(end) + share * (np.log(other) - np.log(end))))


def _factor(case: Ramping, found: _Search, *, most: float) -> Estimate:
    """The multiple of capacity: at each length inside the bound, as far as the squares that are left allow."""
    value = float(found.factor[found.best])
    if found.bound is None:
        return Estimate(value)
    size = (case.weights * found.basis**2).sum(axis=1)
    inside = (found.squares <= found.bound) & (size > 0)
    reach = np.sqrt((found.bound - found.squares[inside]) / size[inside])
    low, high = found.factor[inside] - reach, found.factor[inside] + reach
    return Estimate(value, max(float(low.min()), 0.0), min(float(high.max()), most), known=True)


def _items(found: _Search) -> Estimate:
    """Good items until 99 % is learned, ln(100 (1 − s₀)) / c of the growth, of each pair of length and start."""
    c = np.log(99.0 * (1.0 - found.start) / found.start) / found.length
    items = found.factor * np.log(100.0 * (1.0 - found.start)) / c
    value = float(items[found.best])
    if found.bound is None:
        return Estimate(value)
    inside = found.squares <= found.bound
    edge = bool(np.log(found.length[inside].max()) >= found.limits[0][1] - 1e-9)
    return Estimate(value, float(items[inside].min()), None if edge else float(items[inside].max()), known=True)


def _reached(case: Ramping, curve: str, found: _Search) -> Estimate:
    """The day on which 99 % of what the curve goes to is in use, the last block's where there are several."""
    last = float(case.opens.max())
    if curve == "immediate":
        return Estimate(last, last, last, known=True)
    one = _length_interval(curve, found)
    if curve == "learning":
        days = [None if items is None else day_of_opened(case, items) for items in (one.value, one.low, one.high)]
    else:
        ahead = {"tranches": 3.0}.get(curve, 0.0)  # the last block opens a quarter before the end of its last quarter
        share = {"linear": 0.99}.get(curve, 1.0)
        days = [
            None if months is None else last + DAYS * max(months * share - ahead, 0.0)
            for months in (one.value, one.low, one.high)
        ]
    assert days[0] is not None
    return Estimate(days[0], days[1], days[2], known=one.known)
