"""A region file, its series and the engine joined: series that fit, tables, and the document."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import InputError, PriceError
from cell2grid.run.adequacy import region_adequacy
from cell2grid.study.region_file import parse_region

UNITS = "units: [{name: gas, count: 3, capacity: 50 MW, forced_outage_rate: 0.1, mean_time_to_repair: 20 h}]\n"
STORE = "storage: {power: 10 MW, energy: 20 MWh}\n"


def _write(folder: Path, name: str = "year.csv", *, hours: int = 48, first: str = "2025-01-01T00", **columns) -> None:
    stamps = np.arange(np.datetime64(first, "h"), np.datetime64(first, "h") + hours)
    rows = [",".join(["timestep", *columns])]
    rows += [
        ",".join([f"{stamp}:00Z", *(f"{values[i]:g}" for values in columns.values())]) for i, stamp in enumerate(stamps)
    ]
    (folder / name).write_text("\n".join([*rows, ""]))


def test_columns_scales_and_capacities_make_the_net_load(tmp_path):
    """Load 100 × 1.1, sun 0.5 of 40 MW × 0.5 = 10 MW: 100 MW of net load, the same at all times."""
    _write(tmp_path, **{"load [MW]": [100.0] * 48, "pv [share]": [0.5] * 48})
    region = parse_region(
        'region: isle\nload: {file: year.csv, column: "load [MW]"}\nload_scale: 1.1\n'
        'solar: {file: year.csv, column: "pv [share]", capacity: 40 MW, scale: 0.5}\n' + STORE
    )
    found = region_adequacy(region, tmp_path)
    assert found.credit is None
    assert found.benefit.before.net_load == pytest.approx(np.full(48, 100.0))
    load = found.tables["load"]
    assert list(load.columns) == ["timestep", "before", "after"]
    assert str(load["timestep"][1]).startswith("2025-01-01 01:00")
    assert (load["after"] <= 100.0 + 1e-4).all()
    assert any("no curtailment to avoid" in note for note in found.notes)


def test_the_tables_and_the_document_say_the_same():
    region = parse_region("region: isle\nload: 120 MW\n" + UNITS + STORE)
    found = region_adequacy(region, Path(), samples=2000)
    rows = found.tables["benefit"].set_index("variable")
    document = found.document()
    json.dumps(document, allow_nan=False)
    assert list(rows.index)[:3] == ["peak_net_load", "curtailed_energy", "largest_ramp"]
    assert rows.loc["unserved_energy", "before"] == document["adequacy"]["without"]["unserved_energy"]["value"]
    assert rows.loc["unserved_energy", "unit"] == "MWh/year"
    assert rows.loc["peak_net_load", "change"] == document["benefit"]["peak_net_load"]["change"]
    credit = document["adequacy"]
    assert credit["elcc_share"] == pytest.approx(credit["elcc"]["value"] / 10.0)
    assert 0.0 < credit["elcc"]["low"] < credit["elcc"]["high"] <= 10.0


def test_without_a_store_only_the_risk_is_told():
    """Three units of 50 MW and 120 MW of load: short unless all three are up, 1 − 0.9³ = 0.271 of 8,760 h."""
    found = region_adequacy(parse_region("region: isle\nload: 120 MW\n" + UNITS), Path())
    document = found.document()
    assert document["benefit"] is None
    assert document["adequacy"]["elcc"] is None
    assert document["adequacy"]["without"]["loss_of_load"]["value"] == pytest.approx(0.271 * 8760.0)
    assert found.reason == ""
    with pytest.raises(ValueError, match="no storage"):
        found.schedule_table()


def test_firm_import_counts_as_capacity_that_never_fails():
    """120 MW less 20 MW of import: short where fewer than two of three are up, 3 × 0.9 × 0.01 + 0.001 = 0.028."""
    found = region_adequacy(
        parse_region("region: isle\nload: 120 MW\nfirm_import: 20 MW\n" + UNITS), Path(), samples=100
    )
    assert found.credit.without.expected.hours == pytest.approx(0.028 * 8760.0)


def test_existing_stores_are_there_in_both_cases():
    base = "region: isle\nload: 120 MW\n" + UNITS + STORE
    with_old = region_adequacy(
        parse_region(base + "existing_storage: [{power: 5 MW, energy: 10 MWh}]\n"), Path(), samples=4096
    )
    alone = region_adequacy(parse_region(base), Path(), samples=4096)
    assert with_old.credit.without.unserved.value < alone.credit.without.unserved.value
    assert with_old.credit.power == 10.0


@pytest.mark.parametrize("of", ["solar", "gas"])
def test_the_credit_of_others_is_told_with_the_store_in_both_cases(of):
    sun = ", ".join(["0 MW"] * 8 + ["30 MW"] * 8 + ["0 MW"] * 8)
    text = f"region: isle\nload: 120 MW\nsolar: [{sun}]\ncredit_of: {of}\n" + UNITS + STORE
    found = region_adequacy(parse_region(text), Path(), samples=4096)
    assert found.credited == of
    assert found.credit.power == {"solar": 30.0, "gas": 150.0}[of]
    assert 0.0 < found.credit.elcc.value <= found.credit.power


def test_a_schedule_that_is_given_is_measured(tmp_path):
    """5 MW sent in the hour of the peak, 40 of 100 MW: 95 MW. A schedule beyond the store is told."""
    load, net = np.full(24, 60.0), np.zeros(24)
    load[18], net[18], net[3] = 100.0, 5.0, -5.0
    _write(tmp_path, hours=24, **{"load [MW]": load, "net": net})
    base = 'region: isle\nload: {file: year.csv, column: "load [MW]"}\n' + STORE
    found = region_adequacy(parse_region(base + "schedule: {file: year.csv, column: net}\n"), tmp_path)
    assert found.benefit.after.peak == 95.0
    assert found.benefit.alone == {}
    assert found.benefit.source == "year.csv"
    small = base.replace("20 MWh", "2 MWh").replace("10 MW", "4 MW")
    notes = region_adequacy(parse_region(small + "schedule: {file: year.csv, column: net}\n"), tmp_path).notes
    assert any("above the 4 MW" in note for note in notes)
    assert any("more than the 2 MWh" in note for note in notes)


def test_a_peak_that_sun_and_wind_cover_is_said():
    found = region_adequacy(parse_region("region: isle\nload: 10 MW\nsolar: 20 MW\n" + STORE), Path())
    assert any("no peak of net load to shave" in note for note in found.notes)


def test_series_that_do_not_fit_are_refused(tmp_path):
    _write(tmp_path, load=[100.0] * 48)
    _write(tmp_path, "short.csv", hours=47, sun=[1.0] * 47)
    _write(tmp_path, "later.csv", first="2025-01-01T01", sun=[1.0] * 48)
    _write(tmp_path, "hours.csv", hours=20, load=[1.0] * 20)
    load = "region: isle\nload: {file: year.csv, unit: MW}\n" + STORE
    for solar, words in (
        ("{file: short.csv, unit: MW}", "solar has 47 steps, and load has 48"),
        ("{file: later.csv, unit: MW}", "solar: step 0 begins at 2025-01-01T01:00:00"),
        ("[1 MW, 2 MW]", "solar has 2 values, and load has 48 steps"),
    ):
        with pytest.raises(InputError, match=words):
            region_adequacy(parse_region(f"{load}solar: {solar}\n"), tmp_path)
    with pytest.raises(InputError, match="lasts 20 h in 20 steps, expected at least a day"):
        region_adequacy(parse_region(load.replace("year.csv", "hours.csv")), tmp_path)
    with pytest.raises(InputError, match="step is given"):
        region_adequacy(parse_region(load + "step: 1 h\n"), tmp_path)
    with pytest.raises(PriceError, match=r"missing\.csv"):
        region_adequacy(parse_region(load.replace("year.csv", "missing.csv")), tmp_path)
    with pytest.raises(InputError, match="load lasts 2 h"):
        region_adequacy(parse_region("region: isle\nload: [1 MW, 2 MW]\n" + STORE), tmp_path)
