"""The ``read`` command: pages into the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import PageError

if TYPE_CHECKING:
    from cell2grid.evidence.records import Pages


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
    found: list[Pages] = []
    added = Added()
    if present:
        with open_store(store, create=True) as opened:
            for pages in _pages(present, date, total):
                added += opened.add(pages)
                failures += pages.failures
                # without --json only the counts are kept, so that a large folder needs no more memory than a small one
                found.append(pages if as_json else _counted(pages))
    for path, message in failures:
        named = message if path in message else f"{path}: {message}"
        output.log().print(f"error: {named}", markup=False, soft_wrap=True)
    pages_read = sum(len(pages.documents) for pages in found)
    output.emit(
        _read_document(found, failures, asdict(added)) if as_json else None,
        as_json,
        lambda: _say_read(pages_read, added.documents, added.claims, store),
    )
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


def _counted(pages: Pages) -> Pages:
    from dataclasses import replace

    documents = tuple(replace(document, text="") for document in pages.documents)
    return replace(pages, documents=documents, stories=(), readings=(), claims=())


def _is_named(failed: str, paths: list[str]) -> bool:
    """Whether the path that failed was named in the call, and not met in a folder."""
    return any(failed == path or (not Path(path).is_dir() and failed == Path(path).name) for path in paths)


def _read_document(found: list[Pages], failures: list[tuple[str, str]], added: dict[str, int]) -> dict[str, Any]:
    from cell2grid.evidence.arithmetic.checks import check as check_claims
    from cell2grid.evidence.rows import claim_row, derived_row, document_row, reading_row, story_row

    document: dict[str, Any] = {"documents": [], "stories": [], "claims": [], "quantities": []}
    for pages in found:
        paths = {each.id: each.path for each in pages.documents}
        document["documents"] += [document_row(each) for each in pages.documents]
        document["stories"] += [story_row(each, paths[each.document]) for each in pages.stories]
        document["claims"] += [claim_row(each, paths[each.document]) for each in pages.claims]
        document["quantities"] += [reading_row(each, paths[each.document]) for each in pages.readings]
    every_claim = [claim for pages in found for claim in pages.claims]
    every_story = [story for pages in found for story in pages.stories]
    _, derived = check_claims(every_claim, every_story)
    document["derived"] = [derived_row(each) for each in derived]
    document["failures"] = [{"path": path, "message": message} for path, message in failures]
    return {**document, "added": added}


def _say_read(pages: int, documents: int, claims: int, store: str) -> None:
    output.console().print(
        f"read {pages} page(s): {documents} new, with {claims} new claim(s); store {store}", markup=False
    )
    if claims:
        output.console().print(f"next: cell2grid check --store {store}", markup=False)
