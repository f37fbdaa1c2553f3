"""Parts of a study left out and figures changed: what goes with them, what is refused, and at which line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import StudyError
from cell2grid.study.edits.editing import edited
from cell2grid.study.edits.paths import part_at, place_for
from cell2grid.study.loader import load_study, parse_study
from cell2grid.study.model import Study
from cell2grid.study.quantity import figures
from cell2grid.study.refusals import dotted
from cell2grid.study.rules import check
from cell2grid.study.shipped import shipped_studies

RIVALS = (Path(__file__).parent / "rivals.yaml").read_text(encoding="utf-8")

STRIKE = """
region: SE
leaves: "5 % [assumed: y]"
start: "2031-04 [assumed: y]"
lasts: "9 day [assumed: y]"
"""


@pytest.fixture(scope="module")
def rivals() -> Study:
    return parse_study(RIVALS)


def test_a_plant_goes_with_its_orders_shocks_observations_and_cases(rivals: Study) -> None:
    found = edited(rivals, without=["plants.umea"])
    left = found.study
    assert set(left.plants) == {"kiruna", "halle"}
    assert not left.orders
    assert not left.observations
    assert not left.supplies
    assert not left.counterfactuals
    assert left.calibration is None
    assert set(left.shocks) == {"flood"}
    assert left.groups == {"nordic": ("kiruna",), "all": ("kiruna", "halle")}
    assert [row.between for row in left.correlations] == [("duties.1.rate", "duties.2.rate")]
    told = " ".join(found.notes)
    for part in (
        "orders.first",
        "shocks.fire",
        "observations.seen",
        "counterfactuals.calm",
        "calibration",
        "supplies.0",
    ):
        assert part in told, part


def test_a_firm_goes_with_its_plants_stakes_and_duties(rivals: Study) -> None:
    left = edited(rivals, without=["firms.north"]).study
    assert set(left.firms) == {"south", "fund"}
    assert set(left.plants) == {"halle"}
    assert [stake.company for stake in left.stakes] == ["south"]
    assert [duty.firm for duty in left.duties] == [None, None]
    assert left.groups == {"all": ("halle",)}


def test_a_shock_leaves_a_counterfactual_that_has_another(rivals: Study) -> None:
    left = edited(rivals, without=["shocks.fire"]).study
    assert left.counterfactuals["calm"].without == ("flood",)
    assert not edited(rivals, without=["shocks.fire", "shocks.flood"]).study.counterfactuals


def test_rows_go_by_number_and_by_name_and_paths_follow(rivals: Study) -> None:
    left = edited(rivals, without=["duties.0"]).study
    assert [duty.rate.text for duty in left.duties if duty.rate] == ["3 .. 4 percent", "5 .. 6 percent"]
    # the second is the first now
    assert left.correlations[1].between == ("duties.0.rate", "duties.1.rate")
    assert [duty.name for duty in edited(rivals, without=["duties.extra"]).study.duties] == [None, None]
    two = edited(rivals, without=["duties.0", "duties.2"]).study
    assert [duty.name for duty in two.duties] == ["extra"]


def test_changes_and_what_is_new(rivals: Study) -> None:
    left = edited(
        rivals,
        change={
            "plants.umea.capacity": "70 cell/month [assumed: y: z]",
            "plants.kiruna.ramp": "{curve: linear, months_to_nameplate: '3 month [assumed: y]'}",
            "plants.halle.allocation": "[{quarter_months: [1], first: home}]",
            "members": "17",
            "shocks.strike": STRIKE,
            "duties.3": "{destination: DE, rate: '1 percent [assumed: y]', start: '2031-02 [assumed: y]'}",
            "firms.fund.name": "The Fund",
            "calibration": "null",
        },
    ).study
    capacity = left.plants["umea"].capacity
    assert capacity is not None
    assert str(capacity) == "70 cell/month [assumed: y: z]"
    assert left.plants["kiruna"].ramp is not None
    assert left.plants["kiruna"].ramp.curve == "linear"
    assert left.members == 17
    assert len(left.duties) == 4
    assert left.firms["fund"].name == "The Fund"
    assert left.calibration is None
    assert "strike" in left.shocks
    # a figure that is one number now is correlated with nothing
    assert [row.between for row in left.correlations] == [("duties.1.rate", "duties.2.rate")]


def test_an_optional_part_can_be_made_one_figure_at_a_time(rivals: Study) -> None:
    left = edited(rivals, change={"plants.umea.ramp.curve": "immediate"}).study
    assert left.plants["umea"].ramp is not None
    assert left.plants["umea"].ramp.curve == "immediate"


@pytest.mark.parametrize(
    ("without", "change", "words"),
    [
        (["plants.umee"], {}, ["no 'plants.umee'", "did you mean 'plants.umea'?"]),
        (["umea"], {}, ["did you mean 'plants.umea'?"]),
        (["duties.7"], {}, ["no 'duties.7'"]),
        (["plants.umea.capacity.text"], {}, ["is one figure and has no parts"]),
        (["regions.DE"], {}, ["without regions.DE", "firms.south.region", "leave that out too"]),
        (["plants.halle.makes"], {}, ["plants.halle", "'makes' is missing"]),
        (["plants.umea"], {"plants.umea.capacity": "1 cell/month [assumed: x]"}, ["keep one of the two"]),
        ([], {"plants.umea.capacty": "1 cell/month [assumed: x]"}, ["did you mean 'plants.umea.capacity'?"]),
        ([], {"plants.umea.capacity.more": "1"}, ["nothing can be changed at"]),
        ([], {"plants.umea.capacity": "5 EUR [assumed: x]"}, ["plants.umea.capacity", "is in EUR"]),
        ([], {"plants.umea.capacity": "5 cell/month"}, ["has no source"]),
        ([], {"plants.umea.capacity": "? cell/month"}, ["is not filled in"]),
        ([], {"plants.umea.ramp": "{curve: [}"}, ["is not YAML"]),
        ([], {"plants.new": "{owner: nobody, region: SE, makes: cell}"}, ["'nobody' is not among the firms"]),
        ([], {"members": "no"}, ["members"]),
        ([], {"plants.umea.capacity": "x" * 30_000}, ["20,000 characters"]),
        ([], {"a" * 600: "1"}, ["nothing can be changed at"]),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_step(
    rivals: Study, without: list[str], change: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(StudyError) as caught:
        edited(rivals, without=without, change=change)
    for word in words:
        assert word in str(caught.value)


def test_names_with_dots_are_read_along_the_study() -> None:
    tree = {"shocks": {"v1": {"leaves": "a"}, "v1.2": {"leaves": "b"}, "v1.2.leaves": {"leaves": "c"}}}
    assert part_at(tree, "shocks.v1.leaves") == ("shocks", "v1", "leaves")
    assert part_at(tree, "shocks.v1.2") == ("shocks", "v1.2")
    assert part_at(tree, "shocks.v1.2.leaves") == ("shocks", "v1.2.leaves")
    assert part_at(tree, "shocks.v1.2.leaves.leaves") == ("shocks", "v1.2.leaves", "leaves")
    assert place_for(tree, "shocks.new") == ("shocks", "new")


def left_or_words(study: Study, part: str) -> Study | str:
    try:
        return edited(study, without=[part]).study
    except StudyError as error:
        return str(error)


@pytest.mark.parametrize("name", shipped_studies())
def test_every_named_part_is_left_out_or_refused_in_words(name: str) -> None:
    study = load_study(name).study
    for section, part in study.model_dump(by_alias=True, exclude_none=True, exclude={"variants"}).items():
        for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, tuple) else ():
            left = left_or_words(study, f"{section}.{key}")
            if isinstance(left, str):
                assert f"without {section}.{key} cannot be" in left
            else:
                check(left)
                assert Study.model_validate_json(left.model_dump_json(by_alias=True, exclude_none=True)) == left


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_change_to_what_is_there_changes_nothing(data: st.DataObject) -> None:
    study = parse_study(RIVALS)
    path, figure = data.draw(st.sampled_from(list(figures(study))))
    left = edited(study, change={dotted(path): str(figure)})
    assert left.study == study
    assert not left.notes
    assert all(left.before(where) == where for where, _ in figures(left.study))


@settings(max_examples=60, deadline=None)
@given(
    parts=st.sets(st.sampled_from(["plants.umea", "shocks.fire", "duties.0", "duties.extra", "stakes.1", "groups.all"]))
)
def test_parts_can_be_left_out_in_any_order_and_one_after_the_other(parts: set[str]) -> None:
    study = parse_study(RIVALS)
    once = edited(study, without=sorted(parts)).study
    assert edited(study, without=sorted(parts, reverse=True)).study == once
    # by name from the last on, so that no number has moved
    for part in sorted(parts, key=lambda text: (text == "duties.0", text)):
        study = _without_if_there(study, part)
    assert study == once


def _without_if_there(study: Study, part: str) -> Study:
    section, _, name = part.partition(".")
    known: Any = getattr(study, section)
    if isinstance(known, dict) and name not in known:
        return study
    return edited(study, without=[part]).study


def variant_of(text: str) -> str:
    return RIVALS + f"variants:\n  other: {text}\n"


def test_a_variant_of_the_file_is_read_and_its_errors_have_a_place() -> None:
    study = parse_study(variant_of("{title: Without Umea, without: [plants.umea]}"))
    assert study.variants["other"].without == ("plants.umea",)
    line = variant_of("").count("\n")
    for text, column, words in (
        ("{without: [plants.umee]}", 21, "did you mean 'plants.umea'?"),
        ("{change: {plants.umea.capacty: '1 cell/month [assumed: x]'}}", 20, "did you mean"),
        ("{without: [regions.DE]}", 10, "leave that out too"),
        ("{title: The same}", 10, "says nothing that is different"),
    ):
        with pytest.raises(StudyError) as caught:
            parse_study(variant_of(text), name="rivals.yaml")
        assert str(caught.value).startswith(f"rivals.yaml:{line}:{column}: variants.other"), str(caught.value)
        assert words in str(caught.value)


def test_too_many_variants_are_refused_before_they_are_made() -> None:
    many = json.dumps({f"v{number}": {"without": ["shocks.fire"]} for number in range(201)})
    with pytest.raises(StudyError, match="the most is 200"):
        parse_study(RIVALS + f"variants: {many}\n")
