"""Capacity: how much a plant or firm can make in a year, in gigawatt-hours, vehicles, systems or tonnes."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames import _capacity_words as words
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


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Capacity where the words are those of what can be made, and not of a storage project or of goods made."""
    base, _, per = quantity.unit.partition("/")
    fits = (
        quantity.kind in {"energy", "mass"}
        or base in COUNTED
        or (quantity.kind == "count" and per in _RATES and _is_made(quantity, scene))
        or (quantity.kind == "power" and words.CAPACITY.search(scene.clause_text(quantity)))
    )
    if base in {"kWh", "Wh"} and not per:
        return None
    if not fits or per not in {"", *_RATES} or _is_storage(quantity, scene):
        return None
    if not _is_capacity(quantity, scene, per) or (not words.CAPACITY.search(scene.text) and roles(quantity, scene)):
        return None
    yearly = not per and (
        words.YEARLY.search(scene.clause_text(quantity))
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


_RATES = frozenset({"year", "quarter", "month", "week", "day"})


def _is_made(quantity: Quantity, scene: Scene) -> bool:
    """Whether a plant is able to make what a figure counts, whatever it is called (capacity for 4,500 GridBlocks)."""
    before = scene.clause_before(quantity)[-110:]
    return words.ABLE.search(before) is not None or words.CAPACITY.search(before[-40:]) is not None


def _says_so(quantity: Quantity, scene: Scene) -> bool:
    """Whether the sentence itself speaks of what can be made, or a figure before it does."""
    return not (
        words.LATER.search(scene.text) and quantity.kind == "energy" and not words.YEARLY.search(scene.text)
    ) or bool(words.CAPACITY.search(scene.text) or words.ABLE.search(scene.text) or scene.earlier(quantity))


_RESPONSIBLE = re.compile(r"\b(?:responsible\s+for|account(?:s|ed|ing)\s+for|contribut(?:es|ed|ing))\s+(?:\w+\s+)?$")


def _is_capacity(quantity: Quantity, scene: Scene, per: str) -> bool:
    clause_before = scene.clause_before(quantity)
    if _RESPONSIBLE.search(clause_before):
        return False
    if words.ENOUGH.search(clause_before[-60:]) or words.MAKING.search(clause_before):
        return False
    return (
        _is_said(quantity, scene)
        or _can_be_made(quantity, scene, per)
        or _is_of_plant(quantity, scene, per)
        or _was(quantity, scene)
        or _raises(quantity, scene)
        or _goes_on(quantity, scene)
    )


def _is_said(quantity: Quantity, scene: Scene) -> bool:
    """Whether the word capacity stands near the figure, and no word for goods made or sold between."""
    near, after = scene.clause_before(quantity)[-80:], scene.after(quantity)
    start = scene.clause(quantity)[0]
    if scene.text[:start].endswith(": ") and quantity.lead - start < 4:  # expanded in stages: 5 GWh in 2026
        near = scene.text[max(0, start - 80) : quantity.lead]
    said = _not_made(words.CAPACITY.search(near), near) or re.match(r"^[^.;,]{0,40}\bcapacity\b", after)
    return bool(said) and not re.match(r"^[^.;,]{0,20}\b(?:were|was) (?:sold|exported|delivered)", after)


def _can_be_made(quantity: Quantity, scene: Scene, per: str) -> bool:
    """Whether the words are those of what can be made in a year."""
    clause_before = scene.clause_before(quantity)
    if per == "year" and words.OUTPUT.search(clause_before[-40:]):
        return True
    if per == "year" and words.AND_MAKES.search(clause_before[-110:]):
        return True
    if words.STARTS_WITH.search(clause_before[-90:]) and quantity.kind in {"energy", "mass"}:
        return True
    yearly = per or words.YEARLY.search(scene.clause_text(quantity))
    able = yearly or re.search(r"\b(?:can|could|able|capable)\b", clause_before)
    return bool(able) and words.ABLE.search(clause_before[-110:]) is not None


def _is_of_plant(quantity: Quantity, scene: Scene, per: str) -> bool:
    """Whether the figure sizes a plant, a line or a phase (a 16 GWh gigafactory, a 20,000-ton line)."""
    clause_before = scene.clause_before(quantity)
    after = scene.text[quantity.end : min(quantity.end + 60, scene.clause(quantity)[1])]
    if quantity.kind == "mass" and words.LINE_BEHIND.match(after):
        return True
    if per == "year" and (words.EXPANSION.search(clause_before) or words.LINE_FOR.search(clause_before)):
        return True
    if per == "quarter" and words.SITE.search(scene.text) and words.RATE_AT.search(clause_before):
        return True
    if per == "year" and quantity.kind in {"energy", "mass"} and words.SITE.search(scene.text):
        return True
    if quantity.kind in {"energy", "mass"} and words.TO_BE_ADDED.match(after) and words.PHASES.search(scene.text):
        return True
    if quantity.kind not in {"energy", "power"}:
        return False
    if words.PLANT_BEHIND.match(after) or words.PLANT_AHEAD.search(clause_before[-70:]) or words.RUN_AT.match(after):
        return True
    phase = words.PHASE.search(clause_before[-40:]) or words.INSTALLED.match(after)
    return quantity.kind == "energy" and (
        words.ADDED.search(clause_before[-90:]) is not None or bool(phase and scene.recent("capacity", 3) is not None)
    )


def _goes_on(quantity: Quantity, scene: Scene) -> bool:
    """Whether the figure carries on from a capacity before it (and that of its other plant, a further)."""
    clause_before = scene.clause_before(quantity)
    earlier, said = scene.earlier(quantity), scene.recent("capacity")
    same = earlier is not None and earlier[1].measure == "capacity" and earlier[2].kind == quantity.kind
    if same and words.THAT_OF.search(clause_before[-70:]):
        return True
    new = earlier is None and said is not None
    if new and quantity.kind == "energy" and words.PLANNED.match(scene.after(quantity)):
        return True
    if new and quantity.unit.endswith("/year") and words.RATE_AT.search(clause_before):
        return True
    if new and quantity.kind == "energy" and words.LATER.search(scene.text) and not words.STORES.search(scene.text):
        return True
    same = same or (new and said is not None and said.unit.split("/")[0] == quantity.unit)
    return (
        same and not words.FLOWS.search(clause_before) and words.FURTHER.search(scene.before(quantity, 40)) is not None
    )


def _plant(quantity: Quantity, scene: Scene) -> str | None:
    """The plant that the clause names before the figure, whatever stands before it (at its factory in X)."""
    start = scene.clause(quantity)[0]
    plants = [m for m in scene.mentions if m.kind == "plant" and start <= m.start and m.end <= quantity.start]
    plain = [m for m in plants if m.preposition in {"at", "in", "of", "for"} and not m.inherited]
    return plain[-1].name if plain and plants[-1] is plain[-1] else None


def _not_made(found: re.Match[str] | None, text: str) -> re.Match[str] | None:
    """A word of capacity, unless a word for goods made or sold stands between it and the figure."""
    return None if found is None or words.MADE.search(text[found.end() :]) else found


def _raises(quantity: Quantity, scene: Scene) -> bool:
    """Whether the figure is what a capacity just spoken of is raised to."""
    if not words.RAISED.search(scene.clause_before(quantity)[-80:]):
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
        return words.NOT_STORAGE.search(scene.text) is not None and not re.search(
            r"\b(?:manufactur|factory|module|production capacity)\w*", scene.text, re.I
        )
    if quantity.kind != "energy" or quantity.unit.endswith("/year"):
        return False
    paired = any(q.kind == "power" for q in scene.quantities)
    plant = re.search(
        r"\b(?:gigafactory|factory|cell plant|battery plant|production|manufactur|annual|line)\w*", scene.text, re.I
    )
    return (paired or words.NOT_STORAGE.search(scene.text) is not None) and not plant
