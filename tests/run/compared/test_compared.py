"""A study held against itself with something different: laws of common random numbers, and numbers of the ledger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cell2grid.errors import InputError
from cell2grid.run.compared import compared
from cell2grid.run.compared.running import Compared
from cell2grid.run.varied import variation
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

TEXT = (Path(__file__).parents[2] / "study" / "rivals.yaml").read_text(encoding="utf-8")
KEYS = ["variable", "kind", "entity", "market", "product", "side", "period", "unit"]


@pytest.fixture(scope="module")
def rivals() -> Study:
    return parse_study(TEXT).changed(calibration=None, counterfactuals={})


def held(study: Study, members: int = 12, seed: int = 4, **different: object) -> Compared:
    return compared(study, variation(study, **different), members=members, seed=seed)  # type: ignore[arg-type]


def rows(found: Compared) -> pd.DataFrame:
    return found.frame.set_index(KEYS)


def of(found: Compared, variable: str, entity: str, side: str = "all", period: str = "all") -> pd.Series:
    frame = found.frame
    keys = {"variable": variable, "entity": entity, "side": side, "period": period, "market": ""}
    for key, value in keys.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_what_a_stop_takes_by_hand(rivals: Study) -> None:
    # kiruna makes 30 cells a month in all members; half of June, 15 of its 30 days, takes 15 cells
    study = rivals.changed(
        shocks={
            **rivals.shocks,
            "strike": rivals.shocks["fire"].changed(
                plant="kiruna",
                start=rivals.shocks["fire"].start.model_validate("2031-06-01 [assumed: x]"),
                end=rivals.shocks["fire"].start.model_validate("2031-06-15 [assumed: x]"),
            ),
        }
    )
    row = of(held(study, without=["shocks.strike"]), "output", "kiruna")
    assert row["difference"] == pytest.approx(-15.0)
    assert (row["with_it"], row["without_it"]) == (pytest.approx(345.0), pytest.approx(360.0))
    assert row["error"] == pytest.approx(0.0, abs=1e-12)
    assert row["unit"] == "cell"


def test_nothing_different_is_exactly_nothing(rivals: Study) -> None:
    found = held(rivals)
    assert len(found.frame) > 20
    assert (found.frame[["difference", "p10", "p90", "error"]].fillna(0.0) == 0.0).all(axis=None)


def test_the_other_way_round_is_the_negative(rivals: Study) -> None:
    without = variation(rivals, without=["shocks.fire"])
    one = rows(compared(rivals, without, members=12, seed=4))
    fire = {"shocks.fire": "{plant: umea, leaves: '0 percent [assumed: x]', start: '2031-03-01 [assumed: x]',"
            " end: '2031-03-09 [assumed: x]'}"}  # fmt: skip
    other = rows(held(without.study, change=fire))
    # with the change is as with it: both say what the fire does
    assert other.loc[one.index, "difference"].to_numpy() == pytest.approx(one["difference"].to_numpy(), nan_ok=True)
    back = rows(compared(without.study, variation(rivals), members=12, seed=4))
    for key, mirror in (("difference", "difference"), ("p10", "p90"), ("p90", "p10")):
        assert back.loc[one.index, key].to_numpy() == pytest.approx(-one[mirror].to_numpy(), nan_ok=True, abs=1e-9)
    assert back.loc[one.index, "with_it"].to_numpy() == pytest.approx(one["without_it"].to_numpy(), nan_ok=True)


def test_common_draws_make_the_difference_surer_than_other_draws(rivals: Study) -> None:
    row = of(held(rivals, members=60, without=["shocks.fire"]), "output", "umea")
    one, other = (
        compared(rivals, variation(rivals), members=60, seed=seed).frame.set_index(KEYS)["with_it"] for seed in (4, 5)
    )
    apart = abs(one - other).xs("output", level="variable").xs("umea", level="entity").iloc[-1]
    # the stop takes 9 days of one month of twelve from a plant that makes 10 to 90 a month
    assert row["error"] < 3.0
    assert abs(row["difference"]) > 5 * row["error"]
    assert row["error"] < apart


def test_firms_are_the_sums_of_their_plants_at_home_and_abroad(rivals: Study) -> None:
    study = rivals.changed(
        plants={**rivals.plants, "kiruna": rivals.plants["kiruna"].changed(region="DE")}, orders={}, groups={}
    )
    found = held(study, without=["shocks.fire"])
    whole, home, abroad = (of(found, "output", "north", side) for side in ("all", "home", "abroad"))
    assert home["with_it"] == pytest.approx(of(found, "output", "umea")["with_it"])
    assert abroad["with_it"] == pytest.approx(of(found, "output", "kiruna")["with_it"])
    assert whole["difference"] == pytest.approx(home["difference"] + abroad["difference"])
    assert whole["with_it"] == pytest.approx(home["with_it"] + abroad["with_it"])


def test_what_only_one_has_is_told_alone(rivals: Study) -> None:
    found = held(rivals, without=["plants.halle"])
    row = of(found, "output", "halle")
    assert row["with_it"] > 0
    assert np.isnan(row["without_it"])
    assert np.isnan(row["difference"])
    assert np.isfinite(of(found, "output", "umea")["difference"])


def test_a_duty_shows_in_what_is_paid_at_the_border(rivals: Study) -> None:
    found = held(rivals, without=["duties.extra"])
    paid, left = of(found, "duty_cost", "umea"), of(found, "exports", "umea")
    # 3 to 4 percent of 90 EUR for each cell that arrives; what leaves in the last days of the year does not
    assert paid["unit"] == "EUR"
    assert left["difference"] == 0.0
    assert 0.03 * 90 * 0.8 * left["with_it"] <= paid["difference"] <= 0.04 * 90 * left["with_it"]


def test_a_calibrated_study_keeps_its_members_in_both() -> None:
    study = parse_study(TEXT).changed(counterfactuals={})
    found = held(study, members=10, without=["shocks.flood"])
    assert of(found, "output", "kiruna")["difference"] == 0.0
    assert of(found, "output", "umea")["difference"] == 0.0
    assert any("as written keeps" in note for note in found.notes)


def test_workers_change_nothing(rivals: Study) -> None:
    one = compared(rivals, variation(rivals, without=["shocks.fire"]), members=300, seed=4)
    two = compared(rivals, variation(rivals, without=["shocks.fire"]), members=300, seed=4, workers=2)
    pd.testing.assert_frame_equal(one.frame, two.frame)


def test_more_members_than_memory_holds_are_refused(rivals: Study) -> None:
    with pytest.raises(InputError, match="take fewer"):
        compared(rivals, variation(rivals), members=100_000, memory=3e8)
