"""The best schedule of a store whose own sales move the price, and what a schedule that ignores this would earn.

A net export of y MW moves the price of its step by -s y (s the ``slope``), so that the step earns (p - s y) y an hour
and not p y. The square is held by tangents (``fall``), and the schedule found by the exact method for what the case
then is, round after round with tangents closer to the last schedule. The value of each round is a bound that no
schedule exceeds, at negative prices with losses too, where no step may charge and discharge at once; what its schedule
earns at the price that it moves closes in on it. Where a slope comes from: ``cell2grid.prices.slope``. Equations:
docs/formulation/dispatch.md#price_impact.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import site
from cell2grid.engines.dispatch.case import Case, PriceFall
from cell2grid.engines.dispatch.checks import LARGEST
from cell2grid.engines.dispatch.schedule import Schedule, schedule
from cell2grid.errors import InputError, NotConvergedError

Floats = npt.NDArray[np.float64]

# Tangents of a round: at the export of the last schedule and at these distances to both sides, in widths; where an
# export stayed within a width of the last, the next width is a third. Of 1 to 5e-6 left after 9 rounds on a year of
# hours; denser or sparser tangents took longer (2026-11).
_AROUND = 3.0 ** np.arange(5)
_FIRST_WIDTH, _CLOSER, _FOLLOW = 1.0 / 12.0, 3.0, 0.5
# where a step would be paid for doing both, the answer can jump: tangents over the whole range, and those of the last
# rounds stay
_EVEN, _ROUNDS_KEPT = 12, 6
_NOTHING = 1e-7
_MOST_ROUNDS = 30
# rounds in which the gap does not fall by a tenth: what is left of it will stay
_STALLED = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Impact:
    """A schedule that knows how it moves the price, beside one that takes prices as given.

    ``objective`` [currency] is what ``schedule`` earns at the prices it moves, less its other costs; no schedule earns
    more than ``objective`` + ``gap``. ``taker_expected`` is what the best schedule at given prices, ``taker``, believes
    to earn, and ``taker_earned`` what it does earn. ``net_export`` [MW] and ``price`` [currency/MWh] are those of
    ``schedule``. Where not ``concave``, some step would be paid for charging and discharging at once, which is
    excluded: the bound holds there, too, and the gap may stay wider than asked for.
    """

    schedule: Schedule
    objective: float
    gap: float
    taker: Schedule
    taker_expected: float
    taker_earned: float
    net_export: Floats
    price: Floats
    concave: bool
    rounds: int


def with_impact(case: Case, slope: Floats | float, *, tolerance: float = 1e-4, time_limit: float = 600.0) -> Impact:
    """The best schedule of a checked case whose net export lowers the price by ``slope`` for each MW.

    Parameters
    ----------
    slope
        [currency/MWh/MW], 0 or more; one number, or one a timestep.
    tolerance
        The gap to the bound that may be left, as a share of the bound.
    time_limit
        Seconds that may be taken; what is left of the gap by then is in ``gap``.

    Raises
    ------
    InputError
        A slope is not finite, below 0, or not one a timestep; a tolerance is outside 1e-10 to 1.
    InfeasibleError, NotConvergedError
        As ``schedule``, which is asked at given prices first.

    Equation ``price_impact`` of docs/formulation/dispatch.md. A store that moves the price: Sioshansi, Denholm, Jenkin
    and Weiss, doi:10.1016/j.eneco.2008.10.005; tangents of a separable objective: Kelley, doi:10.1137/0108053.

    Buying 10 MW at 20 and selling them at 60 with a slope of 2 would move both prices to 40; 5 MW earn 5 (50 - 30):

    >>> from cell2grid.engines.dispatch import asset_case
    >>> case = asset_case(np.array([20.0, 60.0]), power=10.0, energy=10.0)
    >>> found = with_impact(case, 2.0, tolerance=1e-8)
    >>> found.taker_expected, found.taker_earned, round(found.objective, 4), found.net_export.round(3)
    (400.0, 0.0, 100.0, array([-5.,  5.]))
    """
    deadline = time.monotonic() + time_limit
    slopes = _checked(case, slope, tolerance)
    taker = schedule(case, time_limit=time_limit)
    export = site.net_export(case, taker.discharge - taker.charge)
    earned = taker.value - float((slopes * export**2 * case.step_hours).sum())
    search = _Search(case, slopes, taker, export, earned)
    while not search.over(tolerance) and time.monotonic() < deadline:
        try:
            search.round(deadline)
        except NotConvergedError:
            # the bound and the schedule of the rounds before stand
            break
    return Impact(
        schedule=replace(search.best, value=search.objective, bound=search.bound),
        objective=search.objective,
        gap=search.bound - search.objective,
        taker=taker,
        taker_expected=taker.value,
        taker_earned=earned,
        net_export=search.export,
        price=case.price - slopes * search.export,
        concave=not search.torn.any(),
        rounds=search.rounds,
    )


class _Search:
    """The best schedule and the least bound so far, and where the next tangents stand."""

    def __init__(self, case: Case, slopes: Floats, taker: Schedule, export: Floats, earned: float) -> None:
        self.case, self.slopes = case, slopes
        self.best, self.export, self.objective, self.bound = taker, export, earned, taker.bound
        self.rounds, self.stalled = 0, 0
        least, most = site.power_range(case)
        # one end with all curtailed, the other with nothing
        self.low, self.high = site.export_range(case, least)[0], site.export_range(case, most)[1]
        self.aim, self.width = export, (self.high - self.low) * _FIRST_WIDTH
        self.torn = _paid_for_both(case) & (self.high > self.low)
        even = np.linspace(0.0, 1.0, _EVEN) * (self.high - self.low)[self.torn, None] + self.low[self.torn, None]
        self.kept = [even]

    def over(self, tolerance: float) -> bool:
        """Whether the gap is small enough, or will not get smaller."""
        close = self.bound - self.objective <= tolerance * max(abs(self.bound), abs(self.objective))
        return close or self.rounds >= _MOST_ROUNDS or self.stalled >= _STALLED

    def round(self, deadline: float) -> None:
        """One more schedule, with tangents closer to the last one."""
        case, gap = self.case, self.bound - self.objective
        held = replace(case, price_fall=PriceFall(self.slopes, self._points()))
        found = schedule(held, time_limit=max(deadline - time.monotonic(), 0.0))
        export, objective = _earned(case, self.slopes, found)
        self.bound = min(self.bound, found.bound)
        if objective > self.objective:
            self.best, self.export, self.objective = found, export, objective
        self.bound = max(self.bound, self.objective)
        self._follow(export)
        self.rounds += 1
        self.stalled = 0 if self.bound - self.objective < 0.9 * gap else self.stalled + 1

    def _points(self) -> Floats:
        away = np.concatenate([-_AROUND[::-1], [0.0], _AROUND])
        points = [self.low, self.high, self.aim[:, None] + away * self.width[:, None]]
        if self.torn.any():
            kept = np.column_stack(self.kept)
            # a tangent that stands twice is one
            beside = np.repeat(self.aim[:, None], kept.shape[1], axis=1)
            beside[self.torn] = kept
            points.append(beside)
        found = np.sort(np.clip(np.column_stack(points), self.low[:, None], self.high[:, None]), axis=1)
        # HiGHS takes no coefficient that is next to nothing beside the others
        steep = self.slopes[:, None] * np.abs(found)
        return np.where(steep <= _NOTHING * steep.max(), 0.0, found)

    def _follow(self, export: Floats) -> None:
        """The next tangents: closer around what stayed, and around where the rest went."""
        window = self.aim[:, None] + np.array([-1.0, 0.0, 1.0]) * self.width[:, None]
        self.kept = [self.kept[0], *self.kept[1:][-(_ROUNDS_KEPT - 1) :], window[self.torn]]
        move = np.abs(export - self.aim)
        stayed = move <= self.width * (1.0 + 1e-9)
        self.width = np.where(stayed, self.width / _CLOSER, np.maximum(self.width, _FOLLOW * move))
        self.aim = export


def site_alone(case: Case, slope: Floats | float) -> tuple[float, float]:
    """What the site of a checked case earns without its store [currency]: at given prices, and at those it moves.

    Sun and wind are curtailed as earns the most at each. The arguments are those of ``with_impact``.
    """
    slopes, idle = _checked(case, slope, 1e-4), np.zeros(len(case.price))
    given, knowing = (
        float((_money(case, by, _best_export(case, by, idle)) * case.step_hours).sum()) for by in (0.0 * slopes, slopes)
    )
    return given, knowing


def _earned(case: Case, slopes: Floats, found: Schedule) -> tuple[Floats, float]:
    """The export [MW] of a schedule, curtailed as earns the most at the prices it moves, and what that earns."""
    export = _best_export(case, slopes, found.discharge - found.charge)
    moved = float((found.charge + found.discharge) @ case.step_hours) * case.throughput_cost
    income = float((_money(case, slopes, export) * case.step_hours).sum())
    return export, income - moved + case.worth_of_end(float(found.energy[-1]))


def _best_export(case: Case, slopes: Floats, power: Floats) -> Floats:
    """The export [MW] beside so much power of the store, curtailed as earns the most at the prices it moves."""
    export = site.net_export(case, power)
    if case.generation is None:
        return export
    low, high = site.export_range(case, power)
    high = np.maximum(low, high)
    # a slope so small that its inverse overflows is none
    steep = np.where(slopes > 1e-200, 2.0 * slopes, np.inf)
    # the ends, nothing, and where the marginal sale earns nothing
    tried = [export, low, high, np.zeros(len(low)), case.sell_price / steep, case.buy_price / steep]
    exports = np.clip(tried, low, high)
    money = np.array([_money(case, slopes, each) for each in exports])
    best: Floats = exports[money.argmax(axis=0), np.arange(len(low))]
    return best


def _paid_for_both(case: Case) -> npt.NDArray[np.bool_]:
    """The steps in which charging and discharging at once would be paid for, and is excluded."""
    if case.mode == "relaxed":
        return np.zeros(len(case.price), dtype=bool)
    curves = case.efficiency_charge_by_power is not None or case.efficiency_discharge_by_power is not None
    losses = curves or case.efficiency_charge * case.efficiency_discharge < 1.0
    paid: npt.NDArray[np.bool_] = losses & ((case.sell_price < 0.0) | (case.buy_price < 0.0))
    return paid | (case.sell_price > case.buy_price)


def _money(case: Case, slopes: Floats, export: Floats) -> Floats:
    """What each step earns in an hour at the price that its export moves [currency/hour]."""
    money: Floats = (np.where(export >= 0.0, case.sell_price, case.buy_price) - slopes * export) * export
    return money


def _checked(case: Case, slope: Floats | float, tolerance: float) -> Floats:
    """The slope of each timestep, once all are numbers from 0 on."""
    given = np.asarray(slope, dtype=np.float64)
    if given.shape not in ((), (1,), case.price.shape):
        raise InputError(
            f"slope has the shape {given.shape}, expected one number or one for each of the {len(case.price)} "
            "timesteps; give as many"
        )
    slopes = np.ascontiguousarray(np.broadcast_to(given, case.price.shape))
    wrong = ~((slopes >= 0.0) & (slopes <= LARGEST))
    if wrong.any():
        step = int(np.argmax(wrong))
        raise InputError(
            f"slope of timestep {step} is {slopes[step]:g} currency/MWh/MW, expected 0 to {LARGEST:g}: sales lower the "
            "price; mend it"
        )
    if not 1e-10 <= tolerance <= 1.0:
        raise InputError(f"tolerance is {tolerance:g}, expected 1e-10 to 1; change it")
    return slopes
