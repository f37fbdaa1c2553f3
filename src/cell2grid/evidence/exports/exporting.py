"""What is exported from a store, in which formats, and where the files go: whole or not at all.

A folder gets the snapshot under the hash of its rows and the others under fixed names; a file is of the format that its
name ends in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cell2grid.errors import EvidenceError
from cell2grid.evidence.exports.bods import LeftOut, ownership
from cell2grid.evidence.exports.json_ld import document
from cell2grid.evidence.exports.json_pieces import listed, pieces
from cell2grid.evidence.exports.parquet import write_snapshot
from cell2grid.evidence.keeping.listing import Filed
from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.records import Decision
from cell2grid.files import made_whole

_ENDINGS = {"parquet": ".parquet", "json-ld": ".jsonld", "bods": ".bods.json"}
FORMATS = tuple(_ENDINGS)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an export: how many claims or statements are in it; the hash of its rows where it goes by that."""

    format: str
    path: Path
    count: int
    rows_sha256: str | None = None


@dataclass(slots=True)
class Exported:
    """The files of an export, and the claims of stakes that are no ownership statements."""

    files: list[Written] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Selection:
    """Which claims go out: those of a status, with ``tier`` the open ones of it too, as they were known at a time."""

    status: str = "accepted"
    tier: str | None = None
    as_of: str | None = None

    def of(self, store: Store) -> Iterator[Filed]:
        """The claims, in the order of the listing."""
        wider = self.tier is not None and self.status == "accepted"
        for each in store.each_filed(status="standing" if wider else self.status, as_of=self.as_of):
            if not wider or each.status == "accepted" or each.claim.tier == self.tier:
                yield each


def export(
    store: Store,
    to: str | PathLike[str],
    formats: Sequence[str] = (),
    *,
    status: str = "accepted",
    tier: str | None = None,
    as_of: str | None = None,
    today: date | None = None,
) -> Exported:
    """The files that were written, a folder with one of each format or one file, and the stakes that were left out.

    Parameters
    ----------
    store
        Where the claims are.
    to
        A file that ends in ``.parquet``, ``.jsonld`` or ``.bods.json``, or a folder, which is made.
    formats
        Of ``parquet``, ``json-ld`` and ``bods``; none means all for a folder, and what its name says for a file.
    status
        Claims of this status: accepted, open, rejected, standing, all and so on.
    tier
        With accepted claims, the open ones of this tier too.
    as_of
        The store as it was known on this day or at this time (ISO).
    today
        The day on which ownership statements say they are published, unless the claims are as of an earlier one;
        today in UTC where it is not given.

    Raises
    ------
    EvidenceError
        The name of the file does not say its format, or another than is asked for, or it cannot be written.
    """
    # what is no status or time is refused before a file is begun
    store.count(status=status, as_of=as_of, limit=1)
    if unknown := set(formats) - set(FORMATS):
        raise EvidenceError(f"there is no format '{min(unknown)}' to export to; it is one of {', '.join(FORMATS)}")
    exported, selection = Exported(), _Selection(status, tier, as_of)
    try:
        for name, place in _places(Path(to), formats).items():
            _WRITERS[name](store, place, selection, exported, today or datetime.now(UTC).date())
    except OSError as error:
        raise EvidenceError(f"'{to}' cannot be written: {error.strerror or error}") from error
    return exported


def _places(to: Path, formats: Sequence[str]) -> dict[str, Path]:
    """For each format where it goes: a file, or the folder, which is made, for what is named by its rows."""
    said = [name for name, ending in _ENDINGS.items() if to.name.lower().endswith(ending)]
    if not said and to.suffix.lower() == ".json" and len(formats) == 1 and formats[0] != "parquet":
        said = list(formats)
    if said and (not formats or list(formats) == said) and not to.is_dir():
        return {said[0]: to}
    if (to.suffix and not to.is_dir()) or to.is_file():
        endings = ", ".join(_ENDINGS.values())
        raise EvidenceError(f"'{to}' does not say one format: end it in {endings}, or name a folder for several")
    to.mkdir(parents=True, exist_ok=True)
    files = {"json-ld": to / "claims.jsonld", "bods": to / "stakes.bods.json"}
    return {name: files.get(name, to) for name in formats or FORMATS}


def _parquet(store: Store, place: Path, selection: _Selection, exported: Exported, _: date) -> None:
    folder = place if place.is_dir() else place.absolute().parent
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=folder) as beside:
        partial = Path(beside) / "claims.parquet"
        count, digest = write_snapshot(selection.of(store), partial)
        named = folder / f"claims-{digest[:16]}.parquet" if place.is_dir() else place
        partial.replace(named)
    exported.files.append(Written("parquet", named, count, digest))


def _json_ld(store: Store, place: Path, selection: _Selection, exported: Exported, _: date) -> None:
    count = 0

    def batches() -> Iterator[tuple[list[Filed], tuple[Decision, ...]]]:
        nonlocal count
        claims = selection.of(store)
        while some := list(islice(claims, _AT_ONCE)):
            count += len(some)
            yield some, store.decisions_about((each.claim.id for each in some), as_of=selection.as_of)

    with made_whole(place) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(pieces(document(batches(), store.identities(as_of=selection.as_of))))
        stream.write("\n")
    exported.files.append(Written("json-ld", place, count))


def _bods(store: Store, place: Path, selection: _Selection, exported: Exported, today: date) -> None:
    day = today if selection.as_of is None else min(today, date.fromisoformat(selection.as_of[:10]))
    made = ownership(selection.of(store), store.identities(as_of=selection.as_of), published=day)
    with made_whole(place) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(listed(iter(made.statements)))
        stream.write("\n")
    exported.files.append(Written("bods", place, len(made.statements)))
    exported.left_out += made.left_out


_WRITERS: dict[str, Callable[[Store, Path, _Selection, Exported, date], Any]] = {
    "parquet": _parquet,
    "json-ld": _json_ld,
    "bods": _bods,
}
