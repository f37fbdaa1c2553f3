"""One suite for all studies and technologies that ship; a new one gets it for free."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import load_study
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.schema import DIALECT, study_schema
from cell2grid.study.shipped import SCHEMA_FILE, copy_study, library, page_path, read_technology, shipped_studies
from cell2grid.study.yaml_tree import load_tree

STUDIES = sorted(shipped_studies())
VALIDATOR = jsonschema.Draft202012Validator(study_schema())

# one golden row for each technology: a figure in the unit of the nomenclature, and its sources
GOLDEN = {
    "battery-cell-plant": ("yield_rate", "ratio", 0.88, ["porsche-consulting", "fraunhofer-ffb", "assumed"]),
    "car-plant": ("availability", "ratio", 0.95, ["assumed"]),
    "lfp-2h": ("fade", "ratio/year", 0.025, ["assumed"]),
    "lfp-4h": ("efficiency_charge", "ratio", 0.922, ["nrel-atb-2024", "assumed"]),
    "storage-assembly": ("availability", "ratio", 0.9, ["assumed"]),
}


def _lists(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _lists(value) for key, value in part.items()}
    return [_lists(value) for value in part] if isinstance(part, tuple) else part


@pytest.mark.parametrize("name", STUDIES)
def test_study_is_called_as_its_file_and_has_a_title(name: str) -> None:
    study = load_study(name).study
    assert study.study == name
    assert study.title


@pytest.mark.parametrize("name", STUDIES)
def test_study_begins_with_the_line_that_editors_read(name: str) -> None:
    first, *_ = load_study(name).text.splitlines()
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE}"


@pytest.mark.parametrize("name", STUDIES)
def test_study_is_valid_by_the_schema_too(name: str) -> None:
    errors = [
        f"{list(error.path)}: {error.message}" for error in VALIDATOR.iter_errors(_lists(load_study(name).tree.value))
    ]
    assert errors == []


@pytest.mark.parametrize("name", STUDIES)
def test_every_figure_has_a_source_and_every_source_is_used(name: str) -> None:
    study = load_study(name).study
    cited = {reference.source for _, figure in figures(study) for reference in figure.sources}
    assert all(figure.sources for _, figure in figures(study))
    assert set(study.sources) <= cited, "a source that no figure cites"


@pytest.mark.parametrize("name", STUDIES)
def test_pages_of_the_sources_ship(name: str) -> None:
    loaded = load_study(name)
    for key, source in loaded.study.sources.items():
        if source.page is not None:
            assert page_path(source.page, loaded.path) is not None, key


@pytest.mark.parametrize("name", STUDIES)
def test_no_observation_is_an_input(name: str) -> None:
    study = load_study(name).study
    inputs = _numbers(study.changed(observations={}, counterfactuals={}))
    assert not _numbers(study.observations) & inputs


def _numbers(part: Any) -> set[tuple[float, str]]:
    found = [figure for _, figure in figures(part) if isinstance(figure, Quantity)]
    return {(figure.value, figure.unit) for figure in found}


@pytest.mark.parametrize("name", STUDIES)
def test_copy_of_a_study_is_read_as_the_study(name: str, tmp_path: Path) -> None:
    files = copy_study(name, tmp_path / "mine")
    assert load_study(files[0]).study == load_study(name).study
    copied = load_tree(files[0])
    schema = tmp_path / "mine" / copied.text.split("$schema=")[1].split("\n")[0]
    assert schema.is_file()
    for source in copied.value["sources"].values():
        assert "page" not in source or (tmp_path / "mine" / source["page"]).is_file()
    with pytest.raises(StudyError, match="is already there"):
        copy_study(name, tmp_path / "mine")
    assert copy_study(name, tmp_path / "mine", overwrite=True) == files


def test_copy_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no study 'shanghai' ships"):
        copy_study("shanghai", tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StudyError, match="cannot be written"):
        copy_study(STUDIES[0], tmp_path / "file" / "below")


def test_the_assumed_project_is_not_tied_to_a_real_one() -> None:
    text = load_study("shanghai-megapack").text
    assert "tongliao" not in text.casefold()
    assert all(
        project.name and "assumed" in project.name
        for project in load_study("shanghai-megapack").study.projects.values()
    )


def test_every_technology_has_a_golden_row() -> None:
    assert set(library()) == set(GOLDEN)


@pytest.mark.parametrize("name", sorted(library()))
def test_technology_gives_its_golden_figure(name: str) -> None:
    field, unit, value, sources = GOLDEN[name]
    figure = getattr(library()[name].technology, field)
    assert figure.to(unit).mode == pytest.approx(value, rel=1e-12)
    assert [reference.source or "assumed" for reference in figure.sources] == sources


@pytest.mark.parametrize("name", sorted(library()))
def test_technology_cites_its_own_sources(name: str) -> None:
    file = library()[name]
    cited = {reference.source for _, figure in figures(file) for reference in figure.sources if reference.source}
    assert all(figure.sources for _, figure in figures(file))
    assert cited == set(file.sources)
    assert file.technology.name


def test_a_broken_technology_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text('technology:\n  kind: storage\n  efficiency_charge: "1.2 ratio [assumed: x]"\n', encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_technology(path)
    assert f"{path}:3:22: technology.efficiency_charge: 1.2 ratio is above 1 ratio" in str(caught.value)
    assert "technology: 'efficiency_discharge' is missing" in str(caught.value)


def test_a_page_outside_the_folder_of_the_study_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x")
    study = tmp_path / "inside" / "study.yaml"
    study.parent.mkdir()
    study.write_text("x")
    (study.parent / "page.md").write_text("x")
    assert page_path("page.md", study) == study.parent / "page.md"
    assert page_path("../secret.md", study) is None
    assert page_path(str(tmp_path / "secret.md"), study) is None


def test_schema_file_is_what_the_models_say() -> None:
    import json

    path = shipped_studies()[STUDIES[0]].parent / SCHEMA_FILE
    assert json.loads(path.read_text(encoding="utf-8")) == study_schema(), "run: cell2grid schema > that file"


def test_schema_is_valid_and_tells_what_every_field_means() -> None:
    schema = study_schema()
    assert schema["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema)
    for where, node in _objects(schema):
        for key, field in node.get("properties", {}).items():
            assert field.get("description") or "$ref" in field, f"{where}.{key}"


def test_schema_refuses_what_the_models_refuse_of_one_value(small_text: str) -> None:
    from cell2grid.study.yaml_tree import parse_tree

    assert list(VALIDATOR.iter_errors(_lists(parse_tree(small_text).value))) == []
    for old, new in [
        ('"120000 pack/year [page]"', "120000"),
        ('"120000 pack/year [page]"', '"many packs [page]"'),
        ("capacity: ", "capcity: "),
        ("curve: linear", "curve: lineal"),
        ("end: 2027-12}", "end: 2027-13}"),
        ("  packs:\n", "  'the packs':\n"),
    ]:
        tree = parse_tree(small_text.replace(old, new, 1))
        assert list(VALIDATOR.iter_errors(_lists(tree.value))), new


def _objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "study", schema
    yield from schema["$defs"].items()
