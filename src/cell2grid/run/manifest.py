"""The manifest of a run: what was run, with which versions and engines, what was read, and what nothing was made of."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.engines import engine
from cell2grid.engines.supply import MAY_READ, TRADE
from cell2grid.results import FORMAT
from cell2grid.run.ensemble import ENGINES
from cell2grid.run.inputs.lanes import lanes_of_inputs
from cell2grid.run.inputs.plants import defaults
from cell2grid.version import __version__

if TYPE_CHECKING:
    from cell2grid.run.calibration import Calibrated
    from cell2grid.run.value import Dispatched, Valued
    from cell2grid.study.model import Study

_NAMED = ("duckdb", "h5netcdf", "highspy", "numba", "numpy", "pandas", "pyxirr", "xarray")


def not_used(study: Study) -> list[str]:
    """The parts of the study that no engine of this version reads, with the reason.

    >>> from cell2grid.study.loader import load_study
    >>> isinstance(not_used(load_study("giga-shanghai-2022").study), list)
    True
    """
    reasons = {
        "duties": (
            [] if _priced(study) else [duty for duty in study.duties if duty.amount is None],
            "no market says what an item sells for",
        ),
        "plants.construction_began": (
            [plant for plant in study.plants.values() if plant.construction_began],
            "a plant is known from its opening on",
        ),
        **_of_markets(study),
    }
    said = [f"{path}: {reason}" for path, (found, reason) in reasons.items() if found]
    return said + [
        f"lanes.{number}: inputs are at hand in the month in which they are made; lead time, cost and shocks of the "
        "lane hold for what buyers get"
        for number in lanes_of_inputs(study)
    ]


def _of_markets(study: Study) -> dict[str, tuple[list[Any], str]]:
    """What only markets that make their price read, where the study has none."""
    plants, alone = study.plants.values(), "the study has no 'competition'"
    war = study.competition is not None and study.competition.price_war is not None
    of_costs = [plant for plant in plants if plant.marginal_cost is not None or plant.fixed_cost is not None]
    answers = [row for one in study.markets.values() for row in one.demand if row.elasticity is not None]
    undertaken = [duty for duty in study.duties if duty.minimum_price is not None]
    found: dict[str, tuple[list[Any], str]] = {
        "plants.cash_cost": ([one for one in plants if one.cash_cost and not war], "there is no price war"),
    }
    if study.competition is None:
        found |= {
            "markets.demand.elasticity": (answers, f"{alone}, and markets take what their quantity says"),
            "duties.minimum_price": (undertaken, f"{alone}, and no price is below it or above"),
        }
        if study.investment is None:
            found |= {"plants.marginal_cost": (of_costs, f"{alone} and no 'investment' that asks what an item costs")}
    return found


def _priced(study: Study) -> bool:
    return any(row.price is not None for market in study.markets.values() for row in market.demand)


def about(study: Study, study_json: str, folder: Path | None) -> dict[str, Any]:
    """What was run, with which versions, and what was taken for granted."""
    return {
        "cell2grid": __version__,
        "format": FORMAT,
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _NAMED},
        "study": study.study,
        "seed": study.seed,
        "members": study.members,
        "sampling": study.sampling,
        "inputs": _inputs(study, study_json, folder),
        "defaults": defaults(study),
        "not_used": not_used(study),
    }


def _inputs(study: Study, study_json: str, folder: Path | None) -> dict[str, str]:
    """The SHA-256 of the study as it was run and of each price file."""
    hashes = {"study.json": hashlib.sha256(study_json.encode()).hexdigest()}
    for series in study.prices.values():
        if series.file is not None and ((folder or Path()) / series.file).is_file():
            hashes[series.file] = hashlib.sha256(((folder or Path()) / series.file).read_bytes()).hexdigest()
    return hashes


def how(
    schedules: Mapping[str, Dispatched], money: Valued | None, notes: list[str], *, also: Sequence[str]
) -> dict[str, Any]:
    """The engines that ran, ``also`` among them, and why some of what they say is only illustrative."""
    illustrative = [f"{name}: {reason}" for name, found in schedules.items() for reason in found.reasons]
    told = list(notes)
    told += [] if money is None else [f"{name}: {text}" for name, texts in money.told.items() for text in texts]
    return {"engines": _engines(schedules, money, also), "illustrative": illustrative, "notes": told}


def _engines(
    schedules: Mapping[str, Dispatched], money: Valued | None, also: Sequence[str]
) -> dict[str, dict[str, list[str]]]:
    names = [
        *ENGINES,
        *also,
        *(["dispatch"] if schedules else []),
        *(["finance"] if money is not None else []),
    ]
    used = {name: {"reads": list(engine(name).READS), "writes": list(engine(name).WRITES)} for name in names}
    if "market" in also:
        used["supply"]["reads"] += MAY_READ
    if money is not None:
        # a project begins when what it has ordered is there and built
        reads = used["finance"]["reads"]
        reads[reads.index("operation_start")] = "commissioning"
    if schedules:
        used["dispatch"]["methods"] = [f"{name}: {s.schedule.attrs.get('method', '')}" for name, s in schedules.items()]
    return used


def _join_markets(found: dict[str, dict[str, None]], engine_name: str) -> None:
    """The figures behind what plants can sell, before ``market``; and behind what follows the markets, after it."""
    if engine_name == "market":
        for read in (*engine("supply").READS, "capacity"):
            if read in ("item_energy", "construction"):
                continue
            found.setdefault("sales_capacity", {}).update(found.get(read, {}))
        found.setdefault("nameplate_capacity", {}).update(found.get("capacity", {}))
    elif engine_name == "supply":
        found["nameplate_utilisation"] = {**found.get("plant_sales", {}), **found.get("nameplate_capacity", {})}
        found["sales_scale"] = {**found.get("plant_sales", {}), **found.get("sales_capacity", {})}
        found.setdefault("market_demand", {}).update(found.get("market_sales", {}))


def weighed(study: Study, kept: Calibrated | None) -> dict[str, Any] | None:
    """What members were weighed by, how many, how many equal ones they are worth, and how many were kept."""
    if kept is None or study.calibration is None:
        return None
    said = {"on": list(study.calibration.on), "tolerance": study.calibration.tolerance.text}
    return {**said, "weighed": kept.weighed, "effective": round(kept.effective, 1), "distinct": kept.distinct}


def reads_of(*parts: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The study's figures behind each variable, results included: those behind what its engine reads."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, paths in part.items():
            found.setdefault(name, {}).update(dict.fromkeys(paths))
    for name in ("market_revenue", "yearly_charging_cost", "yearly_discharged_energy"):
        # the schedule's year, worn a little more each time
        found[name] = {**found.get("revenue", {}), **found.get(name, {}), **found.get("degradation", {})}
    priced = "cost_step" in found
    for name in ("capability", *(["market"] if priced else []), "supply", "landing", "finance"):
        found["operation_start"] = found.get("commissioning", {})
        if priced:
            _join_markets(found, name)
        only_for = getattr(engine(name), "ONLY_FOR", {})
        if found.get("stock_limit"):
            # a full stock stops the line, so that what is made depends on what is sold
            only_for = {read: written for read, written in only_for.items() if read not in TRADE}
        for written in engine(name).WRITES:
            for read in (*engine(name).READS, *getattr(engine(name), "MAY_READ", ())):
                if written in only_for.get(read, (written,)):
                    found.setdefault(written, {}).update(found.get(read, {}))
    return {name: tuple(paths) for name, paths in found.items() if paths}
