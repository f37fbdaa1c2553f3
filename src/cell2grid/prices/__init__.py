"""Price series in: files, market sources, and the synthetic year; and profiles of power that stand beside them.

``read_prices`` takes CSV, Parquet and Excel files, ``markets`` what sources of prices give, ``synthetic_year`` makes a
year that no market set; all give a ``PriceSeries``. ``resampled`` changes the length of its steps, ``read_profile`` and
``aligned`` set a generation or load beside it, ``estimated_slope`` says how far sales lower it, and ``forecasts`` what
was expected of prices. No engine sees this room.
"""

from cell2grid.prices.measures import ExchangeRate
from cell2grid.prices.profiles import aligned
from cell2grid.prices.reading import read_prices, read_profile, read_temperature
from cell2grid.prices.resampling import resampled
from cell2grid.prices.series import PriceSeries, Profile
from cell2grid.prices.slope import Slope, estimated_slope
from cell2grid.prices.synthetic import synthetic_year
from cell2grid.prices.writing import write_prices

__all__ = [
    "ExchangeRate",
    "PriceSeries",
    "Profile",
    "Slope",
    "aligned",
    "estimated_slope",
    "read_prices",
    "read_profile",
    "read_temperature",
    "resampled",
    "synthetic_year",
    "write_prices",
]
