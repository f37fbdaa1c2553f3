"""Each step is expected to cost what the same time of the same weekday cost in the last week that is known."""

from __future__ import annotations

import numpy as np

from cell2grid.prices.forecasts.known import Floats, Integers, Known
from cell2grid.prices.forecasts.made.yesterday import maker as of_yesterday
from cell2grid.prices.forecasts.matrix import Maker, same_time_before

WORDS = "the price of the same time and weekday in the last week known"


def maker(known: Known) -> Maker:
    """The rows; where the series has no week before, those of ``yesterday`` stand."""
    week, before_a_week = 7 * known.day_steps, of_yesterday(known)

    def expected(origins: Integers, leads: int) -> Floats:
        found = same_time_before(known, origins, leads, week)
        missing = np.isnan(found)
        if missing.any():
            found = np.where(missing, before_a_week(origins, leads), found)
        return found

    return expected
