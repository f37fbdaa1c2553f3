"""Forecasts of prices: what was thought, in each time step, of the prices of the steps after it.

``forecast(name, known)`` gives a built-in one; they stand in ``made/``, one file each, found by themselves.
``read_forecast`` in ``forecast_file`` gives the user's own. What is known when is said once, by ``Known``, and no
forecast looks beyond it. What a store does with a forecast is left to ``cell2grid.engines.foresight``.
"""

from __future__ import annotations

from cell2grid.prices.forecasts.forecast_file import day_ahead_forecast, read_forecast
from cell2grid.prices.forecasts.known import Known, known_prices
from cell2grid.prices.forecasts.matrix import Forecast, carried, forecast, forecasts

__all__ = [
    "Forecast",
    "Known",
    "carried",
    "day_ahead_forecast",
    "forecast",
    "forecasts",
    "known_prices",
    "read_forecast",
]
