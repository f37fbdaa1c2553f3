"""Rows of lists draw by what they say: their order changes no member."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from cell2grid.run.ensemble import simulate
from cell2grid.run.inputs.streams import row_names
from cell2grid.study.loader import load_study, parse_study
from cell2grid.study.shipped import shipped_studies

TWINS = """
study: twins
horizon: {start: 2031-01, end: 2031-06}
regions: {SE: {name: Sweden}}
firms: {north: {}}
products: {cell: {counted_in: cell}}
plants:
  umea:
    owner: north
    region: SE
    makes: cell
    tranches:
      - {capacity: "10 .. 90 cell/month [assumed: x]", opens: "2031-02 [assumed: x]"}
      - {capacity: "10 .. 90 cell/month [assumed: x]", opens: "2031-02 [assumed: x]"}
      - {capacity: "10 .. 50 cell/month [assumed: x]", opens: "2031-02 [assumed: x]"}
"""


# rows of demand stand in the order of time, and a later row of conduct or of expectations replaces an earlier one
ORDERED = {"demand", "conduct", "expectations"}


def reversed_lists(part: Any) -> Any:
    """Every list the other way round, but for those whose order says something."""
    if isinstance(part, dict):
        return {key: value if key in ORDERED else reversed_lists(value) for key, value in part.items()}
    return [reversed_lists(value) for value in reversed(part)] if isinstance(part, list) else part


@pytest.mark.parametrize("name", [*shipped_studies(), "twins"])
def test_the_order_of_rows_changes_no_member(name: str) -> None:
    study = parse_study(TWINS) if name == "twins" else load_study(name).study
    document = json.loads(study.model_dump_json(by_alias=True, exclude_none=True))
    turned = parse_study(json.dumps(reversed_lists(document)))
    assert turned != study
    one, other = (simulate(part, members=20, seed=3) for part in (study, turned))
    made = float(one.arrays["output"].values.sum(axis=-1).max(initial=1.0))
    for variable, array in one.arrays.items():
        if array.dtype.kind == "f":
            # a stock is what is left of all that was made, and the order of rows rounds that otherwise
            scale = made if array.attrs.get("units", "").startswith("item") else 1.0
            expected = pytest.approx(array.values, rel=1e-12, abs=1e-12 * scale, nan_ok=True)
            assert other.arrays[variable].values == expected, variable


def test_rows_that_say_the_same_have_draws_of_their_own() -> None:
    names = row_names(parse_study(TWINS))
    tranches = [name for path, name in names.items() if "tranches" in path]
    assert len(set(tranches)) == 3
    capacity = simulate(parse_study(TWINS), members=50, seed=3).arrays["capacity"].isel(period=-1).values
    alone = parse_study(TWINS.replace("10 .. 90", "0 .. 0", 1))
    second = simulate(alone, members=50, seed=3).arrays["capacity"].isel(period=-1).values
    assert np.std(capacity - second) > 1
