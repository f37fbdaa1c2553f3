"""Laws of the lexer: sentences whose numbers are known by construction, and any string at all."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.evidence.dates.calendar_spans import Setting
from cell2grid.evidence.dates.periods import period
from cell2grid.evidence.quantities.lexer import lex
from cell2grid.evidence.vocabulary import table

# -- numbers known by construction -----------------------------------------------------------------------------------


def _grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def _indian(number: int) -> str:
    """The digits in the groups of lakh and crore: the last three, then pairs."""
    digits = str(number)
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail]) if head else tail


WHOLE = st.integers(2, 9_999_999).filter(lambda n: not 1950 <= n <= 2069)
NUMERALS = st.one_of(
    WHOLE.map(lambda n: (f"{n:,}", float(n))),
    WHOLE.map(lambda n: (_grouped(n, "’"), float(n))),
    WHOLE.map(lambda n: (_grouped(n, "\u202f"), float(n))),
    WHOLE.map(lambda n: (_grouped(n, "\u00a0"), float(n))),
    WHOLE.map(lambda n: (_indian(n), float(n))),
    st.integers(100, 9_999).map(lambda n: (f"{n / 100:.2f}", n / 100)),
    st.integers(11, 999).filter(lambda n: n % 10).map(lambda n: (f"{n // 10},{n % 10}", n / 10)),
    st.integers(2, 40).map(lambda n: (f"{n}½", n + 0.5)),
)
MAGNITUDES = st.sampled_from(
    [("", 1.0), (" million", 1e6), (" billion", 1e9), (" thousand", 1e3), ("-million", 1e6), (" mn", 1e6)]
)
UNITS = st.sampled_from(
    [
        ("GWh", "GWh"), ("gigawatt-hours", "GWh"), ("MW", "MW"), ("megawatts", "MW"), ("tonnes", "tonne"),
        ("hectares", "ha"), ("square metres", "m2"), ("kilometres", "km"), ("euros", "EUR"), ("yuan", "CNY"),
        ("US dollars", "USD"), ("per cent", "percent"), ("percentage points", "percentage_point"), ("cars", "vehicle"),
        ("battery cells", "cell"), ("households", "household"), ("widgets", "widget"), ("jobs", "job"),
    ]
)  # fmt: skip
YEARLY = st.sampled_from([("", ""), (" a year", "/year"), (" per annum", "/year"), (" annually", "/year")])
KEEPS_YEAR = {"GWh", "MW", "tonne", "EUR", "CNY", "USD", "vehicle", "cell", "household", "widget", "job"}
DEGREES = st.sampled_from(
    [("", None)]
    + [(word + " ", str(row["kind"])) for row in table("approximations")["words"].values() for word in row["words"]
       if word.isascii() and word[0].isalpha() and word[-1].isalpha()]
)  # fmt: skip
LEADS = st.sampled_from(["It reported ", "The figure of ", "They spoke of ", "Wieder wurden (", "说 "])
TAILS = st.sampled_from([".", ", it said", " for the region", " (in all)", "; more may come"])


@given(LEADS, DEGREES, NUMERALS, MAGNITUDES, UNITS, YEARLY, TAILS)
@settings(max_examples=400, deadline=None)
def test_a_composed_quantity_is_read_as_it_was_composed(
    lead: str,
    degree: tuple[str, str | None],
    numeral: tuple[str, float],
    magnitude: tuple[str, float],
    unit: tuple[str, str],
    yearly: tuple[str, str],
    tail: str,
) -> None:
    if unit[1] not in KEEPS_YEAR:
        yearly = ("", "")
    written = f"{numeral[0]}{magnitude[0]} {unit[0]}{yearly[0]}"
    text = f"{lead}{degree[0]}{written}{tail}"
    (quantity,) = lex(text).quantities
    assert quantity.value == pytest.approx(numeral[1] * magnitude[1])
    assert quantity.unit == unit[1] + yearly[1]
    assert quantity.approx == degree[1]
    assert text[quantity.start : quantity.end] == written


MARKS = st.sampled_from([("US$", "USD"), ("€", "EUR"), ("£", "GBP"), ("A$", "AUD"), ("RMB", "CNY"), ("₹", "INR")])
LETTERS = st.sampled_from([("", 1.0), ("k", 1e3), ("m", 1e6), ("M", 1e6), ("bn", 1e9), ("B", 1e9), (" trillion", 1e12)])
PER_UNIT = st.sampled_from([("", ""), ("/kWh", "/kWh"), (" per MWh", "/MWh"), (" a tonne", "/tonne"), ("/Wh", "/Wh")])


@given(MARKS, NUMERALS, LETTERS, PER_UNIT)
@settings(max_examples=200, deadline=None)
def test_composed_money_is_read_as_it_was_composed(
    mark: tuple[str, str], numeral: tuple[str, float], letter: tuple[str, float], per: tuple[str, str]
) -> None:
    written = f"{mark[0]}{numeral[0]}{letter[0]}{per[0]}"
    (quantity,) = lex(f"The price was {written}, they said.").quantities
    assert (quantity.value, quantity.unit) == (pytest.approx(numeral[1] * letter[1]), mark[1] + per[1])


ONES = list(table("number_words")["ones"])
TENS = list(table("number_words")["tens"])


def _in_words(number: int) -> str:
    """A number below a million in English words, British manner."""
    if number >= 1000:
        rest = number % 1000
        return (
            _in_words(number // 1000)
            + " thousand"
            + (f"{' and' if rest < 100 else ''} {_in_words(rest)}" if rest else "")
        )
    if number >= 100:
        return ONES[number // 100] + " hundred" + (f" and {_in_words(number % 100)}" if number % 100 else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")
    return ONES[number]


@given(st.integers(2, 999_999))
@settings(max_examples=300, deadline=None)
def test_a_number_in_words_is_that_number(number: int) -> None:
    (quantity,) = lex(f"It sold {_in_words(number)} buses.").quantities
    assert (quantity.value, quantity.unit) == (number, "bus")


@given(st.integers(1, 800), st.integers(1, 199), st.sampled_from(["-", "–", " to ", " – "]), UNITS)
@settings(max_examples=200, deadline=None)
def test_a_composed_range_has_its_two_ends(low: int, more: int, dash: str, unit: tuple[str, str]) -> None:
    (quantity,) = lex(f"It spoke of {low}{dash}{low + more} {unit[0]}.").quantities
    assert (quantity.value, quantity.low, quantity.high, quantity.unit) == (None, low, low + more, unit[1])


# -- any string ------------------------------------------------------------------------------------------------------

PIECES = [
    *("12", "3.9", "1,39,000", "½", "万", "亿元", "GWh", "MW", "/", "-", "–", " to ", "between ", "and ", "half a "),
    *("million", "k", "%", "$", "€", "R", "CNY", "yuan", "doubled", "twice the ", "none in ", "no cars", "a year"),
    *("March", "5", "2025", "Q3", "FY26", "last ", "year", "the ", "month", "ago", "until ", "Tuesday", "半年", "三座"),
    *("工厂", "\u200b", "\u202e", "\u0660\u0661", "ＭＷ", "２５", "²", "🔋", "\x00", "9" * 400, "e9", ".5", ",", "("),
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
@settings(max_examples=500, deadline=None)
def test_any_string_is_read_without_an_error_and_within_bounds(text: str) -> None:
    lexed = lex(text)
    last = 0
    for quantity in lexed.quantities:
        assert last <= quantity.start <= quantity.number_start <= quantity.number_end <= len(text)
        assert quantity.start < quantity.end <= len(text)
        last = quantity.end
        ends = [end for end in (quantity.low, quantity.value, quantity.high) if end is not None]
        assert ends
        assert all(math.isfinite(end) for end in ends)
        assert ends == pytest.approx(sorted(ends))
    for expression in lexed.dates:
        assert text[expression.start : expression.end].strip()
        for setting in (Setting(), Setting(anchor=date(2024, 2, 29)), Setting(anchor=date(2025, 7, 1), future=True)):
            meant = period(expression, setting)
            assert meant is None or meant.start is None or meant.end is None or meant.start <= meant.end


def test_a_run_of_four_hundred_digits_is_a_code_and_no_number() -> None:
    assert lex(f"It sold {'7' * 400} cars.").quantities == ()
    (quantity,) = lex("It sold 123456789012345678901234 trillion cars.").quantities
    assert quantity.value == pytest.approx(1.23456789012345678901234e35)
