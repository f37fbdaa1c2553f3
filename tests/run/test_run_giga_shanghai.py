"""The record that ships: Giga Shanghai in 2022 against its reported months, and once without the lockdown."""

import re
from pathlib import Path

import pytest

from cell2grid.run import run_study, run_summary
from cell2grid.study.loader import load_study

PAGE = Path(__file__).resolve().parents[2] / "docs/formulation/deliveries.md"


@pytest.fixture(scope="module")
def results():
    loaded = load_study("giga-shanghai-2022")
    return run_study(loaded.study, study_folder=loaded.path.parent)


def test_the_page_says_which_months_the_model_misses(results):
    listed = dict(re.findall(r"^\| (\S+) \| [\d,]+ \| (yes|no) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    found = {
        row["name"]: "yes" if row["p10"] <= row["observed"] <= row["p90"] else "no"
        for row in results.tables["observations"].to_dict("records")
    }
    assert listed == found


def test_the_half_year_and_the_exporting_months_before_the_lockdown_lie_inside(results):
    frame = results.tables["observations"].set_index("name")
    for name in ("exports-2022-h1", "exports-2022-01", "exports-2022-02", "exports-2022-04"):
        assert frame.loc[name, "p10"] <= frame.loc[name, "observed"] <= frame.loc[name, "p90"]


def test_without_the_lockdown_more_would_have_left(results):
    found = results.tables["counterfactuals"].set_index("quantity")
    half_year = results.tables["observations"].set_index("name").loc["exports-2022-h1"]
    assert found.loc["exports", "p10"] > half_year["mean"]
    # 97,182 of 202,000 were 48.1 %: the others' 104,818 stay, so that the share follows from the exports
    exports = found.loc["exports", "p90"]
    assert found.loc["share", "p90"] == pytest.approx(100 * exports / (202_000 - 97_182 + exports), rel=1e-3)
    assert found.loc["share", "p10"] > 48.1


def test_nothing_of_the_record_is_read(results):
    read = {path for paths in results.manifest["reads"].values() for path in paths}
    assert not [path for path in read if path.startswith("observations")]
    assert {path for path in read if path.startswith("counterfactuals")} == {
        "counterfactuals.no-lockdown.own",
        "counterfactuals.no-lockdown.total",
    }
    assert not set(results.manifest["reads"]["output"]) & {path for path in read if path.startswith("counterfactuals")}


def test_the_counterfactual_names_its_assumptions_and_not_those_of_what_it_leaves_out(results):
    case = run_summary(results, Path("x"))["counterfactual"]
    paths = {row["path"] for row in case["assumptions"]}
    assert "plants.giga-shanghai.capacity" in paths
    assert "plants.giga-shanghai.allocation.1.export_share" in paths
    assert not [path for path in paths if path.startswith("shocks.")]
    assert all(row["reason"] and row["figure"] for row in case["assumptions"])
