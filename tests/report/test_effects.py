"""Sentences of a comparison, and which of its years and rows pictures show."""

from __future__ import annotations

import pandas as pd
from compared_rows import compared_rows

from cell2grid.report.charts import charts
from cell2grid.report.contrasts import in_both, shown_years
from cell2grid.report.effects import gains_and_losses
from cell2grid.results import TABLES, Results

FRAME = pd.DataFrame(compared_rows(), columns=list(TABLES["compared"]))


def test_the_largest_change_comes_first_and_what_is_new_after_it() -> None:
    said = gains_and_losses(FRAME)
    # over all years the part is 1.6: -2.4 million and -0.2 million EUR times it, and a spread of a fifth
    assert said[0].startswith("Fjordkraft-celler: EUR 3.84 million a year less profit")
    assert "(EUR 3.07 million to 4.61 million a year in 10 to 90 % of members)" in said[0]
    assert said[0].endswith("EUR −640,000 a year at home and EUR −3.2 million a year abroad.")
    assert said[1].startswith("Jutland: EUR 320,000 a year less")
    assert said[2] == "Newcomer: a profit of EUR 900,000 a year, and without it none."
    assert said[3].startswith("Buyers gain EUR 400,000 a year")
    assert said[4] == "Those who levy duties neither gain nor lose."


def test_what_rounding_leaves_of_a_side_is_nothing() -> None:
    at_home = (FRAME["side"] == "home") & (FRAME["variable"] == "firm_profit") & (FRAME["period"] == "all")
    frame = FRAME.assign(difference=FRAME["difference"].mask(at_home, -4e-6))
    assert gains_and_losses(frame)[0].endswith("EUR 0 a year at home and EUR −3.2 million a year abroad.")


def test_firms_go_by_the_names_that_readers_know() -> None:
    assert gains_and_losses(FRAME, lambda key: {"jutland": "Jutland Stores"}.get(key, key))[1].startswith(
        "Jutland Stores: EUR"
    )


def test_without_a_market_it_is_told_what_plants_make() -> None:
    row = {**compared_rows()[0], "variable": "output", "kind": "plant", "entity": "quay", "market": "", "period": "all"}
    row |= {"with_it": 90.0, "without_it": 100.0, "difference": -10.0, "p10": -12.0, "p90": -9.0, "unit": "container"}
    said = gains_and_losses(pd.DataFrame([row]))
    assert said == [
        "Quay: 10 containers less (9 to 12 containers in 10 to 90 % of members), from 100 containers to 90 containers."
    ]


def test_many_firms_are_counted_and_not_all_told() -> None:
    one = next(row for row in compared_rows() if row["entity"] == "jutland" and row["side"] == row["period"] == "all")
    rows = [{**one, "entity": f"firm{number}", "difference": -float(number)} for number in range(30)]
    said = gains_and_losses(pd.DataFrame(rows))
    assert said[0].startswith("Firm29: ")
    assert said[-1] == "18 more firms change by less."


def test_years_before_anything_differs_are_not_shown() -> None:
    rows = [(str(year), 0.0 if year < 2030 else -1.0) for year in range(2025, 2040)]
    frame = pd.DataFrame(rows, columns=["period", "difference"])
    assert shown_years(frame) == ["2030", "2035", "2039"]
    assert shown_years(frame.assign(difference=0.0)) == ["2025", "2032", "2039"]
    assert shown_years(frame[frame["period"] == "2030"]) == ["2030"]


def test_a_newcomer_is_no_incumbent(results: Results) -> None:
    assert "newcomer" in set(FRAME["entity"])
    assert "newcomer" not in set(in_both(FRAME)["entity"])
    assert "newcomer" not in set(charts()["gains"].table(results)["of"])
    assert "newcomer" in set(charts()["entry"].table(results)["of"])
