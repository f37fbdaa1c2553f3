"""Laws of the checks on drawn figures of invented firms, told in sentences: what may never matter, and what must.

Each kind on its own examples is ``test_check_kinds.py``, cases solved by hand are in ``test_checks.py``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.evidence.arithmetic.checks import check
from cell2grid.evidence.records import Check, Claim, Label, Reading, Story, Verdict

YEAR, BEFORE = ("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")
QUARTER = ("2026-01-01", "2026-03-31")
MONTHS = (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31"))


def told(said: str, *rows: tuple[str, float | None, str, str, dict[str, Any]], page: str = "page") -> list[Claim]:
    """The claims of one sentence; each row is measure, value, words, unit and further slots."""
    start = sum(map(ord, said)) * 1000
    claims, after = [], 0
    for measure, value, words, unit, slots in rows:
        after = said.index(words, after)
        period = slots.get("period", (None, None))
        claims.append(
            Claim(
                document=page,
                story="s",
                frame="test",
                measure=measure,
                subject=slots.get("subject", "Contoso"),
                object=slots.get("object"),
                quote=said,
                start=start,
                end=start + len(said),
                value_text=words,
                value_start=start + after,
                value_end=start + after + len(words),
                value=value,
                low=None,
                high=None,
                unit=unit,
                period_start=period[0],
                period_end=period[1],
            )
        )
    return claims


def months(counts: list[int], total: float) -> list[Claim]:
    words = [f"{count:,} buses" for count in counts]
    said = f"Contoso sold {words[0]} in January, {words[1]} in February and {words[2]} in March."
    rows = [
        ("sales", float(count), text, "bus", {"period": month})
        for count, text, month in zip(counts, words, MONTHS, strict=True)
    ]
    whole = ("sales", float(total), f"{total:,.0f} buses", "bus", {"period": QUARTER})
    return [*told(said, *rows), *told(f"In the quarter that made {total:,.0f} buses.", whole)]


def packed(items: int, energy: float, total: float) -> list[Claim]:
    said = f"Fabrikam's Birka hall can build {items:,} systems a year of {energy} MWh, or {total:.3f} GWh a year."
    of = {"subject": "Fabrikam Birka plant"}
    return told(
        said,
        ("capacity", float(items), f"{items:,} systems", "system/year", of),
        ("unit_energy", energy, f"{energy} MWh", "MWh/system", of),
        ("capacity", round(total, 3), f"{total:.3f} GWh", "GWh/year", of),
    )


def hours(power: int, energy: int, lasting: float) -> list[Claim]:
    said = f"The Adatum park has {power} MW / {energy} MWh and runs for {lasting:.2f} hours."
    of = {"subject": "Adatum park"}
    return told(
        said,
        ("power", float(power), f"{power} MW", "MW", of),
        ("energy", float(energy), f"{energy} MWh", "MWh", of),
        ("duration", round(lasting, 2), f"{lasting:.2f} hours", "hour", of),
    )


def share(part: int, whole: int, percent: float) -> list[Claim]:
    said = f"Litware exported {part:,} vehicles, or {percent:.2f}% of Norway's vehicle exports of {whole:,}."
    of = {"period": YEAR}
    holder = {**of, "subject": "Litware"}
    return told(
        said,
        ("exports", float(part), f"{part:,} vehicles", "vehicle", holder),
        ("share", round(percent, 2), f"{percent:.2f}%", "percent", {**holder, "object": "Norway's vehicle exports"}),
        ("exports", float(whole), f"{whole:,}", "vehicle", {**of, "subject": "Norway"}),
    )


def grown(now: int, before: int, percent: float) -> list[Claim]:
    said = f"Tailspin made {now:,} vans in 2026, a change of {percent:.2f}% from {before:,} a year earlier."
    of = {"subject": "Tailspin", "period": YEAR}
    return told(
        said,
        ("production", float(now), f"{now:,} vans", "van", of),
        ("change", round(percent, 2), f"{percent:.2f}%", "percent", {**of, "object": "production"}),
        ("production", float(before), f"{before:,}", "van", {"subject": "Tailspin", "period": BEFORE}),
    )


def twice(value: int, again: float) -> list[Claim]:
    of = {"subject": "Wingtip", "period": YEAR}
    one = told(f"Wingtip shipped {value:,} cells.", ("deliveries", float(value), f"{value:,} cells", "cell", of))
    words = f"{again:,.0f} cells"
    said = f"Shipments of Wingtip came to {words}, an agency has counted."
    return [*one, *told(said, ("deliveries", float(round(again)), words, "cell", of), page="other")]


def held(one: int, other: int) -> list[Claim]:
    of = {"object": "Woodgrove Cells"}
    said = f"Contoso holds {one}% of Woodgrove Cells and Fabrikam {other}%."
    return told(
        said,
        ("stake", float(one), f"{one}%", "percent", {**of, "subject": "Contoso"}),
        ("stake", float(other), f"{other}%", "percent", {**of, "subject": "Fabrikam"}),
    )


def paid(kronor: int, dollars: int, more: int, again: int) -> list[Claim]:
    texts = (f"{kronor} million kronor", f"${dollars} million", f"{more} million kronor", f"${again} million")
    said = "The hall costs {} ({}) and the line {} ({}).".format(*texts)
    units = ("SEK", "USD", "SEK", "USD")
    values = (kronor, dollars, more, again)
    return told(
        said, *(("investment", v * 1e6, text, unit, {}) for v, text, unit in zip(values, texts, units, strict=True))
    )


small, large = st.integers(1, 900), st.integers(1_000, 90_000)


@st.composite
def world(draw: st.DrawFn) -> list[Claim]:
    """Sentences about all that is checked, with figures that fit or do not."""
    counts = draw(st.lists(large, min_size=3, max_size=3))
    off = draw(st.sampled_from([0, 1, 700]))
    items, energy = draw(large), draw(st.sampled_from([2.5, 3.9]))
    power, ratio = draw(small), draw(st.integers(1, 9))
    part, whole = draw(large), draw(st.integers(100_000, 900_000))
    now, before = draw(large), draw(large)
    one = draw(st.integers(1, 99))
    return [
        *months(counts, sum(counts) + off),
        *packed(items, energy, items * energy / 1000 * draw(st.sampled_from([1.0, 1.3]))),
        *hours(power, power * ratio, ratio * draw(st.sampled_from([1.0, 1.5]))),
        *share(part, whole, 100 * part / whole + draw(st.sampled_from([0.0, 9.0]))),
        *grown(now, before, 100 * (now / before - 1) + draw(st.sampled_from([0.0, 30.0]))),
        *twice(now, now + draw(st.sampled_from([0, 3, 400]))),
        *held(one, draw(st.integers(1, 99))),
        *paid(draw(small), draw(small), draw(small), draw(small)),
    ]


def verdicts(checks: tuple[Check, ...], claims: list[Claim]) -> list[tuple[str, tuple[int, ...], Verdict]]:
    """What was found, with each claim by its place in the list and not by its id."""
    at = {claim.id: i for i, claim in enumerate(claims)}
    return sorted((each.kind, tuple(at[identity] for identity in each.claims), each.verdict) for each in checks)


@given(world(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_claims_never_matters(claims: list[Claim], order: random.Random) -> None:
    shuffled = list(claims)
    order.shuffle(shuffled)
    assert check(shuffled) == check(claims)


@given(world())
@settings(max_examples=40, deadline=None)
def test_claims_of_others_change_nothing(claims: list[Claim]) -> None:
    of = {"subject": "Northwind", "period": YEAR}
    others = [
        *told("Northwind sold 77 trams in Chile.", ("sales", 77.0, "77 trams", "tram", of), page="another"),
        *told("Northwind opened in May.", ("milestone", None, "opened", "", {**of, "object": "operation"})),
        *told("Northwind asks $9 per kWh.", ("price", 9.0, "$9 per kWh", "USD/kWh", of), page="another"),
    ]
    assert check([*others[:1], *claims, *others[1:]]) == check(claims)


_LARGER = {"MWh": "GWh", "MW": "GW", "GWh/year": "TWh/year", "MWh/system": "GWh/system"}


@given(world())
@settings(max_examples=40, deadline=None)
def test_the_size_of_units_never_matters(claims: list[Claim]) -> None:
    scaled = [
        replace(claim, unit=_LARGER[claim.unit], value=(claim.value or 0) / 1000, id="")
        if claim.unit in _LARGER
        else claim
        for claim in claims
    ]
    assert verdicts(check(scaled)[0], scaled) == verdicts(check(claims)[0], claims)


def later(day: str | None) -> str | None:
    return None if day is None else f"{int(day[:4]) + 1}{day[4:]}"


@given(world())
@settings(max_examples=40, deadline=None)
def test_the_year_never_matters(claims: list[Claim]) -> None:
    # 2025 to 2027 have no leap day
    moved = [
        replace(claim, period_start=later(claim.period_start), period_end=later(claim.period_end), id="")
        for claim in claims
    ]
    assert verdicts(check(moved)[0], moved) == verdicts(check(claims)[0], claims)


@given(world())
@settings(max_examples=40, deadline=None)
def test_a_check_keeps_its_own_arithmetic(claims: list[Claim]) -> None:
    known = {claim.id for claim in claims}
    for each in check(claims)[0]:
        assert set(each.claims) <= known
        if each.stated is None or each.computed is None or each.residual is None or each.tolerance is None:
            continue
        assert each.residual == pytest.approx(each.stated - each.computed, rel=1e-6, abs=1e-6)
        if each.verdict in (Verdict.HOLDS, Verdict.ROUNDING):
            assert abs(each.residual) <= each.tolerance * (1 + 1e-6) + 1e-9
        if each.verdict is Verdict.FAILS:
            assert abs(each.residual) > each.tolerance * (1 - 1e-6) - 1e-9


# --- a value beyond its tolerance fails, one within it does not -----------------------------------------------------

Told = Callable[[float], list[Claim]]


@st.composite
def stating(draw: st.DrawFn) -> tuple[str, float, Told]:
    """A kind, what it computes, and the claims that state some value for it."""
    kind = draw(st.sampled_from(["sum", "product", "duration", "ratio", "change", "agreement"]))
    if kind == "sum":
        counts = draw(st.lists(large, min_size=3, max_size=3))
        return kind, float(sum(counts)), lambda stated: months(counts, round(stated))
    if kind == "product":
        items, energy = draw(large), draw(st.sampled_from([2.5, 3.9]))
        return kind, items * energy / 1000, lambda stated: packed(items, energy, stated)
    if kind == "duration":
        power, energy = draw(st.integers(50, 900)), draw(st.integers(100, 4000))
        return kind, energy / power, lambda stated: hours(power, energy, stated)
    if kind == "ratio":
        part, whole = draw(large), draw(st.integers(100_000, 900_000))
        return kind, 100 * part / whole, lambda stated: share(part, whole, stated)
    if kind == "change":
        now, before = draw(large), draw(large)
        return kind, 100 * (now / before - 1), lambda stated: grown(now, before, stated)
    value = draw(large)
    return kind, float(value), lambda stated: twice(value, stated)


def only(checks: tuple[Check, ...], kind: str) -> Check:
    (found,) = (each for each in checks if each.kind == kind)
    return found


@given(stating(), st.floats(-4.0, 4.0), st.booleans())
@settings(max_examples=120, deadline=None)
def test_a_value_fails_where_it_lies_beyond_its_tolerance_and_only_there(
    drawn: tuple[str, float, Told], times: float, far: bool
) -> None:
    kind, computed, claims_of = drawn
    tolerance = only(check(claims_of(computed))[0], kind).tolerance or 0.0
    stated = computed + times * tolerance + (1.0 if times > 0 else -1.0) * (5 * tolerance + 1) * far
    if stated <= 0 and kind != "change":
        return
    found = only(check(claims_of(stated))[0], kind)
    # either may be told as the stated one where two pages agree or not
    assert found.computed == pytest.approx(computed) or (
        kind == "agreement" and found.stated == pytest.approx(computed)
    )
    assert (found.verdict is Verdict.FAILS) == (abs(found.residual or 0.0) > (found.tolerance or 0.0) * (1 + 1e-6))
    assert not far or found.verdict is Verdict.FAILS


# --- what else a check is given -------------------------------------------------------------------------------------


def test_a_copy_is_no_evidence() -> None:
    claims = months([1200, 900, 1350], 3450)
    stories = [Story("s", "page", Label.COPY, 0, 900)]
    assert check(claims, stories) == ((), ())
    assert [each.verdict for each in check(claims)[0]] == [Verdict.HOLDS]


def test_names_that_a_reviewer_has_made_one_are_one() -> None:
    claims = [
        *held(60, 30)[:1],
        *told(
            "Fabrikam AB has 30% of WG Cells.",
            ("stake", 30.0, "30%", "percent", {"object": "WG Cells", "subject": "Fabrikam"}),
        ),
    ]
    assert check(claims)[0] == ()
    settled = {"WG Cells": "Woodgrove Cells"}
    found = only(check(claims, entity=lambda name: settled.get(name, name))[0], "stakes")
    assert (found.computed, found.verdict) == (90, Verdict.INCOMPLETE)


def test_amounts_that_were_only_read_say_a_rate_as_well() -> None:
    # 700 million kronor for 70 million dollars are 10 to 1; 900 for 75 are 12 to 1
    claims = paid(700, 70, 1, 1)[:2]
    stories = [Story("s", page, Label.CORE, 0, None, anchor_date="2026-05-04") for page in ("page", "other")]

    def read(at: int, value: float, unit: str) -> Reading:
        return Reading("other", "s", f"{value:.0f} million", at, at + 11, value * 1e6, None, None, unit)

    agreeing = [read(0, 900, "SEK"), read(13, 90, "USD")]
    found = only(check(claims, stories, readings=agreeing)[0], "currency")
    assert found.claims == tuple(claim.id for claim in claims)
    assert found.verdict is Verdict.HOLDS
    assert check(claims, stories, readings=[agreeing[0], read(90, 90, "USD")])[0] == ()


def test_each_kind_that_is_done_is_told() -> None:
    seen: list[tuple[int, int]] = []
    check([], on_kind=lambda done, of: seen.append((done, of)))
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
    assert {of for _, of in seen} == {len(seen)}


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_the_calendar_break_nothing(year: str) -> None:
    of = {"subject": "Fabrikam Birka plant", "period": (f"{year}-01-01", f"{year}-12-31")}
    claims = told(
        "The Birka plant can make 100 vans a year, ran at 50% and made 50 vans, up 5% from 48.",
        ("capacity", 100.0, "100 vans a year", "van/year", of),
        ("utilisation", 50.0, "50%", "percent", of),
        ("production", 50.0, "50 vans", "van", of),
        ("change", 5.0, "5%", "percent", {**of, "object": "production"}),
        ("production", 48.0, "48", "van", of),
    )
    assert {each.kind for each in check(claims)[0]} <= {"change"}
