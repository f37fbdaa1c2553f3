"""Words for what flows in a period (exports, production, deliveries, sales) and which of them is nearest a figure."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import word_list
from cell2grid.evidence.vocabulary.signs import Signs

_WORDS = {
    "exports": r"\bexport(?:s|ed|ing)?\b|\b(?:ship(?:s|ped|ping|ments?)?|sent|send(?:s|ing)?|sold|deliver(?:s|ed"
    r"|ing)?"
    r"|went)\b(?:(?!\band\b)[^.;]){0,40}?\b(?:overseas|abroad|to foreign|outside (?:of )?(?:the country|China|Korea"
    r"|Japan|home))\b|\boverseas (?:sales|deliveries|shipments)\b|\b(?:overseas|outbound) shipments\b"
    r"|\bleft the country\b|出口",
    "imports": r"\bimport(?:s|ed|ing)?\b",
    "production": r"\b(?:produc(?:e[sd]?|ing|tion)|manufactur(?:e[sd]|ing)|output|rolled (?:off|out)|turned out"
    r"|assembl(?:e[sd]?|ing)|turn(?:s|ing)? out|put(?:s|ting)? together|built|made|churned out)\b",
    "deliveries": r"\b(?:deliver(?:s|ed|y|ies|ing)?|ship(?:s|ped|ping|ments?)?|hand(?:ed|ing) over"
    r"|suppl(?:y(?!\s(?:will|would|exceed|outstrip|is|was|has|and\sdemand|glut|surplus))|ied|ies"
    r"|ying)|sent|dispatched)\b",
    "sales": r"\b(?:sold|sell(?:s|ing)?|sales|registered|registrations|bought|retail(?:ed|s)|clocked|shifted)\b",
    "installations": r"\binstall(?:s|ed|ing|ations?)?\b(?! capacity)|\bdeploy(?:s|ed|ing|ments?)?\b",
    "capacity": r"\bcapacity\b|\b(?:can|could|able to|capable of|designed to|designed for|equipped to)\b",
    "employ": r"\b(?:employ\w*|jobs?|workforce|workers|hir(?:e|ed|ing))\b",
    "loss": r"\b(?:cut|lay(?:ing)? off|laid off|recall\w*|order(?:s|ed)|backlog|contract(?:s|ed)?)\b",
}
_PATTERNS = {name: re.compile(pattern, re.I) for name, pattern in _WORDS.items()}
# of which each pattern has one in whatever it matches
_PARTS = {
    "exports": ("export", "overseas", "abroad", "to foreign", "outside", "outbound", "left the country", "出口"),
    "imports": ("import",),
    "production": (
        *("produc", "manufactur", "output", "rolled o", "turned out", "assembl", "turn out", "turns out"),
        *("turning out", "together", "built", "made", "churned out"),
    ),
    "deliveries": ("deliver", "ship", "handed over", "handing over", "suppl", "sent", "dispatched"),
    "sales": ("sold", "sell", "sales", "registered", "registrations", "bought", "retail", "clocked", "shifted"),
    "installations": ("install", "deploy"),
    "capacity": ("capacity", "can", "could", "able to", "capable of", "designed to", "designed for", "equipped to"),
    "employ": ("employ", "job", "workforce", "workers", "hir"),
    "loss": ("cut", "lay off", "laying off", "laid off", "recall", "order", "backlog", "contract"),
}


@lru_cache(maxsize=64)
def _words_in(text: str) -> frozenset[str]:
    """The flows of which a sentence may have a word."""
    return frozenset(_signs().found(text))


@cache
def _signs() -> Signs:
    return Signs({}, _PARTS)


def flow(quantity: Quantity, scene: Scene) -> str | None:
    """The flow that a count or energy speaks of: the nearest word for one in its clause, else in its sentence.

    A word before the figure goes before one behind it; exports win over the general word that they contain (shipped
    abroad).
    """
    if quantity.start not in scene.flows:
        scene.flows[quantity.start] = _flow(quantity, scene)
    return scene.flows[quantity.start]


def _flow(quantity: Quantity, scene: Scene) -> str | None:
    if quantity.kind == "energy" and _is_rated(quantity, scene):
        return "project"
    if quantity.kind == "mass" and _is_weight(quantity, scene):
        return "weight"
    if quantity.kind == "count" and (named := _IN_ITSELF.search(scene.text[quantity.number_end : quantity.end])):
        return _NAMED_FLOWS[named.group(1).lower()]
    if _CONTRIBUTES.search(scene.before(quantity, 40)) and scene.quantities:
        return None  # so many of the figure before
    start, stop = scene.clause(quantity)
    for first, last in ((start, stop), (0, len(scene.text))):
        found = _nearest(scene.text, first, last, quantity)
        if found == "deliveries" and "eliver" not in scene.text and scene.recent("exports", 2) is not None:
            return "exports"  # what is shipped or sent in a story about exports is exports
        if found in {"deliveries", "sales"} and _ABROAD.match(scene.after(quantity)):
            return "exports"
        if found is not None:
            return found
    return None


# behind the last of a row of figures too: shipped 300, 410 and 520 vans abroad
_ABROAD = re.compile(r"^(?:(?:,|,?\sand)\s\d[\d,.]*)*(?:\s(?:electric|new|used)?\s?[a-z-]+s)?\s+(?:abroad|overseas)\b")
_IN_ITSELF = re.compile(r"\b(registration|deliver|shipment|sale|export)(?:s|y|ies)?$", re.I)
_NAMED_FLOWS = {
    "registration": "sales", "deliver": "deliveries", "shipment": "deliveries", "sale": "sales", "export": "exports",
}  # fmt: skip
_CONTRIBUTES = re.compile(r"\bcontribut(?:e[sd]?|ing)\s+(?:(?:about|some|nearly|over|only|just|another)\s+)*$")
_CLASS = re.compile(
    r"\s(?:(?:weighing|of)\s)?(?:(?:more|less)\sthan\s|over\s|under\s|above\s|below\s|up\sto\s|from\s)?"
)


def _is_weight(quantity: Quantity, scene: Scene) -> bool:
    """Whether tonnes are the class of the vehicles just counted (trucks over 3.5 tonnes)."""
    before = [q for q in scene.quantities if q.end <= quantity.start]
    near = bool(before) and before[-1].kind == "count" and before[-1].unit in _VEHICLES and quantity.number < 100
    return near and _CLASS.fullmatch(scene.text[before[-1].end : quantity.start]) is not None


def _is_rated(quantity: Quantity, scene: Scene) -> bool:
    """Whether an energy stands beside a power, as that of a storage project does (60 MW / 120 MWh)."""
    powers = [other for other in scene.quantities if other.kind == "power" and "/" not in other.unit]
    gaps = [scene.text[min(a.end, quantity.end) : max(a.start, quantity.start)] for a in powers]
    return any(re.fullmatch(r"\s*(?:/|,|and|\(|or|with)?\s*(?:about\s+)?", gap) for gap in gaps)


def _nearest(text: str, first: int, last: int, quantity: Quantity) -> str | None:
    distances: list[tuple[float, str]] = []
    abroad: list[float] = []
    for name, pattern in [(name, _PATTERNS[name]) for name in _PATTERNS if name in _words_in(text)]:
        for found in pattern.finditer(text, first, last):
            if found.start() < quantity.start < found.end():
                distance = 0.0
            elif found.end() <= quantity.start:
                distance = float(max(0, quantity.lead - found.end()))
            elif found.start() >= quantity.end:
                distance = 2.0 * (found.start() - quantity.end) + 12
            else:
                continue
            distances.append((distance, name))
            if name == "exports" and not _AND_WORD.search(text, quantity.end, max(quantity.end, found.start())):
                abroad.append(distance)
    if not distances:
        return None
    nearest = min(distances)
    if abroad and nearest[1] in {"deliveries", "sales"} and min(abroad) - nearest[0] < 60:
        return "exports"
    return nearest[1]


_AND_WORD = re.compile(r"\band\b|;|,\s")


_CARRIES = re.compile(
    r"\b(?:(?:number|figure|total|tally|volume|that|it|this|they)\s+(?:[\w-]+\s+){0,3}?(?:to|at|was|of"
    r"|reached|hit|brought|totall?ed|stood at|came to)|(?:dropped|fell|rose|climbed|jumped|slipped"
    r"|increased|declined|down"
    r"|up)\s+to"
    r"|(?:target|goal|guidance|forecast|aim(?:s|ed)?|plan)\s+(?:of|for|at)|(?:number|figure|total)\s+to\s+reach"
    r"|followed by\b.*|compared with|against|versus|from|of which [\w ]+|contribut\w+|and|in|,|with"
    r"|the|than|accounted for|brought the total .{0,40}|total .{0,40})\s*(?:(?:the|a|an|just|only"
    r"|about|nearly|over|some|another|further)\s+)*$",
    re.I,
)


def carries_on(quantity: Quantity, scene: Scene) -> bool:
    """Whether the words before a figure carry on from the figure before (the number dropped to, and, in May)."""
    return _CARRIES.search(scene.before(quantity, 70)) is not None


COUNTED = word_list("goods")
_VEHICLES = frozenset({"vehicle", "truck", "lorry", "bus", "coach", "van"})


def is_goods(quantity: Quantity) -> bool:
    """Whether a quantity counts goods that are made, sold and shipped, or the energy of them."""
    base = quantity.unit.split("/")[0]
    return (quantity.kind == "count" and (base in COUNTED or _is_product(base))) or quantity.kind in {"energy", "mass"}


def _is_product(base: str) -> bool:
    """Whether a counted noun is the name of a product, told by a capital within it (GridBlocks)."""
    return base != base.lower() and base[1:] != base[1:].lower() and base[-1:].islower()
