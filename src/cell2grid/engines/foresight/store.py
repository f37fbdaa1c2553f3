"""A case seen from inside the store, for methods that decide step by step: limits, bounds that can be kept, and money.

What lies at the grid side only as a price, an adder to it or a limit of the connection can be told in these terms; a
load, generation, or an efficiency by power cannot, and ``unlike_a_store`` names it. The bounds are those from which
every later bound can still be kept: they follow from the asset alone, so keeping them is no foresight of prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case, Schedule, checked
from cell2grid.engines.dispatch.schedule import earned
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Stamps = npt.NDArray[np.datetime64]

# a change of level that is smaller than this share of the store is rounding
SAME = 1e-12
# bounds that this share of the store breaks are kept
SLACK = 1e-9


class Store(NamedTuple):
    """A store whose prices come step by step: a stored MWh costs (price + ``buy_add``) / ``efficiency_charge``.

    ``most_in`` and ``most_out`` [MWh] are the most that can be stored and drawn in each step, ``kept`` [ratio] the
    share of stored energy left after it, ``lowest`` and ``highest`` [MWh] the bounds of the level after it, ``start``
    [MWh] the level before the first. A drawn MWh earns (price + ``sell_add``) x ``efficiency_discharge``; both adders
    [currency/MWh] hold the throughput cost. ``end_worth`` [currency/MWh] by ``end_length`` [MWh], from empty upwards,
    is what is stored at the end worth.
    """

    buy_add: Floats
    sell_add: Floats
    efficiency_charge: float
    efficiency_discharge: float
    most_in: Floats
    most_out: Floats
    kept: Floats
    lowest: Floats
    highest: Floats
    start: float
    end_worth: Floats
    end_length: Floats

    def buy(self, price: Floats) -> Floats:
        """What one more stored MWh costs [currency/MWh] at these prices, one a step."""
        cost: Floats = (price + self.buy_add) / self.efficiency_charge
        return cost

    def sell(self, price: Floats) -> Floats:
        """What one drawn MWh earns [currency/MWh] at these prices, one a step."""
        earned: Floats = (price + self.sell_add) * self.efficiency_discharge
        return earned


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """What one method did with an asset: the fields of a schedule of ``cell2grid.engines.dispatch``.

    ``energy`` [MWh], ``charge`` and ``discharge`` [MW] by step; ``value`` [currency] is what it earned less the
    throughput cost, with what is left in the end at its worth; ``notes`` say what the reader should know.
    """

    energy: Floats
    charge: Floats
    discharge: Floats
    value: float
    method: str
    start: float
    notes: tuple[str, ...] = ()

    @property
    def schedule(self) -> Schedule:
        """The same as the schedule that ``dispatch.outcome`` takes; nothing is claimed of how good it is."""
        return Schedule(
            energy=self.energy,
            charge=self.charge,
            discharge=self.discharge,
            start=self.start,
            value=self.value,
            bound=np.inf,
            method=self.method,
        )


def unlike_a_store(case: Case) -> str | None:
    """The first thing of a case that cannot be told from inside the store; None where all can."""
    things = {
        "a site's generation": case.generation,
        "a load": case.load,
        "an efficiency by power": case.efficiency_charge_by_power or case.efficiency_discharge_by_power,
        "a limit by level": case.charge_by_level or case.discharge_by_level,
        "a cap on cycles": case.cycle_caps or None,
    }
    return next((name for name, thing in things.items() if thing is not None), None)


def store_of(case: Case) -> Store:
    """The store of a checked case that ``unlike_a_store`` has nothing to say about.

    Raises
    ------
    InputError
        The case is cyclic: a level that returns to a start yet to be chosen asks for all prices at once.
    InfeasibleError
        The bounds of the level cannot be kept.
    """
    if case.cyclic:
        raise InputError(
            "storage asset: cyclic is a condition on all steps at once, and without foresight the start is given; "
            "give start_fraction and end_fraction"
        )
    hours = case.step_hours
    charge = case.charge_limit if case.import_limit is None else np.minimum(case.charge_limit, case.import_limit)
    discharge = (
        case.discharge_limit if case.export_limit is None else np.minimum(case.discharge_limit, case.export_limit)
    )
    length, worth = _ending(case)
    most_in, most_out = charge * hours * case.efficiency_charge, discharge * hours / case.efficiency_discharge
    lowest, highest = _keepable(case, most_in, most_out)
    cost = np.full(len(case.price), case.throughput_cost)
    return Store(
        buy_add=case.buy_price - case.price + cost,
        sell_add=case.sell_price - case.price - cost,
        efficiency_charge=case.efficiency_charge,
        efficiency_discharge=case.efficiency_discharge,
        most_in=most_in,
        most_out=most_out,
        kept=np.ascontiguousarray(case.kept),
        lowest=lowest,
        highest=highest,
        start=case.start,
        end_worth=worth,
        end_length=length,
    )


def _ending(case: Case) -> tuple[Floats, Floats]:
    """What is stored in the end, from empty upwards: lengths [MWh] that fill the store, and their worth."""
    rows = [(length, worth) for length, worth in case.terminal_worth or () if length > 0.0]
    rest = case.energy_capacity - sum(length for length, _ in rows)
    if rest > 0.0 or not rows:
        rows.append((max(rest, 0.0), 0.0))
    return np.array([length for length, _ in rows]), np.array([worth for _, worth in rows])


def _keepable(case: Case, most_in: Floats, most_out: Floats) -> tuple[Floats, Floats]:
    """The bounds of the level after each step from which all later bounds can still be kept."""
    lowest, highest, kept = case.lowest.copy(), case.highest.copy(), case.kept
    slack = SLACK * case.energy_capacity
    for t in range(len(lowest) - 2, -1, -1):
        lowest[t] = max(lowest[t], (lowest[t + 1] - most_in[t + 1]) / kept[t + 1])
        highest[t] = min(highest[t], (highest[t + 1] + most_out[t + 1]) / kept[t + 1])
    low = high = case.start
    for t in range(len(lowest)):
        low, high = max(kept[t] * low - most_out[t], lowest[t]), min(kept[t] * high + most_in[t], highest[t])
        if low > high + slack:
            from cell2grid.engines.dispatch.reach import refused

            raise refused(case)
        # what rounding alone keeps apart is one level
        low = min(low, high)
        lowest[t], highest[t] = min(lowest[t], high), max(highest[t], low)
    return lowest, highest


def operated(case: Case, energy: Floats, method: str, notes: tuple[str, ...] = ()) -> Operation:
    """What carries a store along ``energy`` [MWh], never both ways in a step, and what that earns."""
    change = energy - case.kept * np.concatenate([[case.start], energy[:-1]])
    change[np.abs(change) <= SAME * case.energy_capacity] = 0.0
    charge = np.maximum(change, 0.0) / (case.efficiency_charge * case.step_hours)
    discharge = np.maximum(-change, 0.0) * case.efficiency_discharge / case.step_hours
    # a limit reached is the limit itself, not its neighbour by rounding
    charge, discharge = np.minimum(charge, case.charge_limit), np.minimum(discharge, case.discharge_limit)
    value = earned(case, charge, discharge, energy)
    if case.mode == "relaxed":
        notes = (*notes, "charging and discharging at once, which mode relaxed allows, is left out")
    return Operation(energy, charge, discharge, value, method, case.start, notes)


def ready(case: Case, stamps: Stamps | None = None, past: int = 0) -> Store:
    """The store of a case that is checked first; ``stamps`` must be those of ``past`` steps and of the case's.

    Raises
    ------
    InputError, InfeasibleError
        As ``dispatch.checked``; what cannot be told from inside the store is named.
    """
    checked(case)
    thing = unlike_a_store(case)
    if thing is not None:
        raise InputError(
            f"storage asset: {thing} is not covered without foresight by this method; use the rolling horizon, or "
            "perfect foresight"
        )
    if stamps is not None and len(stamps) != past + len(case.price):
        raise InputError(
            f"{len(stamps)} stamps for {past} past prices and {len(case.price)} steps of the asset; give one for each"
        )
    return store_of(case)
