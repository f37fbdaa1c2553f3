"""Money of announced projects by stage, year and side: by hand, and what no arrangement of projects may change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cell2grid.run.chain import run_study
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.plan.flows import (
    announced_flows,
    announced_outlays,
    flow_tables,
    flows_of,
    overtaking,
    total_rows,
)
from cell2grid.study.loader import parse_study

TEXT = Path(__file__).with_name("harbour.yaml").read_text(encoding="utf-8")


def _flows(text: str = TEXT, members: int = 1):
    study = parse_study(text)
    figures = Figures(study.seed, first=0, count=members)
    outlays, notes = announced_outlays(study, figures)
    return flows_of(study, outlays, figures, notes)


def _money(flows, region: str, stage: str) -> dict[int, float]:
    (values,) = [found for key, found in flows.money.items() if key[2] == region and key[4] == stage]
    return {year: mean for year, mean in zip(flows.years, values.mean(axis=0).tolist(), strict=True) if mean}


def test_money_by_stage_by_hand() -> None:
    """90 million EUR from 1 July 2026 to 1 January 2028 are 549 days: 184 of them in 2026 and 365 in 2027.

    What is given up in 2027 was never begun, so that none of it is spent: 700 million CNY at 7.5 are 93.33 million EUR.
    """
    flows = _flows()
    assert _money(flows, "WE", "announced") == {2026: 90e6}
    assert _money(flows, "WE", "started") == {2026: 90e6}
    assert _money(flows, "WE", "completed") == {2028: 90e6}
    spent = _money(flows, "WE", "spent")
    assert spent == pytest.approx({2026: 90e6 * 184 / 549, 2027: 90e6 * 365 / 549})
    assert _money(flows, "EA", "cancelled") == pytest.approx({2027: 700e6 / 7.5})
    assert not [key for key in flows.money if key[2] == "EA" and key[4] == "spent"]


def test_sides_are_told_by_where_the_firm_is_at_home() -> None:
    flows = _flows()
    assert {(key[2], key[3]) for key in flows.money} == {("WE", "abroad"), ("EA", "home")}
    unknown = _flows(TEXT.replace("{name: Heron Cells, region: EA}", "{name: Heron Cells}"))
    assert {key[3] for key in unknown.money} == {"unknown"}


def test_the_rate_is_that_of_the_year() -> None:
    """The rate is 7.5 CNY/EUR before 2029 and 8 from then on."""
    later = TEXT.replace(
        'announced: "2026-05 [gazette]"\n    cancelled: "2027-03 [gazette]"', 'announced: "2030-05 [gazette]"'
    )
    assert _money(_flows(later), "EA", "announced") == pytest.approx({2030: 700e6 / 8.0})


def test_a_project_given_up_while_it_is_built_spends_until_then() -> None:
    """Begun on 1 July 2026 and usual to take 549 days: given up on 1 January 2027 after 184 of them."""
    text = TEXT.replace(
        'announced: "2026-05 [gazette]"\n    cancelled: "2027-03 [gazette]"',
        'announced: "2026-05 [gazette]"\n    started: "2026-07-01 [gazette]"\n    cancelled: "2027-01-01 [gazette]"',
    )
    flows = _flows(text)
    assert _money(flows, "EA", "spent") == pytest.approx({2026: 700e6 / 7.5 * 184 / 549})
    assert any("pier-ten began and have no completion" in note and "549 days" in note for note in flows.notes)


def test_what_lies_outside_the_horizon_is_told() -> None:
    early = TEXT.replace('announced: "2026-02-10', 'announced: "2024-02-10').replace(
        'started: "2026-07-01', 'started: "2025-01-01'
    )
    flows = _flows(early)
    spent = sum(_money(flows, "WE", "spent").values())
    assert spent == pytest.approx(90e6 * 730 / 1095)
    assert any("lie outside the years" in note for note in flows.notes)


def test_all_that_is_spent_is_all_the_money_and_rows_may_come_in_any_order() -> None:
    flows = _flows(TEXT.replace('money: "90000000 EUR', 'money: "60000000 .. 120000000 EUR'), members=50)
    spent = flows.of_side("abroad", "spent").sum(axis=1)
    announced = flows.of_side("abroad", "announced").sum(axis=1)
    assert np.allclose(spent, announced)
    assert announced.std() > 0
    first, second = TEXT.index("  pier-nine:"), TEXT.index("  pier-ten:")
    end = TEXT.index("exchange_rates:")
    turned = TEXT[:first] + TEXT[second:end] + TEXT[first:second] + TEXT[end:]
    assert total_rows(_flows(turned)) == total_rows(_flows())


def test_the_year_in_which_abroad_overtakes_home() -> None:
    """50 million EUR at home over 2026 and 90 million abroad, of which 30 in 2026 and 60 in 2027."""
    text = TEXT.replace(
        'money: "700000000 CNY [gazette]"\n    announced: "2026-05 [gazette]"\n    cancelled: "2027-03 [gazette]"',
        'money: "375000000 CNY [gazette]"\n    announced: "2026-01-01 [gazette]"\n    started: "2026-01-01 [gazette]"\n'
        '    completed: "2027-01-01 [gazette]"',
    )
    found = overtaking(_flows(text))
    assert (found["year"], found["p10"], found["p90"], found["members"]) == (2027, 2027, 2027, 1.0)
    # what was announced for home is given up before it is begun
    assert overtaking(_flows(), "spent")["year"] == 2026
    assert overtaking(_flows(), "cancelled")["year"] is None


def test_the_tables_of_a_study_that_announces_something() -> None:
    study = parse_study(TEXT)
    flows = announced_flows(study, Figures(1, first=0, count=3))
    tables = flow_tables(flows)
    assert set(tables) == {"investment", "investment_totals"}
    frame = tables["investment"]
    assert set(frame["unit"]) == {"EUR"}
    assert set(frame["stage"]) == {"announced", "started", "completed", "cancelled", "spent"}
    assert flows.notes == ()
    assert list(flow_tables(_flows())["investment_totals"]["side"].unique()) == ["home", "abroad"]


def test_a_run_has_one_account_of_the_money_of_builds_and_announced_projects() -> None:
    tables = run_study(parse_study(TEXT), members=3).tables
    rows, totals = tables["investment"], tables["investment_totals"]
    for stage in ("announced", "spent"):
        parts, whole = (frame[frame["stage"] == stage]["mean"].sum() for frame in (rows, totals))
        assert parts == pytest.approx(whole)
    assert rows[rows["stage"] == "spent"]["mean"].sum() > 90e6
