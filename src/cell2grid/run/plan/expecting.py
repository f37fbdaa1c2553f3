"""What those who look ahead expect of demand, where the study says that they do not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.options import plan_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.plan.arrays import Inputs
    from cell2grid.study.model import Study


class Expected(NamedTuple):
    """What is expected of demand by who decides in a term (market, term).

    ``growth`` is by the year, nan where demand is known; it goes on for ``lasting`` years.
    """

    growth: NDArray[np.float64]
    lasting: NDArray[np.float64]


def expected_growth(study: Study, inputs: Inputs) -> Expected | None:
    """The growth of demand that is expected in a term, and for how long; None where the study has no expectations.

    Raises
    ------
    StudyError
        Growth is to go on as before, and the horizon does not hold the twelve months before, or nothing was asked for.
    """
    rows = plan_of(study).expectations
    if not rows:
        return None
    shape = (len(inputs.markets), len(inputs.terms.labels))
    found = Expected(np.full(shape, np.nan), np.full(shape, np.inf))
    for number, row in enumerate(rows):
        decided = np.flatnonzero(inputs.terms.mostly(row.start, row.end))
        for place, market in enumerate(inputs.markets):
            if row.market not in (None, market) or row.product not in (None, study.markets[market].product):
                continue
            for term in decided:
                path = f"investment.expectations.{number}.growth"
                if row.growth == "as-before":
                    over = 1.0 if row.over is None else row.over.to("year").mode
                    found.growth[place, term] = _as_before(inputs, place, int(term), over, path)
                else:
                    found.growth[place, term] = row.growth.to("ratio/year").mode
            found.lasting[place, decided] = np.inf if row.lasting is None else row.lasting.to("year").mode
    return found


def _as_before(inputs: Inputs, market: int, term: int, over: float, path: str) -> float:
    """How much more by the year is asked for in a term than up to ``over`` years before it."""
    start, asked = inputs.terms.starts[term], inputs.standing.asked[market]
    end, year = min(start + inputs.terms.length, inputs.terms.months), int(MONTHS_A_YEAR)
    label = inputs.terms.labels[term]
    if start < year:
        raise StudyError(
            f"{path}: 'as-before' in {label} needs the twelve months before it, and the horizon begins with"
            f" {inputs.terms.terms.periods[0]}; say 'start' a year later, or give a growth for the first year"
        )
    back = min(round(over * year), start)
    before, now = asked[start - back : end - back].mean(), asked[start:end].mean()
    if before <= 0.0:
        when = "a year" if back == year else f"{back} months"
        text = f"nothing is asked for {when} before {label} in market '{inputs.markets[market]}'"
        raise StudyError(f"{path}: {text}, so that its growth is not known; give a growth, or begin later")
    return float((now / before) ** (year / back) - 1.0)
