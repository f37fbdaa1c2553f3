"""Members: the same draws whatever the chunks, the workers and the rest of the study."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cell2grid.results import write_results
from cell2grid.run import ensemble, run_study
from cell2grid.run.ensemble import simulate
from cell2grid.study.loader import parse_study

RANGES = (
    ('"1200 container/year [gazette]"', '"1000 .. 1400 container/year [gazette]"'),
    ('"90 percent [gazette]"\nlanes', '"80 .. 90 .. 95 percent [gazette]"\nlanes'),
    ('leaves: "50 percent', 'leaves: "30 .. 70 percent'),
    ('lead_time: "0 day', 'lead_time: "10 .. 70 day'),
    ('capital_cost: "100 EUR', 'capital_cost: "80 .. 120 EUR'),
)


def test_tables_of_one_worker_and_of_two_are_the_same_bytes(changed, folder, monkeypatch):
    monkeypatch.setattr(ensemble, "CHUNK", 250)
    study = changed(*RANGES).changed(members=520)
    tables = []
    for workers in (1, 2):
        place = write_results(run_study(study, workers=workers, study_folder=folder), folder / f"run-{workers}")
        tables.append({file.name: file.read_bytes() for file in sorted((place / "tables").iterdir())})
    assert tables[0] == tables[1]


@pytest.mark.parametrize("chunk", [1, 7, 40])
def test_chunks_change_nothing(changed, monkeypatch, chunk):
    study = changed(*RANGES)
    whole = simulate(study, members=40, seed=7)
    monkeypatch.setattr(ensemble, "CHUNK", chunk)
    parts = simulate(study, members=40, seed=7)
    assert parts.arrays.identical(whole.arrays)
    assert np.array_equal(parts.counterfactuals["calm"], whole.counterfactuals["calm"])


def test_another_executor_changes_nothing(changed, monkeypatch):
    monkeypatch.setattr(ensemble, "CHUNK", 8)
    study = changed(*RANGES)
    with ThreadPoolExecutor(2) as executor:
        assert simulate(study, members=20, seed=7, executor=executor).arrays.identical(
            simulate(study, members=20, seed=7).arrays
        )


def test_more_members_keep_the_first_ones(changed):
    study = changed(*RANGES)
    few, many = (simulate(study, members=members, seed=7).arrays["output"].values for members in (10, 30))
    assert np.array_equal(few, many[:10])


def test_another_seed_gives_other_draws(changed):
    study = changed(*RANGES)
    one, other = (simulate(study, members=10, seed=seed).arrays["output"].values for seed in (7, 8))
    assert not np.array_equal(one, other)


def _turned(part):
    """The same part with the keys of every mapping the other way round."""
    if isinstance(part, dict):
        return {key: _turned(part[key]) for key in reversed(part)}
    return [_turned(value) for value in part] if isinstance(part, list) else part


def test_the_order_of_keys_in_the_file_changes_no_member(changed):
    more = """  other:
    owner: fjordkraft
    region: DE
    makes: pack
    capacity: "100 .. 900 container/year [gazette]"
    opens: "2030-02 [gazette]"
lanes:
"""
    home = 'home: {region: "NO", product: pack, demand: [{start: 2030-02, unlimited: gazette}]}'
    study = changed(*RANGES, ("lanes:\n", more), ("markets:\n", f"markets:\n  {home}\n"))
    turned = parse_study(json.dumps(_turned(json.loads(study.model_dump_json(by_alias=True, exclude_none=True)))))
    one, other = (simulate(part, members=20, seed=7) for part in (study, turned))
    assert list(other.arrays["plant"].values) == ["other", "fjord"]
    for name in ("output", "shipped", "delivered", "stock", "at_sea", "delivery_month"):
        straight = one.arrays[name]
        again = other.arrays[name].sel({dim: straight[dim] for dim in straight.dims})
        assert again.values == pytest.approx(straight.values, rel=1e-12, nan_ok=True), name
    assert other.counterfactuals["calm"] == pytest.approx(one.counterfactuals["calm"])


def test_a_plant_that_is_added_changes_no_draw_of_the_others(changed):
    more = """  other:
    owner: fjordkraft
    region: DE
    makes: pack
    capacity: "10 .. 900 container/year [gazette]"
    opens: "2030-01 [gazette]"
    ramp: {curve: linear, months_to_nameplate: "3 .. 9 month [gazette]"}
lanes:
"""
    before = simulate(changed(*RANGES), members=10, seed=7).arrays
    after = simulate(changed(*RANGES, ("lanes:\n", more)), members=10, seed=7).arrays
    for name in ("output", "lead_time"):
        assert np.array_equal(before[name].sel(plant="fjord").values, after[name].sel(plant="fjord").values)


def test_a_counterfactual_has_the_same_draws_so_that_no_shock_is_no_difference(changed):
    """In March, before the storm, every member exports the same with it and without."""
    study = changed(*RANGES, ("start: 2030-03\n    end: 2030-04", "start: 2030-03\n    end: 2030-03"))
    found = simulate(study, members=30, seed=7)
    assert np.array_equal(found.counterfactuals["calm"], found.arrays["exports"].sel(period="2030-03").values[:, 0])


def test_without_the_storm_no_member_makes_less(changed):
    study = changed(*RANGES, ('quantity: "30 container/month', 'quantity: "3000 container/month'))
    found = simulate(study, members=30, seed=7)
    with_storm = found.arrays["exports"].sel(period=["2030-03", "2030-04"]).sum("period").values[:, 0]
    assert np.all(found.counterfactuals["calm"] > with_storm)


def test_progress_counts_members(changed, monkeypatch):
    monkeypatch.setattr(ensemble, "CHUNK", 8)
    seen = []
    simulate(changed(), members=20, seed=1, on_progress=seen.append)
    assert seen == [8, 16, 20]


def test_drawn_figures_stay_in_their_ranges_and_fill_them(changed):
    arrays = simulate(changed(*RANGES), members=2000, seed=3).arrays
    capacity = arrays["capacity"].sel(period="2030-06").values * 12
    assert 1000 <= capacity.min() < 1010
    assert 1390 < capacity.max() <= 1400
    good = arrays["yield_rate"].sel(period="2030-06").values
    assert (good.min() >= 0.8, good.max() <= 0.95) == (True, True)
    # a triangle from 80 over 90 to 95 has its mean at their mean
    assert good.mean() == pytest.approx((0.8 + 0.9 + 0.95) / 3, abs=0.003)
