"""Stores of an earlier schema, brought up to date when they are opened, in one transaction; no row is lost.

What a new schema adds is derived from what the store holds: the log of standings is made again from the readings and
decisions with their times, so that ``--as-of`` tells the same as before. A store of a later schema is refused in
``store_file.py``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, inspect, select, text, union, update
from sqlalchemy.schema import CreateColumn

from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.standing import status_of
from cell2grid.evidence.keeping.store_rows import add_names, add_sources
from cell2grid.evidence.keeping.store_tables import SCHEMA, about, metadata

_MANY = 10_000
# what wider indexes stand for since schema 2
_DROPPED = ("claims_measure_tier", "claims_subject", "ix_claims_document", "ix_extraction_claims_claim")


def bring_up_to_date(connection: Connection, schema: int) -> None:
    """Add what the tables of a store of an earlier ``schema`` lack, and fill it from what they hold."""
    if schema >= SCHEMA:
        return
    _add_columns_and_tables(connection)
    if schema < 2:
        _place_claims(connection)
        _fill_names_and_sources(connection)
        changes = [each._asdict() for each in standings_again(connection)]
        if changes:
            connection.execute(insert(tables.standings), changes)
    _change_indexes(connection)
    connection.execute(update(about).where(about.c.key == "schema").values(value=str(SCHEMA)))


def _add_columns_and_tables(connection: Connection) -> None:
    there = inspect(connection)
    for table in metadata.sorted_tables:
        if not there.has_table(table.name):
            table.create(connection)
            continue
        known = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                words = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {words}"))


def _change_indexes(connection: Connection) -> None:
    """After the rows, as that is quicker."""
    there = inspect(connection)
    for table in metadata.sorted_tables:
        known = {str(index["name"]) for index in there.get_indexes(table.name)}
        for name in sorted(known & set(_DROPPED)):
            connection.execute(text(f"DROP INDEX {name}"))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            index.create(connection, checkfirst=True)


# --- schema 2 -------------------------------------------------------------------------------------------------------


def _place_claims(connection: Connection) -> None:
    """The number of the document and the place in it, for each claim."""
    claims, documents, found, decisions = tables.claims, tables.documents, tables.found, tables.decisions
    page = select(documents.c.number).where(documents.c.id == claims.c.document).scalar_subquery()
    first = select(found.c.position).where(found.c.claim == claims.c.id).order_by(found.c.extraction).limit(1)
    place = func.coalesce(claims.c.value_start, first.scalar_subquery(), -1)
    connection.execute(update(claims).values(page=page, place=place))
    # a claim that an edit made in a page without offsets stands where the edited one does; it may be edited itself
    edited = claims.alias()
    beside = select(edited.c.place).join(decisions, decisions.c.claim == edited.c.id)
    beside = beside.where(decisions.c.replaced_by == claims.c.id, edited.c.place >= 0).limit(1)
    lost = update(claims).where(claims.c.place < 0).values(place=func.coalesce(beside.scalar_subquery(), -1))
    left = None
    while left != (left := connection.scalar(select(func.count()).where(claims.c.place < 0))):
        connection.execute(lost)


def _fill_names_and_sources(connection: Connection) -> None:
    documents, claims = tables.documents.c, tables.claims.c
    said = ("number", "id", "path", "title", "publisher", "url", "recorded_at")
    for rows in connection.execute(select(*(documents[name] for name in said))).partitions(_MANY):
        add_sources(connection, rows)
    for rows in connection.execute(union(select(claims.subject), select(claims.object))).partitions(_MANY):
        add_names(connection, (row[0] for row in rows))


class Change(NamedTuple):
    """A row of the log: the number of the claim, how it stands, and since when."""

    claim: int
    status: str
    since: str


def standings_again(connection: Connection) -> Iterator[Change]:
    """The log of standings made again from readings and decisions alone, in the order of their times."""
    claims = tables.claims.c
    number, home, status = {}, {}, {}
    for row in connection.execute(select(claims.id, claims.number, claims.document)):
        number[row.id], home[row.id], status[row.id] = row.number, row.document, "open"
    decided: dict[str, tuple[str, str | None]] = {}
    replacing: Counter[str] = Counter()
    found: dict[str, set[str]] = defaultdict(set)
    for since, document, event in _events(connection):
        if document is not None:
            now = set(connection.scalars(select(tables.found.c.claim).where(tables.found.c.extraction == event)))
            touched, found[document] = found[document] ^ now, now
        else:
            touched = _decide_again(connection, event, decided, replacing)
        for claim in sorted(touched):
            last = decided[claim][0] if claim in decided else None
            stands = status_of(last, replaces=replacing[claim] > 0, found=claim in found[home[claim]])
            if stands != status[claim]:
                status[claim] = stands
                yield Change(number[claim], stands, since)


def _events(connection: Connection) -> list[tuple[str, str | None, int]]:
    """When, of which document (None for a decision) and number of each reading and decision, in order of time."""
    extractions, decisions = tables.extractions.c, tables.decisions.c
    read = connection.execute(select(extractions.recorded_at, extractions.document, extractions.number))
    made = connection.execute(select(decisions.decided_at, decisions.number))
    events = [(row[0], False, row[2], row[1]) for row in read] + [(row[0], True, row[1], None) for row in made]
    return [(since, document, event) for since, _, event, document in sorted(events, key=lambda each: each[:3])]


def _decide_again(
    connection: Connection, event: int, decided: dict[str, tuple[str, str | None]], replacing: Counter[str]
) -> set[str]:
    """The claims that one decision concerns, after noting it."""
    row = connection.execute(select(tables.decisions).where(tables.decisions.c.number == event)).one()
    kind, replaced = decided.get(row.claim, ("", None))
    if kind == "edit" and replaced:
        replacing[replaced] -= 1
    if row.decision == "edit" and row.replaced_by:
        replacing[row.replaced_by] += 1
    decided[row.claim] = (row.decision, row.replaced_by)
    return {each for each in (row.claim, replaced, row.replaced_by) if each}
