"""Runs of the checks as rows of the store, in and out: what was found, and what was computed and no claim states.

Earlier runs stay; the last one counts. The checks themselves are in ``arithmetic``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select

from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.store_rows import added_key, hash_of
from cell2grid.evidence.records import Check, Derived, Verdict


def add_run(connection: Connection, checks: Sequence[Check], derived: Sequence[Derived], stamp: str) -> None:
    """Add a run; one that found the same as the run before adds nothing."""
    fingerprint = hash_of([checks, derived])
    table = tables.check_runs
    last = connection.scalar(select(table.c.fingerprint).order_by(table.c.number.desc()).limit(1))
    if last == fingerprint:
        return
    run = added_key(connection, insert(table).values(fingerprint=fingerprint, recorded_at=stamp))
    for part, records in ((tables.checks, checks), (tables.derived, derived)):
        rows = [{**asdict(each), "claims": json.dumps(each.claims), "run": run} for each in records]
        if rows:
            connection.execute(insert(part), rows)


def last_checks(connection: Connection) -> tuple[Check, ...]:
    """What the last run found."""
    names = [name for name in Check.__dataclass_fields__ if name not in ("claims", "verdict")]
    return tuple(
        Check(
            claims=tuple(json.loads(row.claims)),
            verdict=Verdict(row.verdict),
            **{name: getattr(row, name) for name in names},
        )
        for row in _last_run(connection, tables.checks)
    )


def last_derived(connection: Connection) -> tuple[Derived, ...]:
    """What the last run computed and no claim states."""
    names = [name for name in Derived.__dataclass_fields__ if name != "claims"]
    return tuple(
        Derived(claims=tuple(json.loads(row.claims)), **{name: getattr(row, name) for name in names})
        for row in _last_run(connection, tables.derived)
    )


def _last_run(connection: Connection, table: Table) -> Sequence[Row[Any]]:
    last = select(func.max(tables.check_runs.c.number)).scalar_subquery()
    return connection.execute(select(table).where(table.c.run == last).order_by(table.c.number)).all()
