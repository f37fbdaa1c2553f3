"""The claim store: what was read, what was decided about it, what the checks found; rows are added and never changed.

A page is one transaction, so that a kill loses only the page in hand. The tables are in ``store_tables.py``, the log
of how claims stand in ``standing.py``, listings in ``listing.py``; the arithmetic over claims is in ``checks.py``, the
queue that asks a reviewer in ``review.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, or_, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import checks_kept, listing
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.deciding import (
    add_decision,
    add_decisions,
    add_proposals,
    decisions_that_count,
    every_decision,
    require_decidable,
)
from cell2grid.evidence.keeping.listing import Filed, Wanted, called
from cell2grid.evidence.keeping.names_in_store import NamesInStore
from cell2grid.evidence.keeping.recorded_times import stamp_of
from cell2grid.evidence.keeping.store_file import StoreFile, open_file
from cell2grid.evidence.keeping.store_rows import (
    Added,
    add_document,
    claim_of,
    document_of,
    last_extractions,
    only,
)
from cell2grid.evidence.keeping.totals import totals
from cell2grid.evidence.records import Check, Claim, Decision, Derived, Document, Label, Pages, Reading, Story
from cell2grid.evidence.rows import check_row, claim_row, document_row


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
    return Store(open_file(Path(path), create=create), now or (lambda: datetime.now(UTC)))


class Store(NamesInStore):
    """Documents, stories, claims, decisions and checks in one file, with the time each was recorded."""

    def __init__(self, file: StoreFile, now: Callable[[], datetime]) -> None:
        self.path = file.path
        self.only_read = file.only_read
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

    def require_writable(self) -> None:
        """Refuse a store that may only be read, before work whose result could not be kept."""
        self._file.require_writable()

    # --- what was read ------------------------------------------------------------------------------------------

    def add(self, pages: Pages) -> Added:
        """What was new in ``pages``, after storing it; reading a page twice adds nothing.

        Where a document that is known reads differently now, its stories, numbers and new claims are added, and the
        earlier ones stay and count as superseded.
        """
        added = Added()
        with self._file.writing() as connection:
            stamp = stamp_of(self._now())
            for document in pages.documents:
                added += add_document(connection, document, pages, stamp)
        return added

    def documents(self, *, source: str | None = None) -> tuple[Document, ...]:
        """The documents in the order in which they were first read; with ``source``, those that claims are found by."""
        query = select(tables.documents).order_by(tables.documents.c.number)
        if source is not None:
            query = query.where(tables.documents.c.number.in_(called(source)))
        with self._file.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(document_of(row) for row in rows)

    def paths(self) -> dict[str, str]:
        """The path that each document was read from, by its content hash, in the order in which they were read."""
        column = tables.documents.c
        with self._file.reading() as connection:
            rows = connection.execute(select(column.id, column.path).order_by(column.number)).all()
        return {row.id: row.path for row in rows}

    def document(self, identity: str) -> Document:
        """The document with this content hash, the one hash that begins so, or the one read from this path.

        Raises
        ------
        EvidenceError
            No document has it, or several do.
        """
        column = tables.documents.c
        match = or_(_begins(column.id, identity), column.path == identity)
        with self._file.reading() as connection:
            rows = connection.execute(select(tables.documents).where(match).limit(3)).all() if identity else []
        exact = [row for row in rows if row.id == identity]
        return document_of(only(exact or rows, f"document '{identity}'", self.path))

    def stories(self, *, as_of: str | date | None = None) -> tuple[Story, ...]:
        """The stories of all documents as they were last read, ``as_of`` a time or until now."""
        return tuple(
            Story(
                row.id, row.document, Label(row.label), row.start, row.end, row.title, row.anchor_date, row.anchor_from
            )
            for row in self._last_read(tables.stories, self._moment(as_of))
        )

    def readings(self) -> tuple[Reading, ...]:
        """The numbers in all documents as they were last read."""
        names = list(Reading.__dataclass_fields__)
        return tuple(
            Reading(**{name: getattr(row, name) for name in names}) for row in self._last_read(tables.readings)
        )

    def amounts_read(self) -> tuple[Reading, ...]:
        """The amounts of money among the numbers in all documents as they were last read."""
        unit = tables.readings.c.unit
        is_money = (func.length(unit) == 3) & (func.upper(unit) == unit)
        names = list(Reading.__dataclass_fields__)
        return tuple(
            Reading(**{name: getattr(row, name) for name in names})
            for row in self._last_read(tables.readings, where=is_money)
        )

    def _last_read(
        self, table: Table, moment: str | None = None, where: ColumnElement[bool] | None = None
    ) -> Sequence[Row[Any]]:
        query = select(table).where(table.c.extraction.in_(last_extractions(moment))).order_by(table.c.number)
        query = query if where is None else query.where(where)
        with self._file.reading() as connection:
            return connection.execute(query).all()

    # --- claims and decisions -----------------------------------------------------------------------------------

    def filed(self, **filters: Any) -> tuple[Filed, ...]:
        """The claims that fit all filters, each with its status, in the order of the documents and within them.

        Parameters
        ----------
        tier, measure, frame
            Exactly this tier, measure or frame.
        subject, object
            The subject or object contains this text, in capitals or not.
        source
            The path, title, publisher or address of the page contains this text.
        document
            A document's content hash, the beginning of one, or its path.
        label
            The label of the story, as its page was last read.
        start, end
            The claim's period overlaps with that from ``start`` to ``end`` (ISO days, either may be left out).
        as_of
            The store as it was known then: an ISO time, or a day, which counts to its end (UTC).
        status
            One of ``STATUSES``; ``standing`` for open or accepted; ``all``. By default all but superseded ones.
        sort, descending
            One of ``SORTS``, and whether the largest comes first.
        limit
            At most so many.

        Raises
        ------
        EvidenceError
            A filter is none of these or not possible, or ``as_of`` is a time to come.
        """
        return tuple(self.each_filed(**filters))

    def each_filed(self, **filters: Any) -> Iterator[Filed]:
        """The claims of ``filed``, read as they are taken; writers need not wait meanwhile."""
        wanted = self._wanted(filters)
        with self._file.reading() as connection:
            yield from listing.filed(connection, wanted)

    def count(self, **filters: Any) -> int:
        """How many claims fit the filters of ``filed``."""
        wanted = self._wanted(filters)
        with self._file.reading() as connection:
            return listing.count(connection, wanted)

    def measures(self) -> tuple[str, ...]:
        """The measures that any claim has, in the order of the alphabet."""
        with self._file.reading() as connection:
            return listing.measures(connection)

    def totals(self, by: Sequence[str], **filters: Any) -> list[dict[str, Any]]:
        """For each group of the claims that fit, and each unit: ``claims``, ``sum``, ``mean``, ``lowest``, ``highest``.

        ``by`` names one or more of ``totals.BY``; a month or year is that of the last day of the period. The filters
        are those of ``filed`` but ``label`` and an order. DuckDB reads the columns that are kept beside the store.
        """
        wanted = self._wanted(filters)
        with self._file.reading() as connection:
            if not self.only_read:
                return totals(connection, Path(f"{self.path}.columns"), by, wanted)
            with TemporaryDirectory() as elsewhere:
                return totals(connection, Path(elsewhere), by, wanted)

    def claims(self, **filters: Any) -> tuple[Claim, ...]:
        """The claims that fit the filters of ``filed``."""
        return tuple(each.claim for each in self.each_filed(**filters))

    def _wanted(self, filters: Mapping[str, Any]) -> Wanted:
        unknown = sorted(set(filters) - set(Wanted.__dataclass_fields__))
        if unknown:
            raise EvidenceError(
                f"filter '{unknown[0]}' is not known; give one of {', '.join(Wanted.__dataclass_fields__)}"
            )
        document, as_of = filters.get("document"), filters.get("as_of")
        known: dict[str, Any] = {} if document is None else {"document": self.document(document).id}
        known |= self._made_one(filters)
        return Wanted(**{**filters, **known, "as_of": self._moment(as_of)})

    def claim(self, identity: str) -> Claim:
        """The claim with this id, or the one id that begins so.

        Raises
        ------
        EvidenceError
            No claim has it, or several do.
        """
        known = bool(re.fullmatch(r"[0-9a-f]{1,64}", identity))
        query = select(tables.claims).where(_begins(tables.claims.c.id, identity)).limit(3)
        with self._file.reading() as connection:
            rows = connection.execute(query).all() if known else []
        exact = [row for row in rows if row.id == identity]
        return claim_of(only(exact or rows, f"claim '{identity}'", self.path))

    def accepted(self, *, tier: str | None = None, as_of: str | date | None = None) -> tuple[Claim, ...]:
        """The claims that may reach a study: those accepted, and the successors of those edited.

        With ``tier`` the open claims of that tier come with them; rejected and edited ones never do. ``as_of`` is that
        of ``filed``.
        """
        filed = self.each_filed(status="accepted" if tier is None else "standing", as_of=as_of)
        return tuple(each.claim for each in filed if each.status == "accepted" or each.claim.tier == tier)

    def decide(
        self,
        claim_id: str,
        decision: str,
        *,
        reviewer: str,
        note: str = "",
        corrected: Claim | None = None,
        same_as: str | None = None,
    ) -> Decision:
        """The decision about one claim, after appending it.

        An edit takes the ``corrected`` claim along; a merge names the claim that it is the ``same_as``, which stands
        for both from then on.

        Raises
        ------
        EvidenceError
            The claim or the kind of decision is not known, or an edit changes nothing.
        """
        claim = self.claim(claim_id)
        same_as = None if same_as is None else self.claim(same_as).id
        require_decidable(claim, decision, reviewer, corrected, same_as)
        with self._file.writing() as connection:
            stamp = stamp_of(self._now())
            made = Decision(claim.id, decision, reviewer, stamp, note, same_as if corrected is None else corrected.id)
            add_decision(connection, made, corrected)
        return made

    def propose(self, claims: Sequence[Claim], *, by: str) -> int:
        """How many claims that a model proposes were new; they stand apart until a reviewer decides about them."""
        with self._file.writing() as connection:
            return add_proposals(connection, claims, by, stamp_of(self._now()))

    def accept_all(self, claim_ids: Iterable[str], *, reviewer: str, note: str = "") -> int:
        """How many claims were accepted, all in one transaction."""
        with self._file.writing() as connection:
            stamp = stamp_of(self._now())
            made = [Decision(each, "accept", reviewer, stamp, note) for each in dict.fromkeys(claim_ids)]
            add_decisions(connection, made, stamp)
        return len(made)

    def decisions(self) -> tuple[Decision, ...]:
        """All decisions in the order in which they were made."""
        with self._file.reading() as connection:
            return every_decision(connection)

    def decisions_about(self, claim_ids: Iterable[str], *, as_of: str | date | None = None) -> tuple[Decision, ...]:
        """The decisions that count about some claims: the last about each, and the edit or model that made it."""
        with self._file.reading() as connection:
            return decisions_that_count(connection, list(claim_ids), self._moment(as_of))

    # --- checks -------------------------------------------------------------------------------------------------

    def save_checks(self, checks: Sequence[Check], derived: Sequence[Derived]) -> None:
        """Add a run of the checks; one that found the same as the run before adds nothing."""
        with self._file.writing() as connection:
            checks_kept.add_run(connection, checks, derived, stamp_of(self._now()))

    def checks(self) -> tuple[Check, ...]:
        """What the last run of the checks found."""
        with self._file.reading() as connection:
            return checks_kept.last_checks(connection)

    def derived(self) -> tuple[Derived, ...]:
        """What the last run of the checks computed and no claim states."""
        with self._file.reading() as connection:
            return checks_kept.last_derived(connection)

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


def _begins(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """Whether a text begins so, in a way that an index serves."""
    return and_(column >= start, column < f"{start}\U0010ffff")
