"""Whose figure a quantity is: the nearest name that can stand as its subject, or what the story spoke of before.

Of a stake it is the holder, of a duty who is charged, of an order the supplier; the frames ask with the kinds that
fit. What a sentence mentions is read in ``mentions.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.claims.attachment import antecedent, attached, is_unnamed
from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.naming.discourse import WORKS, Mention
from cell2grid.evidence.naming.verbs import acts
from cell2grid.evidence.quantities.quantity import Quantity

ACTORS = ("firm", "venture", "plant", "project", "country", "group", "unknown", "pronoun", "place")
EARNERS = ("firm", "venture", "unknown", "group", "country", "pronoun")
SELLERS = ("firm", "venture", "unknown", "country", "group", "pronoun")
_FITTING = {"sales": SELLERS, "share": SELLERS, "revenue": EARNERS, "profit": EARNERS, "capital": EARNERS}
_EARNED = re.compile(r"\b(?:revenues?|profits?|income|earnings|turnover|loss(?:es)?|margins?)\b")


def fitting(measure: str, thing: str | None) -> tuple[str, ...]:
    """The kinds of what can have figures of a measure, where its frame does not say: a plant sells nothing.

    ``thing`` is what a change is of.

    >>> "plant" in fitting("production", None), "plant" in fitting("change", "revenue")
    (True, False)
    """
    if measure == "change" and thing is not None:
        return EARNERS if _EARNED.search(thing) else SELLERS if re.search(r"\bsales\b", thing) else ACTORS
    return _FITTING.get(measure, ACTORS)


_MEASURE_NOUN = re.compile(
    r"\b(?:exports?|shipments?|sales|deliveries|production|output|capacity|utili[sz]ation|investments?"
    r"|spending|outlays?|revenues?|profits?|share|stake|imports?|installations?|capital|backlog|rate"
    r"|registrations|headcount|workforce|margin|turnover|debt)"
    r"\s+(?:[\w-]+\s+){0,4}?(?:of|from|by|at|in|for)\s+(?:[\w-]+\s+){0,2}$"
    r"|\b(?:dut(?:y|ies)|tariffs?|lev(?:y|ies))\s+(?:[\w-]+\s+){0,4}?(?:on|for|against)\s+(?:[\w-]+\s+){0,2}$",
    re.I,
)


def subject_of(scene: Scene, quantity: Quantity, kinds: tuple[str, ...] = ACTORS) -> tuple[str | None, bool]:
    """The subject of a quantity by name, and whether it is carried over from outside the sentence.

    First what the figure is said of by its place, then who has or supplies it, then the subject of its clause, then a
    name behind the measure's noun (exports from X), and last what the story spoke of before.
    """
    told = antecedent(scene, quantity)
    if told is None or told.kind not in kinds:
        told = attached(scene, quantity, kinds) or that_has(scene, quantity, kinds) or _supplier(scene, quantity, kinds)
    if told is not None:
        return meant(told, kinds, scene)
    if is_unnamed(scene, quantity):
        return None, True
    ahead = _ahead(scene, quantity, kinds)
    plain = [
        m
        for m in ahead
        if not (m.preposition or _is_apart(scene, m) or _is_loose_place(scene, m) or _is_in_row(scene, m))
    ]
    clause_start = scene.clause(quantity)[0]
    near = [m for m in plain if m.start >= clause_start - 1] or _doer(scene, quantity, clause_start)
    of_noun = _of_noun(scene, ahead, clause_start)
    owner = _owner_of_measure(scene, quantity, ahead, clause_start)
    if owner is not None:
        return meant(owner, kinds, scene)
    if near:
        covers = of_noun and of_noun[-1].start > near[-1].end and not near[-1].possessive
        covers = covers and "," not in scene.text[of_noun[-1].end : quantity.lead]
        if covers and of_noun[-1].kind in {"plant", "firm", "venture", "project"}:
            return meant(of_noun[-1], kinds, scene)
        return joined(scene, near[-1], ahead, quantity, kinds)
    agent = _agent(scene, quantity, kinds)
    if agent is not None:
        return agent.name, agent.inherited
    if of_noun:  # a town alone is seldom whose figure it is
        spot = of_noun[-1].kind == "place" or (
            of_noun[-1].kind == "unknown" and of_noun[-1].preposition in {"at", "in"}
        )
        name, carried = meant(of_noun[-1], kinds, scene)
        return name, carried or spot
    if plain:
        acting = [m for m in plain if acts(scene.text, m.end)] or plain
        return joined(scene, acting[-1], ahead, quantity, kinds)
    return _beside(scene, quantity, ahead, kinds) or (_carried(scene, kinds), True)


_ROW = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)(?:the\s+)?")


def _is_in_row(scene: Scene, mention: Mention) -> bool:
    """Whether a name ends a row behind a noun, which then is the subject (the venture of A, B and C made)."""
    row = [mention]
    for other in reversed([m for m in scene.mentions if m.end <= mention.start and m.kind in {"firm", "unknown"}]):
        if not _ROW.fullmatch(scene.text[other.end : row[0].start]):
            break
        row.insert(0, other)
    return len(row) > 1 and row[0].preposition == "of" and _NOUN_OF.search(scene.text[: row[0].start]) is not None


_NOUN_OF = re.compile(
    r"\b(?:venture|subsidiary|unit|partner|supplier|customer|owner|consortium|alliance|plant|factory)\s+of\s+(?:the\s+)?$"
)


def _ahead(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> list[Mention]:
    """The mentions before a quantity that may be its subject: of a fitting kind, and not in an aside that has ended."""
    ahead = [m for m in scene.mentions if m.end <= quantity.start and m.kind in (*kinds, "pronoun")]
    ended = [(start, end) for start, end in scene.asides() if end <= quantity.start + 1]
    return [m for m in ahead if not any(start < m.start and m.end < end for start, end in ended)]


def _owner_of_measure(scene: Scene, quantity: Quantity, ahead: list[Mention], clause_start: int) -> Mention | None:
    """Whose exports or sales a verb has as its object (it put BYD's exports at 89,000)."""
    owners = [m for m in ahead if m.possessive and m.preposition == "object" and m.start >= clause_start - 1]
    if not owners or _OWN_MEASURE.fullmatch(scene.text[owners[-1].end : quantity.lead]) is None:
        return None
    return owners[-1]


_OWN_MEASURE = re.compile(
    r"[’']s?\s(?:[\w-]+\s){0,3}?(?:exports?|sales|deliveries|production|output|capacity|utili[sz]ation|revenues?|profits?"
    r"|loss(?:es)?|share|stake|backlog|headcount|workforce|debts?|costs?|turnover|shipments?)\s[^,;]*"
)


def _doer(scene: Scene, quantity: Quantity, clause_start: int) -> list[Mention]:
    """The plant or project that a clause names as what acts, also where firms have such figures (lost 3 million)."""
    return [
        m
        for m in _ahead(scene, quantity, ("plant", "project"))
        if not (m.preposition or m.possessive) and m.start >= (0 if m.inherited else clause_start - 1)
        if m.kind in {"plant", "project"} and acts(scene.text, m.end)
    ][-1:]


def _of_noun(scene: Scene, ahead: list[Mention], clause_start: int) -> list[Mention]:
    """The names behind the noun of a measure in the clause (exports from X, the utilisation rate of Y)."""
    return [
        m
        for m in ahead
        if m.preposition in {"of", "from", "by", "at", "in", "on", "for"}
        and m.start >= clause_start - 1
        and _MEASURE_NOUN.search(scene.text[: m.start])
    ]


def _beside(
    scene: Scene, quantity: Quantity, ahead: list[Mention], kinds: tuple[str, ...]
) -> tuple[str | None, bool] | None:
    """Where a sentence has no subject of its own: who stands behind "by" or "from" after the figure, or the place."""
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
    says = [m for m in ahead if not m.preposition and _is_apart(scene, m) and m.kind in {"firm", "unknown", "venture"}]
    if says:
        return says[-1].name, says[-1].inherited or says[-1].kind == "unknown"
    place = [m for m in ahead if m.kind in {"country", "place"} and m.preposition in {"in", "of", "from"}]
    if place and "country" in kinds:
        return place[-1].name, place[-1].kind == "place"
    at = {m.name for m in ahead if m.kind in {"firm", "venture"} and m.preposition in {"at", "of", "for", "from", "by"}}
    if len(at) == 1:
        return at.pop(), True
    spoke = [m for m in scene.mentions if m.kind == "person" and m.owner and m.end <= quantity.start]
    return (spoke[-1].owner, True) if spoke and "firm" in kinds else None


def meant(mention: Mention, kinds: tuple[str, ...], scene: Scene | None = None) -> tuple[str, bool]:
    """A mention by name, and whether it is carried over; of a pronoun the likeliest thing that can have such a figure.

    A pronoun for the only subject that its own sentence has named before it carries nothing over.
    """
    fitting = [name for name, kind in mention.choices if kind in kinds]
    name = fitting[0] if mention.kind == "pronoun" and fitting else mention.name
    if not mention.inherited or scene is None:
        return name, mention.inherited
    told = {m.name for m in scene.mentions if m.end <= mention.start and m.kind in kinds and _may_be_meant(m)}
    return name, told != {name}


def _may_be_meant(mention: Mention) -> bool:
    return not (mention.inherited or mention.preposition) and mention.kind != "place"


_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?:supplied|made|built|delivered|shipped)\s+by\b"
    r"|\b(?:taken over|acquired|bought|purchased|snapped up|rescued)\s+by\b"
)


def _supplier(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """Who supplies it, where the clause says so in the passive before the figure."""
    if not _PASSIVE.search(scene.clause_before(quantity)):
        return None
    agent = _agent(scene, quantity, kinds)
    return agent if agent is not None and agent.end <= quantity.start else None


_THAT = re.compile(r"\s+(?:[\w-]+\s+){0,2}(?:that|whom|which)\s+(?:the\s+)?")


def that_has(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """Who has it, where that is said behind the figure (the 6.7 GW that Britain had)."""
    for mention in scene.mentions:
        between = scene.text[quantity.end : mention.start] if mention.start >= quantity.end else "?"
        has = acts(scene.text, mention.end)
        if has and mention.kind in kinds and _THAT.fullmatch(between):
            return mention
    return None


def _is_loose_place(scene: Scene, mention: Mention) -> bool:
    """Whether a place stands in the middle of a clause, where it is no subject (…, Tennessee, each have)."""
    before = scene.text[: mention.start].rstrip(' "“(')
    loose = mention.kind == "place" and bool(before) and not before.endswith((".", ";", ":", "while", "but"))
    return loose and not acts(scene.text, mention.end)


_SAYS_AHEAD = re.compile(r"\b(?:said|says|reckons?|estimates?)\s(?:the\s)?(?:[a-z-]+\s){0,2}$")


def _is_apart(scene: Scene, mention: Mention) -> bool:
    """Whether a mention only tells who says it: X said, data from X showed."""
    after = scene.text[mention.end : mention.end + 30]
    if _SAYS_AHEAD.search(scene.text[: mention.start]):
        return True
    return mention.kind == "body" or bool(
        re.match(
            r"(?:[’']s)?\s+(?:said|says|data|figures|estimates?|reckons?|reported that|analysts?"
            r"|report(?:ed)? show)",
            after,
        )
    )


_FIRMS = frozenset(("firm", "unknown", "venture"))
_ALIKE = {**dict.fromkeys(_FIRMS, _FIRMS), **dict.fromkeys(("country", "place"), frozenset(("country", "place")))}


def joined(
    scene: Scene, mention: Mention, ahead: list[Mention], quantity: Quantity, kinds: tuple[str, ...]
) -> tuple[str, bool]:
    """A mention with those listed before it (A, B and C held together 46 %)."""
    members = [mention]
    for other in reversed([m for m in ahead if m.end <= mention.start and m.kind in _ALIKE.get(mention.kind, ())]):
        gap = scene.text[other.end : members[0].start]
        listed = re.fullmatch(
            r"(?:\s(?:[A-Z][\w.]*\s)*(?:[A-Z][\w.]*)?)?,?\s*(?:and|or|&)?\s*(?:the\s+(?:[a-z-]+\s+){0,2})?", gap
        )
        apposed = mention.possessive and len(members) == 1 and not re.search(r"\b(?:and|or)\b", gap)
        if listed and gap.strip(" ") and not other.possessive and not apposed:
            members.insert(0, other)
        elif other.end <= members[0].start:
            break
    together = len(members) > 1
    if not together or members[0].preposition not in {"", "including", "like"}:
        return meant(mention, kinds, scene)
    row = [q for q in scene.quantities if q.unit == quantity.unit]
    if "respectively" in scene.text and len(row) == len(members) and quantity in row:
        return members[row.index(quantity)].name, False
    return ";".join(dict.fromkeys(m.name for m in members)), False


def _agent(scene: Scene, quantity: Quantity, kinds: tuple[str, ...]) -> Mention | None:
    """Who did it in the passive: exported by X, made by X."""
    ended = [(start, end) for start, end in scene.asides() if end <= quantity.start]
    for mention in scene.mentions:
        aside = any(start < mention.start and mention.end < end for start, end in ended)
        if mention.preposition == "by" and mention.kind in kinds and not aside:
            verb = re.search(
                r"\b(?P<verb>exported|sold|made|built|produced|delivered|shipped|supplied|owned|held"
                r"|invested|manufactured|installed|contributed|taken over|acquired|bought|purchased|snapped up|rescued"
                r"|controlled)\s+by\s+(?:the\s+)?(?:\w+\s+)?$",
                scene.text[: mention.start],
            )
            if verb is not None and not re.search(
                r"\d",
                scene.text[min(quantity.end, mention.start) : max(quantity.start, mention.start)].replace("(", ""),
            ):
                return mention
    return None


# a sentence about people or goods in general says nothing of the firm before it (Winners must build 2 GW)
_OTHERS = re.compile(
    r"(?:Winners|Customers|Buyers|Bidders|Users|Drivers|Households|Consumers|Owners|Analysts|Economists|Investors|Banks"
    r"|Farmers|Tenants|Visitors|Passengers|Residents|Voters|Motorists|Truckers|Rivals|Competitors|Others)\s[a-z]"
)
_SEVERAL = re.compile(
    r"\b(?:[Tt]he\s(?:two|three|four|five|pair|duo|trio|quartet)|[Bb]oth|[Tt]he\spartners|[Tt]ogether,?\sthey)\b"
)


def _carried(scene: Scene, kinds: tuple[str, ...]) -> str | None:
    """What the story spoke of before: the kind that such a figure is of first, else its subject, else the likeliest.

    At the head of a paragraph it is what the story is about, whatever the paragraph before ended with.
    """
    discourse = scene.discourse
    if _OTHERS.match(scene.text):
        return None
    works = discourse.likeliest(WORKS) if kinds[0] in WORKS and WORKS.issubset(kinds) else []
    if works:
        return works[0].name
    if kinds[0] in {*WORKS, "venture"} and kinds[0] in discourse.last:
        return discourse.last[kinds[0]]
    named = [kind for kind in kinds if kind != "place"]
    if _SEVERAL.search(scene.text):
        row = next((entity.name for entity in discourse.likeliest(["group"]) if ";" in entity.name), None)
        if row is not None:
            return row
    if kinds == EARNERS:  # a country or a group has no revenue that a sentence would leave unsaid
        named = [kind for kind in named if kind not in {"country", "group"}]
    leading = discourse.leading(named) if discourse.opened else None
    if leading is not None:
        return leading
    if discourse.subject is not None and discourse.subject_kind in (*named, "group"):
        return discourse.subject
    return next((entity.name for entity in discourse.likeliest(named)), None)


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
