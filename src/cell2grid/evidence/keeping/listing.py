"""Listings of claims: which fit some filters, how each stands, and in what order, all asked of the database.

A listing first picks the numbers of the claims, from indexes alone where it can, then fetches the rows. The pages are
the order, so a filter that many claims fit is tried claim by claim until there are enough; one that few fit leads, and
what it gives is sorted. Which of the two a filter is, is counted up to a bound before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, null, or_, select, true

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.standing import STATUSES, status_at
from cell2grid.evidence.keeping.store_rows import claim_of, folded
from cell2grid.evidence.records import Claim, Label, Tier

SORTS = ("page", "value", "period", "recorded", "subject", "measure")
_FEW = 20_000
_FETCHED_AT_ONCE = 2_000
_GROUPS = {None: STATUSES[:-1], "standing": ("open", "accepted"), "all": STATUSES}


class Source(NamedTuple):
    """The page that a claim is from, as it calls itself; its text stays in the store."""

    path: str
    title: str | None
    publisher: str | None
    date: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A claim as it stands in the store: ``status`` is one of ``STATUSES``."""

    claim: Claim
    status: str
    recorded_at: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a listing keeps, all filters together; one that is None keeps everything.

    ``tier``, ``measure`` and ``frame`` are exact; ``subject`` and ``object`` are contained, in capitals or not, or one
    of the names in ``subject_too`` and ``object_too``, which a reviewer made one with what is asked for; and so
    is ``source`` in the path, title, publisher, address or hash of the page; ``document`` is its content hash and
    ``label`` that of the story as it was last read. A claim fits ``start`` to ``end`` (ISO days) where its period
    overlaps with it; one whose period is unsaid does not. ``as_of`` is a stamp of the store's clock. ``sort`` is one
    of ``SORTS``; ``limit`` is how many at most.
    """

    tier: str | None = None
    measure: str | None = None
    frame: str | None = None
    subject: str | None = None
    object: str | None = None
    subject_too: tuple[str, ...] = ()
    object_too: tuple[str, ...] = ()
    source: str | None = None
    document: str | None = None
    label: str | None = None
    start: str | None = None
    end: str | None = None
    status: str | None = None
    as_of: str | None = None
    sort: str = "page"
    descending: bool = False
    limit: int | None = None

    def __post_init__(self) -> None:
        _require_one_of("status", self.status, (None, *STATUSES, "standing", "all"))
        _require_one_of("tier", self.tier, (None, *Tier))
        _require_one_of("label", self.label, (None, *Label))
        _require_one_of("sort", self.sort, SORTS)
        for name in ("start", "end"):
            _require_day(name, getattr(self, name))
        if self.start and self.end and self.start > self.end:
            raise EvidenceError(f"the period from {self.start} to {self.end} ends before it begins")
        if self.limit is not None and self.limit < 1:
            raise EvidenceError(f"limit {self.limit} is not a count of claims; give 1 or more")

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that are kept."""
        return _GROUPS.get(self.status, (self.status or "",))


def _require_one_of(name: str, value: str | None, known: tuple[str | None, ...]) -> None:
    if value not in known:
        listed = ", ".join(str(each) for each in known if each is not None)
        raise EvidenceError(f"{name} '{value}' is not known; it is one of {listed}")


def _require_day(name: str, value: str | None) -> None:
    try:
        good = value is None or date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        raise EvidenceError(f"{name} of a period '{value}' is not a day; write it as 2026-01-31")


# --- asked ----------------------------------------------------------------------------------------------------------


def filed(connection: Connection, wanted: Wanted) -> Iterator[Filed]:
    """The claims that fit, in order; rows come as they are taken, so that a long listing needs no more memory."""
    claims, documents = tables.claims, tables.documents
    leading = _leading(connection, wanted)
    order = _order(wanted, leading)
    keys = [key.label(f"key_{number}") for number, key in enumerate(order)]
    picked = select(claims.c.number, *keys).where(*_conditions(wanted, leading))
    numbers = _in_order(picked, order, wanted).limit(wanted.limit).subquery("picked")
    page = [documents.c[name].label(f"page_{name}") for name in Source._fields]
    query = select(claims, status_at(wanted.as_of).label("status"), *page).select_from(
        numbers.join(claims, claims.c.number == numbers.c.number).join(documents, documents.c.number == claims.c.page)
    )
    query = _in_order(query, [numbers.c[key.name] for key in keys], wanted)
    for row in connection.execution_options(yield_per=_FETCHED_AT_ONCE).execute(query):
        yield Filed(claim_of(row), row.status, row.recorded_at, Source(*row[-len(page) :]))


def count(connection: Connection, wanted: Wanted) -> int:
    """How many claims fit; a limit counts."""
    picked = select(tables.claims.c.number).where(*_conditions(wanted, _leading(connection, wanted)))
    return int(connection.scalar(select(func.count()).select_from(picked.limit(wanted.limit).subquery())) or 0)


def measures(connection: Connection) -> tuple[str, ...]:
    """The measures that any claim has."""
    column = tables.claims.c.measure
    found: list[str] = []
    # from one to the next through the index, and not past every claim
    while after := connection.scalar(select(func.min(column)).where(column > found[-1] if found else true())):
        found.append(after)
    return tuple(found)


def _order(wanted: Wanted, leading: str | None) -> list[ColumnElement[Any]]:
    column = tables.claims.c
    by = {
        "page": (),
        "recorded": (column.recorded_at,),
        "period": (column.period_end, column.period_start),
        "value": (column.value,),
        "subject": (column.subject,),
        "measure": (column.measure,),
    }
    # where a filter leads, what it gives is sorted, and no index is taken for the sake of the order
    place = [column.page, column.place] if leading is None else [_tried("page"), _tried("place")]
    return [*by[wanted.sort], *place, column.number]


def _in_order(query: Select[Any], keys: Sequence[ColumnElement[Any]], wanted: Wanted) -> Select[Any]:
    """The last three keys are the place; it is turned round only where nothing else is asked for."""
    first, place = keys[:-3], keys[-3:]
    if not wanted.descending:
        return query.order_by(*(key.nulls_last() for key in first), *place)
    return query.order_by(
        *(key.desc().nulls_last() for key in first), *(place if first else (key.desc() for key in place))
    )


# --- picked ---------------------------------------------------------------------------------------------------------


def _leading(connection: Connection, wanted: Wanted) -> str | None:
    """The filter that the fewest claims fit, where that one is narrow."""
    counted = {name: _up_to_bound(connection, lead) for name, lead in _leads(wanted)}
    fewest = min(counted, key=counted.__getitem__, default=None)
    return fewest if fewest is not None and counted[fewest] <= _FEW else None


def _up_to_bound(connection: Connection, lead: Select[Any]) -> int:
    return int(connection.scalar(select(func.count()).select_from(lead.limit(_FEW + 1).subquery())) or 0)


def _leads(wanted: Wanted) -> Iterator[tuple[str, Select[Any]]]:
    """For each filter that may be narrow, the query for the numbers of the claims it lets through, and more perhaps."""
    column = tables.claims.c
    for name, value in (("subject", wanted.subject), ("object", wanted.object)):
        if value is not None:
            lead = select(column.number).where(column[name].in_(named(value, getattr(wanted, f"{name}_too"))))
            yield name, lead if wanted.measure is None else lead.where(column.measure == wanted.measure)
    if wanted.source is not None:
        yield "page", select(column.number).where(column.page.in_(called(wanted.source)))
    if "open" not in wanted.statuses:
        yield "status", _ever(wanted.statuses)


def _ever(statuses: Sequence[str]) -> Select[Any]:
    """The numbers of the claims that stood so at any time, more than those that do."""
    standings = tables.standings.c
    return select(standings.claim).where(standings.status.in_(statuses)).distinct()


# for which filters an index is taken, by what leads; a listing that nothing leads walks the pages in their order
_INDEXED = {
    None: frozenset({"page", "measure", "tier"}),
    "subject": frozenset({"subject", "measure"}),
    "object": frozenset({"object", "measure"}),
    "page": frozenset({"page"}),
    "status": frozenset[str](),
}


def _tried(name: str) -> ColumnElement[Any]:
    """A column of claims for which no index is taken; one that holds it anyway does as well as the row."""
    return func.coalesce(tables.claims.c[name], null())


def _conditions(wanted: Wanted, leading: str | None) -> Iterator[ColumnElement[bool]]:
    """All filters, as conditions on claims."""

    def column(name: str) -> ColumnElement[Any]:
        return tables.claims.c[name] if name in _INDEXED[leading] else _tried(name)

    for name in ("measure", "tier", "frame"):
        if (value := getattr(wanted, name)) is not None:
            yield column(name) == value
    for name in ("subject", "object"):
        if (value := getattr(wanted, name)) is not None:
            yield column(name).in_(named(value, getattr(wanted, f"{name}_too")))
    if wanted.source is not None:
        yield column("page").in_(called(wanted.source))
    if wanted.document is not None:
        number = select(tables.documents.c.number).where(tables.documents.c.id == wanted.document)
        yield column("page") == number.scalar_subquery()
    yield from _overlaps(wanted)
    if leading == "status":
        yield tables.claims.c.number.in_(_ever(wanted.statuses))
    if wanted.label is not None:
        yield _of_label(wanted.label, wanted.as_of)
    if wanted.as_of is not None:
        known = select(func.max(tables.sources.c.page)).where(tables.sources.c.recorded_at <= wanted.as_of)
        yield column("page") <= known.scalar_subquery()
        yield tables.claims.c.recorded_at <= wanted.as_of
    if set(wanted.statuses) != set(STATUSES):
        yield status_at(wanted.as_of).in_(wanted.statuses)


def _overlaps(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """An end that is unsaid is open, where the other one is said."""
    start, end = tables.claims.c.period_start, tables.claims.c.period_end
    if wanted.start is not None:
        yield or_(end >= wanted.start, and_(end.is_(None), start.is_not(None)))
    if wanted.end is not None:
        yield or_(start <= wanted.end, and_(start.is_(None), end.is_not(None)))


def named(words: str, too: tuple[str, ...]) -> Select[Any]:
    """The names that contain some words, and other names that are known to mean the same, in rows of names too."""
    names = tables.names.c
    asked = [names.folded.contains(folded(words), autoescape=True)]
    if too:
        within = [(";" + names.name + ";").contains(f";{other};", autoescape=True) for other in too]
        asked += [names.name.in_(too), and_(names.name.contains(";"), or_(*within))]
    return select(names.name).where(or_(*asked))


def called(words: str) -> Select[Any]:
    """The query for the numbers of the documents that are found by the words."""
    sources = tables.sources.c
    return select(sources.page).where(sources.folded.contains(folded(words), autoescape=True))


def _of_label(label: str, moment: str | None) -> ColumnElement[bool]:
    """Whether the claim's story had this label when its page was last read."""
    claims, stories, extractions = tables.claims.c, tables.stories.c, tables.extractions.c
    last = select(func.max(extractions.number)).where(extractions.document == claims.document)
    if moment is not None:
        last = last.where(extractions.recorded_at <= moment)
    last_number = last.correlate(tables.claims).scalar_subquery()
    return exists().where(stories.extraction == last_number, stories.id == claims.story, stories.label == label)
