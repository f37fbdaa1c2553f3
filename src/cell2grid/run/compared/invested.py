"""What goes into plants at home and abroad, announced, spent and renewed, by year: of all firms and of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.compared.number import ABROAD, HOME, WHOLE, Number, Numbers
from cell2grid.run.plan.flows import BY_STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.plan.flows import Flows
    from cell2grid.study.model import Study


def invested(study: Study, flows: Flows, members: int, draws: NDArray[np.int64] | None = None) -> Numbers:
    """The money of each stage by side and year, and of all years.

    Parameters
    ----------
    draws
        Which draws the members are; the first ones without it.
    """
    plan = study.investment
    of_options = [] if plan is None else [option.firm for option in plan.options.values()]
    firms = dict.fromkeys([*of_options, *(project.firm for project in study.announced.values())])
    years = [str(year) for year in flows.years]
    for name, stage in BY_STAGE.items():
        for kind, entity in (("all", WHOLE), *(("firm", firm) for firm in firms)):
            for side in (HOME, ABROAD):
                money = np.zeros((members, len(years)))
                for key, values in flows.money.items():
                    if key[3:] == (side, stage) and entity in (WHOLE, key[0]):
                        money += values if draws is None or len(values) == 1 else values[draws]
                for period, amount in (*zip(years, money.T, strict=True), (WHOLE, money.sum(axis=1))):
                    yield Number(name, kind, entity, "", "", side, period, flows.unit), amount
