"""Fixed rules, learnt once from the past: the same hours every day, or two price bounds.

They are what any better method must beat. The hours are those of the best schedule of the past's mean day; the bounds
are the two quantiles of past prices that would have earned the most.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case, asset_case, checked, schedule
from cell2grid.engines.foresight.markov import HOURS, hours_of
from cell2grid.engines.foresight.store import Operation, Store, operated, ready
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Stamps = npt.NDArray[np.datetime64]
Rule = Literal["hours", "bounds"]

RULES = ("hours", "bounds")
PAST_HOURS = 8 * 7 * 24.0
QUANTILES = tuple(share / 20.0 for share in range(1, 20))


def naive(
    case: Case, past: Floats, stamps: Stamps, *, rule: Rule = "hours", past_hours: float = PAST_HOURS
) -> Operation:
    """What an asset does that keeps to one rule.

    Parameters
    ----------
    case
        The asset, with the prices that come.
    past
        Prices [currency/MWh] that came before the first step, at least a day of them.
    stamps
        When each step begins, those of the past first.
    rule
        "hours": it charges and discharges in the same hours of every day; "bounds": it charges at prices of one bound
        or less and discharges at another or more.
    past_hours
        The last hours of the past that the rule is learnt from.

    Raises
    ------
    InputError
        There is no such rule, less than a day of past, or a part that cannot be told from inside the store.
    InfeasibleError
        The bounds of the level cannot be kept.

    >>> from cell2grid.engines.dispatch import asset_case
    >>> day = np.repeat([10.0, 50.0], 12)
    >>> stamps = np.datetime64("2025-01-01T00", "s") + np.arange(48) * np.timedelta64(1, "h")
    >>> done = naive(asset_case(day, power=1.0, energy=12.0), day, stamps)
    >>> float(done.value)
    480.0
    """
    if rule not in RULES:
        raise InputError(f"naive: rule '{rule}' is none of {', '.join(RULES)}")
    store = ready(case, stamps, len(past))
    now = stamps[len(past)]
    learnt = (stamps[: len(past)] >= now - np.timedelta64(round(past_hours * 3600.0), "s")).nonzero()[0]
    hours = float((now - stamps[learnt[0]]) / np.timedelta64(1, "h")) if len(learnt) else 0.0
    if hours < HOURS:
        raise InputError(
            f"naive: a rule is learnt from {hours:g} h of past prices, expected a day or more; give prices from before "
            "the asset starts, as in '--train 1'"
        )
    price, told = past[learnt], stamps[learnt]
    wish = (
        _by_hours(case, store, price, told, stamps[len(past) :])
        if rule == "hours"
        else _by_bounds(case, store, price, np.diff(np.append(told, now)) / np.timedelta64(1, "h"))
    )
    from cell2grid.engines.foresight.naive_kernel import keep_to

    energy = np.empty(len(case.price))
    keep_to(store, wish, energy)
    return operated(case, energy, f"naive, {'fixed hours' if rule == 'hours' else 'price bounds'}")


def _by_hours(case: Case, store: Store, price: Floats, told: Stamps, stamps: Stamps) -> Floats:
    """What each step would store [MWh]: the middle one of three days alike, each the past's mean day, at its best."""
    hour = hours_of(told)
    seen = np.bincount(hour, minlength=HOURS)
    mean = np.where(seen > 0, np.bincount(hour, price, HOURS) / np.maximum(seen, 1), price.mean())
    power = store.most_in / case.step_hours / case.efficiency_charge
    typical = asset_case(
        np.tile(mean, 3),
        power=float(power.mean()),
        discharge_power=float((store.most_out / case.step_hours).mean() * case.efficiency_discharge),
        energy=case.energy_capacity,
        efficiency_charge=case.efficiency_charge,
        efficiency_discharge=case.efficiency_discharge,
        throughput_cost=case.throughput_cost,
        buy_adder=float(store.buy_add.mean()) - case.throughput_cost,
        sell_adder=float(store.sell_add.mean()) + case.throughput_cost,
    )
    if not power.any() and not store.most_out.any():
        return np.zeros(len(stamps))
    best = schedule(checked(typical))
    middle = slice(HOURS, 2 * HOURS)
    rate = best.charge[middle] * case.efficiency_charge - best.discharge[middle] / case.efficiency_discharge
    wish: Floats = rate[hours_of(stamps)] * case.step_hours
    return wish


def _by_bounds(case: Case, store: Store, price: Floats, hours: Floats) -> Floats:
    """What each step would store [MWh]: all it can at the two price bounds that earned the most in the past."""
    from cell2grid.engines.foresight.naive_kernel import earned_by_bounds, wishes

    steps = len(price)

    def alike(rate: float) -> Floats:
        return np.full(steps, rate)

    total = float(case.step_hours.sum())
    before = store._replace(
        buy_add=alike(float(store.buy_add.mean())),
        sell_add=alike(float(store.sell_add.mean())),
        most_in=float(store.most_in.sum()) / total * hours,
        most_out=float(store.most_out.sum()) / total * hours,
        kept=(1.0 - case.self_discharge) ** hours,
        lowest=np.zeros(steps),
        highest=alike(case.energy_capacity),
    )
    bounds = np.unique(np.quantile(price, QUANTILES))
    pairs = [(low, high) for low in bounds for high in bounds if low < high] or [(-np.inf, np.inf)]
    low, high = max(pairs, key=lambda pair: float(earned_by_bounds(before, price, *pair)))
    return np.asarray(wishes(case.price, low, high, store.most_in, store.most_out))
