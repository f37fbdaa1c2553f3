"""What drawn lead times make of a plan: openings, money and missed demand, by hand and against the plan itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from one_town import TOWN, changed

from cell2grid.run.drawn.figures import Figures, MiddleFigures
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.plan.arrays import plan_inputs
from cell2grid.run.plan.builds import added_capacity, builds_of, outlays_of
from cell2grid.run.plan.deciding import decided
from cell2grid.run.plan.outcomes import missed
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.loader import parse_study

HARBOUR = Path(__file__).with_name("harbour.yaml").read_text(encoding="utf-8")


def _drawn(text: str, members: int):
    study = parse_study(text)
    found = decided(study)
    figures = Figures(study.seed, first=0, count=members, rows=row_names(study))
    builds = builds_of(found.inputs, found.found.decisions.built[0], figures)
    return found, figures, builds


def test_a_block_that_opens_within_a_month_makes_the_rest_of_it() -> None:
    """Decided in January 2026 with 12.25 months: three quarters of January 2027 at 40 packs a year are 30, and the 10
    that are missed then are 10 / 12 a month, 0.833 as a mean over the year."""
    text = changed(TOWN, ('lead_time: "12 month', 'lead_time: "12.25 month'))
    found, figures, builds = _drawn(text, 2)
    added = added_capacity(found.inputs, builds, figures)
    assert added[0, 0, 10:14].tolist() == pytest.approx([0.0, 0.0, 30.0, 40.0])
    told = plan_study(parse_study(text)).document["unserved"]
    # capacities are told apart to a hundredth of a block
    assert [row["mean"] for row in told] == pytest.approx([40.0, 10.0 / 12.0], abs=0.4 / 12.0)


def test_openings_and_money_spread_as_lead_times_are_drawn() -> None:
    """Lead times from 6 to 18 months: nine of ten open by 2027-06, and what is spent in 2026 is a year by the lead."""
    text = changed(TOWN, ('lead_time: "12 month', 'lead_time: "6 .. 18 month'), ("members: 20", "members: 400"))
    told = plan_study(parse_study(text)).document
    (build,) = told["builds"]
    assert build["opens_p10"] in ("2026-07", "2026-08")
    assert build["opens_p50"] in ("2026-12", "2027-01", "2027-02")
    assert build["opens_p90"] in ("2027-05", "2027-06")
    spent = {row["year"]: row for row in told["flows"]["rows"] if row["stage"] == "spent"}
    lead = np.linspace(6.0, 18.0, 2001)
    assert spent[2026]["mean"] == pytest.approx(float((300.0 * np.minimum(12.0 / lead, 1.0)).mean()), rel=0.02)
    assert sum(row["mean"] for row in spent.values()) == pytest.approx(300.0)
    completed = {row["year"]: row["mean"] for row in told["flows"]["rows"] if row["stage"] == "completed"}
    assert sum(completed.values()) == pytest.approx(300.0)
    assert completed[2026] == pytest.approx(150.0, rel=0.15)


def test_in_the_middle_case_the_months_are_those_of_the_plan() -> None:
    found, _, _ = _drawn(HARBOUR, 1)
    figures = MiddleFigures()
    builds = builds_of(found.inputs, found.found.decisions.built[0], figures)
    lost = missed(found.inputs, builds, found.found.decisions.open[0], figures)
    terms = found.inputs.terms.terms
    # months may miss what a year's mean does not, and never less
    assert (terms.mean(lost.unserved)[0] >= found.found.unserved[0] - 1e-6).all()
    year = found.inputs.terms.labels.index("2030")
    assert terms.mean(lost.unserved)[0, :, year] == pytest.approx(found.found.unserved[0, :, year], abs=1e-6)


def test_longer_lead_times_never_miss_less() -> None:
    found, figures, builds = _drawn(HARBOUR, 30)
    later = [replace(one, lead=one.lead + 3.0) for one in builds]
    is_open = found.found.decisions.open[0]
    sooner, after = (missed(found.inputs, each, is_open, figures).unserved.sum(axis=1) for each in (builds, later))
    assert (after >= sooner - 1e-6).all()
    assert after.sum() > sooner.sum()


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    study = parse_study(HARBOUR)
    one, again, other = (plan_study(study, members=10, seed=seed).document for seed in (5, 5, 6))
    assert one == again
    assert one["unserved"] != other["unserved"]
    assert one["objective"] == other["objective"]


def test_what_a_build_costs_is_all_spent() -> None:
    found, _, builds = _drawn(
        HARBOUR.replace('capital_cost: "60000000 EUR', 'capital_cost: "40000000 .. 80000000 EUR'), 50
    )
    for outlay in outlays_of(found.inputs, builds):
        assert (outlay.spent_to > outlay.spent_from).all()
        assert (outlay.completed == outlay.spent_to).all()
        assert np.isnan(outlay.cancelled).all()
    assert np.unique(builds[0].money).size > 40
    inputs = plan_inputs(parse_study(HARBOUR))
    assert builds[0].items == pytest.approx(builds[0].blocks * inputs.blocks.items[0])
