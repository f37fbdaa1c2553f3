"""The part that a name plays in its sentence: an object of a verb, or within an aside; else it may be the subject.

"Acme closed its Turin plant and laid off 95 people": the plant is the object, and the figure is Acme's. What stands
behind a preposition is ``prepositions.py``; whose figure a quantity is, ``claims/subjects.py``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.naming.prepositions import lead_of
from cell2grid.evidence.naming.tokens import Token
from cell2grid.evidence.naming.verbs import acts, finite, taking_objects
from cell2grid.evidence.vocabulary import word_list

_APPOSED = re.compile(
    r",\s(?:(?:an?|the|its|their|one|formerly|now|part|owned|based|once|half|majority|backed|founded|listed|known|called|dubbed|named|previously|until|then|led"
    r"|which|who|whose|where|in which)\b|[A-Z][\w.-]*(?:[’']s|s[’'])\s)(?P<body>[^;:()]{2,110}?),(?=\s)"
)
_RELATIVE_WITHIN = re.compile(r"\s(?:in\s)?(?:which|who|that|whose|where)\s")
_RELATIVE = re.compile(r",\s(?:in\s)?(?:which|who|whose|where)\b")
_ANYWHERE = re.compile(
    r",\s(?:(?:in|of|for|with|by|from|at|to|on)\s)?(?:which|who|whom|whose|where)\s[^,;]*,"
    r"|,\s(?:[a-z]+[- ])?(?:[a-z]+ed|led|run|built|known|made|held|sold|bought|won|begun)"
    r"\s(?:by|in|at|as|near|for|from|on|with|to)\s[^,;]*,|,\sas\s[^,;]{3,60}\s(?:is|was|are)\s(?:known|called|named)[^,;]{0,20},"
)
_BRACKETS = re.compile(r"\([^()]{2,80}\)|\[[^\[\]]{2,80}\]")


def with_roles(text: str, words: list[Token], found: list[Mention]) -> list[Mention]:
    """The mentions with "object" for the preposition of those that a verb has before it.

    >>> from cell2grid.evidence.naming.tokens import tokens
    >>> text = "Acme supplies Bolt Motors."
    >>> rows = [Mention(0, 4, "Acme", "firm"), Mention(14, 25, "Bolt Motors", "firm")]
    >>> [mention.preposition for mention in with_roles(text, tokens(text), rows)]
    ['', 'object']
    """
    told: list[Mention] = []
    for mention in found:
        object_too = bool(told) and told[-1].preposition == "object" and _is_next(text, told[-1], mention)
        if not mention.preposition and (object_too or _is_object(text, words, mention)):
            told.append(replace(mention, preposition="object"))
        else:
            told.append(mention)
    return told


def _is_next(text: str, before: Mention, mention: Mention) -> bool:
    """Whether a mention goes on a row (counts A (12 %) and B among its shareholders)."""
    return _NEXT.fullmatch(text[before.end : mention.start]) is not None and not acts(text, mention.end)


_NEXT = re.compile(r"(?:\s\([^)]*\))?(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)(?:the\s)?")


def _is_object(text: str, words: list[Token], mention: Mention) -> bool:
    first = bisect_left(words, (mention.start,))
    begins = first < len(words) and words[first].start == mention.start
    if not begins:
        return False
    lead = lead_of(text, words, first)
    if lead is None or text[words[lead].end : words[lead + 1].start].strip(' “"'):
        return False
    word = words[lead].word.lower()
    determined = word.endswith("ed") and words[lead + 1].word.lower() in word_list("determiners")
    if words[lead].word[0].isupper() or not (determined or word in taking_objects()):
        return False
    owns = mention.possessive and mention.kind not in {"plant", "project"}
    return not (word in word_list("verbs_of_saying") and (owns or acts(text, mention.end)))


_ROW_ON = re.compile(r"(?:\s(?:and\s)?(?:the\s)?[A-Z][\w&.-]*(?:\s(?:and\s|&\s)?[A-Z][\w&.-]*)*,)+(?=\s[a-z])")


def _row_end(text: str, end: int) -> int:
    """Where an aside ends that closes with a row of names (held by A, B and C, …)."""
    row = _ROW_ON.match(text, end)
    return row.end() if row is not None else end


def asides(text: str, found: list[Mention]) -> list[tuple[int, int]]:
    """Where a sentence only says more of the mention just before: appositions, relative clauses, brackets.

    >>> text = "Vianode, a unit of Hydro, sold 300 tonnes."
    >>> [text[start:end] for start, end in asides(text, [Mention(0, 7, "Vianode", "firm")])]
    [', a unit of Hydro,']
    """
    spans = [bracket.span() for bracket in _BRACKETS.finditer(text)]
    spans += [(found.start(), _row_end(text, found.end())) for found in _ANYWHERE.finditer(text)]
    for mention in found:
        if mention.possessive or text[mention.end : mention.end + 2] != ", ":
            continue
        if mention.preposition and " " not in text[: mention.start].strip():  # In Harjavalta, BASF's plant, …
            continue
        apposed = _APPOSED.match(text, mention.end)
        if apposed is None:
            continue
        told = _RELATIVE.match(apposed.group()) is not None
        body = _RELATIVE_WITHIN.split(apposed.group("body"))[0]
        if told or not any(word in finite() for word in re.findall(r"[a-z]+", body)):
            spans.append(apposed.span())
    return spans
