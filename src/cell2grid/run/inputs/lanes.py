"""The ways from a study's plants to its regions as arrays: lead times month by month, and what shocks let through.

A lane's lead time is drawn once for each member; where it has a deviation, what leaves in a month takes more or less
time than that. Whom a plant serves first is in ``serving.py``, what freight and duties cost in ``landing.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.counter import shares, stream_key, words
from cell2grid.run.inputs.streams import row_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.inputs.shocks import Shocks
    from cell2grid.study.model import Lane, Study

FARTHEST = 38.0  # deviations: beyond it the normal distribution is 0 or 1 to the last bit


def regions(study: Study) -> list[str]:
    """Every region that the study names, in the order of their first mention."""
    named = [
        *study.regions,
        *(plant.region for plant in study.plants.values()),
        *(market.region for market in study.markets.values()),
        *(project.region for project in study.projects.values()),
        *(order.region for order in study.orders.values() if order.region is not None),
    ]
    return list(dict.fromkeys(named))


def lane_values(study: Study, figures: Figures, periods: Sequence[str], shocks: Shocks) -> Values:
    """Lead times, missing where no lane leads, and the part of what would leave that may, by name with their dims.

    Raises
    ------
    StudyError
        Two lanes lead the same way.
    """
    places = regions(study)
    lead = np.full((figures.count, len(study.plants), len(places), len(periods)), np.nan)
    scale = np.ones_like(lead)
    for row, plant in enumerate(study.plants.values()):
        for column, region in enumerate(places):
            number = lane_number(study.lanes, plant.region, region, plant.makes)
            if number is None and region != plant.region:
                continue
            lead[:, row, column] = 0.0 if number is None else _lead_time(study, figures, periods, number)
            if number is not None:
                lead[:, row, column] += shocks.delay(plant.region, region, plant.makes)
                scale[:, row, column] = shocks.of_lane(plant.region, region, plant.makes)
    dims = ("member", "plant", "destination", "period")
    return {"lead_time": (dims, lead), "lane_scale": (dims, scale)}


def lane_number(lanes: Sequence[Lane], origin: str, destination: str, product: str) -> int | None:
    """The number of the lane for a product; one that names the product comes before one for all.

    Raises
    ------
    StudyError
        Two lanes lead there for it.
    """
    for wanted in (product, None):
        found = [
            number
            for number, lane in enumerate(lanes)
            if (lane.origin, lane.destination, lane.product) == (origin, destination, wanted)
        ]
        if len(found) > 1:
            raise StudyError(
                f"lanes {found[0]} and {found[1]} both lead from {origin} to {destination};"
                " keep one, or name a product in each"
            )
        if found:
            return found[0]
    return None


def lanes_of_inputs(study: Study) -> list[int]:
    """The numbers of the lanes on which plants of the study would send inputs to one another.

    What a plant takes in is there in the month in which it is made, so that these lanes count for buyers alone.
    """
    found = set()
    for plant in study.plants.values():
        for need in plant.inputs:
            if study.products[need.product].external:
                continue
            for maker in study.plants.values():
                if maker.makes == need.product and maker.region != plant.region:
                    found.add(lane_number(study.lanes, maker.region, plant.region, need.product))
    return sorted(number for number in found if number is not None)


def _lead_time(study: Study, figures: Figures, periods: Sequence[str], number: int) -> NDArray[np.float64]:
    """What the shipments of each month take on a lane (member, period) [month], delays apart."""
    lane, path = study.lanes[number], f"lanes.{number}"
    mean = figures.drawn("lead_time", f"{path}.lead_time", lane.lead_time, "month")
    if lane.lead_time_deviation is None:
        return np.repeat(mean[:, None], len(periods), axis=1)
    deviation = figures.drawn("lead_time", f"{path}.lead_time_deviation", lane.lead_time_deviation, "month")
    key = stream_key(figures.seed, f"{row_names(study)[path]}.lead_time by month")
    months = np.array([int(month[:4]) * 12 + int(month[5:7]) for month in periods])
    share = shares(words(key, figures.draws)[:, None], months[None, :])
    return around(share, mean[:, None], deviation[:, None])


def around(
    share: NDArray[np.float64], mean: NDArray[np.float64], deviation: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The quantile at each share of a normal distribution that is cut at nothing and at twice its mean.

    It is cut evenly on both sides, so that its mean stays what was written; where the deviation is large, the spread
    that is left is smaller than it.

    >>> around(np.array([0.5, 1.0]), np.array([30.0]), np.array([100.0])).tolist()
    [30.0, 60.0]
    """
    from scipy.special import ndtr, ndtri

    spread = np.full(np.broadcast(mean, deviation).shape, FARTHEST)
    edge = np.divide(mean, deviation, out=spread, where=deviation * FARTHEST > mean)
    # counted from the nearer end: near one, a share has fewer digits than near nothing
    upper = share > 0.5
    tail = np.where(upper, 1.0 - share, share)
    below = ndtri(np.maximum(ndtr(-edge) + tail * (ndtr(edge) - ndtr(-edge)), np.finfo(float).tiny))
    value = mean + deviation * np.where(upper, -below, below)
    return np.asarray(np.clip(value, 0.0, 2.0 * mean), dtype=np.float64)
