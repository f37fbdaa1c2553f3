"""A storage unit of a PyPSA network as an asset: each of its fields is used, listed as ignored, or refused.

The list is ``pypsa_fields.yaml``. Both programs have one balance of energy, but PyPSA lets a unit charge and discharge
at once, charges costs to discharging alone, and takes no standing loss off the initial level in the first snapshot.
What stands around the unit is read in ``pypsa/site.py``, files in ``pypsa/tables.py``; ``pypsa/writing.py`` is the way
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.study.pypsa.parts import Part, fields
from cell2grid.study.pypsa.site import site_of
from cell2grid.study.pypsa.tables import Component, Tables, read_tables
from cell2grid.study.refusals import near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Exchanged:
    """An asset that came from PyPSA.

    ``asset`` has the numbers that the dispatch engine takes; a value is an array where it changes over ``timestep``.
    ``price`` [currency/MWh] is there where the network says it. ``ignored`` gives the reason for each field that was
    set and each part of the network that was not used, ``notes`` say what means something else in PyPSA.
    """

    name: str
    asset: dict[str, Any]
    timestep: NDArray[np.datetime64]
    step_hours: Floats
    price: Floats | None
    ignored: Mapping[str, str]
    notes: tuple[str, ...]


def read_pypsa(place: Path | str, *, unit: str | None = None) -> Exchanged:
    """One storage unit of a network in a folder of CSV files or a NetCDF file.

    Parameters
    ----------
    unit
        The name of the storage unit; it may be left out where the network has one only.

    Raises
    ------
    InputError
        There is no such network or unit, the unit has no size, or it has a field that an asset cannot say.
    """
    tables = read_tables(Path(place))
    return asset_of(tables, unit, str(place))


def asset_of(tables: Tables, unit: str | None, where: str) -> Exchanged:
    """One storage unit of a network that is read already; parameters and errors as ``read_pypsa``."""
    units = tables.components.get("storage_units")
    if units is None or units.static.empty:
        raise InputError(
            "the network has no storage unit; a store with links is not read, give a storage unit", where=where
        )
    name = _chosen(units, unit, where)
    timestep, hours = _steps(tables, where)
    weights = tables.snapshots
    weight = float(weights["objective"].iloc[-1]) if "objective" in weights else float(hours[-1])
    found = Part("storage_units", name, units, len(hours), f"{where}: storage unit '{name}'")
    _refuse(found, tables)
    asset, notes = _asset(found, float(hours[0]), weight)
    site = site_of(tables, found, asset, where)
    _stand(asset, site.asset, notes)
    price = _price(tables, name, len(timestep)) if site.price is None else site.price
    ignored = {**_ignored(found), **site.ignored, **dict.fromkeys(tables.others, "another part of the network")}
    notes += site.notes
    if {"objective", "stores"} <= set(weights) and (weights["objective"] != weights["stores"]).any():
        notes.append(
            "money is weighted unlike time in this network (snapshot_weightings); here a step's money counts once"
        )
    return Exchanged(name, asset, timestep, hours, price, ignored, tuple(notes))


def _chosen(units: Component, unit: str | None, where: str) -> str:
    names = list(units.static.index)
    if unit is None and len(names) == 1:
        return str(names[0])
    shown = ", ".join(f"'{name}'" for name in names[:12]) + (", …" if len(names) > 12 else "")
    if unit is None:
        raise InputError(f"the network has {len(names)} storage units: {shown}; name one with --unit", where=where)
    if unit not in names:
        raise InputError(f"there is no storage unit '{unit}'; {near(unit, names, what='storage units')}", where=where)
    if names.count(unit) > 1:
        raise InputError(f"storage unit '{unit}' stands {names.count(unit)} times; rename one", where=where)
    return unit


def _steps(tables: Tables, where: str) -> tuple[NDArray[np.datetime64], Floats]:
    import pandas as pd

    frame = tables.snapshots
    if "period" in frame.columns:
        raise InputError("the network has investment periods, which are not read; export one period alone", where=where)
    try:
        stamps = pd.to_datetime(frame["snapshot"]).to_numpy().astype("datetime64[s]")
    except (ValueError, TypeError):
        # snapshots may be mere names, as 'now' is
        stamps = np.arange(len(frame)).astype("datetime64[s]")
    for column in ("stores", "weightings", "objective"):
        if column in frame.columns:
            hours = frame[column].to_numpy(dtype=np.float64)
            if not (np.isfinite(hours) & (hours > 0.0)).all():
                raise InputError(f"snapshot weightings '{column}' hold {hours.min()}, expected above 0", where=where)
            return stamps, hours
    return stamps, np.ones(len(frame))


def _refuse(unit: Part, tables: Tables) -> None:
    for attribute, rule in fields()["refused"].items():
        if attribute not in unit.given():
            continue
        values = unit.numbers(attribute)
        wrong = ~(np.isnan(values) | (values == rule["unless"]))
        if wrong.any():
            step = int(np.argmax(wrong))
            at = f" in snapshot {step}" if len(values) > 1 else ""
            raise InputError(f"{attribute} is {values[step]:g}{at}: {rule['why']}; take it out", where=unit.where)
    if "marginal_cost" in tables.piecewise:
        raise InputError("marginal_cost is piecewise: an asset has one cost; give it one number", where=unit.where)


def _asset(unit: Part, first_hours: float, last_weight: float) -> tuple[dict[str, Any], list[str]]:
    """The unit in the numbers of an asset, and what to know of them."""
    notes: list[str] = []
    size = _size(unit, notes)
    energy = unit.number("max_hours") * size
    if not (size > 0.0 and energy > 0.0):
        raise InputError(
            f"p_nom {size:g} MW and max_hours {unit.number('max_hours'):g} give {energy:g} MWh, expected above 0; "
            "give the unit a size",
            where=unit.where,
        )
    charge, discharge = _limit(unit, "p_min_pu", -size), _limit(unit, "p_max_pu", size)
    asset: dict[str, Any] = {"power": charge, "energy": energy}
    if not np.array_equal(charge, discharge):
        asset["discharge_power"] = discharge
    whole = {"efficiency_store": "efficiency_charge", "efficiency_dispatch": "efficiency_discharge"}
    asset |= {ours: unit.number(theirs) for theirs, ours in whole.items() if unit.number(theirs) != 1.0}
    asset |= _levels(unit, energy, first_hours, notes) | _costs(unit, last_weight, notes)
    if unit.number("standing_loss"):
        asset["self_discharge"] = unit.number("standing_loss")
    mode = unit.text("cell2grid_mode")
    if mode in ("relaxed", "exclusive"):
        asset["mode"] = mode
    if mode != "relaxed":
        notes.append(
            "PyPSA lets a unit charge and discharge at once, which pays where a price is negative; "
            "here that is excluded unless the mode is relaxed"
        )
    return asset, notes


def _stand(asset: dict[str, Any], site: Mapping[str, Any], notes: list[str]) -> None:
    """Set the unit into its site: costs of discharging that are a throughput cost there, adders that add up."""
    own = asset.pop("sell_adder", None) if "throughput_cost" in site else asset.get("sell_adder")
    if own is not None and "throughput_cost" in site:
        notes[:] = [note for note in notes if not note.startswith("marginal_cost is charged to discharging alone")]
    elif own is not None and {"generation", "load", "auxiliary_load"} & set(site):
        notes.append(
            "marginal_cost of the unit is taken off what its site sells, and not off what the site uses itself"
        )
    asset.update({key: value for key, value in site.items() if key != "sell_adder"})
    if "sell_adder" in site:
        asset["sell_adder"] = site["sell_adder"] + asset.get("sell_adder", 0.0)


def _size(unit: Part, notes: list[str]) -> float:
    if not unit.true("p_nom_extendable"):
        return unit.number("p_nom")
    size = unit.number("p_nom_opt")
    if not size > 0.0:
        raise InputError("p_nom is still to be chosen (p_nom_extendable); solve the network first", where=unit.where)
    notes.append(f"p_nom is the {size:g} MW that PyPSA chose (p_nom_opt)")
    return size


def _limit(unit: Part, attribute: str, size: float) -> Any:
    values = unit.numbers(attribute) * size
    wrong = ~(values >= 0.0)
    if wrong.any():
        step = int(np.argmax(wrong))
        raise InputError(
            f"{attribute} is {unit.numbers(attribute)[step]:g} in snapshot {step}: the unit would have to move "
            "whether it pays or not, which an asset cannot say; give it the other sign",
            where=unit.where,
        )
    values = values + 0.0  # no negative zero
    return float(values[0]) if len(values) == 1 else values


def _levels(unit: Part, energy: float, first_hours: float, notes: list[str]) -> dict[str, Any]:
    """Start, end and cycle of the stored energy."""
    found: dict[str, Any] = {}
    loss = unit.number("standing_loss")
    if not 0.0 <= loss <= 1.0:
        raise InputError(f"standing_loss is {loss:g}, expected from 0 to 1; correct it", where=unit.where)
    if unit.true("cyclic_state_of_charge"):
        found["cyclic"] = True
    elif unit.number("state_of_charge_initial"):
        share = _share(unit, "state_of_charge_initial", unit.number("state_of_charge_initial"), energy)
        before = share / max((1.0 - loss) ** first_hours, _ROUNDING)
        found["start_fraction"] = min(before, 1.0)
        if before > 1.0 + _ROUNDING:
            notes.append(
                "PyPSA takes no standing loss off the initial level in the first snapshot; here a full store has it too"
            )
    if "state_of_charge_set" in unit.given():
        values = unit.numbers("state_of_charge_set")
        fixed = np.flatnonzero(~np.isnan(values))
        if len(values) > 1 and fixed.size and (fixed.size > 1 or fixed[0] != len(values) - 1):
            raise InputError(
                f"state_of_charge_set fixes the level in snapshot {fixed[0]}; an asset has an end level only, "
                "so leave all but the last empty",
                where=unit.where,
            )
        if len(values) == 1 < unit.steps:
            raise InputError(
                "state_of_charge_set fixes the level of every snapshot; leave all but the last empty", where=unit.where
            )
        if fixed.size and "cyclic" not in found:
            found["end_fraction"] = _share(unit, "state_of_charge_set", float(values[-1]), energy)
            notes.append("state_of_charge_set fixes the last level in PyPSA; here it is the least that must be left")
    return found


def _share(unit: Part, attribute: str, level: float, energy: float) -> float:
    share = level / energy
    if not -_ROUNDING <= share <= 1.0 + _ROUNDING:
        raise InputError(f"{attribute} is {level:g} MWh, expected from 0 to {energy:g}; correct it", where=unit.where)
    return min(max(share, 0.0), 1.0)


def _costs(unit: Part, last_weight: float, notes: list[str]) -> dict[str, Any]:
    """Costs of moving energy, and what energy is worth at the end."""
    found: dict[str, Any] = {}
    cost, ours = unit.numbers("marginal_cost"), unit.number("cell2grid_throughput_cost")
    if ours:
        if not np.all(np.abs(cost - ours) <= _ROUNDING * max(1.0, abs(ours))):
            raise InputError(
                f"marginal_cost is {cost[0]:g} and cell2grid_throughput_cost {ours:g}: one was changed without "
                "the other; give both one number, or remove the second",
                where=unit.where,
            )
        found["throughput_cost"] = ours
    elif cost.any():
        found["sell_adder"] = float(-cost[0]) if len(cost) == 1 else -cost
        notes.append(
            "marginal_cost is charged to discharging alone, as in PyPSA: it is taken off what a sold MWh earns"
        )
    worth = unit.numbers("marginal_cost_storage")
    if worth.any():
        if len(worth) != unit.steps or worth[:-1].any():
            raise InputError(
                "marginal_cost_storage charges for every snapshot: an asset has a worth at the end only; "
                "leave all but the last at 0",
                where=unit.where,
            )
        found["terminal_value"] = float(-worth[-1] * last_weight)
    return found


def _price(tables: Tables, name: str, steps: int) -> Floats | None:
    """The prices of the unit's place, where the network was solved or this package wrote it."""
    bus = str(tables.components["storage_units"].static.get("bus", {}).get(name, ""))
    for kind, attribute, column in (("buses", "marginal_price", bus), ("generators", "marginal_cost", "market")):
        if kind == "generators" and not tables.ours:
            continue
        component = tables.components.get(kind)
        frame = None if component is None else component.series.get(attribute)
        if frame is not None and column in frame and len(frame) == steps:
            prices: Floats = frame[column].to_numpy(dtype=np.float64)
            if np.isfinite(prices).all():
                return prices
    return None


def _ignored(unit: Part) -> dict[str, str]:
    """The fields that are set and not used, each with its reason."""
    rules = fields()
    found = {}
    for attribute in unit.given():
        if attribute in rules["ignored"]:
            found[attribute] = str(rules["ignored"][attribute])
        elif attribute not in rules["used"] and attribute not in rules["refused"]:
            found[attribute] = "not a field of storage units in PyPSA 1.4"
    return found
