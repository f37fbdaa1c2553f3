"""A price series: one price for each of many time steps of equal length, in order and without a gap.

Files are read in ``csv_file``; the year that stands in where there is no file is made in ``synthetic``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceSeries:
    """Prices [currency/MWh] over time steps that each begin at a UTC stamp.

    ``synthetic`` marks prices that no market has set; whatever shows them says so. ``currency`` is None where the
    file does not say. ``offsets`` tells whether the file's stamps had an offset; those without were taken as UTC.
    """

    timestep: npt.NDArray[np.datetime64]
    price: npt.NDArray[np.float64]
    step_hours: npt.NDArray[np.float64]
    name: str
    currency: str | None = None
    synthetic: bool = False
    offsets: bool = False

    @property
    def resolution_minutes(self) -> float:
        """The length of a time step [minute]."""
        return float(self.step_hours[0]) * 60.0

    @property
    def unit(self) -> str:
        """The unit of the prices; ``currency/MWh`` where no currency is known."""
        return f"{self.currency or 'currency'}/MWh"

    @property
    def label(self) -> str:
        """The name as charts show it: a synthetic series says that it is one."""
        return f"{self.name} (synthetic prices, no market's)" if self.synthetic else self.name

    def to_dataset(self) -> xr.Dataset:
        """``price`` and ``step_hours`` over ``timestep``, as the dispatch engine reads them."""
        import xarray as xr

        return xr.Dataset(
            {"price": ("timestep", self.price), "step_hours": ("timestep", self.step_hours)},
            coords={"timestep": self.timestep.astype("datetime64[ns]")},
            attrs={"series": self.name, "unit": self.unit, "synthetic": int(self.synthetic)},
        )
