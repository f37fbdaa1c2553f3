"""What a figure is said of by its place right behind a name: an apposition, a relative clause, "with a capacity of".

"Acme opened a plant at Genk with a capacity of 2 GWh": the verb has another subject, but the figure is the plant's.
Figures that stand in the clause itself are ``subjects.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.naming.verbs import finite
from cell2grid.evidence.quantities.quantity import Quantity

_WORKS = {"plant", "project", "venture"}
_PLACE = (
    r"(?:\s\d{1,2})?(?:,?\s(?:in|at|near|outside|on|off|of|north|south|east|west)\s[^,;()]{2,40}?|,\s[A-Z][\w.-]+){0,2}"
)
_FORWARD = (
    r"(?:planned|designed|expected|due|set|able|capable|intended|meant|scheduled|employing|producing|making|covering"
    r"|spanning|storing|holding|building|costing|worth|rated|built|sized)"
)
_WITH = re.compile(rf"{_PLACE},?\s(?:with|having|boasting|offering|featuring|comprising)\s[^;]*")
_APPOSED = re.compile(rf"{_PLACE},\s(?:an?|the|one of the|its|their)\s(?:[\w-]+\s){{0,3}}")
_APPOSED_THAT = re.compile(rf"{_PLACE},\s(?:an?|the)\s[^;,]{{3,60}}?\s(?:that|which)\s[^,;]*")
_RELATIVE = re.compile(rf"{_PLACE}(?:,\s(?:which|who)|\s(?:that|which))\s(?!(?:the|its|his|[A-Z])\b)[^;]*")
_PARTICIPLE = re.compile(rf"{_PLACE},?\s{_FORWARD}\s[^;]*")
_COLON = re.compile(r":\s(?:[\w-]+\s){0,3}")
_OWNED = re.compile(r"[’']s?\s(?:own\s|first\s|new\s|total\s|whole\s|planned\s)?")
_IN_BRACKETS = re.compile(r"\s\([^)]*")
_GIVES = re.compile(r"\b(?:suppl|provid|equip|present|serv|charg|hit|help|credit|entrust|replac|award)\w*\s$")


_OPENED = re.compile(r",\s(?:(?:on|for|at|from|to)\s)?(?:which|who)\s[^,;]*$")


def antecedent(scene: Scene, quantity: Quantity) -> Mention | None:
    """What a relative clause around a quantity speaks of: the mention right before ", which"."""
    opened = _OPENED.search(scene.text[: quantity.lead])
    if opened is None or re.search(r"\b(?:which|who)\s+(?:the|its|his|[A-Z])", opened.group()):
        return None
    ahead = [m for m in scene.mentions if m.end <= opened.start() and opened.start() - m.end <= 24]
    covering = [m for m in ahead if m.kind not in {"place", "country"}] or ahead
    return covering[-1] if covering else None


_BEING = re.compile(
    r",\s(?:which|who)\s(?:is|are|was|were|means|meant|represents|equals|equates|makes|would|will be|brings)\b"
)


def is_unnamed(scene: Scene, quantity: Quantity) -> bool:
    """Whether a relative clause speaks of something before it that has no name (the converter, which booked …)."""
    opened = _OPENED.search(scene.text[: quantity.lead])
    if opened is None or _BEING.match(opened.group()) or re.search(r"\s(?:it|they|[A-Z])", opened.group()):
        return False
    return not any(opened.start() - 30 <= m.end <= opened.start() for m in scene.mentions)


def attached(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """The mention that a figure is said of by its place right behind it; None where it stands in a clause of its own.

    ``kinds`` are those that can have such a figure. A firm that a verb has as its object (supplies X with 3 GWh) has
    not.
    """
    headed = _heading(scene, quantity, kinds)
    if headed is not None:
        return headed
    listed = _bracketed(scene, quantity, kinds) or _listed(scene, quantity, kinds) or _given_to(scene, quantity, kinds)
    if listed is not None:
        return listed
    behind = [m for m in scene.mentions if m.end <= quantity.start]
    if (
        behind
        and behind[-1].possessive
        and behind[-1].kind in kinds
        and _OWNED.fullmatch(scene.text[behind[-1].end : quantity.lead])
    ):
        return behind[-1]
    for mention in reversed(behind):
        gap = scene.text[mention.end : quantity.lead]
        if mention.kind in {"place", "country", "people", "person", "body"} or mention.possessive:
            continue
        if _others_between(behind, mention, quantity) or mention.kind not in (*kinds, "unknown", "pronoun"):
            return None
        return mention if _is_said_of(mention, gap, scene.text[: mention.start]) else None
    return None


_DIRECTLY = re.compile(
    r"(?:\s\d{1,2})?(?:\s(?:with|at|on|for|held|had|has|took|a|an|another|only|just|some|about|nearly|over|almost|around)"
    r"|\s\(|,)*\s?"
)
_LED_BY = re.compile(r"\b(?:led by|followed by|ahead of|headed by|behind)\s(?:the\s)?$")
_LISTING = frozenset(("", "by", "of", "behind", "than", "and"))
_DUTIES = re.compile(r"\b(?:dut(?:y|ies)|tariffs?|lev(?:y|ies)|rates?)\b", re.I)


_AT_HEAD = re.compile(r"(?:^|.*[;:,]\s)(?:[Aa]t|[Ww]ith)\s", re.S)


def _heading(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """The name right behind a figure that heads its clause (at 238 MWh the park is the biggest)."""
    if not _AT_HEAD.fullmatch(scene.text[: quantity.lead]):
        return None
    behind = (m for m in scene.mentions if m.kind in kinds and not m.preposition and m.start >= quantity.end)
    mention = next(behind, None)
    near = mention is not None and scene.text[quantity.end : mention.start] in {" ", " the ", ", ", ", the "}
    return mention if near else None


def _bracketed(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """The name whose figure stands in brackets right behind it (LEAG (1.6 GW), ahead of RWE)."""
    return next((m for m in scene.mentions if m.kind in kinds and scene.text[m.end : quantity.lead] == " ("), None)


def _listed(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """The name right before a figure in a list of them (A led with 300, followed by B with 200; A 43,000 and B 30)."""
    alike = any(q.end <= quantity.start and q.kind == quantity.kind for q in scene.quantities)
    around = [(start, end) for start, end in scene.asides() if end <= quantity.lead]
    before = [m for m in scene.mentions if m.end <= quantity.lead]
    before = [m for m in before if not any(start < m.start and m.end < end for start, end in around)]
    mention = before[-1] if before else None
    led = mention is not None and _LED_BY.search(scene.text[: mention.start]) is not None
    if not (alike or led) or mention is None or mention.kind not in kinds or mention.possessive:
        return None
    charged = mention.preposition in {"on", "for"} and _DUTIES.search(scene.text) is not None
    if (
        not (charged or mention.preposition in _LISTING)
        or _DIRECTLY.fullmatch(_without(scene.text, mention.end, quantity.lead, around)) is None
    ):
        return None
    if mention.preposition == "of" and not re.search(r"\bahead of\s(?:the\s)?$", scene.text[: mention.start]):
        return None
    return mention


def _without(text: str, start: int, stop: int, spans: list[tuple[int, int]]) -> str:
    """A stretch of a text without the asides in it."""
    for begin, end in spans:
        if start <= begin and end <= stop:
            return text[start:begin] + text[end:stop]
    return text[start:stop]


_GIVEN = re.compile(r"\s(?:for|on)\s(?:the\s)?")


def _given_to(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """The name right behind a figure where the sentence gives one to each (12% for A, 19% for B)."""
    each = []
    for one in scene.quantities:
        behind = next((m for m in scene.mentions if m.start >= one.end and m.kind in kinds), None)
        if behind is not None and one.unit == quantity.unit and _GIVEN.fullmatch(scene.text[one.end : behind.start]):
            each.append((one, behind))
    given = [mention for one, mention in each if one is quantity]
    return given[0] if given and len(each) > 1 else None


def _is_said_of(mention: Mention, gap: str, ahead: str) -> bool:
    works = mention.kind in _WORKS
    if _COLON.fullmatch(gap):
        return True
    if _RELATIVE.fullmatch(gap):
        return _commas_closed(gap)
    if _APPOSED.fullmatch(gap) or _APPOSED_THAT.fullmatch(gap):
        return True
    if _WITH.fullmatch(gap):
        acts = any(word in finite() for word in re.findall(r"[a-z]+", gap))
        return not acts and (works or (mention.kind == "unknown" and not _GIVES.search(ahead)))
    return works and bool(_PARTICIPLE.fullmatch(gap) or _IN_BRACKETS.fullmatch(gap))


def _commas_closed(gap: str) -> bool:
    """Whether a relative clause still runs: no comma behind its "which"."""
    return gap.rstrip(", ").rfind(",") <= re.search(r"\b(?:which|who|that)\b", gap).start()  # type: ignore[union-attr]


def _others_between(behind: list[Mention], mention: Mention, quantity: Quantity) -> bool:
    """Whether another name that could be meant stands between a mention and the figure."""
    return any(
        mention.end <= other.start
        and other.end <= quantity.start
        and other.kind not in {"place", "country", "people"}
        and not other.preposition
        for other in behind
    )
