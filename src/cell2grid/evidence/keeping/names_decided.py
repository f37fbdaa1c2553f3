"""Decisions about names, added and read: which entity a name means, which are new, which two are not the same.

What follows from them is ``naming/identities.py``; who makes them is ``entities/deciding.py``.
"""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, insert, inspect, select

from cell2grid.evidence.keeping.store_tables import name_decisions
from cell2grid.evidence.records import NameDecision


def add_name_decision(connection: Connection, made: NameDecision) -> None:
    """Append a decision; a store from before there were any gets its table."""
    name_decisions.create(connection, checkfirst=True)
    connection.execute(insert(name_decisions), [asdict(made)])


def decisions_on_names(connection: Connection, moment: str | None = None) -> tuple[NameDecision, ...]:
    """All decisions about names in the order in which they were made, up to a time."""
    if not inspect(connection).has_table(name_decisions.name):
        return ()
    column = name_decisions.c
    query = select(*(column[name] for name in NameDecision.__dataclass_fields__)).order_by(column.number)
    if moment is not None:
        query = query.where(column.decided_at <= moment)
    return tuple(NameDecision(*row) for row in connection.execute(query))
