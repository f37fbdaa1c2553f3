"""The capacity credit: how much load can be added with something so that the risk is the same as without it.

``capacity_credit`` draws batches of outages until its interval is as narrow as asked. It is the ELCC (Garver 1966,
doi:10.1109/TPAS.1966.291652; Keane et al. 2011, doi:10.1109/TPWRS.2010.2062543), and beside it the EFC: the firm
capacity that would do as much. Samples come from ``simulation.py``; docs/formulation/adequacy.md has the equations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.convolution import Convolution, Expected
from cell2grid.engines.adequacy.simulation import DAYS, HOURS, UNSERVED, Ask, Simulation, error_of, most_samples
from cell2grid.engines.adequacy.system import System, checked
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Metric = Literal["eue", "lole"]

# two-sided 95 % of a normal distribution
_QUANTILE = 1.959963984540054
TOLERANCE = 0.005
# batches of the first round; then twice as many, until the interval is narrow enough
_FIRST = 128
# batches with a shortfall below which an interval is not to be trusted, and below which nothing is told
TRUSTED, LEAST_SEEN = 100, 30
_OF_POWER = 0.01
# the least load that is looked at, as a share of the power
_LEAST_LIMIT = 0.02


@dataclass(frozen=True, slots=True)
class Figure:
    """A sampled figure with its 95 % interval and standard error."""

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True)
class Risk:
    """How often and how much a region lacks: [hour/year], [day/year] and [MWh/year].

    ``expected`` is what convolution says without sampling, where it can: hours and energy are then its own, where it
    is exact. ``batches`` is how many had a shortfall, ``apart`` by how many standard errors the two differ.
    """

    hours: Figure
    days: Figure
    unserved: Figure
    expected: Expected | None
    batches: int
    apart: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The risk without and with what is credited, and what it is worth in load [MW].

    ``elcc`` and ``efc`` are None where there is nothing to tell them from; ``reason`` then says why. ``converged``
    says whether the interval of ``elcc`` is as narrow as asked.
    """

    without: Risk
    with_it: Risk
    elcc: Figure | None
    efc: Figure | None
    power: float
    metric: Metric
    samples: int
    batch: int
    seed: int
    tolerance: float
    converged: bool
    reason: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)


def capacity_credit(
    system: System,
    *,
    metric: Metric = "eue",
    samples: int | None = None,
    seed: int = 1,
    tolerance: float = TOLERANCE,
    workers: int = 1,
) -> Credit:
    """The risk of a region with and without what is credited, and the capacity credit.

    Parameters
    ----------
    system
        The region, with at least one thing credited.
    metric
        The risk that is held: unserved energy (``eue``) or hours with a shortfall (``lole``).
    samples
        The most samples, each one course of the whole horizon; without it as many as 200 million steps hold;
        units that fail often and stores beside others count as more steps.
    seed
        Where the draws begin.
    tolerance
        Sampling ends when half the 95 % interval of the ELCC is within this share of it, or, for a credit below 1 % of
        the power, of that; and where there is no power to credit, when the interval of the risk is.
    workers
        Threads. The numbers are the same for any.

    Raises
    ------
    InputError
        A number is outside its bounds.

    >>> from cell2grid.engines.adequacy.system import Store, Units
    >>> load = np.full(24, 100.0)
    >>> gas = Units(name="gas", capacity=100.0, forced_outage_rate=0.1, repair_time=10.0)
    >>> full = Store(name="full", charge_power=50.0, discharge_power=50.0, energy=1e6, credited=True)
    >>> found = capacity_credit(System(net_load=load, units=(gas,), stores=(full,)), samples=1000)
    >>> round(found.elcc.value, 6)
    50.0
    """
    if metric not in ("eue", "lole"):
        raise InputError(f"metric is '{metric}', expected eue or lole")
    if not 1e-6 <= tolerance <= 1.0:
        raise InputError(f"tolerance is {tolerance:g}, expected from 1e-6 to 1, as in 0.01 for 1 %")
    most = most_samples(checked(system), samples)
    power = system.most_credit

    def simulate(most_added: float) -> Simulation:
        return Simulation(system, seed=seed, samples=most, workers=workers, most_added=most_added)

    tables = {credited: Convolution(system, credited=credited) for credited in (False, True)}
    search = _Search(simulate, tables, UNSERVED if metric == "eue" else HOURS, power)
    most_batches, batch = search.simulation.most_batches, search.simulation.batch
    batches = min(_FIRST, most_batches)
    while True:
        elcc = search.elcc(batches)
        sure = elcc is not None and search.seen(batches) >= TRUSTED and search.narrow(elcc, batches, tolerance)
        if sure or batches == most_batches:
            break
        batches = min(2 * batches, most_batches)
        search.tighten(elcc)
    efc = None if elcc is None else search.efc(batches)
    without, with_it = (search.risk(credited, batches) for credited in (False, True))
    return Credit(
        without=without,
        with_it=with_it,
        elcc=elcc,
        efc=efc,
        power=search.power,
        metric=metric,
        samples=batches * batch,
        batch=batch,
        seed=seed,
        tolerance=tolerance,
        converged=sure,
        reason="" if elcc is not None else _no_risk(without, batches * batch),
        notes=tuple(_notes(without, elcc, efc, sure, tolerance)),
    )


def _no_risk(without: Risk, samples: int) -> str:
    told = ""
    if without.expected is not None and without.expected.hours > 0.0:
        told = f" (by convolution {without.expected.hours:.3g} hour/year)"
    seen = "there is no shortfall" if not without.batches else f"only {without.batches} batches have a shortfall"
    return (
        f"without it {seen} in {samples:,} samples{told}, so that the capacity credit cannot be told; raise the load "
        "with load_scale, check the units, or draw more samples"
    )


def _notes(without: Risk, elcc: Figure | None, efc: Figure | None, sure: bool, tolerance: float) -> list[str]:
    notes = []
    if elcc is not None and not sure:
        notes.append(
            f"The samples ended before the interval was within {tolerance:.3g} of the capacity credit: more samples "
            "make it narrower."
        )
    if elcc is not None and without.batches < TRUSTED:
        notes.append(
            f"Only {without.batches} batches of samples have a shortfall: the intervals themselves are unsure; draw "
            "more samples."
        )
    if elcc is not None and efc is None:
        notes.append("With it no shortfall is left in the samples: no firm capacity has that risk and no less.")
    if without.apart > 5.0:
        notes.append(
            f"Without it, samples and convolution are {without.apart:.1f} standard errors apart: too few samples have "
            "a shortfall."
        )
    return notes


def _figure(batches: Floats) -> Figure:
    value, error = float(np.mean(batches)), error_of(batches)
    half = _QUANTILE * error
    return Figure(value, max(value - half, 0.0), value + half, error)


class _Search:
    """The search for the credit: differences of risk over batches that see the same outages, as functions of load.

    Where convolution knows a risk that is also sampled, the gap between the two is a control variate: it takes out of
    the differences what luck the samples had (Glasserman 2003, doi:10.1007/978-0-387-21617-1, section 4.1).
    """

    def __init__(
        self, simulate: Callable[[float], Simulation], tables: dict[bool, Convolution], place: int, power: float
    ) -> None:
        self.simulate = simulate
        self.simulation = simulate(power)
        self.tables = tables
        self.place = place
        self.power = power
        self._last = {"elcc": 0.5 * power, "efc": 0.5 * power}

    def tighten(self, elcc: Figure | None) -> None:
        """Look no further than twice the credit from now on: fewer samples then lack anything, and count."""
        if elcc is not None:
            most = max(2.0 * elcc.high, _LEAST_LIMIT * self.power)
            if most < 0.5 * self.simulation.most_added:
                self.simulation = self.simulate(most)

    def seen(self, batches: int) -> int:
        """How many batches have a shortfall without what is credited."""
        (found,) = self.simulation.risks([Ask(False)], batches)
        return int((found[:, HOURS] > 0.0).sum())

    def risk(self, credited: bool, batches: int) -> Risk:
        """The risk with or without what is credited: by convolution where that is exact, by samples elsewhere."""
        ask = Ask(credited)
        (found,) = self.simulation.risks([ask], batches)
        by = self.tables[credited].at()
        sampled = [_figure(found[:, place]) for place in (HOURS, UNSERVED)]
        hours, unserved = (
            _figure(self._controlled(found[:, place], place, [ask], batches)) for place in (HOURS, UNSERVED)
        )
        days = _figure(self._controlled(found[:, DAYS], HOURS, [ask], batches))
        apart = 0.0
        if by is not None and by.exact:
            gaps = [abs(one.value - known) for one, known in zip(sampled, (by.hours, by.unserved), strict=True)]
            apart = max(
                gap / one.error if gap > 1e-9 * one.value and one.error > 0.0 else 0.0
                for gap, one in zip(gaps, sampled, strict=True)
            )
            hours, unserved = (Figure(known, known, known, 0.0) for known in (by.hours, by.unserved))
        return Risk(hours, days, unserved, by, int((found[:, HOURS] > 0.0).sum()), apart)

    def narrow(self, elcc: Figure, batches: int, tolerance: float) -> bool:
        """Whether the interval of the credit, or of the risk where nothing is credited, is as narrow as asked."""
        if self.power <= 0.0:
            risk = self.risk(False, batches)
            figure = risk.unserved if self.place == UNSERVED else risk.hours
            return _QUANTILE * figure.error <= tolerance * figure.value
        return 0.5 * (elcc.high - elcc.low) <= tolerance * max(elcc.value, _OF_POWER * self.power)

    def elcc(self, batches: int) -> Figure | None:
        """The load that can be added; None where too few samples have a shortfall without to tell it."""
        if self.seen(batches) < LEAST_SEEN:
            return None

        def gaps(load: float) -> Floats:
            return self._apart(Ask(True, load), Ask(False), [Ask(False, load)], batches)

        if self.simulation.most_added < self.power and np.mean(gaps(self.simulation.most_added)) <= 0.0:
            self.simulation = self.simulate(self.power)
        return self._root("elcc", batches, gaps, self.simulation.most_added)

    def efc(self, batches: int) -> Figure | None:
        """The firm capacity that does as much; None where no shortfall is left with it."""
        (found,) = self.simulation.risks([Ask(True)], batches)
        if not np.any(found[:, self.place] > 0.0):
            return None

        def gaps(capacity: float) -> Floats:
            return self._apart(Ask(True), Ask(False, -capacity), [], batches)

        return self._root("efc", batches, gaps, self.power)

    def _apart(self, first: Ask, second: Ask, besides: Sequence[Ask], batches: int) -> Floats:
        """One risk less another in each batch, with the luck of the samples taken out."""
        one, other = self.simulation.risks([first, second], batches)
        apart = np.asarray(one[:, self.place] - other[:, self.place])
        return self._controlled(apart, self.place, [first, second, *besides], batches)

    def _root(self, name: str, batches: int, gaps: Callable[[float], Floats], most: float) -> Figure:
        """Where the gaps, which rise, are nought on average; it lies between 0 and ``most``."""
        if self.power <= 0.0:
            return Figure(0.0, 0.0, 0.0, 0.0)
        (found,) = self.simulation.risks([Ask(False)], batches)
        rounding = 1e-12 * float(np.mean(found[:, self.place]))
        if self.place == HOURS:
            value = last_within(gaps, most, rounding)
        else:
            value = rising_root(gaps, most, self._last[name], rounding)
        self._last[name] = value
        return self._with_interval(gaps, value, most)

    def _controlled(self, sampled: Floats, place: int, asks: Sequence[Ask], batches: int) -> Floats:
        """What was sampled less what the known gaps of samples from convolution explain of it, by least squares."""
        columns = []
        for ask in dict.fromkeys([*asks, Ask(False)]):
            by = self.tables[ask.credited].at(ask.added)
            if by is not None and by.exact:
                (found,) = self.simulation.risks([ask], batches)
                columns.append(found[:, place] - (by.hours if place == HOURS else by.unserved))
        controls = np.array(columns).T.reshape(batches, len(columns))
        spread = controls - controls.mean(axis=0)
        if not np.any(spread):
            return sampled
        weights = np.linalg.lstsq(spread, sampled - sampled.mean(), rcond=1e-9)[0]
        return np.asarray(sampled - controls @ weights)

    def _with_interval(self, gaps: Callable[[float], Floats], value: float, most: float) -> Figure:
        """The interval by the spread of the gaps at the root and their mean slope there."""
        noise = error_of(gaps(value))
        if noise == 0.0:
            return Figure(value, value, value, 0.0)
        width = 1e-3 * most
        for _ in range(3):
            low, high = max(value - width, 0.0), min(value + width, most)
            slope = (float(np.mean(gaps(high))) - float(np.mean(gaps(low)))) / (high - low)
            if slope > 0.0:
                break
            width *= 10.0
        else:
            return Figure(value, 0.0, self.power, math.inf)
        error = noise / slope
        half = _QUANTILE * error
        return Figure(value, max(value - half, 0.0), min(value + half, self.power), error)


def rising_root(gaps: Callable[[float], Floats], most: float, guess: float, rounding: float) -> float:
    """Where the mean of the gaps turns from negative to positive within 0 and ``most``, well within their noise.

    >>> rising_root(lambda at: np.array([at - 2.0, at - 4.0]), 10.0, 5.0, 0.0)
    3.0
    """
    below, above = (float(np.mean(gaps(at))) for at in (0.0, most))
    if above <= rounding:
        return most
    if below >= -rounding:
        return 0.0
    low, high = 0.0, most
    at, side = guess if 0.0 < guess < most else 0.5 * most, 0
    for _ in range(80):
        found = gaps(at)
        mean = float(np.mean(found))
        if abs(mean) <= max(0.02 * error_of(found), rounding) or high - low <= 1e-9 * most:
            return at
        # false position, with the end that stays weighed down (Illinois)
        if mean < 0.0:
            low, below = at, mean
            above = 0.5 * above if side < 0 else above
            side = -1
        else:
            high, above = at, mean
            below = 0.5 * below if side > 0 else below
            side = 1
        at = (low * above - high * below) / (above - below)
        if not low < at < high:
            at = 0.5 * (low + high)
    return at


def last_within(gaps: Callable[[float], Floats], most: float, rounding: float) -> float:
    """The most that leaves the mean of the gaps, which rises in stairs, at nought or below.

    >>> last_within(lambda at: np.floor(np.array([at - 2.0, at - 2.0])), 10.0, 0.0).__round__(3)
    3.0
    """
    low, high = 0.0, most
    if float(np.mean(gaps(high))) <= rounding:
        return most
    while high - low > 1e-6 * most:
        middle = 0.5 * (low + high)
        if float(np.mean(gaps(middle))) <= rounding:
            low = middle
        else:
            high = middle
    return low
