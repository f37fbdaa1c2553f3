"""Run folders side by side: which numbers are compared, how years are made of months, and a page that stays text."""

import numpy as np
import pandas as pd
import pytest

from cell2grid.errors import InputError, RunFolderError
from cell2grid.report.comparison import compare_runs, write_page
from cell2grid.results import TABLES, Results

HOSTILE = "<img src=x onerror=alert(1)>"


def run(**tables):
    frames = {name: pd.DataFrame(tables.get(name, []), columns=list(columns)) for name, columns in TABLES.items()}
    manifest = {"study": "quay", "members": 10, "seed": 1, "cell2grid": "0"}
    return Results("{}", frames, manifest, {})


def month(variable, period, mean, unit, entity="yard", destination=None):
    return (variable, entity, destination, period, mean, mean, mean, mean, unit)


def row(comparison, variable, period=""):
    found = [one for one in comparison.document()["rows"] if (one["variable"], one["period"]) == (variable, period)]
    assert len(found) == 1
    return found[0]


def test_years_by_hand():
    # output is summed, stock is that of the last month, a share is the mean, and what has come is what has come
    monthly = [
        month("output", "2030-01", 10.0, "bus/month"),
        month("output", "2030-02", 12.0, "bus/month"),
        month("output", "2031-01", 1.0, "bus/month"),
        month("stock", "2030-02", 5.0, "bus"),
        month("stock", "2030-01", 3.0, "bus"),
        month("utilisation", "2030-01", 0.5, "ratio"),
        month("utilisation", "2030-02", 0.7, "ratio"),
        month("order_share", "2030-01", 0.2, "ratio", entity="heath"),
        month("order_share", "2030-02", 0.9, "ratio", entity="heath"),
    ]
    comparison = compare_runs({"a": run(monthly=monthly), "b": run(monthly=monthly[:1])})
    assert row(comparison, "output", "2030")["values"] == [22.0, 10.0]
    assert row(comparison, "output", "2030")["differences"] == [0.0, -12.0]
    assert row(comparison, "output", "2030")["unit"] == "bus"
    assert row(comparison, "output", "2031")["values"] == [1.0, None]
    assert row(comparison, "output", "2031")["differences"] == [0.0, None]
    assert row(comparison, "stock", "end of 2030")["values"] == [5.0, None]
    assert row(comparison, "utilisation", "2030")["values"][0] == pytest.approx(0.6)
    assert row(comparison, "order_share", "end of 2030")["values"][0] == 0.9


def test_destinations_are_kept_apart():
    monthly = [
        month("shipped", "2030-01", 1.0, "bus/month", destination="SE"),
        month("shipped", "2030-01", 2.0, "bus/month", destination="NO"),
    ]
    comparison = compare_runs({"a": run(monthly=monthly), "b": run()})
    assert {one["destination"]: one["values"][0] for one in comparison.document()["rows"]} == {"SE": 1.0, "NO": 2.0}


def test_the_other_tables_are_compared_too():
    tables = {
        "observations": [("w", "exports", "yard", "2030-01", "2030-03", 26.0, 25.0, 20.0, 30.0, 1.0, "bus", "s", "r")],
        "counterfactuals": [("thaw", "share", 6.0, 5.0, 7.0, "percent", "ice")],
        "projects": [("heath", "npv", np.nan, np.nan, np.nan, "EUR", False, "")],
        "deliveries": [("heath", "yard", "2030-01-01", 5.0, "bus", *["2030-03"] * 6, 0.25)],
    }
    comparison = compare_runs({"a": run(**tables), "b": run()})
    assert row(comparison, "exports", "2030-01 to 2030-03")["values"] == [25.0, None]
    assert row(comparison, "share")["entity"] == "thaw, without ice"
    assert row(comparison, "npv")["values"] == [None, None]
    assert row(comparison, "undelivered")["values"] == [0.25, None]


def test_one_run_is_nothing_to_compare():
    with pytest.raises(InputError, match="expected at least 2 different ones"):
        compare_runs({"a": run()})


def test_no_text_of_a_run_becomes_markup(tmp_path):
    monthly = [month("output", "2030-01", 12345.6, "bus/month", entity=HOSTILE)]
    comparison = compare_runs({HOSTILE: run(monthly=monthly), "b": run(), "c": run()})
    page = write_page(comparison, tmp_path / "side" / "page.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "&lt;img" in page
    assert "12,346" in page
    assert "–" in page
    assert len(list((tmp_path / "side").iterdir())) == 1


def test_a_page_that_cannot_be_written_is_one_message(tmp_path):
    (tmp_path / "file").write_text("x")
    comparison = compare_runs({"a": run(), "b": run()})
    with pytest.raises(RunFolderError, match="cannot be written"):
        write_page(comparison, tmp_path / "file" / "page.html")
