"""Pages to claims: every document under some paths, its stories, its quantities, and what the frames read in them.

One ``Pages`` is given for each document, so that what was read is kept when the rest breaks. Every quantity of a core
story is a claim once; one without a frame is in tier C. Other stories give the claims that a frame reads; copies and
furniture none. Storing and checking are ``store.py`` and ``checks.py``.
"""

from __future__ import annotations

import datetime
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cell2grid.errors import InputError, PageError
from cell2grid.evidence.claims.retelling import LONGEST, Retelling
from cell2grid.evidence.claims.story_time import StoryTime
from cell2grid.evidence.claims.tables import Rows, table_rows
from cell2grid.evidence.dates.page_calendar import calendar_of
from cell2grid.evidence.frames import frames_beside
from cell2grid.evidence.pages.allowance import SECONDS, allowance
from cell2grid.evidence.pages.extraction import Extractor
from cell2grid.evidence.pages.page import Source, pages_in, read_document
from cell2grid.evidence.pages.stories import stories
from cell2grid.evidence.records import Claim, Document, Label, Pages, Reading, Story
from cell2grid.evidence.telling import Telling


def read_pages(
    paths: Sequence[Source], *, date: str | None = None, on_page: Callable[[int, int], None] | None = None
) -> Iterator[Pages]:
    """What the pages under the paths hold, one ``Pages`` for each document, in the order of their names.

    Args:
        paths: files, folders and addresses of the web (http, https); only an address given here is fetched.
        date: the day that the pages are of, ISO; it goes before what they show.
        on_page: called after each page with how many are done, and of how many.

    Raises:
        PageError: a path is missing or holds no page; a page that cannot be read is a failure in its ``Pages``.
        InputError: ``date`` is no day.
    """
    if date is not None:
        try:
            datetime.date.fromisoformat(date)
        except ValueError as error:
            raise InputError(f"the date '{date}' is no day: write it as 2025-02-12") from error
    asked, told_before = pages_in(paths), Retelling()
    with Extractor() as extractor:
        for done, (path, relative) in enumerate(asked, start=1):
            try:
                yield read_page(read_document(path, relative, extractor), date=date, told_before=told_before)
            except PageError as error:
                yield Pages((), (), (), (), ((relative, error.message),))
            except Exception as error:  # a fault of ours in one page must not cost the pages behind it
                yield Pages((), (), (), (), ((relative, _fault(relative, error)),))
            if on_page is not None:
                on_page(done, len(asked))


def _fault(page: str, error: Exception) -> str:
    """What to say of a page that no reader foresaw, with the place in the code that a report needs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    at = f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}: {str(error)[:200]}"
    return f"page '{page}' breaks its reader, a fault of cell2grid ({at}): report it; the other pages are read"


def read_page(
    document: Document, *, date: str | None = None, seconds: float = SECONDS, told_before: Retelling | None = None
) -> Pages:
    """The stories, quantities and claims of one document, read within so many seconds.

    ``told_before`` holds what the pages before have told; a story that is there is not read again.

    Raises:
        PageError: it takes longer, or has more lines or numbers than a page may have.
    """
    allowed = allowance(document, seconds)
    found_stories: list[Story] = []
    readings: list[Reading] = []
    claims: dict[str, Claim] = {}
    told_so_far: dict[str, Telling] = {}
    told_before = Retelling() if told_before is None else told_before
    calendar = calendar_of(document.text, document.url)
    rows = Rows(table_rows(document.text))
    told = stories(document, date)
    stretches = Counter(story.id for story, _, _ in told)
    for story, anchor, span in told:
        found_stories.append(story)
        telling, key = told_so_far.get(story.id), None
        if telling is None:
            time = StoryTime(anchor, calendar, story.title or document.title or "")
            telling = told_so_far[story.id] = Telling(document, story, time, end=span.start)
            alone = stretches[story.id] == 1 and span.end - span.start <= LONGEST and not rows.within(span)
            key = telling.key(span) if alone else None
        telling.story = story
        stretches[story.id] -= 1
        if not stretches[story.id]:
            del told_so_far[story.id]  # a page of links has a story for each
        allowed.require(len(readings))
        found = None if key is None else told_before.again(key, document, story, span.start)
        if found is None:
            found = telling.stretch(span, rows, allowed, len(readings))
            if key is not None and not telling.of_page:
                told_before.keep(key, span.start, *found)
        readings += found[0]
        for claim in found[1]:
            claims.setdefault(claim.id, claim)
    # what is told beside the quantities goes last
    in_order = sorted(claims.values(), key=lambda claim: claim.frame in frames_beside())
    return Pages((_presented(document, found_stories),), tuple(found_stories), tuple(readings), tuple(in_order))


def _presented(document: Document, told: Sequence[Story]) -> Document:
    """The document with the title and the day of its story, where it says none of its own and tells one story only."""
    core = [story for story in told if story.label is Label.CORE]
    titles, days = {story.title for story in core}, {s.anchor_date for s in core if s.anchor_from in _PAGE_DAYS}
    title = document.title or (titles.pop() if len(titles) == 1 else None)
    # a PDF says when the file was made, which is seldom the day that its page is of
    said = None if document.format == "pdf" else document.date
    day = said or (days.pop() if len(days) == 1 else None) or document.date
    return replace(document, title=title, date=day)


# how the day of a story is known that is the page's own, and not one that a sentence speaks of
_PAGE_DAYS = frozenset({"given", "byline", "metadata"})
