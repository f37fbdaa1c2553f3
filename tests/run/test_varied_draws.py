"""A variant draws all that it shares with its study as the study does, however members are spread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import StudyError
from cell2grid.run.ensemble import drawn_members, simulate
from cell2grid.run.inputs.streams import row_names, stream_of
from cell2grid.run.varied import on_common_draws, variant, variation, varied
from cell2grid.study.edits.editing import edited
from cell2grid.study.loader import load_study, parse_study
from cell2grid.study.model import Study
from cell2grid.study.quantity import ranges
from cell2grid.study.refusals import dotted

TEXT = (Path(__file__).parents[1] / "study" / "rivals.yaml").read_text(encoding="utf-8")
WAYS = ("random", "sobol", "latin-hypercube")


def rivals(sampling: str = "random") -> Study:
    return parse_study(f"{TEXT}sampling: {sampling}\n").changed(calibration=None)


def shares(study: Study) -> dict[str, np.ndarray]:
    """Where each of 16 members lies in each range of the study."""
    figures = drawn_members(study, 5, 16, 0, 16, None)()
    return {path: figures.share(path) for path, _ in ranges(study)}


@pytest.mark.parametrize("sampling", WAYS)
@pytest.mark.parametrize(
    "without",
    [
        ("duties.0",),
        ("duties.1",),
        ("duties.extra", "lanes.0"),
        ("plants.halle",),
        ("firms.north",),
        ("correlations.0",),
    ],
)
def test_what_is_left_keeps_its_draws(sampling: str, without: tuple[str, ...]) -> None:
    study = rivals(sampling)
    if "lanes.0" in without:
        study = study.changed(orders={})
    found = edited(study, without=without)
    left, before = shares(varied(study, without=without)), shares(study)
    assert left
    for path in left:
        old = dotted(found.before(tuple(int(part) if part.isdigit() else part for part in path.split("."))) or ())
        if without == ("correlations.0",) and "capacity" in path:
            continue
        assert left[path] == pytest.approx(before[old], abs=1e-15), path


def test_a_correlation_that_is_left_out_is_no_longer_drawn() -> None:
    def apart(study: Study) -> bool:
        drawn = shares(study)
        ranks = [np.argsort(np.argsort(drawn[f"plants.{name}.capacity"])) for name in ("umea", "halle")]
        return bool(abs(np.corrcoef(*ranks)[0, 1]) < 0.6)

    strong = rivals().changed(correlations=(rivals().correlations[0].changed(value=0.95),))
    assert not apart(strong)
    assert apart(varied(strong, without=["correlations.0"]))


def test_rows_that_say_the_same_keep_their_own_names() -> None:
    study = rivals()
    twins = study.changed(correlations=(), duties=(study.duties[2], study.duties[2].changed(rate=study.duties[1].rate)))
    second = {stream_of(row_names(twins), f"duties.{row}.rate") for row in (0, 1)}
    assert len(second) == 2
    for row in (0, 1):
        kept = stream_of(row_names(twins), f"duties.{1 - row}.rate")
        assert stream_of(row_names(varied(twins, without=[f"duties.{row}"])), "duties.0.rate") == kept


def test_a_changed_row_is_drawn_as_before() -> None:
    study = rivals()
    other = varied(study, change={"duties.0.start": "2031-02 [assumed: y]"})
    assert shares(other)["duties.0.rate"] == pytest.approx(shares(study)["duties.0.rate"])


def test_a_variant_of_a_variant_keeps_the_draws_of_the_first() -> None:
    study = rivals("sobol")
    twice = varied(varied(study, without=["duties.0"]), without=["plants.halle"])
    once = varied(study, without=["duties.0", "plants.halle"])
    assert {path: list(part) for path, part in shares(twice).items()} == {
        path: list(part) for path, part in shares(once).items()
    }


def test_a_study_and_its_variant_are_put_on_the_same_dimensions() -> None:
    study = rivals("sobol")
    other = varied(study, change={"plants.kiruna.capacity": "20 .. 40 cell/month [assumed: y]"})
    one, two = on_common_draws(study, other)
    assert shares(one)["plants.umea.capacity"] == pytest.approx(shares(two)["plants.umea.capacity"], abs=1e-15)
    back = on_common_draws(other, study)
    assert shares(back[1])["plants.umea.capacity"] == pytest.approx(shares(one)["plants.umea.capacity"], abs=1e-15)


def test_what_a_run_wrote_of_a_variant_is_drawn_alike_when_it_is_read_again() -> None:
    left = varied(rivals("sobol"), without=["duties.0"])
    again = Study.model_validate_json(left.model_dump_json(by_alias=True, exclude_none=True))
    assert again == left
    one, other = shares(left), shares(again)
    assert all(np.array_equal(one[path], other[path]) for path in one)


def test_nothing_left_out_is_the_study_itself() -> None:
    for name in ("giga-shanghai-2022", "shanghai-megapack"):
        study = load_study(name).study
        assert varied(study) == study.changed(variants={})


def test_members_of_a_run_stay_the_same_where_nothing_touches_them() -> None:
    study = rivals("sobol")
    one = simulate(study, members=32, seed=2).arrays["output"].sel(plant="kiruna")
    other = simulate(varied(study, without=["plants.halle"]), members=32, seed=2).arrays["output"].sel(plant="kiruna")
    assert np.array_equal(one.values, other.values)


def test_a_variant_by_name_and_one_that_there_is_not() -> None:
    study = parse_study(TEXT + "variants: {calm: {title: No fire, without: [shocks.fire]}}\n")
    found = variant(study, "calm")
    assert found.title == "No fire"
    assert "fire" not in found.study.shocks
    assert found.document()["without"] == ["shocks.fire"]
    assert variation(study, without=["shocks.fire"]).study == found.study
    with pytest.raises(StudyError, match="did you mean 'calm'"):
        variant(study, "clam")
