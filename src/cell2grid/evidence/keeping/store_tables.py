"""The tables of the claim store, with column types that other databases have.

Rows are only ever added. What an extractor found in a document is one extraction; when a page is read again and the
finding differs, a new extraction is added and the old one stays. ``names``, ``sources`` and ``standings`` say nothing
new: they hold what the other tables come to, laid out so that a listing need not walk all claims. What opens the file
is ``store_file.py``, what is asked of the tables ``store.py``.

To add a table or a column: write it here, raise ``SCHEMA``, and a store of an earlier schema gets it when it is opened
(``older_stores.py``); a column that is added must be nullable or have a ``server_default``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

SCHEMA = 2
_NAMED_AT_ONCE = 500
T = TypeVar("T")

metadata = MetaData()


def _key() -> Column[Any]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


about = Table("cell2grid", metadata, Column("key", String(40), primary_key=True), Column("value", String(200)))

documents = Table(
    "documents",
    metadata,
    _key(),
    Column("id", String(64), nullable=False, unique=True),
    Column("path", Text, nullable=False, index=True),
    Column("format", String(20), nullable=False),
    *(Column(name, Text) for name in ("title", "publisher", "date", "url")),
    Column("recorded_at", String(40), nullable=False),
    # last, so that what a page calls itself is read without passing over its text
    Column("text", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    # the number of the document
    Column("page", Integer, primary_key=True, autoincrement=False),
    # what it is found by: id, path, title, publisher, address, a line each, as ``folded`` gives them
    Column("folded", Text, nullable=False),
    Column("recorded_at", String(40), nullable=False, index=True),
)

extractions = Table(
    "extractions",
    metadata,
    _key(),
    Column("document", ForeignKey("documents.id"), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),
    Column("recorded_at", String(40), nullable=False),
)

stories = Table(
    "stories",
    metadata,
    _key(),
    Column("extraction", ForeignKey("extractions.number"), nullable=False, index=True),
    Column("id", String(200), nullable=False),
    Column("document", ForeignKey("documents.id"), nullable=False),
    Column("label", String(20), nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Column("title", Text),
    Column("anchor_date", String(40)),
    Column("anchor_from", String(40)),
)

readings = Table(
    "readings",
    metadata,
    _key(),
    Column("extraction", ForeignKey("extractions.number"), nullable=False, index=True),
    Column("document", ForeignKey("documents.id"), nullable=False),
    Column("story", String(200), nullable=False),
    Column("value_text", Text, nullable=False),
    Column("value_start", Integer),
    Column("value_end", Integer),
    *(Column(name, Float(53)) for name in ("value", "low", "high")),
    Column("unit", String(100), nullable=False),
    Column("approx", String(100)),
    Column("label", String(100), nullable=False),
)

claims = Table(
    "claims",
    metadata,
    _key(),
    Column("id", String(64), nullable=False, unique=True),
    Column("document", ForeignKey("documents.id"), nullable=False),
    Column("story", String(200), nullable=False),
    Column("frame", String(100), nullable=False),
    Column("measure", String(100), nullable=False),
    Column("subject", Text),
    Column("object", Text),
    Column("quote", Text, nullable=False),
    *(Column(name, Integer) for name in ("start", "end", "value_start", "value_end")),
    Column("value_text", Text, nullable=False),
    *(Column(name, Float(53)) for name in ("value", "low", "high")),
    Column("unit", String(100), nullable=False),
    Column("approx", String(100)),
    Column("period_start", String(40)),
    Column("period_end", String(40)),
    Column("direction", String(100)),
    Column("tier", String(1), nullable=False),
    Column("inherited", Text, nullable=False),
    Column("alternatives", Text, nullable=False),
    Column("recorded_at", String(40), nullable=False),
    # The number of the document and the place in it, which are the order of a listing. An index whose order is not that
    # of the pages costs a page of the file for each claim that is added: a new one must be worth it.
    Column("page", Integer, nullable=False, server_default="0"),
    Column("place", Integer, nullable=False, server_default="0"),
    *(
        Index(f"claims_by_{name}", *leading, "page", "place", *following)
        for name, leading, following in (
            ("page", (), ("period_start", "period_end", "frame")),
            ("measure", ("measure",), ("period_start", "period_end")),
            ("subject", ("subject", "measure"), ("period_start", "period_end")),
            ("object", ("object", "measure"), ()),
            ("tier", ("tier",), ()),
        )
    ),
)

names = Table(
    "names",
    metadata,
    # each subject and object once
    Column("name", Text, primary_key=True),
    Column("folded", Text, nullable=False),
)

found = Table(
    "extraction_claims",
    metadata,
    Column("extraction", ForeignKey("extractions.number"), primary_key=True),
    Column("claim", ForeignKey("claims.id"), primary_key=True),
    Column("position", Integer, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _key(),
    Column("claim", ForeignKey("claims.id"), nullable=False, index=True),
    Column("decision", String(20), nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("decided_at", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("replaced_by", ForeignKey("claims.id"), index=True),
)

name_decisions = Table(
    "name_decisions",
    metadata,
    _key(),
    Column("name", Text, nullable=False),
    Column("decision", String(20), nullable=False),
    Column("other", Text),
    Column("reviewer", String(200), nullable=False),
    Column("decided_at", String(40), nullable=False),
    Column("note", Text, nullable=False),
)

standings = Table(
    "standings",
    metadata,
    # the last row about a claim counts; a claim without one is open since it was recorded
    _key(),
    Column("claim", ForeignKey("claims.number"), nullable=False),
    Column("status", String(20), nullable=False),
    Column("since", String(40), nullable=False),
    Index("standings_of_claim", "claim", "number", "since", "status"),
    Index("standings_by_status", "status", "claim"),
)

check_runs = Table(
    "check_runs",
    metadata,
    _key(),
    Column("fingerprint", String(64), nullable=False),
    Column("recorded_at", String(40), nullable=False),
)

checks = Table(
    "checks",
    metadata,
    _key(),
    Column("run", ForeignKey("check_runs.number"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("claims", Text, nullable=False),
    *(Column(name, Float(53)) for name in ("stated", "computed", "residual", "tolerance")),
    Column("unit", String(100), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("note", Text, nullable=False),
)

derived = Table(
    "derived",
    metadata,
    _key(),
    Column("run", ForeignKey("check_runs.number"), nullable=False, index=True),
    Column("measure", String(100), nullable=False),
    Column("subject", Text),
    *(Column(name, Float(53)) for name in ("value", "low", "high")),
    Column("unit", String(100), nullable=False),
    Column("claims", Text, nullable=False),
    Column("equation", Text, nullable=False),
    Column("period_start", String(40)),
    Column("period_end", String(40)),
)


def parts(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids without repeats, as many at a time as one query may name."""
    every = list(dict.fromkeys(ids))
    for first in range(0, len(every), _NAMED_AT_ONCE):
        yield every[first : first + _NAMED_AT_ONCE]
