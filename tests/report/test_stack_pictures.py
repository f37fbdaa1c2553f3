"""The picture of who can sell at which cost: what is seen of it, and by which names."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from stack_rows import stack_rows

from cell2grid.report.alone import Tables
from cell2grid.report.charts import charts
from cell2grid.results import Results


def _drawn(rows: list[dict[str, Any]]) -> str:
    shown = Tables({"supply_stack": pd.DataFrame(rows)}, names={"fjordkraft": "Fjord power", "dune-cells": "Dune"})
    return json.dumps(charts()["supply_stack"].chart(shown, width=680).to_dict(validate=False))


def test_a_market_that_takes_little_of_what_could_be_sold_is_still_seen() -> None:
    """45 are bought; of a plant that could make 100,000 so much is drawn as 3.5 times that, and the axis says so."""
    rows = stack_rows()
    far = {**rows[2], "plant": "far", "begin": 80.0, "finish": 100_080.0, "sold": 0.0}
    plain, cut = _drawn(rows), _drawn([*rows[:3], far, *rows[3:]])
    assert '"domain": [0, 81.6]' in plain
    assert "more could be sold" not in plain
    assert f'"domain": [0, {3.5 * 45.0 * 1.02}' in cut
    assert "more could be sold" in cut


def test_a_block_that_is_sold_is_never_cut_off() -> None:
    """Of the far plant the 60 that it sells are beyond 3.5 times 10: all of it is drawn, with a tenth more."""
    rows = stack_rows()
    far = {**rows[2], "plant": "far", "begin": 80.0, "finish": 10_080.0, "sold": 60.0}
    price = {**rows[-1], "finish": 10.0}
    assert f'"domain": [0, {1.1 * 140.0 * 1.02}' in _drawn([*rows[:3], far, rows[3], price])


def test_firms_are_called_by_their_names_and_only_those_of_a_market_are_in_its_legend() -> None:
    rows = stack_rows()
    other = [{**row, "market": "Norwegian storage"} for row in (rows[0], *rows[3:])]
    text = _drawn([*rows, *other])
    assert '"values": ["Fjord power", "heath-works", "Dune"]' in text
    assert '"values": ["Fjord power"]' in text
    assert "fjordkraft" not in text


def test_the_stack_of_a_run_says_that_its_price_is_that_of_the_middle(results: Results) -> None:
    """A run tells means over its draws beside it; a case of plain numbers has no draws."""
    said = json.dumps(charts()["supply_stack"].chart(results, width=680).to_dict(validate=False))
    assert "every range at its middle" in said.replace('", "', " ")
    assert "every range at its middle" not in _drawn(stack_rows()).replace('", "', " ")


def test_every_column_of_who_sells_where_has_its_name(results: Results) -> None:
    """What is not labelled because labels are near each other cannot be told from its neighbour."""
    said = json.dumps(charts()["market_sales"].chart(results, width=330).to_dict(validate=False))
    assert '"labelOverlap": false' in said
