"""What keeping plants as new takes: of what a plan builds from the opening on, of what stands while it is open.

It is money of the stage ``renewed``, beside what is spent on building (``builds.py``): reports of announced projects do
not count it. In the plan it is a part of the yearly cost of an open plant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.builds import Build, day_of, horizon_end
from cell2grid.run.plan.flows import NEVER, Outlay
from cell2grid.run.plan.options import plan_of, yearly_share
from cell2grid.units import currency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.plan.arrays import Inputs
    from cell2grid.study.quantity import Quantity

_HALF = 0.5  # of a term: a plant that is open for more of it is open


def renewals(
    inputs: Inputs, builds: Sequence[Build], is_open: NDArray[np.float64] | None, figures: Figures
) -> Iterator[Outlay]:
    """The money that keeps plants as new, even over the days in which they are open.

    Parameters
    ----------
    is_open
        What part of a term each plant is open (plant, term); all of all terms where nothing is given.
    """
    options = plan_of(inputs.study).options
    end, months = float(horizon_end(inputs.study).toordinal()), float(inputs.terms.months)
    for build in builds:
        option, path = options[build.option], f"investment.options.{build.option}"
        if option.renewal is None:
            continue
        begin = np.array([day_of(inputs.study, month) for month in build.opens])
        years = np.maximum(months - build.opens, 0.0) / MONTHS_A_YEAR
        money = years * build.money * yearly_share(figures, f"{path}.renewal", option.renewal)
        who = (option.firm, option.region, option.makes)
        written = (f"{path}.capital_cost", option.capital_cost)
        yield _outlay(f"{build.option} {build.term}", who, money, written, begin, end)
    for number, row in enumerate(plan_of(inputs.study).standing):
        if row.renewal is None or row.plant not in inputs.plants:
            continue
        path, plant = f"investment.standing.{number}.renewal", inputs.study.plants[row.plant]
        yearly = figures.drawn("investment", path, row.renewal, f"{currency(row.renewal.unit)}/year")
        who, place = (plant.owner, plant.region, str(plant.makes)), inputs.plants.index(row.plant)
        for term, start in enumerate(inputs.terms.starts):
            if is_open is None or is_open[place, term] > _HALF:
                money = yearly * inputs.terms.years[term]
                begin = np.full(figures.count, day_of(inputs.study, float(start)))
                last = min(day_of(inputs.study, float(start + inputs.terms.length)), end)
                yield _outlay(f"{row.plant} {inputs.terms.labels[term]}", who, money, (path, row.renewal), begin, last)


def _outlay(
    name: str, who: tuple[str, str, str], money: NDArray[np.float64], written: tuple[str, Quantity],
    begin: NDArray[np.float64], end: float,
) -> Outlay:  # fmt: skip
    """Money from the day ``begin`` to ``end``; nothing where it begins later."""
    never = np.full(begin.shape, NEVER)
    since = np.where(begin < end, begin, NEVER)
    return Outlay(name, *who, money, *written, never, never, never, never, since, np.full(begin.shape, end), "renewed")
