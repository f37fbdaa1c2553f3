"""Attributable shares: chains, loops and unknown rests by hand, then laws on any stakes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.formulas.ownership.attributable import attributable
from cell2grid.formulas.ownership.graph import Between, Holding, change_days, held_on


def stakes(*rows: tuple[str, str, float] | tuple[str, str, float, float]) -> list[Holding]:
    """Rows of holder, company and share, or the ends of one."""
    found = []
    for holder, company, low, *high in rows:
        between = Between(low, (low + (high or [low])[0]) / 2, (high or [low])[0])
        found.append(Holding(company, holder, between, between))
    return found


def shares(*rows):
    return attributable(held_on(stakes(*rows), date(2025, 1, 1)))


def test_a_venture_of_three_leaves_five_percent_that_could_be_any_holder_s() -> None:
    """51 + 39 + 5 = 95: each has what is known at least, and 5 points more at most."""
    found = shares(("cells", "venture", 0.51), ("cars", "venture", 0.39), ("phones", "venture", 0.05))
    assert found.share("cells", "venture") == pytest.approx((0.51, 0.56))
    assert found.share("cars", "venture") == pytest.approx((0.39, 0.44))
    assert found.share("phones", "venture") == pytest.approx((0.05, 0.10))
    assert found.unknown[found.firms.index("venture")] == pytest.approx(0.05)


def test_an_unknown_rest_of_a_holding_reaches_what_it_holds() -> None:
    """a has 0.6 of b and b 0.5 of c: 0.3 of c. Were all unknown a's: b is a's, and so is c. d has 0.2 to 0.4 of c.

    Of b 0.4 are unknown; of c 0.3, and 0.5 x 0.4 = 0.2 through b.
    """
    found = shares(("a", "b", 0.6), ("b", "c", 0.5), ("d", "c", 0.2))
    assert found.share("a", "c") == pytest.approx((0.3, 0.8))
    assert found.share("b", "c") == pytest.approx((0.5, 0.8))
    # the rest of b could be d's as well
    assert found.share("d", "c") == pytest.approx((0.2, 0.7))
    assert found.unknown[found.firms.index("c")] == pytest.approx(0.5)


def test_a_loop_is_counted_to_its_end_and_only_once() -> None:
    """p has 0.6 of a, a has 0.5 of b, b has 0.4 of a, q the other half of b.

    p of a: 0.6 + 0.4 x 0.5 x (p of a), so 0.6 / 0.8 = 0.75; p of b: 0.5 x 0.75 = 0.375. q of b: 0.5 / 0.8 = 0.625.
    a of b is 0.5: what comes back to a was a's before.
    """
    found = shares(("p", "a", 0.6), ("b", "a", 0.4), ("a", "b", 0.5), ("q", "b", 0.5))
    assert found.share("p", "a") == pytest.approx((0.75, 0.75))
    assert found.share("p", "b") == pytest.approx((0.375, 0.375))
    assert found.share("q", "b") == pytest.approx((0.625, 0.625))
    assert found.share("a", "b") == pytest.approx((0.5, 0.5))


def test_shares_that_a_company_holds_in_itself_belong_to_its_owners() -> None:
    """0.9 outside and 0.1 its own: the holder outside has all."""
    assert shares(("p", "a", 0.9), ("a", "a", 0.1)).share("p", "a") == pytest.approx((1.0, 1.0))


def test_a_range_gives_its_ends() -> None:
    """40 to 60 and 30: at least 40; at most all but the other's 30."""
    found = shares(("a", "c", 0.4, 0.6), ("b", "c", 0.3))
    assert found.share("a", "c") == pytest.approx((0.4, 0.7))
    assert found.share("b", "c") == pytest.approx((0.3, 0.6))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("a", "b", 1.0), ("b", "a", 1.0)], "'a' → 'b' → 'a' own one another completely"),
        ([("a", "b", 1.0), ("b", "c", 1.0), ("c", "a", 1.0), ("p", "d", 0.4)], "'a' → 'b' → 'c' → 'a' own one"),
        ([("a", "a", 1.0)], "'a' owns all of itself"),
        ([("a", "b", 0.5), ("b", "b", 0.5), ("b", "a", 1.0)], "own one another completely"),
    ],
)
def test_firms_that_own_one_another_completely_are_named(rows, words) -> None:
    with pytest.raises(InputError, match=words):
        shares(*rows)


def test_a_loop_with_a_known_or_unknown_rest_outside_is_none() -> None:
    """a and b have 0.9 of one another. Nothing is known of the rest, so that all of it is unknown."""
    found = shares(("a", "b", 0.9), ("b", "a", 0.9))
    assert found.unknown == pytest.approx([1.0, 1.0])
    assert found.share("a", "b") == pytest.approx((0.9, 1.0))


def test_stakes_change_on_their_days() -> None:
    rows = [
        Holding("c", "a", Between(0.2, 0.2, 0.2), Between(0.2, 0.2, 0.2)),
        Holding("c", "a", Between(0.7, 0.7, 0.7), Between(0.7, 0.7, 0.7), date(2025, 4, 1)),
        Holding("c", "b", Between(0.3, 0.3, 0.3), Between(0.3, 0.3, 0.3), date(2025, 4, 1), date(2025, 9, 30)),
    ]
    assert change_days(rows) == [date(2025, 4, 1), date(2025, 10, 1)]
    held = [dict(held_on(rows, day).edges) for day in (date(2025, 3, 31), date(2025, 4, 1), date(2025, 10, 1))]
    assert [{edge: parts["share"].low for edge, parts in on_day.items()} for on_day in held] == [
        {("a", "c"): 0.2},
        {("a", "c"): 0.7, ("b", "c"): 0.3},
        {("a", "c"): 0.7},
    ]


FIRMS = ["a", "b", "c", "d", "e", "f"]


@st.composite
def any_stakes(draw: st.DrawFn) -> list[tuple[str, str, float]]:
    """Stakes of six firms, loops and unknown rests among them, no company above the whole."""
    rows = []
    for company in FIRMS[: draw(st.integers(1, 5))]:
        holders = draw(st.lists(st.sampled_from(FIRMS), unique=True, max_size=4))
        weights = [draw(st.integers(1, 20)) for _ in holders]
        whole = draw(st.sampled_from([1.0, 0.9, 0.5]))
        rows += [(holder, company, whole * w / sum(weights)) for holder, w in zip(holders, weights, strict=True)]
    return rows


@given(any_stakes())
def test_all_of_a_company_is_somebody_s_or_unknown(rows) -> None:
    try:
        found = shares(*rows)
    except InputError:
        return  # a closed loop
    named = np.where(found.ultimate[:, None], found.low, 0.0).sum(axis=0)
    np.testing.assert_allclose(named + found.unknown, 1.0, atol=1e-6)
    assert (found.low <= found.high + 1e-12).all()
    assert ((found.low >= 0.0) & (found.high <= 1.0)).all()


@given(any_stakes())
def test_the_ends_are_those_of_the_stakes_written_out(rows) -> None:
    """The low end repeats what the holder has of the holders; the high end is reached by giving it every rest."""
    try:
        found = shares(*rows)
    except InputError:
        return
    for holder in found.firms:
        for end, given_rest in (("low", False), ("high", True)):
            value = dict.fromkeys(found.firms, 0.0) | {holder: 1.0}
            for _ in range(4000):
                before = dict(value)
                for company in found.firms:
                    known = [(who, share) for who, owned, share in rows if owned == company and share > 0.0]
                    if company == holder or not known:
                        continue
                    rest = 1.0 - sum(share for _, share in known) if given_rest else 0.0
                    value[company] = sum(share * value[who] for who, share in known) + max(rest, 0.0)
                if max(abs(value[firm] - before[firm]) for firm in found.firms) < 1e-12:
                    break
            ends = [getattr(found, end)[found.firms.index(holder), found.firms.index(firm)] for firm in found.firms]
            assert ends == pytest.approx([value[firm] for firm in found.firms], abs=1e-6)


@given(st.lists(st.floats(0.05, 1.0), min_size=1, max_size=8))
def test_a_chain_multiplies(links) -> None:
    rows = [(f"n{place}", f"n{place + 1}", link) for place, link in enumerate(links)]
    assert all(after[0] == before[1] for before, after in pairwise(rows))
    assert shares(*rows).share("n0", f"n{len(links)}")[0] == pytest.approx(np.prod(links))
