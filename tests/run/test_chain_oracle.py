"""The chain of plants, deliveries and landing against an independent program of plain loops, and laws that it keeps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml
from chain_cases import CASES
from plain_chain import plain_chain
from random_chains import random_study

from cell2grid.run.chain import run_study
from cell2grid.study.loader import parse_study

BY_PLANT = [
    "capacity",
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
]
BY_WAY = ["shipped", "delivered"]
MONEY = ["freight_cost", "duty_cost"]
BY_ORDER = ["delivery_month", "commissioning", "late_damages", "late_share", "late_days"]


def _arrays(tree: dict[str, Any], members: int = 2) -> xr.Dataset:
    study = parse_study(yaml.safe_dump(tree, sort_keys=False))
    arrays = run_study(study, members=members, variance=False).arrays
    assert arrays is not None
    return arrays


def _differences(tree: dict[str, Any], arrays: xr.Dataset) -> list[str]:
    """Where the two programs differ by more than a millionth, one line each."""
    plain = plain_chain(parse_study(yaml.safe_dump(tree, sort_keys=False)))
    found = []

    def hold(name: str, key: Any, mine: Any, **place: str) -> None:
        # what the chain does not tell at all, it has nothing of
        theirs = arrays[name].sel(place).values if name in arrays else np.full(np.shape(mine), math.nan)
        for member in range(theirs.shape[0] if name in arrays else 1):
            other = theirs[member] if name in arrays else theirs
            if not np.allclose(other, np.asarray(mine), rtol=1e-9, atol=1e-6, equal_nan=True):
                found.append(f"{name} {key}:\n  chain {np.round(other, 4)}\n  plain {np.round(mine, 4)}")
                break

    for name in BY_PLANT:
        for plant, mine in plain[name].items():
            hold(name, plant, mine, plant=plant)
    for name in (*BY_WAY, *(row for row in MONEY if row in arrays)):
        for (plant, region), mine in plain[name].items():
            if region in arrays["destination"].values:
                hold(name, (plant, region), mine, plant=plant, destination=region)
            else:
                assert not np.any(mine)
    for order, mine in plain["order_delivered"].items():
        hold("order_delivered", order, mine, order=order)
        hold("order_share", order, plain["order_share"][order], order=order)
        for name in BY_ORDER:
            hold(name, order, plain[name][order], order=order)
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_chain_is_the_plain_program(name: str) -> None:
    found = _differences(CASES[name], _arrays(CASES[name]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("seed", range(20))
def test_the_chain_is_the_plain_program_on_random_studies(seed: int) -> None:
    tree = random_study(seed)
    found = _differences(tree, _arrays(tree, members=1))
    assert not found, "\n".join(found)
