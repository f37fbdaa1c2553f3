"""Shares of the spread: by hand where two costs vary, by law, and where deliveries never come."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc
from subjects_at_hand import BARE, CELLS, subject, wavy

from cell2grid.errors import InputError
from cell2grid.run.sensitivity.shares import SOURCES, Shares, indices, shares, source_of
from cell2grid.run.sensitivity.tables import shares_table

TWO = BARE.replace("100 EUR/kWh", "80 .. 120 EUR/kWh").replace(
    "life: 2 year", "life: 2 year, fixed_cost: 10 .. 20 EUR/kW/year"
)


def by_source(found: Shares) -> dict[str, tuple[float, float]]:
    """First-order and total index of each source."""
    return {share.source: (share.first, share.total) for share in found.shares}


def test_two_costs_share_the_spread_by_the_squares_of_their_widths() -> None:
    """10,000 kWh at 80 to 120 EUR are 400,000 EUR wide, 10 to 20 EUR/kW in each of two years 200,000 EUR.

    The variance of a uniform range is its width squared over 12: 4² to 2², so 80 and 20 %; and the deviation of NPV is
    √((400,000² + 200,000²) / 12) = 129,099 EUR.
    """
    found = shares(subject(TWO), samples=256)
    told = by_source(found)
    assert told["capital_cost"] == pytest.approx((0.8, 0.8), abs=0.02)
    assert told["other"] == pytest.approx((0.2, 0.2), abs=0.02)
    assert found.deviation == pytest.approx(np.hypot(400_000, 200_000) / np.sqrt(12), rel=0.02)
    assert found.mean == pytest.approx(2_204_000.0, rel=1e-3)
    for share in found.shares:
        assert share.first_low <= share.first <= share.first_high
        assert share.total_low <= share.total <= share.total_high
    assert [share.source for share in found.shares] == list(SOURCES)


def test_what_has_no_range_has_no_share_and_that_is_said() -> None:
    found = shares(subject(TWO), samples=64)
    still = {"delivery", "prices", "ageing"}
    for share in found.shares:
        if share.source in still:
            assert not share.varies
            assert (share.first, share.total, share.total_high) == (0.0, 0.0, 0.0)
    assert sum("has no range in the project, so its share is 0" in note for note in found.notes) == 3


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (BARE.replace("100 EUR/kWh", "80 .. 120 EUR/kWh"), "capital_cost"),
        (BARE.replace("discount_rate: 0", "discount_rate: 5") + "commissioning: 0 .. 24 month\n", "delivery"),
        (BARE + "prices: {growth: 0 .. 4 percent/year}\n", "prices"),
        (CELLS.replace("lfp-sony}", "lfp-sony, scale: 0.5 .. 1.5 ratio}"), "ageing"),
        (BARE.replace("0 percent/year", "4 .. 8 percent/year"), "other"),
    ],
)
def test_one_source_that_varies_alone_has_all_of_the_spread(text: str, source: str) -> None:
    found = shares(subject(text, *wavy(1)), samples=8)
    assert by_source(found)[source] == (1.0, 1.0)
    assert sum(first for first, _ in by_source(found).values()) == 1.0
    assert found.deviation > 0.0


@settings(max_examples=20, deadline=None)
@given(
    widths=st.lists(st.floats(0.05, 3.0), min_size=2, max_size=5),
    seed=st.integers(0, 2**32 - 1),
)
def test_sources_that_only_add_up_share_all_of_the_spread(widths: list[float], seed: int) -> None:
    count, weight = len(widths), np.array(widths)
    table = qmc.Sobol(2 * count, rng=np.random.default_rng(seed)).random(1024)
    one, other = table[:, :count], table[:, count:]
    mixed = []
    for place in range(count):
        both = one.copy()
        both[:, place] = other[:, place]
        mixed.append(both @ weight)
    first, total = indices(one @ weight, other @ weight, np.array(mixed))
    exact = weight**2 / (weight**2).sum()
    assert first == pytest.approx(exact, abs=0.02)
    assert total == pytest.approx(exact, abs=0.02)
    assert first.sum() == pytest.approx(1.0, abs=0.03)


def test_what_only_acts_together_shows_in_the_total_alone() -> None:
    """The product of two numbers about 0: neither moves the mean by itself, so S = 0, and T = 1 for both."""
    table = qmc.Sobol(4, rng=np.random.default_rng(3)).random(4096) - 0.5
    one, other = table[:, :2], table[:, 2:]
    mixed = np.stack([other[:, 0] * one[:, 1], one[:, 0] * other[:, 1]])
    first, total = indices(one.prod(axis=1), other.prod(axis=1), mixed)
    assert first == pytest.approx([0.0, 0.0], abs=0.05)
    assert total == pytest.approx([1.0, 1.0], abs=0.05)


def test_every_source_together_with_lives_of_their_own() -> None:
    text = CELLS.replace("150 EUR/kWh", "140 .. 160 EUR/kWh").replace("lfp-sony}", "lfp-sony, scale: 0.5 .. 2 ratio}")
    text += "commissioning: 0 .. 30 month\nprices: {growth: -2 .. 2 percent/year}\n"
    asked = subject(text, *wavy(1))
    found = shares(asked, samples=32, workers=2)
    assert asdict(found) == asdict(shares(asked, samples=32))
    told = by_source(found)
    assert all(total > 0.0 for source, (_, total) in told.items() if source != "other")
    assert told["other"] == (0.0, 0.0)
    assert found.valuations == 32 * 6
    assert sum(first for first, _ in told.values()) == pytest.approx(1.0, abs=0.15)


def test_more_samples_make_the_intervals_narrower() -> None:
    few, many = (shares(subject(TWO), samples=count) for count in (16, 512))
    for one, other in zip(few.shares, many.shares, strict=True):
        if one.varies:
            assert other.total_high - other.total_low < one.total_high - one.total_low
    assert any("leave the share of capital_cost" in note for note in few.notes)


def test_the_same_seed_gives_the_same_shares_and_another_seed_others() -> None:
    asked = subject(TWO)
    assert asdict(shares(asked, samples=16)) == asdict(shares(asked, samples=16))
    assert by_source(shares(asked, samples=16, seed=2)) != by_source(shares(asked, samples=16))


def test_shares_are_those_of_the_members_that_are_delivered() -> None:
    text = TWO.replace("discount_rate: 0", "discount_rate: 8")
    months = np.arange(24.0)
    there = shares(subject(text, delivered=months), samples=64)
    lost = shares(subject(text, delivered=np.r_[months, np.full(8, np.nan)]), samples=64)
    assert by_source(lost) == by_source(there)
    assert by_source(lost)["delivery"][1] > 0.0
    assert any("25.0% of members are never delivered" in note for note in lost.notes)
    never = shares(subject(text, delivered=np.full(3, np.nan)), samples=64)
    assert never.valuations == 0
    assert any("nothing varies" in note for note in never.notes)


def test_a_range_that_moves_nothing_leaves_no_spread() -> None:
    """Without discount it does not matter when the project begins."""
    found = shares(subject(BARE + "commissioning: 0 .. 24 month\n"), samples=16)
    assert found.deviation == 0.0
    assert any("no spread to share out" in note for note in found.notes)


@pytest.mark.parametrize("samples", [0, 7, 1_000_000])
def test_a_number_of_samples_that_is_none_is_refused(samples: int) -> None:
    with pytest.raises(InputError, match="samples is"):
        shares(subject(TWO), samples=samples)


def test_every_path_belongs_to_one_source() -> None:
    assert source_of("technology.fade") == "ageing"
    assert source_of("finance.learning.rate") == "capital_cost"
    assert source_of("finance.capital_costs") == "other"
    assert source_of("augmentation.0.cost") == "other"


def test_the_table_has_a_row_for_each_source() -> None:
    frame = shares_table(shares(subject(TWO), samples=16), "bare")
    assert frame["source"].tolist() == list(SOURCES)
    assert frame["total"].notna().all()
