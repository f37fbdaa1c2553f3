"""One storage asset, the site it stands on and its prices, as plain arrays: the question that a schedule answers.

``asset_case`` makes a ``Case`` of plain numbers and ``checked`` refuses one that contradicts itself. Powers are at the
grid side of the asset. The answer is found in ``schedule.py``; equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mode = Literal["exclusive", "relaxed"]
Table = tuple[tuple[float, float], ...]

HOURS_OF_A_YEAR = 8760.0


class CycleCap(NamedTuple):
    """The most energy that may be drawn from the store [MWh] in the steps ``first`` to ``last``, both counted."""

    first: int
    last: int
    energy: float


class Asset(TypedDict):
    """One asset and its site in plain numbers; a series may be one number or one a step.

    Powers [MW], energy [MWh], costs and prices [currency/MWh], shares and efficiencies [ratio].
    """

    power: Floats | float
    energy: float
    discharge_power: NotRequired[Floats | float]
    efficiency_charge: NotRequired[float]
    efficiency_discharge: NotRequired[float]
    # (power as a share of the largest limit, efficiency), powers rising; instead of the two above
    efficiency_charge_by_power: NotRequired[Table]
    efficiency_discharge_by_power: NotRequired[Table]
    # (level as a share of energy, share of the limit): what the limit is where the step ends
    charge_by_level: NotRequired[Table]
    discharge_by_level: NotRequired[Table]
    start_fraction: NotRequired[float]
    end_fraction: NotRequired[float]
    cyclic: NotRequired[bool]
    # least and most energy after each step, as shares of energy
    energy_floor: NotRequired[Floats | float]
    energy_ceiling: NotRequired[Floats | float]
    self_discharge: NotRequired[float]  # share of the stored energy lost in an hour
    auxiliary_load: NotRequired[Floats | float]
    throughput_cost: NotRequired[float]
    terminal_value: NotRequired[float]
    # what one more stored MWh is worth at the end, from empty upwards: (MWh, currency/MWh) with falling worth
    terminal_worth: NotRequired[Table]
    buy_adder: NotRequired[Floats | float]
    sell_adder: NotRequired[Floats | float]
    import_limit: NotRequired[Floats | float]
    export_limit: NotRequired[Floats | float]
    generation: NotRequired[Floats | float]
    load: NotRequired[Floats | float]
    cycles_per_year: NotRequired[float]
    cycles_per_day: NotRequired[float]
    # the day of each step, as whole numbers that never fall; without it 24 hours from the first step are a day
    day: NotRequired[Integers]
    mode: NotRequired[Mode]


class PriceFall(NamedTuple):
    """How the price falls with the site's own sales, held by tangents.

    A sale of y MW moves the price by -``slope`` y and costs ``slope`` y^2 an hour; that square is held by its tangents
    at ``points``: ``slope`` [currency/MWh/MW] by timestep, ``points`` of net export [MW], rising, by (timestep, point).
    """

    slope: Floats
    points: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One asset, its site and its prices: [currency/MWh], [hour], [MW] and [MWh]; None is a feature not used.

    ``buy_price`` and ``sell_price`` are what a MWh costs and earns at the grid connection. ``generation`` is what sun
    and wind could give and may be curtailed; ``load`` must be served and holds the asset's auxiliary load.
    ``terminal_worth`` and ``terminal_length`` say what stored energy is worth after the last step, from empty upwards.
    ``price_fall`` is set by ``impact``, where the price moves with what the site sells.
    """

    price: Floats
    step_hours: Floats
    charge_limit: Floats
    discharge_limit: Floats
    energy_capacity: float
    efficiency_charge: float = 1.0
    efficiency_discharge: float = 1.0
    efficiency_charge_by_power: Table | None = None
    efficiency_discharge_by_power: Table | None = None
    charge_by_level: Table | None = None
    discharge_by_level: Table | None = None
    start_fraction: float = 0.0
    end_fraction: float = 0.0
    cyclic: bool = False
    energy_floor: Floats | None = None
    energy_ceiling: Floats | None = None
    self_discharge: float = 0.0
    throughput_cost: float = 0.0
    terminal_worth: Table | None = None
    buy_adder: Floats | None = None
    sell_adder: Floats | None = None
    import_limit: Floats | None = None
    export_limit: Floats | None = None
    generation: Floats | None = None
    load: Floats | None = None
    cycle_caps: tuple[CycleCap, ...] = ()
    mode: Mode = "exclusive"
    price_fall: PriceFall | None = None

    @property
    def start(self) -> float:
        """The energy stored before the first step [MWh]; without meaning where ``cyclic``."""
        return self.start_fraction * self.energy_capacity

    @property
    def end(self) -> float:
        """The least energy stored after the last step [MWh]."""
        return self.end_fraction * self.energy_capacity

    @property
    def buy_price(self) -> Floats:
        """What a MWh from the grid costs [currency/MWh]."""
        return self.price if self.buy_adder is None else self.price + self.buy_adder

    @property
    def sell_price(self) -> Floats:
        """What a MWh to the grid earns [currency/MWh]."""
        return self.price if self.sell_adder is None else self.price + self.sell_adder

    @property
    def kept(self) -> Floats:
        """The share of the energy stored before each step that is left after it, were the asset to stand still."""
        if self.self_discharge == 0.0:
            return np.ones(len(self.step_hours))
        kept: Floats = (1.0 - self.self_discharge) ** self.step_hours
        return kept

    @property
    def lowest(self) -> Floats:
        """The least energy after each step [MWh], the end among it."""
        floor = np.zeros(len(self.price)) if self.energy_floor is None else self.energy_floor * self.energy_capacity
        if not self.cyclic:
            floor[-1] = max(floor[-1], self.end)
        return floor

    @property
    def highest(self) -> Floats:
        """The most energy after each step [MWh]."""
        share = np.ones(len(self.price)) if self.energy_ceiling is None else self.energy_ceiling
        return share * self.energy_capacity

    @property
    def has_site(self) -> bool:
        """Whether anything but the asset and a market price stands at the grid connection."""
        parts = (self.buy_adder, self.sell_adder, self.import_limit, self.export_limit, self.generation, self.load)
        return any(part is not None for part in parts)

    def worth_of_end(self, level: float) -> float:
        """What a level after the last step is worth [currency]; energy beyond the table is worth nothing."""
        worth, left = 0.0, max(level, 0.0)
        for length, each in self.terminal_worth or ():
            taken = min(left, length)
            worth += taken * each
            left -= taken
        return worth


def asset_case(price: Floats, step_hours: Floats | float = 1.0, **asset: Unpack[Asset]) -> Case:
    """The case of plain numbers, not yet checked; ``price`` [currency/MWh], steps [hour], the rest as ``Asset``."""

    def series(values: Floats | float) -> Floats:
        return np.ascontiguousarray(np.broadcast_to(np.asarray(values, np.float64), np.shape(price)))

    def given(name: str) -> Floats | None:
        return series(asset[name]) if name in asset else None  # type: ignore[literal-required]

    hours = series(step_hours)
    load, auxiliary = given("load"), given("auxiliary_load")
    if auxiliary is not None:
        load = auxiliary if load is None else load + auxiliary
    energy = float(asset["energy"])
    # a name that is not given keeps the default of Case
    names = (
        *("efficiency_charge", "efficiency_discharge", "start_fraction", "end_fraction", "self_discharge"),
        *("throughput_cost", "cyclic", "mode"),
        *("efficiency_charge_by_power", "efficiency_discharge_by_power", "charge_by_level", "discharge_by_level"),
        "terminal_worth",
    )
    named: dict[str, Any] = {name: asset[name] for name in names if name in asset}  # type: ignore[literal-required]
    if "terminal_value" in asset:
        named["terminal_worth"] = ((energy, float(asset["terminal_value"])),)
    return Case(
        price=series(price),
        step_hours=hours,
        charge_limit=series(asset["power"]),
        discharge_limit=series(asset.get("discharge_power", asset["power"])),
        energy_capacity=energy,
        energy_floor=given("energy_floor"),
        energy_ceiling=given("energy_ceiling"),
        buy_adder=given("buy_adder"),
        sell_adder=given("sell_adder"),
        import_limit=given("import_limit"),
        export_limit=given("export_limit"),
        generation=given("generation"),
        load=load,
        cycle_caps=_caps(asset, hours, energy),
        **named,
    )


def _caps(asset: Asset, hours: Floats, energy: float) -> tuple[CycleCap, ...]:
    """The caps of each day and of the whole series, which has its share of the years' cycles."""
    caps = []
    if "cycles_per_day" in asset:
        day = asset.get("day")
        day = np.floor((np.cumsum(hours) - hours) / 24.0 + 1e-9).astype(np.int64) if day is None else np.asarray(day)
        firsts = np.concatenate([[0], np.flatnonzero(np.diff(day)) + 1, [len(hours)]])
        most = float(asset["cycles_per_day"]) * energy
        caps += [CycleCap(int(a), int(b) - 1, most) for a, b in pairwise(firsts)]
    if "cycles_per_year" in asset:
        years = float(hours.sum()) / HOURS_OF_A_YEAR
        caps.append(CycleCap(0, len(hours) - 1, float(asset["cycles_per_year"]) * years * energy))
    return tuple(caps)
