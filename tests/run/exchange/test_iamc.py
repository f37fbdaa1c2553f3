"""Run folders as IAMC data: what pyam reads is what the run found, by hand where it can be."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import two_coasts
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.results import TABLES, Results
from cell2grid.run.chain import run_study
from cell2grid.run.exchange.iamc import Row, iamc_data, rules
from cell2grid.run.exchange.iamc_file import wide, write_iamc
from cell2grid.study.loader import parse_study

BRACES = {"product", "products", "firm", "plant", "group", "stage", "side"}


@pytest.fixture(scope="module")
def pyam() -> Iterator[ModuleType]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyam_at_hand import pyam as load

        yield load()


@pytest.fixture(scope="module")
def run() -> Results:
    return run_study(parse_study(two_coasts.COASTS))


def _value(rows: tuple[Row, ...], region: str, variable: str, year: int) -> tuple[float, str]:
    ((value, unit),) = [
        (row.value, row.unit) for row in rows if (row.region, row.variable, row.year) == (region, variable, year)
    ]
    return value, unit


def _read(pyam: ModuleType, place: Path) -> Any:
    if place.suffix == ".csv":
        return pyam.IamDataFrame(place)
    # pyam leaves a book open that it opens itself
    with pd.ExcelFile(place) as book:
        return pyam.IamDataFrame(book.parse("data"))


def test_a_duopoly_by_hand(run: Results) -> None:
    """Costs of 20 at home and 30 from across: P = (200 + 20 + 30) / 3, and each sells (P - c) / 0.1."""
    rows = iamc_data(run, "s").rows
    assert _value(rows, "West Coast", "Price|Storage Pack", 2030) == (pytest.approx(250 / 3), "EUR/pack")
    assert _value(rows, "West Coast", "Sales|Storage Pack|Gull", 2031) == (pytest.approx(1900 / 3), "pack/year")
    assert _value(rows, "West Coast", "Sales|Storage Pack|tern", 2031)[0] == pytest.approx(1600 / 3)
    assert _value(rows, "World", "Sales|Storage Pack|Gull", 2030)[0] == pytest.approx(3500 / 3)
    assert _value(rows, "World", "Capacity Utilization|Storage Pack", 2030)[0] == pytest.approx(3500 / 3 / 12000)
    assert _value(rows, "West Coast>east", "Trade|Storage Pack|Gull", 2030)[0] == pytest.approx(1600 / 3)
    assert not [row for row in rows if row.variable.startswith("Trade") and row.region == "West Coast>West Coast"]
    # the parts of a sum that pyam checks by its names
    total = _value(rows, "West Coast", "Sales|Storage Pack", 2030)[0]
    assert total == pytest.approx((1900 + 1600) / 3)


def test_months_become_years_by_their_kind(run: Results) -> None:
    """Flows add up, stocks are those of the last month, utilisation is weighed by capacity."""
    period = ["2030-01", "2030-02", "2031-01"]
    told = {"output": [10.0, 30.0, 7.0], "capacity": [40.0, 120.0, 7.0], "utilisation": [0.25, 0.5, 1.0],
            "stock": [5.0, 3.0, 2.0]}  # fmt: skip
    units = {"output": "pack/month", "capacity": "pack/month", "utilisation": "ratio", "stock": "pack"}
    frame = pd.DataFrame(
        [
            {"variable": name, "entity": "quay", "destination": None, "period": month, "mean": value,
             "p10": value, "p50": value, "p90": value, "unit": units[name]}
            for name, values in told.items() for month, value in zip(period, values, strict=True)
        ],
        columns=list(TABLES["monthly"]),
    )  # fmt: skip
    small = replace(run, tables={"monthly": frame})
    rows = iamc_data(small, "s").rows
    place = ("West Coast", "Production|Storage Pack|quay", 2030)
    assert _value(rows, *place) == (40.0, "pack/year")
    assert _value(rows, "West Coast", "Stock|Storage Pack|quay", 2030) == (3.0, "pack")
    used = _value(rows, "West Coast", "Line Utilization|Storage Pack|quay", 2030)[0]
    assert used == pytest.approx((0.25 * 40 + 0.5 * 120) / 160)
    monthly = iamc_data(small, "s", months=True, spread=True).rows
    made = [row for row in monthly if row.variable == place[1]]
    assert [(row.year, row.subannual, row.value, row.unit) for row in made] == [
        (2030, "January", 10.0, "pack/month"),
        (2030, "February", 30.0, "pack/month"),
        (2031, "January", 7.0, "pack/month"),
    ]
    assert {row.variable.rpartition("|")[2] for row in monthly} >= {"p10", "p50", "p90"}
    # what was added up has no quantiles
    summed = iamc_data(small, "s", spread=True).rows
    assert not [row for row in summed if row.variable == f"{place[1]}|p10" and row.year == 2030]


@pytest.mark.parametrize("name", ["data.csv", "data.xlsx"])
@pytest.mark.parametrize("months", [False, True])
def test_pyam_reads_what_was_found_and_writes_it_back(
    pyam: ModuleType, run: Results, tmp_path: Path, name: str, months: bool
) -> None:
    rows = [
        row for scenario in ("as it is", "other") for row in iamc_data(run, scenario, months=months, spread=True).rows
    ]
    place = write_iamc(rows, tmp_path / name, model="cell2grid")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = _read(pyam, place)
        assert frame.model == ["cell2grid"]
        assert len(frame.scenario) == 2
        assert sorted(frame.year) == [2030, 2031]
        assert len(frame.data) == len(rows)
        assert set(frame.data["unit"]) == {row.unit for row in rows}
        assert np.sort(frame.data["value"]) == pytest.approx(np.sort([row.value for row in rows]), rel=1e-12)
        price = frame.filter(region="West Coast", variable="Price|Storage Pack", scenario="as it is", year=2030).data
        assert price["value"].tolist() == pytest.approx([250 / 3])
        assert price["unit"].tolist() == ["EUR/pack"]
        again = tmp_path / f"again{place.suffix}"
        (frame.to_csv if place.suffix == ".csv" else frame.to_excel)(again)
        pyam.assert_iamframe_equal(frame, _read(pyam, again))


def test_names_alike_are_told_apart_and_marks_of_the_format_do_not_come_in() -> None:
    text = two_coasts.changed(
        ("region: west, name: Gull", 'region: west, name: "A|B*"'), ("tern: {", "tern: {name: A/B/, ")
    )
    rows = iamc_data(run_study(parse_study(text), members=1), "s").rows
    firms = {
        row.variable.rpartition("|")[2] for row in rows if row.variable.startswith("Profit") and row.region == "World"
    }
    assert firms == {"A/B/ (gull)", "A/B/ (tern)"}


def test_what_has_no_variable_is_named(run: Results) -> None:
    left = iamc_data(run, "s").left_out
    assert ("monthly", "ramp") in left
    assert not [table for table, _ in left if table.startswith("market")]


def test_each_rule_speaks_of_a_table_and_of_fields_that_there_are() -> None:
    from string import Formatter

    for rule in rules():
        columns = set(TABLES[rule.table])
        assert {rule.time, rule.value, *rule.where} <= columns, rule
        assert (rule.variable is None) == ("variable" not in columns), rule
        assert {name for _, name, _, _ in Formatter().parse(rule.becomes) if name} <= BRACES, rule
        assert rule.over in ("mean", "sum", "last"), rule


def test_a_place_that_will_not_do_is_refused(run: Results, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ends in '\.txt'"):
        write_iamc(iamc_data(run, "s").rows, tmp_path / "data.txt", model="m")
    with pytest.raises(InputError, match="nothing to write"):
        write_iamc([], tmp_path / "data.csv", model="m")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.integers(2000, 2003), st.floats(-1e12, 1e12)),
        unique_by=lambda row: row[:2],
        min_size=1,
    )
)
def test_the_wide_form_holds_each_number_once(told: list[tuple[str, int, float]]) -> None:
    rows = [Row("s", "r", name, "u", year, "Year", value) for name, year, value in told]
    columns, records = wide(rows, model="m")
    back = {
        (record["Variable"], int(year), record[year])
        for record in records for year in columns[5:] if record[year] is not None
    }  # fmt: skip
    assert back == set(told)
