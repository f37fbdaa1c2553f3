"""What ships with the package: studies, the library of technologies, and the pages that they cite.

A study that ships is called by its name; a technology of the library is used by naming it. The models are in
``model.py``, reading and checking in ``loader.py``.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.model import PlantTechnology, Source, StorageTechnology, Study, Technology
from cell2grid.study.quantity import Frozen
from cell2grid.study.refusals import model_problems, near, refusal
from cell2grid.study.yaml_tree import load_tree

SCHEMA_FILE = "study.schema.json"


def _folder(*parts: str) -> Path:
    return Path(str(resources.files("cell2grid"))).joinpath(*parts)


def shipped_studies() -> Mapping[str, Path]:
    """The studies of the package by name, sorted."""
    return MappingProxyType({path.stem: path for path in sorted(_folder("study", "studies").glob("*.yaml"))})


def study_path(study: Path | str) -> Path:
    """The file of a study: a path, or the name of one that ships.

    Raises
    ------
    StudyError
        There is no such file, and no study of that name ships.
    """
    path = Path(study)
    if path.is_file():
        return path
    named = str(study)
    if path.suffix in {".yaml", ".yml", ".json"} or path.parent != Path(".") or named in {"", ".", ".."}:
        raise StudyError("there is no such file; check the path", where=named)
    if named not in shipped_studies():
        raise StudyError(f"'{named}' is neither a file nor a study that ships; {_near_study(named)}")
    return shipped_studies()[named]


def _near_study(name: str) -> str:
    return near(name, shipped_studies(), what="studies that ship")


def page_path(page: str, study_file: Path) -> Path | None:
    """The page that a source names: the file beside the study, else the brief that ships; None where neither is.

    Nothing outside the study's own folder is looked at.
    """
    folder = study_file.resolve().parent
    beside = (folder / page).resolve()
    if beside.is_relative_to(folder) and beside.is_file():
        return beside
    brief = _folder("evidence", "briefs", Path(page).name)
    return brief if brief.is_file() else None


def example_project() -> Path:
    """The project file to begin with: every key that most projects have, its figures assumed or with their source."""
    return _folder("study", "projects", "example.yaml")


class LibraryFile(Frozen):
    """A file of the library: one technology and the sources of its figures."""

    technology: Technology
    sources: dict[str, Source] = {}


@cache
def library() -> Mapping[str, LibraryFile]:
    """The technologies that ship, by name.

    Raises
    ------
    StudyError
        A file of the library is not one.
    """
    files = sorted(_folder("study", "library").glob("*.yaml"))
    return MappingProxyType({path.stem: read_technology(path) for path in files})


def storage_technology(name: str) -> StorageTechnology:
    """A technology of kind storage of the library.

    Raises
    ------
    StudyError
        There is none of that name.

    >>> storage_technology("lfp-4h").kind
    'storage'
    """
    kinds = {key: file.technology for key, file in library().items() if isinstance(file.technology, StorageTechnology)}
    if name not in kinds:
        hint = near(name, kinds, what="storage technologies")
        raise StudyError(f"technology: '{name}' is no technology of kind storage; {hint}")
    return kinds[name]


def read_technology(path: Path) -> LibraryFile:
    """The technology of one library file.

    Raises
    ------
    StudyError
        The file is not YAML, or not a technology with its sources.
    """
    tree = load_tree(path)
    try:
        return LibraryFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, LibraryFile), tree) from None


def with_library(study: Study) -> Study:
    """The study with the library's technologies that it names and does not define, and their sources.

    Raises
    ------
    StudyError
        A source of the library and another one of the study have the same key.
    """
    wanted = [plant.technology for plant in study.plants.values()]
    wanted += [project.technology for project in study.projects.values()]
    technologies: dict[str, PlantTechnology | StorageTechnology] = dict(study.technologies)
    sources = dict(study.sources)
    for name in dict.fromkeys(wanted):
        if name is None or name in technologies or name not in library():
            continue
        technologies[name] = library()[name].technology
        for key, source in library()[name].sources.items():
            if sources.setdefault(key, source) != source:
                raise StudyError(
                    f"source '{key}' is another one in the library's technology '{name}'; give yours another key"
                )
    return study.changed(technologies=technologies, sources=sources)


def copy_study(name: str, folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """The files written into ``folder``: the study, its schema, and the pages that its sources name.

    Raises
    ------
    StudyError
        No study of that name ships, or a file of it is already there.
    """
    if name not in shipped_studies():
        raise StudyError(f"no study '{name}' ships; {_near_study(name)}")
    path = shipped_studies()[name]
    copies = {folder / path.name: path, folder / SCHEMA_FILE: path.parent / SCHEMA_FILE}
    for source in load_tree(path).value.get("sources", {}).values():
        page = page_path(source["page"], path) if source.get("page") else None
        if page is not None:
            copies[folder / source["page"]] = page
    present = [target for target in copies if target.exists() and target.name != SCHEMA_FILE]
    if present and not overwrite:
        raise StudyError(f"'{present[0]}' is already there; copy to another folder, or overwrite with --force")
    try:
        for target, source_file in copies.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source_file, target)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}; choose another folder"
        raise StudyError(message, where=str(folder)) from None
    return tuple(copies)
