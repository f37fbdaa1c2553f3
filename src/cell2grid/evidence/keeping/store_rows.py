"""Records as rows of the claim store's tables, in and out, and the query that lists claims with their standing.

The tables are in ``store_tables.py``, the store that others use in ``store.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, func, insert, or_, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.records import Claim, Document, Pages, Reading, Story, Tier

_CHUNK = 500
# asked of every page, so put together once
_LAST_FINGERPRINT = (
    select(tables.extractions.c.fingerprint)
    .where(tables.extractions.c.document == bindparam("document"))
    .order_by(tables.extractions.c.number.desc())
    .limit(1)
)
_NEW_EXTRACTION = insert(tables.extractions)


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
    """What storing one document of ``pages`` added; nothing where it reads as it did last time."""
    stories = [story for story in pages.stories if story.document == document.id]
    readings = [reading for reading in pages.readings if reading.document == document.id]
    claims = list({claim.id: claim for claim in pages.claims if claim.document == document.id}.values())
    fingerprint = hash_of([stories, readings, [claim.id for claim in claims]])
    last = connection.scalar(_LAST_FINGERPRINT, {"document": document.id})
    if last == fingerprint:
        return Added()
    if last is None:
        page = (*attrgetter(*Document.__dataclass_fields__)(document), stamp)
        _add_rows(connection, tables.documents, (*Document.__dataclass_fields__, "recorded_at"), [page])
    number = added_key(
        connection, _NEW_EXTRACTION, {"document": document.id, "fingerprint": fingerprint, "recorded_at": stamp}
    )
    told = attrgetter(*Story.__dataclass_fields__)
    _add_rows(
        connection, tables.stories, (*Story.__dataclass_fields__, "extraction"), [(*told(s), number) for s in stories]
    )
    read = attrgetter(*Reading.__dataclass_fields__)
    _add_rows(
        connection,
        tables.readings,
        (*Reading.__dataclass_fields__, "extraction"),
        [(*read(r), number) for r in readings],
    )
    new = add_claims(connection, claims, stamp, new_page=last is None)
    links = [(number, claim.id, position) for position, claim in enumerate(claims)]
    _add_rows(connection, tables.found, ("extraction", "claim", "position"), links)
    return Added(int(last is None), len(stories), new)


def add_claims(connection: Connection, claims: Sequence[Claim], stamp: str, *, new_page: bool = False) -> int:
    """How many of the claims were not there yet and are now; of a page that is new none can be there."""
    known: set[str] = set()
    for first in range(0, 0 if new_page else len(claims), _CHUNK):
        ids = [claim.id for claim in claims[first : first + _CHUNK]]
        known.update(connection.scalars(select(tables.claims.c.id).where(tables.claims.c.id.in_(ids))))
    rows = [_claim_values(claim, stamp) for claim in claims if claim.id not in known]
    _add_rows(connection, tables.claims, (*_PLAIN, "inherited", "alternatives", "tier", "recorded_at"), rows)
    return len(rows)


# the slots of a claim that are columns as they are; the others are lists or a letter
_PLAIN = tuple(name for name in Claim.__dataclass_fields__ if name not in {"inherited", "alternatives", "tier"})
_plain_values = attrgetter(*_PLAIN)


def _claim_values(claim: Claim, stamp: str) -> tuple[Any, ...]:
    inherited = json.dumps(claim.inherited) if claim.inherited else "[]"
    alternatives = json.dumps(claim.alternatives, ensure_ascii=False) if claim.alternatives else "[]"
    return (*_plain_values(claim), inherited, alternatives, str(claim.tier), stamp)


def _add_rows(connection: Connection, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Rows go to the driver as tuples: a row by name costs four times as much, and a page may have a thousand."""
    if rows:
        connection.exec_driver_sql(_insertion(table.name, columns), rows)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'


def added_key(connection: Connection, statement: Any, row: dict[str, Any] | None = None) -> int:
    """The number of the row that the statement adds."""
    key = connection.execute(statement, row).inserted_primary_key
    return int(key[0]) if key is not None else 0


# --- rows out -------------------------------------------------------------------------------------------------------


def last_extractions(moment: str | None) -> Any:
    """The query for the last extraction of each document, up to a time."""
    column = tables.extractions.c
    query = select(func.max(column.number)).group_by(column.document)
    return query if moment is None else query.where(column.recorded_at <= moment)


def filters_of(
    tier: str | None, measure: str | None, subject: str | None, moment: str | None
) -> list[ColumnElement[bool]]:
    """The conditions on the table of claims that these filters are."""
    column = tables.claims.c
    where: list[ColumnElement[bool]] = []
    if tier is not None:
        where.append(column.tier == tier)
    if measure is not None:
        where.append(column.measure == measure)
    if subject is not None:
        where.append(column.subject.icontains(subject, autoescape=True))
    if moment is not None:
        where.append(column.recorded_at <= moment)
    return where


def claims_query(where: list[ColumnElement[bool]], moment: str | None) -> Any:
    """The query for claims in reading order; ``position`` is null for one that the last extraction did not find."""
    claims, found, documents = tables.claims, tables.found, tables.documents
    is_last = and_(found.c.claim == claims.c.id, found.c.extraction.in_(last_extractions(moment)))
    return (
        select(claims, found.c.position)
        .select_from(claims.join(documents, documents.c.id == claims.c.document).join(found, is_last, isouter=True))
        .where(*where)
        .order_by(documents.c.number, func.coalesce(claims.c.value_start, found.c.position), claims.c.number)
    )


def decided_on() -> ColumnElement[bool]:
    """The condition that a decision was made about a claim, or made it."""
    column = tables.decisions.c
    return or_(
        tables.claims.c.id.in_(select(column.claim)),
        tables.claims.c.id.in_(select(column.replaced_by).where(column.replaced_by.is_not(None))),
    )


def last_decisions(connection: Connection, moment: str | None) -> dict[str, Row[Any]]:
    """The last decision about each claim, up to a time."""
    query = select(tables.decisions).order_by(tables.decisions.c.number)
    if moment is not None:
        query = query.where(tables.decisions.c.decided_at <= moment)
    return {row.claim: row for row in connection.execute(query)}


def status_of(claim: str, is_last: bool, last: dict[str, Row[Any]], replacing: set[str]) -> str:
    """How a claim stands: by its last decision, else by the edit that made it, else by whether it is still found."""
    decision = last[claim].decision if claim in last else None
    if decision in ("accept", "edit", "reject"):
        return {"accept": "accepted", "edit": "edited", "reject": "rejected"}[decision]
    if claim in replacing:
        return "accepted"
    return "open" if is_last else "superseded"


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
