"""A study's owners on a day: shares, control, power, capacity, output, links and concentration, by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from cell2grid.errors import InputError
from cell2grid.results import Results
from cell2grid.run.owners import owner_reads, owner_tables, owners_of
from cell2grid.run.owners.tables import days, tables_of
from cell2grid.study.loader import load_study, parse_study
from cell2grid.study.model import Study

STUDY = """
study: two-works
horizon: {start: 2025-01, end: 2026-12}
sources:
  page: {title: A page, publisher: A paper, date: 2025-01-20}
regions: {FI: {currency: EUR}}
products:
  pack: {counted_in: pack, energy: "0.05 MWh/pack [page]", external: "assumed: sold everywhere"}
  car: {counted_in: vehicle}
firms:
  holding: {}
  makers: {name: The Makers, capital: "50000000 EUR [page]"}
  works: {}
  rival: {}
stakes:
  - {company: makers, holder: holding, share: "80 percent [page]"}
  - {company: works, holder: makers, share: "50 percent [page]", until: "2025-06-30 [page]"}
  - {company: works, holder: rival, share: "30 percent [page]", since: "2024-01 [page]"}
  - {company: works, holder: makers, share: "60 percent [page]", since: "2025-07-01 [page]"}
plants:
  packs:
    owner: works
    region: FI
    makes: pack
    capacity: "100000 pack/year [page]"
    opens: "2024-01 [page]"
  more-packs:
    owner: rival
    region: FI
    makes: pack
    tranches:
      - {capacity: "5 .. 10 GWh/year [page]", opens: "2024-01 [page]"}
      - {capacity: "1 GWh/year [page]", opens: "2026-02 [page]"}
  cars:
    owner: rival
    region: FI
    makes: car
    capacity: "1000 vehicle/year [page]"
    opens: "2025-03 [page]"
    inputs: [{product: pack, per_item: "1 pack/vehicle [page]"}]
supplies:
  - {supplier: makers, customer: works, product: pack, share: "40 percent [page]", until: "2025-03-31 [page]"}
exchange_rates:
  - {day: "2024-01-02 [page]", rate: "1.05 USD/EUR [page]"}
  - {day: "2025-01-02 [page]", rate: "1.10 USD/EUR [page]"}
"""


LAST = date(2025, 12, 31)


@pytest.fixture
def study() -> Study:
    return parse_study(STUDY)


def row(rows, **named):
    found = [each for each in rows if all(getattr(each, key) == value for key, value in named.items())]
    assert len(found) == 1, found
    return found[0]


def test_shares_follow_the_stakes_of_the_day(study: Study) -> None:
    """Holding has 0.8 of makers, makers 0.5 of works until June and 0.6 from July: 0.4, then 0.48.

    Unknown are 0.2 of makers; of works 0.2, then 0.1. At most: all of makers, so 0.7; then 0.7 again.
    """
    for day, low, high in ((date(2025, 6, 30), 0.4, 0.7), (date(2025, 7, 1), 0.48, 0.7)):
        works = row(owners_of(study, day).companies, company="works")
        held = row(works.holders, holder="holding")
        assert held.direct is None
        assert held.attributable == pytest.approx((low, high))
        assert held.banzhaf is None


def test_control_begins_with_the_majority(study: Study) -> None:
    before, after = (row(owners_of(study, day).companies, company="works") for day in (date(2025, 6, 1), None))
    assert (before.controllers, before.ultimate) == ((), ())
    assert row(before.holders, holder="makers").control == "possible"
    assert row(before.holders, holder="rival").control == "no"
    assert (after.controllers, after.ultimate) == (("holding", "makers"), ("holding",))


def test_power_has_both_ends_of_the_unknown_votes(study: Study) -> None:
    """50, 30 and 20 unknown. One block: the first tips ab, ac, abc; b ab; c ac: 3/5 and 1/5.

    Countless: half of the 20 votes is 10, 60 > 50 alone, so that the second never tips.
    """
    works = row(owners_of(study, date(2025, 6, 1)).companies, company="works")
    assert row(works.holders, holder="makers").banzhaf == pytest.approx((0.6, 1.0))
    assert row(works.holders, holder="rival").banzhaf == pytest.approx((0.0, 0.2))


def test_capacity_is_attributed_in_items_and_energy(study: Study) -> None:
    """packs: 100,000 a year, 5 GWh; of it 0.48 to 0.7 are holding's. more-packs: 100,000 to 200,000, all rival's.

    Rival has 0.3 to 0.52 of works besides, were the rests of works and of makers (0.1 and 0.6 x 0.2) its own; the first
    block alone is open.
    """
    found = owners_of(study, LAST)
    mine = row(found.capacities, firm="holding", product="pack")
    assert mine.items == pytest.approx((48_000, 70_000))
    assert mine.energy == pytest.approx((2.4, 3.5))
    theirs = row(found.capacities, firm="rival", product="pack")
    assert theirs.items == pytest.approx((100_000 + 30_000, 200_000 + 52_000))
    assert row(found.capacities, firm="rival", product="car").energy is None
    assert not [part for part in owners_of(study, date(2025, 2, 1)).capacities if part.product == "car"]


def results_of(study: Study, made: float) -> Results:
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    shape = (2, 3, 12)
    output = np.full(shape, made)
    output[1] *= 2
    arrays = xr.Dataset(
        {
            "output": (("member", "plant", "period"), output),
            "output_energy": (("member", "plant", "period"), output * np.array([5e-5, 5e-5, np.nan])[:, None]),
        },
        coords={"plant": list(study.plants), "period": months},
    )
    return Results(study.model_dump_json(), {}, {"study": study.study}, {}, arrays)


def test_output_is_attributed_month_by_month(study: Study) -> None:
    """100 a month, 200 in the other member; six months at 0.4 and six at 0.48: 528 and 1,056, on average 792."""
    found = owners_of(study, results=results_of(study, 100.0))
    assert found.outputs is not None
    mine = row(found.outputs, firm="holding", product="pack")
    assert mine.mean == pytest.approx((792.0, 1.5 * 12 * 70))
    assert mine.energy_mean == pytest.approx((792.0 * 5e-5, 1260 * 5e-5))
    assert mine.items == pytest.approx((528 + 0.1 * 528, 840 + 0.9 * 840))
    assert row(found.outputs, firm="rival", product="car").energy is None


def test_a_stake_that_changes_within_a_month_counts_by_days(study: Study) -> None:
    """Until 15 April makers have 50 % and then 60 %: April counts half of each."""
    text = STUDY.replace("2025-06-30", "2025-04-15").replace("2025-07-01", "2025-04-16")
    changed = parse_study(text)
    found = owners_of(changed, results=results_of(changed, 100.0))
    assert found.outputs is not None
    mine = row(found.outputs, firm="makers", product="pack")
    assert mine.mean is not None
    assert mine.mean[0] == pytest.approx(150 * (3 * 0.5 + 0.55 + 8 * 0.6))


def test_a_run_of_another_study_is_refused(study: Study) -> None:
    other = results_of(study, 1.0)
    wrong = Results(other.study_json, {}, {"study": "another"}, {}, other.arrays)
    with pytest.raises(InputError, match="the run is of study 'another', not of 'two-works'"):
        owners_of(study, results=wrong)


def test_links_are_those_of_the_day_and_of_inputs(study: Study) -> None:
    early, late = owners_of(study, date(2025, 3, 31)), owners_of(study, date(2025, 4, 1))
    assert [(link.supplier, link.customer, link.basis) for link in early.links] == [
        ("makers", "works", "named"),
        ("packs", "cars", "inputs"),
        ("more-packs", "cars", "inputs"),
    ]
    assert early.links[0].share == pytest.approx((0.4, 0.4))
    assert len(late.links) == 2
    near = row(early.neighbours, firm="rival")
    assert (near.suppliers, near.suppliers_of_suppliers) == (("works",), ("makers",))
    assert row(early.neighbours, firm="makers").customers_of_customers == ("rival",)


def test_concentration_is_by_operator_and_by_owner(study: Study) -> None:
    """works runs 100,000 and rival 150,000 packs: 0.4 and 0.6, 5,200. In the end holding has 0.48 of the 0.4 and rival

    0.3 of it and 0.6: 0.192 and 0.72 with 0.088 unknown, 5,552.64 at least, and 0.808² more for 0.72² at most.
    """
    found = owners_of(study, LAST).markets
    run = row(found, product="pack", basis="operated").found
    assert (run.index_low, run.index_high) == pytest.approx((5200, 5200))
    owned = row(found, product="pack", basis="attributable")
    assert owned.unknown == pytest.approx(0.088)
    assert owned.found.index_low == pytest.approx(5552.64)
    assert owned.found.index_high == pytest.approx(1e4 * (0.192**2 + 0.808**2))


def test_the_document_is_plain_and_in_percent(study: Study) -> None:
    told = json.loads(json.dumps(owners_of(study, LAST).document(), allow_nan=False))
    makers = next(each for each in told["companies"] if each["company"] == "makers")
    assert makers["holders"][0]["direct"] == 80.0
    assert makers["unknown_high"] == 20.0
    assert makers["capital"]["exchanged"] == [
        {"unit": "USD", "value": pytest.approx(55e6), "day": "2025-01-02", "rate": "1.10 USD/EUR"}
    ]


def test_a_study_without_stakes_says_so() -> None:
    found = owners_of(load_study("giga-shanghai-2022").study)
    assert found.companies == ()
    assert "the study names no stakes" in found.notes[0]
    assert [part.firm for part in found.capacities] == ["tesla"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"threshold": 1.0}, "threshold is 100 percent of the votes, expected 0 to below 100"),
        ({"threshold": float("nan")}, "threshold is nan percent"),
        ({"quota": 0.4}, "quota is 40 percent of the votes, expected 50 to below 100"),
    ],
)
def test_a_threshold_that_is_none_is_refused(study: Study, options, words) -> None:
    with pytest.raises(InputError, match=words):
        owners_of(study, **options)


def test_tables_follow_the_days_on_which_something_changes(study: Study) -> None:
    assert days(study) == [date(2025, 1, 1), date(2025, 3, 1), date(2025, 4, 1), date(2025, 7, 1), date(2026, 2, 1)]
    tables = owner_tables(study)
    rows = tables["owners"].query("company == 'works' and holder == 'makers'")
    assert rows["direct"].tolist() == pytest.approx([0.5, 0.5, 0.5, 0.6, 0.6])
    unknown = tables["owners"][tables["owners"]["holder"].isna()].query("company == 'works'")
    assert unknown["direct"].tolist() == pytest.approx([0.2, 0.2, 0.2, 0.1, 0.1])
    last = tables_of(owners_of(study, LAST))["owners"]
    assert last["direct"].equals(tables["owners"].query("day == '2025-07-01'")["direct"].reset_index(drop=True))


def test_a_result_names_the_stakes_that_it_was_made_from(study: Study) -> None:
    reads = owner_reads(study)
    assert "stakes.3.share" in reads["attributable_share"]
    assert "plants.packs.capacity" in reads["concentration_index"]
    assert not owner_reads(load_study("giga-shanghai-2022").study)


def test_a_board_with_many_holders_has_no_power_and_says_so() -> None:
    stakes = "".join(f'  - {{company: works, holder: h{number}, share: "1 percent [page]"}}\n' for number in range(70))
    firms = "".join(f"  h{number}: {{}}\n" for number in range(70))
    text = (
        "study: many\nhorizon: {start: 2025-01, end: 2025-02}\n"
        "sources: {page: {title: A page, publisher: A paper, date: 2025-01-20}}\n"
        f"firms:\n  works: {{}}\n{firms}stakes:\n{stakes}"
    )
    works = owners_of(parse_study(text)).companies[0]
    assert works.holders[0].banzhaf is None
    assert "70 holders vote" in works.notes[0]


def test_ranges_of_stakes_give_ends_and_a_note(study: Study) -> None:
    text = STUDY.replace('holder: rival, share: "30 percent', 'holder: rival, share: "20 .. 40 percent')
    works = row(owners_of(parse_study(text)).companies, company="works")
    rival = row(works.holders, holder="rival")
    assert rival.direct == pytest.approx((0.2, 0.3, 0.4))
    # makers have 0.6 for sure, and 0.2 of makers could be rival's as well
    assert rival.attributable == pytest.approx((0.2, 0.4 + 0.6 * 0.2))
    assert works.unknown == pytest.approx((0.0, 0.2))
    assert any("middle of each range" in note for note in works.notes)


def test_the_venture_of_the_page(tmp_path: Path) -> None:
    """51, 39 and 5 of 100: control by the first alone; 5 points unknown, which could be anybody's."""
    told = owners_of(load_study("beijing-era").study).document()
    (venture,) = told["companies"]
    assert [(each["holder"], each["direct"], each["attributable_high"]) for each in venture["holders"]] == [
        ("catl", 51.0, 56.0),
        ("baic", 39.0, 44.0),
        ("xiaomi-auto", 5.0, 10.0),
    ]
    assert (venture["unknown_high"], venture["unattributed"]) == (5.0, 5.0)
    assert venture["ultimate_controllers"] == ["catl"]
    assert [each["shapley_low"] for each in venture["holders"]] == pytest.approx([1.0, 0.0, 0.0], abs=1e-12)
    assert venture["capital"]["exchanged"][0]["value"] == pytest.approx(138e6, rel=1e-3)


def test_more_pairs_than_can_be_told_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """holding above makers, and both above works with rival: 1 + 3 pairs."""
    study = parse_study(STUDY)
    monkeypatch.setattr("cell2grid.run.owners.companies.MOST_PAIRS", 4)
    assert len(owners_of(study).companies) == 2
    monkeypatch.setattr("cell2grid.run.owners.companies.MOST_PAIRS", 3)
    with pytest.raises(InputError, match=r"in 4 pairs, at most 3 can be told; keep the part"):
        owners_of(study)
