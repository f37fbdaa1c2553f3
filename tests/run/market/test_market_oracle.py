"""Markets of a study against an independent program of plain loops and pivots, and what leaving a part out does."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from drawn_markets import random_market
from market_cases import CASES, Tree, base, case
from plain_market import plain_market

from cell2grid.run.compared import compared
from cell2grid.run.market import solved
from cell2grid.run.varied import variation
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

# what does not depend on which of several equal ways of selling is told
OF_MARKETS = {"market_price": ("market",), "market_sales": ("market",), "consumer_surplus": ("market",)}
OF_PLANTS = {"sales_capacity": ("plant",), "nameplate_capacity": ("plant",)}
SALES = {
    "sales": ("plant", "market"),
    **dict.fromkeys(("plant_sales", "sales_utilisation", "nameplate_utilisation", "plant_profit"), ("plant",)),
    **dict.fromkeys(("firm_profit", "firm_revenue"), ("firm",)),
    **dict.fromkeys(("duty_revenue", "market_hhi", "market_cr4"), ("market",)),
    "market_share": ("firm", "market"),
}


def _study(tree: Tree) -> Study:
    return parse_study(yaml.safe_dump(tree, sort_keys=False))


def _near(one: float, other: float, size: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), 1e-2 * size, 1e-2) or (math.isnan(one) and math.isnan(other))


def _differences(study: Study, found: xr.Dataset) -> list[str]:
    """Where the two programs differ by more than a millionth, one line each."""
    rows = []
    for term, told in plain_market(study).items():
        here = found.sel(term=term).isel(member=0)
        names = OF_MARKETS | OF_PLANTS | (SALES if here["unique_sales"].item() else {})
        for name, dims in names.items():
            size = float(np.nanmax(np.abs(found[name].values), initial=0.0))
            for key, mine in told[name].items():
                labels = dict(zip(dims, key if isinstance(key, tuple) else (key,), strict=True))
                theirs = float(here[name].sel(labels).item())
                if not _near(mine, theirs, size):
                    rows.append(f"{term} {name} {key}: market {theirs:.9g}, plain {mine:.9g}")
    return rows


@pytest.mark.parametrize("name", CASES)
def test_markets_are_those_of_the_plain_program(name: str) -> None:
    study = _study(case(name))
    found = solved(study, members=1)
    assert found["unique_sales"].all()
    rows = _differences(study, found)
    assert not rows, "\n".join(rows)


@pytest.mark.parametrize("first", range(0, 18, 6))
def test_drawn_markets_are_those_of_the_plain_program(first: int) -> None:
    for seed in range(first, first + 6):
        study = _study(random_market(seed))
        rows = _differences(study, solved(study, members=1))
        assert not rows, "\n".join([f"study of seed {seed}", *rows])


def _stretch(study: Study, told: dict[str, dict[str, Any]]) -> dict[tuple[str, str, str], float]:
    """Numbers of the whole horizon as compare tells them: (variable, entity, period)."""
    weight = {label: 12 if label == "2030" else 6 for label in told} if study.competition.every == "year" else {}
    found: dict[tuple[str, str, str], float] = {}
    stretches = {"all": list(told)} | {
        year: [label for label in told if label[:4] == year] for year in ("2030", "2031")
    }
    for period, labels in stretches.items():
        parts = [(weight.get(label, 1), told[label]) for label in labels]
        whole = sum(months for months, _ in parts)
        for market in study.markets:
            sold = [months * row["market_sales"][market] for months, row in parts]
            prices = [row["market_price"][market] for _, row in parts]
            found["market_price", market, period] = math.fsum(np.multiply(sold, prices)) / sum(sold)
            for firm in parts[0][1]["firm_profit"]:
                mine = sum(
                    quantity * row["market_share"].get((firm, market), 0.0)
                    for quantity, (_, row) in zip(sold, parts, strict=True)
                )
                found["market_share", f"{firm} in {market}", period] = mine / sum(sold)
        for firm in parts[0][1]["firm_profit"]:
            total = sum(months * row["firm_profit"][firm] for months, row in parts)
            found["firm_profit", firm, period] = total / whole
        for name in ("consumer_surplus", "duty_revenue"):
            total = sum(months * sum(row[name].values()) for months, row in parts)
            found[name, "all", period] = total / whole
    return found


def _row(frame: pd.DataFrame, variable: str, entity: str, period: str) -> pd.Series:
    firm, _, market = entity.partition(" in ")
    rows = frame[(frame["variable"] == variable) & (frame["entity"] == firm) & (frame["period"] == period)]
    rows = rows[rows["market"] == market] if market else rows[rows["side"] == "all"]
    if variable == "market_price":
        rows = rows[rows["market"] == entity]
    assert len(rows) == 1, (variable, entity, period)
    return rows.iloc[0]


def _without(tree: Tree, path: str) -> Tree:
    kind, _, name = path.partition(".")
    left = copy.deepcopy(tree)
    if kind == "duties":
        left["duties"] = [row for row in left["duties"] if row.get("name") != name]
    else:
        del left[kind][name]
    return left


@pytest.mark.parametrize("every", ["year", "month"])
@pytest.mark.parametrize("path", ["plants.lake", "duties.packs", "shocks.strike"])
def test_what_a_part_does_is_the_difference_of_two_plain_programs(path: str, every: str) -> None:
    tree = case("a duty on customs")
    tree["duties"][0]["name"] = "packs"
    tree["competition"]["every"] = every
    days = {"start": "2030-03-08 [page]", "end": "2030-09-20 [page]"}
    tree["shocks"] = {"strike": {"plant": "lake", "leaves": "30 percent [page]", **days}}
    study, left = _study(tree), _study(_without(tree, path if path != "plants.lake" else "shocks.strike"))
    if path == "plants.lake":
        left = _study(_without(_without(tree, "shocks.strike"), path))
    frame = compared(study, variation(study, without=[path]), members=1).frame
    with_it, without_it = _stretch(study, plain_market(study)), _stretch(left, plain_market(left))
    both = sorted(with_it.keys() & without_it.keys())
    assert {name for name, _, _ in both} >= {"market_price", "firm_profit", "market_share", "duty_revenue"}
    for key in both:
        row = _row(frame, *key)
        assert row["with_it"] == pytest.approx(with_it[key], rel=1e-6, abs=1e-9), key
        assert row["without_it"] == pytest.approx(without_it[key], rel=1e-6, abs=1e-9), key
        size = max(abs(with_it[key]), abs(without_it[key]))
        assert row["difference"] == pytest.approx(with_it[key] - without_it[key], abs=1e-6 * size), key


def test_a_year_of_like_months_is_their_mean() -> None:
    """Nothing changes within a year of the study as it is: each month is the year."""
    by_year = plain_market(_study(base()))["2030"]
    tree = base()
    tree["competition"]["every"] = "month"
    found = solved(_study(tree), members=1)
    for term in ("2030-01", "2030-12"):
        for market, price in by_year["market_price"].items():
            assert found["market_price"].sel(term=term, market=market).item() == pytest.approx(price, rel=1e-9)
