"""The names that claims use, counted by the database: of whom and of what, on which page, in how many claims.

What the names mean is ``naming/identities.py``; decisions about them are ``names_decided.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from cell2grid.evidence.keeping.standing import status_at
from cell2grid.evidence.keeping.store_tables import claims, documents, parts

_STANDING = ("open", "accepted")


class Use(NamedTuple):
    """A subject, object and measure on one page: its path, how many claims, and the number of the first of them."""

    subject: str | None
    object: str | None
    measure: str
    path: str
    claims: int
    first: int


def uses(connection: Connection) -> Iterator[Use]:
    """The uses of names in claims that stand, in the order of the pages."""
    column = claims.c
    counted = (
        select(
            column.subject,
            column.object,
            column.measure,
            column.page,
            func.count().label("claims"),
            func.min(column.number).label("first"),
        )
        .where(status_at(None).in_(_STANDING))
        .group_by(column.page, column.subject, column.object, column.measure)
        .subquery()
    )
    fields = counted.c
    query = (
        select(fields.subject, fields.object, fields.measure, documents.c.path, fields.claims, fields.first)
        .join(documents, documents.c.number == fields.page)
        .order_by(fields.page, fields.first)
    )
    for row in connection.execute(query):
        yield Use(*row)


def quotes(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """The sentences of the claims with these numbers."""
    found: dict[int, str] = {}
    for some in parts(numbers):
        rows = connection.execute(select(claims.c.number, claims.c.quote).where(claims.c.number.in_(some)))
        found |= {row.number: row.quote for row in rows}
    return found
