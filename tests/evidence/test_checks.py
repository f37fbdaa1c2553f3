"""The checks: cases solved by hand with invented firms, then what may never matter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.arithmetic.checks import check
from cell2grid.evidence.records import Check, Claim, Label, Story, Tier, Verdict

MONTHS = {f"{m:02d}": f"2026-{m:02d}-{d}" for m, d in enumerate((31, 28, 31, 30, 31, 30), start=1)}
HALF = ("2026-01-01", "2026-06-30")


def month(number: int) -> tuple[str, str]:
    return f"2026-{number:02d}-01", MONTHS[f"{number:02d}"]


def said(
    measure: str,
    value: float | None,
    unit: str,
    *,
    subject: str | None = "Contoso Motors",
    thing: str | None = None,
    text: str | None = None,
    period: tuple[str, str] | tuple[None, None] = (None, None),
    at: int = 0,
    sentence: int | None = None,
    document: str = "page",
    story: str = "s1",
    approx: str | None = None,
    low: float | None = None,
    high: float | None = None,
    quote: str | None = None,
) -> Claim:
    start = at if sentence is None else sentence
    return Claim(
        document=document,
        story=story,
        frame="test",
        measure=measure,
        subject=subject,
        object=thing,
        quote=quote or f"{document}, sentence at {start}",
        start=start,
        end=start + 90,
        value_text=text or f"{value:,g}",
        value_start=at,
        value_end=at + len(text or "12345"),
        value=value,
        low=low,
        high=high,
        unit=unit,
        approx=approx,
        period_start=period[0],
        period_end=period[1],
        tier=Tier.A,
    )


def exports(value: float, period: tuple[str, str], at: int, **slots: object) -> Claim:
    return said("exports", value, "vehicle", period=period, at=at, text=f"{value:,.0f}", **slots)  # type: ignore[arg-type]


def only(checks: tuple[Check, ...], kind: str) -> Check:
    found = [each for each in checks if each.kind == kind]
    assert len(found) == 1, checks
    return found[0]


# --- sum ------------------------------------------------------------------------------------------------------------


def test_three_months_add_up_to_the_quarter() -> None:
    # 1,200 + 900 + 1,350 = 3,450
    parts = [exports(n, month(m), 100 * m) for m, n in ((1, 1200), (2, 900), (3, 1350))]
    whole = exports(3450, ("2026-01-01", "2026-03-31"), 0)
    found = only(check([*parts, whole])[0], "sum")
    assert (found.stated, found.computed, found.residual, found.verdict) == (3450, 3450, 0, Verdict.HOLDS)
    assert found.claims == (whole.id, *(part.id for part in parts))
    assert found.unit == "vehicle"


def test_a_sum_that_is_one_item_off_fails() -> None:
    parts = [exports(n, month(m), 100 * m) for m, n in ((1, 1200), (2, 900), (3, 1350))]
    found = only(check([*parts, exports(3460, ("2026-01-01", "2026-03-31"), 0)])[0], "sum")
    assert (found.residual, found.tolerance, found.verdict) == (10, 2, Verdict.FAILS)


def test_printed_digits_give_the_tolerance_of_a_sum() -> None:
    # 1.2 + 0.9 + 1.4 = 3.5 million, each within 0.05 million; stated 3.45 within 0.005
    texts = ((1, "1.2 million", 1.2e6), (2, "0.9 million", 0.9e6), (3, "1.4 million", 1.4e6))
    parts = [said("sales", v, "vehicle", text=t, period=month(m), at=100 * m) for m, t, v in texts]
    whole = said("sales", 3.45e6, "vehicle", text="3.45 million", period=("2026-01-01", "2026-03-31"))
    found = only(check([*parts, whole])[0], "sum")
    assert found.residual == pytest.approx(-50_000)
    assert found.tolerance == pytest.approx(155_000)
    assert found.verdict == Verdict.ROUNDING


def test_an_approximation_that_covers_the_rest_lets_the_sum_hold() -> None:
    parts = [exports(1200, month(1), 100), exports(900, month(2), 200, approx="over", low=900.0, high=990.0)]
    found = only(check([*parts, exports(2150, ("2026-01-01", "2026-02-28"), 0)])[0], "sum")
    assert (found.residual, found.verdict) == (50, Verdict.HOLDS)
    found = only(check([*parts, exports(2300, ("2026-01-01", "2026-02-28"), 0)])[0], "sum")
    assert found.verdict == Verdict.FAILS


def test_a_missing_month_leaves_the_sum_incomplete_and_is_named() -> None:
    parts = [exports(1200, month(1), 100), exports(1350, month(3), 300)]
    found = only(check([*parts, exports(3450, ("2026-01-01", "2026-03-31"), 0)])[0], "sum")
    assert (found.computed, found.residual, found.verdict) == (2550, 900, Verdict.INCOMPLETE)
    assert "2026-02" in found.note


def test_parts_that_exceed_the_whole_fail_even_where_one_is_missing() -> None:
    parts = [exports(3000, month(1), 100), exports(1350, month(3), 300)]
    found = only(check([*parts, exports(3450, ("2026-01-01", "2026-03-31"), 0)])[0], "sum")
    assert found.verdict == Verdict.FAILS


def test_the_narrower_of_two_figures_for_a_month_counts() -> None:
    loose = exports(1500, month(2), 50, approx="less than", low=0.0, high=1500.0)
    parts = [loose, exports(1200, month(1), 100), exports(900, month(2), 200)]
    found = only(check([*parts, exports(2100, ("2026-01-01", "2026-02-28"), 0)])[0], "sum")
    assert found.verdict == Verdict.HOLDS
    assert loose.id not in found.claims


def test_a_year_is_summed_from_quarters_and_each_quarter_from_months() -> None:
    quarter = ("2026-01-01", "2026-03-31")
    months = [exports(n, month(m), 100 * m) for m, n in ((1, 1), (2, 2), (3, 3))]
    rest = exports(30, ("2026-04-01", "2026-12-31"), 900)
    whole = exports(36, ("2026-01-01", "2026-12-31"), 0)
    found = [each for each in check([*months, exports(6, quarter, 800), rest, whole])[0] if each.kind == "sum"]
    assert sorted((each.stated, len(each.claims), each.verdict) for each in found) == [
        (6, 4, Verdict.HOLDS),
        (36, 3, Verdict.HOLDS),
    ]


def test_parts_of_another_name_may_confirm_a_sum_and_never_refute_it() -> None:
    parts = [exports(n, month(m), 100 * m, subject="Contoso Motors Europe") for m, n in ((1, 1200), (2, 900))]
    whole = ("2026-01-01", "2026-02-28")
    assert only(check([*parts, exports(2100, whole, 0)])[0], "sum").verdict == Verdict.HOLDS
    assert only(check([*parts, exports(2500, whole, 0)])[0], "sum").verdict == Verdict.CANNOT_SAY


def test_other_firms_units_and_objects_are_no_parts() -> None:
    whole = exports(2100, ("2026-01-01", "2026-02-28"), 0, thing="trucks")
    others = [
        exports(1200, month(1), 100, subject="Fabrikam"),
        exports(900, month(2), 200, subject="Fabrikam"),
        exports(1200, month(1), 300, thing="buses"),
        exports(900, month(2), 400, thing="buses"),
        said("exports", 1200, "GWh", period=month(1), at=500, thing="trucks"),
        said("exports", 900, "GWh", period=month(2), at=600, thing="trucks"),
    ]
    assert check([whole, *others]) == ((), ())


def test_parts_and_totals_without_a_subject_belong_to_their_story() -> None:
    parts = [exports(n, month(m), 100 * m, subject=None) for m, n in ((1, 1200), (2, 900))]
    whole = ("2026-01-01", "2026-02-28")
    for subject in (None, "Contoso Motors"):
        assert only(check([*parts, exports(2100, whole, 0, subject=subject)])[0], "sum").verdict == Verdict.HOLDS
        assert check([*parts, exports(2500, whole, 0, subject=subject)]) == ((), ())
        assert check([*parts, exports(2100, whole, 0, subject=subject, story="s2")]) == ((), ())


def test_a_total_on_one_page_is_checked_against_the_months_on_another() -> None:
    parts = [exports(n, month(m), 100 * m, document="other") for m, n in ((1, 1200), (2, 900))]
    found = only(check([*parts, exports(2200, ("2026-01-01", "2026-02-28"), 0)])[0], "sum")
    assert (found.residual, found.verdict) == (100, Verdict.FAILS)


# --- product --------------------------------------------------------------------------------------------------------


def test_capacity_in_items_and_energy_per_item_give_energy_a_year() -> None:
    # 20,000 packs a year of 2.5 MWh are 50,000 MWh = 50 GWh a year
    capacity = said("capacity", 20_000, "container/year", text="20,000", subject="Fabrikam plant", sentence=0)
    energy = said("unit_energy", 2.5, "MWh/container", subject="Gridbox", at=40, sentence=0)
    checks, derived = check([capacity, energy])
    assert [(each.measure, each.value, each.unit, each.subject) for each in derived] == [
        ("capacity", 50.0, "GWh/year", "Fabrikam plant")
    ]
    assert (derived[0].low, derived[0].high) == (50.0, 50.0)
    found = only(checks, "product")
    assert (found.stated, found.computed, found.residual, found.verdict) == (None, 50.0, None, Verdict.CANNOT_SAY)


def test_an_approximate_energy_per_item_gives_an_interval() -> None:
    capacity = said("capacity", 20_000, "system/year", sentence=0)
    energy = said("unit_energy", 2.5, "MWh", at=40, sentence=0, approx="around", low=2.4, high=2.6)
    (derived,) = check([capacity, energy])[1]
    assert (derived.value, derived.low, derived.high) == (50.0, 48.0, 52.0)


@pytest.mark.parametrize(
    ("stated", "text", "verdict"),
    [(50.0, "50", Verdict.HOLDS), (51.0, "51", Verdict.ROUNDING), (60.0, "60", Verdict.FAILS)],
)
def test_a_stated_energy_capacity_is_compared_with_the_product(stated: float, text: str, verdict: Verdict) -> None:
    # half a digit of 2.5 MWh is 2 % of 50 GWh
    capacity = said("capacity", 20_000, "system/year", text="20,000")
    energy = said("unit_energy", 2.5, "MWh/system", at=40, sentence=0)
    claimed = said("capacity", stated, "GWh/year", text=text, at=300)
    checks, derived = check([capacity, energy, claimed])
    assert derived == ()
    assert (only(checks, "product").stated, only(checks, "product").verdict) == (stated, verdict)


def test_deliveries_times_energy_per_item_are_compared_with_the_energy_in_the_sentence() -> None:
    # 400 containers of 5 MWh are 2,000 MWh
    delivered = said("deliveries", 400, "container", sentence=0)
    energy = said("unit_energy", 5, "MWh/container", at=40, sentence=0)
    claimed = said("energy", 2, "GWh", at=60, sentence=0)
    found = only(check([delivered, energy, claimed])[0], "product")
    assert (found.stated, found.computed, found.unit, found.verdict) == (2000, 2000, "MWh", Verdict.HOLDS)


def test_energy_of_another_product_is_not_multiplied() -> None:
    capacity = said("capacity", 20_000, "vehicle/year", text="20,000", subject="Contoso plant")
    energy = said("unit_energy", 5, "MWh/container", subject="Gridbox", at=200)
    elsewhere = said("unit_energy", 0.07, "MWh", subject="Gridbox", at=300)
    assert check([capacity, energy, elsewhere]) == ((), ())


# --- ratio ----------------------------------------------------------------------------------------------------------


def test_a_share_is_the_part_over_the_whole() -> None:
    # 30,000 of 80,000 are 37.5 %
    part = exports(30_000, HALF, 0, subject="Contoso Motors")
    whole = exports(80_000, HALF, 100, subject="Norway", thing="electric vehicles")
    larger = exports(200_000, HALF, 200, subject="Norway", thing="cars")
    share = said(
        "share", 38, "percent", thing="Norway's electric vehicle exports", period=HALF, at=300, subject="Contoso Motors"
    )
    found = only(check([part, whole, larger, share])[0], "ratio")
    assert found.claims == (share.id, part.id, whole.id)
    assert (found.stated, found.computed, found.unit, found.verdict) == (38, 37.5, "percent", Verdict.ROUNDING)
    wrong = only(check([part, whole, larger, replace(share, value=48.0, value_text="48", id="")])[0], "ratio")
    assert (wrong.residual, wrong.verdict) == (10.5, Verdict.FAILS)


def test_the_counted_thing_may_hold_the_share() -> None:
    # 80,000 of 200,000 are 40 %; the initials stand for the words
    part = exports(80_000, HALF, 100, subject="Norway", thing="zero emission vehicles")
    whole = exports(200_000, HALF, 200, subject="Norway")
    share = said("share", 40.0, "percent", subject="ZEVs", thing="Norwegian vehicle exports", period=HALF, at=300)
    found = only(check([part, whole, share])[0], "ratio")
    assert (found.computed, found.verdict) == (40, Verdict.HOLDS)


def test_rounding_of_a_quotient_is_carried_through_the_division() -> None:
    # 1,000 / 3.1 thousand: between 999.5/3150 = 31.73 % and 1000.5/3050 = 32.80 %
    part = exports(1000, HALF, 0)
    whole = said("exports", 3100, "vehicle", text="3.1 thousand", subject="Norway", period=HALF, at=100)
    share = said("share", 32.5, "percent", thing="Norway's exports", period=HALF, at=200)
    found = only(check([part, whole, share])[0], "ratio")
    assert found.computed == pytest.approx(32.258, abs=1e-3)
    assert found.tolerance == pytest.approx(0.545 + 0.05, abs=2e-3)
    assert found.verdict == Verdict.ROUNDING


def test_a_share_of_an_unnamed_whole_is_reported_only_where_it_agrees() -> None:
    part, whole = exports(30_000, HALF, 0), exports(80_000, HALF, 100, subject="Norway")
    share = said("share", 37.5, "percent", period=HALF, at=300)
    assert only(check([part, whole, share])[0], "ratio").verdict == Verdict.HOLDS
    assert check([part, whole, replace(share, value=21.0, value_text="21", id="")])[0] == ()


def test_what_is_counted_may_stand_beside_the_number_and_the_share_in_its_sentence() -> None:
    # 80,000 of 200,000 are 40 %; the share has no holder of its own
    part = exports(80_000, HALF, 100, subject="Norway", sentence=100)
    part = replace(part, value_text="80,000 zero emission vehicles", id="")
    whole = exports(200_000, HALF, 200, subject="Norway")
    share = said("share", 40.0, "percent", subject=None, thing="Norwegian vehicle exports", period=HALF, at=130)
    share = replace(share, quote=part.quote, start=part.start, id="")
    assert only(check([part, whole, share])[0], "ratio").claims == (share.id, part.id, whole.id)
    by_thing = replace(share, subject="ZEVs", start=900, quote="another sentence", id="")
    assert only(check([part, whole, by_thing])[0], "ratio").claims == (by_thing.id, part.id, whole.id)


def test_energy_over_power_gives_the_hours_of_a_project() -> None:
    # 840 MWh / 240 MW = 3.5 h
    power = said("power", 240, "MW", subject="Contoso storage project", sentence=0)
    energy = said("energy", 840, "MWh", subject="Contoso storage project", at=20, sentence=0)
    checks, derived = check([power, energy])
    assert [(each.measure, each.value, each.unit) for each in derived] == [("duration", 3.5, "hour")]
    assert only(checks, "duration").computed == 3.5
    stated = said("duration", 4, "hour", subject="Contoso storage project", at=40, sentence=0)
    checks, derived = check([power, energy, stated])
    assert derived == ()
    assert (only(checks, "duration").residual, only(checks, "duration").verdict) == (0.5, Verdict.ROUNDING)


def test_power_and_energy_that_stand_together_are_of_one_project_whoever_delivers_them() -> None:
    words = "150MW/450MWh from Gridbox stand in the Fabrikam park."
    power = said("power", 150, "MW", subject="Fabrikam park", at=0, sentence=0, text="150MW", quote=words)
    delivered = said("deliveries", 450, "MWh", subject="Gridbox", at=6, sentence=0, text="450MWh", quote=words)
    assert [each.value for each in check([power, delivered])[1]] == [3.0]
    apart = "150MW in the Fabrikam park are full of 450MWh"
    moved = replace(delivered, quote=apart, value_start=apart.index("450"), value_end=len(apart), id="")
    assert check([replace(power, quote=apart, id=""), moved]) == ((), ())


def test_two_projects_in_one_sentence_keep_their_own_hours() -> None:
    pairs = (("Fabrikam North", 100, 200, 0), ("Fabrikam South", 100, 400, 50))
    claims = [
        each
        for name, power, energy, at in pairs
        for each in (
            said("power", power, "MW", subject=name, at=at, sentence=0),
            said("energy", energy, "MWh", subject=name, at=at + 20, sentence=0),
        )
    ]
    assert sorted((each.subject, each.value) for each in check(claims)[1]) == [
        ("Fabrikam North", 2.0),
        ("Fabrikam South", 4.0),
    ]


def test_utilisation_is_production_over_capacity() -> None:
    # 45,000 in half a year of a plant of 120,000 a year: 75 %
    claims = [
        said("production", 45_000, "vehicle", period=HALF, at=0),
        said("capacity", 120_000, "vehicle/year", at=100),
        said("utilisation", 76, "percent", period=HALF, at=200),
    ]
    found = only(check(claims)[0], "ratio")
    assert (found.computed, found.residual, found.verdict) == (75, 1, Verdict.FAILS)


# --- stakes ---------------------------------------------------------------------------------------------------------


def stake(holder: str, value: float, at: int, **slots: object) -> Claim:
    return said("stake", value, "percent", subject=holder, thing="Adatum Cells", at=at, **slots)  # type: ignore[arg-type]


def test_stakes_short_of_the_whole_leave_the_rest_unknown() -> None:
    found = only(check([stake("Contoso", 60, 0), stake("Fabrikam", 32, 50)])[0], "stakes")
    assert (found.stated, found.computed, found.residual, found.verdict) == (100, 92, 8, Verdict.INCOMPLETE)
    assert "unknown 8 %" in found.note


@pytest.mark.parametrize(
    ("last", "text", "verdict"),
    [(40.0, "40", Verdict.HOLDS), (39.9, "39.9", Verdict.ROUNDING), (45.0, "45", Verdict.FAILS)],
)
def test_stakes_are_held_against_the_whole(last: float, text: str, verdict: Verdict) -> None:
    claims = [stake("Contoso", 60, 0), stake("Fabrikam", last, 50, text=text)]
    assert only(check(claims)[0], "stakes").verdict == verdict


def test_a_majority_says_nothing_more_beside_the_stake_itself() -> None:
    majority = stake("Contoso", 50, 10, approx="over", low=50.0, high=100.0)
    found = only(check([majority, stake("Contoso", 60, 0), stake("Fabrikam", 40, 50)])[0], "stakes")
    assert (found.computed, found.verdict) == (100, Verdict.HOLDS)
    assert majority.id not in found.claims


# --- agreement, copies ----------------------------------------------------------------------------------------------


def test_two_pages_that_state_one_figure_are_compared() -> None:
    one, other = exports(1200, month(1), 0), exports(1300, month(1), 0, document="other")
    found = only(check([one, other])[0], "agreement")
    assert (abs(found.residual or 0), found.verdict) == (100, Verdict.FAILS)
    of_plant = {"subject": "Contoso Gävle plant"}
    undated = [said("capacity", v, "GWh/year", document=d, **of_plant) for v, d in ((10, "page"), (20, "other"))]
    assert only(check(undated)[0], "agreement").verdict == Verdict.CANNOT_SAY
    # a firm has several plants, so that two capacities say nothing of each other
    assert check([replace(each, subject="Contoso", id="") for each in undated])[0] == ()


def test_a_copy_never_corroborates() -> None:
    parts = [exports(n, month(m), 100 * m, story="copy") for m, n in ((1, 1200), (2, 900))]
    whole = exports(2100, ("2026-01-01", "2026-02-28"), 0)
    stories = [Story("s1", "page", Label.CORE, 0, 99), Story("copy", "page", Label.COPY, 99, 900)]
    assert check([*parts, whole], stories) == ((), ())
    assert only(check([*parts, whole])[0], "sum").verdict == Verdict.HOLDS


# --- what may never matter ------------------------------------------------------------------------------------------


@st.composite
def field(draw: st.DrawFn) -> list[Claim]:
    """Months, a total, a market, shares, stakes, a plant and a project, right and wrong ones mixed."""
    whole = draw(st.integers(1, 5000))
    counts = [draw(st.integers(0, 999)) for _ in range(draw(st.integers(0, 6)))]
    total = draw(st.sampled_from([sum(counts), sum(counts) + 7, whole]))
    claims = [exports(float(n), month(m), 100 * m) for m, n in enumerate(counts, start=1)]
    claims.append(exports(float(total), HALF, 0))
    claims.append(exports(float(total + whole), HALF, 900, subject="Norway"))
    percent = draw(st.integers(0, 100))
    claims.append(said("share", percent, "percent", thing="Norway's exports", period=HALF, at=950))
    for i, held in enumerate(draw(st.lists(st.integers(0, 80), max_size=3))):
        claims.append(stake(f"Holder {i}", held, 1000 + i))
    claims.append(said("capacity", draw(st.integers(1, 9999)), "system/year", at=1100, sentence=1100))
    claims.append(said("unit_energy", draw(st.sampled_from([2.5, 3.9])), "MWh/system", at=1120, sentence=1100))
    claims.append(said("capacity", draw(st.integers(1, 40)), "GWh/year", at=1200))
    claims.append(said("power", draw(st.integers(1, 500)), "MW", at=1300, sentence=1300))
    claims.append(said("energy", draw(st.integers(1, 2000)), "MWh", at=1320, sentence=1300))
    return claims


@given(field(), st.randoms(use_true_random=False))
def test_the_order_of_claims_never_matters(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert check(shuffled) == check(claims)


@given(field())
def test_a_claim_that_has_nothing_to_do_with_it_changes_no_verdict(claims: list[Claim]) -> None:
    checks, derived = check(claims)
    unrelated = [
        exports(77, month(1), 2000, subject="Woodgrove", document="another"),
        said("price", 77, "USD/kWh", subject="Contoso Motors", at=2100),
        said("share", 77, "percent", subject="Woodgrove", thing="Chile's trams", period=HALF, at=2200),
        said("stake", 77, "percent", subject="Woodgrove", thing="Tailspin", at=2300),
    ]
    more, more_derived = check([*claims, *unrelated])
    assert more == checks
    assert more_derived == derived


_LARGER = {"MWh": "GWh", "MW": "GW", "GWh/year": "TWh/year", "MWh/system": "GWh/system"}


@given(field())
def test_the_size_of_the_unit_never_matters(claims: list[Claim]) -> None:
    def larger(claim: Claim) -> Claim:
        if claim.unit not in _LARGER or claim.value is None:
            return claim
        return replace(claim, unit=_LARGER[claim.unit], value=claim.value / 1000)

    scaled = check([larger(claim) for claim in claims])[0]
    plain = check(claims)[0]
    assert [(each.kind, each.claims, each.verdict) for each in scaled] == [
        (each.kind, each.claims, each.verdict) for each in plain
    ]


@given(field())
def test_every_check_keeps_its_own_arithmetic(claims: list[Claim]) -> None:
    known = {claim.id for claim in claims}
    for each in check(claims)[0]:
        assert set(each.claims) <= known
        if each.stated is not None and each.computed is not None:
            assert each.residual == pytest.approx(each.stated - each.computed, rel=1e-6, abs=1e-9)
        if each.verdict == Verdict.ROUNDING:
            assert abs(each.residual or 0) <= (each.tolerance or 0) * (1 + 1e-6)


def test_many_claims_take_bounded_time(within) -> None:
    claims = [
        exports(float(n), month(n % 6 + 1), n, subject=f"Firm {n % 500}", document=f"page {n % 50}")
        for n in range(20_000)
    ]
    claims += [exports(float(n), HALF, 90_000 + n, document=f"page {n % 50}") for n in range(500)]
    with within(15):
        check(claims)
