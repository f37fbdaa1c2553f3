"""What the terminal shows: one JSON document or words on standard output, progress and logs on standard error."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Store = Annotated[str, typer.Option("--store", help="The claim store, an SQLite file.", metavar="FILE")]
DEFAULT_STORE = "claims.db"

_WIDEST = 240
# controls but tab and new line, and the marks that turn the direction of what follows
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text with a mark in place of each character that a terminal would obey and not show.

    >>> plain("red \x1b[31m, backwards \u202e, two\\nlines")
    'red �[31m, backwards �, two\\nlines'
    """
    return _OBEYED.sub("�", text)


@cache
def _kind() -> type[Console]:
    from rich.console import Console
    from rich.segment import Segment

    class Terminal(Console):
        """A console on which no text of a page or study does anything but stand there."""

        def render(self, renderable: Any, options: Any = None) -> Iterator[Segment]:
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else plain(text), style, control)

    return Terminal


@cache
def console() -> Console:
    """The terminal on standard output."""
    # a pipe has no width to fit into
    fits = sys.stdout.isatty() or "COLUMNS" in os.environ
    return _kind()(soft_wrap=True, highlight=False, width=None if fits else _WIDEST)


@cache
def log() -> Console:
    """The terminal on standard error."""
    return _kind()(stderr=True, highlight=False)


def counted(number: int, noun: str) -> str:
    """A count with its noun in the right form.

    >>> counted(1, "claim"), counted(2000, "member")
    ('1 claim', '2,000 members')
    """
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def emit(document: Any, as_json: bool, human: Callable[[], None]) -> None:
    """Print ``document`` as JSON, or let ``human`` print it in words."""
    if as_json:
        # whole before any of it is printed: one write, and no half of a document where a value cannot be written
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
        sys.stdout.flush()
    else:
        human()


def stream(document: Mapping[str, Any]) -> None:
    """Print ``document`` as JSON; a value that is an iterator is a list, printed as its items come."""
    from cell2grid.evidence.exports.json_pieces import pieces

    sys.stdout.writelines(pieces(document))
    sys.stdout.write("\n")
    sys.stdout.flush()


def table(title: str, columns: dict[str, str], rows: list[tuple[Any, ...]]) -> None:
    """Print rows under a title; ``columns`` maps each heading to ``left`` or ``right``. Nothing is read as markup."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=Text(plain(title)), title_justify="left", pad_edge=False)
    for heading, justify in columns.items():
        grid.add_column(Text(plain(heading)), justify="right" if justify == "right" else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text("" if cell is None else plain(str(cell))) for cell in row))
    console().print(grid)


def check_page(page: Path | None) -> None:
    """Refuse a page that cannot be written before the work is done, not after.

    Raises
    ------
    InputError
        The name has another ending, is a folder, or lies in a folder that does not exist.
    """
    from cell2grid.errors import InputError

    if page is None:
        return
    if page.is_dir() or page.suffix.lower() not in (".html", ".htm"):
        raise InputError("is no page; name a file that ends in .html, as in '--page worth.html'", where=str(page))
    if not page.absolute().parent.is_dir():
        raise InputError(f"the folder {page.absolute().parent} does not exist; make it first", where=str(page))


@contextmanager
def progress(description: str, total: int | None = None, *, after: float = 0.0) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; the caller says after each piece how many are done.

    With ``after``, it is shown once that many seconds have passed: what is done sooner needs no bar.

    >>> with progress("reading", total=2) as done:
    ...     done(1)
    ...     done(2)
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar, began = Progress(*columns, console=log()), time.monotonic()
    task = bar.add_task(description, total=total)

    def done(completed: int) -> None:
        bar.update(task, completed=completed)
        if not bar.live.is_started and time.monotonic() - began >= after:
            bar.start()

    try:
        if after <= 0.0:
            bar.start()
        yield done
        if total is not None:
            bar.update(task, completed=total)
    finally:
        if bar.live.is_started:
            bar.stop()


@contextmanager
def waiting(description: str) -> Iterator[None]:
    """A mark that turns, and the time that passed, on standard error; nothing where that is no terminal.

    >>> with waiting("solving"):
    ...     pass
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}"), SpinnerColumn(), TimeElapsedColumn())
    with Progress(*columns, console=log(), transient=True, disable=not log().is_terminal) as bar:
        bar.add_task(description, total=None)
        yield


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """One bar a stage, on standard error; a stage begins where the one before ends."""
    with ExitStack() as open_bars:
        shown: dict[str, Callable[[int], None]] = {}

        def on_progress(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                open_bars.pop_all().close()
                shown[stage] = open_bars.enter_context(progress(stage, total))
            shown[stage](done)

        yield on_progress
