"""How members are spread: evenly over all ranges, the same in any chunk, correlated as the study says."""

import numpy as np
import pytest
from scipy import stats

from cell2grid.errors import InputError, StudyError
from cell2grid.formulas.copula import bounds, broken_at, correlated, factor
from cell2grid.formulas.draws import standard_uniform
from cell2grid.run import run_study
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import Design, chances, design_of, places_of, sampling_notes
from cell2grid.run.inputs.streams import row_names
from cell2grid.study.loader import load_study
from cell2grid.study.model import Correlation

SPREAD = ["sobol", "latin-hypercube"]
YIELD, RAMP, LEAD = "plants.packs.yield", "plants.packs.ramp.months_to_nameplate", "lanes.0.lead_time"


@pytest.fixture(scope="module")
def small(request):
    return load_study(request.path.parents[1] / "study" / "small_study.yaml").study.changed(
        sampling="random", correlations=(), calibration=None
    )


def shares(study, path, *, first=0, count=64, places=64, seed=3):
    design = design_of(study, seed=seed, places=places)
    return Figures(seed, first=first, count=count, rows=row_names(study), design=design).share(path)


@pytest.mark.parametrize("how", SPREAD)
def test_each_part_of_each_range_has_its_member(small, how):
    """64 members: each 64th of a range holds exactly one, in every dimension; draws alone leave a third empty."""
    study = small.changed(sampling=how)
    design = design_of(study, seed=3, places=64)
    assert set(design.streams) >= {YIELD, RAMP, "lanes.HU NO.lead_time", "shocks.storm.lasts", "shocks.storm.comes"}
    for stream in design.streams:
        parts = np.floor(64 * design.share(stream, np.arange(64))).astype(int)
        assert sorted(parts) == list(range(64))
    alone = np.floor(64 * shares(small, YIELD)).astype(int)
    assert len(set(alone)) < 50


def test_sobol_members_fill_the_plane_of_two_figures_evenly(small):
    study = small.changed(sampling="sobol")
    one, other = shares(study, YIELD), shares(study, RAMP)
    cells = {(int(8 * x), int(8 * y)) for x, y in zip(one, other, strict=True)}
    at_random = {(int(8 * x), int(8 * y)) for x, y in zip(shares(small, YIELD), shares(small, RAMP), strict=True)}
    assert len(cells) > len(at_random) + 5


@pytest.mark.parametrize("how", ["random", *SPREAD])
def test_a_member_is_the_same_in_any_chunk(small, how):
    study = small.changed(sampling=how, correlations=(Correlation(between=(YIELD, RAMP), value=0.7),))
    for path in (YIELD, RAMP, LEAD):
        whole = shares(study, path, count=1000, places=1000)
        parts = [shares(study, path, first=first, count=250, places=1000) for first in range(0, 1000, 250)]
        assert np.array_equal(whole, np.concatenate(parts))
        assert (whole >= 0.0).all()
        assert (whole < 1.0).all()


def test_members_that_are_kept_by_weight_have_the_numbers_of_their_draw(small):
    study = small.changed(sampling="sobol")
    draws = np.array([0, 5, 5, 5, 700, 99_000, 99_999])
    design = design_of(study, seed=3, places=100_000)
    whole = design.share(YIELD, np.arange(100_000))
    assert np.array_equal(design.share(YIELD, draws), whole[draws])


def test_more_members_keep_the_first_of_a_sobol_run(small):
    study = small.changed(sampling="sobol")
    assert np.array_equal(
        shares(study, YIELD, count=100, places=100), shares(study, YIELD, count=512, places=512)[:100]
    )


def test_a_figure_that_comes_changes_no_other_in_a_hypercube(small):
    study = small.changed(sampling="latin-hypercube")
    fewer = study.changed(shocks={})
    assert np.array_equal(shares(study, YIELD), shares(fewer, YIELD))


def test_rows_in_another_order_draw_the_same(small):
    lane = small.lanes[0]
    other = lane.changed(origin="NO", destination="HU")
    one = small.changed(sampling="sobol", lanes=(lane, other))
    turned = one.changed(lanes=(other, lane))
    assert np.array_equal(shares(one, "lanes.0.lead_time"), shares(turned, "lanes.1.lead_time"))


def test_a_design_of_many_members_needs_no_more_memory_at_once(monkeypatch):
    design = Design("sobol", seed=1, places=3000, streams=["a", "b", "c"], mixed={})
    whole = design.share("b", np.arange(3000))
    monkeypatch.setattr("cell2grid.run.drawn.sampling._HELD", 10)
    monkeypatch.setattr("cell2grid.run.drawn.sampling._BLOCK", 512)
    assert np.array_equal(design.share("b", np.arange(1, 3000)), whole[1:])


@pytest.mark.parametrize("how", ["random", *SPREAD])
@pytest.mark.parametrize("value", [-0.8, 0.0, 0.5, 1.0])
def test_figures_are_correlated_as_written(small, how, value):
    study = small.changed(sampling=how, correlations=(Correlation(between=(YIELD, LEAD), value=value),))
    one, other = (shares(study, path, count=4096, places=4096) for path in (YIELD, LEAD))
    scores = stats.norm.ppf(np.clip(np.stack([one, other]), 1e-12, 1 - 1e-12))
    assert np.corrcoef(scores)[0, 1] == pytest.approx(value, abs=0.04)
    # what each is drawn from stays uniform: Kolmogorov's distance, far beyond the 1 % level
    for share in (one, other):
        assert np.abs(np.sort(share) - (np.arange(4096) + 0.5) / 4096).max() < 2.0 / 4096**0.5


def test_what_is_not_correlated_keeps_its_draws(small):
    tied = small.changed(correlations=(Correlation(between=(YIELD, LEAD), value=0.9),))
    assert np.array_equal(shares(tied, RAMP), standard_uniform(3, RAMP, first=0, count=64))
    # of those that are, the first by name keeps its own
    assert np.array_equal(shares(tied, LEAD), shares(small, LEAD))
    assert not np.array_equal(shares(tied, YIELD), shares(small, YIELD))


def test_three_figures_by_hand():
    """L = [[1, 0, 0], [0.5, 0.866, 0], [0, 0.577, 0.816]]: 0.577 = (0.5 - 0 * 0.5) / 0.866, 0.816² = 1 - 0.577²."""
    matrix = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]])
    lower = factor(matrix)
    assert lower == pytest.approx(np.linalg.cholesky(matrix))
    assert lower[2] == pytest.approx([0.0, 0.57735, 0.81650], abs=1e-5)
    assert correlated([np.array([0.5]), np.array([0.8413447])], lower[1, :2]) == pytest.approx(
        [stats.norm.cdf(0.8660254)]
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_matrix_can_be_where_its_eigenvalues_say_so(seed):
    generator = np.random.default_rng(seed)
    whole = np.eye(5)
    place = np.tril_indices(5, -1)
    whole[place] = generator.uniform(-0.9, 0.9, 10)
    whole = whole + whole.T - np.eye(5)
    broken = broken_at(whole)
    if np.linalg.eigvalsh(whole)[0] >= 0.0:
        assert broken is None
        return
    assert np.linalg.eigvalsh(whole[: broken + 1, : broken + 1])[0] < 0.0
    assert np.linalg.eigvalsh(whole[:broken, :broken])[0] >= 0.0
    for other in range(broken):
        found = bounds(whole, broken, other)
        for end in found or ():
            whole[broken, other] = whole[other, broken] = end
            assert np.linalg.eigvalsh(whole[: broken + 1, : broken + 1])[0] == pytest.approx(0.0, abs=1e-7)


def test_a_run_says_how_it_was_spread_and_that_its_members_are_no_power_of_two():
    study = load_study("shanghai-megapack").study
    told = run_study(study, members=48, sampling="sobol").manifest
    assert told["sampling"] == "sobol"
    assert any("48 members are none; take 32 or 64" in note for note in told["notes"])
    assert sampling_notes(study.changed(sampling="sobol"), 64) == []
    with pytest.raises(InputError, match="sampling is 'halton', expected random, sobol, latin-hypercube"):
        run_study(study, members=8, sampling="halton")


@pytest.mark.parametrize("how", SPREAD)
def test_the_number_of_workers_changes_nothing(how):
    study = load_study("shanghai-megapack").study
    one = run_study(study, members=300, sampling=how)
    two = run_study(study, members=300, sampling=how, workers=2)
    assert one.tables["monthly"].equals(two.tables["monthly"])


def test_even_members_miss_the_mean_by_less(small):
    """The mean share of 256 members: at random it is off by 0.018, of a Sobol sequence or a hypercube by a tenth."""
    off = {how: abs(shares(small.changed(sampling=how), YIELD, count=256, places=256).mean() - 0.5) for how in SPREAD}
    assert max(off.values()) < 0.002


def test_more_figures_than_dimensions_are_refused(small, monkeypatch):
    monkeypatch.setattr("cell2grid.run.drawn.sampling.MOST_DIMENSIONS", 3)
    with pytest.raises(StudyError, match=r"draws \d+ figures, above 3, .* write 'latin-hypercube'"):
        design_of(small.changed(sampling="sobol"), seed=1, places=8)


def test_a_shock_that_is_certain_is_not_drawn(small):
    storm = small.shocks["storm"]
    sure = storm.changed(probability=type(storm.probability).model_validate("100 percent [page]"))
    assert set(chances(small)) == {"shocks.storm.comes"}
    assert chances(small.changed(shocks={"storm": sure})) == {}


def test_members_of_a_calibration_are_spread_before_they_are_weighed(request):
    study = load_study(request.path.parents[1] / "study" / "small_study.yaml").study
    assert places_of(study, 20) == 400
    assert "kept are drawn by weight" in sampling_notes(study, 32)[-1]
