"""A Markov price lattice fitted to prices: in each hour of the day a few states, and the chances between them.

A price is what the calendar says (hour of day and kind of day, and the season where a year is there to learn it from)
and a rest. The states of an hour are the quantiles of the rest in that hour and its neighbours; chances are counted
transitions, mixed with those of all hours so that an hour with few of them is not believed too much. After Zheng,
Jaworski, Xu 2021 (arXiv:2108.06000). What a store does on it is in ``stochastic``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Stamps = npt.NDArray[np.datetime64]

HOURS = 24
# Monday to Friday, Saturday, Sunday
KINDS_OF_DAY = 3
# prices that one state of one hour must at least rest on
FEWEST_OF_A_STATE = 5
# counted transitions that the chances of all hours weigh as much as, in each state of each hour
WEIGHT_OF_ALL_HOURS = 5.0
# days from which on a season can be told from a trend
DAYS_OF_A_SEASON = 365
FEWEST_DAYS = 14
YEAR_SECONDS = 365.2425 * 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class PriceLattice:
    """``profile`` [currency/MWh] by (kind of day, hour), ``season`` the two weights of the yearly wave; ``edge``
    parts the states of an hour and ``middle`` is the mean rest of each [currency/MWh]; ``chance`` [ratio] by (hour,
    state, next state); ``share`` [ratio] by (hour, state) how often each was seen."""

    profile: Floats
    season: Floats
    edge: Floats
    middle: Floats
    chance: Floats
    share: Floats

    def calendar(self, stamps: Stamps) -> Floats:
        """The part of the price that follows from the calendar [currency/MWh]."""
        hour, kind, wave = _calendar(stamps)
        told: Floats = self.profile[kind, hour] + wave @ self.season
        return told

    def prices(self, stamps: Stamps) -> Floats:
        """The price of each state in each step, by (step, state) [currency/MWh]."""
        prices: Floats = self.calendar(stamps)[:, None] + self.middle[hours_of(stamps)]
        return prices

    def states(self, stamps: Stamps, price: Floats) -> Integers:
        """The state that each price lies in."""
        rest = price - self.calendar(stamps)
        states: Integers = (self.edge[hours_of(stamps)] <= rest[:, None]).sum(axis=1).astype(np.int64)
        return states


def hours_of(stamps: Stamps) -> Integers:
    """The hour of the day in which each step begins."""
    return (stamps.astype("datetime64[h]").astype(np.int64) % HOURS).astype(np.int64)


def _calendar(stamps: Stamps) -> tuple[Integers, Integers, Floats]:
    """Hour of the day, kind of the day, and the yearly wave (cosine, sine)."""
    seconds = stamps.astype("datetime64[s]").astype(np.int64)
    # 1970-01-01 was a Thursday
    weekday = (seconds // 86_400 + 3) % 7
    angle = 2.0 * np.pi * seconds / YEAR_SECONDS
    return hours_of(stamps), np.maximum(weekday - 4, 0), np.column_stack([np.cos(angle), np.sin(angle)])


def fitted(price: Floats, stamps: Stamps, *, states: int = 10) -> PriceLattice:
    """The lattice of at most ``states`` states an hour that prices [currency/MWh] of the past tell.

    Raises
    ------
    InputError
        There are fewer than two states, or fewer than 14 days of prices.

    >>> stamps = np.datetime64("2025-01-06T00", "s") + np.arange(24 * 28) * np.timedelta64(1, "h")
    >>> lattice = fitted(np.arange(24 * 28) % 24.0, stamps)
    >>> lattice.calendar(stamps[:3])
    array([0., 1., 2.])
    """
    if states < 1:
        raise InputError(f"price lattice: {states} states, expected 1 or more")
    days = float((stamps[-1] - stamps[0]) / np.timedelta64(1, "D")) if len(stamps) else 0.0
    if days < FEWEST_DAYS - 1 or len(price) < 2 * FEWEST_DAYS:
        raise InputError(
            f"price lattice: {len(price)} prices over {days:.1f} days to learn from, expected {FEWEST_DAYS} days or "
            f"more and {2 * FEWEST_DAYS} prices or more; give more prices from before the asset starts, as with "
            f"'--train {FEWEST_DAYS}'"
        )
    hour, kind, wave = _calendar(stamps)
    profile, season = _profile(price, hour, kind, wave, days)
    rest = price - profile[kind, hour] - wave @ season
    edge, middle = _states(rest, hour, states)
    state = (edge[hour] <= rest[:, None]).sum(axis=1)
    chance, share = _chances(state, hour, middle.shape[1])
    return PriceLattice(profile, season, edge, middle, chance, share)


def _profile(price: Floats, hour: Integers, kind: Integers, wave: Floats, days: float) -> tuple[Floats, Floats]:
    """The mean price by kind of day and hour, and the yearly wave around it."""
    season: Floats = np.zeros(2)
    cell = kind * HOURS + hour
    count = np.bincount(cell, minlength=KINDS_OF_DAY * HOURS)

    def means(rest: Floats) -> Floats:
        by_hour = np.bincount(hour, rest, HOURS) / np.maximum(np.bincount(hour, minlength=HOURS), 1)
        sums = np.bincount(cell, rest, KINDS_OF_DAY * HOURS)
        # a kind of day that was not seen in an hour is taken as the others
        found: Floats = np.where(count > 0, sums / np.maximum(count, 1), np.tile(by_hour, KINDS_OF_DAY))
        return found.reshape(KINDS_OF_DAY, HOURS)

    profile = means(price)
    if days >= DAYS_OF_A_SEASON:
        season = np.asarray(np.linalg.lstsq(wave, price - profile[kind, hour], rcond=None)[0], dtype=np.float64)
        profile = means(price - wave @ season)
    return profile, season


def _states(rest: Floats, hour: Integers, states: int) -> tuple[Floats, Floats]:
    """The edges between the states of each hour, and the mean rest within each."""
    near = [rest[np.isin(hour, [(h - 1) % HOURS, h, (h + 1) % HOURS])] for h in range(HOURS)]
    seen = np.array([len(values) for values in near])
    count = max(min(states, int(seen[seen > 0].min()) // FEWEST_OF_A_STATE), 1)
    edge, middle = np.zeros((HOURS, count - 1)), np.zeros((HOURS, count))
    for h, values in enumerate(near):
        if len(values) == 0:
            continue
        edge[h] = np.quantile(values, np.arange(1, count) / count)
        state = (edge[h] <= values[:, None]).sum(axis=1)
        number = np.bincount(state, minlength=count)
        mean = np.bincount(state, values, count) / np.maximum(number, 1)
        # equal prices leave states that nothing falls into: they stand at their lower edge
        middle[h] = np.where(number > 0, mean, np.concatenate([[values.min()], edge[h]]))
    return edge, middle


def _chances(state: Integers, hour: Integers, count: int) -> tuple[Floats, Floats]:
    """The chances from each state of each hour to those of the next step, and how often each state was seen."""
    pair = (hour[:-1] * count + state[:-1]) * count + state[1:]
    counted = np.bincount(pair, minlength=HOURS * count * count).reshape(HOURS, count, count).astype(np.float64)
    overall = counted.sum(axis=0) + 1.0 / count
    overall /= overall.sum(axis=1, keepdims=True)
    mixed = counted + WEIGHT_OF_ALL_HOURS * overall
    chance = mixed / mixed.sum(axis=2, keepdims=True)
    seen = np.bincount(hour * count + state, minlength=HOURS * count).reshape(HOURS, count) + 1.0 / count
    return np.ascontiguousarray(chance), seen / seen.sum(axis=1, keepdims=True)
