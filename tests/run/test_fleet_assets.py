"""The asset table of a fleet: each number in its unit, each fault with its line."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest

from cell2grid.engines.dispatch.case import Asset
from cell2grid.errors import InputError
from cell2grid.run.fleet import read_assets
from cell2grid.run.fleet.assets import UNITS, WORDS, assets_text


def read(tmp_path: Path, text: str, **options: str):
    path = tmp_path / "assets.csv"
    path.write_text(text, encoding="utf-8")
    return read_assets(path, **options)


def test_every_field_that_one_number_can_fill_is_a_column() -> None:
    """Of the fields of an asset only tables and the days of the steps are none."""
    tables = {name for name, kind in Asset.__annotations__.items() if "Table" in str(kind) or "Integers" in str(kind)}
    assert set(Asset.__annotations__) - tables == {*UNITS, *WORDS}
    assert typing.get_type_hints(Asset)["cyclic"]


def test_units_stand_in_the_header_or_in_the_cell(tmp_path: Path) -> None:
    text = (
        "name;Power [kW];energy;efficiency charge;efficiency-discharge (%);Start;self_discharge;throughput_cost\n"
        "a;500;2GWh;94%;93;;0.0005/hour;2USD/MWh\n"
        "b;1MW;3;0.9;;0.25;;\n"
    )
    (a, b), currency = read(tmp_path, text)
    assert currency == "USD"
    assert (a.name, a.line, b.line) == ("a", 2, 3)
    assert {**a.fields, "mode": 0} == pytest.approx(
        {
            "power": 0.5,
            "energy": 2000.0,
            "efficiency_charge": 0.94,
            "efficiency_discharge": 0.93,
            "start_fraction": 0.5,
            "end_fraction": 0.5,
            "self_discharge": 0.0005,
            "throughput_cost": 2.0,
            "mode": 0,
        }
    )
    assert b.fields == {
        "power": 1.0,
        "energy": 3.0,
        "efficiency_charge": 0.9,
        "start_fraction": 0.25,
        "end_fraction": 0.5,
        "mode": "exclusive",
    }


def test_assets_as_they_go_to_work_are_read_as_the_same(tmp_path: Path) -> None:
    text = "name,power [kW],energy,cyclic,throughput_cost,self_discharge,cycles_per_day\n"
    assets, currency = read(tmp_path, text + '"a, 1",500,2GWh,yes,0.2USD/kWh,1%/hour,1.5\nb,1,3MWh,,,,\n')
    written = assets_text(assets, currency)
    assert written.startswith("name,power [MW],energy [MWh],")
    again, said = read(tmp_path, written)
    assert said == "USD"
    assert [(each.name, dict(each.fields)) for each in again] == [(each.name, dict(each.fields)) for each in assets]
    plain = [each for each in assets if each.name == "b"]
    assert read(tmp_path, assets_text(plain, None))[0][0].fields == plain[0].fields


def test_words_and_caps_are_read(tmp_path: Path) -> None:
    text = "name,power,energy,cyclic,mode,cycles_per_year,buy_adder [ct/kWh]\n"
    (a, b), _ = read(
        tmp_path, text.replace("ct/kWh", "EUR/kWh") + "a,1,2,yes,,365,0.02\nb,1,2,no,relaxed,,-0.01\n", mode="relaxed"
    )
    assert (a.fields["cyclic"], a.fields["mode"], a.fields["cycles_per_year"]) == (True, "relaxed", 365.0)
    assert (a.fields["buy_adder"], b.fields["buy_adder"]) == (20.0, -10.0)
    assert "start_fraction" not in a.fields
    assert b.fields["start_fraction"] == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"assets\.csv:1: the file is empty"),
        ("name,power,energy\n", r"assets\.csv:1: no row"),
        ("name,power\na,1\n", r"assets\.csv:1: column 'energy' is missing"),
        ("name,power,energy,powr\na,1,2,3\n", r"assets\.csv:1: column 'powr' is not a field.*did you mean 'power'"),
        ("name,power,energy,colour\na,1,2,3\n", r"column 'colour' is not a field of an asset; fields are name, power"),
        ("name,power,energy,charge_by_level\na,1,2,3\n", r"column 'charge_by_level' is not a field"),
        ("name,power,power [kW],energy\na,1,1,2\n", r"column 'power' stands 2 times"),
        ("name,power [parsec],energy\na,1,2\n", r"assets\.csv:1: power: unit 'parsec' is not known"),
        ("name,power [MWh],energy\na,1,2\n", r"assets\.csv:1: power in 'MWh'"),
        ("name [m],power,energy\na,1,2\n", r"column 'name \[m\]' has no unit"),
        ("name,power,energy\na,1\n", r"assets\.csv:2: 2 cells, the header has 3"),
        ("name,power,energy\na,1,2\n\nb,,2\n", r"assets\.csv:4: the power is missing"),
        ("name,power,energy\n,1,2\n", r"assets\.csv:2: the name is missing"),
        ("name,power,energy\na,1,2\na,1,2\n", r"assets\.csv:3: asset 'a' stands on line 2 too"),
        ("name,power,energy\na,much,2\n", r"assets\.csv:2: power: 'much' is not a quantity; write it as in '100MW'"),
        ("name,power,energy\na,1MWh,2\n", r"assets\.csv:2: power in 'MWh', expected it as in '100MW'"),
        ("name,power,energy\na,1 .. 2 MW,2\n", r"assets\.csv:2: power: .*is a range"),
        ("name,power,energy\na,nan,2\n", r"assets\.csv:2: power"),
        ("name,power,energy\na,-1,2\n", r"assets\.csv:2: asset 'a': .*-1"),
        ("name,power,energy\na,1,0\n", r"assets\.csv:2: asset 'a': .*energy_capacity is 0"),
        ("name,power,energy,efficiency_charge\na,1,2,0\n", r"assets\.csv:2: asset 'a': .*efficiency_charge is 0"),
        ("name,power,energy,start\na,1,2,150%\n", r"assets\.csv:2: asset 'a': .*start_fraction is 1.5"),
        ("name,power,energy,cyclic\na,1,2,maybe\n", r"assets\.csv:2: cyclic is 'maybe', expected true or"),
        ("name,power,energy,mode\na,1,2,both\n", r"assets\.csv:2: mode is 'both'"),
        (
            "name,power,energy,throughput_cost,buy_adder\na,1,2,2EUR/MWh,1USD/MWh\n",
            r"assets\.csv:2: buy_adder is in USD.*EUR",
        ),
        ('name,power,energy\n"a,1,2\n', r"assets\.csv:2: not CSV"),
        ("name,power,energy\na\x1b[2J,1,2\n", r"assets\.csv:2: name 'a\\x1b"),
        ("name,power,energy\n\0,1,2\n", "binary"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: the file cannot be read"):
        read_assets(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("name,power,energy\nKöln,1,2\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_assets(tmp_path / "latin.csv")
