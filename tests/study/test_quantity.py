from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cell2grid.study.model import Plant
from cell2grid.study.quantity import Day, Quantity, Share, figures, references

KEYS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True).filter(lambda key: key != "assumed")
REASONS = st.from_regex(r"[a-z][a-z ,;:%.]{0,40}[a-z]", fullmatch=True).filter(lambda text: "assumed:" not in text)


def test_figure_with_two_sources_and_a_reason() -> None:
    figure = Quantity.model_validate("3.9 MWh/system [north-2025; claim 8f3a01; assumed: one count; no more]")
    assert (figure.value, figure.unit) == (3.9, "MWh/system")
    north, claim, assumed = figure.sources
    assert (north.source, claim.claim, assumed.assumed) == ("north-2025", "8f3a01", "one count; no more")


@given(
    st.floats(0, 1e9).map(lambda number: f"{number:.6g}".replace("e+", "e")),
    st.lists(KEYS, max_size=3),
    st.none() | REASONS,
)
def test_a_figure_is_written_as_it_was_read(number: str, keys: list[str], reason: str | None) -> None:
    parts = [*keys, *([f"assumed: {reason}"] if reason else [])]
    text = f"{number} GWh [{'; '.join(parts)}]" if parts else f"{number} GWh"
    figure = Quantity.model_validate(text)
    assert str(figure) == text
    assert Quantity.model_validate(str(figure)) == figure
    assert figure.model_dump() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MWh",
        "3 MWh [",
        "3 MWh [a] b",
        "3 MWh []",
        "3 MWh [ ]",
        "3 MWh [a;]",
        "3 MWh [claim xyz]",
        "3 MWh [assumed:]",
    ],
)
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Quantity.model_validate(text)


@pytest.mark.parametrize(
    "text", [" " * 100_000 + "x", "1 MWh [" + ";" * 50_000 + "]", "[" * 50_000, "assumed:" * 9_000]
)
def test_long_texts_are_refused_at_once(text: str, within) -> None:
    with within(2):
        for kind in (Quantity, Day):
            with pytest.raises(ValidationError):
                kind.model_validate(text)


@pytest.mark.parametrize("value", [3.9, 7, True, None, [1], {"text": "1 MWh"}])
def test_a_bare_number_is_no_figure(value: object) -> None:
    with pytest.raises(ValidationError):
        Quantity.model_validate(value)


def test_a_month_stands_for_its_days() -> None:
    month = Day.model_validate("2024-02 [page]")
    assert (month.first, month.last, month.month) == (date(2024, 2, 1), date(2024, 2, 29), "2024-02")
    day = Day.model_validate("2024-02-11 [page]")
    assert day.first == day.last == date(2024, 2, 11)
    december = Day.model_validate("2024-12")
    assert december.last == date(2024, 12, 31)


@pytest.mark.parametrize(
    "text", ["2025", "2025-13", "2025-02-30", "2025-00", "Feb 2025", "2025-02-11T00:00", "0000-01"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Day.model_validate(text)


def test_an_open_figure_has_a_unit_and_no_number() -> None:
    figure = Quantity.model_validate("? systems/year")
    assert figure.unfilled
    assert figure.unit == "system/year"
    assert math.isnan(figure.value)
    assert Day.model_validate("?").unfilled
    assert not Quantity.model_validate("3 MWh [page]").unfilled


def test_a_share_lies_between_nothing_and_all() -> None:
    share = TypeAdapter(Share)
    assert share.validate_python("0.3 .. 0.5 ratio [page]").to("percent").high == 50.0
    for text in ("-1 percent [page]", "90 .. 101 percent [page]", "1.1 ratio [page]", "5 MW [page]"):
        with pytest.raises(ValidationError):
            share.validate_python(text)


def test_figures_of_a_part_have_the_paths_of_the_file() -> None:
    plant = Plant.model_validate(
        {
            "owner": "a",
            "region": "b",
            "makes": "c",
            "yield": "90 percent [p]",
            "tranches": ({"capacity": "1 pack/year [p]", "opens": "2025-01 [p]"},),
        }
    )
    assert [path for path, _ in figures(plant, ("plants", "x"))] == [
        ("plants", "x", "tranches", 0, "capacity"),
        ("plants", "x", "tranches", 0, "opens"),
        ("plants", "x", "yield"),
    ]


def test_references_are_keys_claims_and_reasons() -> None:
    assert [str(reference) for reference in references("a; claim 01ab; assumed: b; c")] == [
        "a",
        "claim 01ab",
        "assumed: b; c",
    ]
    with pytest.raises(ValueError, match="has no known form"):
        references("two words")


def test_an_open_tail_that_leaves_the_bounds_is_refused_and_a_cut_one_is_not() -> None:
    """90 ± 5 % reaches 90 + 8.2 * 5 = 131 %; 50 ± 5 % reaches 91 % and can stay; 5 ± 1 % falls below 0 at -3.2 %."""
    share = TypeAdapter(Share)
    with pytest.raises(
        ValidationError, match=r"above 100 percent.*its tail goes to 131 percent; give it bounds, as in 'nor"
    ):
        share.validate_python("normal(90, 5) percent [a]")
    with pytest.raises(ValidationError, match=r"below 0 percent.*normal\(0.05, 0.01, low, high\) ratio"):
        share.validate_python("normal(0.05, 0.01) [a]")
    with pytest.raises(ValidationError, match=r"above 100 percent, the most it can be( \[|$)"):
        share.validate_python("normal(90, 5, 80, 120) percent [a]")
    for text in ("normal(50, 5) percent [a]", "normal(90, 5, 0, 100) percent [a]", "empirical(90, 100) percent [a]"):
        assert str(share.validate_python(text)) == text


@pytest.mark.parametrize(
    "text", ["normal(3, 0.1) MWh", "pert(1, 2, 3) MWh [a]", "  empirical(1) MWh", "?  MWh", "3 .. 4 MWh"]
)
def test_the_schema_takes_what_is_read(text: str) -> None:
    import re

    assert re.search(Quantity.model_json_schema()["pattern"], text)
    assert Quantity.model_validate(text).unit == "MWh"
