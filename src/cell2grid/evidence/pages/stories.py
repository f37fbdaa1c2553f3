"""A page divided into stories: what it is about (core), other stories, copies, and furniture.

Boundaries come first (``placing.py``), then digests of "Lead: …" items, then copies by shared runs of three words.
Each story's anchor date comes from ``anchors.py``; what a single line looks like from ``page_lines.py``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cell2grid.evidence.pages.anchors import Anchor, anchor_of
from cell2grid.evidence.pages.cohesion import SIGNAL
from cell2grid.evidence.pages.page_lines import page_lines, shingles
from cell2grid.evidence.pages.placing import LONG, Place, placed
from cell2grid.evidence.pages.sentences import Span
from cell2grid.evidence.records import Document, Label, Story

COPY = 0.7  # share of a line's runs of three words that an earlier line of the core holds
LATEST = 2_000  # earlier lines that a short line is compared with
MOST_TOLD = 200_000  # runs of words that are kept of a page; what is said behind them has no copies
SHORT = 60  # characters that an item of a round-up has at least
_LEAD = re.compile(r"[*_]{0,2}(?P<lead>[A-Z0-9“\"][^:.!?\n]{2,48}?)[*_]{0,2}:[*_]{0,2}\s+(?=[A-Z“\"‘0-9$€£])")


class Told(NamedTuple):
    """A story of a page, the anchor of its relative dates, and where it stands in the text."""

    story: Story
    anchor: Anchor
    span: Span


def stories(document: Document, given: str | None = None) -> list[Told]:
    """The stories of a document, sorted, covering it without overlap.

    ``given`` is a day that the user says the pages are of; it goes before what the page shows.
    """
    places = placed(page_lines(document.text), document.title)
    _mark_digest(places, document.title)
    _mark_copies(places)
    return _segments(document, places, given)


# -- digests and copies ----------------------------------------------------------------------------------------------


def _mark_digest(places: list[Place], title: str | None) -> None:
    """In a digest of "Lead: text" items the item of the title is core and the others are stories of their own."""
    running = [place for place in places if place.label is Label.CORE and len(place.line.text) >= LONG]
    items = [place for place in running if _LEAD.match(place.line.text)]
    if len(items) < 3 or 2 * len(items) < len(running) or _is_talk(items):
        return
    heads = [p.line.text for p in places if p.label is Label.CORE and p.line.look in {"headline", "title"}]
    topical = [head for head in heads if not re.search(r"\b(?:19|20)\d\d$", head)]
    if topical and all(_ROUND_UP.search(head) for head in topical):
        _mark_round_up(places)
        return
    wanted = _topic(" ".join([title or "", *heads]))
    scores = [len(wanted & _topic(item.line.text)) * 10 + min(9, len(SIGNAL.findall(item.line.text))) for item in items]
    best = scores.index(max(scores))
    numbers = {item.line.start: number for number, item in enumerate(items)}
    current = 0
    for place in places:
        if place.label is not Label.CORE:
            continue
        if place.line.start in numbers:
            current = 0 if place is items[best] else 2000 + numbers[place.line.start]
        if current:
            place.story, place.label = current, Label.OTHER


def _is_talk(items: list[Place]) -> bool:
    """Whether the leads are people who speak in turn: one comes again, or most items speak of themselves."""
    leads = [found.group("lead") for item in items if (found := _LEAD.match(item.line.text)) is not None]
    spoken = sum(
        re.search(r"\b(?:I|we|We|our|Our|you|thank|Thank|Thanks)\b", item.line.text) is not None for item in items
    )
    return len(set(leads)) < len(leads) or spoken > len(items) / 2


_ROUND_UP = re.compile(
    r"\b(?:in brief|briefs?|briefing|round-?up|digest|wrap|at a glance|news in"
    r"|this week|the week|weekly|monthly|headlines)\b",
    re.I,
)


def _mark_round_up(places: list[Place]) -> None:
    """Under a headline without a topic of its own every item on the industry is core, each a story of its own."""
    current, label = 0, Label.CORE
    for index, place in enumerate(places):
        if place.label is not Label.CORE:
            continue
        if len(place.line.text) >= SHORT and _LEAD.match(place.line.text):
            current = 2000 + index
            label = Label.CORE if SIGNAL.search(place.line.text) else Label.OTHER
        if current:
            place.story, place.label = current, label


def _topic(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-zäöüéš]{4,}", text.lower())} - {
        "with",
        "from",
        "that",
        "this",
        "have",
        "will",
        "opens",
    }


def _mark_copies(places: list[Place]) -> None:
    """Lines that repeat what the core has said before are copies: its headline again, its sentences again."""
    known: set[tuple[str, ...]] = set()
    by_line: list[frozenset[tuple[str, ...]]] = []
    plain_lines: set[str] = set()
    for place in places:
        if place.label is Label.FURNITURE:
            continue
        runs, plain = shingles(place.line.text)
        if (len(plain) >= 12 and plain in plain_lines) or (
            len(runs) >= 6 and len(runs & known) >= COPY * len(runs) and _from_one(runs, by_line[-LATEST:])
        ):
            place.label = Label.COPY
        if place.label is Label.CORE and len(known) < MOST_TOLD:
            known |= runs
            by_line.append(runs)
            plain_lines.add(plain)


def _from_one(runs: frozenset[tuple[str, ...]], by_line: list[frozenset[tuple[str, ...]]]) -> bool:
    """Whether a short line is mostly one earlier line or two that follow; a long one may be put together from many."""
    if len(runs) >= 60:
        return True
    shared = [runs & earlier for earlier in by_line]
    near = max((len(one | two) for one, two in zip(shared, shared[1:] or shared, strict=False)), default=0)
    return near >= 0.5 * len(runs)


# -- segments --------------------------------------------------------------------------------------------------------


def _segments(document: Document, places: list[Place], given: str | None) -> list[Told]:
    lines = _lines_of(places)
    digest = [place for place in places if place.story == 0 or place.story >= 2000]
    page_anchor = anchor_of(document, _text_of(digest), _head_of(places, lines, 0), given)
    anchors: dict[int, Anchor] = {}
    titles: dict[int, str | None] = {}
    found: list[Told] = []
    for place, span in _stretches(document, places):
        number = place.story
        if number not in anchors:
            anchors[number] = _anchor(places, lines, place, page_anchor)
            own = (places[index].line for index in lines[number])
            titles[number] = next((line.text for line in own if line.look in {"headline", "title"}), None)
        story = _story(document, place, span, titles[number], anchors[number])
        found.append(Told(story, anchors[number], span))
    return found


def _lines_of(places: list[Place]) -> dict[int, list[int]]:
    """Where the lines of each story stand, by its number."""
    lines: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        lines.setdefault(place.story, []).append(index)
    return lines


def _stretches(document: Document, places: list[Place]) -> list[tuple[Place, Span]]:
    """Runs of lines of one story and label: the last line of each run, and where the run stands."""
    found = []
    start = 0
    for index, place in enumerate(places):
        following = places[index + 1] if index + 1 < len(places) else None
        if following is not None and (following.story, following.label) == (place.story, place.label):
            continue
        end = following.line.start if following is not None else len(document.text)
        found.append((place, Span(start, end)))
        start = end
    return found


def _anchor(places: list[Place], lines: dict[int, list[int]], place: Place, page: Anchor) -> Anchor:
    if place.label is not Label.OTHER or page.source in {"given", "metadata"} or place.story >= 2000:
        return page
    told = _text_of([places[index] for index in lines[place.story]])
    own = anchor_of(None, told, _head_of(places, lines, place.story), None)
    return own if own.day is not None else page


def _story(document: Document, place: Place, span: Span, headline: str | None, anchor: Anchor) -> Story:
    suffix = (
        "furniture" if place.label is Label.FURNITURE else "copy" if place.label is Label.COPY else str(place.story)
    )
    no_place = not document.has_offsets
    return Story(
        id=f"{document.id[:12]}-{suffix}",
        document=document.id,
        label=place.label,
        start=None if no_place else span.start,
        end=None if no_place else span.end,
        title=headline.lstrip("# ").strip("*_ ") if headline and place.label is not Label.FURNITURE else None,
        anchor_date=anchor.day.isoformat() if anchor.day else None,
        anchor_from=anchor.source,
    )


def _text_of(places: list[Place]) -> str:
    return "\n".join(place.line.text for place in places)


def _head_of(places: list[Place], lines: dict[int, list[int]], story: int) -> str:
    """The furniture around the head of a story, where its byline stands."""
    first = lines[story][0] if story in lines else 0
    opening = places[max(0, first - 4) : first + 7] if story else places[: first + 9]
    return "\n".join(p.line.text for p in opening if p.story in {-1, story} and len(p.line.text) < 160)
