"""What those who look ahead expect of demand, where the study says that they do not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.options import plan_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.plan.arrays import Inputs
    from cell2grid.study.model import Study


def expected_growth(study: Study, inputs: Inputs) -> NDArray[np.float64] | None:
    """The yearly growth of demand [1/year] that is expected in a term (market, term); nan where it is known.

    None where the study has no expectations.

    Raises
    ------
    StudyError
        Growth is to go on as before, and the horizon does not hold the twelve months before, or nothing was asked for.
    """
    rows = plan_of(study).expectations
    if not rows:
        return None
    found = np.full((len(inputs.markets), len(inputs.terms.labels)), np.nan)
    for number, row in enumerate(rows):
        decided = inputs.terms.mostly(row.start, row.end)
        for place, market in enumerate(inputs.markets):
            if row.market not in (None, market) or row.product not in (None, study.markets[market].product):
                continue
            for term in np.flatnonzero(decided):
                path = f"investment.expectations.{number}.growth"
                if row.growth == "as-before":
                    found[place, term] = _as_before(inputs, place, int(term), path)
                else:
                    found[place, term] = row.growth.to("ratio/year").mode
    return found


def _as_before(inputs: Inputs, market: int, term: int, path: str) -> float:
    """How much more is asked for in a term than a year before it."""
    start, asked = inputs.terms.starts[term], inputs.standing.asked[market]
    end, year = min(start + inputs.terms.length, inputs.terms.months), int(MONTHS_A_YEAR)
    label = inputs.terms.labels[term]
    if start < year:
        raise StudyError(
            f"{path}: 'as-before' in {label} needs the twelve months before it, and the horizon begins with"
            f" {inputs.terms.terms.periods[0]}; say 'start' a year later, or give a growth for the first year"
        )
    before, now = asked[start - year : end - year].mean(), asked[start:end].mean()
    if before <= 0.0:
        text = f"nothing is asked for a year before {label} in market '{inputs.markets[market]}'"
        raise StudyError(f"{path}: {text}, so that its growth is not known; give a growth, or begin later")
    return float(now / before - 1.0)
