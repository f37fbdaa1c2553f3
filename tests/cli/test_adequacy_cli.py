"""The command ``adequacy`` as a user calls it: what it prints, writes and refuses."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

ISLE = """region: isle
load: 120 MW
units: [{name: gas, count: 3, capacity: 50 MW, forced_outage_rate: 0.1, mean_time_to_repair: 20 h}]
storage: {power: 10 MW, energy: 20 MWh}
"""


@pytest.fixture
def called(called, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run the program on the isle; the exit status, standard output and standard error come back."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "isle.yaml").write_text(ISLE)

    return partial(called, "adequacy")


def test_one_document_is_printed(called):
    status, out, err = called("isle.yaml", "--samples", 1000, "--seed", 3, "--json")
    document = json.loads(out)
    assert (status, err) == (0, "")
    assert document["adequacy"]["samples"] == 1000
    assert document["adequacy"]["seed"] == 3
    assert 0.0 < document["adequacy"]["elcc"]["value"] <= 10.0


def test_workers_change_no_number(called):
    one, two = (
        json.loads(called("isle.yaml", "--samples", 1000, "--json", *more)[1]) for more in ((), ("--workers", 2))
    )
    assert one.pop("wall_seconds") > 0.0
    two.pop("wall_seconds")
    assert one == two


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_series_before_and_after_are_written(called, tmp_path, ending):
    status, _, _ = called("isle.yaml", "--samples", 100, "--out", f"series.{ending}")
    place = tmp_path / f"series.{ending}"
    rows = pd.read_csv(place) if ending == "csv" else pd.read_parquet(place)
    assert status == 0
    assert list(rows.columns) == ["timestep", "before_mw", "after_mw", "charge_mw", "discharge_mw", "curtailed_mw"]
    assert len(rows) == 24


def test_a_schedule_with_stamps_stands_beside_a_load_without(called, tmp_path):
    """What is written is read again, whatever day its stamps are of; steps of half an hour are others."""
    shaped = ISLE.replace("load: 120 MW", f"load: [{', '.join(f'{90 + hour} MW' for hour in range(24))}]")
    (tmp_path / "shaped.yaml").write_text(shaped)
    asked = ("--samples", 100, "--json")
    free = json.loads(called("shaped.yaml", *asked, "--out", "series.csv")[1])
    text = (tmp_path / "series.csv").read_text()
    (tmp_path / "series.csv").write_text(text.replace("2001-01-01", "2031-07-04"))
    (tmp_path / "given.yaml").write_text(f"{shaped}schedule: {{file: series.csv}}\n")
    given = json.loads(called("given.yaml", *asked)[1])
    assert given["benefit"]["peak_net_load"]["after"] == pytest.approx(free["benefit"]["peak_net_load"]["after"])
    (tmp_path / "given.yaml").write_text(f"{shaped}step: 2 h\nschedule: {{file: series.csv}}\n")
    status, _, err = called("given.yaml", *asked)
    assert status == 2
    assert "step 1 begins at 2001-01-01T01:00:00, that of the region at 2001-01-01T02:00:00" in err


def test_a_series_without_stamps_has_hours_and_no_date_on_the_page(called, tmp_path):
    status, _, _ = called("isle.yaml", "--samples", 100, "--page", "isle.html")
    page = (tmp_path / "isle.html").read_text()
    assert status == 0
    assert "hours 0 to 23 of a series without stamps" in page
    assert "2001" not in page
    assert "1970" not in page


def test_a_series_with_stamps_keeps_them(called, tmp_path):
    hours = "\n".join(f"2025-01-01T{hour:02}:00Z,{100 + hour}" for hour in range(24))
    (tmp_path / "load.csv").write_text(f"timestep,load [MW]\n{hours}\n")
    (tmp_path / "read.yaml").write_text(ISLE.replace("load: 120 MW", "load: {file: load.csv, column: load}"))
    assert called("read.yaml", "--samples", 100, "--out", "series.csv", "--page", "read.html")[0] == 0
    assert pd.read_csv(tmp_path / "series.csv")["timestep"].iloc[-1] == "2025-01-01T23:00:00Z"
    assert "2025-01-01, UTC" in (tmp_path / "read.html").read_text()


def test_no_risk_is_no_credit(called):
    status, out, err = called("isle.yaml", "--load-scale", 0.01, "--samples", 1000, "--json")
    assert status == 3
    assert json.loads(out)["adequacy"]["elcc"] is None
    assert "capacity credit cannot be told" in err
    assert "load_scale" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--metric", "risk"), "expected eue or lole"),
        (("--credit-of", "wind"), "it has storage, gas"),
        (("--tolerance", "3 MW"), "MW"),
        (("--tolerance", "0 %"), "tolerance is 0"),
        (("--samples", 5), "samples is 5, expected from 100"),
        (("--out", "series.txt"), "expected .csv or .parquet"),
        (("--out", "no/series.csv"), "in none"),
    ],
)
def test_what_cannot_be_asked_is_refused(called, arguments, words):
    status, out, err = called("isle.yaml", *arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_the_table_tells_the_credit_with_its_interval(called):
    status, out, _ = called("isle.yaml", "--samples", 1000, "--credit-of", "gas", "--metric", "lole")
    assert status == 0
    assert "Capacity credit (ELCC) of gas" in out
    assert "hours with a shortfall" in out


@pytest.mark.parametrize("tolerance", ["nan", "1 MW", "much"])
def test_a_tolerance_that_is_none_is_named(called, tolerance):
    status, _, err = called("isle.yaml", "--tolerance", tolerance)
    assert (status, "--tolerance" in err) == (2, True)


def test_an_unknown_zone_is_refused_where_no_file_is_read(called, tmp_path):
    (tmp_path / "far.yaml").write_text(ISLE + "timezone: Europe/Berlim\n")
    status, _, err = called("far.yaml", "--samples", 100)
    assert status == 2
    assert "did you mean 'Europe/Berlin'" in err


def test_a_missing_column_is_named_in_the_way_of_the_file(called, tmp_path):
    hours = "\n".join(f"2025-01-01T{hour:02}:00Z,{100 + hour}" for hour in range(24))
    (tmp_path / "load.csv").write_text(f"timestep,load [MW]\n{hours}\n")
    (tmp_path / "read.yaml").write_text(ISLE.replace("load: 120 MW", "load: {file: load.csv, column: lod}"))
    status, _, err = called("read.yaml", "--samples", 100)
    assert status == 2
    assert "'lod'" in err
    assert "column:" in err
    assert "--power-column" not in err
