"""Asset files: what is read, in whatever units it is written, and every refusal with its line and column."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from cell2grid.engines.dispatch import Asset, asset_case, checked
from cell2grid.errors import StudyError
from cell2grid.study.asset_file import FIELDS, ColumnOf, meaning_of, parse_asset, read_asset, unit_of

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/asset-file.md"
TWO = "power: 100 MW\nenergy: 400 MWh\n"


def test_an_asset_file_has_the_keys_of_the_dispatch_and_no_other():
    # the day of each step is the calendar's, not the asset's
    assert set(FIELDS) == set(get_type_hints(Asset)) - {"day"}


def test_the_page_names_each_key():
    text = PAGE.read_text(encoding="utf-8")
    assert not [name for name in FIELDS if f"`{name}`" not in text]
    assert all(meaning_of(name).endswith(".") for name in FIELDS)


def test_tables_that_the_page_shows_are_taken_by_the_dispatch():
    rows = re.findall(r"^\| `(\w+)` \|[^|]*`(\[\[[\d., \[\]]+\]\])`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, _ in rows} >= {"efficiency_charge_by_power", "charge_by_level"}
    for name, table in rows:
        numbers = parse_asset(f"{TWO}{name}: {table}").numbers()
        checked(asset_case(np.array([1.0, 2.0]), np.ones(2), **numbers))


def test_an_asset_of_power_and_energy_alone_says_nothing_more():
    asset = parse_asset(TWO)
    assert asset.numbers() == {"power": 100.0, "energy": 400.0}
    assert (asset.asset, asset.currency, asset.columns()) == (None, None, {})


def test_every_key_is_read(tmp_path: Path):
    path = tmp_path / "asset.yaml"
    path.write_text(
        """asset: heath
sources: {sheet: {title: Data sheet, publisher: Fabrikam, date: 2025-03}}
power: 100000 kW [sheet]
energy: 0.4 GWh
discharge_power: {file: limits.csv, column: out, unit: kW}
efficiency_charge_by_power: [[0.5, 96 %], [1, 0.94]]
efficiency_discharge: "94 % [assumed: as the maker says]"
charge_by_level: [[0.8, 1], [1, 0.2]]
discharge_by_level: [[0, 0.3], [0.2, 1]]
start_fraction: 0.5
end_fraction: 25 %
energy_floor: 0.05
energy_ceiling: {file: limits.csv, column: full}
self_discharge: 0.0005/hour
auxiliary_load: 0.2 MW
throughput_cost: 0.2 ct/kWh
terminal_worth: [[200 MWh, 40 EUR/MWh], [200 MWh, 20 EUR/MWh]]
buy_adder: 12 EUR/MWh
sell_adder: -1.5 EUR/MWh
import_limit: 60 MW
export_limit: 80 MW
generation: {file: sun.csv, column: power}
load: 5 MW
cycles_per_year: 300
cycles_per_day: 1.5 cycle/day
mode: relaxed
""".replace("0.2 ct/kWh", "2 EUR/MWh"),
        encoding="utf-8",
    )
    asset = read_asset(path)
    assert asset.currency == "EUR"
    read = asset.numbers(lambda name, part: f"{part.file}:{part.column}:{part.unit}")
    assert set(read) == set(FIELDS) - {
        *("efficiency_charge", "efficiency_discharge_by_power", "terminal_value", "cyclic"),
    }
    assert read["power"] == 100.0
    assert read["energy"] == 400.0
    assert read["discharge_power"] == "limits.csv:out:kW"
    assert read["energy_ceiling"] == "limits.csv:full:None"
    assert read["efficiency_charge_by_power"] == ((0.5, 0.96), (1.0, 0.94))
    assert read["self_discharge"] == 0.0005
    assert read["terminal_worth"] == ((200.0, 40.0), (200.0, 20.0))
    assert (read["throughput_cost"], read["sell_adder"]) == (2.0, -1.5)
    assert (read["cycles_per_year"], read["cycles_per_day"], read["mode"]) == (300.0, 1.5, "relaxed")
    assert set(asset.columns()) == {"discharge_power", "energy_ceiling", "generation"}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("self_discharge: 1.2 %/day", "self_discharge", 0.0005),
        ("throughput_cost: 2/MWh", "throughput_cost", 2.0),
        ("throughput_cost: 0.002 EUR/kWh", "throughput_cost", 2.0),
        ("throughput_cost: 0", "throughput_cost", 0.0),
        ("terminal_value: -3 USD/MWh", "terminal_value", -3.0),
        ("cycles_per_year: 1 cycle/day", "cycles_per_year", 365.0),
        ("cycles_per_day: 365/year", "cycles_per_day", 1.0),
        ("load: 5000 kW", "load", 5.0),
        ("efficiency_charge: 1", "efficiency_charge", 1.0),
        ("cyclic: true", "cyclic", True),
    ],
)
def test_figures_are_turned_into_the_units_of_the_engine(line: str, name: str, value: float):
    assert parse_asset(f"{TWO}{line}").numbers()[name] == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("power: 100\nenergy: 1 MWh", "asset:1:8: power: .*no unit|asset:1:8: power: .*in ratio; a quantity in MW"),
        ("power: 100 MWh\nenergy: 1 MWh", "asset:1:8: power: .*in MWh; a quantity in MW belongs here"),
        ("power: -1 MW\nenergy: 1 MWh", "asset:1:8: power: -1 MW is below 0"),
        ("power: 1 MW\nenergy: 0 MWh", "asset:2:9: energy: '0 MWh' is not above 0 MWh"),
        ("power: 1 MW", "'energy' is missing; add it"),
        ("power: 1..2 MW\nenergy: 1 MWh", "asset:1:8: power: '1..2 MW' is not one number"),
        ("power: 1e30 MW\nenergy: 1 MWh", "asset:1:8: power: .*beyond 1e\\+09"),
        (f"{TWO}efficiency_charge: 1.1", r"asset:3:20: efficiency_charge: 1\.1 is above 1 ratio"),
        (f"{TWO}efficiency_chrage: 0.9", "asset:3:1: efficiency_chrage: this key is not known; did you mean"),
        (f"{TWO}self_discharge: 0.0005", "asset:3:17: self_discharge: 0.0005 has no unit"),
        (f"{TWO}throughput_cost: 2 EUR", "asset:3:18: throughput_cost: .*money per energy belongs here"),
        (f"{TWO}throughput_cost: 2", "asset:3:18: throughput_cost: .*money per energy belongs here"),
        (f"{TWO}throughput_cost: -2 EUR/MWh", "asset:3:18: throughput_cost: -2 EUR/MWh is below 0"),
        (
            f"{TWO}buy_adder: 2 EUR/MWh\nsell_adder: 1 USD/MWh",
            "asset:4:13: sell_adder: is in USD, and buy_adder in EUR",
        ),
        (f"{TWO}terminal_value: 2/MWh\nterminal_worth: [[1 MWh, 2/MWh]]", "asset:4:1: terminal_worth: says again"),
        (f"{TWO}cyclic: true\nstart_fraction: 0.5", "asset:4:1: start_fraction: .*exclude each other"),
        (f"{TWO}cyclic: 0.5", "asset:3:9: cyclic: 0.5 is not true or false"),
        (f"{TWO}mode: both", "asset:3:7: mode: 'both' is not one of exclusive, relaxed"),
        (f"{TWO}charge_by_level: []", "asset:3:18: charge_by_level: .*at least 1"),
        (f"{TWO}charge_by_level: [[0.5, 1.5]]", r"asset:3:25: charge_by_level\.0\.1: 1\.5 is above 1"),
        (f"{TWO}charge_by_level: [[0.5]]", "asset:3:1[89]: charge_by_level"),
        (f"{TWO}load: {{file: l.csv}}", "asset:3:.*'column' is missing"),
        (f"{TWO}load: {{file: l.csv, column: c, units: MW}}", "asset:3:32: load.units: .*did you mean 'unit'"),
        (f"{TWO}energy_floor: 2", "asset:3:15: energy_floor: 2 is above 1"),
        (f"{TWO}cycles_per_year: 300 MWh/year", "asset:3:18: cycles_per_year: .*cycles a year belong here"),
        (f"{TWO}cycles_per_day: -1", "asset:3:17: cycles_per_day: -1 is below 0"),
        (f"{TWO}load: 5 MW [sheet]", "asset:3:7: load: 'sheet' is not in sources"),
        ("[1, 2]", "asset:1:1: is no asset; write its keys"),
        ("", "is empty"),
    ],
)
def test_a_wrong_asset_is_refused_at_its_place(text: str, words: str):
    with pytest.raises(StudyError, match=words) as caught:
        parse_asset(text)
    assert caught.value.exit_status == 2


def test_a_column_needs_something_that_reads_it():
    asset = parse_asset(f"{TWO}load: {{file: site.csv, column: load}}")
    assert asset.columns() == {"load": ColumnOf(file="site.csv", column="load")}
    with pytest.raises(ValueError, match=r"load is a column of site\.csv"):
        asset.numbers()


def test_each_key_but_a_choice_has_a_unit_or_is_a_table():
    assert {name for name in FIELDS if not unit_of(name)} == {
        *("efficiency_charge_by_power", "efficiency_discharge_by_power", "charge_by_level", "discharge_by_level"),
        *("terminal_worth", "cyclic", "mode"),
    }


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(StudyError, match=r"none\.yaml: cannot be read"):
        read_asset(tmp_path / "none.yaml")
