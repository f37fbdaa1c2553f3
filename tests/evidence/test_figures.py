"""Figures of claims: their rounding, their intervals, and what sums, products and quotients make of both."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.arithmetic.figures import Figure, bound, compare, figure, kind, product, quotient, total, worth
from cell2grid.evidence.records import Claim, Verdict


def stated(text: str, value: float | None, **slots: object) -> Claim:
    known = {"unit": "vehicle", "low": None, "high": None, "approx": None} | slots
    place = {"document": "d", "story": "s", "frame": "f", "quote": text, "start": 0, "end": len(text)}
    return Claim(
        measure="sales", subject="X", value_text=text, value_start=0, value_end=len(text), value=value, **place, **known
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value", "rounding"),
    [
        ("1.22 million", 1.22e6, 5000.0),
        ("202,000", 202_000.0, 0.5),
        ("48%", 48.0, 0.5),
        ("US$92 billion", 92e9, 0.5e9),
        ("3.9 MWh", 3.9, 0.05),
        ("down 12.1%", -12.1, 0.05),
        ("5.7万辆", 57_000.0, 500.0),
        ("zero", 0.0, 0.0),
        ("0 vehicles", 0.0, 0.5),
        ("half a billion", 5e8, 0.0),
        ("Model 3 sales of many", 7.0, 0.0),
        ("four-hour", 4.0, 0.5),
        ("twenty-one", 21.0, 0.0),
    ],
)
def test_rounding_is_half_the_last_printed_digit(text: str, value: float, rounding: float) -> None:
    found = figure(stated(text, value))
    assert found is not None
    assert found.rounding == pytest.approx(rounding)


def test_words_of_approximation_give_an_interval_and_exact_figures_none() -> None:
    assert figure(stated("7", 7.0)) == Figure(7, 7, 7, 0.5)
    assert figure(stated("over 7", 7.0, approx="over", low=7.0)) == Figure(7, 7, math.inf, 0.5)
    assert figure(stated("up to 7", 7.0, approx="up to", high=7.0)) == Figure(7, -math.inf, 7, 0.5)
    assert figure(stated("8 to 10", None, low=8.0, high=10.0)) == Figure(9, 8, 10, 0)
    assert figure(stated("some 7", 7.0, approx="some")) == Figure(7, 7, 7, 0.5)


def test_a_claim_without_a_point_or_of_another_unit_has_no_figure() -> None:
    assert figure(stated("many", None)) is None
    assert figure(stated("many", None, low=8.0)) is None
    assert figure(stated("7", 7.0), "GWh") is None
    assert figure(stated("1e999", math.inf)) is None


def test_units_are_turned_where_they_measure_one_thing() -> None:
    found = figure(stated("2 GWh", 2.0, unit="GWh"), "MWh")
    assert found == Figure(2000, 2000, 2000, 500)
    assert worth("parrot", "parrot") == 1
    assert worth("parrot", "vehicle") is None
    assert kind("GWh/year") == kind("kWh/year") != kind("GWh")


def test_quotients_by_what_may_be_zero_have_no_value() -> None:
    ten = Figure(10, 10, 10, 0.5)
    assert quotient(ten, Figure(0, 0, 0, 0)) is None
    assert quotient(ten, Figure(0.4, 0.4, 0.4, 0.5)) is None
    assert quotient(Figure(-1, -1, -1, 0), ten) is None
    assert quotient(ten, Figure(4, 4, math.inf, 0)) == Figure(2.5, 0.0, 2.5, 0.125)


def test_fractions_in_words_leave_half_a_twentieth_open_unless_other_words_do() -> None:
    third, half = stated("a third", 100 / 3, unit="percent"), stated("half", 50.0, unit="percent", low=45.0, high=50.0)
    assert figure(third) == Figure(100 / 3, 100 / 3, 100 / 3, 2.5)
    assert figure(replace(half, approx="nearly")) == Figure(50, 45, 50, 0)


def test_the_tolerance_is_that_of_the_side_on_which_the_figures_lie_apart() -> None:
    # 40 to 50 with half a unit, against 44 to 46 with a quarter
    loose, close = Figure(42, 40, 50, 0.5), Figure(45, 44, 46, 0.25)
    below, above = compare(loose, close), compare(close, loose)
    # the stated one is below: it may rise by 8 and the other fall by 1
    assert (below.residual, below.tolerance) == (-3, 8 + 1 + 0.75)
    assert (above.residual, above.tolerance) == (3, 1 + 8 + 0.75)
    over = Figure(42, 42, math.inf, 0.5)
    assert compare(over, close).tolerance is None
    assert compare(Figure(50, 50, math.inf, 0.5), close).tolerance == 0 + 1 + 0.75
    assert compare(close, Figure(45, 45, math.inf, 0)).tolerance == 1 + 0.25


def test_comparison_says_holds_rounding_or_fails() -> None:
    # 48 within 0.5 against 48.11 exactly; 48.0 within 0.05 is another matter
    computed = Figure(48.11, 48.11, 48.11, 0.0)
    assert compare(Figure(48, 48, 48, 0.5), computed).verdict == Verdict.ROUNDING
    assert compare(Figure(48, 48, 48, 0.05), computed).verdict == Verdict.FAILS
    assert compare(Figure(50, 45, 50, 0.5), computed).verdict == Verdict.HOLDS
    assert compare(computed, computed).verdict == Verdict.HOLDS
    assert bound(math.inf) is None


@st.composite
def intervals(draw: st.DrawFn) -> Figure:
    value = draw(st.floats(0.5, 1e6))
    down, up = (draw(st.floats(0, 0.4)) * value for _ in range(2))
    return Figure(value, value - down, value + up, draw(st.floats(0, 0.2)) * value)


@given(intervals(), intervals())
def test_intervals_hold_whatever_their_ends_give(one: Figure, other: Figure) -> None:
    for a in (one.low, one.value, one.high):
        for b in (other.low, other.value, other.high):
            near = {"rel": 1e-9}
            added, times, over = total([one, other]), product(one, other), quotient(one, other)
            assert added.low <= a + b + 1e-6
            assert times.low <= a * b * (1 + 1e-9)
            assert a * b <= times.high * (1 + 1e-9)
            assert over is not None
            assert over.low <= a / b * (1 + 1e-9)
            assert a / b <= over.high * (1 + 1e-9)
            assert times.value == pytest.approx(one.value * other.value, **near)


@given(intervals(), intervals(), st.floats(1e-3, 1e3))
def test_a_verdict_does_not_depend_on_the_size_of_the_unit(one: Figure, other: Figure, factor: float) -> None:
    # no figure lies on the very edge of a tolerance but by chance
    plain, scaled = compare(one, other), compare(one.times(factor), other.times(factor))
    gap = max(one.low - other.high, other.low - one.high)
    if min(abs(gap), abs(gap - one.rounding - other.rounding), abs(one.value - other.value)) > 1e-6 * one.value:
        assert plain.verdict == scaled.verdict
