"""The name in capitals that leads an item of a digest (NEOEN: Sold its portfolio), in the letters it has elsewhere.

A place that leads is a dateline, and a word of the trade a heading; neither is a name here. Names in small letters that
lead an item are found like others (``names.py``).
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.naming.tokens import Name
from cell2grid.evidence.naming.unknown_names import common_words
from cell2grid.evidence.vocabulary import sets, word_list
from cell2grid.evidence.vocabulary.gazetteer import of_kind

_LEAD = re.compile(r"\s*(?:[-•*–]\s*)?(?P<lead>[A-ZÀ-Ý][A-ZÀ-Ý0-9&.'’ -]{1,40}):\s+(?=[\"“A-Z\d])")
_ALONE = re.compile(r"\s*(?:[-•*–#]\s*)*(?P<lead>[A-ZÀ-Ý][A-ZÀ-Ý0-9&'’ -]{2,40})[.:]?\s*")


def leading_name(text: str) -> Name | None:
    """The firm, project or country in capitals that leads a sentence; None where there is none.

    >>> [(name.name, name.kind) for text in ("NEOEN: Sold 412 MW.", "SMA SOLAR: Cut 350 jobs.", "PRICES: Fell.")
    ...  if (name := leading_name(text)) is not None]
    [('Neoen', 'firm'), ('SMA Solar', 'firm')]
    """
    found = _LEAD.match(text)
    line = found or _ALONE.fullmatch(text)
    if line is None:
        return None
    lead, (start, end) = line.group("lead").strip(), line.span("lead")
    known = _shouted().get(lead.casefold())
    if found is None and known is None:
        return None
    if known is not None:
        return None if known[1] == "place" else Name(start, end, *known)
    words = lead.split()
    common = words[0].lower() in common_words() or words[0].lower() in word_list("common_heads")
    if len(words) > 4 or common or lead in sets("naming")["not_names"]:
        return None
    return Name(start, end, " ".join(_small(word) for word in words), "firm" if len(words) > 1 else "unknown")


def is_dateline(text: str) -> bool:
    """Whether a sentence is only a place in capitals (GOTHENBURG.)."""
    alone = _ALONE.fullmatch(text)
    known = _shouted().get(alone.group("lead").strip().casefold()) if alone is not None else None
    return known is not None and known[1] == "place"


def _small(word: str) -> str:
    return word if len(word) < 4 or not word.isalpha() else word.capitalize()


@cache
def _shouted() -> dict[str, tuple[str, str]]:
    """The names of the gazetteer without capitals, each with how a claim calls it and its kind."""
    kinds = ("place", "country", "project", "plant", "venture", "firm")
    return {
        name.casefold(): (entity.name if entity.settled else name, kind)
        for kind in kinds
        for entity in of_kind(kind)
        for name in entity.names
    }
