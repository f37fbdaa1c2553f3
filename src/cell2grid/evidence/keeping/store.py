"""The claim store: what was read, what was decided about it, what the checks found; rows are added and never changed.

A page is one transaction, so that a kill loses only the page in hand. The tables are in ``store_tables.py``, the
arithmetic over claims in ``checks.py``, the queue that asks a reviewer in ``review.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Row, Table, func, insert, or_, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.store_rows import (
    Added,
    add_claims,
    add_document,
    added_key,
    claim_of,
    claims_query,
    decided_on,
    document_of,
    filters_of,
    hash_of,
    last_decisions,
    last_extractions,
    only,
    status_of,
)
from cell2grid.evidence.records import (
    Check,
    Claim,
    Decision,
    Derived,
    Document,
    Label,
    Pages,
    Reading,
    Story,
    Verdict,
)
from cell2grid.evidence.rows import check_row, claim_row, document_row

DECISIONS = ("accept", "edit", "reject", "withdraw")
STATUSES = ("open", "accepted", "edited", "rejected", "superseded")


@dataclass(frozen=True, slots=True)
class Filed:
    """A claim as it stands in the store: ``status`` is open, accepted, edited, rejected or superseded."""

    claim: Claim
    status: str
    recorded_at: str


def open_store(path: str | PathLike[str], *, create: bool = False, now: Callable[[], datetime] | None = None) -> Store:
    """The store at ``path``; use it in a ``with`` block.

    Parameters
    ----------
    path
        An SQLite file.
    create
        Make the store where there is none.
    now
        The clock that stamps new rows; the system's where it is not given.

    Raises
    ------
    EvidenceError
        There is no store, the file is something else, it is damaged, or a newer version wrote it.
    """
    return Store(tables.open_file(Path(path), create=create), now or (lambda: datetime.now(UTC)))


class Store:
    """Documents, stories, claims, decisions and checks in one file, with the time each was recorded."""

    def __init__(self, file: tables.StoreFile, now: Callable[[], datetime]) -> None:
        self.path = file.path
        self._file = file
        self._now = now

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    # --- what was read ------------------------------------------------------------------------------------------

    def add(self, pages: Pages) -> Added:
        """What was new in ``pages``, after storing it; reading a page twice adds nothing.

        Where a document that is known reads differently now, its stories, numbers and new claims are added, and the
        earlier ones stay and count as superseded.
        """
        added = Added()
        with self._file.writing() as connection:
            stamp = _stamp(self._now())
            for document in pages.documents:
                added += add_document(connection, document, pages, stamp)
        return added

    def documents(self) -> tuple[Document, ...]:
        """All documents in the order in which they were first read."""
        with self._file.reading() as connection:
            rows = connection.execute(select(tables.documents).order_by(tables.documents.c.number)).all()
        return tuple(document_of(row) for row in rows)

    def document(self, identity: str) -> Document:
        """The document with this content hash, the one hash that begins so, or the one read from this path.

        Raises
        ------
        EvidenceError
            No document has it, or several do.
        """
        column = tables.documents.c
        match = or_(column.id.startswith(identity, autoescape=True), column.path == identity)
        with self._file.reading() as connection:
            rows = connection.execute(select(tables.documents).where(match).limit(3)).all() if identity else []
        exact = [row for row in rows if row.id == identity]
        return document_of(only(exact or rows, f"document '{identity}'", self.path))

    def stories(self) -> tuple[Story, ...]:
        """The stories of all documents as they were last read."""
        return tuple(
            Story(
                row.id, row.document, Label(row.label), row.start, row.end, row.title, row.anchor_date, row.anchor_from
            )
            for row in self._last_read(tables.stories)
        )

    def readings(self) -> tuple[Reading, ...]:
        """The numbers in all documents as they were last read."""
        names = list(Reading.__dataclass_fields__)
        return tuple(
            Reading(**{name: getattr(row, name) for name in names}) for row in self._last_read(tables.readings)
        )

    def _last_read(self, table: Table) -> Sequence[Row[Any]]:
        query = select(table).where(table.c.extraction.in_(last_extractions(None))).order_by(table.c.number)
        with self._file.reading() as connection:
            return connection.execute(query).all()

    # --- claims and decisions -----------------------------------------------------------------------------------

    def filed(
        self,
        *,
        tier: str | None = None,
        measure: str | None = None,
        subject: str | None = None,
        document: str | None = None,
        as_of: str | date | None = None,
        status: str | None = None,
    ) -> tuple[Filed, ...]:
        """The claims that fit all filters, each with its status, in the order of the documents and within them.

        Parameters
        ----------
        tier, measure
            Exactly this tier or measure.
        subject
            The subject contains this text, in capitals or not.
        document
            A document's content hash, the beginning of one, or its path.
        as_of
            The store as it was known then: an ISO time, or a day, which counts to its end (UTC).
        status
            One of ``STATUSES``; ``standing`` for open or accepted; ``all``. By default all but superseded ones.
        """
        wanted = _statuses(status)
        moment = None if as_of is None else _moment(as_of)
        where = filters_of(tier, measure, subject, moment)
        if document is not None:
            where.append(tables.claims.c.document == self.document(document).id)
        if not wanted & {"open", "superseded"}:
            where.append(decided_on())
        with self._file.reading() as connection:
            rows = connection.execute(claims_query(where, moment)).all()
            last = last_decisions(connection, moment)
        replacing = {row.replaced_by for row in last.values() if row.decision == "edit"}
        filed = (
            Filed(claim_of(row), status_of(row.id, row.position is not None, last, replacing), row.recorded_at)
            for row in rows
        )
        return tuple(each for each in filed if each.status in wanted)

    def claims(self, **filters: Any) -> tuple[Claim, ...]:
        """The claims that fit the filters of ``filed``."""
        return tuple(each.claim for each in self.filed(**filters))

    def claim(self, identity: str) -> Claim:
        """The claim with this id, or the one id that begins so.

        Raises
        ------
        EvidenceError
            No claim has it, or several do.
        """
        known = bool(re.fullmatch(r"[0-9a-f]{1,64}", identity))
        query = select(tables.claims).where(tables.claims.c.id.startswith(identity)).limit(3)
        with self._file.reading() as connection:
            rows = connection.execute(query).all() if known else []
        exact = [row for row in rows if row.id == identity]
        return claim_of(only(exact or rows, f"claim '{identity}'", self.path))

    def accepted(self, *, tier: str | None = None) -> tuple[Claim, ...]:
        """The claims that may reach a study: those accepted, and the successors of those edited.

        With ``tier`` the open claims of that tier come with them; rejected and edited ones never do.
        """
        filed = self.filed(status="accepted" if tier is None else "standing")
        return tuple(each.claim for each in filed if each.status == "accepted" or each.claim.tier == tier)

    def decide(
        self, claim_id: str, decision: str, *, reviewer: str, note: str = "", corrected: Claim | None = None
    ) -> Decision:
        """The decision about one claim, after appending it; an edit takes the ``corrected`` claim along.

        Raises
        ------
        EvidenceError
            The claim or the kind of decision is not known, or an edit changes nothing.
        """
        claim = self.claim(claim_id)
        _require_decidable(claim, decision, reviewer, corrected)
        with self._file.writing() as connection:
            stamp = _stamp(self._now())
            if corrected is not None:
                add_claims(connection, [corrected], stamp)
            made = Decision(claim.id, decision, reviewer, stamp, note, None if corrected is None else corrected.id)
            connection.execute(insert(tables.decisions), [asdict(made)])
        return made

    def accept_all(self, claim_ids: Iterable[str], *, reviewer: str, note: str = "") -> int:
        """How many claims were accepted, all in one transaction."""
        with self._file.writing() as connection:
            stamp = _stamp(self._now())
            rows = [asdict(Decision(each, "accept", reviewer, stamp, note)) for each in dict.fromkeys(claim_ids)]
            if rows:
                connection.execute(insert(tables.decisions), rows)
        return len(rows)

    def decisions(self) -> tuple[Decision, ...]:
        """All decisions in the order in which they were made."""
        with self._file.reading() as connection:
            rows = connection.execute(select(tables.decisions).order_by(tables.decisions.c.number)).all()
        return tuple(
            Decision(row.claim, row.decision, row.reviewer, row.decided_at, row.note, row.replaced_by) for row in rows
        )

    # --- checks -------------------------------------------------------------------------------------------------

    def save_checks(self, checks: Sequence[Check], derived: Sequence[Derived]) -> None:
        """Add a run of the checks; one that found the same as the run before adds nothing."""
        fingerprint = hash_of([checks, derived])
        table = tables.check_runs
        with self._file.writing() as connection:
            last = connection.scalar(select(table.c.fingerprint).order_by(table.c.number.desc()).limit(1))
            if last == fingerprint:
                return
            run = added_key(connection, insert(table).values(fingerprint=fingerprint, recorded_at=_stamp(self._now())))
            for part, records in ((tables.checks, checks), (tables.derived, derived)):
                rows = [{**asdict(each), "claims": json.dumps(each.claims), "run": run} for each in records]
                if rows:
                    connection.execute(insert(part), rows)

    def checks(self) -> tuple[Check, ...]:
        """What the last run of the checks found."""
        names = [name for name in Check.__dataclass_fields__ if name not in ("claims", "verdict")]
        return tuple(
            Check(
                claims=tuple(json.loads(row.claims)),
                verdict=Verdict(row.verdict),
                **{name: getattr(row, name) for name in names},
            )
            for row in self._last_run(tables.checks)
        )

    def derived(self) -> tuple[Derived, ...]:
        """What the last run of the checks computed and no claim states."""
        names = [name for name in Derived.__dataclass_fields__ if name != "claims"]
        return tuple(
            Derived(claims=tuple(json.loads(row.claims)), **{name: getattr(row, name) for name in names})
            for row in self._last_run(tables.derived)
        )

    def _last_run(self, table: Table) -> Sequence[Row[Any]]:
        last = select(func.max(tables.check_runs.c.number)).scalar_subquery()
        with self._file.reading() as connection:
            return connection.execute(select(table).where(table.c.run == last).order_by(table.c.number)).all()

    def evidence_of(self, claim_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """The claims, the documents they are from and the checks they take part in, as rows for a run folder."""
        claims = [self.claim(identity) for identity in dict.fromkeys(claim_ids)]
        documents = {identity: self.document(identity) for identity in dict.fromkeys(c.document for c in claims)}
        named = {claim.id for claim in claims}
        checks = [check for check in self.checks() if named & set(check.claims)]
        return {
            "claims": [claim_row(claim) for claim in claims],
            "documents": [document_row(document) for document in documents.values()],
            "checks": [check_row(check) for check in checks],
        }


def _require_decidable(claim: Claim, decision: str, reviewer: str, corrected: Claim | None) -> None:
    if decision not in DECISIONS:
        raise EvidenceError(f"decision '{decision}' is not known; it is one of {', '.join(DECISIONS)}")
    if not reviewer.strip():
        raise EvidenceError("a decision needs a reviewer; give one with --reviewer NAME")
    if (decision == "edit") != (corrected is not None):
        raise EvidenceError(f"claim '{claim.id}': an edit, and only an edit, comes with a corrected claim")
    if corrected is not None and (corrected.id == claim.id or corrected.document != claim.document):
        raise EvidenceError(
            f"claim '{claim.id}': the corrected claim must differ in a slot and be of the same document"
        )


def _statuses(status: str | None) -> frozenset[str]:
    groups = {None: STATUSES[:-1], "standing": ("open", "accepted"), "all": STATUSES}
    if status not in groups and status not in STATUSES:
        raise EvidenceError(f"status '{status}' is not known; it is one of {', '.join((*STATUSES, 'standing', 'all'))}")
    return frozenset(groups.get(status, (status or "",)))


def _stamp(moment: datetime) -> str:
    """The time in UTC, spelled so that text order is time order."""
    if moment.tzinfo is None:
        raise EvidenceError(f"time '{moment}' has no time zone; give one, such as UTC")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(as_of: str | date) -> str:
    text = as_of.isoformat() if isinstance(as_of, date) else as_of
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise EvidenceError(f"'{text}' is not a day or time; write it as 2025-02-28 or 2025-02-28T12:00Z") from None
    if len(text) <= len("2025-02-28"):
        moment = datetime.combine(moment.date(), datetime.max.time())
    return _stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
