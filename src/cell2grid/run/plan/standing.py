"""What a study's own plants can make for its markets, and what these ask for, by month and term in the middle case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines import engine
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.ensemble import input_arrays
from cell2grid.run.market.capacities import free_output
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.decision_terms import DecisionTerms

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Items a year: what plants can make (plant, term) and (plant, month), and what markets ask for, alike."""

    capacity: NDArray[np.float64]
    monthly: NDArray[np.float64]
    demand: NDArray[np.float64]
    asked: NDArray[np.float64]
    notes: tuple[str, ...]


def standing_of(study: Study, plants: Sequence[str], markets: Sequence[str], terms: DecisionTerms) -> Standing:
    """What plants can make for markets and what these ask for; random outages at what they take on average.

    Raises
    ------
    StudyError
        The study says something that cannot be simulated.
    """
    arrays = input_arrays(study, MiddleFigures())
    demand = arrays["market_demand"].transpose("member", "market", "period")
    unlimited = [name for name in markets if np.isinf(demand.sel(market=name).values).any()]
    others = [str(name) for name in arrays["market"].values if str(name) not in markets]
    asked = demand.sel(market=list(markets)).values[0]
    asked = MONTHS_A_YEAR * np.where(np.isfinite(asked), asked, 0.0)
    monthly = np.zeros((0, terms.months))
    if plants:
        arrays = arrays.merge(engine("capability").solve(arrays), compat="override", join="exact")
        arrays = arrays.assign(outage_scale=_usual_outages(arrays))
        arrays["market_demand"] = arrays["market_demand"].where(np.isfinite(arrays["market_demand"]), 0.0)
        monthly = MONTHS_A_YEAR * free_output(arrays, list(plants), list(markets))[0]
    notes = []
    if unlimited or others:
        notes.append(f"plan: {', '.join([*unlimited, *others])}: takes all it can get, which nothing is built for")
    if any(study.plants[name].inputs for name in plants):
        notes.append("plan: what plants take in is part of what an item costs, and always at hand")
    return Standing(terms.terms.mean(monthly), monthly, terms.terms.mean(asked), asked, tuple(notes))


def _usual_outages(arrays: xr.Dataset) -> xr.DataArray:
    """What random outages leave of a month on average: 1 - (1 - leaves) x lasts / (every + lasts)."""
    every, lasts, leaves = (arrays[f"outage_{name}"] for name in ("every", "lasts", "leaves"))
    left = 1.0 - (1.0 - leaves) * lasts / (every + lasts)
    scale = arrays["outage_scale"]
    usual = left.fillna(1.0).broadcast_like(scale).transpose(*scale.dims)
    return usual.assign_attrs(scale.attrs)
