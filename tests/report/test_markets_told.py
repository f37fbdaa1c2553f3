"""What the findings say of markets, plans and the record, on tables written by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from cell2grid.report.findings import findings
from cell2grid.report.market_terms import overtaken
from cell2grid.results import Results
from cell2grid.run import run_study
from cell2grid.study.loader import load_study

_MONEY = ["side", "year", "stage", "mean", "p10", "p90", "unit"]


def _with(results: Results, **tables: pd.DataFrame) -> Results:
    return replace(results, tables={**results.tables, **tables})


def _spent(home: tuple[float, ...], abroad: tuple[float, ...]) -> pd.DataFrame:
    rows = [
        (side, 2031 + place, "spent", 1e9 * value, 1e9 * value, 1e9 * value, "EUR")
        for side, values in (("home", home), ("abroad", abroad))
        for place, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=_MONEY)


def _use(rows: list[tuple[str, str, str, float]]) -> pd.DataFrame:
    columns = ["kind", "entity", "term", "variable", "mean", "p10", "p50", "p90", "unit"]
    return pd.DataFrame(
        [(kind, "rotor", term, name, value, value, value, value, "ratio") for kind, term, name, value in rows],
        columns=columns,
    )


@pytest.mark.parametrize(
    ("home", "abroad", "year"),
    [
        # nothing is spent at home before 2032, so that 2031 is no overtaking
        ((0.0, 5.0, 1.0), (1.0, 4.0, 2.0), 2033),
        ((0.0, 0.0, 0.0), (1.0, 4.0, 2.0), 2031),
        ((3.0, 5.0, 3.0), (1.0, 4.0, 2.0), None),
    ],
)
def test_abroad_overtakes_once_home_has_led(home: tuple[float, ...], abroad: tuple[float, ...], year: int) -> None:
    assert overtaken(_spent(home, abroad)) == year


def test_money_at_home_and_abroad_is_told_in_billions_with_the_year(results: Results) -> None:
    run = _with(results, investment_totals=_spent((0.0, 5.0, 1.0), (1.0, 4.0, 2.0)))
    assert (
        "On plants, EUR 6 billion is spent at home and EUR 7 billion abroad, 2031 to 2033; more goes abroad than stays "
        "at home first in 2033, EUR 2 billion against EUR 1 billion."
    ) in [finding.text for finding in findings(run)]


def test_a_product_that_no_plant_of_the_study_makes_has_its_sentence(results: Results) -> None:
    """Plants that only a plan builds are in the tables and not in the study."""
    rows = [
        ("product", str(year), "nameplate_utilisation", use) for year, use in ((2031, 0.2), (2032, 0.9), (2033, 0.5))
    ]
    texts = [finding.text for finding in findings(_with(results, market_groups=_use(rows)))]
    assert (
        "Rotor: plants sell 50 % of their nameplate capacity in 2033, after 20 % in 2031 and 90 % in 2032 at the most."
    ) in texts


def test_use_is_told_of_plants_at_home_where_others_are_abroad_and_of_what_is_open(results: Results) -> None:
    kinds = (("product", 0.7), ("product at home", 0.4), ("product abroad", 1.0))
    rows = [(kind, "2031", "nameplate_utilisation", use) for kind, use in kinds]
    rows.append(("product at home", "2031", "sales_utilisation", 0.6))
    texts = [finding.text for finding in findings(_with(results, market_groups=_use(rows)))]
    assert (
        "Rotor: plants where their firm is at home sell 40 % of their nameplate capacity in 2031 (60 % of "
        "what is open)."
    ) in texts


def test_of_a_market_of_many_plants_a_few_have_a_sentence_and_its_result_comes_first() -> None:
    """The shipped study of storage: the plant of which something was reported is told first, after use and record."""
    study = load_study("catfish-storage").study
    texts = [finding.text for finding in findings(run_study(study, members=4))]
    made = [text for text in texts if " the output of " in text]
    reported = {row.of for row in study.observations.values()}
    assert len(study.plants) > len(made) == 3
    assert any(study.plants[name].name in made[0] for name in reported & set(study.plants))
    assert texts[0].startswith("Storage system: plants where their firm is at home sell ")
    assert [text.startswith("The modelled range holds ") for text in texts].index(True) < texts.index(made[0])
