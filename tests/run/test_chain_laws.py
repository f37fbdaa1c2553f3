"""Laws of the chain on random studies: what never hurts, what changes nothing, and the same said in other rows."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml
from random_chains import random_study

from cell2grid.run.ensemble import simulate
from cell2grid.study.loader import parse_study

NEAR = {"abs": 1e-6, "rel": 1e-9}
RESULTS = (
    "started",
    "output",
    "scrapped",
    "work_in_progress",
    "consumed",
    "stock",
    "waiting",
    "at_sea",
    "exports",
    "home_sales",
)


def _arrays(tree: dict[str, Any]) -> xr.Dataset:
    return simulate(parse_study(yaml.safe_dump(tree, sort_keys=False)), members=1, seed=1).arrays


def _cells_alone(seed: int) -> dict[str, Any]:
    """A random study with none but its plants of cells: nothing is taken in, so that none takes from others."""
    tree = random_study(seed)
    for part in ("plants", "markets"):
        tree[part] = {name: row for name, row in tree[part].items() if name.startswith("cell")}
    tree["orders"] = {name: row for name, row in tree["orders"].items() if row["plant"] in tree["plants"]}
    tree["shocks"] = {
        name: row
        for name, row in tree["shocks"].items()
        if "product" not in row and row.get("plant", "cells-0") in tree["plants"]
    }
    return tree


def _made(arrays: xr.Dataset) -> np.ndarray:
    """All good items of all plants up to the end of each month."""
    return np.asarray(arrays["output"].sum("plant").isel(member=0).values.cumsum())


@pytest.mark.parametrize("seed", [seed for seed in range(40) if _cells_alone(seed)["shocks"]][:16])
def test_less_is_never_made_by_any_month_without_a_shock(seed: int) -> None:
    tree = _cells_alone(seed)
    made = _made(_arrays(tree))
    for shock in tree["shocks"]:
        rest = {name: row for name, row in tree["shocks"].items() if name != shock}
        assert (_made(_arrays({**tree, "shocks": rest})) >= made - 1e-6).all(), shock


@pytest.mark.parametrize("seed", range(12))
def test_less_is_never_made_by_any_month_with_more_capacity(seed: int) -> None:
    tree = _cells_alone(seed)
    made = _made(_arrays(tree))
    for plant in tree["plants"]:
        assert (_made(_arrays(_larger(tree, plant))) >= made - 1e-6).all(), plant


def _larger(tree: dict[str, Any], plant: str) -> dict[str, Any]:
    """The study with a plant of nearly a third more capacity."""
    larger = copy.deepcopy(tree)
    for row in larger["plants"][plant].get("tranches", [larger["plants"][plant]]):
        row["capacity"] = _times(row["capacity"], 1.3)
    return larger


def _cells_shared(seed: int) -> dict[str, Any]:
    """A random study whose packs and vehicles share cells that nobody else buys, and vehicles lack seats at times."""
    tree = random_study(seed)
    tree["products"]["seat"] = {"counted_in": "module"}
    block = {"capacity": f"{60 + 40 * (seed % 9)} module/month [page]", "opens": "2029-06 [page]"}
    tree["plants"]["seats"] = {"owner": "firm", "region": "north", "makes": "seat", **block}
    tree["markets"] = {name: row for name, row in tree["markets"].items() if not name.startswith("cell")}
    tree["orders"] = {}
    # two plants that share seats too would use more cells or fewer by which of them gets the seats
    tree["plants"].pop("vehicles-1", None)
    tree["shocks"] = {name: row for name, row in tree["shocks"].items() if row.get("plant") != "vehicles-1"}
    for plant in tree["plants"].values():
        # a full stock stops a plant, and one that learns by making learns less where others make more
        plant.pop("stock_limit", None)
        if plant.get("ramp", {}).get("curve") == "learning":
            del plant["ramp"]
        if plant["makes"] == "vehicle":
            plant["inputs"] = [need for need in plant["inputs"] if need["product"] != "pack"]
    return tree


@pytest.mark.parametrize("seed", [seed for seed in range(40) if "vehicles-0" in _cells_shared(seed)["plants"]][:8])
def test_no_fewer_cells_are_taken_in_by_any_month_with_more_capacity(seed: int) -> None:
    tree = _cells_shared(seed)
    taken = _taken(_arrays(tree))
    for plant in tree["plants"]:
        assert (_taken(_arrays(_larger(tree, plant))) >= taken - 1e-6).all(), plant


def _taken(arrays: xr.Dataset) -> np.ndarray:
    """All cells that plants have taken in up to the end of each month."""
    cells = [str(plant) for plant in arrays["plant"].values if str(plant).startswith("cells")]
    return np.asarray(arrays["consumed"].sel(plant=cells).sum("plant").isel(member=0).values.cumsum())


def _same(one: xr.Dataset, two: xr.Dataset, plants: dict[str, str]) -> None:
    """Each plant of ``one`` does what the plant of ``two`` does that it is called there."""
    for name in RESULTS:
        for plant, other in plants.items():
            assert two[name].sel(plant=other).values == pytest.approx(one[name].sel(plant=plant).values, **NEAR), name


@pytest.mark.parametrize("seed", range(10))
def test_a_plant_that_has_nothing_to_do_with_the_others_changes_nothing(seed: int) -> None:
    tree = random_study(seed)
    other = copy.deepcopy(tree)
    other["regions"]["far"] = {}
    other["products"]["tower"] = {"counted_in": "module"}
    other["plants"]["a-towers"] = {
        "owner": "other",
        "region": "far",
        "makes": "tower",
        "capacity": "77 module/month [page]",
        "opens": "2030-02-02 [page]",
        "allocation": [{"quarter_half": "first", "first": "home"}],
        "process_time": "20 day [page]",
    }
    other["markets"]["a-towns"] = {
        "region": "far",
        "product": "tower",
        "demand": [{"start": "2030-01", "unlimited": "assumed: a queue"}],
    }
    one, two = _arrays(tree), _arrays(other)
    _same(one, two, {name: name for name in tree["plants"]})
    for order in tree["orders"]:
        here, there = (arrays["order_delivered"].sel(order=order).values for arrays in (one, two))
        assert there == pytest.approx(here, **NEAR)


def _in_other_rows(tree: dict[str, Any]) -> dict[str, Any]:
    """The same study with other names, blocks and orders in halves, and times of one row in two that follow."""
    names = {name: f"z{len(tree['plants']) - place}-{name}" for place, name in enumerate(tree["plants"])}
    other = copy.deepcopy(tree)
    other["plants"] = {names[name]: _halved(plant) for name, plant in reversed(other["plants"].items())}
    for row in [*other["orders"].values(), *other["shocks"].values()]:
        if "plant" in row:
            row["plant"] = names[row["plant"]]
    # the two halves of an order stand where it stood in its queue
    other["orders"] = {
        f"{name}-{half}": {**row, "quantity": _times(row["quantity"], 0.5)}
        for name, row in other["orders"].items()
        for half in ("a", "b")
    }
    for market in other["markets"].values():
        market["demand"] = [part for row in market["demand"] for part in _two_rows(row)]
    other["shocks"] = {key: part for name, row in other["shocks"].items() for key, part in _two_spells(name, row)}
    return other


def _times(figure: str, factor: float) -> str:
    number, *rest = figure.split()
    return " ".join([repr(float(number) * factor), *rest])


def _halved(plant: dict[str, Any]) -> dict[str, Any]:
    blocks = plant.get("tranches") or [{"capacity": plant["capacity"], "opens": plant["opens"]}]
    rest = {key: value for key, value in plant.items() if key not in ("capacity", "opens", "tranches")}
    return rest | {"tranches": [{**row, "capacity": _times(row["capacity"], 0.5)} for row in blocks for _ in (1, 2)]}


def _two_rows(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A row of demand, and once more from the month after, where no other row begins then."""
    return [row] if row["start"] != "2030-01" else [row, {**row, "start": "2030-02"}]


def _two_spells(name: str, row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """A shock that ends by a day, as two of which the second begins on the day after the first."""
    first = date.fromisoformat(row["start"].split()[0])
    if "end" not in row or date.fromisoformat(row["end"].split()[0]) == first:
        return [(name, row)]
    return [
        (f"{name}-a", {**row, "end": row["start"]}),
        (f"{name}-b", {**row, "start": f"{first + timedelta(days=1)} [page]"}),
    ]


@pytest.mark.parametrize("seed", range(20, 32))
def test_the_same_study_in_other_rows_gives_the_same(seed: int) -> None:
    tree = random_study(seed)
    for market in tree["markets"].values():
        rows = [row for row in market["demand"] if row["start"] != "2030-02"]
        market["demand"] = rows or [{**market["demand"][0], "start": "2030-03"}]
    one, two = _arrays(tree), _arrays(_in_other_rows(tree))
    count = len(tree["plants"])
    _same(one, two, {name: f"z{count - place}-{name}" for place, name in enumerate(tree["plants"])})
    for order in tree["orders"]:
        whole = one["order_delivered"].sel(order=order).values
        halves = [two["order_delivered"].sel(order=f"{order}-{half}").values for half in ("a", "b")]
        assert sum(halves) == pytest.approx(whole, **NEAR)
