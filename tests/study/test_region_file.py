"""Region files: what they say, and what is refused with its line and column."""

from __future__ import annotations

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.region_file import parse_region

ISLE = """region: isle
load: 90 MW
units:
  - {name: gas, capacity: 60 MW, forced_outage_rate: 5 %, mean_time_to_repair: 50 h}
storage: {power: 10 MW, energy: 0.04 GWh, efficiency_charge: 95 %}
"""


def test_a_store_gives_plain_numbers_of_the_engine():
    store = parse_region(ISLE).storage
    assert store.numbers() == pytest.approx(
        {
            "charge_power": 10.0,
            "discharge_power": 10.0,
            "energy": 40.0,
            "efficiency_charge": 0.95,
            "efficiency_discharge": 1.0,
        }
    )
    assert store.start is None


@pytest.mark.parametrize(
    ("said", "rate", "repair"),
    [
        ("forced_outage_rate: 5 %, mean_time_to_repair: 50 h", 0.05, 50.0),
        ("mean_time_to_failure: 950 h, mean_time_to_repair: 50 h", 0.05, 50.0),
        ("forced_outage_rate: 0.05, mean_time_to_failure: 950 h", 0.05, 50.0),
        ("forced_outage_rate: 0", 0.0, 24.0),
        ("forced_outage_rate: 0.5, mean_time_to_repair: 2 day", 0.5, 48.0),
    ],
)
def test_two_of_a_rate_and_two_times_say_how_units_fail(said, rate, repair):
    region = parse_region(f"{{region: isle, load: 9 MW, units: [{{name: gas, capacity: 6 MW, {said}}}]}}")
    assert region.units[0].outages() == pytest.approx((rate, repair))


def test_sources_are_optional_and_checked():
    text = ISLE.replace("load: 90 MW", 'load: "90 MW [grid-plan]"')
    with pytest.raises(StudyError, match="2:7: load: 'grid-plan' is not in sources"):
        parse_region(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("5 %", "100 %", r"4:54: units.0.forced_outage_rate: 100 % is not below 1"),
        ("5 %", "1.2", r"4:54: units.0.forced_outage_rate: 1.2 is above 1 ratio"),
        ("5 %", "-0.1", r"-0.1 is below 0 ratio"),
        ("60 MW", "-60 MW", r"4:27: units.0.capacity: -60 MW is below 0 MW"),
        ("60 MW", "60 MWh", r"a quantity in MW belongs here"),
        ("60 MW", "60 .. 70 MW", r"is not one number"),
        ("60 MW", "1e12 MW", r"is beyond 1e\+09"),
        (", mean_time_to_repair: 50 h", "", r"4:5: units.0: units 'gas' do not say how they fail"),
        ("50 h", "50 h, mean_time_to_failure: 1 h", r"keep two of the three"),
        ("50 h", "0 h", r"0 h is below 0.001 hour"),
        ("0.04 GWh", "0 MWh", r"5:33: storage.energy: '0 MWh' is not above 0 MWh"),
        ("95 %", "0 %", r"below 0.01"),
        ("name: gas", "name: solar", r"'solar' is what solar itself is called"),
        ("load: 90 MW", "load: [90 MW, 5]", r"2:15: load.1: 5 has no unit"),
        ("load: 90 MW", "load: {column: x}", r"'file' is missing"),
        ("load: 90 MW", "loads: 90 MW", r"did you mean 'load'"),
        ("load: 90 MW", "load: 90 MW\ncredit_of: ga", r"3:12: credit_of: 'ga' is not in the region"),
        ("load: 90 MW", "load: 90 MW\norder: [peak, peak]", r"an aim stands twice"),
        ("load: 90 MW", "load: 90 MW\norder: [price]", r"'price' is not one of peak, curtailment, ramp"),
        ("load: 90 MW", "load: 90 MW\nload_scale: -1", r"-1 is below 0"),
        ("load: 90 MW", "load: 90 MW\nload_scale: .inf", r"load_scale"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(old, new, words):
    with pytest.raises(StudyError, match=words):
        parse_region(ISLE.replace(old, new, 1))


def test_groups_and_stores_have_names_of_their_own():
    group = "  - {name: gas, capacity: 6 MW, forced_outage_rate: 0}\n"
    with pytest.raises(StudyError, match=r"units\.1\.name: 'gas' stands twice"):
        parse_region(ISLE.replace("storage:", f"{group}storage:"))
    stores = (
        "existing_storage:\n  - {name: old, power: 1 MW, energy: 1 MWh}\n  - {name: old, power: 1 MW, energy: 1 MWh}\n"
    )
    with pytest.raises(StudyError, match=r"existing_storage\.1\.name: 'old' stands twice"):
        parse_region(ISLE + stores)


def test_a_file_that_asks_nothing_is_refused():
    with pytest.raises(StudyError, match="neither units nor storage"):
        parse_region("{region: isle, load: 90 MW}")
    with pytest.raises(StudyError, match="is of a store, and there is no storage"):
        parse_region("{region: isle, load: 90 MW, schedule: {file: a.csv}}")
    with pytest.raises(StudyError, match="is no region"):
        parse_region("[1, 2]")
