"""The record that ships: Giga Shanghai from 2021 to 2022 against its reported months, and once without the lockdown."""

import re
from pathlib import Path

import numpy as np
import pytest

from cell2grid.run import run_study, run_summary
from cell2grid.study.loader import load_study

PAGE = Path(__file__).resolve().parents[2] / "docs/formulation/calibration.md"
TESTED_FROM = "2022-03"  # the first month of which nothing at all was used


@pytest.fixture(scope="module")
def results():
    loaded = load_study("giga-shanghai-2022")
    return run_study(loaded.study, study_folder=loaded.path.parent)


def test_the_page_says_which_months_the_model_misses(results):
    row = re.compile(r"^\| (\S+) \| [\d,]+ \| (yes|no) \| (yes|no) \|$", re.MULTILINE)
    listed = {name: (inside, used) for name, inside, used in row.findall(PAGE.read_text(encoding="utf-8"))}
    words = {True: "yes", False: "no"}
    found = {
        row["name"]: (words[bool(row["inside_80"])], words[bool(row["used"])])
        for row in results.tables["predictive"].to_dict("records")
    }
    assert listed == found


def test_nothing_after_the_lockdown_began_is_used(results):
    study = load_study("giga-shanghai-2022").study
    assert all(study.observations[name].end < TESTED_FROM for name in study.calibration.on)
    read = {path for paths in results.manifest["reads"].values() for path in paths}
    assert not [path for path in read if path.startswith("observations")]
    held_out = [name for name, seen in study.observations.items() if name not in study.calibration.on]
    assert len(held_out) >= 20


def test_what_was_held_out_of_the_lockdown_is_mostly_met(results):
    """Production of April, when the plant stood for 18 days, and exports of the half year: no input comes from them."""
    frame = results.tables["predictive"].set_index("name")
    assert frame.loc["production-2022-04", "inside_80"]
    for name in ("exports-2022-01", "exports-2022-02", "exports-2022-04", "exports-2022-05", "exports-2022-h1"):
        assert frame.loc[name, "inside_95"]


def test_without_the_lockdown_more_would_have_left(results):
    frame = results.tables["counterfactuals"].set_index(["name", "quantity"])
    half_year = results.tables["observations"].set_index("name").loc["exports-2022-h1"]
    for name, total, reported in (("no-lockdown", 202_000, 48.1), ("no-lockdown-of-all-vehicles", 1_220_000, 8.0)):
        exports, share = frame.loc[name, "exports"], frame.loc[name, "share"]
        assert exports["p10"] > half_year["mean"] > half_year["p10"]
        # what the others shipped stays, so that the share follows from the exports
        expected = 100 * exports["p90"] / (total - 97_182 + exports["p90"])
        assert share["p90"] == pytest.approx(expected, rel=1e-3)
        assert share["p10"] > reported


def test_nothing_is_lost_from_one_month_to_the_next(results):
    """Good cars are shipped or in stock, in every member and month."""
    one = results.arrays.sel(plant="giga-shanghai")
    stock = one["stock"].transpose("member", "period").values
    change = np.diff(stock, axis=1, prepend=0.0)
    shipped = one["shipped"].sum("destination").transpose("member", "period").values
    assert np.abs(one["output"].transpose("member", "period").values - shipped - change).max() < 1e-6


def test_cars_wait_for_the_port_and_leave_when_it_opens(results):
    frame = results.tables["monthly"]
    mean = frame[frame["entity"] == "giga-shanghai"].set_index(["variable", "period"])["mean"]
    assert mean["exports", "2022-04"] == 0
    assert mean["waiting", "2022-04"] > 0
    assert mean["waiting", "2022-05"] == pytest.approx(0, abs=1e-6)


def test_the_counterfactual_names_its_assumptions_and_not_those_of_what_it_leaves_out(results):
    case = run_summary(results, Path("x"))["counterfactual"]
    paths = {row["path"] for row in case["assumptions"]}
    assert "plants.giga-shanghai.tranches.0.capacity" in paths
    assert "plants.giga-shanghai.allocation.1.export_share" in paths
    assert not [path for path in paths if path.startswith("shocks.")]
    assert all(row["reason"] and row["figure"] for row in case["assumptions"])
