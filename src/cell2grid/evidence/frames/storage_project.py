"""Power, energy and duration of a storage project; also of contracts, backlogs and fleets."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.attachment import attached
from cell2grid.evidence.claims.figure_periods import period_of
from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import subject_of, that_has
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._supply_roles import by_supplier, roles
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary.gazetteer import of_kind

ORDER = 70
MEASURES = ("power", "energy", "duration")
EXAMPLES = (
    Example(
        "RWE has switched on a 7.5 MW / 11 MWh battery in Moerdijk.",
        (
            {"value_text": "7.5 MW", "value": 7.5, "unit": "MW", "measure": "power"},
            {"value_text": "11 MWh", "value": 11, "unit": "MWh", "measure": "energy"},
        ),
    ),
    Example(
        "AES's Crimson project in California has 350 MW and 1,400 MWh and can discharge for four hours.",
        (
            {"value_text": "350 MW", "value": 350, "measure": "power", "subject": "AES Crimson project"},
            {"value_text": "1,400 MWh", "value": 1400, "measure": "energy", "subject": "AES Crimson project"},
            {
                "value_text": "four hours",
                "value": 4,
                "unit": "hour",
                "measure": "duration",
                "subject": "AES Crimson project",
            },
        ),
    ),
    Example(
        "ACWA Power signed for a 2,000MW/8,000MWh storage project in Saudi Arabia.",
        (
            {"value_text": "2,000MW", "value": 2000, "measure": "power"},
            {"value_text": "8,000MWh", "value": 8000, "measure": "energy"},
        ),
    ),
)
_STORAGE = re.compile(
    r"\b(?:storage|batter(?:y|ies)|BESS|ESS|megapacks?|grid|project|discharg\w+|system|MWh|GWh|fleet"
    r"|backlog|contract\w*|pipeline|order\w*|standalone|electrochemical)\b",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Power of anything, energy where no frame before has claimed it, and hours beside either."""
    if quantity.kind == "duration":
        return _duration(quantity, scene)
    if quantity.kind not in {"power", "energy"}:
        return None
    sides = roles(quantity, scene)
    if sides is not None and sides.agreed:
        when, carried = period_of(scene, quantity, stock=False, measure="supplies")
        return Slots(quantity.kind, stock=True, period=None if carried else when, **by_supplier(sides))
    if "/" in quantity.unit:
        return None
    level = _level_of_change(quantity, scene)
    if level is not None:
        return Slots(quantity.kind, flows=True, subject=level.subject, inherited=level.inherited)
    if _is_added(quantity, scene):
        return Slots(quantity.kind, flows=True, kinds=_ADDERS)
    story = _of_the_story(quantity, scene)
    if story is not None:
        return Slots(story, inherited=("measure",), kinds=_ADDERS)
    subject, inherited = _project(quantity, scene)
    if _ORDERED.search(scene.clause_before(quantity)):
        inherited = (*inherited, "subject")  # who supplies it is not said
    return Slots(quantity.kind, subject=subject, stock=True, inherited=inherited)


_ORDERED = re.compile(
    r"\b(?:plac(?:ed|es|ing)|put\s+in|booked|submitted)\s+(?:[\w-]+\s+){0,4}?orders?\s+(?:of|for|worth)\s+(?:\w+\s+)?$"
)
_OF_STORAGE = re.compile(
    r"\b(?:storage|BESS|ESS|megapacks?|grid|projects?|discharg\w+|systems?|fleet|backlog|contract\w*|pipeline|order\w*|capacity"
    r"|plants?|factor(?:y|ies)|demand|tender\w*|auction\w*)\b",
    re.I,
)


def _of_the_story(quantity: Quantity, scene: Scene) -> str | None:
    """The flow of energy of which a story tells, where a sentence gives a firm's own part of it and says no more."""
    if quantity.kind != "energy" or _OF_STORAGE.search(scene.text):
        return None
    if any(m.kind in {"project", "plant"} for m in scene.mentions) or any(q.kind == "power" for q in scene.quantities):
        return None
    said = [told for name in ("deliveries", "sales", "production") if (told := scene.recent(name, 12)) is not None]
    told = max(said, key=lambda each: each.sentence, default=None)
    return told.measure if told is not None and told.unit.endswith("Wh") else None


_TO = re.compile(r"[^.;,]{0,60}\bto\s+$")


def _level_of_change(quantity: Quantity, scene: Scene) -> Slots | None:
    """The change of a flow that leads to a figure (its volume fell 6 % in May to 19 GWh), of the same subject."""
    earlier = scene.earlier(quantity)
    if earlier is None or earlier[1].measure != "change" or _OF_ONE.match(scene.after(quantity, 80)) is not None:
        return None
    leads = _TO.fullmatch(scene.text, earlier[2].end, quantity.lead)
    rated = any(m.kind == "project" for m in scene.mentions) or "capacity" in (earlier[1].object or "")
    return None if leads is None or rated else earlier[1]


_ADDERS = ("firm", "unknown", "country", "venture", "group", "place", "pronoun")
_ADDED = re.compile(
    r"\b(?<!to\s)(?:install(?:s|ed)|add(?:s|ed)|deploy(?:s|ed)|commission(?:s|ed)|plac(?:es|ed)|connect(?:s|ed)|put|brought"
    r"|built|energi[sz]ed|cancell?(?:s|ed)|award(?:s|ed)|tender(?:s|ed)|auction(?:s|ed))\s+"
    r"(?:(?:about|nearly|around|almost|just|only|over|roughly|some|another|further|record|total|of|more|than|at|least|and"
    r"|an?|the|as|much)\s+)*$",
    re.I,
)
_OF_ONE = re.compile(
    r"^[\s/,]*(?:(?:and\s+)?[\d.,]+\s?[GMk]Wh?[\s,]+)?(?:[\w-]+\s+){0,3}?(?:project|battery|system|facility|plant|farm|site|park|BESS|unit|station|phase|container)\b",
    re.I,
)


_HAD_ADDED = re.compile(r"\bhad\s+(?:\w+\s+){0,2}(?:installed|deployed|added|commissioned|connected)\s[^.;]{0,24}$")


def _is_added(quantity: Quantity, scene: Scene) -> bool:
    """Whether a market, a firm or a country added so much in a period: no single project is spoken of."""
    earlier = scene.earlier(quantity)
    goes_on = earlier is not None and earlier[1].flows and earlier[2].end + 60 > quantity.start
    before = scene.clause_before(quantity)
    if _HAD_ADDED.search(before):
        return False
    return (goes_on or _ADDED.search(before) is not None) and _OF_ONE.match(scene.after(quantity, 80)) is None


def _duration(quantity: Quantity, scene: Scene) -> Slots | None:
    stores = _STORAGE.search(scene.text) or (scene.recent("power", 2) and _LONGEST.search(scene.text))
    beside = any(q.kind in {"power", "energy"} for q in scene.quantities)
    sized = beside and re.match(r"^[- ](?:plant|park|site|unit)\b", scene.after(quantity))
    if quantity.unit not in {"hour", "minute"} or not (stores or sized):
        return None
    said = re.search(
        r"\b(?:duration|discharg\w+|for|about|storage of)\b[^.;]{0,30}$", scene.before(quantity, 40)
    ) or re.match(
        r"^[- ](?:duration|battery|storage|system|BESS|lithium|project|plant|park|site)", scene.after(quantity)
    )
    if not (beside or said or _LONGEST.search(scene.text)) or re.match(
        r"^\s*(?:ago|later|earlier|before|after)\b", scene.after(quantity)
    ):
        return None
    subject, inherited = _project(quantity, scene)
    return Slots("duration", subject=subject, stock=True, timeless=True, inherited=inherited)


_LONGEST = re.compile(r"\blong(?:est|er)[ -](?:lasting|duration)\b")


def _project(quantity: Quantity, scene: Scene) -> tuple[str | None, tuple[str, ...]]:
    """The project whose figure it is: a named one before it, one described behind it, else the subject."""
    kinds = ("project", "plant")
    had = that_has(scene, quantity, (*kinds, "country", "firm", "place"))
    if had is not None:
        return had.name, ()
    told = attached(scene, quantity, (*kinds, *_HAVERS))
    if told is not None and told.kind not in {"pronoun", "firm"}:
        return told.name, ("subject",) * told.inherited
    if told is not None and scene.text[told.end : quantity.lead].startswith(" ("):
        return told.name, ()
    earlier = scene.earlier(quantity)
    same = (
        earlier is not None
        and earlier[1].measure in {"power", "energy", "duration"}
        and quantity.start - earlier[2].end < 40
        and not any(
            earlier[2].end <= m.start and m.end <= quantity.start and not m.preposition and m.kind in _HAVERS
            for m in scene.mentions
        )
    )
    named = [
        m
        for m in scene.mentions
        if m.kind in kinds and not m.inherited and m.end <= quantity.start and not _parted(scene, m, quantity)
    ]
    gapped = _gapped(quantity, scene, named)
    if gapped is not None:
        return gapped, ()
    if named and named[-1].owner is not None and _FLEET.search(scene.before(quantity, 40)):
        return named[-1].owner, ()
    if named:
        return named[-1].name, ()
    if same and earlier is not None:
        return earlier[1].subject, earlier[1].inherited
    around = [m for m in scene.mentions if m.kind in kinds and m.start <= quantity.start < quantity.end < m.end]
    if around:
        return around[0].name, ()
    behind = [
        m
        for m in scene.mentions
        if m.start >= quantity.end
        and m.kind in kinds
        and m.start - quantity.end < 60
        and not _PARTS.search(scene.text[quantity.end : m.start])
    ]
    if behind:
        return behind[0].name, ()
    described = _described(quantity, scene)
    if described is not None:
        return described, ()
    subject, carried = subject_of(
        scene, quantity, ("project", "plant", "firm", "unknown", "venture", "group", "country")
    )
    return subject, ("subject",) if carried else ()


_HAVERS = frozenset(("firm", "venture", "unknown", "country", "group"))
_PARTS = re.compile(r";|,\s|:\s|\.\s|\b(?:next to|beside|alongside|near)\b")
_FLEET = re.compile(r"\b(?:portfolio|fleet|pipeline|total)\s+(?:to|of|at|is|now)\s+(?:\w+\s+)?$")


def _gapped(quantity: Quantity, scene: Scene, named: list[Mention]) -> str | None:
    """Who has it where the verb is left out behind another figure (A will add 15 MW in X, and B a 7 MWh unit)."""
    fence = max((q.end for q in scene.quantities if q.end <= quantity.start), default=0)
    firms = [
        m
        for m in scene.mentions
        if m.kind in {"firm", "unknown", "venture"}
        and max(fence, named[-1].end if named else 0) <= m.start
        and m.end <= quantity.start
        and not (m.preposition or m.possessive or m.inherited)
    ]
    left_out = (
        fence and firms and re.fullmatch(r"\s(?:an?|another)\s(?:\w+\s)?", scene.text[firms[-1].end : quantity.lead])
    )
    return firms[-1].name if left_out else None


def _parted(scene: Scene, mention: Mention, quantity: Quantity) -> bool:
    return re.search(r";|\.\s", scene.text[mention.end : quantity.start]) is not None


_TIME = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_DESCRIBED = re.compile(
    r"(?P<noun>BESS|battery|batteries|storage (?:project|system|facility|plant|station)|project|system"
    r"|plant|farm|facility)\b[^.;,]{0,24}?\s(?:in|near"
    r"|at)\s+(?:the\s+)?(?P<place>[A-Z][\w’'.-]+(?:[ -][A-Z][\w’'.-]+){0,3})"
)


def _described(quantity: Quantity, scene: Scene) -> str | None:
    """A name of place and kind for a project that has none of its own (a battery in Moerdijk)."""
    found = _DESCRIBED.search(scene.text, quantity.end, min(len(scene.text), quantity.end + 110))
    if found is None or _PARTS.search(scene.text[quantity.end : found.start()]) or _TIME.match(found.group("place")):
        return None
    if re.search(r"\d+\s*(?:MW|GW)\b(?!h)", scene.text[quantity.end : found.start()]) and quantity.kind != "power":
        return None
    noun = found.group("noun")
    spot = found.group("place").rstrip(".")
    if noun == "batteries" or spot in {country.name for country in of_kind("country")}:
        return None
    return f"{found.group('place').rstrip('.')} {noun.split()[-1] if noun != 'BESS' else noun}"
