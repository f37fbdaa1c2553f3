"""Projects of a study whose cells age: their lives in the tables, and what is said of them."""

import numpy as np
import pytest

from cell2grid.run import run_study, run_summary
from cell2grid.study.loader import load_study
from cell2grid.study.model import Ageing, Augmentation, Debt


def study_with(**parts):
    study = load_study("shanghai-megapack").study
    (name, project), *_ = study.projects.items()
    finance = project.finance.changed(**parts.pop("finance", {}))
    return study.changed(projects={name: project.changed(finance=finance, **parts)})


@pytest.fixture(scope="module")
def aged():
    ageing = Ageing.model_validate(
        {"cells": "gasper-2023-lfp-250ah", "temperature": "60 degC", "scale": "0.8 .. 1 .. 1.3 ratio"}
    )
    debt = Debt.model_validate({"rate": "5 percent/year", "tenor": "10 year", "cover": "1.4 ratio"})
    return run_study(study_with(ageing=ageing, finance={"debt": debt}), members=4)


def of(results, table, **where):
    frame = results.tables[table]
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame


def test_health_falls_year_by_year_and_faster_for_cells_that_lose_more(aged):
    health = of(aged, "life", variable="state_of_health").sort_values("year")
    assert (np.diff(health["mean"]) < 0.0).all()
    assert (health["p10"] < health["p90"]).all()
    members = aged.tables["members"].sort_values("scale")
    assert len(members) == 4
    assert members["scale"].is_monotonic_increasing
    assert members["scale"].nunique() == 4


def test_a_delay_and_a_debt_are_told(aged):
    assert of(aged, "delay")["month"].tolist() == list(range(13))
    cover = of(aged, "projects", variable="debt_cover_least")["mean"]
    assert cover.iloc[0] == pytest.approx(1.4, rel=1e-6)


def test_what_to_know_is_in_the_manifest_and_the_summary(aged, tmp_path):
    notes = run_summary(aged, tmp_path)["notes"]
    assert notes == list(aged.manifest["notes"])
    assert any("60 degC is outside 10 to 45 degC" in note and "doi.org" in note for note in notes)
    assert any("money is real" in note for note in notes)
    assert any("price years" in note for note in notes)


def test_a_store_that_is_made_good_earns_more_and_pays_for_it(aged):
    again = Augmentation.model_validate({"below": "80 percent"})
    (project, *_) = aged.tables["members"]["project"]
    study = load_study("shanghai-megapack").study
    kept = run_study(
        study_with(ageing=Ageing.model_validate({"cells": "gasper-2023-lfp-250ah"}), augmentation=(again,)), members=2
    )
    plain = run_study(study_with(ageing=Ageing.model_validate({"cells": "gasper-2023-lfp-250ah"})), members=2)
    assert list(study.projects) == [project]
    low = of(kept, "life", variable="state_of_health")["mean"].min()
    assert low > of(plain, "life", variable="state_of_health")["mean"].min()
    assert of(kept, "life", variable="augmentation_cost")["mean"].sum() > 0.0
    assert of(plain, "life", variable="augmentation_cost")["mean"].sum() == 0.0


def test_the_number_of_workers_changes_no_life(aged):
    ageing = Ageing.model_validate({"cells": "smith-2017-nmc111-kokam", "scale": "0.8 .. 1.2 ratio"})
    one, two = (run_study(study_with(ageing=ageing), members=3, workers=workers) for workers in (1, 2))
    assert one.tables["members"].equals(two.tables["members"])
    assert one.tables["life"].equals(two.tables["life"])
