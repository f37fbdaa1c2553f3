"""What a case may hold: every number within its range, every table in order, and no two bounds that contradict.

Whether a schedule keeps all bounds at once is found out by ``schedule.py``.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case, Table
from cell2grid.errors import InfeasibleError, InputError

Floats = npt.NDArray[np.float64]

# prices, powers, energies and hours beyond this are slips of the pen, and their products would lose digits
LARGEST = 1e9
_SERIES = {
    "price": (-LARGEST, LARGEST, "currency/MWh"),
    "step_hours": (1e-6, LARGEST, "hour"),
    "charge_limit": (0.0, LARGEST, "MW"),
    "discharge_limit": (0.0, LARGEST, "MW"),
    "energy_floor": (0.0, 1.0, ""),
    "energy_ceiling": (0.0, 1.0, ""),
    "buy_adder": (-LARGEST, LARGEST, "currency/MWh"),
    "sell_adder": (-LARGEST, LARGEST, "currency/MWh"),
    "import_limit": (0.0, np.inf, "MW"),
    "export_limit": (0.0, np.inf, "MW"),
    "generation": (0.0, LARGEST, "MW"),
    "load": (0.0, LARGEST, "MW"),
}
_NUMBERS = {
    "energy_capacity": (1e-6, LARGEST, "MWh"),
    "efficiency_charge": (1e-3, 1.0, ""),
    "efficiency_discharge": (1e-3, 1.0, ""),
    "start_fraction": (0.0, 1.0, ""),
    "end_fraction": (0.0, 1.0, ""),
    "self_discharge": (0.0, 0.999, "1/hour"),
    "throughput_cost": (0.0, LARGEST, "currency/MWh"),
}


def checked(case: Case) -> Case:
    """The case itself, once its numbers are within their ranges and do not contradict one another.

    Raises
    ------
    InputError
        A number is not finite or outside its range, or a table is out of order.
    InfeasibleError
        The floor of the level is above its ceiling, or the end cannot be reached even at full power.
    """
    _check_series(case)
    _check_numbers(case)
    _check_tables(case)
    _check_caps(case)
    _check_levels(case)
    return case


def _check_series(case: Case) -> None:
    if case.price.size == 0:
        raise InputError("the price series has no timestep; give at least one")
    for name, (low, high, unit) in _SERIES.items():
        values = getattr(case, name)
        if values is None:
            continue
        wrong = ~((values >= low) & (values <= high))
        if wrong.any():
            step = int(np.argmax(wrong))
            raise InputError(
                f"storage asset: {name} of timestep {step} is {values[step]}, "
                f"expected a number {_span(low, high, unit)}; mend the series"
            )


def _check_numbers(case: Case) -> None:
    for name, (low, high, unit) in _NUMBERS.items():
        value = getattr(case, name)
        if not low <= value <= high:
            raise InputError(
                f"storage asset: {name} is {value:g}, expected a number {_span(low, high, unit)}; change the asset"
            )
    if case.mode not in ("exclusive", "relaxed"):
        raise InputError(f"storage asset: mode is '{case.mode}', expected exclusive or relaxed; change the mode")
    if not (case.charge_limit.any() or case.discharge_limit.any()):
        raise InputError(
            "storage asset: charge_limit and discharge_limit are 0 MW in every timestep; give it some power"
        )


def _span(low: float, high: float, unit: str) -> str:
    return (f"from {low:g} to {high:g} {unit}" if np.isfinite(high) else f"of {low:g} {unit} or more").rstrip()


def _check_tables(case: Case) -> None:
    for name in ("efficiency_charge_by_power", "efficiency_discharge_by_power"):
        table = getattr(case, name)
        if table is not None:
            _check_rising(name, table, "power", first=None)
            _check_efficiencies(name, table, charging="discharge" not in name)
    for name, falling in (("charge_by_level", True), ("discharge_by_level", False)):
        table = getattr(case, name)
        if table is not None:
            _check_rising(name, table, "level", first=0.0)
            _check_concave(name, table, falling=falling)
    worths = case.terminal_worth or ()
    for i, (amount, worth) in enumerate(worths):
        if not (0.0 < amount <= LARGEST and abs(worth) <= LARGEST):
            raise InputError(
                f"storage asset: row {i} of terminal_worth is ({amount:g} MWh, {worth:g} currency/MWh), expected an "
                "energy above 0 and a finite worth; change the row"
            )
        if i > 0 and worth > worths[i - 1][1]:
            raise InputError(
                f"storage asset: terminal_worth rises from {worths[i - 1][1]:g} to {worth:g} currency/MWh in row {i}; "
                "give it with falling worth, from the empty store upwards"
            )


def _check_rising(name: str, table: Table, of: str, *, first: float | None) -> None:
    """The first column rises to 1, from ``first`` where that is given; the second lies between 0 and 1."""
    shares = [share for share, _ in table]
    if not shares or shares[-1] != 1.0 or (first is not None and shares[0] != first) or not shares[0] >= 0.0:
        begin = "above 0" if first is None else f"{first:g}"
        raise InputError(
            f"storage asset: {name} has the {of} shares {[float(f'{share:g}') for share in shares]}, expected them to "
            f"rise from {begin} to 1; add the missing rows"
        )
    if first is None and shares[0] <= 0.0:
        raise InputError(f"storage asset: {name} begins at a power of 0, where no efficiency is; begin above 0")
    for i, (share, value) in enumerate(table):
        if i > 0 and not share > shares[i - 1]:
            raise InputError(
                f"storage asset: row {i} of {name} has the share {share:g} after {shares[i - 1]:g}; sort it"
            )
        if not 0.0 <= value <= 1.0:
            raise InputError(f"storage asset: row {i} of {name} is {value:g}, expected a number from 0 to 1; change it")


def _check_efficiencies(name: str, table: Table, *, charging: bool) -> None:
    """More power at the grid side is more power inside the store."""
    before = 0.0
    for i, (share, efficiency) in enumerate(table):
        if efficiency < 1e-3:
            raise InputError(f"storage asset: row {i} of {name} is {efficiency:g}, expected 0.001 to 1; change it")
        inside = share * efficiency if charging else share / efficiency
        if inside <= before:
            raise InputError(
                f"storage asset: at the power share {share:g} of {name} no more gets through than at the row before "
                f"(efficiency {efficiency:g}); raise the efficiency there"
            )
        before = inside


def _check_concave(name: str, table: Table, *, falling: bool) -> None:
    """A limit by level bends down only, and falls toward the end that it is about."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(table)]
    for i, slope in enumerate(slopes):
        if (slope > 1e-12) if falling else (slope < -1e-12):
            toward = "full" if falling else "empty"
            raise InputError(
                f"storage asset: {name} grows toward the {toward} store between rows {i} and {i + 1}; "
                "a power limit falls there, so change the rows"
            )
        if i > 0 and slope > slopes[i - 1] + 1e-9:
            raise InputError(
                f"storage asset: {name} bends up at row {i}, and only a curve that bends down can be kept; leave out "
                "that row, or give a lower curve"
            )


def _check_caps(case: Case) -> None:
    for cap in case.cycle_caps:
        if not 0.0 <= cap.energy <= LARGEST * LARGEST:
            raise InputError(
                f"storage asset: the cycles of timesteps {cap.first} to {cap.last} are capped at {cap.energy:g} MWh, "
                "expected 0 or more; change the cycles"
            )


def _check_levels(case: Case) -> None:
    if case.energy_floor is not None and case.energy_ceiling is not None:
        crossed = case.energy_floor > case.energy_ceiling
        if crossed.any():
            t = int(np.argmax(crossed))
            raise InfeasibleError(
                f"storage asset: energy_floor of timestep {t} is {case.energy_floor[t]:g} and energy_ceiling "
                f"{case.energy_ceiling[t]:g}; lower the floor or raise the ceiling"
            )
    if not case.cyclic and case.energy_ceiling is not None and case.end_fraction > case.energy_ceiling[-1]:
        raise InfeasibleError(
            f"storage asset: end_fraction is {case.end_fraction:g} and energy_ceiling of the last timestep "
            f"({len(case.price) - 1}) {case.energy_ceiling[-1]:g}; lower the end or raise the ceiling"
        )
