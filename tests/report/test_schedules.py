"""Files of a schedule: by hand on two steps, then whatever is written is read back as it was."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import duckdb
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.nomenclature import labelled
from cell2grid.report.schedules import write_schedule


def two_steps() -> xr.Dataset:
    """The hours around the change to summer time in central Europe, which is at 01:00 UTC."""
    stamps = np.array(["2025-03-30T00:00", "2025-03-30T01:00"], "datetime64[s]")
    columns = {"charge": [4.0, 0.0], "discharge": [0.0, 3.5], "energy": [3.8, 0.0], "price": [-10.25, 80.0]}
    steps = xr.Dataset({name: ("timestep", values) for name, values in columns.items()}, {"timestep": stamps})
    return labelled(steps.assign(revenue=321.0))


def test_a_csv_file_by_hand(tmp_path: Path):
    path = write_schedule(two_steps(), tmp_path / "s.csv", currency="EUR", zone="Europe/Berlin")
    assert path.read_bytes().decode() == (
        "timestep,local_time,price,charge_mw,discharge_mw,energy_mwh,currency\n"
        "2025-03-30T00:00:00Z,2025-03-30T01:00:00+01:00,-10.25,4.0,0.0,3.8,EUR\n"
        "2025-03-30T01:00:00Z,2025-03-30T03:00:00+02:00,80.0,0.0,3.5,0.0,EUR\n"
    )


def test_stamps_that_may_be_of_any_zone_do_not_say_utc(tmp_path: Path):
    text = write_schedule(two_steps(), tmp_path / "s.csv", utc=False).read_text()
    assert text.splitlines()[1] == "2025-03-30T00:00:00,-10.25,4.0,0.0,3.8"


def test_steps_of_unlike_length_have_a_column(tmp_path: Path):
    steps = two_steps().assign(step_hours=("timestep", [1.0, 0.25]))
    assert write_schedule(steps, tmp_path / "s.csv").read_text().startswith("timestep,step_hours,price,")
    even = two_steps().assign(step_hours=("timestep", [1.0, 1.0]))
    assert "step_hours" not in write_schedule(even, tmp_path / "s.csv").read_text()


def test_a_number_that_is_missing_is_an_empty_cell(tmp_path: Path):
    steps = two_steps().assign(price=("timestep", [math.nan, 80.0]))
    assert write_schedule(steps, tmp_path / "s.csv").read_text().splitlines()[1] == "2025-03-30T00:00:00Z,,4.0,0.0,3.8"


def test_a_parquet_file_has_times_numbers_and_units(tmp_path: Path):
    path = write_schedule(two_steps(), tmp_path / "it's.parquet", currency="EUR", zone="Europe/Berlin")
    with duckdb.connect() as connection:
        shape = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        rows = connection.execute(
            "SELECT epoch(timestep), local_time, price, currency FROM read_parquet(?)", [str(path)]
        ).fetchall()
        told = connection.execute(
            "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'units'", [str(path)]
        ).fetchone()
    kinds = {name: kind for name, kind, *_ in shape}
    assert kinds["timestep"] == "TIMESTAMP WITH TIME ZONE"
    assert kinds["charge_mw"] == "DOUBLE"
    assert rows[1] == (1743296400.0, "2025-03-30T03:00:00+02:00", 80.0, "EUR")
    assert told is not None
    assert '"charge_mw": "MW"' in told[0]


def test_a_netcdf_file_keeps_figures_and_names_the_money(tmp_path: Path):
    path = write_schedule(two_steps(), tmp_path / "s.nc", currency="EUR", zone="Europe/Berlin")
    with xr.open_dataset(path, engine="h5netcdf") as read:
        assert read["revenue"].item() == 321.0
        assert read["revenue"].attrs["units"] == "EUR"
        assert read["price"].attrs["units"] == "EUR/MWh"
        assert read["charge"].attrs["units"] == "MW"
        assert read["timestep"].values[1] == np.datetime64("2025-03-30T01:00")
        assert str(read["local_time"].values[1]) == "2025-03-30T03:00:00+02:00"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("s.xlsx", r"s\.xlsx: a schedule is written as \.csv, \.parquet, \.nc, not as '\.xlsx'"),
        ("none/s.csv", "does not exist; make it first"),
        ("folder.csv", "is a folder"),
    ],
)
def test_a_place_that_will_not_do_is_refused(tmp_path: Path, name: str, words: str):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=words):
        write_schedule(two_steps(), tmp_path / name)


def test_what_stood_there_stands_where_writing_fails(tmp_path: Path):
    place = tmp_path / "s.csv"
    place.write_text("before")
    with pytest.raises(InputError, match="time zone 'Nowhere' is not known"):
        write_schedule(two_steps(), place, zone="Nowhere")
    assert [path.name for path in tmp_path.iterdir()] == ["s.csv"]
    assert place.read_text() == "before"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_every_number_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, values: list[float]):
    folder = tmp_path_factory.mktemp("files")
    stamps = np.datetime64("2025-01-01", "s") + np.arange(len(values)) * np.timedelta64(300, "s")
    steps = xr.Dataset({"price": ("timestep", values), "charge": ("timestep", values)}, {"timestep": stamps})
    with write_schedule(steps, folder / "s.csv").open(newline="") as file:
        assert [float(row["charge_mw"]) for row in csv.DictReader(file)] == values
    parquet = str(write_schedule(steps, folder / "s.parquet"))
    with duckdb.connect() as connection:
        read = connection.execute("SELECT price FROM read_parquet(?)", [parquet]).fetchall()
    assert [price for (price,) in read] == values
    with xr.open_dataset(write_schedule(steps, folder / "s.nc"), engine="h5netcdf") as opened:
        assert opened["charge"].values.tolist() == values
