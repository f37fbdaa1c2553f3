"""Decisions about claims, added and read: a reviewer accepts, edits, rejects, merges or takes back; a model proposes.

How a claim stands after a decision is ``standing.py``; the queue that asks a reviewer is ``evidence/reviewing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, and_, func, insert, or_, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.standing import DECISIONS, PROPOSE, stand_again, touched_by
from cell2grid.evidence.keeping.store_rows import add_claims
from cell2grid.evidence.keeping.store_tables import parts
from cell2grid.evidence.records import Claim, Decision


def require_decidable(claim: Claim, decision: str, reviewer: str, corrected: Claim | None, same_as: str | None) -> None:
    """Refuse a decision that makes no sense.

    Raises
    ------
    EvidenceError
        Its kind is not known, it has no reviewer, or what it comes with is not what its kind needs.
    """
    if decision not in DECISIONS:
        raise EvidenceError(f"decision '{decision}' is not known; it is one of {', '.join(DECISIONS)}")
    if not reviewer.strip():
        raise EvidenceError("a decision needs a reviewer; give one with --reviewer NAME")
    if (decision == "edit") != (corrected is not None):
        raise EvidenceError(f"claim '{claim.id}': an edit, and only an edit, comes with a corrected claim")
    if (decision == "merge") != (same_as is not None) or same_as == claim.id:
        raise EvidenceError(
            f"claim '{claim.id}': a merge, and only a merge, names another claim that it is the same as"
        )
    if corrected is not None and (corrected.id == claim.id or corrected.document != claim.document):
        raise EvidenceError(
            f"claim '{claim.id}': the corrected claim must differ in a slot and be of the same document"
        )


def add_decision(connection: Connection, made: Decision, corrected: Claim | None = None) -> None:
    """Append a decision, and the claim that an edit puts in the place of the one it is about."""
    if corrected is not None:
        column = tables.claims.c
        at = connection.execute(select(column.page, column.place).where(column.id == made.claim)).one()
        add_claims(connection, [corrected], made.decided_at, page=at.page, place=at.place)
    add_decisions(connection, [made], made.decided_at)


def add_decisions(connection: Connection, made: Sequence[Decision], stamp: str) -> None:
    """Append decisions made at one time."""
    touched = touched_by(connection, [each.claim for each in made])
    if made:
        connection.execute(insert(tables.decisions), [asdict(each) for each in made])
    stand_again(connection, touched | {each.replaced_by for each in made if each.replaced_by}, stamp)


def add_proposals(connection: Connection, claims: Sequence[Claim], by: str, stamp: str) -> int:
    """How many claims that a model proposes were new and are added."""
    added = 0
    for claim in claims:
        if connection.scalar(select(tables.claims.c.id).where(tables.claims.c.id == claim.id)):
            continue
        page = connection.scalar(select(tables.documents.c.number).where(tables.documents.c.id == claim.document))
        added += add_claims(connection, [claim], stamp, page=page or 0, place=claim.value_start or 0)
        add_decisions(connection, [Decision(claim.id, PROPOSE, by, stamp)], stamp)
    return added


def decisions_that_count(
    connection: Connection, claim_ids: Sequence[str], moment: str | None = None
) -> tuple[Decision, ...]:
    """What counts of the decisions about some claims, up to a time, in the order in which they were made.

    It is the last decision about each, the last one about another claim that put it in its place, and who proposed it.
    """
    column, later = tables.decisions.c, tables.decisions.alias().c
    last = select(func.max(later.number)).where(later.claim == column.claim)
    if moment is not None:
        last = last.where(later.decided_at <= moment)
    found: dict[int, Decision] = {}
    for ids in parts(claim_ids):
        concerned = or_(column.claim.in_(ids), and_(column.replaced_by.in_(ids), column.decision == "edit"))
        counts = or_(column.number == last.scalar_subquery(), column.decision == PROPOSE)
        query = select(column.number, *(column[name] for name in Decision.__dataclass_fields__))
        query = query.where(concerned, counts)
        query = query if moment is None else query.where(column.decided_at <= moment)
        found.update((row.number, Decision(*row[1:])) for row in connection.execute(query))
    return tuple(found[number] for number in sorted(found))


def every_decision(connection: Connection) -> tuple[Decision, ...]:
    """All decisions in the order in which they were made."""
    column = tables.decisions.c
    query = select(*(column[name] for name in Decision.__dataclass_fields__)).order_by(column.number)
    return tuple(Decision(*row) for row in connection.execute(query))
