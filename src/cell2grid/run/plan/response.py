"""What firms earn when they have built: the markets' answer to any number of ways of building, at once.

The study's markets are solved as in a run (``run/market``), in the middle case and with each option as one more plant;
the ways of building stand where members do. Who takes which way is in ``profit.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.market.game import Game, game_of, played
from cell2grid.run.market.money import Money
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.arrays import Inputs
from cell2grid.run.plan.decision_terms import DecisionTerms
from cell2grid.run.plan.licences import kept_within, sales_limits_of
from cell2grid.run.plan.options import Capital, plan_of, with_options
from cell2grid.run.plan.standing import standing_of
from cell2grid.run.plan.ways import Ways
from cell2grid.study.quantity import Quantity

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

AT_ONCE = 256  # ways of building that are solved together
FEWER_PAIRS = 128  # pairs of moves that are tried where limits on sales make each answer a search of its own
REMEMBERED = 50_000  # ways whose answer is kept, since the same ways come again from pass to pass


class _Ways(MiddleFigures):
    """The middle case as many times as ways of building are solved together."""

    def __init__(self) -> None:
        super().__init__()
        self.count = AT_ONCE
        self.draws = np.arange(AT_ONCE)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What ways of building come to: worth to each firm (way, firm) [currency], and prices (way, market, term)."""

    worth: NDArray[np.float64]
    price: NDArray[np.float64]


class Response:
    """The markets of a study as they answer to what is built.

    Raises
    ------
    StudyError
        The study has no market that makes its own price and that an option reaches.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs, study = inputs, inputs.study
        # what keeping a plant costs is said by its row in ``standing``, where it has one
        rows = [row.plant for row in plan_of(study).standing]
        plants = {name: one.changed(fixed_cost=None) if name in rows else one for name, one in study.plants.items()}
        self.wide = with_options(study.changed(plants=plants))
        game = game_of(self.wide, _Ways())
        missing = [] if game is None else [name for name in inputs.options if name not in game.plants]
        if game is None or missing:
            what = f"investment.options.{missing[0]}" if missing else "investment"
            raise StudyError(f"{what}: no market that makes its own price is reached; add its price and elasticity")
        self.game: Game = game
        self.own = [name for name in game.plants if name in study.plants]
        self._place = {name: row for row, name in enumerate(game.plants)}
        self._known: dict[bytes, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        terms = DecisionTerms(game.terms, int(MONTHS_A_YEAR), inputs.terms.rate)
        self._standing = standing_of(study, self.own, game.markets, terms).monthly
        first = game.stretches[0]
        self.firms = tuple(first.firms)
        decides = dict(zip(game.plants, first.decides, strict=True))
        given = inputs.plan
        able = np.isfinite(given.idle_cost).any(axis=1) | np.isfinite(given.closing_cost)
        self.kept = tuple(int(place) for place in np.flatnonzero(able) if inputs.plants[place] in self.own)
        chosen = (*inputs.options, *(inputs.plants[place] for place in self.kept))
        self.investor = tuple(decides[name] for name in chosen)
        self.ways = Ways(inputs, self.kept)
        self._keeper = {inputs.plants.index(name): self.firms.index(decides[name]) for name in self.own}
        self.limits = None if "war" in game.arrays else sales_limits_of(inputs, game)
        self.most_pairs = None if self.limits is None else FEWER_PAIRS
        self._guess = np.zeros((0, 0)) if self.limits is None else np.zeros(self.limits.bound.shape)
        self._interest = first.interest
        self._weight = self._worth_of_a_year()

    def _worth_of_a_year(self) -> NDArray[np.float64]:
        """What money a year of each term of the markets is worth at the horizon's start, in the plan's currency."""
        terms = self.game.terms
        months = np.arange(len(terms.periods))
        discount = (1.0 + self.inputs.terms.rate) ** -((months + 0.5) / MONTHS_A_YEAR)
        weight = np.array([discount[row > 0.0].sum() for row in terms.weight]) / MONTHS_A_YEAR
        worth: NDArray[np.float64] = weight * self._plan_money()
        return worth

    def capacity(self, way: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each plant of the game could sell in each month, with what is built and what is not open [item/year]."""
        months, starts = len(self.game.terms.periods), self.inputs.terms.starts
        found, built = np.zeros((len(self._place), months)), way[: self.ways.options]
        is_open = self.ways.states(way)[0][:, self.inputs.terms.terms.place]
        for place, name in enumerate(self.own):
            found[self._place[name]] = self._standing[place] * is_open[self.inputs.plants.index(name)]
        blocks = self.inputs.blocks
        for place, name in enumerate(self.inputs.options):
            row = self._place[name]
            for term in np.flatnonzero(built[place] > 0.0):
                start = starts[term]
                ready = blocks.ready[place, : months - start]
                found[row, start:] += built[place, term] * blocks.items[place] * ready
        return found

    def of(self, ways: Sequence[NDArray[np.float64]], capital: Capital) -> Answers:
        """What each way comes to."""
        keys = [way.tobytes() for way in ways]
        known = {key: self._known[key] for key in keys if key in self._known}
        new = {key: way for key, way in zip(keys, ways, strict=True) if key not in known}
        if len(self._known) + len(new) > REMEMBERED:
            self._known.clear()
        for first in range(0, len(new), AT_ONCE):
            chunk = list(new)[first : first + AT_ONCE]
            found = self.solved([new[key] for key in chunk])
            profit = found["firm_profit"].transpose("member", "firm", "term").values
            earned = np.nan_to_num(profit) @ self._weight
            price = found["market_price"].transpose("member", "market", "term").values
            known |= {key: (earned[row], price[row]) for row, key in enumerate(chunk)}
        self._known |= known
        gross = np.stack([known[key][0] for key in keys])
        paid = np.stack([self.paid(way, capital) for way in ways])
        return Answers((gross - paid) @ self._interest.T, np.stack([known[key][1] for key in keys]))

    def solved(self, ways: Sequence[NDArray[np.float64]]) -> xr.Dataset:
        """What ``market`` finds for ways, as many as are solved together at most, in place of members; limits kept."""
        return self.placed(ways)[0]

    def placed(self, ways: Sequence[NDArray[np.float64]]) -> tuple[xr.Dataset, NDArray[np.float64] | None]:
        """The same, and the price of a place under each limit on sales (way, limit, term); None without limits."""
        monthly = np.stack([self.capacity(way) for way in ways])
        capacity = self.game.terms.mean(monthly)
        dims = ("member", "plant", "term")
        game = _first(self.game, len(ways))
        if len(self.inputs.plan.incentive_option):
            cost = game.arrays["cost_step"].transpose("member", "plant", "step", "term")
            less = np.stack([self._paid_for_items(way[: self.ways.options]) for way in ways])[:, :, None, :]
            arrays = game.arrays.assign(cost_step=cost.copy(data=np.maximum(cost.values - less, 0.0)))
            game = replace(game, arrays=arrays)
        given = {"sales_capacity": (dims, capacity), "nameplate_capacity": (dims, capacity)}
        if self.limits is None:
            return played(game, given), None
        duty = game.arrays["duty_amount"].transpose("member", "plant", "market", "term")

        def answer(more: NDArray[np.float64], cases: NDArray[np.intp]) -> xr.Dataset:
            some = {name: (dims, values[cases]) for name, (dims, values) in given.items()}
            return played(_some(game, cases), {**some, "duty_amount": (duty.dims, duty.values[cases] + more)})

        found, price = kept_within(self.limits, game, answer, len(ways), self._guess)
        # ways that are tried one after the other have prices that are near to each other
        known = (price > 0.0).sum(axis=0)
        self._guess = np.where(known > 0, price.sum(axis=0) / np.maximum(known, 1), self._guess)
        return found, price

    def paid(self, way: NDArray[np.float64], capital: Capital) -> NDArray[np.float64]:
        """What building, and keeping plants, costs each firm, less what is left at the end, at the horizon's start."""
        given, terms = self.inputs.plan, self.inputs.terms
        yearly = terms.discount * terms.years
        found, built = self._keeping(way, yearly), way[: self.ways.options]
        for place, firm in enumerate(self.investor[: self.ways.options]):
            for term in np.flatnonzero(built[place] > 0.0):
                times = built[place, term] ** given.scale_exponent[place]
                opened = given.opened[place, : len(yearly) - term] @ yearly[term:]
                cost = capital.cost[place, term] * terms.discount[term] + capital.fixed[place, term] * opened
                cost -= capital.salvage[place, term] * terms.end_discount
                found[self.firms.index(firm)] += times * cost
        return found

    def _keeping(self, way: NDArray[np.float64], yearly: NDArray[np.float64]) -> NDArray[np.float64]:
        """What plants that stand cost each firm: open, idle, opened again and closed, at the horizon's start."""
        given, discount = self.inputs.plan, self.inputs.terms.discount
        is_open, is_idle = self.ways.states(way)
        before = np.concatenate([np.ones_like(is_open[:, :1]), is_open[:, :-1]], axis=1)
        closed = np.diff(1.0 - is_open - is_idle, axis=1, prepend=0.0)
        cost = (is_open * given.open_cost + is_idle * np.nan_to_num(given.idle_cost)) @ yearly
        cost += (np.maximum(is_open - before, 0.0) @ discount) * np.nan_to_num(given.restart_cost)
        cost += (closed @ discount) * np.nan_to_num(given.closing_cost)
        found = np.zeros(len(self.firms))
        for plant, firm in self._keeper.items():
            found[firm] += cost[plant]
        return found

    def _paid_for_items(self, built: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a region pays for an item of each plant, as a mean over its blocks (plant, term) [currency/item]."""
        given, terms, game = self.inputs.plan, self.inputs.terms, self.game
        months = len(game.terms.periods)
        money, items = np.zeros((2, len(game.plants), months))
        for place, name in enumerate(self.inputs.options):
            row = game.plants.index(name)
            for term in np.flatnonzero(built[place] > 0.0):
                start = terms.starts[term]
                ready = built[place, term] * self.inputs.blocks.ready[place, : months - start]
                items[row, start:] += ready
                opens = start + int(self.inputs.blocks.lead[place])
                for number in np.flatnonzero(given.incentive_option == place):
                    if given.incentive_first[number] <= term <= given.incentive_last[number]:
                        until = opens + int(given.incentive_terms[number]) * terms.length
                        inside = slice(start, min(max(until, start), months))
                        money[row, inside] += given.incentive_amount[number] * ready[: inside.stop - start]
        each = np.divide(money, items, out=np.zeros_like(money), where=items > 0.0)
        return game.terms.mean(each) / self._plan_money()

    def paid_above_cost(self, way: NDArray[np.float64]) -> list[str]:
        """The plants for whose items more is paid than they cost to make, of which no more than the cost counts."""
        cost = self.game.arrays["cost_step"].transpose("member", "plant", "step", "term").values[0, :, 0]
        if not len(self.inputs.plan.incentive_option):
            return []
        above = self._paid_for_items(way[: self.ways.options]) > cost * (1.0 + 1e-9)
        return [name for name, row in self._place.items() if above[row].any()]

    def _plan_money(self) -> NDArray[np.float64]:
        """What a unit of the markets' currency is worth in the plan's, by term of the markets or one for all."""
        study = self.inputs.study
        if study.competition is None or study.competition.currency == plan_of(study).currency:
            return np.ones(1)
        one = Quantity.model_validate(f"1 {study.competition.currency} [assumed: one]")
        money = Money(study, MiddleFigures(), self.game.terms, plan_of(study).currency)
        worth: NDArray[np.float64] = money.rate(["investment"], "competition", one)[0]
        return worth


def _first(game: Game, count: int) -> Game:
    """The game of its first members."""
    return _some(game, slice(0, count))


def _some(game: Game, some: slice | NDArray[np.intp]) -> Game:
    """The game of some of its members."""
    return replace(game, arrays=game.arrays.isel(member=some), asked=game.asked[some], margin=game.margin[some])
