"""The worth of a project: its lives, its money, and what they come to, at the middle of all ranges and over members.

``outcome`` answers for one draw of the members and is asked many times by ``run/sensitivity``;
``worth`` is what the command ``value`` shows. The life is run in ``run/life``, the money in ``engines.finance``; tables
are made in ``worth_tables.py`` and the JSON document in ``telling.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from cell2grid.run.asked import check_numbers
from cell2grid.run.drawn.figures import Figures, MiddleFigures
from cell2grid.run.life.case import Life
from cell2grid.run.life.life import lives
from cell2grid.run.worth.money import ContractTerms, LifeYears, MoneyTerms, finance_arrays, money_arrays
from cell2grid.run.worth.own_sales import OwnSales, own_sales, slope_of
from cell2grid.run.worth.terms import Members, Subject, members_of

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]
MONTHS_OF_DELAY = 12
Terms = TypeVar("Terms", MoneyTerms, ContractTerms)


@dataclass(frozen=True, slots=True, eq=False)
class Lived:
    """The lives of the members, which share those that are the same."""

    members: Members
    lives: tuple[Life, ...]

    def life_of(self, member: int) -> Life:
        """The life that a member has."""
        return self.lives[int(self.members.case_of[member])]

    def by_year(self, name: str) -> Floats:
        """A variable of the lives by (member, operating year); 0 beyond the end of a life."""
        years = max(len(life.operated) for life in self.lives)
        rows = np.zeros((len(self.lives), years))
        for row, life in zip(rows, self.lives, strict=True):
            values = getattr(life, name)
            row[: len(values)] = values
        found: Floats = rows[self.members.case_of]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Outcome(Lived):
    """What the members' lives and money came to; ``arrays`` is by member, project and year, year 0 commissioning."""

    arrays: xr.Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """A project's worth at the middle of its ranges, over members where there are any, and after each month's delay."""

    subject: Subject
    middle: Outcome
    spread: Outcome | None
    delay: Floats  # NPV by month of delay, from none
    seed: int
    own_sales: OwnSales | None = None  # where the project file has a slope of the price


def outcome(
    subject: Subject,
    figures: Figures,
    *,
    order: Sequence[int] | None = None,
    workers: int = 1,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """The lives and the money of the members that ``figures`` draws.

    Parameters
    ----------
    order
        The price year of each operating year, instead of what the project says.
    workers
        Processes that share the lives; the results do not depend on it.
    on_progress
        Called with the number of lives that are done.

    Raises
    ------
    StudyError, InputError, InfeasibleError, NotConvergedError
        As ``members_of``, the schedules and the finance engine raise them.
    """
    members = members_of(subject, figures, order=order)
    found = lives(members.cases, workers=workers, on_progress=on_progress)
    return settled(members, tuple(found))


def settled(members: Members, found: tuple[Life, ...], *, kept: Floats | None = None) -> Outcome:
    """The money of members whose lives have been run; ``kept``: what is left of market revenue by ([member,] year)."""
    from cell2grid.engines import engine

    arrays = finance_arrays({members.name: money_arrays(members.money, life_years(members, found, kept=kept))})
    solved = arrays.merge(engine("finance").solve(arrays), compat="override", join="exact")
    return Outcome(members, found, solved)


def life_years(members: Members, found: tuple[Life, ...], *, kept: Floats | None = None) -> LifeYears:
    """What the members' lives give for their money, in the project's currency.

    ``kept`` is of what the market leaves once the asset's own cost of throughput is paid.
    """
    lived = Lived(members, found)
    rate = members.price_rate[:, None]
    sales, charging = lived.by_year("sales") * rate, lived.by_year("charging_cost") * rate
    own = np.array([float(case.asset.get("throughput_cost", 0.0)) for case in members.cases])[members.case_of]
    moved = lived.by_year("charged_energy") + lived.by_year("discharged_energy")
    throughput = own[:, None] * moved * rate
    if kept is not None:
        fixed = charging + throughput
        sales = fixed + kept[..., : sales.shape[1]] * (sales - fixed)
    return LifeYears(
        sales=sales,
        charging_cost=charging,
        discharged_energy=lived.by_year("discharged_energy"),
        addition_cost=lived.by_year("addition_cost") * rate,
        operated=lived.by_year("operated"),
        throughput_cost=throughput,
    )


def worth(
    subject: Subject,
    *,
    members: int = 1,
    seed: int = 1,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Worth:
    """The worth of a project: at the middle of every range, and over ``members`` draws where that is more than one.

    Parameters
    ----------
    seed
        Of the draws; the same seed gives the same members, whatever the number of workers.
    on_progress
        Called with the lives that are done and those there are.

    Raises
    ------
    InputError
        A number of members, a seed or a number of workers that is none; and as ``outcome``.
    """
    check_numbers(members, seed, workers)
    middle = outcome(subject, MiddleFigures())
    spread = None
    if members > 1:
        drawn = members_of(subject, Figures(seed, first=0, count=members))
        # the middle comes first: what each life begins to look from is no other member's
        cases = (middle.members.cases[0], *drawn.cases)
        found = lives(cases, workers=workers, on_progress=lambda done: on_progress(done, len(cases)))
        spread = settled(drawn, tuple(found[1:]))
    slope = slope_of(subject)
    moved = None if slope is None else own_sales(subject, middle, slope)
    return Worth(subject, middle, spread, delayed(middle), seed, moved)


def delayed(outcome: Outcome) -> Floats:
    """The mean NPV over the members, were each commissioned 0, 1, 2 … months later, its life the same."""
    count, months = len(outcome.members.case_of), MONTHS_OF_DELAY + 1
    terms = _repeated(outcome.members.money, count, months)
    first = np.broadcast_to(np.asarray(terms.commissioning, np.float64), (count * months,))
    late = replace(
        outcome.members,
        case_of=np.tile(outcome.members.case_of, months),
        money=replace(terms, commissioning=first + np.repeat(np.arange(months, dtype=np.float64), count)),
        scale=np.tile(outcome.members.scale, months),
        price_rate=np.tile(outcome.members.price_rate, months),
    )
    npv = settled(late, outcome.lives).arrays["npv"].values[:, 0].reshape(months, count)
    # those that never begin have no NPV, and are the same ones in every month
    begun = np.isfinite(npv[0])
    found: Floats = npv[:, begun].mean(axis=1) if begun.any() else np.full(months, np.nan)
    return found


def _repeated(terms: Terms, count: int, times: int) -> Terms:
    """The terms of so many members, several times over."""
    changed: dict[str, Any] = {}
    for each in fields(terms):
        value = getattr(terms, each.name)
        if isinstance(value, np.ndarray):
            changed[each.name] = np.tile(np.broadcast_to(value, (count,)), times)
        elif isinstance(value, tuple):
            changed[each.name] = tuple(_repeated(one, count, times) for one in value)
    return replace(terms, **changed)
