"""An asset and its prices as a PyPSA network: a storage unit, and a generator that buys and sells at the price.

What PyPSA's storage unit cannot say stops the way out and is named, unless the caller leaves it out by name. Buses:
``market``; ``site`` behind the grid connection, where fees, limits, generation or load stand; ``store`` behind two
links, where moving energy costs, for PyPSA charges a unit's own cost to discharging alone. Files are written in
``pypsa/tables.py``; the way in is ``pypsa/reading.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.study.pypsa.tables import Component, Tables, write_tables
from cell2grid.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CANNOT = {
    "efficiency_charge_by_power": "its efficiencies do not depend on power",
    "efficiency_discharge_by_power": "its efficiencies do not depend on power",
    "charge_by_level": "its limits do not depend on the level",
    "discharge_by_level": "its limits do not depend on the level",
    "energy_floor": "its level has no floor",
    "energy_ceiling": "its level has no ceiling below max_hours",
    "terminal_worth": "stored energy has one worth at the end; give terminal_value",
    "cycles_per_year": "its cycles have no cap",
    "cycles_per_day": "its cycles have no cap",
}
SITE = ("buy_adder", "sell_adder", "import_limit", "export_limit", "generation", "load", "auxiliary_load")


def write_pypsa(
    asset: Mapping[str, Any],
    timestep: NDArray[np.datetime64],
    price: Floats,
    step_hours: Floats,
    place: Path,
    *,
    name: str = "asset",
    leave_out: Collection[str] = (),
) -> tuple[Path, tuple[str, ...]]:
    """The absolute path of the network that was written, and notes on what means something else in PyPSA.

    Parameters
    ----------
    asset
        The numbers of an asset as the dispatch engine takes them [MW, MWh, currency/MWh, ratio].
    timestep, price, step_hours
        The UTC stamps, the prices [currency/MWh] and the lengths [hour] of the time steps.
    place
        A folder of CSV files, new, empty or written by this package; or a file that ends in .nc.
    name
        What the storage unit is called.
    leave_out
        Keys of the asset that PyPSA cannot say and that the network shall do without.

    Raises
    ------
    InputError
        The asset has a key that PyPSA cannot say, a step in which buying is cheaper than selling, or the place will
        not do.
    """
    network, notes = network_of(asset, timestep, price, step_hours, name=name, leave_out=leave_out)
    return write_tables(network, place, name=name), notes


def network_of(
    asset: Mapping[str, Any],
    timestep: NDArray[np.datetime64],
    price: Floats,
    step_hours: Floats,
    *,
    name: str = "asset",
    leave_out: Collection[str] = (),
) -> tuple[Tables, tuple[str, ...]]:
    """The network in tables, not yet written; parameters and errors as ``write_pypsa``.

    >>> hours = np.datetime64("2025-01-01T00", "s") + np.arange(2) * np.timedelta64(3600, "s")
    >>> network, _ = network_of({"power": 50.0, "energy": 200.0}, hours, np.array([10.0, 60.0]), np.ones(2))
    >>> float(network.components["storage_units"].static.loc["asset", "max_hours"])
    4.0
    """
    import pandas as pd

    for key in leave_out:
        if key not in asset:
            raise InputError(f"asset '{name}' has no '{key}' that could be left out; it has {', '.join(sorted(asset))}")
    kept = {key: value for key, value in asset.items() if key not in leave_out and key != "day"}
    for key in kept:
        if key in CANNOT:
            raise InputError(
                f"asset '{name}': {key} cannot be said of a storage unit of PyPSA: {CANNOT[key]}; "
                f"change the asset, or do without with --leave-out {key}"
            )
    plan = _Plan(name, kept, np.asarray(price, np.float64), np.asarray(step_hours, np.float64))
    notes = [f"{key} is left out" for key in leave_out]
    _market(plan)
    inner = _site(plan)
    _unit(plan, _store(plan, inner), notes)
    hours = plan.hours
    stamps = np.asarray(timestep).astype("datetime64[ns]")
    snapshots = pd.DataFrame({"snapshot": stamps, "objective": hours, "stores": hours, "generators": hours})
    if kept.get("mode") != "relaxed" and bool(np.any(plan.sell_price < 0.0)):
        notes.append(
            "prices turn negative, where PyPSA lets a unit charge and discharge at once; cell2grid does so in the mode "
            "relaxed alone"
        )
    components = {kind: component(rows, plan.series.get(kind, {}), len(hours)) for kind, rows in plan.static.items()}
    return Tables(snapshots, components, {"cell2grid": __version__}), tuple(notes)


@dataclass(slots=True)
class _Plan:
    """A network that is being put together: rows and series of each kind of component."""

    name: str
    asset: Mapping[str, Any]
    price: Floats
    hours: Floats
    static: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    series: dict[str, dict[str, dict[str, Floats]]] = field(default_factory=dict)

    def over(self, key: str, missing: float = 0.0) -> Floats:
        """A key of the asset over the steps."""
        values = np.asarray(self.asset.get(key, missing), np.float64)
        if values.ndim and values.shape != self.price.shape:
            raise InputError(
                f"asset '{self.name}': {key} has {values.size} values and the prices {self.price.size}; give one a step"
            )
        spread: Floats = np.broadcast_to(values, self.price.shape)
        return spread

    @property
    def sell_price(self) -> Floats:
        """What a MWh to the grid earns [currency/MWh]."""
        return self.price + self.over("sell_adder")

    @property
    def most(self) -> float:
        """More than what can ever pass the connection [MW]."""
        keys = ("power", "discharge_power", "generation", "load", "auxiliary_load")
        return 1.0 + sum(float(np.max(np.abs(self.over(key)))) for key in keys)

    def add(self, kind: str, name: str, **columns: Any) -> None:
        """A component; a column that is an array becomes a series where it changes."""
        row: dict[str, Any] = {}
        for attribute, value in columns.items():
            if isinstance(value, np.ndarray) and value.size and not (value == value.flat[0]).all():
                self.series.setdefault(kind, {}).setdefault(attribute, {})[name] = np.asarray(value, np.float64)
            else:
                row[attribute] = float(value.flat[0]) if isinstance(value, np.ndarray) else value
        self.static.setdefault(kind, {})[name] = row


def component(
    rows: Mapping[str, Mapping[str, Any]], series: Mapping[str, Mapping[str, Floats]], steps: int
) -> Component:
    """The tables of one kind of component, from its rows by name and the series by attribute and name."""
    import pandas as pd

    static = pd.DataFrame(list(rows.values()), index=list(rows))
    return Component(
        static, {name: pd.DataFrame(dict(columns), index=range(steps)) for name, columns in series.items()}
    )


def _market(plan: _Plan) -> None:
    plan.add("buses", "market", carrier="AC")
    plan.add("carriers", "AC")
    # the price stands in a series even where it never changes: it is found there again
    plan.add("generators", "market", bus="market", p_nom=plan.most, p_min_pu=-1.0, p_max_pu=1.0)
    plan.series.setdefault("generators", {})["marginal_cost"] = {"market": plan.price}


def _site(plan: _Plan) -> str:
    """The bus on which the asset stands, with all that stands there besides."""
    if not any(key in plan.asset for key in SITE):
        return "market"
    buy, sell = plan.over("buy_adder"), plan.over("sell_adder")
    if (buy < sell).any():
        step = int(np.argmax(buy < sell))
        raise InputError(
            f"asset '{plan.name}': in timestep {step} a MWh is bought at the price {buy[step]:+g} and sold at it "
            f"{sell[step]:+g}, so that PyPSA would do both without end; correct the adders"
        )
    plan.add("buses", "site", carrier="AC")
    for link, ends, limit, cost in (
        ("buy", ("market", "site"), "import_limit", buy),
        ("sell", ("site", "market"), "export_limit", -sell),
    ):
        most, share = _scaled(plan.over(limit, plan.most))
        plan.add("links", link, bus0=ends[0], bus1=ends[1], p_nom=most, p_max_pu=share, marginal_cost=cost)
    if "generation" in plan.asset:
        most, share = _scaled(plan.over("generation"))
        plan.add("generators", "generation", bus="site", p_nom=most, p_min_pu=0.0, p_max_pu=share)
    for key in ("load", "auxiliary_load"):
        if key in plan.asset:
            plan.add("loads", key, bus="site", p_set=plan.over(key))
    return "site"


def _store(plan: _Plan, outside: str) -> str:
    """The bus of the storage unit: one of its own behind two links, where what goes in costs."""
    cost = float(plan.asset.get("throughput_cost", 0.0))
    if not cost:
        return outside
    plan.add("buses", "store", carrier="AC")
    plan.add("links", "charge", bus0=outside, bus1="store", p_nom=plan.most, p_max_pu=1.0, marginal_cost=cost)
    plan.add("links", "discharge", bus0="store", bus1=outside, p_nom=plan.most, p_max_pu=1.0, marginal_cost=0.0)
    return "store"


def _scaled(power: Floats) -> tuple[float, Floats]:
    """The largest power, and each as a share of it."""
    most = float(power.max())
    return most, power / most if most > 0.0 else np.zeros_like(power)


def _unit(plan: _Plan, bus: str, notes: list[str]) -> None:
    asset = plan.asset
    charge, energy = plan.over("power"), float(asset["energy"])
    discharge = plan.over("discharge_power") if "discharge_power" in asset else charge
    size = float(max(charge.max(), discharge.max()))
    if not (size > 0.0 and energy > 0.0):
        raise InputError(f"asset '{plan.name}': {size:g} MW and {energy:g} MWh, expected above 0; give it a size")
    loss = float(asset.get("self_discharge", 0.0))
    row: dict[str, Any] = {
        "bus": bus, "p_nom": size, "max_hours": energy / size, "p_min_pu": -charge / size, "p_max_pu": discharge / size,
        "efficiency_store": float(asset.get("efficiency_charge", 1.0)),
        "efficiency_dispatch": float(asset.get("efficiency_discharge", 1.0)),
        "standing_loss": loss,
        "cyclic_state_of_charge": bool(asset.get("cyclic", False)),
        # PyPSA takes no standing loss off the initial level in the first snapshot
        "state_of_charge_initial": float(asset.get("start_fraction", 0.0)) * energy * (1.0 - loss) ** plan.hours[0],
        "marginal_cost": float(asset.get("throughput_cost", 0.0)),
    }  # fmt: skip
    if row["cyclic_state_of_charge"]:
        row["state_of_charge_initial"] = 0.0
    end = float(asset.get("end_fraction", 0.0))
    if end > 0.0 and not row["cyclic_state_of_charge"]:
        row["state_of_charge_set"] = _last(plan, end * energy, np.nan)
        notes.append("end_fraction is a floor here; PyPSA knows fixed levels alone, so the last level is fixed at it")
    if asset.get("terminal_value"):
        # PyPSA weighs the cost of a snapshot by its length
        row["marginal_cost_storage"] = _last(plan, -float(asset["terminal_value"]) / float(plan.hours[-1]), 0.0)
    if row["marginal_cost"]:
        row["cell2grid_throughput_cost"] = row["marginal_cost"]
    if "mode" in asset:
        row["cell2grid_mode"] = str(asset["mode"])
    plan.add("storage_units", plan.name, **row)


def _last(plan: _Plan, value: float, before: float) -> Floats:
    """A series that says something of the last step alone."""
    values = np.full(len(plan.price), before)
    values[-1] = value
    return values
