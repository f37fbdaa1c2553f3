"""The supply stacks of a study's markets, with every figure at its middle: of the first term and of the last.

A stack of means would belong to no price; one case has one of each. What a row is, is said in
``run/market_case/stack.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.errors import NotConvergedError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.market.choosing import logit_markets
from cell2grid.run.market.game import case_of
from cell2grid.run.market_case.stack import supply_stack

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.study.model import Study


def stacks(study: Study) -> pd.DataFrame | None:
    """The table ``supply_stack`` of a study's markets; None where the middle case has no answer."""
    import pandas as pd

    from cell2grid.results import TABLES

    try:
        arrays, found = case_of(study, MiddleFigures())
    except NotConvergedError:
        return None
    ends = sorted({0, arrays.sizes["term"] - 1})
    frames = []
    by_variant = {name for group in logit_markets(study) for name in group}
    for name in map(str, arrays["market"].values):
        if name in by_variant:
            continue  # each variant has a price of its own
        market = study.markets[name]
        item = study.products[market.product].counted_in
        # a market in which nobody asks or sells yet has no stack
        open_then = [term for term in ends if float(found["market_sales"].sel(market=name).isel(member=0)[term]) > 0.0]
        part, solved = (one.isel(term=open_then).sel(market=[name]) for one in (arrays, found))
        money = "" if study.competition is None else f"{study.competition.currency}/{item}"
        frames.append(supply_stack(part, solved, unit=f"{item}/year", currency=money))
    whole = pd.concat([frame for frame in frames if len(frame)], ignore_index=True) if any(map(len, frames)) else None
    return None if whole is None else whole[list(TABLES["supply_stack"])]
