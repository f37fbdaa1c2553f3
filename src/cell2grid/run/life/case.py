"""The plain numbers of one project's life, and what came of it: [MW], [MWh], [hour], [currency], shares [ratio].

Money is that of the valuation date, before inflation. A year of operation is counted from 0 in arrays. Equations:
docs/formulation/value.md and ageing.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from cell2grid.engines.ageing import Cells

Floats = npt.NDArray[np.float64]
WearWorth = Literal["opportunity", "replacement", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class PriceYear:
    """The prices of about one year: [currency/MWh] over steps [hour], and the cells' temperature [degC]."""

    label: str
    price: Floats
    step_hours: Floats
    celsius: Floats | float = 25.0

    @property
    def years(self) -> float:
        """Its length [year of 8,760 hours]."""
        return float(self.step_hours.sum()) / 8760.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """An augmentation or replacement: at the beginning of operating year ``year`` (from 0), or when below a share."""

    year: int | None = None
    below: float | None = None
    to: float | None = None  # share of the first energy
    energy: float | None = None  # [MWh]
    replace: bool = False
    cost: Floats  # [currency/MWh] at the beginning of each operating year


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyLimits:
    """What the supplier asks for and promises; ``inf`` or an empty tuple where there is no such limit."""

    cycles_per_year: float = np.inf
    throughput: float = np.inf  # energy drawn from the store [MWh] over ``years``
    mean_level: float = 1.0
    years: float = np.inf
    retention: tuple[tuple[int, float], ...] = ()  # (operating year from 1, share left at its end)
    keep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeCase:
    """One project, its prices and its wear.

    ``asset`` holds the keyword arguments of ``engines.dispatch.asset_case``, ``power`` and ``energy`` of the new store
    among them; series in it are by price year (``by_year``). ``order`` names the price year of each operating year,
    ``price_factor`` [year] what its prices are multiplied with. ``life`` [year] may end within a year.
    """

    asset: Mapping[str, Any]
    price_years: tuple[PriceYear, ...]
    order: tuple[int, ...]
    price_factor: Floats
    life: float
    discount_rate: float  # real [1/year]
    by_year: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # asset keys that differ by price year
    cells: Cells | None = None
    scale: float = 1.0
    fade: float = 0.0  # [1/year], where there are no cells
    end_of_life: float = 0.0
    additions: tuple[Addition, ...] = ()
    warranty: WarrantyLimits = WarrantyLimits()
    wear: WearWorth = "opportunity"
    replacement_cost: Floats | float = 0.0  # [currency/MWh] at the beginning of each operating year
    time_limit: float = 600.0  # seconds for one schedule

    @property
    def years(self) -> int:
        """The operating years, the last of which may be cut short."""
        return len(self.order)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Life:
    """What came of it, by operating year [year]; amounts are of the part of the year that was operated.

    ``state_of_health`` is the capacity at the end of the year over the first energy, additions included;
    ``full_cycles`` are of the first energy. ``sales`` less ``charging_cost`` is market revenue; ``wear_cost`` is what
    each MWh through the meter was charged for the capacity it takes when the schedule was made.
    """

    sales: Floats
    charging_cost: Floats
    discharged_energy: Floats
    charged_energy: Floats
    full_cycles: Floats
    mean_level: Floats
    capacity: Floats  # [MWh] at the beginning of the year, additions included
    state_of_health: Floats
    calendar_loss: Floats  # of the year, share of the first energy
    cycle_loss: Floats
    resistance: Floats  # of the oldest store over that of a new one, end of year; NaN where the cells do not say
    wear_cost: Floats  # [currency/MWh]
    capacity_worth: Floats  # [currency/MWh of capacity] what a lost MWh was held to be worth
    added_energy: Floats  # [MWh]
    addition_cost: Floats  # [currency]
    operated: Floats  # share of the year
    price_year: tuple[str, ...]
    settled: bool
    rounds: int
    residual: float  # largest change of the wear cost in the last round, relative to the price spread earned
    ended: int | None = None  # the operating year (from 1) at whose end the store's life ended early
    first_schedule: Any = None  # the dispatch Schedule of the first year
    notes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
