"""The files of a fleet, in parts that are whole or not there, so that a killed call goes on where it stopped.

::

    fleet.json                 what the fleet is: version, hashes of assets, prices and options, the parts
    assets.csv                 the assets in the units of the engine
    results/part-00000.parquet   one row a pair, in the order price year, then asset
    schedules/part-00000.parquet one row a step, where schedules were asked for
    summary.json, summary.csv  written last

A part holds a number of pairs that follows from the fleet alone, never from the number of workers. DuckDB writes it
beside its place; its name is given when it is whole, the results after the schedules.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cell2grid.errors import RunFolderError
from cell2grid.evidence.keeping.duckdb_files import copied, duckdb_here
from cell2grid.files import made_whole, write_whole
from cell2grid.run.fleet.pairs import RESULTS, SCHEDULES, Pair

FORMAT = 1
MANIFEST = "fleet.json"
PAIRS_OF_A_PART = 100
STEPS_OF_A_PART = 500_000  # where the schedules are written too
_OURS = ("results", "schedules", "assets.csv", "summary.json", "summary.csv", MANIFEST)
_LOCK = ".fleet.lock"


class Part(NamedTuple):
    """The pairs ``first`` to ``last``, the last not counted."""

    number: int
    first: int
    last: int

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"part-{self.number:05d}.parquet"


def parts_of(steps: Sequence[int], assets: int, *, with_schedules: bool) -> list[Part]:
    """The parts of the pairs of price years of so many ``steps`` with so many assets.

    >>> parts_of([8760, 8784], 120, with_schedules=False)[-1]
    Part(number=2, first=200, last=240)
    """
    parts: list[Part] = []
    total = len(steps) * assets
    first = 0
    while first < total:
        last = min(first + PAIRS_OF_A_PART, total)
        if with_schedules:
            written, end = steps[first // assets], first + 1
            while end < last and written + steps[end // assets] <= STEPS_OF_A_PART:
                written += steps[end // assets]
                end += 1
            last = end
        parts.append(Part(len(parts), first, last))
        first = last
    return parts


def digest(document: Any) -> str:
    """The hash of a document that JSON can hold; the order of its keys does not matter."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@contextmanager
def fleet_folder(place: Path, identity: Mapping[str, Any], *, fresh: bool) -> Iterator[Path]:
    """The folder of a fleet, ours alone while the block runs, with the manifest of ``identity`` in it.

    Raises
    ------
    RunFolderError
        It is a file, holds something else or another fleet, is in use, or cannot be written.
    """
    from filelock import FileLock, Timeout

    place = place.absolute()
    _refuse(place, identity, fresh=fresh)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / _LOCK, timeout=0):
            if fresh:
                _clear(place)
            for left in (*place.glob(".*.partial-*"), *place.glob("*/.*.partial-*")):
                left.unlink(missing_ok=True)
            if not (place / MANIFEST).is_file():
                write_whole(place / MANIFEST, json.dumps(identity, ensure_ascii=False, indent=1) + "\n")
            yield place
        (place / _LOCK).unlink(missing_ok=True)
    except Timeout:
        raise RunFolderError(f"another call is writing to '{place}'; wait for it, or give another --out") from None
    except OSError as error:
        raise RunFolderError(f"'{place}' cannot be written: {error.strerror or error}; give another --out") from None


def finished(place: Path, part: Part, *, with_schedules: bool) -> bool:
    """Whether the files of a part are there and whole."""
    files = [place / "results" / part.file, *([place / "schedules" / part.file] if with_schedules else [])]
    return all(file.is_file() for file in files) and _rows(files[0]) == part.last - part.first


def write_part(place: Path, part: Part, pairs: Sequence[Pair], *, with_schedules: bool) -> None:
    """Write the files of a part, its schedules first.

    Raises
    ------
    OSError
        The disk refuses.
    """
    import pandas as pd

    if with_schedules:
        frames = [_schedule_frame(pair) for pair in pairs if pair.schedule is not None]
        empty = pd.DataFrame(columns=list(SCHEDULES))
        _write(place / "schedules" / part.file, pd.concat(frames) if frames else empty, SCHEDULES)
    _write(place / "results" / part.file, pd.DataFrame([pair.row for pair in pairs], columns=list(RESULTS)), RESULTS)


def _schedule_frame(pair: Pair) -> Any:
    import pandas as pd

    of = {name: pair.row[name] for name in ("asset", "series", "year")}
    return pd.DataFrame({**of, **(pair.schedule or {})})[list(SCHEDULES)]


def _write(file: Path, frame: Any, columns: Mapping[str, str]) -> None:
    typed = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    # one thread, so that the bytes are the same each time
    with made_whole(file) as partial, duckdb_here(threads=1) as engine:
        engine.register("frame", frame)
        copied(engine, f"SELECT {typed} FROM frame", partial)


def _rows(file: Path) -> int:
    import duckdb

    try:
        with duckdb_here(threads=1) as engine:
            return int(engine.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(file)]).fetchone()[0])
    except (duckdb.Error, OSError):
        return -1


def _refuse(place: Path, identity: Mapping[str, Any], *, fresh: bool) -> None:
    """Refuse a folder that holds anything but this fleet, or a fleet that may be begun again."""
    if place.exists() and not place.is_dir():
        raise RunFolderError(f"'{place}' is a file; give a folder as --out")
    entries = [each.name for each in place.iterdir()] if place.exists() else []
    if not [name for name in entries if name != _LOCK and not name.startswith(f".{MANIFEST}.partial-")]:
        return
    held = _manifest(place)
    if held is None:
        raise RunFolderError(f"'{place}' holds something that is not a fleet of cell2grid; give another --out")
    if fresh:
        return
    called = {"fleet": "the form of its files", "cell2grid": "the version of cell2grid", "counts": "size"}
    other = [called.get(name, name) for name in identity if held.get(name) != identity[name]]
    if other:
        raise RunFolderError(
            f"'{place}' holds a fleet that differs in {', '.join(other)}; "
            "give another --out, or --fresh to begin again and lose what it holds"
        )


def _manifest(place: Path) -> dict[str, Any] | None:
    """The manifest of a fleet; None where the folder is none."""
    try:
        document = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and "fleet" in document else None


def _clear(place: Path) -> None:
    """Take away what a fleet writes, its manifest last, and nothing else."""
    for name in _OURS:
        entry = place / name
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)
