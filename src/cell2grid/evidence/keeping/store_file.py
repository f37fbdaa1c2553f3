"""How the file of a claim store is opened: SQLite in WAL, one writer at a time, errors said in words.

The tables are in ``store_tables.py``; how a store of an earlier schema is brought up to date, in ``older_stores.py``.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping.older_stores import bring_up_to_date
from cell2grid.evidence.keeping.store_tables import SCHEMA, about, metadata
from cell2grid.files import plain_size

WAIT_FOR_LOCK = 60.0
_SQLITE = b"SQLite format 3\0"
_CACHE = 32 * 1024  # KiB; the driver's own 2 MiB make each page of a large store a walk through the file
# pages of 4 KiB that wait in the log before they are written back, each once and not after every few documents
_WRITTEN_BACK_AFTER = 16_384
_NOT_OURS = "'{}' is a database, but no claim store; name another file with --store"
_ONLY_READ = "store '{}' may only be read; copy it, with all files beside it, to a folder that you may write to"
_SCHEMA_OF_FILE = select(about.c.value).where(about.c.key == "schema")


class StoreFile:
    """The file of one store: an engine on it, and the lock that lets one writer in at a time."""

    def __init__(self, path: Path, *, wait: float = WAIT_FOR_LOCK) -> None:
        self.path = path
        self.only_read = _only_read(path)
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
        self.require_writable()
        with self._said_plainly(), self._lock, self._engine.connect() as connection:
            connection = connection.execution_options(writing=True)
            with connection.begin():
                yield connection

    def lay_tables(self) -> None:
        """Make the tables where the file has none; two processes may do it at once."""
        self.require_writable()
        self._require_no_other_tables()
        with self._said_plainly(), self._lock:
            # the mode stays with the file, and can only be set outside a transaction
            raw = self._engine.raw_connection()
            raw.cursor().execute("PRAGMA journal_mode=WAL")
            raw.close()
        with self.writing() as connection:
            if not inspect(connection).has_table(about.name):
                metadata.create_all(connection)
                connection.execute(insert(about).values(key="schema", value=str(SCHEMA)))

    def _require_no_other_tables(self) -> None:
        """Refuse the database of another program before anything is laid into it."""
        with self.reading() as connection:
            tables = inspect(connection).get_table_names()
        if tables and about.name not in tables:
            raise EvidenceError(_NOT_OURS.format(self.path))

    def require_ours(self) -> None:
        """Refuse a file that no version of cell2grid made, or that a newer one did."""
        with self.reading() as connection:
            if not inspect(connection).has_table(about.name):
                raise EvidenceError(_NOT_OURS.format(self.path))
            schema = connection.scalar(_SCHEMA_OF_FILE)
        if not (schema or "").isdigit() or int(schema or 0) > SCHEMA:
            raise EvidenceError(
                f"store '{self.path}' has schema {schema}, this version reads up to {SCHEMA}; update cell2grid"
            )
        if int(schema or 0) < SCHEMA:
            with self.writing() as connection:
                # another process may have done it while this one waited
                bring_up_to_date(connection, int(connection.scalar(_SCHEMA_OF_FILE) or 0))

    def require_writable(self) -> None:
        """Refuse what would write into a store that may only be read."""
        if self.only_read:
            raise EvidenceError(_ONLY_READ.format(self.path))

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
        plain_size(path)
        with path.open("rb") as stream:
            start = stream.read(len(_SQLITE))
    except OSError as error:
        raise EvidenceError(f"store '{path}' cannot be read: {error.strerror}") from error
    # an empty file is what a process leaves that was killed before it laid the tables
    if start != _SQLITE and (start or not create):
        raise EvidenceError(f"'{path}' is not a claim store; name another file with --store")


def _only_read(path: Path) -> bool:
    """Whether a store is there and may not be written, nor the files beside it that SQLite needs for a writer."""
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK))


def _address(path: Path) -> URL:
    log = Path(f"{path}-wal")
    if _only_read(path) and not (log.exists() and log.stat().st_size):
        # without a log beside it the file is all there is, and is read as it lies
        as_it_lies = {"uri": "true", "mode": "ro", "immutable": "1"}
        return URL.create("sqlite", database=path.absolute().as_uri(), query=as_it_lies)
    return URL.create("sqlite", database=str(path))


def _engine(path: Path) -> Engine:
    engine = create_engine(_address(path), connect_args={"timeout": WAIT_FOR_LOCK})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # the driver's own transactions skip DDL, so transactions are begun below, by hand
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_WRITTEN_BACK_AFTER}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _plain(path: Path, reason: str) -> str:
    if "malformed" in reason or "not a database" in reason or "no such table" in reason or "no such column" in reason:
        return f"store '{path}' is damaged ({reason}); restore a copy, or read the pages into a new store"
    if "readonly" in reason:
        return _ONLY_READ.format(path)
    if "disk is full" in reason:
        return f"the disk of store '{path}' is full; make room and call again, what was stored before stays"
    return f"store '{path}' cannot be used: {reason}"
