"""What the terminal shows: one JSON document or words on standard output, progress and logs on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Store = Annotated[str, typer.Option("--store", help="The claim store, an SQLite file.", metavar="FILE")]

_WIDEST = 240


@cache
def console() -> Console:
    """The terminal on standard output."""
    from rich.console import Console

    # a pipe has no width to fit into
    fits = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(soft_wrap=True, highlight=False, width=None if fits else _WIDEST)


@cache
def log() -> Console:
    """The terminal on standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def emit(document: Any, as_json: bool, human: Callable[[], None]) -> None:
    """Print ``document`` as JSON, or let ``human`` print it in words."""
    if as_json:
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write("\n")
        sys.stdout.flush()
    else:
        human()


def table(title: str, columns: dict[str, str], rows: list[tuple[Any, ...]]) -> None:
    """Print rows under a title; ``columns`` maps each heading to ``left`` or ``right``. No cell is read as markup."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=Text(title), title_justify="left", pad_edge=False)
    for heading, justify in columns.items():
        grid.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(grid)


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; the caller says after each piece how many are done.

    >>> with progress("reading", total=2) as done:
    ...     done(1)
    ...     done(2)
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=log()) as bar:
        task = bar.add_task(description, total=total)
        yield lambda completed: bar.update(task, completed=completed)
        if total is not None:
            bar.update(task, completed=total)
