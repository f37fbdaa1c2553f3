"""An asset written is the same asset read, whatever its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.study.asset_file import ColumnOf, parse_asset
from cell2grid.study.asset_text import asset_text, told

share = st.floats(0.0, 1.0)
power = st.floats(0.0, 1e8)
money = st.floats(-1e5, 1e5)
pairs = st.lists(st.tuples(share, share), min_size=1, max_size=4).map(tuple)
plain = st.fixed_dictionaries(
    {"power": power, "energy": st.floats(1e-6, 1e8)},
    optional={
        "discharge_power": power,
        "efficiency_charge": share,
        "efficiency_discharge_by_power": pairs,
        "charge_by_level": pairs,
        "energy_floor": share,
        "self_discharge": share,
        "load": power,
        "throughput_cost": st.floats(0.0, 1e5),
        "terminal_worth": st.lists(st.tuples(power, money), min_size=1, max_size=4).map(tuple),
        "buy_adder": money,
        "sell_adder": money,
        "cycles_per_year": st.floats(0.0, 1e4),
        "cycles_per_day": st.floats(0.0, 50.0),
        "cyclic": st.just(False),
        "mode": st.sampled_from(["exclusive", "relaxed"]),
    },
)


@settings(max_examples=150, deadline=None)
@given(plain, st.sampled_from([None, "EUR"]), st.text(min_size=1, max_size=20))
def test_what_is_written_is_read_again(asset: dict[str, Any], currency: str | None, name: str):
    name = "".join(letter for letter in name if letter.isprintable()) or "heath"
    read = parse_asset(asset_text(asset, name=name, currency=currency, remarks=("from a network\nof another",)))
    assert read.asset == name
    assert read.numbers() == asset
    moneyed = {"throughput_cost", "terminal_worth", "buy_adder", "sell_adder"} & set(asset)
    assert read.currency == (currency if moneyed else None)


def test_what_changes_with_time_is_a_column():
    asset = {"power": np.array([1.0, 2.0]), "energy": 4.0}
    with pytest.raises(InputError, match="power changes with time; give the file and the column"):
        asset_text(asset)
    column = ColumnOf(file='it\'s "here".csv', column="power_mw", unit="MW")
    assert parse_asset(asset_text(asset, columns={"power": column})).columns() == {"power": column}


def test_a_key_that_is_none_is_refused():
    with pytest.raises(InputError, match="'colour' is no key"):
        asset_text({"power": 1.0, "energy": 1.0, "colour": 3.0})


def test_an_asset_is_told_in_words():
    asset = {"power": np.array([1.0, 2.5]), "energy": 4.0, "cyclic": True, "sell_adder": -2.0, "mode": "relaxed"}
    words = {key: text for key, text, _ in told(asset, currency="EUR")}
    assert words == {
        "power": "1 to 2.5 MW", "energy": "4 MWh", "cyclic": "yes", "sell_adder": "-2 EUR/MWh", "mode": "relaxed",
    }  # fmt: skip
    assert {key: text for key, text, _ in told({"throughput_cost": 2.0})} == {"throughput_cost": "2 /MWh"}
    assert told({}, columns={"load": ColumnOf(file="l.csv", column="a")})[0][1] == "column 'a' of l.csv"
