"""Numbers without a unit of their own, and what the words around them make of them: invented firms throughout."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.evidence.claims.carry import with_units
from cell2grid.evidence.quantities.lexer import lex


def _read(text: str, *, goods: str | None = None, count: str | None = None) -> list[tuple[float | None, str]]:
    found, _ = with_units(text, lex(text).quantities, lambda: goods, count)
    return [(quantity.value, quantity.unit) for quantity in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Its output more than doubled to 620 buses.", [(2.0, "ratio"), (620.0, "bus")]),
        ("The plant can build 360,000 vans; a hall will add 200,000.", [(360000.0, "van"), (2e5, "van")]),
        ("The hall will employ 800.", [(800.0, "person")]),
        ("Headcount rose from 400 to 950.", [(400.0, "person"), (950.0, "person")]),
        ("Operating jobs: 6", [(6.0, "job")]),
        ("It employs 1,930 people, of whom 1,240 work in Varna.", [(1930.0, "person"), (1240.0, "person")]),
        ("It made 1.7 thousand tonnes, of which 1.2 thousand was exported.", [(1700.0, "tonne"), (1200.0, "tonne")]),
        ("It has 40 GWh of capacity and, up from 25 in 2023, wants more.", [(40.0, "GWh"), (25.0, "GWh")]),
        ("It spent €8.7 billion, more than the 8 billion announced.", [(8.7e9, "EUR"), (8e9, "EUR")]),
        ("It sold 70 trucks, twice the 35 of the year before.", [(70.0, "truck"), (2.0, "ratio"), (35.0, "truck")]),
        ("It ran 6,412 chargers in May, 730 more than in April.", [(6412.0, "charger"), (730.0, "charger")]),
        ("Spain took 37 %, Italy 19 and Egypt 11.", [(37.0, "percent"), (19.0, "percent"), (11.0, "percent")]),
        ("It pays 0 per cent in Rabat instead of 17.5.", [(0.0, "percent"), (17.5, "percent")]),
        ("It made 5,000 buses in May and 4,200 a month in April.", [(5000.0, "bus"), (4200.0, "bus/month")]),
        ("It exported 300 vans in May and none in June.", [(300.0, "van"), (0.0, "van")]),
        ("It will close three of fourteen lines.", [(3.0, "line"), (14.0, "line")]),
        ("Riga goes from three shifts to one.", [(3.0, "shift"), (1.0, "shift")]),
        ("It has 9 depots worth €80 million, of which two are let.", [(9.0, "depot"), (8e7, "EUR"), (2.0, "depot")]),
        ("It adds 900 jobs directly and 4,000 indirectly.", [(900.0, "job"), (4000.0, "job")]),
        ("Its book-to-bill ratio was 1.4.", [(1.4, "ratio")]),
        ("By weight, 300 mt left the quay, at €75/mt.", [(300.0, "tonne"), (75.0, "EUR/tonne")]),
    ],
)  # fmt: skip
def test_a_bare_number_takes_its_unit_from_its_sentence(text: str, expected: list[tuple[float, str]]) -> None:
    assert _read(text) == expected


def test_what_the_sentences_before_counted_is_counted_on() -> None:
    assert _read("Exports rose to 6,200 in March.", goods="van") == [(6200.0, "van")]
    assert _read("Saudi Arabia 6,200, Oman 4,100, and Qatar 900.", goods="vehicle", count="vehicle")[0] == (
        6200.0,
        "vehicle",
    )
    assert _read("It delivered 2,100 units.", goods="bus") == [(2100.0, "bus")]
    assert _read("Six of them stand in Ghent.", count="charger") == [(6.0, "charger")]
    assert _read("That number is to reach 900.", goods="vehicle", count="person") == [(900.0, "person")]
    assert _read("Today it is 310.", count="worker") == [(310.0, "worker")]


@pytest.mark.parametrize(
    "text",
    [
        "The shares closed at 4,655 on Friday.",
        "It was founded in 1912 by 3 brothers in Unit 4711.",
        "Line 3 followed, and Hall 12.",
        "The index rose to 3,120.",
    ],
)
def test_a_number_that_nothing_explains_is_left_out(text: str) -> None:
    assert [unit for _, unit in _read(text, goods="vehicle", count="vehicle") if unit == "vehicle"] == []


@given(st.integers(1000, 900_000), st.integers(1000, 900_000), st.sampled_from(["GWh", "MW", "tonnes"]))
@settings(max_examples=60, deadline=None)
def test_a_level_lends_its_unit_to_the_one_that_it_came_from(now: int, then: int, unit: str) -> None:
    ((_, first), (value, second)) = _read(f"It reached {now:,} {unit} in May, up from {then:,} in April.")
    assert (second, value) == (first, then)
