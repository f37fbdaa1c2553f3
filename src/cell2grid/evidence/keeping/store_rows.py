"""Records as rows of the claim store's tables, in and out.

The tables are in ``store_tables.py``, listings of claims in ``listing.py``, the store that others use in ``store.py``.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, func, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.standing import stand_again
from cell2grid.evidence.keeping.store_tables import parts
from cell2grid.evidence.records import Claim, Document, Pages, Reading, Story, Tier

# asked of every page, so put together once
_LAST_READING = (
    select(tables.extractions.c.number, tables.extractions.c.fingerprint, tables.documents.c.number.label("page"))
    .join(tables.documents, tables.documents.c.id == tables.extractions.c.document)
    .where(tables.extractions.c.document == bindparam("document"))
    .order_by(tables.extractions.c.number.desc())
    .limit(1)
)
_EXTRACTION = ("document", "fingerprint", "recorded_at")
_DOCUMENT = (*Document.__dataclass_fields__, "recorded_at")
_STORY = (*Story.__dataclass_fields__, "extraction")
_READING = (*Reading.__dataclass_fields__, "extraction")
_document_values = attrgetter(*_DOCUMENT[:-1])
_source_values = attrgetter("id", "path", "title", "publisher", "url")
_story_values = attrgetter(*_STORY[:-1])
_reading_values = attrgetter(*_READING[:-1])


@dataclass(frozen=True, slots=True)
class Added:
    """How many rows a page added; a page that was read before adds none."""

    documents: int = 0
    stories: int = 0
    claims: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(self.documents + other.documents, self.stories + other.stories, self.claims + other.claims)


# --- rows in --------------------------------------------------------------------------------------------------------


def add_document(connection: Connection, document: Document, pages: Pages, stamp: str) -> Added:
    """What storing one document of ``pages`` added; nothing where it reads as it did last time.

    All of it is one transaction of the caller's, which is what makes a kill lose this page alone: rows may be put
    together in any way here, but a second page belongs into the next transaction.
    """
    stories = [story for story in pages.stories if story.document == document.id]
    readings = [reading for reading in pages.readings if reading.document == document.id]
    claims = list({claim.id: claim for claim in pages.claims if claim.document == document.id}.values())
    fingerprint = hash_of([stories, readings, [claim.id for claim in claims]])
    row = connection.execute(_LAST_READING, {"document": document.id}).one_or_none()
    if row is not None and row.fingerprint == fingerprint:
        return Added()
    if row is None:
        page = _add_rows(connection, tables.documents, _DOCUMENT, [(*_document_values(document), stamp)])
        add_sources(connection, [(page, *_source_values(document), stamp)])
    else:
        page = row.page
    number = _add_rows(connection, tables.extractions, _EXTRACTION, [(document.id, fingerprint, stamp)])
    _add_rows(connection, tables.stories, _STORY, [(*_story_values(story), number) for story in stories])
    _add_rows(connection, tables.readings, _READING, [(*_reading_values(reading), number) for reading in readings])
    new = add_claims(connection, claims, stamp, page=page, new_page=row is None)
    links = [(number, claim.id, position) for position, claim in enumerate(claims)]
    _add_rows(connection, tables.found, ("extraction", "claim", "position"), links)
    if row is not None:
        changed = _found_in(connection, row.number) ^ {claim.id for claim in claims}
        stand_again(connection, changed, stamp)
    return Added(int(row is None), len(stories), new)


def add_claims(
    connection: Connection,
    claims: Sequence[Claim],
    stamp: str,
    *,
    page: int,
    place: int | None = None,
    new_page: bool = False,
) -> int:
    """How many of the claims were not there yet and are now; of a page that is new none can be there.

    They stand in the listing where their number stands in the page; in a page without offsets at ``place``, or in the
    order given.
    """
    known: set[str] = set()
    for ids in parts([] if new_page else [claim.id for claim in claims]):
        known.update(connection.scalars(select(tables.claims.c.id).where(tables.claims.c.id.in_(ids))))
    rows = [
        (*_claim_values(claim, stamp), page, _first(claim.value_start, place, position))
        for position, claim in enumerate(claims)
        if claim.id not in known
    ]
    columns = (*_PLAIN, "inherited", "alternatives", "tier", "recorded_at", "page", "place")
    _add_rows(connection, tables.claims, columns, rows)
    add_names(connection, (name for claim in claims for name in (claim.subject, claim.object)))
    return len(rows)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _found_in(connection: Connection, extraction: int) -> set[str]:
    return set(connection.scalars(select(tables.found.c.claim).where(tables.found.c.extraction == extraction)))


# --- what rows are found by -----------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """The text as it is searched: without difference between capitals and small letters, wide and narrow forms.

    >>> folded("ŠKODA Ａuto") == folded("Škoda auto")
    True
    """
    return unicodedata.normalize("NFKC", text).casefold()


def add_names(connection: Connection, names: Iterable[str | None]) -> None:
    """Add the subjects and objects that were not named before."""
    rows = [(name, folded(name)) for name in dict.fromkeys(names) if name is not None]
    _add_rows(connection, tables.names, ("name", "folded"), rows, again=True)


def add_sources(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Add what pages are found by; a row is the number of the document, what it is called in words, and its time."""
    found_by = [(row[0], folded("\n".join(filter(None, row[1:-1]))), row[-1]) for row in rows]
    _add_rows(connection, tables.sources, ("page", "folded", "recorded_at"), found_by)


# the slots of a claim that are columns as they are; the others are lists or a letter
_PLAIN = tuple(name for name in Claim.__dataclass_fields__ if name not in {"inherited", "alternatives", "tier"})
_plain_values = attrgetter(*_PLAIN)


def _claim_values(claim: Claim, stamp: str) -> tuple[Any, ...]:
    inherited = json.dumps(claim.inherited) if claim.inherited else "[]"
    alternatives = json.dumps(claim.alternatives, ensure_ascii=False) if claim.alternatives else "[]"
    return (*_plain_values(claim), inherited, alternatives, str(claim.tier), stamp)


def _add_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]], *, again: bool = False
) -> int:
    """The number of the last row, after adding all; with ``again``, rows whose key is there are passed over.

    Rows go to the driver as tuples: by name each costs four times as much, and a page may have a thousand.
    """
    if not rows:
        return 0
    cursor = connection.connection.cursor()
    statement = _insertion(table.name, columns, again)
    if len(rows) == 1:
        cursor.execute(statement, rows[0])
    else:
        cursor.executemany(statement, rows)
    return int(cursor.lastrowid or 0)


@cache
def _insertion(table: str, columns: tuple[str, ...], again: bool) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    passing = " ON CONFLICT DO NOTHING" if again else ""
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))}){passing}'


def added_key(connection: Connection, statement: Any) -> int:
    """The number of the row that the statement adds."""
    key = connection.execute(statement).inserted_primary_key
    return int(key[0]) if key is not None else 0


# --- rows out -------------------------------------------------------------------------------------------------------


def last_extractions(moment: str | None) -> Any:
    """The query for the last extraction of each document, up to a time."""
    column = tables.extractions.c
    query = select(func.max(column.number)).group_by(column.document)
    return query if moment is None else query.where(column.recorded_at <= moment)


def claim_of(row: Row[Any]) -> Claim:
    """The claim in a row."""
    values = {name: getattr(row, name) for name in Claim.__dataclass_fields__}
    lists = {
        "inherited": tuple(json.loads(values["inherited"])),
        "alternatives": tuple(json.loads(values["alternatives"])),
    }
    return Claim(**{**values, **lists, "tier": Tier(values["tier"])})


def document_of(row: Row[Any]) -> Document:
    """The document in a row."""
    return Document(**{name: getattr(row, name) for name in Document.__dataclass_fields__})


def only(rows: Sequence[Row[Any]], thing: str, path: Path) -> Row[Any]:
    """The one row, or an error that says which thing is missing or not unique."""
    if not rows:
        raise EvidenceError(f"{thing} is not in store '{path}'; 'cell2grid claims --store {path}' lists what is")
    if len(rows) > 1:
        begins = ", ".join(str(row.id)[:16] for row in rows)
        raise EvidenceError(f"{thing} could be several ({begins}, …); give more of the id")
    return rows[0]


def hash_of(content: Any) -> str:
    """A fingerprint of records."""
    return hashlib.sha256(repr(content).encode("utf-8", "backslashreplace")).hexdigest()
