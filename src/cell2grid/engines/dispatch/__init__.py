"""The best schedule of one storage asset that takes prices as given and knows them in advance.

``solve`` reads one price series and one asset and writes the schedule, exact to rounding. Where every step is concave
(no negative price, or no losses, or a throughput cost that outweighs them) the method is dynamic programming on a
piecewise-linear value, in ``kernel_concave``. Elsewhere "never charge and discharge at once" is a choice between
two, and ``milp`` takes it to HiGHS; ``attrs["method"]`` of what comes back says which it was.

Left out: ageing, self-discharge, reserves, forecasts and a site behind the meter. Price files are read in
``cell2grid.prices``. Sets, equations and their tests: docs/formulation/dispatch.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from cell2grid.errors import EngineError, InfeasibleError, InputError
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.engines.dispatch.kernel_concave import Store

Floats = npt.NDArray[np.float64]

READS = (
    "price",
    "step_hours",
    "charge_limit",
    "discharge_limit",
    "energy_capacity",
    "efficiency_charge",
    "efficiency_discharge",
    "start_fraction",
    "end_fraction",
    "throughput_cost",
)
WRITES = (
    "charge",
    "discharge",
    "energy",
    "charged_energy",
    "discharged_energy",
    "charging_cost",
    "revenue",
    "objective",
)
DYNAMIC_PROGRAMMING = "dynamic programming"
# the two ways of adding up the same money may differ by rounding only
AGREEMENT = 1e-9
# prices, powers, energies and hours beyond this are slips of the pen, and their products would lose digits
LARGEST = 1e9


class Asset(TypedDict):
    """One asset in plain numbers: powers [MW] (one, or one a step), energy [MWh], cost [currency/MWh]."""

    power: Floats | float
    energy: float
    discharge_power: NotRequired[Floats | float]
    efficiency_charge: NotRequired[float]
    efficiency_discharge: NotRequired[float]
    start_fraction: NotRequired[float]
    end_fraction: NotRequired[float]
    throughput_cost: NotRequired[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One asset and its prices as plain arrays: [currency/MWh], [hour], [MW] and [MWh]."""

    price: Floats
    step_hours: Floats
    charge_limit: Floats
    discharge_limit: Floats
    energy_capacity: float
    efficiency_charge: float
    efficiency_discharge: float
    start_fraction: float
    end_fraction: float
    throughput_cost: float

    @property
    def start(self) -> float:
        """The energy stored before the first step [MWh]."""
        return self.start_fraction * self.energy_capacity

    @property
    def store(self) -> Store:
        """The same case seen from inside the store, where the losses are in the prices and limits."""
        from cell2grid.engines.dispatch.kernel_concave import Store

        room = self.energy_capacity
        return Store(
            buy=(self.price + self.throughput_cost) / self.efficiency_charge,
            sell=(self.price - self.throughput_cost) * self.efficiency_discharge,
            most_in=np.minimum(self.charge_limit * self.step_hours * self.efficiency_charge, room),
            most_out=np.minimum(self.discharge_limit * self.step_hours / self.efficiency_discharge, room),
            full=room,
            start=self.start,
            end=self.end_fraction * room,
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """The energy after each step [MWh], the value that the method claims for it, and the method's name."""

    energy: Floats
    value: float
    method: str


def solve(arrays: xr.Dataset, *, time_limit: float = 600.0) -> xr.Dataset:
    """The schedule that earns the most, with its energy, income and cost.

    Parameters
    ----------
    arrays
        The READS: ``price`` [currency/MWh], ``step_hours`` [hour], ``charge_limit`` and ``discharge_limit`` [MW] over
        ``timestep``, and the asset as scalars. Power is at the grid side.
    time_limit
        Seconds that HiGHS may take where a mixed-integer problem is needed.

    Raises
    ------
    InputError
        A number is not finite or outside its range.
    InfeasibleError
        The end level cannot be reached.
    NotConvergedError
        HiGHS stopped before it had proved the schedule the best.

    The equations are those of docs/formulation/dispatch.md.

    >>> import numpy as np
    >>> from cell2grid.engines import dispatch
    >>> best = dispatch.solve(dispatch.asset_arrays(np.array([10.0, 50, 10, 5000, 10]), power=4.0, energy=6.0))
    >>> (best["discharge"] - best["charge"]).values
    array([-4.,  4., -4.,  4.,  0.])
    """
    import xarray as xr

    require(arrays, READS, of="dispatch")
    series = {name: np.ascontiguousarray(arrays[name].values, dtype=np.float64) for name in READS[:4]}
    numbers = {name: float(arrays[name]) for name in READS[4:]}
    case = checked(Case(**series, **numbers))  # type: ignore[arg-type]
    best = schedule(case, time_limit=time_limit)
    coords = {"timestep": arrays["timestep"]} if "timestep" in arrays.coords else {}
    found = {
        name: ("timestep", value) if isinstance(value, np.ndarray) else ((), value)
        for name, value in outcome(best, case).items()
    }
    return labelled(xr.Dataset(found, coords=coords, attrs={"method": best.method}))


def asset_arrays(price: Floats, step_hours: Floats | float = 1.0, **asset: Unpack[Asset]) -> xr.Dataset:
    """The READS of this engine from plain numbers; ``price`` [currency/MWh], steps [hour], the rest as ``Asset``."""
    import xarray as xr

    case = asset_case(price, step_hours, **asset)
    arrays = {name: getattr(case, name) for name in READS}
    return xr.Dataset(
        {name: (("timestep",) if isinstance(value, np.ndarray) else (), value) for name, value in arrays.items()}
    )


def asset_case(price: Floats, step_hours: Floats | float = 1.0, **asset: Unpack[Asset]) -> Case:
    """The case of plain numbers, not yet checked; arguments as ``asset_arrays``."""

    def series(values: Floats | float) -> Floats:
        return np.ascontiguousarray(np.broadcast_to(np.asarray(values, np.float64), np.shape(price)))

    return Case(
        price=series(price),
        step_hours=series(step_hours),
        charge_limit=series(asset["power"]),
        discharge_limit=series(asset.get("discharge_power", asset["power"])),
        energy_capacity=float(asset["energy"]),
        efficiency_charge=float(asset.get("efficiency_charge", 1.0)),
        efficiency_discharge=float(asset.get("efficiency_discharge", 1.0)),
        start_fraction=float(asset.get("start_fraction", 0.0)),
        end_fraction=float(asset.get("end_fraction", 0.0)),
        throughput_cost=float(asset.get("throughput_cost", 0.0)),
    )


def checked(case: Case) -> Case:
    """The case itself, once its numbers are within their ranges and its end can be reached.

    Raises
    ------
    InputError, InfeasibleError
        As ``solve``.
    """
    _check_series(case)
    _check_asset(case)
    _check_end(case)
    return case


def schedule(case: Case, *, time_limit: float = 600.0) -> Schedule:
    """The best schedule of a checked case, by the fast method where it is exact and by HiGHS elsewhere."""
    store = case.store
    if not np.any(store.buy < store.sell):
        from cell2grid.engines.dispatch.kernel_concave import plan

        best = Schedule(*plan(*store), DYNAMIC_PROGRAMMING)
    else:
        from cell2grid.engines.dispatch.milp import plan_exclusive

        best = Schedule(*plan_exclusive(store, time_limit=time_limit))
    _check_value(store, best)
    return best


def outcome(best: Schedule, case: Case) -> dict[str, Floats | float]:
    """The WRITES of a schedule: arrays over the time steps, and plain numbers."""
    charge, discharge = powers(case, best.energy)
    bought, sold = charge * case.step_hours, discharge * case.step_hours
    charged, discharged = float(bought.sum()), float(sold.sum())
    cost = float(np.sum(case.price * bought))
    revenue = float(np.sum(case.price * sold)) - cost
    return {
        "charge": charge,
        "discharge": discharge,
        "energy": best.energy,
        "charged_energy": charged,
        "discharged_energy": discharged,
        "charging_cost": cost,
        "revenue": revenue,
        "objective": revenue - case.throughput_cost * (charged + discharged),
    }


def powers(case: Case, energy: Floats) -> tuple[Floats, Floats]:
    """Charge and discharge at the grid side [MW] that carry the store along ``energy`` [MWh]; never both in a step."""
    change = np.diff(energy, prepend=case.start)
    charge = np.maximum(change, 0.0) / (case.efficiency_charge * case.step_hours)
    discharge = np.maximum(-change, 0.0) * case.efficiency_discharge / case.step_hours
    # a limit reached is the limit itself, not its neighbour by rounding
    return np.minimum(charge, case.charge_limit), np.minimum(discharge, case.discharge_limit)


def _check_series(case: Case) -> None:
    if case.price.size == 0:
        raise InputError("the price series has no timestep; give at least one")
    for name in ("price", "step_hours", "charge_limit", "discharge_limit"):
        values = getattr(case, name)
        low = {"price": -LARGEST, "step_hours": 1e-6}.get(name, 0.0)
        wrong = ~((values >= low) & (values <= LARGEST))
        if wrong.any():
            step = int(np.argmax(wrong))
            raise InputError(
                f"storage asset: {name} of timestep {step} is {values[step]}, "
                f"expected a number from {low:g} to {LARGEST:g}; mend the series"
            )


def _check_asset(case: Case) -> None:
    bounds = {
        "energy_capacity": (1e-6, LARGEST, "MWh"),
        "efficiency_charge": (1e-3, 1.0, ""),
        "efficiency_discharge": (1e-3, 1.0, ""),
        "start_fraction": (0.0, 1.0, ""),
        "end_fraction": (0.0, 1.0, ""),
        "throughput_cost": (0.0, LARGEST, "currency/MWh"),
    }
    for name, (low, high, unit) in bounds.items():
        value = getattr(case, name)
        if not low <= value <= high:
            expected = f"a number from {low:g} to {high:g} {unit}".rstrip()
            raise InputError(f"storage asset: {name} is {value:g}, expected {expected}; change the asset")
    if not (case.charge_limit.any() or case.discharge_limit.any()):
        raise InputError(
            "storage asset: charge_limit and discharge_limit are 0 MW in every timestep; give it some power"
        )


def _check_end(case: Case) -> None:
    store = case.store
    reach = store.start + float(store.most_in.sum())
    if reach < store.end * (1.0 - 1e-12):
        raise InfeasibleError(
            f"storage asset: after the last timestep ({len(case.price) - 1}) at most {reach:g} MWh can be stored, "
            f"and end_fraction {case.end_fraction:g} asks for {store.end:g} MWh; "
            "lower the end, raise the start or the charge limit, or lengthen the horizon"
        )


def _check_value(store: Store, best: Schedule) -> None:
    """The value claimed at the start is what the schedule earns, step by step."""
    change = np.diff(best.energy, prepend=store.start)
    money = np.where(change > 0.0, -store.buy * change, -store.sell * change)
    earned = float(money.sum())
    if not abs(earned - best.value) <= AGREEMENT * max(1.0, float(np.abs(money).sum())):
        raise EngineError(
            f"dispatch: the value at the start is {best.value!r} and the schedule earns {earned!r}; they should agree "
            "to 1e-9: please report the prices and the asset"
        )
