"""A run against itself without some of its shocks: by hand, then what common random numbers must bring."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from cell2grid.errors import InputError
from cell2grid.run import run_study
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

STUDY = """
study: kiln
horizon: {start: 2030-01, end: 2030-12}
members: 600
seed: 5
sources: {log: {title: A log, publisher: The kiln, date: 2030-01-02}}
regions: {SE: {}, PL: {}}
products: {pack: {counted_in: pack}}
firms: {kiln: {}}
plants:
  kiln:
    {owner: kiln, region: SE, makes: pack, capacity: "50 .. 150 pack/month [log]", opens: "2029-01 [log]",
     yield: "80 .. 100 percent [log]"}
lanes:
  - {origin: SE, destination: PL, lead_time: "10 day [log]", lead_time_deviation: "3 day [log]"}
markets:
  poles: {region: PL, product: pack, demand: [{start: 2030-01, unlimited: "assumed: a queue"}]}
orders:
  first: {region: PL, plant: kiln, product: pack, quantity: "150 pack [log]", ordered: "2030-01 [log]"}
shocks:
  flood: {plant: kiln, leaves: "0 .. 80 percent [log]", start: "2030-02 [log]", end: "2030-03 [log]"}
  breeze: {plant: kiln, leaves: "100 percent [log]", start: "2030-05 [log]", end: "2030-06 [log]"}
  dream:
    {market: poles, leaves: "0 percent [log]", probability: "0 percent [log]", start: "2030-05 [log]",
     end: "2030-06 [log]"}
  strike:
    {region: SE, what: exports, leaves: "10 percent [log]", probability: "50 percent [log]", start: "2030-07-10 [log]",
     lasts: "10 .. 60 day [log]"}
"""
PLAIN = (
    ("50 .. 150 pack/month", "100 pack/month"),
    ("80 .. 100 percent", "90 percent"),
    ("0 .. 80 percent", "40 percent"),
    (', lead_time_deviation: "3 day [log]"', ""),
)


def _study(*changes: tuple[str, str]) -> Study:
    text = STUDY
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse_study(text)


def _differences(study: Study, *without: str, **how: int) -> pd.DataFrame:
    return run_study(study, without=without, variance=False, **how).tables["without"]


def _row(frame: pd.DataFrame, variable: str, period: str = "total") -> pd.Series:
    (row,) = frame[(frame["variable"] == variable) & (frame["period"] == period)].to_dict(orient="records")
    return pd.Series(row)


def test_what_a_flood_did_by_hand() -> None:
    """90 good packs a month; 40 % is left in two months: 2 × 54 fewer, and the order of 150 full a month later."""
    frame = _differences(_study(*PLAIN), "flood", members=3)
    made = _row(frame, "output")
    assert (made["with_shocks"], made["without_shocks"]) == (pytest.approx(972), pytest.approx(1080))
    assert made["difference"] == pytest.approx(-108)
    assert (made["p10"], made["p90"], made["error"]) == (
        pytest.approx(-108),
        pytest.approx(-108),
        pytest.approx(0, abs=1e-9),
    )
    assert made["unit"] == "pack"
    assert _row(frame, "output", "2030-02")["difference"] == pytest.approx(-54)
    assert _row(frame, "output", "2030-02")["unit"] == "pack/month"
    assert _row(frame, "output", "2030-04")["difference"] == 0.0
    assert _row(frame, "delivery_month")["difference"] == 1.0
    assert _row(frame, "order_share", "end")["difference"] == 0.0


@pytest.mark.parametrize("name", ["breeze", "dream"])
def test_a_shock_that_changes_nothing_makes_no_difference_at_all(name: str) -> None:
    frame = _differences(_study(), name, members=50)
    numbers = frame[["difference", "p10", "p50", "p90", "error"]].to_numpy()
    assert (numbers == 0.0).all()
    assert frame["variable"].nunique() >= 8


def test_common_random_numbers_leave_a_smaller_spread_than_draws_of_their_own() -> None:
    study = _study()
    written = run_study(study, without=("flood", "strike"), variance=False)
    common = _row(written.tables["without"], "exports")
    calm = study.changed(shocks={name: study.shocks[name] for name in ("breeze", "dream")})
    other = run_study(calm, seed=99, variance=False)
    of_other = other.arrays["exports"].sum(("plant", "period")).values  # type: ignore[index]
    own = written.arrays["exports"].sum(("plant", "period")).values - of_other  # type: ignore[index]
    deviation = common["error"] * np.sqrt(study.members)
    assert deviation < 0.5 * own.std(ddof=1)
    both = np.hypot(common["error"], own.std(ddof=1) / np.sqrt(study.members))
    assert common["difference"] == pytest.approx(own.mean(), abs=4 * both), "and they agree on the mean"


def test_leaving_out_is_as_if_the_shock_had_never_been_written() -> None:
    """All draws but the shock's own stay: the run without it is the run of a study that does not have it."""
    study = _study()
    frame = _differences(study, "strike", "flood")
    calm = run_study(study.changed(shocks={name: study.shocks[name] for name in ("breeze", "dream")}), variance=False)
    for name in ("output", "exports", "delivered"):
        array = calm.arrays[name].sum([dim for dim in calm.arrays[name].dims if dim != "member"])  # type: ignore[index]
        assert _row(frame, name)["without_shocks"] == pytest.approx(float(array.mean()), rel=1e-12)


def test_the_table_does_not_depend_on_who_runs_the_members() -> None:
    alone = _differences(_study(), "flood", "strike")
    with ThreadPoolExecutor(2) as pool:
        shared = run_study(_study(), without=("flood", "strike"), variance=False, executor=pool).tables["without"]
    pd.testing.assert_frame_equal(alone, shared, check_exact=True)


def test_a_name_that_is_no_shock_is_refused_with_near_names() -> None:
    with pytest.raises(
        InputError, match=r"--without 'flod' is no shock of study 'kiln'; did you mean 'flood'\?"
    ) as caught:
        run_study(_study(), without=("flod",))
    assert caught.value.exit_status == 2


def test_worth_of_projects_moves_with_what_they_wait_for(changed, folder) -> None:  # type: ignore[no-untyped-def]
    """The storm of April halves a month of the plant that the battery waits for."""
    found = run_study(changed(), study_folder=folder, without=("storm",), members=10)
    frame = found.tables["without"]
    worth = frame[frame["variable"] == "npv"]
    assert worth["entity"].tolist() == ["heath"]
    assert worth["unit"].tolist() == ["EUR"]
    assert found.manifest["without"] == ["storm"]
