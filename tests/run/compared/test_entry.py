"""The catfish question, exactly: what the entry of one plant does to price, sales, shares and profits of all others."""

from __future__ import annotations

import pandas as pd
import pytest
from catfish import catfish, market
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.run.compared import compared
from cell2grid.run.compared.running import Compared
from cell2grid.run.varied import variation
from cell2grid.study.loader import parse_study

RELATIVE = 1e-6


def entry(text: str, without: str = "plants.entrant") -> Compared:
    study = parse_study(text)
    return compared(study, variation(study, without=[without]))


def of(
    found: Compared, variable: str, entity: str, *, side: str = "all", period: str = "all", market: str = ""
) -> pd.Series:
    frame = found.frame
    keys = {"variable": variable, "entity": entity, "side": side, "period": period, "market": market}
    for key, value in keys.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_the_entry_of_one_plant_by_hand() -> None:
    # a = 100, b = 1, c = 20, n = 4: without it each sells 80 / 5 = 16 at 100 - 64 = 36; with K = 10 each sells
    # (80 - 10) / 5 = 14 at 100 - 66 = 34; profits are 14 x 14 = 196 and 16 x 16 = 256
    found = entry(catfish(10.0))
    price = of(found, "market_price", "home", market="home")
    assert (price["with_it"], price["without_it"], price["difference"]) == pytest.approx((34, 36, -2), rel=RELATIVE)
    assert price["unit"] == "CNY/system"
    for number in range(1, 5):
        assert of(found, "sales", f"old{number}")["difference"] == pytest.approx(-2.0, rel=RELATIVE)
        assert of(found, "firm_profit", f"old{number}")["difference"] == pytest.approx(-60.0, rel=RELATIVE)
        assert of(found, "market_share", f"old{number}")["with_it"] == pytest.approx(14 / 66, rel=RELATIVE)
        used = found.frame.query(f"variable == 'nameplate_utilisation' and entity == 'old{number}' and period == 'all'")
        assert set(used["kind"]) == {"firm", "plant"}
        assert used["difference"].to_numpy() == pytest.approx(-0.002, rel=RELATIVE)
        home, abroad = (
            found.frame.query(f"entity == 'old{number}' and side == '{side}'") for side in ("home", "abroad")
        )
        assert len(home) > 0
        assert len(abroad) == 0
    # buyers: half of 66 x 66 less half of 64 x 64; shares squared: 4 x (1400/66)^2 + (1000/66)^2 less 4 x 25^2
    assert of(found, "consumer_surplus", "all")["difference"] == pytest.approx(130.0, rel=RELATIVE)
    index = 4 * (1400 / 66) ** 2 + (1000 / 66) ** 2 - 2500
    assert of(found, "market_hhi", "home", market="home")["difference"] == pytest.approx(index, rel=1e-5)
    alone = of(found, "firm_profit", "entrant")
    assert alone["with_it"] == pytest.approx(140.0, rel=RELATIVE)
    assert pd.isna(alone["difference"])


def test_more_capacity_than_it_wants_changes_nothing_more() -> None:
    # K no longer binds from 80 / 6 = 13.33 on: five equal firms, 100 - 5 x 80 / 6 = 33.33
    prices = [of(entry(catfish(size)), "market_price", "home", market="home")["with_it"] for size in (13.4, 40.0, 1e6)]
    assert prices == pytest.approx([100 / 3] * 3, rel=RELATIVE)


@settings(max_examples=6, deadline=None)
@given(rivals=st.integers(1, 6), part=st.floats(0.01, 1.5), cost=st.sampled_from([0.0, 5.0, 20.0, 60.0]))
def test_entry_by_the_formula(rivals: int, part: float, cost: float) -> None:
    binds = (100.0 - cost) / (rivals + 2)
    size = part * binds
    found = entry(catfish(size, rivals=rivals, cost=cost))
    enters = min(size, binds)
    price = of(found, "market_price", "home", market="home")
    assert price["difference"] == pytest.approx(-enters / (rivals + 1), rel=1e-5)
    assert of(found, "sales", "old1")["difference"] == pytest.approx(-enters / (rivals + 1), rel=1e-5)
    assert of(found, "firm_profit", "all")["with_it"] == pytest.approx(
        (price["with_it"] - cost) * (100.0 - price["with_it"]), rel=1e-5
    )


def test_a_stretch_is_weighed_by_its_months() -> None:
    # the entrant opens in 2026, of which the horizon has six months
    found = entry(catfish(10.0, opens="2026-01", end="2026-06"))
    before, after, whole = (
        of(found, "market_price", "home", market="home", period=when) for when in ("2025", "2026", "all")
    )
    assert before["difference"] == 0.0
    assert (after["with_it"], after["without_it"]) == pytest.approx((34, 36), rel=RELATIVE)
    assert whole["with_it"] == pytest.approx((12 * 36 * 64 + 6 * 34 * 66) / (12 * 64 + 6 * 66), rel=RELATIVE)
    assert of(found, "firm_profit", "old1")["difference"] == pytest.approx(-60 * 6 / 18, rel=RELATIVE)
    assert of(found, "market_share", "old1")["with_it"] == pytest.approx(
        (12 * 16 + 6 * 14) / (12 * 64 + 6 * 66), rel=RELATIVE
    )


ABROAD = f"""  away: {market("AU")}
lanes: [{{origin: CN, destination: AU, lead_time: "0 day [assumed: none]", cost: "10 CNY/system [assumed: freight]"}}]
duties: [{{destination: AU, amount: "10 CNY/system [assumed: a specific duty]", start: "2025-01 [assumed: all of it]"}}]
"""


def test_profits_at_home_and_abroad_by_hand() -> None:
    # one firm alone at c = 20: at home 40 at 60, profit 1600. Abroad with freight 10 and duty 10 it sells 30 at 70,
    # profit 30 x 30 = 900; without the duty 35 at 65, profit 1225
    text = catfish(10.0, rivals=1, more=ABROAD)
    study = parse_study(text)
    alone = variation(study, without=["firms.entrant"]).study
    found = compared(alone, variation(alone, without=["duties.0"]))
    home, abroad, whole = (of(found, "firm_profit", "old1", side=side) for side in ("home", "abroad", "all"))
    assert (home["with_it"], home["without_it"]) == pytest.approx((1600, 1600), rel=RELATIVE)
    assert (abroad["with_it"], abroad["without_it"]) == pytest.approx((900, 1225), rel=RELATIVE)
    assert whole["difference"] == pytest.approx(-325, rel=RELATIVE)
    assert of(found, "duty_revenue", "all")["difference"] == pytest.approx(300, rel=RELATIVE)
    assert of(found, "sales", "old1", side="abroad")["difference"] == pytest.approx(-5, rel=RELATIVE)
    assert of(found, "market_share", "old1", side="abroad")["difference"] == pytest.approx(0, abs=1e-9)


def test_what_is_said_of_how_an_entrant_sells_goes_with_its_plant() -> None:
    conduct = "[{firm: entrant, value: price-taking}, {firm: old1, market: home, value: cournot}]"
    text = catfish(10.0).replace("competition: {currency: CNY}", f"competition: {{currency: CNY, conduct: {conduct}}}")
    study = parse_study(text)
    assert study.competition is not None
    left = variation(study, without=["plants.entrant"])
    assert left.study.competition is not None
    assert [row.firm for row in left.study.competition.conduct] == ["old1"]
    assert any("competition.conduct.0" in note for note in left.notes)
    # a price taker of 10 below its cost sells them all, as a Cournot firm that wants more than 10
    assert of(entry(text), "market_price", "home", market="home")["difference"] == pytest.approx(-2.0, rel=RELATIVE)
