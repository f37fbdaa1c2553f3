"""The ``read`` command: pages into the store."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import PageError

if TYPE_CHECKING:
    from cell2grid.evidence.records import Pages

# claims; of some thousand pages
_DERIVED_AMONG = 20_000


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(read)


def read(
    paths: Annotated[
        list[str],
        typer.Argument(help="Pages (.txt, .md, .html, .pdf), folders of them, or addresses.", metavar="PATH"),
    ],
    store: Store = DEFAULT_STORE,
    date: Annotated[
        str | None, typer.Option("--date", help="The day of the pages (ISO), where they do not say.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read pages and store what they claim; reading a page twice adds nothing."""
    from datetime import date as calendar_date

    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.keeping.store_rows import Added

    if date is not None:
        try:
            calendar_date.fromisoformat(date)
        except ValueError:
            raise PageError(f"--date '{date}' is not a day; write it as 2026-01-31") from None
    failures, present, total = _present(paths)
    added, pages_read = Added(), 0
    with ExitStack() as files:
        told = _Told(files) if as_json else None
        if present:
            opened = files.enter_context(open_store(store, create=True))
            for pages in _pages(present, date, total):
                added += opened.add(pages)
                failures += pages.failures
                pages_read += len(pages.documents)
                if told is not None:
                    told.add(pages)
        for path, message in failures:
            named = message if path in message else f"{path}: {message}"
            output.log().print(f"error: {named}", markup=False, soft_wrap=True)
        if told is not None:
            output.stream(told.document(failures, asdict(added)))
        else:
            _say_read(pages_read, added.documents, added.claims, store)
    if not pages_read or any(_is_named(path, paths) for path, _ in failures):
        raise typer.Exit(2)


def _present(paths: list[str]) -> tuple[list[tuple[str, str]], list[str], int]:
    """The paths that cannot be read with the reason, those that can, and how many pages are there."""
    from cell2grid.evidence.pages.page import pages_in

    failures, present, total = [], [], 0
    for path in paths:
        try:
            total += len(pages_in([path]))
            present.append(path)
        except PageError as error:
            failures.append((path, error.message))
    return failures, present, total


def _pages(paths: list[str], date: str | None, total: int) -> Iterable[Pages]:
    from cell2grid.evidence.reading import read_pages

    with output.progress("reading", total=total) as done:
        for number, pages in enumerate(read_pages(paths, date=date), start=1):
            yield pages
            done(number)


def _is_named(failed: str, paths: list[str]) -> bool:
    """Whether the path that failed was named in the call, and not met in a folder."""
    return any(failed == path or (not Path(path).is_dir() and failed == Path(path).name) for path in paths)


class _Told:
    """What was read, as the JSON document that tells it; its lists are kept in files until all pages are read.

    What follows from claims of several pages is derived among so many claims at a time, so that memory stays flat;
    ``check`` derives it over the whole store.
    """

    def __init__(self, files: ExitStack) -> None:
        from cell2grid.evidence.exports.json_pieces import KeptList

        lists = (files.enter_context(KeptList()) for _ in range(5))
        self._documents, self._stories, self._claims, self._quantities, self._derived = lists
        self._block: list[Pages] = []

    def add(self, pages: Pages) -> None:
        """Tell of one more page."""
        from cell2grid.evidence.rows import claim_row, document_row, reading_row, story_row

        paths = {each.id: each.path for each in pages.documents}
        for document in pages.documents:
            self._documents.add(document_row(document))
        for story in pages.stories:
            self._stories.add(story_row(story, paths[story.document]))
        for claim in pages.claims:
            self._claims.add(claim_row(claim, paths[claim.document]))
        for reading in pages.readings:
            self._quantities.add(reading_row(reading, paths[reading.document]))
        self._block.append(replace(pages, documents=(), readings=()))
        if sum(len(each.claims) for each in self._block) >= _DERIVED_AMONG:
            self._derive()

    def document(self, failures: list[tuple[str, str]], added: dict[str, int]) -> dict[str, Any]:
        """The whole document, with the pages that could not be read and what was new in the store."""
        self._derive()
        return {
            "documents": self._documents,
            "stories": self._stories,
            "claims": self._claims,
            "quantities": self._quantities,
            "derived": self._derived,
            "failures": [{"path": path, "message": message} for path, message in failures],
            "added": added,
        }

    def _derive(self) -> None:
        from cell2grid.evidence.arithmetic.checks import check
        from cell2grid.evidence.rows import derived_row

        claims = (claim for pages in self._block for claim in pages.claims)
        stories = (story for pages in self._block for story in pages.stories)
        for value in check(claims, stories)[1]:
            self._derived.add(derived_row(value))
        self._block = []


def _say_read(pages: int, documents: int, claims: int, store: str) -> None:
    output.console().print(
        f"read {pages} page(s): {documents} new, with {claims} new claim(s); store {store}", markup=False
    )
    if claims:
        output.console().print(f"next: cell2grid check --store {store}", markup=False)
