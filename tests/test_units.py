from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cell2grid.errors import UnitError
from cell2grid.units import canonical, convert, counted_noun, currency, names, parse_magnitude, same_kind

NOUNS = sorted(name for name in names() if name != "item" and counted_noun(name))
CURRENCIES = sorted(name for name in names() if currency(name))
PLAIN = ["MWh", "GWh", "kWh", "MW", "GW", "percent", "ratio", "day", "month", "year", "tonne", "kilometre"]
DIVISORS = ["year", "MWh", "kW", "kWh/year", "day"]
UNITS = st.one_of(
    st.sampled_from(PLAIN),
    st.tuples(st.sampled_from(NOUNS + CURRENCIES), st.sampled_from(DIVISORS)).map("/".join),
)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("10000 system/year", "system/month", 10000 / 12),
        ("39 GWh/year", "MWh/month", 3250.0),
        ("1.22e6 vehicles", "vehicle", 1_220_000.0),
        ("97,182 vehicle", "vehicle", 97182.0),
        ("350 USD/kWh", "USD/MWh", 350_000.0),
        ("8 %/year", "ratio/year", 0.08),
        ("100MW", "kW", 100_000.0),
        ("2 week", "day", 14.0),
        ("0.5", "percent", 50.0),
        ("1 kilowatt_hour", "MWh", 0.001),
        ("-4 EUR/MWh", "EUR/MWh", -4.0),
    ],
)
def test_magnitudes_worked_by_hand(text: str, unit: str, value: float) -> None:
    assert parse_magnitude(text, unit=unit).mode == pytest.approx(value, rel=1e-12)


def test_ranges_have_a_low_a_mode_and_a_high() -> None:
    two = parse_magnitude("24 .. 36 month")
    assert (two.low, two.mode, two.high, two.unit) == (24.0, 30.0, 36.0, "month")
    three = parse_magnitude("1 .. 2 .. 6 year", unit="month")
    assert (three.low, three.mode, three.high) == pytest.approx((12.0, 24.0, 72.0))


@given(st.floats(-1e12, 1e12), UNITS, UNITS)
def test_converting_there_and_back_changes_nothing(value: float, unit: str, other: str) -> None:
    assume(same_kind(unit, other))
    there = convert(value, unit, other)
    assert convert(there, other, unit) == pytest.approx(value, rel=1e-12, abs=1e-300)
    assert same_kind(other, unit)


@given(UNITS)
def test_spelling_is_settled_at_once(unit: str) -> None:
    assert canonical(canonical(unit)) == canonical(unit)


@pytest.mark.parametrize("noun", NOUNS)
def test_the_placeholder_stands_for_every_noun_and_a_noun_for_no_other(noun: str) -> None:
    assert convert(12.0, f"{noun}/year", "item/month") == pytest.approx(1.0)
    assert counted_noun(f"MWh/{noun}") == noun
    for other in NOUNS:
        assert same_kind(noun, other) == (noun == other)


def test_a_ratio_of_two_nouns_is_items_per_item_and_no_bare_number() -> None:
    assert convert(12.0, "module/pack", "item/item") == 12.0
    assert same_kind("ratio", "item/item")
    assert not same_kind("module/pack", "ratio")
    assert not same_kind("module", "item/item")


def test_points_of_concentration_are_neither_ratios_nor_percentage_points() -> None:
    assert canonical("points") == "point"
    assert not same_kind("point", "ratio")
    assert not same_kind("point", "percentage_point")


@pytest.mark.parametrize(
    ("unit", "to", "said"),
    [
        ("CNY", "USD", "give a dated exchange rate in the study"),
        ("USD/kWh", "CNY/kWh", "give a dated exchange rate in the study"),
        ("system/year", "vehicle/year", "they measure different things"),
        ("system", "MWh", "give the product's energy per item"),
        ("MWh", "MW", "they measure different things"),
        ("item", "system", "they measure different things"),
    ],
)
def test_what_measures_different_things_is_never_converted(unit: str, to: str, said: str) -> None:
    with pytest.raises(UnitError, match="cannot be turned into") as caught:
        convert(1.0, unit, to)
    assert said in str(caught.value)
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("first", CURRENCIES)
def test_each_currency_is_a_kind_of_its_own(first: str) -> None:
    assert currency(f"{first}/kWh") == first
    assert [other for other in CURRENCIES if same_kind(first, other)] == [first]


@pytest.mark.parametrize(
    "text", ["5 kt/a", "3 mt", "1 kwh", "2 mwh", "4 Usd", "7 dollars", "1 megapack", "1 h-1", "3 m^2"]
)
def test_a_unit_that_is_not_listed_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse_magnitude(text)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(UnitError, match=r"unit 'vehicel' is not known \(did you mean 'vehicle'\?\)"):
        canonical("vehicel")


def test_a_number_in_words_is_told_as_figures() -> None:
    with pytest.raises(UnitError, match="in place of the word write 'e9' behind the number"):
        parse_magnitude("20 billion USD")
    assert parse_magnitude("20e9 USD").low == 20e9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MWh",
        "9**9**9**2 kWh",
        "1e999 MWh",
        "nan MWh",
        "inf",
        "1 .. MWh",
        "3 .. 2 MWh",
        "1 .. 2 .. 3 .. 4 MWh",
        "1,00 MWh",
        "1 2 MWh",
        "0x10 MWh",
        "١ MWh ١",
        "1 MWh/",
        "1 /MWh/",
        "1 __import__('os')",
        "1 " + "MWh/" * 60 + "MWh",
        "9" * 500,
    ],
)
def test_what_is_no_quantity_is_refused_at_once(text: str, within) -> None:
    with within(2), pytest.raises(UnitError):
        parse_magnitude(text)


@given(st.text(max_size=60))
def test_any_text_is_a_finite_magnitude_or_a_unit_error(text: str) -> None:
    try:
        magnitude = parse_magnitude(text)
    except UnitError:
        return
    assert all(math.isfinite(value) for value in (magnitude.low, magnitude.mode, magnitude.high))
    assert magnitude.low <= magnitude.mode <= magnitude.high
