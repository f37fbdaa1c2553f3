"""Whose figure a quantity is: the nearest name that can stand as its subject, or what the story spoke of before.

Of a stake it is the holder, of a duty who is charged, of an order the supplier; the frames ask with the kinds that
fit. What a sentence mentions is read in ``mentions.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity

ACTORS = ("firm", "venture", "plant", "project", "country", "group", "unknown", "pronoun", "place")
EARNERS = ("firm", "venture", "unknown", "group", "country", "pronoun")
_MEASURE_NOUN = re.compile(
    r"\b(?:exports?|shipments?|sales|deliveries|production|output|capacity|utili[sz]ation|investments?"
    r"|spending|outlays?|revenues?|profits?|share|stake|imports?|installations?|capital|backlog|rate"
    r"|registrations)"
    r"\s+(?:[\w-]+\s+){0,4}?(?:of|from|by|at|in|for)\s+(?:[\w-]+\s+){0,2}$",
    re.I,
)


_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?:supplied|made|built|delivered|shipped)\s+by\b"
)
_ASIDE = re.compile(
    r",\s(?:(?:in|of|for|with|by|from|at|to)\s)?(?:which|who|whom|whose|where)\s[^,;]*,|,\san?\s[^,;\d]{3,60},"
)
_RELATIVE = re.compile(r",\s(?:which|who)\s[^,;]*$")


def antecedent(scene: Scene, quantity: Quantity) -> Mention | None:
    """What a relative clause around a quantity speaks of: the mention right before ", which"."""
    opened = _RELATIVE.search(scene.text[: quantity.lead])
    if opened is None or re.search(r"\b(?:which|who)\s+(?:the|its|his|[A-Z])", opened.group()):
        return None
    ahead = [m for m in scene.mentions if m.end <= opened.start() and opened.start() - m.end <= 24]
    covering = [m for m in ahead if m.kind not in {"place", "country"}] or ahead
    return covering[-1] if covering else None


def subject_of(scene: Scene, quantity: Quantity, kinds: tuple[str, ...] = ACTORS) -> tuple[str | None, bool]:
    """The subject of a quantity by name, and whether it is carried over from outside the sentence."""
    ahead = [m for m in scene.mentions if m.end <= quantity.start and m.kind in (*kinds, "pronoun")]
    asides = [(found.start(), found.end()) for found in _ASIDE.finditer(scene.text)]
    ahead = [m for m in ahead if not any(a < m.start and m.end < b and b <= quantity.start for a, b in asides)]
    told = antecedent(scene, quantity)
    if told is not None and told.kind in kinds:
        return told.name, told.inherited
    holder = that_has(scene, quantity, kinds)
    if holder is not None:
        return holder.name, holder.inherited
    supplier = _agent(scene, quantity, kinds) if _PASSIVE.search(scene.clause_before(quantity)) else None
    if supplier is not None and supplier.end <= quantity.start:
        return supplier.name, supplier.inherited
    plain = [m for m in ahead if not m.preposition and not _is_apart(scene, m) and not _is_loose_place(scene, m)]
    clause_start = scene.clause(quantity)[0]
    near = [m for m in plain if m.start >= clause_start - 1]
    of_noun = [
        m
        for m in ahead
        if m.preposition in {"of", "from", "by", "at", "in"}
        and m.start >= clause_start - 1
        and _MEASURE_NOUN.search(scene.text[: m.start])
    ]
    if (
        near
        and of_noun
        and of_noun[-1].start > near[-1].end
        and not near[-1].possessive
        and of_noun[-1].kind in {"plant", "firm", "venture", "project"}
    ):
        return of_noun[-1].name, of_noun[-1].inherited
    if near:
        return _joined(scene, near[-1], ahead, quantity)
    agent = _agent(scene, quantity, kinds)
    if agent is not None:
        return agent.name, agent.inherited
    if of_noun:  # a town alone is seldom whose figure it is
        spot = of_noun[-1].kind == "place" or (
            of_noun[-1].kind == "unknown" and of_noun[-1].preposition in {"at", "in"}
        )
        return of_noun[-1].name, of_noun[-1].inherited or spot
    if plain:
        return _joined(scene, plain[-1], ahead, quantity)
    behind = [
        m
        for m in scene.mentions
        if m.start >= quantity.end and m.kind in kinds and m.preposition in {"by", "of", "from"}
    ]
    if (
        behind
        and behind[0].start - quantity.end < 40
        and re.match(r"[^.;,]{0,30}\b(?:of|by|from)\b", scene.text[quantity.end : behind[0].start])
        and behind[0].preposition != "of"
    ):
        return behind[0].name, behind[0].inherited
    place = [m for m in ahead if m.kind in {"country", "place"} and m.preposition in {"in", "of", "from"}]
    if place and "country" in kinds:
        return place[-1].name, place[-1].kind == "place"
    return _carried(scene, kinds), True


def that_has(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """Who has it, where that is said behind the figure (the 6.7 GW that Britain had)."""
    for mention in scene.mentions:
        between = scene.text[quantity.end : mention.start] if mention.start >= quantity.end else "?"
        verb = re.match(
            r"\s+(?:had|has|have|held|holds|owns?|runs?|operates?)\b", scene.text[mention.end : mention.end + 12]
        )
        if verb and mention.kind in kinds and re.fullmatch(r"\s+(?:[\w-]+\s+){0,2}that\s+(?:the\s+)?", between):
            return mention
    return None


def _is_loose_place(scene: Scene, mention: Mention) -> bool:
    """Whether a place stands in the middle of a clause, where it is no subject (…, Tennessee, each have)."""
    before = scene.text[: mention.start].rstrip(' "“(')
    return mention.kind == "place" and bool(before) and not before.endswith((".", ";", ":", "while", "but"))


def _is_apart(scene: Scene, mention: Mention) -> bool:
    """Whether a mention only tells who says it: X said, data from X showed."""
    after = scene.text[mention.end : mention.end + 30]
    return mention.kind == "body" or bool(
        re.match(
            r"(?:[’']s)?\s+(?:said|says|data|figures|estimates?|reckons?|reported that|analysts?"
            r"|report(?:ed)? show)",
            after,
        )
    )


def _joined(scene: Scene, mention: Mention, ahead: list[Mention], quantity: Quantity) -> tuple[str, bool]:
    """A mention with those listed before it (A, B and C held together 46 %)."""
    members = [mention]
    for other in reversed([m for m in ahead if m.end <= mention.start and m.kind in {"firm", "unknown", "venture"}]):
        gap = scene.text[other.end : members[0].start]
        if re.fullmatch(r"(?:\s(?:[A-Z][\w.]*\s?)*)?,?\s*(?:and|or|&)?\s*(?:the\s+)?", gap) and not other.possessive:
            members.insert(0, other)
        elif other.end <= members[0].start:
            break
    together = len(members) > 1 and mention.kind in {"firm", "unknown", "venture"}
    if not together or members[0].preposition not in {"", "including", "like"}:
        return mention.name, mention.inherited
    row = [q for q in scene.quantities if q.unit == quantity.unit]
    if "respectively" in scene.text and len(row) == len(members) and quantity in row:
        return members[row.index(quantity)].name, False
    return ";".join(dict.fromkeys(m.name for m in members)), False


def _agent(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """Who did it in the passive: exported by X, made by X."""
    for mention in scene.mentions:
        if mention.preposition == "by" and mention.kind in kinds:
            verb = re.search(
                r"\b(?P<verb>exported|sold|made|built|produced|delivered|shipped|supplied|owned|held"
                r"|invested|manufactured|installed|contributed"
                r"|controlled)\s+by\s+(?:the\s+)?(?:\w+\s+)?$",
                scene.text[: mention.start],
            )
            if verb is not None and not re.search(
                r"\d",
                scene.text[min(quantity.end, mention.start) : max(quantity.start, mention.start)].replace("(", ""),
            ):
                return mention
    return None


def _carried(scene: Scene, kinds: tuple[str, ...]) -> str | None:
    """What the story spoke of before, of the first kind that fits."""
    last = scene.discourse.last
    for kind in kinds:
        if kind in {"plant", "project", "venture"} and kinds[0] == kind and kind in last:
            return last[kind]
    if scene.discourse.subject is not None and scene.discourse.subject_kind in kinds:
        return scene.discourse.subject
    return next((last[kind] for kind in kinds if kind in last), None)


def object_after(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """What a quantity is of or in: the first fitting mention behind "of" or "in" after it."""
    for mention in scene.mentions:
        if mention.start < quantity.end or mention.kind not in (*kinds, "pronoun"):
            continue
        between = scene.text[quantity.end : mention.start]
        if (
            len(between) <= 40
            and re.search(r"\b(?:of|in|at)\b", between)
            and not re.search(r"[;,]|\band\b|\d", between)
        ):
            return mention
    return None
