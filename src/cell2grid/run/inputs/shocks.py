"""What the shocks of a study leave of plants, exports, lanes, inputs and demand in each month, and how they delay.

A shock may come or not, and its end, what it leaves and its delay may differ by member: each from a stream of its own,
so that a run without it draws all else as before. What a month is left is the mean over its days of the product of what
each shock leaves; the last day of a drawn length counts in part. Goods that are held up, of exports and lanes, leave on
the next free day. Whom a shock hits is said here, what the scales do to the ledger in the engine ``supply``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.calendar import (
    free_by_end_of_month,
    left_of_month,
    left_of_month_by_member,
    share_within,
)
from cell2grid.study.rules.shocks import scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.model import Plant, Shock, Study

VARIABLES = {
    "output": "shock_scale",
    "exports": "export_scale",
    "lane": "lane_scale",
    "input": "input_scale",
    "demand": "market_demand",
}
"""The variable that a shock on each kind of thing goes into."""
HELD_UP = frozenset(("exports", "lane"))  # goods wait and are not lost


@dataclass(frozen=True, slots=True)
class Spell:
    """The days of one shock in each member: its first day, how many days, and whether it comes at all."""

    name: str
    shock: Shock
    first: date
    days: NDArray[np.float64]
    comes: NDArray[np.bool_]

    @property
    def same_for_all(self) -> bool:
        """Whether no member differs from another in when it is hit."""
        return bool(self.comes.all() and (self.days == self.days[0]).all() and float(self.days[0]).is_integer())


class Shocks:
    """The shocks of a study for the members of ``figures``, all but those of ``without``.

    Raises
    ------
    UnitError
        A figure is of another kind than its field.

    >>> from cell2grid.run.drawn.figures import Figures
    >>> from cell2grid.study.loader import load_study
    >>> study = load_study("giga-shanghai-2022").study
    >>> shocks = Shocks(study, Figures(1, first=0, count=2), ["2022-04", "2022-06"])
    >>> shocks.of_plant(study.plants["giga-shanghai"], "giga-shanghai", "exports")
    array([[0., 1.],
           [0., 1.]])
    """

    def __init__(self, study: Study, figures: Figures, periods: Sequence[str], without: Sequence[str] = ()) -> None:
        self._study, self._figures, self._periods = study, figures, periods
        self._spells = [
            _spell(figures, name, shock) for name, shock in study.shocks.items() if name not in frozenset(without)
        ]

    def of_plant(self, plant: Plant, name: str, what: str) -> NDArray[np.float64]:
        """What is left of a plant's ``output`` or ``exports`` (member, period): shocks on it or on its region."""
        return self._left(what, lambda shock: name == shock.plant or plant.region == shock.region)

    def of_input(self, product: str) -> NDArray[np.float64]:
        """The part of what is asked of an input that can be had (member, period)."""
        return self._left("input", lambda shock: product == shock.product)

    def of_market(self, market: str) -> NDArray[np.float64]:
        """What is left of a market's demand (member, period): shocks on it or on its region."""
        region = self._study.markets[market].region
        return self._left("demand", lambda shock: market == shock.market or region == shock.region)

    def of_lane(self, origin: str, destination: str, product: str) -> NDArray[np.float64]:
        """The part of what would leave on a way that may leave (member, period)."""
        return self._left("lane", lambda shock: _on_way(shock, origin, destination, product))

    def delay(self, origin: str, destination: str, product: str) -> NDArray[np.float64]:
        """How much longer what leaves in a month takes on a way, as a mean over its days (member, period) [month]."""
        late = np.zeros((self._figures.count, len(self._periods)))
        for spell in self._spells:
            shock = spell.shock
            if shock.delay is None or scaled(shock) != "lane" or not _on_way(shock, origin, destination, product):
                continue
            self._note("lead_time", spell)
            months = self._figures.drawn("lead_time", f"shocks.{spell.name}.delay", shock.delay, "month")
            within = share_within(spell.first, spell.days, self._periods)
            late += np.where(spell.comes, months, 0.0)[:, None] * within
        return late

    def _left(self, what: str, hits: Callable[[Shock], bool]) -> NDArray[np.float64]:
        variable, found = VARIABLES[what], []
        for spell in self._spells:
            leaves = spell.shock.leaves
            if leaves is not None and scaled(spell.shock) == what and hits(spell.shock):
                self._note(variable, spell)
                found.append((spell, self._figures.drawn(variable, f"shocks.{spell.name}.leaves", leaves, "ratio")))
        left = np.ones((self._figures.count, len(self._periods)))
        for place, month in enumerate(self._periods):
            now = [(spell, leaves) for spell, leaves in found if _touches(spell, month)]
            if now:
                left[:, place] = _let_out(now, month) if what in HELD_UP else _left_of(now, month)
        return left

    def _note(self, variable: str, spell: Spell) -> None:
        for key in ("start", "end", "lasts", "probability"):
            if getattr(spell.shock, key) is not None:
                self._figures.note(variable, f"shocks.{spell.name}.{key}")


def _spell(figures: Figures, name: str, shock: Shock) -> Spell:
    first = shock.start.first
    if shock.end is not None:
        days = np.full(figures.count, (shock.end.last - first).days + 1.0)
    elif shock.lasts is not None:
        days = figures.drawn("shock_scale", f"shocks.{name}.lasts", shock.lasts, "day")
    else:
        days = np.zeros(figures.count)
    comes = np.ones(figures.count, dtype=bool)
    if shock.probability is not None:
        likely = figures.drawn("shock_scale", f"shocks.{name}.probability", shock.probability, "ratio")
        # shares lie in [0, 1): what is certain always comes, what has no chance never
        comes = figures.share(f"shocks.{name}.comes") < likely
    return Spell(name, shock, first, days, comes)


def holds_up(shock: Shock, plant: str, origin: str, destination: str, product: str) -> bool:
    """Whether a shock holds up what a plant sends from one region to another."""
    if scaled(shock) == "exports":
        return plant == shock.plant or origin == shock.region
    return scaled(shock) == "lane" and _on_way(shock, origin, destination, product)


def _on_way(shock: Shock, origin: str, destination: str, product: str) -> bool:
    if shock.lane is not None:
        way = shock.lane
        return (way.origin, way.destination) == (origin, destination) and way.product in (None, product)
    return shock.region is not None and shock.region in (origin, destination)


def _touches(spell: Spell, month: str) -> bool:
    last = date.fromordinal(min(spell.first.toordinal() + int(np.ceil(spell.days.max())), date.max.toordinal()))
    return spell.first.isoformat()[:7] <= month <= last.isoformat()[:7]


def _let_out(spells: Sequence[tuple[Spell, NDArray[np.float64]]], month: str) -> NDArray[np.float64]:
    return free_by_end_of_month(
        [(spell.first, spell.days, np.where(spell.comes, leaves, 1.0)) for spell, leaves in spells], month
    )


def _left_of(spells: Sequence[tuple[Spell, NDArray[np.float64]]], month: str) -> NDArray[np.float64] | float:
    if all(spell.same_for_all for spell, _ in spells):
        whole = [
            (spell.first, date.fromordinal(spell.first.toordinal() + int(spell.days[0]) - 1), leaves)
            for spell, leaves in spells
        ]
        return left_of_month(whole, month)
    return left_of_month_by_member(
        [(spell.first, spell.days, np.where(spell.comes, leaves, 1.0)) for spell, leaves in spells], month
    )
