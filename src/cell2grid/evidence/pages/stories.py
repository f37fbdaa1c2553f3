"""A page divided into stories: what it is about (core), other stories, copies, and furniture.

Boundaries come first (Related articles, Continue reading, a headline with its byline), then digests of "Lead: …"
items, then copies by shared runs of three words. Each story's anchor date comes from ``anchors.py``; what a single
line looks like from ``page_lines.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cell2grid.evidence.pages.anchors import Anchor, anchor_of
from cell2grid.evidence.pages.page_lines import Line, page_lines, shingles
from cell2grid.evidence.pages.sentences import Span
from cell2grid.evidence.records import Document, Label, Story

COPY = 0.7  # share of a line's runs of three words that an earlier line of the core holds
SHORT = 60  # characters that an item of a round-up has at least
LONG = 140  # characters that make a line running text of its own
_LEAD = re.compile(r"[*_]{0,2}(?P<lead>[A-Z0-9“\"][^:.!?\n]{2,48}?)[*_]{0,2}:[*_]{0,2}\s+(?=[A-Z“\"‘0-9$€£])")
_SIGNAL = re.compile(
    r"\b(?:batter\w+|EVs?|NEVs?|electric|storage|MWh|GWh|gigafactory|factory|plant|cells?|lithium"
    r"|vehicles?|carmakers?|automakers?|exports?|megapack\w*|BESS)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Place:
    """A line with the number of its story (0 is the first, -1 is furniture) and its label."""

    line: Line
    story: int
    label: Label


def stories(document: Document, given: str | None = None) -> list[tuple[Story, Anchor]]:
    """The stories of a document, sorted, covering it without overlap, each with the anchor of its relative dates.

    ``given`` is a day that the user says the pages are of; it goes before what the page shows.
    """
    places = _placed(page_lines(document.text), document.title)
    _mark_digest(places, document.title)
    _mark_copies(places)
    return _segments(document, places, given)


def spans(document: Document) -> list[Span]:
    """Where the stories of a document stand in its text, in the order of ``stories``."""
    places = _placed(page_lines(document.text), document.title)
    _mark_digest(places, document.title)
    _mark_copies(places)
    return [span for _, span in _stretches(document, places)]


# -- which line belongs to which story -------------------------------------------------------------------------------


def _placed(lines: list[Line], title: str | None) -> list[_Place]:
    if not lines:
        return []
    first = _title_line(lines, title)
    places, story, ended, boiler = [], 0, False, False
    front = _front_matter(lines)
    for index, line in enumerate(lines):
        if index < front or (index < first and (line.look != "text" or len(line.text) < LONG)):
            places.append(_Place(line, -1, Label.FURNITURE))
            continue
        boiler = (boiler and line.look not in {"headline", "title", "end"}) or (
            line.look == "boilerplate" and index > first
        )
        aside = _is_aside(lines, index, places)
        if line.look in {"end", "furniture"} or boiler or (aside and index != first):
            ended = ended or (line.look == "end" and index > first and _has_text(lines, first, index))
            places.append(_Place(line, -1, Label.FURNITURE))
            continue
        if index > first and _opens_story(lines, index, ended):
            story, ended = story + 1, False
        places.append(_Place(line, *_label(lines, index, story, ended)))
    return places


def _is_aside(lines: list[Line], index: int, places: list[_Place]) -> bool:
    """A caption of a few words, or a line that speaks for the house beside other furniture."""
    line = lines[index]
    if line.look == "text" and line.words <= 3 and not re.search(r"[\d.!?:。]", line.text):
        return True
    beside = bool(places) and places[-1].label is Label.FURNITURE
    return (
        beside
        and len(line.text) < 100
        and line.look != "title"
        and _house_speak(line.text)
        and not re.search(r"[“”\"]", line.text)
    )


def _label(lines: list[Line], index: int, story: int, ended: bool) -> tuple[int, Label]:
    line = lines[index]
    if line.look == "teaser":
        return 1000 + index, Label.OTHER
    if ended:
        listed = line.words >= 5 and (line.look in {"headline", "title"} or len(line.text) >= 40)
        return (1000 + index, Label.OTHER) if listed and not _house_speak(line.text) else (-1, Label.FURNITURE)
    return story, Label.CORE if story == 0 else Label.OTHER


def _house_speak(text: str) -> bool:
    """Whether a line speaks for the house to the reader (we, our, you, your)."""
    words = re.findall(r"\w+", text.lower())
    return sum(word in {"we", "our", "you", "your", "us"} for word in words) >= max(1, len(words) / 14)


def _front_matter(lines: list[Line]) -> int:
    """How many lines a YAML header takes at the head of a Markdown page."""
    if lines[0].text != "---":
        return 0
    return next((index + 1 for index, line in enumerate(lines[1:40], start=1) if line.text in {"---", "..."}), 0)


def _title_line(lines: list[Line], title: str | None) -> int:
    """The place of the page's own headline; where it has none, of its first running text."""
    front = _front_matter(lines)
    if title:
        wanted = set(re.findall(r"\w+", title.lower()))
        for index, line in enumerate(lines[:60]):
            found = set(re.findall(r"\w+", line.text.lower()))
            if index >= front and len(found) >= 3 and len(found & wanted) >= 0.8 * len(found) and line.look != "text":
                return index
    running = next(
        (i for i, line in enumerate(lines) if i >= front and line.look == "text" and _is_running(lines, i)), None
    )
    heading = next((i for i, line in enumerate(lines) if i >= front and line.look == "title"), None)
    if heading is not None and (running is None or heading <= running):
        return heading
    if running is None:
        return next((i for i, line in enumerate(lines) if line.look in {"headline", "text"} and i >= front), 0)
    candidates = [
        i for i in range(max(front, running - 14), running) if lines[i].look == "headline" and lines[i].words >= 4
    ]
    if candidates:
        best = max(candidates, key=lambda i: (_repeated(lines, i), min(lines[i].words, 8), -i))
        return min(candidates, key=lambda i: (-(lines[i].text == lines[best].text), i))
    short = [i for i in range(max(front, running - 3), running) if lines[i].look == "headline"]
    return short[0] if short else running


def _repeated(lines: list[Line], index: int) -> bool:
    return sum(line.text == lines[index].text for line in lines[:20]) > 1


def _is_running(lines: list[Line], index: int) -> bool:
    line = lines[index]
    return len(line.text) >= 80 or (line.text.endswith((".", "”", '."')) and line.words >= 7)


def _has_text(lines: list[Line], first: int, index: int) -> bool:
    return any(line.look == "text" and len(line.text) >= 60 for line in lines[first:index])


_BYLINE = re.compile(r"(?:published|by|on|time\d|posted|updated)\b|.{0,40}\b(?:ago|\d{4})\b.{0,12}$", re.I)


def _opens_story(lines: list[Line], index: int, ended: bool) -> bool:
    """Whether a line is the headline of a new story: after a boundary with text to follow, or with its own byline."""
    line = lines[index]
    if line.look == "text":
        return ended and len(line.text) >= LONG and not _house_speak(line.text)
    if line.look not in {"headline", "title"}:
        return False
    following = lines[index + 1 : index + 8]
    text_ahead = next(
        (n for n, other in enumerate(following) if other.look == "text" and len(other.text) >= LONG // 2), None
    )
    if text_ahead is None:
        return False
    between = following[:text_ahead]
    if ended:
        return line.words >= 4 and not any(other.look == "end" for other in between)
    byline = any(other.look == "furniture" and _BYLINE.match(other.text) for other in between[:4])
    return byline and line.words >= 4 and not _house_speak(line.text) and not _same_as_before(lines, index)


def _same_as_before(lines: list[Line], index: int) -> bool:
    return any(other.text == lines[index].text for other in lines[max(0, index - 12) : index])


# -- digests and copies ----------------------------------------------------------------------------------------------


def _mark_digest(places: list[_Place], title: str | None) -> None:
    """In a digest of "Lead: text" items the item of the title is core and the others are stories of their own."""
    items = [p for p in places if p.label is Label.CORE and len(p.line.text) >= LONG and _LEAD.match(p.line.text)]
    plain = [p for p in places if p.label is Label.CORE and len(p.line.text) >= LONG and not _LEAD.match(p.line.text)]
    if len(items) < 3 or len(items) < len(plain):
        return
    heads = [p.line.text for p in places if p.label is Label.CORE and p.line.look in {"headline", "title"}]
    topical = [head for head in heads if not re.search(r"\b(?:19|20)\d\d$", head)]
    if topical and all(_ROUND_UP.search(head) for head in topical):
        _mark_round_up(places)
        return
    wanted = _topic(" ".join([title or "", *heads]))
    scores = [
        len(wanted & _topic(item.line.text)) * 10 + min(9, len(_SIGNAL.findall(item.line.text))) for item in items
    ]
    best = scores.index(max(scores))
    current = 0
    for place in places:
        if place.label is not Label.CORE:
            continue
        if place in items:
            current = 0 if place is items[best] else 2000 + items.index(place)
        if current:
            place.story, place.label = current, Label.OTHER


_ROUND_UP = re.compile(
    r"\b(?:in brief|briefs?|briefing|round-?up|digest|wrap|at a glance|news in"
    r"|this week|the week|weekly|monthly|headlines)\b",
    re.I,
)


def _mark_round_up(places: list[_Place]) -> None:
    """Under a headline without a topic of its own every item on the industry is core, each a story of its own."""
    current, label = 0, Label.CORE
    for index, place in enumerate(places):
        if place.label is not Label.CORE:
            continue
        if len(place.line.text) >= SHORT and _LEAD.match(place.line.text):
            current = 2000 + index
            label = Label.CORE if _SIGNAL.search(place.line.text) else Label.OTHER
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


def _mark_copies(places: list[_Place]) -> None:
    """Lines that repeat what the core has said before are copies: its headline again, its sentences again."""
    known: set[tuple[str, ...]] = set()
    by_line: list[tuple[frozenset[tuple[str, ...]], str]] = []
    for place in places:
        if place.label is Label.FURNITURE:
            continue
        runs = shingles(place.line.text)
        plain = " ".join(re.findall(r"\w+", place.line.text.lower()))
        if (len(plain) >= 12 and any(plain == earlier for _, earlier in by_line)) or (
            len(runs) >= 6 and len(runs & known) >= COPY * len(runs) and _from_one(runs, by_line)
        ):
            place.label = Label.COPY
        if place.label is Label.CORE:
            known |= runs
            by_line.append((runs, plain))


def _from_one(runs: frozenset[tuple[str, ...]], by_line: list[tuple[frozenset[tuple[str, ...]], str]]) -> bool:
    """Whether a short line is mostly one earlier line; a long one may be put together from many."""
    return len(runs) >= 60 or max((len(runs & earlier) for earlier, _ in by_line), default=0) >= 0.5 * len(runs)


# -- segments --------------------------------------------------------------------------------------------------------


def _segments(document: Document, places: list[_Place], given: str | None) -> list[tuple[Story, Anchor]]:
    digest = {place.story for place in places if place.story == 0 or place.story >= 2000}
    page_anchor = anchor_of(document, _text_of(places, digest), _head_of(document, places, 0), given)
    anchors: dict[int, Anchor] = {}
    found: list[tuple[Story, Anchor]] = []
    for place, span in _stretches(document, places):
        if place.story not in anchors:
            anchors[place.story] = _anchor(document, places, place, page_anchor, given)
        anchor = anchors[place.story]
        found.append((_story(document, places, place, span.start, span.end, anchor), anchor))
    return found


def _stretches(document: Document, places: list[_Place]) -> list[tuple[_Place, Span]]:
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


def _anchor(document: Document, places: list[_Place], place: _Place, page: Anchor, given: str | None) -> Anchor:
    if place.label is not Label.OTHER or page.source in {"given", "metadata"} or place.story >= 2000:
        return page
    own = anchor_of(None, _text_of(places, {place.story}), _head_of(document, places, place.story), None)
    return own if own.day is not None else page


def _story(document: Document, places: list[_Place], place: _Place, start: int, end: int, anchor: Anchor) -> Story:
    suffix = (
        "furniture" if place.label is Label.FURNITURE else "copy" if place.label is Label.COPY else str(place.story)
    )
    headline = next(
        (p.line.text for p in places if p.story == place.story and p.line.look in {"headline", "title"}), None
    )
    no_place = not document.has_offsets
    return Story(
        id=f"{document.id[:12]}-{suffix}",
        document=document.id,
        label=place.label,
        start=None if no_place else start,
        end=None if no_place else end,
        title=headline.lstrip("# ").strip("*_ ") if headline and place.label is not Label.FURNITURE else None,
        anchor_date=anchor.day.isoformat() if anchor.day else None,
        anchor_from=anchor.source,
    )


def _text_of(places: list[_Place], wanted: set[int]) -> str:
    return "\n".join(p.line.text for p in places if p.story in wanted)


def _head_of(document: Document, places: list[_Place], story: int) -> str:
    """The furniture around the head of a story, where its byline stands."""
    first = next((n for n, p in enumerate(places) if p.story == story), 0)
    opening = places[max(0, first - 4) : first + 7] if story else places[: first + 9]
    return "\n".join(p.line.text for p in opening if p.story in {-1, story} and len(p.line.text) < 160)
