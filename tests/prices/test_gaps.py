"""Missing rows and numbers, rows that stand twice, steps of any length: each only by a policy that was asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import PriceSeries, read_prices


def hours(tmp_path: Path, prices: dict[int, str], start: str = "2025-01-01T00:00Z") -> Path:
    """A file with a row for each hour that is given."""
    first = np.datetime64(start.removesuffix("Z"), "s")
    rows = (f"{first + np.timedelta64(hour, 'h')}Z,{price}\n" for hour, price in prices.items())
    path = tmp_path / "gaps.csv"
    path.write_text("timestep,price\n" + "".join(rows), encoding="utf-8")
    return path


def test_three_policies_by_hand(tmp_path: Path) -> None:
    """Rows 0, 1, 4 are 10, 20, 50: hold gives 20, 20; the line gives 30, 40."""
    path = hours(tmp_path, {0: "10", 1: "20", 4: "50"})
    assert read_prices(path, gaps="hold").price.tolist() == [10.0, 20.0, 20.0, 20.0, 50.0]
    line = read_prices(path, gaps="interpolate")
    assert line.price.tolist() == [10.0, 20.0, 30.0, 40.0, 50.0]
    assert line.filled.tolist() == [2, 3]
    assert line.notes == (
        "2 steps had no price and lie on a line between their neighbours: 2025-01-01 02:00 to 2025-01-01 03:00",
    )


def test_the_day_before_is_that_of_local_clocks(tmp_path: Path) -> None:
    """Berlin, 30 March 2025: 12:00 is 10:00 UTC, and 12:00 the day before was 11:00 UTC, 23 hours earlier."""
    prices = {hour: str(hour) for hour in range(48) if hour != 34}
    path = hours(tmp_path, prices, "2025-03-29T00:00Z")
    assert read_prices(path, gaps="day-before").price[34] == 10.0
    assert read_prices(path, gaps="day-before", timezone="Europe/Berlin").price[34] == 11.0


def test_a_long_gap_repeats_the_day_before_day_by_day(tmp_path: Path) -> None:
    prices = {hour: str(hour % 24) for hour in [*range(24), *range(72, 96)]}
    series = read_prices(hours(tmp_path, prices), gaps="day-before", longest_gap=48)
    assert series.price.tolist() == [float(hour % 24) for hour in range(96)]
    assert series.filled.size == 48


def test_nothing_is_filled_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"gaps\.csv:4: a gap of 2 steps before 2025-01-01 04:00"):
        read_prices(hours(tmp_path, {0: "1", 1: "1", 4: "1", 5: "1"}))
    with pytest.raises(PriceError, match=r"gaps\.csv:3: the price is missing"):
        read_prices(hours(tmp_path, {0: "1", 1: "", 2: "1"}))


@pytest.mark.parametrize("word", ["", "NaN", "n/a", "-", "NULL", "#N/A"])
def test_cells_without_a_number_are_gaps_where_gaps_are_filled(tmp_path: Path, word: str) -> None:
    series = read_prices(hours(tmp_path, {0: "1", 1: word, 2: "3"}), gaps="interpolate")
    assert series.price.tolist() == [1.0, 2.0, 3.0]
    assert series.filled.tolist() == [1]


@pytest.mark.parametrize(
    ("prices", "gaps", "words"),
    [
        ({0: "", 1: "2", 2: "3"}, "hold", "no price at 2025-01-01 00:00, and none before it"),
        ({0: "1", 1: "2", 2: ""}, "interpolate", "no price at 2025-01-01 02:00, and none on both sides"),
        ({0: "1", 1: "", 2: "3"}, "day-before", "no price at 2025-01-01 01:00, and none a day before"),
        ({0: "", 1: "", 2: ""}, "hold", "no row has a number"),
        ({0: "1", 1: "2", 40: "3", 41: "4"}, "hold", r"csv:4: a gap of 38 hours before .*, at most 24"),
        ({0: "1", 1: "word", 2: "3"}, "hold", r"csv:3: price 'word' is not a number"),
    ],
)
def test_what_a_policy_cannot_fill_is_refused(tmp_path: Path, prices: dict[int, str], gaps: str, words: str) -> None:
    with pytest.raises(PriceError, match=words):
        read_prices(hours(tmp_path, prices), gaps=gaps)


def test_a_far_stamp_asks_for_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "far.csv"
    path.write_text("timestep,price\n2000-01-01T00:00Z,1\n2000-01-01T00:01Z,2\n2199-01-01T00:00Z,3\n")
    with pytest.raises(PriceError, match="at most 24 are filled"):
        read_prices(path, gaps="hold")
    with pytest.raises(PriceError, match="steps with the gaps, at most"):
        read_prices(path, gaps="hold", longest_gap=1e7)


def test_a_clock_change_is_no_gap_while_the_zone_is_not_named(tmp_path: Path) -> None:
    path = tmp_path / "spring.csv"
    path.write_text("timestep,price\n2025-03-30 00:00,1\n2025-03-30 01:00,2\n2025-03-30 03:00,3\n2025-03-30 04:00,4\n")
    with pytest.raises(PriceError, match=r"an hour is skipped .*--timezone"):
        read_prices(path, gaps="hold")
    assert read_prices(path, gaps="hold", timezone="UTC").filled.tolist() == [2]


@pytest.mark.parametrize(("duplicates", "price"), [("same", 5.0), ("last", 5.0)])
def test_rows_that_stand_twice_with_one_price_are_one(tmp_path: Path, duplicates: str, price: float) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("timestep,price\n2025-01-01T00Z,1\n2025-01-01T01Z,5\n2025-01-01T01Z,5\n2025-01-01T02Z,7\n")
    series = read_prices(path, duplicates=duplicates)
    assert series.price.tolist() == [1.0, price, 7.0]
    assert series.notes == ("1 row with the stamp of the row before: the last was kept",)


def test_of_rows_with_two_prices_only_the_last_is_kept_and_only_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "revised.csv"
    path.write_text("timestep,price\n2025-01-01T00Z,1\n2025-01-01T01Z,5\n2025-01-01T01Z,6\n2025-01-01T02Z,7\n")
    with pytest.raises(PriceError, match=r"revised\.csv:4: .* stands twice with 5 and 6, here and on line 3"):
        read_prices(path, duplicates="same")
    assert read_prices(path, duplicates="last").price.tolist() == [1.0, 6.0, 7.0]


def test_irregular_steps_last_to_the_next_stamp(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("timestep,price\n2025-01-01T00:00Z,1\n2025-01-01T00:15Z,2\n2025-01-01T01:00Z,3\n")
    with pytest.raises(PriceError, match=r"odd\.csv:4: a gap of 2 steps"):
        read_prices(path)
    series = read_prices(path, irregular=True)
    assert series.step_hours.tolist() == [0.25, 0.75, 0.75]
    assert not series.regular
    ends = read_prices(path, irregular=True, stamps="end")
    assert ends.timestep.astype(str).tolist() == [
        f"{stamp}:00" for stamp in ("2024-12-31T23:45", "2025-01-01T00:00", "2025-01-01T00:15")
    ]
    assert ends.step_hours.tolist() == [0.25, 0.25, 0.75]


def test_mixed_steps_name_the_way_to_read_them(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text("timestep,price\n2025-01-01T00:00Z,1\n2025-01-01T00:15Z,2\n2025-01-01T00:35Z,3\n")
    with pytest.raises(PriceError, match=r"mixed\.csv:4: .*resolutions are mixed.*irregular"):
        read_prices(path)


def test_irregular_steps_still_rise(tmp_path: Path) -> None:
    path = tmp_path / "falls.csv"
    path.write_text("timestep,price\n2025-01-01T00:00Z,1\n2025-01-01T00:15Z,2\n2025-01-01T00:05Z,3\n")
    with pytest.raises(PriceError, match=r"falls\.csv:4: .* sort the rows"):
        read_prices(path, irregular=True)


def test_irregular_gaps_are_numbers_only(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("timestep,price\n2025-01-01T00:00Z,1\n2025-01-01T00:15Z,\n2025-01-03T01:00Z,3\n")
    series = read_prices(path, irregular=True, gaps="hold", longest_gap=49)
    assert series.price.tolist() == [1.0, 1.0, 3.0]
    with pytest.raises(PriceError, match="at most 24"):
        read_prices(path, irregular=True, gaps="hold")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gaps": "guess"}, "gaps 'guess' is none of error, hold"),
        ({"stamps": "middle"}, "stamps 'middle' is none of begin, end"),
        ({"duplicates": "mean"}, "duplicates 'mean' is none of"),
        ({"longest_gap": 0.0}, "longest gap is 0.0 hours, expected above 0"),
        ({"longest_gap": float("inf")}, "expected above 0 and finite"),
        ({"decimal": ";"}, "decimal mark ';'"),
        ({"currency": "euro"}, "currency 'euro' is not a code"),
    ],
)
def test_an_option_that_is_none_of_its_choices_is_refused(
    tmp_path: Path, options: dict[str, str | float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        read_prices(hours(tmp_path, {0: "1", 1: "2"}), **options)


@settings(deadline=None, max_examples=60)
@given(
    prices=st.lists(st.floats(-500, 3000), min_size=30, max_size=80),
    lost=st.sets(st.integers(25, 79)),
    blank=st.sets(st.integers(25, 79)),
    gaps=st.sampled_from(["hold", "interpolate", "day-before"]),
)
def test_filling_changes_no_number_and_names_each_step(
    tmp_path_factory: pytest.TempPathFactory, prices: list[float], lost: set[int], blank: set[int], gaps: str
) -> None:
    last = len(prices) - 1
    lost, blank = {i for i in lost if i < last}, {i for i in blank if i < last}
    kept = {i: "" if i in blank else repr(price) for i, price in enumerate(prices) if i not in lost}
    steps = np.diff(sorted(kept))
    if any((steps == step).sum() > 2 and (steps == step).sum() * 10 > steps.size for step in set(steps.tolist()) - {1}):
        return  # so many gaps of one length look like two resolutions
    series: PriceSeries = read_prices(hours(tmp_path_factory.mktemp("law"), kept), gaps=gaps, longest_gap=99)
    assert set(series.filled.tolist()) == lost | blank
    untouched = [i for i in range(len(prices)) if i not in lost | blank]
    assert series.price[untouched].tolist() == [prices[i] for i in untouched]
    assert series.price.min() >= min(prices)
    assert series.price.max() <= max(prices)
