"""How a claim stands: open, accepted, edited, rejected, merged, proposed or superseded, as a log of its changes.

It follows from the last decision about the claim, from the edit that made it, and from whether the last reading of its
page still finds it; ``status_of`` is the one rule. Each change is a row of ``standings``, and how the store stood on
a day is the last row up to then; a claim without a row is open since it was recorded. Whoever adds a decision or a
reading calls ``stand_again`` in the same transaction; listings ask ``status_at``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, select

from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.store_tables import parts

STATUSES = ("open", "accepted", "edited", "rejected", "merged", "proposed", "superseded")
DECISIONS = ("accept", "edit", "reject", "merge", "withdraw")
PROPOSE = "propose"  # what a model does, and no reviewer: its claim stands apart until a reviewer decides
_DECIDED = {"accept": "accepted", "edit": "edited", "reject": "rejected", "merge": "merged"}


def status_of(decision: str | None, *, replaces: bool, found: bool, proposed: bool = False) -> str:
    """How a claim stands: by its last decision, else by where it comes from.

    It comes from an edit, from the last reading of its page, or from a model's proposal.

    >>> status_of("withdraw", replaces=False, found=True), status_of(None, replaces=True, found=False)
    ('open', 'accepted')
    """
    if decision in _DECIDED:
        return _DECIDED[decision]
    if replaces:
        return "accepted"
    return "open" if found else "proposed" if proposed else "superseded"


# --- asked --------------------------------------------------------------------------------------------------------


def status_at(moment: str | None) -> ColumnElement[str]:
    """The status of a row of ``claims``, as an expression: now, or as it was known at a time."""
    return func.coalesce(_last(tables.standings.c.status, tables.claims.c.number, moment).scalar_subquery(), "open")


def _last(column: ColumnElement[Any], claim: ColumnElement[int], moment: str | None) -> Select[tuple[Any]]:
    query = select(column).where(tables.standings.c.claim == claim)
    if moment is not None:
        query = query.where(tables.standings.c.since <= moment)
    return query.order_by(tables.standings.c.number.desc()).limit(1)


# --- written ------------------------------------------------------------------------------------------------------


class _Known(NamedTuple):
    """A claim before it is looked at again."""

    number: int
    status: str
    since: str


def stand_again(connection: Connection, claim_ids: Iterable[str], stamp: str) -> None:
    """Add a row for each of the claims that stands otherwise than the log says."""
    for ids in parts(claim_ids):
        known = _known(connection, ids)
        decided, replacing, found = _decided(connection, ids), _replacing(connection, ids), _found(connection, ids)
        proposed = _proposed(connection, ids)
        rows = []
        for identity, was in known.items():
            status = status_of(
                decided.get(identity),
                replaces=identity in replacing,
                found=identity in found,
                proposed=identity in proposed,
            )
            if status != was.status:
                # a clock that was set back must not make a claim stand in two ways at once
                rows.append({"claim": was.number, "status": status, "since": max(stamp, was.since)})
        if rows:
            connection.execute(insert(tables.standings), rows)


def touched_by(connection: Connection, claim_ids: Iterable[str]) -> set[str]:
    """The claims whose standing a decision about these may change: they, and what edits put in their place."""
    column = tables.decisions.c
    touched = set(claim_ids)
    for ids in parts(touched):
        named = select(column.replaced_by).where(column.claim.in_(ids), column.replaced_by.is_not(None))
        touched = touched.union(filter(None, connection.scalars(named)))
    return touched


def _known(connection: Connection, ids: list[str]) -> dict[str, _Known]:
    claims = tables.claims.c
    status = _last(tables.standings.c.status, claims.number, None).scalar_subquery()
    since = _last(tables.standings.c.since, claims.number, None).scalar_subquery()
    query = select(claims.id, claims.number, func.coalesce(status, "open"), func.coalesce(since, claims.recorded_at))
    return {row[0]: _Known(*row[1:]) for row in connection.execute(query.where(claims.id.in_(ids)))}


def _decided(connection: Connection, ids: list[str]) -> dict[str, str]:
    column = tables.decisions.c
    last = select(func.max(column.number)).where(column.claim.in_(ids)).group_by(column.claim)
    query = select(column.claim, column.decision).where(column.number.in_(last))
    return {row.claim: row.decision for row in connection.execute(query)}


def _proposed(connection: Connection, ids: list[str]) -> set[str]:
    column = tables.decisions.c
    return set(connection.scalars(select(column.claim).where(column.claim.in_(ids), column.decision == PROPOSE)))


def _replacing(connection: Connection, ids: list[str]) -> set[str]:
    """Those of the claims that the last decision about another one put in its place."""
    decisions, later = tables.decisions, tables.decisions.alias()
    last = select(func.max(later.c.number)).where(later.c.claim == decisions.c.claim).scalar_subquery()
    query = select(decisions.c.replaced_by).where(
        decisions.c.replaced_by.in_(ids), decisions.c.decision == "edit", decisions.c.number == last
    )
    return {row.replaced_by for row in connection.execute(query)}


def _found(connection: Connection, ids: list[str]) -> set[str]:
    """Those of the claims that the last reading of their page found."""
    found, extractions, claims = tables.found, tables.extractions, tables.claims
    last = select(func.max(extractions.c.number)).where(extractions.c.document == claims.c.document).scalar_subquery()
    joined = claims.join(found, and_(found.c.claim == claims.c.id, found.c.extraction == last))
    return set(connection.scalars(select(claims.c.id).select_from(joined).where(claims.c.id.in_(ids))))
