"""What a plan builds, member by member: when each build opens where lead times are drawn, and the money that it takes.

A plan is decided in the middle case. Here its decisions stand, and lead times and capital costs are drawn; what can be
sold then is in ``outcomes.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.calendar import days_in, first_day, month_after
from cell2grid.run.plan.flows import NEVER, Outlay
from cell2grid.run.plan.options import opening, plan_of, preparation
from cell2grid.units import currency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.plan.arrays import Inputs
    from cell2grid.study.model import Study

_MOST_LEFT = 1e-6  # of a block: less than it is none


@dataclass(frozen=True, slots=True, eq=False)
class Build:
    """Blocks of an option that are decided on at the begin of a month; what has a unit is by member where it is drawn.

    ``money`` is in the currency of the option's capital cost, of all blocks together. Of the months of ``lead`` those
    of ``prepared`` pass before building begins.
    """

    option: str
    term: str
    decided: int  # month from the horizon's first
    blocks: float
    items: float  # item/year of all blocks
    lead: NDArray[np.float64]  # month
    prepared: NDArray[np.float64]  # month
    money: NDArray[np.float64]

    @property
    def opens(self) -> NDArray[np.float64]:
        """The month from the horizon's first in which it opens, by member."""
        return self.decided + self.lead


def builds_of(inputs: Inputs, built: NDArray[np.float64], figures: Figures, learned: Any = None) -> list[Build]:
    """The builds of a plan, in the order of options and terms.

    Parameters
    ----------
    built
        Blocks by option and term.
    learned
        What learning leaves of the capital cost, by option (term).
    """
    options, found = plan_of(inputs.study).options, []
    for place, (name, option) in enumerate(options.items()):
        terms = np.flatnonzero(built[place] > _MOST_LEFT)
        if not len(terms):
            continue
        path = f"investment.options.{name}"
        lead = figures.drawn("investment", f"{path}.lead_time", option.lead_time, "month")
        prepared = preparation(option, figures, path, lead)
        own = str(currency(option.capital_cost.unit))
        each = figures.drawn("investment", f"{path}.capital_cost", option.capital_cost, own)
        exponent = float(inputs.plan.scale_exponent[place])
        for term in terms:
            blocks = float(built[place, term])
            left = 1.0 if learned is None else float(learned.get(name, np.ones(built.shape[1]))[term])
            money = each * blocks**exponent * left
            items = blocks * float(inputs.blocks.items[place])
            start = inputs.terms.starts[term]
            found.append(Build(name, inputs.terms.labels[term], start, blocks, items, lead, prepared, money))
    return found


def added_capacity(inputs: Inputs, builds: Sequence[Build], figures: Figures) -> NDArray[np.float64]:
    """What builds add that can be used (member, option, month) [item/year]."""
    options, months = plan_of(inputs.study).options, inputs.terms.months
    found = np.zeros((figures.count, len(options), months))
    names = list(options)
    for build in builds:
        path = f"investment.options.{build.option}"
        _, ready = opening(build.lead, options[build.option], figures, path, months - build.decided)
        found[:, names.index(build.option), build.decided :] += build.items * ready
    return found


def outlays_of(inputs: Inputs, builds: Sequence[Build]) -> Iterator[Outlay]:
    """The money of builds: announced when decided, completed when open, spent evenly from the start of building."""
    options = plan_of(inputs.study).options
    for build in builds:
        option = options[build.option]
        decided = np.full(build.lead.shape, day_of(inputs.study, float(build.decided)))
        begin = np.array([day_of(inputs.study, build.decided + months) for months in build.prepared])
        end = np.array([day_of(inputs.study, month) for month in build.opens])
        never = np.full(begin.shape, NEVER)
        path = f"investment.options.{build.option}.capital_cost"
        who = (option.firm, option.region, option.makes)
        yield Outlay(
            f"{build.option} {build.term}", *who, build.money, path, option.capital_cost, decided, begin, end, never,
            begin, end,
        )  # fmt: skip


def day_of(study: Study, month: float) -> float:
    """The day, counted as ``date.toordinal`` does, of a month counted from the horizon's first."""
    whole = int(np.floor(month))
    name = month_after(study.horizon.start, whole)
    return float(first_day(name).toordinal()) + (month - whole) * days_in(name)


def month_of(study: Study, month: float) -> str:
    """The month in which a time lies that is counted in months from the horizon's first.

    >>> from cell2grid.study.model import Horizon, Study
    >>> month_of(Study(study="one", horizon=Horizon(start="2026-01", end="2026-12")), 12.9)
    '2027-01'
    """
    return month_after(study.horizon.start, int(np.floor(month + 1e-9)))


def build_rows(inputs: Inputs, builds: Sequence[Build]) -> list[dict[str, Any]]:
    """A row for each build: who, where, what, when it is decided and opens, how much, and its capital cost."""
    options, rows = plan_of(inputs.study).options, []
    for build in builds:
        option = options[build.option]
        low, middle, high = np.quantile(build.opens, (0.1, 0.5, 0.9), method="inverted_cdf")
        rows.append(
            {
                "option": build.option,
                "firm": option.firm,
                "region": option.region,
                "product": option.makes,
                "decided": month_of(inputs.study, float(build.decided)),
                **{f"opens_{key}": month_of(inputs.study, float(value))
                   for key, value in (("p10", low), ("p50", middle), ("p90", high))},
                "blocks": round(build.blocks),
                "capacity": build.items,
                "unit": f"{inputs.study.products[option.makes].counted_in}/year",
                "capital": float(build.money.mean()),
                "currency": str(currency(option.capital_cost.unit)),
            }
        )  # fmt: skip
    return rows


def horizon_end(study: Study) -> date:
    """The first day after the horizon."""
    return first_day(month_after(study.horizon.end, 1))
