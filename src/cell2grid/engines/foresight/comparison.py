"""Perfect foresight and the methods without it, side by side on the same steps, and what share of it each captures.

All start from the same level, and all must end at the case's end level or above: that is forced, whatever the price.
What is left above it earns what the case says it is worth in the end (nothing, where the case does not say), for all
alike. So the value of perfect foresight is a bound for all others, and each call holds them to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case, Schedule, checked, schedule
from cell2grid.engines.dispatch.steps import drawn_power
from cell2grid.engines.foresight.expected import Expectation
from cell2grid.engines.foresight.naive import RULES, naive
from cell2grid.engines.foresight.rolling import rolling
from cell2grid.engines.foresight.stochastic import Fit, stochastic
from cell2grid.engines.foresight.store import Operation, store_of, unlike_a_store
from cell2grid.errors import EngineError
from cell2grid.units import written

Floats = npt.NDArray[np.float64]
Stamps = npt.NDArray[np.datetime64]

PERFECT = "perfect"
# what a sum of money may be wrong by, relative to what changes hands
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One method: its ``value`` [currency], the ``share`` of the perfect value that it captures (None where that is
    not above 0), the energy drawn from the store per energy capacity (``cycles``), the energy ``left`` above what the
    end asks for [MWh], and the ``seconds`` it took, those of compiling it included."""

    method: str
    value: float
    share: float | None
    cycles: float
    left: float
    seconds: float
    notes: tuple[str, ...] = ()


def compared(
    case: Case,
    past: Floats,
    stamps: Stamps,
    forecasts: Sequence[Expectation] = (),
    *,
    window_hours: float = 48.0,
    fit: Fit | None = None,
    about_forecasts: bool = False,
) -> list[Row]:
    """Perfect foresight first, then the stochastic, each rolling horizon and the naive methods.

    Parameters
    ----------
    case
        The asset on the steps that all methods are tried on.
    past
        Prices [currency/MWh] that came before: what the stochastic and naive methods learn from.
    stamps
        When each step begins, those of the past first.
    forecasts
        One rolling horizon each.
    window_hours
        The window of the rolling horizons [hour].
    fit
        How the stochastic method learns.
    about_forecasts
        Also the stochastic method on the errors of each forecast.

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As the methods. Methods that a case has no room for (a site, a cap on cycles) are left out, and ``words`` says
        so.

    >>> from cell2grid.engines.dispatch import asset_case
    >>> from cell2grid.prices import synthetic_year
    >>> year = synthetic_year(1)
    >>> half = len(year.price) // 2
    >>> case = asset_case(year.price[half:], year.step_hours[half:], power=1.0, energy=2.0)
    >>> rows = compared(case, year.price[:half], year.timestep)
    >>> [row.method for row in rows], rows[0].share
    (['perfect', 'stochastic', 'naive, fixed hours', 'naive, price bounds'], 1.0)
    """
    checked(case)
    methods: list[Callable[[], Operation]] = []
    if unlike_a_store(case) is None:
        # what cannot be kept is said once, before the first method runs
        store_of(case)
        methods.append(lambda: stochastic(case, past, stamps, fit=fit))
        if about_forecasts:
            methods += [lambda f=told: stochastic(case, past, stamps, forecast=f) for told in forecasts]  # type: ignore[misc]
    methods += [lambda f=told: rolling(case, f, window_hours=window_hours) for told in forecasts]  # type: ignore[misc]
    if unlike_a_store(case) is None:
        methods += [lambda r=rule: naive(case, past, stamps, rule=r) for rule in RULES]  # type: ignore[misc]
    began = time.perf_counter()
    best = schedule(case)
    rows = [row(case, best, best, time.perf_counter() - began)]
    for method in methods:
        began = time.perf_counter()
        done = method()
        rows.append(row(case, done, best, time.perf_counter() - began))
    return rows


def words(case: Case, rows: Sequence[Row]) -> list[str]:
    """What a comparison says, in sentences.

    >>> from cell2grid.engines.dispatch import asset_case
    >>> rows = [Row(method="perfect", value=200.0, share=1.0, cycles=3.0, left=0.0, seconds=0.1)]
    >>> rows += [Row(method="stochastic", value=150.0, share=0.75, cycles=2.0, left=1.0, seconds=0.2)]
    >>> for sentence in words(asset_case(np.ones(2), power=1.0, energy=2.0), rows):
    ...     print(sentence)
    With all prices known in advance it earns 200.00; no method can earn more.
    Without foresight, 'stochastic' does best: it captures 75.0% of that.
    All start at the same level and end at 0 MWh or more; what is left above that earns nothing.
    'stochastic' leaves 1.0 MWh.
    """
    perfect, others = rows[0], rows[1:]
    said = [f"With all prices known in advance it earns {written(perfect.value, 2)}; no method can earn more."]
    if perfect.share is None:
        said.append("That is not above 0, so no share of it can be captured.")
    elif others:
        best = max(others, key=lambda row: row.value)
        said.append(f"Without foresight, '{best.method}' does best: it captures {best.share:.1%} of that.")
    worth = "nothing" if not case.terminal_worth else "what the asset's terminal worth says"
    said.append(
        f"All start at the same level and end at {case.end:g} MWh or more; what is left above that earns {worth}."
    )
    small = 1e-6 * case.energy_capacity
    said += [f"'{row.method}' leaves {written(row.left, 1)} MWh." for row in rows if row.left > small]
    thing = unlike_a_store(case)
    if thing is not None:
        said.append(f"The stochastic and naive methods are left out: they do not cover {thing}.")
    said += [f"'{row.method}': {note}." for row in rows for note in row.notes]
    return said


def row(case: Case, done: Operation | Schedule, best: Schedule, seconds: float) -> Row:
    """The row of one method, held to the bound of perfect foresight, whose schedule is ``best``.

    Raises
    ------
    EngineError
        The method claims more than perfect foresight can earn.
    """
    money = float(np.sum(np.abs(case.price) * (done.charge + done.discharge) * case.step_hours))
    if done.value > best.bound + ROUNDING * max(1.0, money, abs(best.bound)):
        raise EngineError(
            f"foresight: '{done.method}' earns {done.value!r} and perfect foresight at most {best.bound!r}; please "
            "report the prices and the asset"
        )
    drawn = float(np.sum(drawn_power(case, done.discharge) * case.step_hours))
    return Row(
        method=PERFECT if done is best else done.method,
        value=done.value,
        share=done.value / best.value if best.value > 0.0 else None,
        cycles=drawn / case.energy_capacity,
        left=max(float(done.energy[-1]) - case.end, 0.0),
        seconds=seconds,
        notes=done.notes if isinstance(done, Operation) else (),
    )
