"""What the flows of a schedule earn, and whether they keep to the rules, recomputed from the asset and the flows.

``Ledger`` takes what ``dispatch.asset_case`` takes, and its methods the flows; nothing here is shared with the
package. The best that could be earned: ``dispatch_oracle.py`` and ``dispatch_lattice.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SLACK = 1e-9


@dataclass(frozen=True)
class Flows:
    """Charge and discharge at the grid side [MW] and the energy after each step [MWh]."""

    charge: np.ndarray
    discharge: np.ndarray
    energy: np.ndarray


class Ledger:
    """The books of one asset: its series spread over the steps, and the rules that its flows must keep."""

    def __init__(self, price: np.ndarray, step_hours: np.ndarray | float, asset: dict) -> None:
        self.price, self.asset = np.asarray(price, float), asset
        self.hours = np.array(np.broadcast_to(np.asarray(step_hours, float), self.price.shape))
        self.room = float(asset["energy"])
        self.limits = (self.series("power"), self.series("discharge_power" if "discharge_power" in asset else "power"))

    def series(self, name: str, absent: float = 0.0) -> np.ndarray:
        return np.array(np.broadcast_to(np.asarray(self.asset.get(name, absent), float), self.price.shape))

    def stored(self, charge: np.ndarray) -> np.ndarray:
        """What the store takes in [MW]."""
        return self.through(charge, "charge", self.limits[0].max())

    def drawn(self, discharge: np.ndarray) -> np.ndarray:
        """What the store gives up [MW]."""
        return self.through(discharge, "discharge", self.limits[1].max())

    def through(self, power: np.ndarray, side: str, largest: float) -> np.ndarray:
        table = self.asset.get(f"efficiency_{side}_by_power")
        if table is None:
            efficiency = self.asset.get(f"efficiency_{side}", 1.0)
            return power * efficiency if side == "charge" else power / efficiency
        points = np.array([0.0, *(share * largest for share, _ in table)])
        inside = [0.0] + [share * largest * (eff if side == "charge" else 1.0 / eff) for share, eff in table]
        return np.interp(power, points, inside)

    def before(self, flows: Flows) -> np.ndarray:
        """The energy before each step [MWh]."""
        start = flows.energy[-1] if self.asset.get("cyclic") else self.asset.get("start_fraction", 0.0) * self.room
        return np.concatenate([[start], flows.energy[:-1]])

    def imbalance(self, flows: Flows) -> float:
        """The largest gap in e_t = kept e_{t-1} + stored - drawn [MWh]."""
        kept = (1.0 - self.asset.get("self_discharge", 0.0)) ** self.hours
        change = (self.stored(flows.charge) - self.drawn(flows.discharge)) * self.hours
        return float(np.abs(flows.energy - kept * self.before(flows) - change).max())

    def broken_rules(self, flows: Flows) -> list[str]:
        """The rules that the flows break, by name; none where all is well."""
        charge, discharge, energy = flows.charge, flows.discharge, flows.energy
        room, level = SLACK * max(1.0, self.room), energy / self.room
        floor, ceiling = self.series("energy_floor"), self.series("energy_ceiling", 1.0)
        end = 0.0 if self.asset.get("cyclic") else self.asset.get("end_fraction", 0.0)
        most_in = self.limits[0] * self.share("charge", level)
        most_out = self.limits[1] * self.share("discharge", level)
        low, high = self.net_range(flows)
        rules = {
            "balance": self.imbalance(flows) <= room,
            "charge": bool(((charge >= 0.0) & (charge <= most_in + room)).all()),
            "discharge": bool(((discharge >= 0.0) & (discharge <= most_out + room)).all()),
            "floor": bool((energy >= floor * self.room - room).all()),
            "ceiling": bool((energy <= ceiling * self.room + room).all()),
            "end": bool(energy[-1] >= end * self.room - room),
            "never both": self.asset.get("mode") == "relaxed" or float((charge * discharge).max()) == 0.0,
            "connection": bool((low <= high + room).all()),
            "cycles": all(used <= most + room for used, most in self.cycles(flows)),
        }
        return [name for name, kept in rules.items() if not kept]

    def share(self, side: str, level: np.ndarray) -> np.ndarray:
        table = self.asset.get(f"{side}_by_level")
        if table is None:
            return np.ones_like(level)
        at, share = np.array(table).T
        return np.interp(level, at, share)

    def cycles(self, flows: Flows) -> list[tuple[float, float]]:
        """The energy drawn and the most that may be [MWh], a pair for each cap."""
        drawn = self.drawn(flows.discharge) * self.hours
        pairs = []
        if "cycles_per_year" in self.asset:
            pairs.append((drawn.sum(), self.asset["cycles_per_year"] * self.hours.sum() / 8760.0 * self.room))
        if "cycles_per_day" in self.asset:
            begin = np.cumsum(self.hours) - self.hours
            day = self.asset.get("day", np.floor(begin / 24.0 + 1e-9))
            most = self.asset["cycles_per_day"] * self.room
            pairs += [(drawn[day == one].sum(), most) for one in np.unique(day)]
        return pairs

    def net_range(self, flows: Flows) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most that can leave the site [MW], from all generation curtailed to none."""
        generation, load = self.series("generation"), self.series("load") + self.series("auxiliary_load")
        whole = generation - load + flows.discharge - flows.charge
        low = np.maximum(whole - generation, -self.series("import_limit", np.inf))
        return low, np.minimum(whole, self.series("export_limit", np.inf))

    def money(self, flows: Flows) -> np.ndarray:
        """The most that each step can earn at the meter by curtailing [currency]: at one end, or at no exchange."""
        low, high = self.net_range(flows)
        high = np.maximum(low, high)
        buy, sell = self.price + self.series("buy_adder"), self.price + self.series("sell_adder")
        nothing = np.clip(0.0, low, high)
        return np.max([np.where(net > 0.0, sell, buy) * net * self.hours for net in (low, high, nothing)], axis=0)

    def earned(self, flows: Flows) -> float:
        """The objective: money, less throughput cost, and what is left in the store [currency]."""
        moved = float(((flows.charge + flows.discharge) * self.hours).sum())
        total = float(self.money(flows).sum()) - self.asset.get("throughput_cost", 0.0) * moved
        left = float(flows.energy[-1])
        table = self.asset.get("terminal_worth", ())
        if "terminal_value" in self.asset:
            table = ((self.room, self.asset["terminal_value"]),)
        for length, worth in table:
            total += min(left, length) * worth
            left = max(left - length, 0.0)
        return total


def site_rewards(price: np.ndarray, asset: dict, *, units_in: int, units_out: int) -> tuple[np.ndarray, int]:
    """What each step of an hour pays for each change of level in units, and the units drawn at most.

    A MWh charged is ``units_in`` units and a MWh discharged ``units_out``; -inf where the connection forbids it.
    """
    ledger = Ledger(price, 1.0, asset)
    most_in, most_out = (round(ledger.limits[side].max() * units) for side, units in ((0, units_in), (1, units_out)))
    table = np.empty((len(price), most_out + most_in + 1))
    nothing = np.zeros(len(price))
    for change in range(-most_out, most_in + 1):
        charge, discharge = nothing + max(change, 0) / units_in, nothing + max(-change, 0) / units_out
        flows = Flows(charge, discharge, nothing)
        low, high = ledger.net_range(flows)
        paid = ledger.money(flows) - ledger.asset.get("throughput_cost", 0.0) * (charge + discharge)
        allowed = (low <= high + SLACK) & (charge <= ledger.limits[0]) & (discharge <= ledger.limits[1])
        table[:, change + most_out] = np.where(allowed, paid, -np.inf)
    return table, most_out
