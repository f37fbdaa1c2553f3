"""The tables of the claim store, and how one is opened: SQLite in WAL, with column types that other databases have.

Rows are only ever added. What an extractor found in a document is one extraction; when a page is read again and the
finding differs, a new extraction is added and the old one stays. What is asked of the tables is in ``store.py``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from cell2grid.errors import EvidenceError

SCHEMA = 1
WAIT_FOR_LOCK = 60.0
_SQLITE = b"SQLite format 3\0"

metadata = MetaData()


def _key() -> Column[Any]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


about = Table("cell2grid", metadata, Column("key", String(40), primary_key=True), Column("value", String(200)))

documents = Table(
    "documents",
    metadata,
    _key(),
    Column("id", String(64), nullable=False, unique=True),
    Column("path", Text, nullable=False),
    Column("format", String(20), nullable=False),
    Column("text", Text, nullable=False),
    *(Column(name, Text) for name in ("title", "publisher", "date", "url")),
    Column("recorded_at", String(40), nullable=False),
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
    Column("document", ForeignKey("documents.id"), nullable=False, index=True),
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
    Index("claims_measure_tier", "measure", "tier"),
    Index("claims_subject", "subject"),
)

found = Table(
    "extraction_claims",
    metadata,
    Column("extraction", ForeignKey("extractions.number"), primary_key=True),
    Column("claim", ForeignKey("claims.id"), primary_key=True, index=True),
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
    Column("replaced_by", ForeignKey("claims.id")),
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


class StoreFile:
    """The file of one store: an engine on it, and the lock that lets one writer in at a time."""

    def __init__(self, path: Path, *, wait: float = WAIT_FOR_LOCK) -> None:
        self.path = path
        self._lock = FileLock(f"{path}.lock", timeout=wait)
        self._engine = _engine(path)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; it never waits for a writer."""
        with self._said_plainly(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that adds rows: all of them, or none where anything goes wrong in between."""
        with self._said_plainly(), self._lock, self._engine.connect() as connection:
            connection = connection.execution_options(writing=True)
            with connection.begin():
                yield connection

    def lay_tables(self) -> None:
        """Make the tables where the file has none; two processes may do it at once."""
        with self._said_plainly(), self._lock:
            # the mode stays with the file, and can only be set outside a transaction
            raw = self._engine.raw_connection()
            raw.cursor().execute("PRAGMA journal_mode=WAL")
            raw.close()
        with self.writing() as connection:
            if not inspect(connection).has_table(about.name):
                metadata.create_all(connection)
                connection.execute(insert(about).values(key="schema", value=str(SCHEMA)))

    def require_ours(self) -> None:
        """Refuse a file that no version of cell2grid made, or that a newer one did."""
        with self.reading() as connection:
            if not inspect(connection).has_table(about.name):
                raise EvidenceError(f"'{self.path}' is a database, but no claim store; name another file with --store")
            schema = connection.scalar(select(about.c.value).where(about.c.key == "schema"))
        if not (schema or "").isdigit() or int(schema or 0) > SCHEMA:
            raise EvidenceError(
                f"store '{self.path}' has schema {schema}, this version reads up to {SCHEMA}; update cell2grid"
            )

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise EvidenceError(
                f"store '{self.path}' is being written by another process; try again when that has ended"
            ) from None
        except (DatabaseError, sqlite3.Error) as error:
            raise EvidenceError(_plain(self.path, str(getattr(error, "orig", error)))) from error
        except OSError as error:
            raise EvidenceError(f"store '{self.path}' cannot be used: {error.strerror or error}") from error


def open_file(path: Path, *, create: bool) -> StoreFile:
    """The opened file of a store, made where ``create`` says so and there is none.

    Raises
    ------
    EvidenceError
        There is no such file, it is no claim store, it is damaged, or a newer version made it.
    """
    if path.is_dir():
        raise EvidenceError(f"store '{path}' is a folder; name a file, such as '{path / 'claims.db'}'")
    if not create and not path.exists():
        raise EvidenceError(f"there is no store '{path}'; make one: cell2grid read PAGES --store {path}")
    if create and not path.parent.is_dir():
        raise EvidenceError(f"the folder of store '{path}' does not exist; make '{path.parent}' first")
    _refuse_other_formats(path, create=create)
    file = StoreFile(path)
    try:
        if create:
            file.lay_tables()
        file.require_ours()
    except BaseException:
        file.close()
        raise
    return file


def _refuse_other_formats(path: Path, *, create: bool) -> None:
    if not path.exists():
        return
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_SQLITE))
    except OSError as error:
        raise EvidenceError(f"store '{path}' cannot be read: {error.strerror}") from error
    # an empty file is what a process leaves that was killed before it laid the tables
    if start != _SQLITE and (start or not create):
        raise EvidenceError(f"'{path}' is not a claim store; name another file with --store")


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": WAIT_FOR_LOCK})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # the driver's own transactions skip DDL, so transactions are begun below, by hand
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _plain(path: Path, reason: str) -> str:
    if "malformed" in reason or "not a database" in reason or "no such table" in reason or "no such column" in reason:
        return f"store '{path}' is damaged ({reason}); restore a copy, or read the pages into a new store"
    return f"store '{path}' cannot be used: {reason}"
