"""Price series in: files, and the synthetic year.

``read_prices`` and ``synthetic_year`` both give a ``PriceSeries``. Market data services and other file formats are
left out for now; each gets one file here.
"""

from cell2grid.prices.csv_file import read_prices
from cell2grid.prices.series import PriceSeries
from cell2grid.prices.synthetic import synthetic_year

__all__ = ["PriceSeries", "read_prices", "synthetic_year"]
