"""What a storage asset does when it does not know the prices that come.

``rolling`` plans the hours ahead on a forecast; ``stochastic`` answers each price by what prices tend to do next;
``naive`` keeps to hours or to price bounds that paid in the past. ``compared`` sets them beside perfect foresight, and
``settled`` pays a schedule sold a day ahead and changed on the day. No method sees a price before it is known. The
schedule on known prices is the task of ``cell2grid.engines.dispatch``; forecasts are made in
``cell2grid.prices.forecasts``. Equations: docs/formulation/foresight.md.
"""

from __future__ import annotations

from cell2grid.engines.foresight.comparison import Row, compared, words
from cell2grid.engines.foresight.expected import Expectation
from cell2grid.engines.foresight.intraday import Settlement, redispatched, settled
from cell2grid.engines.foresight.naive import naive
from cell2grid.engines.foresight.rolling import rolling
from cell2grid.engines.foresight.stochastic import Fit, LevelValues, level_values, stochastic
from cell2grid.engines.foresight.store import Operation

__all__ = [
    "Expectation",
    "Fit",
    "LevelValues",
    "Operation",
    "Row",
    "Settlement",
    "compared",
    "level_values",
    "naive",
    "redispatched",
    "rolling",
    "settled",
    "stochastic",
    "words",
]
