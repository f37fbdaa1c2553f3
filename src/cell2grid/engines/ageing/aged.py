"""A store's cells after a run of levels: what is left, what time and use have taken, and which ranges were left."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing import laws
from cell2grid.engines.ageing.cells import STRESSORS, Cells
from cell2grid.engines.ageing.chunks import HELD, HOLDS, KEPT, chunk_ends, run
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_ROUNDING = 1e-6  # levels may leave 0 to 1 by so much
_COLDEST, _HOTTEST = -60.0, 100.0
_MOST_SCALE = 100.0
_SELDOM = 0.01  # a range that is left for less than this part is not spoken of


@dataclass(frozen=True, slots=True)
class Outside:
    """A fitted range that was left: what was met, and for which share of the time or throughput."""

    stressor: str
    low: float
    high: float
    fitted_low: float
    fitted_high: float
    share: float
    of: Literal["time", "throughput"]


@dataclass(frozen=True, slots=True, eq=False)
class Aged:
    """The state at the end of a run, and what it means.

    ``health`` is the capacity left over the first one, ``resistance`` that over a new cell's (NaN where the law has
    none). The losses are those of this run, as shares of the first capacity: ``calendar_loss`` what the same time and
    levels take without throughput, ``cycle_loss`` the rest. ``full_cycles`` are equivalent full cycles of the first
    capacity.
    """

    state: Floats
    health: float
    resistance: float
    calendar_loss: float
    cycle_loss: float
    full_cycles: float
    outside: tuple[Outside, ...] = ()


def age(
    cells: Cells,
    state: Floats,
    level: npt.ArrayLike,
    step_hours: npt.ArrayLike,
    celsius: npt.ArrayLike = 25.0,
    *,
    scale: float = 1.0,
    fading: bool = False,
    keep_throughput: bool = False,
) -> Aged:
    """What a run of levels makes of the cells, from the state that they are in.

    Parameters
    ----------
    cells, state
        The cells, and what ``fresh`` or the last run gave. A state is not scaled and is left as it was.
    level
        The levels at the ends of the steps, one more than there are steps, as shares of what the store holds.
    step_hours
        The lengths of the steps [hour].
    celsius
        The cells' temperature [degC], one for all or one for each step.
    scale
        What losses are multiplied with.
    fading
        Levels are shares of what the store holds in each chunk, so that throughput falls as it fades; otherwise of
        what it held when the run began.
    keep_throughput
        Levels are shares of the first capacity, and their swings grow as the store fades, as far as 0 and 1.

    Raises
    ------
    InputError
        A number is not finite or outside its range, or lengths do not fit.

    The equations are those of docs/formulation/ageing.md.

    >>> import numpy as np
    >>> from cell2grid.engines.ageing import fresh
    >>> from cell2grid.run.life.cells import cells_named
    >>> cells = cells_named("gasper-2023-lfp-250ah")
    >>> rested = age(cells, fresh(cells), np.full(8761, 0.5), np.ones(8760))
    >>> round(rested.health, 4), rested.cycle_loss
    (0.989, 0.0)
    """
    if fading and keep_throughput:
        raise InputError("ageing: levels fade or keep their throughput; choose one of fading and keep_throughput")
    held_as = KEPT if keep_throughput else HOLDS if fading else HELD
    return aged_over(cells, state, *_checked(cells, state, level, step_hours, celsius, scale), scale, held_as)


def aged_over(
    cells: Cells,
    state: Floats,
    level: Floats,
    hours: Floats,
    kelvin: Floats,
    scale: float,
    held_as: int,
    ends: Integers | None = None,
) -> Aged:
    """``age`` with checked arrays at the ends of steps, over chunks that are found where none are given."""
    code, moved = cells.code, state.copy()
    seen = np.empty((len(STRESSORS), 4))
    seen[:] = (math.inf, -math.inf, 0.0, 0.0)
    ends = chunk_ends(level, hours) if ends is None else ends
    cycles = run(code, cells.packed, moved, level, hours, kelvin, ends, scale, held_as, cells.ranges, seen)
    if not np.isfinite(moved).all():
        raise InputError(
            f"ageing: the losses of '{cells.name}' are not finite over {hours[-1]:g} hours at "
            f"{kelvin.min() - 273.15:g} to {kelvin.max() - 273.15:g} degC; "
            f"keep to the ranges that {cells.paper or 'its paper'} fitted"
        )
    rested = state.copy()
    for place in _calendar(cells):
        rested[place] = moved[place]
    before, still, after = (laws.health(code, one, scale) for one in (state, rested, moved))
    return Aged(
        moved,
        after,
        laws.resistance(code, cells.packed, moved, scale),
        before - still,
        still - after,
        cycles,
        tuple(_outside(cells, seen)),
    )


def health_of(cells: Cells, state: Floats, scale: float = 1.0) -> float:
    """The capacity left in a state, as a share of the first."""
    return float(laws.health(cells.code, state, scale))


def checked_run(
    cells: Cells, level: npt.ArrayLike, step_hours: npt.ArrayLike, celsius: npt.ArrayLike, scale: float
) -> tuple[Floats, Floats, Floats]:
    """Levels, hours and temperatures [K] at the ends of steps, in range."""
    levels = np.ascontiguousarray(level, dtype=np.float64)
    lengths = np.ascontiguousarray(step_hours, dtype=np.float64)
    if lengths.ndim != 1 or levels.shape != (len(lengths) + 1,) or len(lengths) == 0:
        raise InputError(
            f"ageing: {levels.shape} levels for {lengths.shape} steps, expected the level before the first step and "
            "after each"
        )
    warmth = np.asarray(celsius, dtype=np.float64)
    if warmth.ndim and warmth.shape != lengths.shape:
        raise InputError(f"ageing: {warmth.shape} temperatures for {lengths.shape} steps, expected one, or one a step")
    _within("level", levels, -_ROUNDING, 1.0 + _ROUNDING, "0 to 1")
    _within("step_hours", lengths, np.nextafter(0.0, 1.0), math.inf, "above 0")
    _within("celsius", np.atleast_1d(warmth), _COLDEST, _HOTTEST, f"{_COLDEST:g} to {_HOTTEST:g}")
    if not 0.0 <= scale <= _MOST_SCALE:
        raise InputError(f"ageing: scale is {scale}, expected 0 to {_MOST_SCALE:g}")
    hours = np.empty(len(levels))
    hours[0] = 0.0
    np.cumsum(lengths, out=hours[1:])
    # the temperature at the end of a step lies between its own and that of the next
    kelvin = np.empty(len(levels))
    kelvin[:-1] = warmth
    kelvin[-1] = kelvin[-2]
    if warmth.ndim:
        kelvin[1:-1] = 0.5 * (warmth[:-1] + warmth[1:])
    kelvin += 273.15
    return np.clip(levels, 0.0, 1.0), hours, kelvin


def _checked(
    cells: Cells, state: Floats, level: npt.ArrayLike, hours: npt.ArrayLike, celsius: npt.ArrayLike, scale: float
) -> tuple[Floats, Floats, Floats]:
    if np.shape(state) != (len(cells.form.states),) or not np.isfinite(state).all():
        raise InputError(
            f"ageing: a state of '{cells.name}' is {', '.join(cells.form.states)}; this one has shape "
            f"{np.shape(state)}, or is not finite; begin with fresh(cells)"
        )
    return checked_run(cells, level, hours, celsius, scale)


def _within(name: str, numbers: Floats, low: float, high: float, words: str) -> None:
    # NaN fails the comparison as well
    kept = (numbers >= low) & (numbers <= high) & (numbers < math.inf)
    if not kept.all():
        place = int(np.flatnonzero(~kept)[0])
        raise InputError(f"ageing: {name} is {numbers[place]} at place {place}, expected {words}")


def _calendar(cells: Cells) -> tuple[int, ...]:
    return tuple(cells.form.states.index(name) for name in cells.form.calendar)


def _outside(cells: Cells, seen: Floats) -> Iterable[Outside]:
    for (name, _), (low, high, out, all_of_it), (least, most) in zip(
        STRESSORS.items(), seen.tolist(), cells.ranges.tolist(), strict=True
    ):
        if out > 0.0:
            of: Literal["time", "throughput"] = "time" if name in ("temperature", "level") else "throughput"
            yield Outside(name, low, high, least, most, out / all_of_it, of)


def cells_warnings(cells: Cells, aged: Aged | Iterable[Aged]) -> list[str]:
    """Notes on the fitted ranges that were left over one run or several of about equal length.

    Each names the quantity, what was met, the range, and the paper that fitted it.
    """
    runs = [aged] if isinstance(aged, Aged) else list(aged)
    notes = []
    for name, unit in STRESSORS.items():
        met = [one for run_ in runs for one in run_.outside if one.stressor == name]
        share = sum(one.share for one in met) / max(len(runs), 1)
        if share < _SELDOM:
            continue
        low, high = min(one.low for one in met), max(one.high for one in met)
        least, most = met[0].fitted_low, met[0].fitted_high
        notes.append(
            f"{name.replace('_', ' ')} of {_shown(low, high, least, most)}{_unit(unit)} is outside {least:g} to "
            f"{most:g}{_unit(unit)}, the range fitted by {cells.paper} (https://doi.org/{cells.doi}), "
            f"for {share:.0%} of the {met[0].of}"
        )
    return notes


def _shown(low: float, high: float, least: float, most: float) -> str:
    """What was met, where it left the range."""
    low, high = round(low, 6), round(high, 6)
    if f"{low:.3g}" == f"{high:.3g}":
        return f"{low:.3g}"
    if low >= least:
        return f"up to {high:.3g}"
    return f"down to {low:.3g}" if high <= most else f"{low:.3g} to {high:.3g}"


def _unit(unit: str) -> str:
    return "" if unit == "ratio" else f" {unit}"
