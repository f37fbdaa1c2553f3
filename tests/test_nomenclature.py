from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable, variables
from cell2grid.units import canonical

DIMS = {
    "holder",
    "company",
    "member",
    "plant",
    "tranche",
    "product",
    "destination",
    "market",
    "order",
    "project",
    "period",
    "turn",
    "year",
    "timestep",
    "service",
    "station",
    "gap",
    "parameter",
    "generator",
    "store",
    "case",
    "firm",
    "other_firm",
    "other_market",
    "term",
    "step",
    "quota",
    "scenario",
    "option",
    "age",
    "offer",
    "incentive",
    "sales_limit",
    "spending_limit",
    "capacity_limit",
    "side",
    "calendar_year",
}


@pytest.mark.parametrize("name", list(variables()))
def test_each_row_has_dims_a_unit_and_one_sentence(name: str) -> None:
    row = variable(name)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row.name)
    assert set(row.dims) <= DIMS
    assert len(set(row.dims)) == len(row.dims)
    if row.unit != "label":
        assert canonical(row.unit.replace("currency", "USD")).replace("USD", "currency") == row.unit
    assert row.sentence[0].isupper() or row.sentence[0].isdigit()
    assert row.sentence.endswith(".")
    assert row.equation is None or re.fullmatch(rf"[a-z-]+#{name}", row.equation)


def test_a_label_is_the_name_in_words() -> None:
    assert variable("home_sales").label == "home sales"


def test_an_unknown_variable_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match="variable 'outputs' is not in the nomenclature"):
        variable("outputs")


def _output(*dims: str, unit: str = "item/month") -> xr.Dataset:
    sizes = {"member": 2, "plant": 1, "period": 3}
    return xr.Dataset({"output": (dims, np.zeros([sizes[dim] for dim in dims]), {"units": unit})})


def test_arrays_are_held_against_their_rows_with_dims_in_any_order() -> None:
    require(_output("period", "member", "plant"), ["output"], of="a test")
    with pytest.raises(EngineError, match="a test: variable 'stock' is missing"):
        require(_output("member", "plant", "period"), ["stock"], of="a test")
    with pytest.raises(EngineError, match="'output' has dims"):
        require(_output("member", "period"), ["output"], of="a test")
    with pytest.raises(EngineError, match="'output' is in 'vehicle/month', the nomenclature says 'item/month'"):
        require(_output("member", "plant", "period", unit="vehicle/month"), ["output"], of="a test")


def test_labels_are_put_on_what_the_nomenclature_knows() -> None:
    arrays = xr.Dataset({"output": ("period", [1.0]), "own": ("period", [1.0])})
    told = labelled(arrays)
    assert told["output"].attrs == {"units": "item/month", "long_name": variable("output").sentence}
    assert told["own"].attrs == {}
    assert arrays["output"].attrs == {}, "the arrays that came in stay as they are"
