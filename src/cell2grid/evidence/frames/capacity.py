"""Capacity: how much a plant or firm can make in a year, in gigawatt-hours, vehicles, systems or tonnes."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._flows import COUNTED
from cell2grid.evidence.frames._supply_roles import roles
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 40
MEASURES = ("capacity",)
EXAMPLES = (
    Example(
        "Northvolt's Heide factory is to have an annual capacity of 60 GWh.",
        ({"value_text": "60 GWh", "value": 60, "unit": "GWh/year", "subject": "Northvolt Heide factory"},),
    ),
    Example(
        "The Lathrop Megafactory can build 10,400 Megapacks per year.",
        (
            {
                "value_text": "10,400 Megapacks per year",
                "value": 10400,
                "unit": "system/year",
                "subject": "Lathrop Megafactory",
            },
        ),
    ),
    Example(
        "Verkor is building a 16 GWh gigafactory in Dunkirk.",
        ({"value_text": "16 GWh", "value": 16, "unit": "GWh", "subject": "Verkor"},),
    ),
    Example(
        "VinFast plans to raise the capacity of its Hai Phong plant to 950,000 vehicles a year by 2026.",
        (
            {
                "value_text": "950,000 vehicles a year",
                "value": 950000,
                "unit": "vehicle/year",
                "period_end": "2026-12-31",
            },
        ),
    ),
)
_NOT_STORAGE = re.compile(
    r"\b(?:storage|battery|BESS|solar|wind|energy|grid)\s+(?:project|system|farm|park|plant|station"
    r"|facility|capacity)\b|\bBESS\b|\bpower plant\b",
    re.I,
)
_CAPACITY = re.compile(r"\bcapacit(?:y|ies)\b(?!\s+(?:market|factor))", re.I)
_ABLE = re.compile(
    r"\b(?:can|could|able to|capable of|designed (?:to|for)|equipped to|enough to|room for|will|would"
    r"|to|planned to|expected to|aims? to|meant to|set to)\s+(?:now\s+|also\s+|eventually\s+"
    r"|initially\s+|then\s+|annually\s+)?"
    r"(?:be able to\s+)?(?:build|make|produc\w+|manufactur\w+|turn(?:ing)? out|assembl\w+"
    r"|roll(?:ing)? out|churn(?:ing)? out|supply|build|mak|put out|process\w*)(?:e|ing"
    r"|s)?\b[^.;]{0,60}$",
    re.I,
)
_PLANT_BEHIND = re.compile(
    r"^[\s-]+(?:(?:[\w-]+\s+){0,4}?)(?:gigafactory|factory|plant|line|production line|manufacturing"
    r"|production base|cell plant|megafactory|of (?:annual |yearly |production |manufacturing "
    r"|battery |cell |installed )*capacity)\b",
    re.I,
)
_PLANT_AHEAD = re.compile(
    r"\b(?:gigafactory|factory|plant|line|megafactory|phase|stage)s?\b[^.;]{0,50}\b(?:with|of|at|for"
    r"|to)\s+(?:up to\s+|about\s+|some\s+|around\s+)?$",
    re.I,
)
_RAISED = re.compile(
    r"\b(?:rais\w+|increas\w+|expand\w*|enlarg\w+|doubl\w+|lift\w*|boost\w*|gr[eo]w\w*|tripl\w+"
    r"|bring\w*|scal\w+|ramp\w*|reach\w*|up)\b[^.;]{0,30}\bto\s+(?:up to\s+|about\s+|around\s+"
    r"|over\s+)?$",
    re.I,
)
_ADDED = re.compile(
    r"\b(?:phase|line|stage|plant|factory|expansion|extension)s?\b[^.;]{0,60}\b(?:add|adds|adding"
    r"|added)\s+(?:\w+\s+){0,2}$",
    re.I,
)
_PHASE = re.compile(r"\b(?:phase|stage)s?,?\s+(?:of\s+|with\s+|at\s+)?(?:\w+\s+)?$", re.I)
_YEARLY = re.compile(r"\b(?:annual(?:ly)?|per year|a year|yearly|per annum|each year|every year)\b", re.I)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Capacity where the words are those of what can be made, and not of a storage project or of goods made."""
    base, _, per = quantity.unit.partition("/")
    fits = (
        quantity.kind in {"energy", "mass"}
        or base in COUNTED
        or (quantity.kind == "power" and _CAPACITY.search(scene.clause_text(quantity)))
    )
    if base in {"kWh", "Wh"} and not per:
        return None
    if not fits or per not in {"", "year", "month", "week", "day"} or _is_storage(quantity, scene):
        return None
    if not _is_capacity(quantity, scene, per) or (not _CAPACITY.search(scene.text) and roles(quantity, scene)):
        return None
    yearly = not per and (
        _YEARLY.search(scene.clause_text(quantity))
        or ((_raises(quantity, scene) or _was(quantity, scene)) and _was_yearly(quantity, scene))
    )
    unit = f"{base}/year" if yearly else quantity.unit
    return Slots(
        "capacity",
        unit=unit,
        stock=True,
        subject=_plant(quantity, scene),
        inherited=() if _says_so(quantity, scene) else ("measure",),
        kinds=("plant", "venture", "firm", "project", "unknown", "country", "group", "place"),
    )


def _says_so(quantity: Quantity, scene: Scene) -> bool:
    """Whether the sentence itself speaks of what can be made, or a figure before it does."""
    return not (_LATER.search(scene.text) and quantity.kind == "energy" and not _YEARLY.search(scene.text)) or bool(
        _CAPACITY.search(scene.text) or _ABLE.search(scene.text) or scene.earlier(quantity)
    )


def _is_capacity(quantity: Quantity, scene: Scene, per: str) -> bool:
    clause_before, after = scene.clause_before(quantity), scene.after(quantity)
    if _ENOUGH.search(clause_before[-60:]) or _MAKING.search(clause_before):
        return False
    near_capacity = _not_made(_CAPACITY.search(clause_before[-80:]), clause_before[-80:]) or re.match(
        r"^[^.;,]{0,40}\bcapacity\b", after
    )
    if near_capacity and not re.match(r"^[^.;,]{0,20}\b(?:were|was) (?:sold|exported|delivered)", after):
        return True
    if _ABLE.search(clause_before[-110:]) and (
        per
        or _YEARLY.search(scene.clause_text(quantity))
        or re.search(r"\b(?:can|could|able|capable)\b", clause_before)
    ):
        return True
    if (
        quantity.kind == "energy"
        and scene.recent("capacity", 3) is not None
        and (_PHASE.search(clause_before[-40:]) or re.match(r"^\s+(?:is\s+|are\s+)?(?:already\s+)?installed\b", after))
    ):
        return True
    if quantity.kind in {"energy", "power"} and (
        _PLANT_BEHIND.match(after) or _PLANT_AHEAD.search(clause_before[-70:])
    ):
        return True
    if (
        per == "year"
        and quantity.kind in {"energy", "mass"}
        and re.search(r"\b(?:plant|factory|line|gigafactory|site|phase|capacity|designed)s?\b", scene.text, re.I)
    ):
        return True
    if (
        _was(quantity, scene)
        or _raises(quantity, scene)
        or (quantity.kind == "energy" and _ADDED.search(clause_before[-90:]))
    ):
        return True
    earlier, said = scene.earlier(quantity), scene.recent("capacity")
    same = (earlier is not None and earlier[1].measure == "capacity" and earlier[2].kind == quantity.kind) or (
        earlier is None and said is not None and said.unit.split("/")[0] == quantity.unit
    )
    later = earlier is None and said is not None and _LATER.search(scene.text) and not _STORES.search(scene.text)
    if later and quantity.kind == "energy":
        return True
    return bool(
        same
        and not _FLOWS.search(clause_before)
        and re.search(
            r"(?:\b(?:a further|another|and|reach\w*|adds?|with|than|designed for)\s+(?:up to\s+)?)$",
            scene.before(quantity, 40),
        )
    )


def _plant(quantity: Quantity, scene: Scene) -> str | None:
    """The plant that the clause names before the figure, whatever stands before it (at its factory in X)."""
    start = scene.clause(quantity)[0]
    plants = [m for m in scene.mentions if m.kind == "plant" and start <= m.start and m.end <= quantity.start]
    plain = [m for m in plants if m.preposition in {"at", "in", "of", "for"} and not m.inherited]
    return plain[-1].name if plain and plants[-1] is plain[-1] else None


_MAKING = re.compile(r",\s(?:producing|making|building|selling|shipping|turning out)\s+(?:only\s+|just\s+|about\s+)?$")
_FLOWS = re.compile(r"\b(?:exports?|exported|sales|sold|deliver\w*|shipments?|shipped)\b", re.I)
_LATER = re.compile(
    r"\b(?:first|second|initial|further|another|next|final)\s+\d|\b(?:want|aim|plan|hope|intend|expect)\w*\s+to\s+(?:reach|have|hit)\b"
    r"|\bwill be (?:ready|online|available|installed)\b"
)
_STORES = re.compile(
    r"\b(?:storage|BESS|project|grid|MW|contract\w*|order\w*|backlog|shipp\w*|deliver\w*|sold|sales|output)\b"
)
_ENOUGH = re.compile(r"\b(?:enough (?:for|to \w+)|to power|power|to equip|to supply)\s+(?:\w+\s+){0,3}$", re.I)
_MADE = re.compile(
    r"\b(?:produced|made|sold|delivered|shipped|exported|built|supplied|manufactured|turned out)\b", re.I
)


def _not_made(found: re.Match[str] | None, text: str) -> re.Match[str] | None:
    """A word of capacity, unless a word for goods made or sold stands between it and the figure."""
    return None if found is None or _MADE.search(text[found.end() :]) else found


def _raises(quantity: Quantity, scene: Scene) -> bool:
    """Whether the figure is what a capacity just spoken of is raised to."""
    if not _RAISED.search(scene.clause_before(quantity)[-80:]):
        return False
    earlier = scene.earlier(quantity)
    same = earlier is not None and earlier[1].measure == "capacity"
    return same or (
        scene.recent("capacity") is not None
        and re.search(r"\b(?:capacity|it|this|that)\b", scene.clause_before(quantity)) is not None
    )


def _was(quantity: Quantity, scene: Scene) -> bool:
    """Whether the figure is the level that a capacity just spoken of is raised from."""
    earlier = scene.earlier(quantity)
    said = earlier is not None and earlier[1].measure == "capacity" and earlier[2].kind == quantity.kind
    return said and re.search(r"\bfrom\s+(?:the\s+)?(?:current\s+)?$", scene.before(quantity, 30)) is not None


def _was_yearly(quantity: Quantity, scene: Scene) -> bool:
    earlier, said = scene.earlier(quantity), scene.recent("capacity")
    unit = (earlier[1].unit or earlier[2].unit) if earlier is not None else said.unit if said is not None else ""
    return unit.endswith("/year")


def _is_storage(quantity: Quantity, scene: Scene) -> bool:
    """Whether the capacity is that of a storage project or a power plant: its power and energy are other measures."""
    if quantity.kind == "power" and re.match(r"^\s+of\s+(?:\w+\s+)?power\b", scene.after(quantity)):
        return True
    if quantity.kind == "power":
        return _NOT_STORAGE.search(scene.text) is not None and not re.search(
            r"\b(?:manufactur|factory|module|production capacity)\w*", scene.text, re.I
        )
    if quantity.kind != "energy" or quantity.unit.endswith("/year"):
        return False
    paired = any(q.kind == "power" for q in scene.quantities)
    plant = re.search(
        r"\b(?:gigafactory|factory|cell plant|battery plant|production|manufactur|annual|line)\w*", scene.text, re.I
    )
    return (paired or _NOT_STORAGE.search(scene.text) is not None) and not plant
