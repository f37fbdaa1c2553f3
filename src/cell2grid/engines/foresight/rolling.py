"""The rolling horizon: at each step a plan of the hours ahead on a forecast, of which the first steps are carried out.

The asset knows its own limits and its site's generation and load ahead, and of prices what the forecast says; the
price of a step is known in it. A case that cannot be told from inside the store is planned window by window with
``dispatch.schedule``, slower by far, and the operation says so. Equations: docs/formulation/foresight.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case, CycleCap, checked
from cell2grid.engines.foresight.expected import Expectation, blocks, windows
from cell2grid.engines.foresight.store import Operation, operated, store_of, unlike_a_store
from cell2grid.errors import EngineError, InputError

if TYPE_CHECKING:
    from cell2grid.engines.foresight.stochastic import LevelValues

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
EndValue = Literal["mean", "none"]

END_VALUES = ("mean", "none")


def rolling(
    case: Case,
    forecast: Expectation,
    *,
    window_hours: float = 48.0,
    every: int = 1,
    end_value: EndValue | LevelValues = "mean",
) -> Operation:
    """What an asset does that plans the hours ahead on a forecast, at each step anew.

    Parameters
    ----------
    case
        The asset, with the prices that come. Of these each step sees its own; the rest reaches it by the forecast.
    forecast
        What is expected in each step, as in ``cell2grid.prices.forecasts``.
    window_hours
        How far a plan looks ahead [hour].
    every
        The number of steps of a plan that are carried out before the next is made.
    end_value
        What a stored MWh is worth where a window ends before the horizon does: the mean price of the window, less the
        losses of selling it ("mean"), nothing ("none"), or the values that ``stochastic`` gave. At the end of the
        horizon the case's own terminal worth counts.

    Raises
    ------
    InputError
        The case is cyclic or contradicts itself, or the window or ``every`` is not above 0.
    InfeasibleError
        The bounds of the level cannot be kept.

    >>> import numpy as np
    >>> from cell2grid.engines.dispatch import asset_case
    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.prices.forecasts import forecast, known_prices
    >>> year = synthetic_year(1)
    >>> case = asset_case(year.price, year.step_hours, power=1.0, energy=2.0)
    >>> done = rolling(case, forecast("yesterday", known_prices(year)))
    >>> 0.0 < done.value
    True
    """
    if not window_hours > 0.0:
        raise InputError(f"rolling horizon: the window is {window_hours:g} h, expected more than 0")
    if every < 1:
        raise InputError(f"rolling horizon: a plan is kept for {every} steps, expected 1 or more")
    if isinstance(end_value, str) and end_value not in END_VALUES:
        raise InputError(f"rolling horizon: end value '{end_value}' is none of {', '.join(END_VALUES)}")
    checked(case)
    ends = windows(case.step_hours, window_hours)
    ends = np.maximum(ends, np.minimum(np.arange(len(ends)) + every, len(ends)))
    thing = "mode relaxed" if case.mode == "relaxed" else unlike_a_store(case)
    method = f"rolling, {forecast.name}, {window_hours:g} h"
    if thing is not None:
        return _by_schedules(case, forecast, ends, every, end_value, method, thing)
    return operated(case, _compiled(case, forecast, ends, every, end_value), method)


def _compiled(
    case: Case, forecast: Expectation, ends: Integers, every: int, end_value: EndValue | LevelValues
) -> Floats:
    """The energy after each step by the compiled kernel."""
    from cell2grid.engines.foresight.rolling_kernel import MEAN_PRICE, NOTHING, VALUES, Ends, follow

    store = store_of(case)
    none = np.zeros(1)
    if isinstance(end_value, str):
        beyond = Ends(MEAN_PRICE if end_value == "mean" else NOTHING, np.zeros(1, np.int64), none, none)
    else:
        beyond = Ends(VALUES, end_value.at, end_value.worth, end_value.length)
    energy, level = np.empty(len(case.price)), case.start
    for first, rows, until in blocks(forecast, case.price, ends, every):
        level = follow(store, rows, first, until, every, beyond, level, energy)
        if np.isnan(level):
            raise EngineError(
                f"rolling horizon: no plan from a step at or after {first}, though the bounds can be kept; please "
                "report the prices and the asset"
            )
    return energy


def _by_schedules(
    case: Case,
    forecast: Expectation,
    ends: Integers,
    every: int,
    end_value: EndValue | LevelValues,
    method: str,
    thing: str,
) -> Operation:
    """The same by ``dispatch.schedule``, one call a window."""
    from cell2grid.engines.dispatch import schedule
    from cell2grid.engines.dispatch.schedule import earned

    if not isinstance(end_value, str):
        raise InputError(f"rolling horizon: with {thing} the end of a window has the value 'mean' or 'none'; give one")
    if case.cyclic:
        store_of(case)
    done = {name: np.empty(len(case.price)) for name in ("energy", "charge", "discharge")}
    level = case.start
    for first, rows, until in blocks(forecast, case.price, ends, every):
        for row, last in enumerate(until.tolist()):
            t = first + row * every
            planned = schedule(checked(_window(case, done["energy"], t, last, rows[row, : last - t], level, end_value)))
            kept = min(every, last - t)
            for name, series in done.items():
                series[t : t + kept] = getattr(planned, name)[:kept]
            level = float(done["energy"][t + kept - 1])
    note = f"planned window by window with the whole model, for {thing} is beyond the fast form"
    value = earned(case, done["charge"], done["discharge"], done["energy"])
    return Operation(**done, value=value, method=method, start=case.start, notes=(note,))


def _window(case: Case, energy: Floats, t: int, last: int, price: Floats, level: float, end_value: EndValue) -> Case:
    """The case from step ``t`` to before ``last``, on the prices expected of it and from the level that is there."""
    part = {
        name: series[t:last]
        for name in (
            *("step_hours", "charge_limit", "discharge_limit", "energy_floor", "energy_ceiling", "buy_adder"),
            *("sell_adder", "import_limit", "export_limit", "generation", "load"),
        )
        if (series := getattr(case, name)) is not None
    }
    ending = {}
    if last < len(case.price):
        worth = float(price.mean()) * case.efficiency_discharge if end_value == "mean" else 0.0
        ending = {"end_fraction": 0.0, "terminal_worth": ((case.energy_capacity, worth),)}
    share = min(max(level / case.energy_capacity, 0.0), 1.0)
    caps = _caps(case, energy, t, last)
    return replace(case, price=price, start_fraction=share, cycle_caps=caps, **part, **ending)  # type: ignore[arg-type]


def _caps(case: Case, energy: Floats, t: int, last: int) -> tuple[CycleCap, ...]:
    """The caps that bind in a window: what is left of each, in proportion to the hours of it that lie within."""
    before = case.kept[:t] * np.concatenate([[case.start], energy[: t - 1]]) if t else energy[:0]
    drawn = np.concatenate([[0.0], np.cumsum(np.maximum(before - energy[:t], 0.0))])
    hours = np.concatenate([[0.0], np.cumsum(case.step_hours)])
    left = []
    for cap in case.cycle_caps:
        first, end = max(cap.first, t), min(cap.last + 1, last)
        if first >= end:
            continue
        used = float(drawn[t] - drawn[cap.first]) if cap.first < t else 0.0
        share = float((hours[end] - hours[first]) / (hours[cap.last + 1] - hours[first]))
        left.append(CycleCap(first - t, end - 1 - t, max(cap.energy - used, 0.0) * share))
    return tuple(left)
