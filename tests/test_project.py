"""What holds for the project as a whole: locks, the public list, docs, equations and examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cell2grid
from cell2grid.nomenclature import variables

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted((ROOT / "docs").rglob("*.md"))
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_with_hashes_and_hold_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = re.findall(r"^([\w.-]+)==\S+(?: ;[^\\]*)? \\\n    --hash=sha256:", text, flags=re.MULTILINE)
    names = re.findall(r"^([\w.-]+)(?:==| @)", text, flags=re.MULTILINE)
    assert names
    assert pinned == names
    assert "//" not in text
    assert not (ROOT / "uv.lock").exists()


def test_public_list_is_sorted_and_every_name_can_be_had() -> None:
    assert list(cell2grid.__all__) == sorted(cell2grid.__all__)
    for name in cell2grid.__all__:
        assert getattr(cell2grid, name) is not None
    assert set(cell2grid.__all__) <= set(dir(cell2grid))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = cell2grid.no_such_name


def test_docs_name_each_public_entry() -> None:
    reference = (ROOT / "docs/reference/python.md").read_text(encoding="utf-8")
    missing = [name for name in cell2grid.__all__ if name != "__version__" and f"`{name}`" not in reference]
    assert not missing


def test_docs_name_each_command() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "cell2grid", "--help"], capture_output=True, text=True, check=True, env=_plain()
    ).stdout
    commands = re.findall(r"^│ ([a-z]+) ", listed, flags=re.MULTILINE)
    pages = {path.stem for path in (ROOT / "docs/how-to").glob("*.md")}
    assert len(commands) >= 12
    assert not [name for name in commands if name not in pages]


def test_every_equation_is_on_its_page_and_pinned_by_a_test_that_exists() -> None:
    for row in variables().values():
        if row.equation is None:
            continue
        page, anchor = row.equation.split("#")
        text = (ROOT / f"docs/formulation/{page}.md").read_text(encoding="utf-8")
        sections = re.split(r"^##+ ", text, flags=re.MULTILINE)
        section = next((part for part in sections if part.splitlines()[0].strip().strip("`") == anchor), None)
        assert section is not None, f"docs/formulation/{page}.md has no heading '{anchor}'"
        assert "{math}" in section, f"{row.equation} shows no equation"
        pinned = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", section)
        assert pinned, f"{row.equation} names no test"
        for path, test in pinned:
            assert re.search(rf"^def {test}\(", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_what_engines_write_has_an_equation() -> None:
    from cell2grid.engines import ENGINES, engine

    written = {name for key in ENGINES for name in engine(key).WRITES}
    assert not sorted(name for name in written if variables()[name].equation is None)


def test_docs_build_without_warnings(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", str(ROOT / "docs"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "index.html").exists()


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_examples_print_what_stands_beside_them(script: Path, tmp_path: Path) -> None:
    expected = script.with_suffix(".txt").read_text(encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path, env=_plain()
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == expected


def test_the_readme_example_and_study_run(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    study = re.search(r"```yaml\n(.*?)```", readme, flags=re.DOTALL)
    example = re.search(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    assert study is not None
    assert example is not None
    assert len(study.group(1).splitlines()) <= 14
    (tmp_path / "plant.yaml").write_text(study.group(1), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", example.group(1)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=_plain(),
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()


def _plain() -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb"}
