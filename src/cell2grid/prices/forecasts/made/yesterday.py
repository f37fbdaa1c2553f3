"""Each step is expected to cost what the same time of day cost on the last day whose price of it is known."""

from __future__ import annotations

import numpy as np

from cell2grid.prices.forecasts.known import Floats, Integers, Known
from cell2grid.prices.forecasts.matrix import Maker, same_time_before

WORDS = "the price of the same time of day on the last day known"


def maker(known: Known) -> Maker:
    """The rows; where the series has no day before, the last known price stands."""
    day = known.day_steps

    def expected(origins: Integers, leads: int) -> Floats:
        found = same_time_before(known, origins, leads, day)
        latest = known.price[known.last[origins]][:, None]
        rows: Floats = np.where(np.isnan(found), latest, found)
        return rows

    return expected
