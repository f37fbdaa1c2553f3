from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from cell2grid.study.loader import load_study
from cell2grid.study.schema import study_schema
from cell2grid.study.shipped import library, shipped_studies

Called = Callable[..., tuple[int, str, str]]


def test_schema_is_one_json_document(called: Called) -> None:
    for arguments in (["schema"], ["schema", "--json"]):
        status, out, err = called(*arguments)
        assert (status, err) == (0, "")
        assert json.loads(out) == study_schema()


def test_studies_that_ship_are_listed(called: Called) -> None:
    status, out, _ = called("studies")
    assert status == 0
    assert all(name in out for name in (*shipped_studies(), *library()))
    status, out, err = called("studies", "--json")
    assert (status, err) == (0, "")
    listed = json.loads(out)
    assert [row["name"] for row in listed["studies"]] == list(shipped_studies())
    assert {"name": "lfp-4h", "kind": "storage", "title": "Lithium iron phosphate, 4 hours"} in listed["technologies"]


def test_a_copied_study_is_ready_to_run(called: Called, tmp_path: Path) -> None:
    status, out, err = called("studies", "copy", "giga-shanghai-2022", tmp_path / "mine", "--json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert load_study(document["study"]).study == load_study("giga-shanghai-2022").study
    assert all(Path(file).is_file() for file in document["files"])
    status, out, err = called("studies", "copy", "giga-shanghai-2022", tmp_path / "mine")
    assert (status, out) == (2, "")
    assert "is already there; copy to another folder, or overwrite with --force" in err
    status, out, err = called("studies", "copy", "giga-shanghai-2022", tmp_path / "mine", "--force")
    assert (status, err) == (0, "")
    assert "cell2grid run" in out


def test_an_unknown_study_is_one_line_with_the_nearest_name(called: Called, tmp_path: Path) -> None:
    status, out, err = called("studies", "copy", "giga-shanghai", tmp_path)
    assert (status, out) == (2, "")
    assert err == "error: no study 'giga-shanghai' ships; did you mean 'giga-shanghai-2022'?\n"
