"""Where the spread of a run comes from: by figure, for each result, without another member."""

import numpy as np
import pytest
import xarray as xr

from cell2grid.run import run_study
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import design_of
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.told.summary import run_summary
from cell2grid.run.variance import variance
from cell2grid.study.loader import load_study, parse_study
from cell2grid.study.model import Correlation

# one plant at its nameplate from the first day, so that a year's output is capacity times yield
PLANT = """study: works
horizon: {{start: 2030-01, end: 2030-12}}
members: {members}
sampling: {sampling}
regions: {{NO: {{}}}}
firms: {{fjord: {{}}}}
products: {{pack: {{counted_in: pack}}}}
plants:
  works:
    owner: fjord
    region: NO
    makes: pack
    opens: "2020-01 [assumed: long ago]"
    capacity: "{capacity} [assumed: a range]"
    yield: "{share} [assumed: a range]"
    availability: "{steady} [assumed: a range]"
"""


def works(
    *, members=512, sampling="random", capacity="900 .. 1100 pack/year", share="0.45 .. 0.55 ratio", steady="1 ratio"
):
    return parse_study(PLANT.format(members=members, sampling=sampling, capacity=capacity, share=share, steady=steady))


def shares(results):
    frame = results.tables["variance"]
    return {(row.result, row.figure.split(".")[-1]): row for row in frame.itertuples()}


@pytest.mark.parametrize("sampling", ["random", "sobol", "latin-hypercube"])
def test_two_ranges_of_one_width_share_the_output_of_a_year(sampling):
    """Output = capacity * yield, each ± 10 %: both have half of the variance (and 0.2 % together)."""
    found = shares(run_study(works(members=2048, sampling=sampling)))
    for figure in ("capacity", "yield"):
        row = found["output", figure]
        assert row.share == pytest.approx(0.5, abs=0.05)
        assert row.low < 0.5 < row.high
        assert not row.within_noise
        assert row.members == 2048


def test_a_figure_that_does_nothing_is_within_noise():
    """The range of the yield is a hundredth as wide, so its share is a ten-thousandth."""
    found = shares(run_study(works(share="0.4995 .. 0.5005 ratio")))
    assert found["output", "capacity"].share > 0.97
    assert found["output", "yield"].within_noise
    assert found["output", "yield"].share < 0.03


def test_distributions_of_any_form_are_shared_out():
    """A normal of deviation 100, and three counts (-120, 0, 120) / 1000 about 0.5 of variance 96² / 1000² beside it."""
    study = works(
        members=4096, capacity="normal(1000, 100, 500, 1500) pack/year", share="empirical(0.44, 0.5, 0.56) ratio"
    )
    found = shares(run_study(study))
    expected = (0.098 / 0.5) ** 2 / ((0.098 / 0.5) ** 2 + 0.2**2)
    assert found["output", "yield"].share == pytest.approx(expected, abs=0.06)


def test_workers_and_the_order_of_the_file_change_nothing():
    study = works()
    one, two = run_study(study), run_study(study, workers=2)
    assert one.tables["variance"].equals(two.tables["variance"])


def test_figures_that_are_drawn_together_are_told():
    pair = ("plants.works.capacity", "plants.works.yield")
    study = works().changed(correlations=(Correlation(between=pair, value=0.9),))
    results = run_study(study)
    assert any("drawn together: their shares overlap" in note for note in results.manifest["notes"])
    assert sum(row.share for row in shares(results).values() if row.result == "output") > 1.5


def test_few_members_are_shared_out_only_where_asked_and_then_refused_in_a_note():
    study = works(members=40)
    assert "variance" not in run_study(study).tables
    asked = run_study(study, variance=True)
    assert "variance" not in asked.tables
    assert "variance: 40 members are too few to share their spread out; take 100 or more" in asked.manifest["notes"]
    assert "variance" not in run_study(works(), variance=False).tables


def test_a_study_without_ranges_says_that_there_is_no_spread():
    study = works(capacity="1000 pack/year", share="0.5 ratio")
    assert any("no figure of the study is drawn" in note for note in run_study(study, variance=True).manifest["notes"])


def test_the_summary_lists_the_largest_first(tmp_path):
    document = run_summary(run_study(works(share="0.49 .. 0.51 ratio")), tmp_path)
    rows = [row for row in document["variance"] if row["result"] == "output"]
    assert [row["figure"] for row in rows] == ["plants.works.capacity", "plants.works.yield"]
    assert set(rows[0]) == {"result", "entity", "figure", "share", "low", "high", "within_noise", "members"}


def _asked(study, arrays, *, count=400, asked=None):
    figures = Figures(
        study.seed, first=0, count=count, rows=row_names(study), design=design_of(study, seed=1, places=count)
    )
    return variance(study, arrays, figures, {"plants.works.capacity", "plants.works.yield"}, asked=asked)


def test_results_that_are_missing_in_some_members_are_those_of_the_others():
    study = works()
    share = Figures(study.seed, first=0, count=400).share("plants.works.capacity")
    month = np.where(share > 0.25, 10.0 * share, np.nan)
    arrays = xr.Dataset({"delivery_month": (("member", "order"), month[:, None])}, {"order": ["moor"]})
    found = _asked(study, arrays)
    assert found.rows[0]["figure"] == "plants.works.capacity"
    assert found.rows[0]["share"] > 0.98
    assert found.rows[0]["members"] == np.isfinite(month).sum()
    assert "delivery_month of 'moor' is known in" in found.notes[0]


def test_what_is_the_same_in_all_members_has_no_rows():
    arrays = xr.Dataset({"npv": (("member", "project"), np.full((400, 1), 3.5))}, {"project": ["moor"]})
    assert _asked(works(), arrays).rows == []


def test_what_takes_long_is_left_out_unless_asked(monkeypatch):
    monkeypatch.setattr("cell2grid.run.variance.UNASKED", 100)
    arrays = xr.Dataset({"npv": (("member", "project"), np.random.default_rng(1).random((400, 1)))}, {"project": ["m"]})
    assert _asked(works(), arrays).rows == []
    assert len(_asked(works(), arrays, asked=True).rows) == 2


def test_what_giga_shanghai_makes_and_exports_hangs_on_figures_that_stand_out():
    """Nothing but figures of the study is drawn there, so that a large part of the spread is found by figure."""
    frame = run_study(load_study("giga-shanghai-2022").study).tables["variance"]
    for result in ("output", "exports"):
        told = frame[(frame["result"] == result) & ~frame["within_noise"]]
        assert len(told) >= 1
        assert 0.3 < told["share"].sum() < 1.5
        assert (told["low"] <= told["share"]).all()
        assert (told["share"] <= told["high"]).all()
