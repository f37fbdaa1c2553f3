"""Quantities of a sentence: units, magnitudes, bounds, ranges, rows, and what is no quantity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.evidence.quantities.lexer import lex


def _read(text: str) -> list[tuple[float | None, str]]:
    return [(q.value, q.unit) for q in lex(text).quantities if q.kind != "bare"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It makes 16 GWh of cells a year.", [(16.0, "GWh/year")]),
        ("a 200MW/800MWh battery", [(200.0, "MW"), (800.0, "MWh")]),
        ("1.22 million vehicles", [(1.22e6, "vehicle")]),
        ("sold 2,150 electric cars", [(2150.0, "vehicle")]),
        ("US$1.5bn and €300m", [(1.5e9, "USD"), (3e8, "EUR")]),
        ("Rs 13,000 crore", [(1.3e11, "INR")]),
        ("2.3 trillion won", [(2.3e12, "KRW")]),
        ("A$75 million, C$2 billion and HK$5 billion", [(7.5e7, "AUD"), (2e9, "CAD"), (5e9, "HKD")]),
        ("CNY 3.5 billion, or 3.5 billion RMB", [(3.5e9, "CNY"), (3.5e9, "CNY")]),
        ("36.5 per cent, 3.6 percentage points", [(36.5, "percent"), (3.6, "percentage_point")]),
        ("$165 per kWh; 72,000 yuan a tonne", [(165.0, "USD/kWh"), (72000.0, "CNY/tonne")]),
        ("half a billion cameras", [(5e8, "camera")]),
        ("twenty-five plants and two hundred and fifty jobs", [(25.0, "plant"), (250.0, "job")]),
        ("a third of the market", [(100 / 3, "percent")]),
        ("a four-hour battery and a five-month delay", [(4.0, "hour"), (5.0, "month")]),
        ("rose 1.3x, then 30 times more", [(1.3, "ratio"), (30.0, "ratio")]),
        ("zero vehicles", [(0.0, "vehicle")]),
        ("出口106万辆, 投资35亿元", [(1.06e6, "vehicle"), (3.5e9, "CNY")]),
        ("221 hectares, 30,000 square metres", [(221.0, "ha"), (30000.0, "m2")]),
        ("12 countries and 96 parcels of land", [(12.0, "country"), (96.0, "parcel")]),
        ("1,504 PowerTitan 2.0 containers", [(1504.0, "container")]),
        ("348 Megapack 2 XL units", [(348.0, "system")]),
        ("two of the production lines", [(2.0, "line")]),
        ("a majority stake", [(50.0, "percent")]),
        ("a 50-50 venture", [(50.0, "percent")]),
        ("1’250’000 batteries, 12 500 cells", [(1.25e6, "battery"), (12500.0, "cell")]),
    ],
)
def test_a_quantity_has_its_value_multiplied_out_and_its_unit(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(pytest.approx(value), unit) for value, unit in _read(text)] == expected


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "approx"),
    [
        ("over 22,000 cars", 22000, 22000, None, "over"),
        ("less than 1,000 cars", 1000, 0, 1000, "under"),
        ("up to 5,000 cars", 5000, 0, 5000, "at most"),
        ("nearly half of sales", 50, 45, 50, "nearly"),
        ("about 3.9 MWh", 3.9, 3.705, 4.095, "about"),
        ("just 49 per cent", 49, 49, 49, None),
        ("at least 12 GWh", 12, 12, None, "at least"),
        ("100+ sites", 100, 100, None, "over"),
        ("thousands of cars", 1000, 1000, None, "vague"),
    ],
)
def test_words_of_degree_leave_an_interval(
    text: str, value: float, low: float, high: float | None, approx: str | None
) -> None:
    (quantity,) = lex(text).quantities
    assert (quantity.value, quantity.approx) == (value, approx)
    assert quantity.low == pytest.approx(low)
    assert quantity.high == (None if high is None else pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("10-15 GWh", 10, 15, "GWh"),
        ("between $2.6 billion and $2.8 billion", 2.6e9, 2.8e9, "USD"),
        ("$800,000 to $1.3 million", 8e5, 1.3e6, "USD"),
        ("$2 to $3 billion", 2e9, 3e9, "USD"),
        ("41,500 to 43,500 vehicles", 41500, 43500, "vehicle"),
    ],
)
def test_a_range_has_two_ends_and_no_value(text: str, low: float, high: float, unit: str) -> None:
    (quantity,) = lex(text).quantities
    assert (quantity.value, quantity.low, quantity.high, quantity.unit) == (None, low, high, unit)


def test_from_one_value_to_another_is_no_range() -> None:
    assert _read("It rose from 38 percent to 46 percent.") == [(38.0, "percent"), (46.0, "percent")]
    assert _read("Revenue rose 27% to $8.03 billion.") == [(27.0, "percent"), (8.03e9, "USD")]


def test_a_row_shares_its_unit_and_small_numbers_their_magnitude() -> None:
    assert _read("4,049 and 3,331 vehicles") == [(4049.0, "vehicle"), (3331.0, "vehicle")]
    assert _read("8 and 10 billion yuan") == [(8e9, "CNY"), (1e10, "CNY")]


@pytest.mark.parametrize(
    "text",
    [
        "The Model 3 and the SU7 share a Tier 1 supplier.",
        "Shares (373220.KS) and NASDAQ: RIVN were stable.",
        "Call +49 30 1234567 or write to 14600 Myford Road, Irvine, California 92606.",
        "Section 301 and ISO 9001 apply to phase two and stage 2.",
        "It uses 4680 cells and 2170 cells in a 20-foot container.",
        "Falcon 9 flew; Covid-19 spread; FSD version 12.5 came.",
        "Euro 6 rules, Scope 3 and the CSI 300 index.",
        "At 2:00 p.m. PT on November 4, 2025 it opened.",
        "In 2012–13 and in the 2020s, one of the makers left.",
        "Serial number 99893717, patent US1234567, no. 3.",
        "($1 = 7.1 yuan)",
        "the number one maker and the top five",
        "The first plant and the second half of 2024.",
    ],
)
def test_traps_are_never_quantities(text: str) -> None:
    assert _read(text) == []


def test_an_order_of_megawatts_is_no_article_of_a_law() -> None:
    assert _read("to order 300 vehicles and build 150,000 cars") == [(300.0, "vehicle"), (150000.0, "vehicle")]


WORDS = [
    *[
        "about",
        "over",
        "nearly",
        "to",
        "and",
        "between",
        "in",
        "a",
        "the",
        "of",
        "per",
        "year",
        "million",
        "billion",
        "12",
        "3.9",
        "1,220,000",
        "51",
        "2025",
        "MWh",
        "GWh/year",
    ],
    *[
        "%",
        "$",
        "€",
        "yuan",
        "vehicles",
        "units",
        "万辆",
        "March",
        "H1",
        "Q3",
        "(",
        ")",
        ",",
        ".",
        ";",
        "–",
        "-",
        "x",
        "Tesla",
        "respectively",
        "🔋",
    ],
    *("half a", "Model 3", "9" * 40, "\u200b", "\u202e"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from(["", " ", "\u00a0"]))
@settings(max_examples=300)
def test_the_exact_text_of_a_quantity_is_at_its_place(words: list[str], gap: str) -> None:
    text = gap.join(words)
    for quantity in lex(text).quantities:
        assert 0 <= quantity.start <= quantity.number_start < quantity.number_end <= len(text)
        assert quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end].strip()


HOSTILE = [("9", 2900), ("1,", 1400), ("1,000,", 480), ("a ", 1400), ("$", 2900), ("(", 2900), ("January ", 360)]
HOSTILE += [("between 1 and ", 200), ("- ", 1400), ("A", 2900), ("1-", 1400), ("\u200b", 2900), ("in 2024 ", 360)]


@pytest.mark.parametrize("text", [part * times for part, times in HOSTILE], ids=[repr(part) for part, _ in HOSTILE])
def test_hostile_text_takes_bounded_time(text: str, within) -> None:
    lex("It makes 16 GWh in March 2024.")  # the patterns are compiled at the first sentence
    with within(6):
        lex(text)


def test_a_line_break_before_a_number_does_not_hide_it() -> None:
    assert _read("an annual capacity of\n60,000 packs") == [(60000.0, "pack")]


@pytest.mark.parametrize("written", ["1,\u200b250 packs", "1\u200b,250 packs", "12\u200b50 packs", "1.\u00ad5 GWh"])
def test_a_number_parted_by_marks_without_width_is_none(written: str) -> None:
    assert lex(f"It made {written}.").quantities == ()
    assert lex("It made 1,250\u200b packs.").quantities[0].value == 1250
