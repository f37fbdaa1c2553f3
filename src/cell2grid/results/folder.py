"""What a run found, written into a folder and read from it, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cell2grid.errors import EngineError, RunFolderError
from cell2grid.files import put_in_place
from cell2grid.results.arrays import check_arrays, read_arrays, write_arrays
from cell2grid.results.columns import OPTIONAL, TABLES
from cell2grid.results.place import clear_partial
from cell2grid.results.tables import check_columns, read_tables, write_tables

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FORMAT = 1
_FILES = ("study.json", "results.nc", "evidence.json", "manifest.json")


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a run found: the study as it was run, arrays, tables, the manifest and the evidence.

    ``study_json`` is the text of ``study.json``; ``Study.model_validate_json`` makes a study of it. ``arrays`` is None
    where only the tables were read.
    """

    study_json: str
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    evidence: Mapping[str, Any]
    arrays: xr.Dataset | None = None

    @property
    def name(self) -> str:
        """The study's name."""
        return str(self.manifest["study"])


def write_results(results: Results, folder: Path, *, replace_other: bool = False) -> Path:
    """The folder, as an absolute path, in which the results now lie.

    Parameters
    ----------
    folder
        A new or empty folder, or a run folder of the same study, which is replaced.
    replace_other
        Replace a run folder of another study too.

    Raises
    ------
    RunFolderError
        The folder holds something else, or cannot be written.
    EngineError
        An array or a table is not as the nomenclature or ``TABLES`` says.
    """
    place = Path(folder).absolute()
    check_place(place, results.name, replace_other=replace_other)
    check_arrays(results.arrays, EngineError)
    for name, frame in results.tables.items():
        check_columns(name, list(frame.columns), EngineError)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        clear_partial(place)
        partial = place.parent / f".{place.name}.partial-{os.getpid()}"
        try:
            _write_files(results, partial)
            put_in_place(partial, place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise RunFolderError(
            f"run folder '{folder}' cannot be written: {error.strerror or error}; give another --out"
        ) from None
    return place


def check_place(folder: Path, study: str, *, replace_other: bool = False) -> None:
    """Refuse a folder in which a run of ``study`` must not be written.

    Raises
    ------
    RunFolderError
        It is a file, a folder that is not a run folder, or a run folder of another study.
    """
    place = Path(folder).absolute()
    if not place.exists():
        return
    if not place.is_dir():
        raise RunFolderError(f"'{folder}' is a file; give a folder as --out")
    if not any(place.iterdir()):
        return
    if not (place / "manifest.json").is_file():
        raise RunFolderError(f"'{folder}' holds something that is not a cell2grid run; give another --out")
    held = _read_json(place, "manifest.json").get("study")
    if "cell2grid" not in _read_json(place, "manifest.json"):
        raise RunFolderError(f"'{folder}' holds something that is not a cell2grid run; give another --out")
    if held != study and not replace_other:
        raise RunFolderError(
            f"'{folder}' holds a run of study '{held}', not of '{study}'; give another --out, or --force"
        )


def read_results(folder: Path, *, with_arrays: bool = False) -> Results:
    """The results that lie in a run folder.

    Parameters
    ----------
    with_arrays
        Read ``results.nc`` too, which the tables do without.

    Raises
    ------
    RunFolderError
        The folder is missing, partial, of another version, or a file in it is not what it should be.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RunFolderError(f"there is no run folder '{folder}'; make one with cell2grid run STUDY --out {folder}")
    missing = [name for name in _FILES if not (folder / name).is_file()]
    needed = [name for name in TABLES if name not in OPTIONAL]
    missing += [f"tables/{name}.parquet" for name in needed if not (folder / "tables" / f"{name}.parquet").is_file()]
    if missing:
        raise RunFolderError(
            f"run folder '{folder}' is not whole: {', '.join(missing)} is missing; run the study again"
        )
    manifest = _read_json(folder, "manifest.json")
    if manifest.get("format") != FORMAT:
        raise RunFolderError(
            f"run folder '{folder}' has format {manifest.get('format')}, this version reads {FORMAT};"
            " run the study again"
        )
    _read_json(folder, "study.json")
    return Results(
        study_json=(folder / "study.json").read_text(encoding="utf-8"),
        tables=MappingProxyType(read_tables(folder)),
        manifest=MappingProxyType(manifest),
        evidence=MappingProxyType(_read_json(folder, "evidence.json")),
        arrays=read_arrays(folder) if with_arrays else None,
    )


def _write_files(results: Results, folder: Path) -> None:
    (folder / "tables").mkdir(parents=True)
    (folder / "study.json").write_text(results.study_json, encoding="utf-8")
    _write_json(folder / "evidence.json", results.evidence)
    if results.arrays is not None:
        write_arrays(results.arrays, folder / "results.nc")
    write_tables(results.tables, folder / "tables")
    _write_json(folder / "manifest.json", results.manifest)


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(dict(document), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{folder / name} cannot be read: {error}; run the study again") from None
    if not isinstance(document, dict):
        raise RunFolderError(f"{folder / name} does not hold an object; run the study again")
    return document
