"""Which story each line of a page belongs to: boundaries, headlines, and the story that the page is about.

A line that ends a story (Related articles), a headline with its own byline, and a headline over text of another trade
open a story of their own; the one with the page's headline and most of its text is the main one. What a line looks
like by itself is ``page_lines.py``; digests, copies and anchors are ``stories.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cell2grid.evidence.pages.cohesion import is_elsewhere, topic_words
from cell2grid.evidence.pages.page_lines import Line
from cell2grid.evidence.records import Label

RESUMED = 0.35  # share of a line's longer words that the main story has used, where it goes on below a box
LONG = 140  # characters that make a line running text of its own


@dataclass(slots=True)
class Place:
    """A line with the number of its story (0 is the first, -1 is furniture) and its label."""

    line: Line
    story: int
    label: Label


def placed(lines: list[Line], title: str | None) -> list[Place]:
    """Each line with its story and label; story 0 is the one that the page is about, -1 what belongs to none."""
    if not lines:
        return []
    places = _in_order(lines, _title_line(lines, title), _front_matter(lines))
    _make_main(places, _main_story(places))
    _drop_last_headlines(places)
    return places


def _in_order(lines: list[Line], first: int, front: int) -> list[Place]:
    """The lines from the first headline on, a story ended by a boundary and opened by a headline."""
    places, story, ended, boiler = [], 0, False, False
    told = 0  # lines of running text of the first story so far
    has_text = False  # whether the headline has had text below it
    words: set[str] = set()
    unread: list[str] = []  # lines of the first story whose words no headline has been held against
    for index, line in enumerate(lines):
        had_text = has_text
        has_text = has_text or (index >= first and line.look == "text" and len(line.text) >= 60)
        if index < front or (index < first and (line.look != "text" or len(line.text) < LONG)):
            places.append(Place(line, -1, Label.FURNITURE))
            continue
        boiler = (boiler and line.look not in {"headline", "title", "end"}) or (
            line.look == "boilerplate" and index > first
        )
        aside = _is_aside(lines, index, places)
        if line.look in {"end", "furniture"} or boiler or (aside and index != first):
            ended = ended or (line.look == "end" and had_text)
            places.append(Place(line, -1, Label.FURNITURE))
            continue
        elsewhere = story == 0 and told >= 2 and not ended and _is_other_trade(lines, index, words, unread)
        if (ended or story) and told >= 2 and _resumes(lines, index, words, unread):
            story, ended = 0, False
        begun = told or ended or story  # the lines of one headline open one story
        if index > first and (elsewhere or (begun and _opens_story(lines, index, ended))):
            story, ended = story + 1, False
        places.append(Place(line, *_label(lines, index, story, ended)))
        if story == 0 and not ended and line.look != "teaser":
            unread.append(line.text)
            told += line.look == "text" and len(line.text) >= LONG // 2
    return places


def _resumes(lines: list[Line], index: int, words: set[str], unread: list[str]) -> bool:
    """Whether the main story goes on below a box of links: its words come again, and not those of the line above."""
    line = lines[index]
    if line.look != "text" or len(line.text) < LONG // 2:
        return False
    words |= topic_words(" ".join(unread))
    unread.clear()
    own = topic_words(line.text)
    above = [other for other in lines[max(0, index - 4) : index] if other.look in {"headline", "title"}]
    linked = topic_words(" ".join(other.text for other in above))
    return len(own & words) >= max(3, RESUMED * len(own)) and not own & linked


def _is_other_trade(lines: list[Line], index: int, words: set[str], unread: list[str]) -> bool:
    """Whether a line is the headline of text that has nothing to do with the story so far, without any boundary.

    ``words`` are those of the story's lines, but for the ``unread`` ones, which are added where it comes to that.
    """
    line = lines[index]
    if line.look != "headline" or line.text.startswith(("#", "Q:", "A:", "Q.", "A.")):
        return False
    if not re.search(r"\s(?!with\b|from\b|into\b|over\b)[a-z]{4,}", line.text):
        return False  # the title of a section has no verb and no word in small letters
    below = []
    for other in lines[index + 1 : index + 6]:
        if other.look in {"headline", "title", "end"}:
            break
        below += [other.text] if other.look == "text" else []
    if sum(map(len, below)) < LONG // 2:
        return False
    words.update(*map(topic_words, unread))
    unread.clear()
    return is_elsewhere([line.text, *below], words)


# -- which story the page is about -----------------------------------------------------------------------------------


def _main_story(places: list[Place]) -> int:
    """The story with the page's text: the first, unless it is a few lines of a menu above a much longer one."""
    weights: dict[int, int] = {}
    for place in places:
        running = place.line.look == "text" and len(place.line.text) >= 60
        if place.story >= 0 and place.story < 1000:
            weights[place.story] = weights.get(place.story, 0) + running * len(place.line.text)
    if not weights or weights.get(0, 0) >= LONG:
        return 0
    best = max(weights, key=lambda story: weights[story])
    return best if weights[best] >= 2 * LONG else 0


def _make_main(places: list[Place], main: int) -> None:
    """Give a later story the place of the first; what stood above it were lines of a menu."""
    if not main:
        return
    opened = next(index for index, place in enumerate(places) if place.story == main)
    running = next(n for n in range(opened, len(places)) if places[n].line.look == "text")
    opened = _top_of_headline([place.line for place in places], opened, running)
    for place in places[opened:running]:
        place.story = main if place.story >= 0 else -1
    for index, place in enumerate(places):
        if place.story == main:
            place.story, place.label = 0, Label.CORE
        elif index < opened and place.story >= 0:
            place.story, place.label = -1, Label.FURNITURE


def _drop_last_headlines(places: list[Place]) -> None:
    """Headlines below the last line of text, on something else than the story, are links to other pages."""
    core = [place for place in places if place.label is Label.CORE]
    last = max((n for n, place in enumerate(core) if place.line.look == "text"), default=-1)
    tail = core[last + 1 :]
    if last < 1 or not tail:
        return
    words = topic_words(" ".join(place.line.text for place in core[: last + 1]))
    for place in tail:
        own = topic_words(place.line.text)
        if own and len(own & words) < 0.5 * len(own):
            listed = place.line.words >= 5
            place.story, place.label = (3000, Label.OTHER) if listed else (-1, Label.FURNITURE)


# -- one line among its neighbours -----------------------------------------------------------------------------------


def _is_aside(lines: list[Line], index: int, places: list[Place]) -> bool:
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
        return _top_of_headline(
            lines, min(candidates, key=lambda i: (-(lines[i].text == lines[best].text), i)), running
        )
    short = [i for i in range(max(front, running - 3), running) if lines[i].look == "headline"]
    return short[0] if short else running


def _top_of_headline(lines: list[Line], headline: int, running: int) -> int:
    """The first of the lines right above a headline that share a word with the text below: it has two or three."""
    told = topic_words(" ".join(line.text for line in lines[running : running + 4]))
    while headline and lines[headline - 1].look == "headline" and lines[headline - 1].words >= 4:
        if not topic_words(lines[headline - 1].text) & told:
            break
        headline -= 1
    return headline


def _repeated(lines: list[Line], index: int) -> bool:
    return sum(line.text == lines[index].text for line in lines[:20]) > 1


def _is_running(lines: list[Line], index: int) -> bool:
    line = lines[index]
    return len(line.text) >= 80 or (line.text.endswith((".", "”", '."')) and line.words >= 7)


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
