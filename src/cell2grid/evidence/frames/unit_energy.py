"""Energy of one unit: how much a system, container, pack or cell holds."""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 35
MEASURES = ("unit_energy",)
EXAMPLES = (
    Example(
        "Sungrow will deliver 880 PowerTitan systems, each with about 5 MWh of energy.",
        ({"value_text": "5 MWh", "value": 5, "unit": "MWh/system", "low": 4.75, "high": 5.25},),
    ),
    Example(
        "Each Tener container holds 6.25 MWh.",
        ({"value_text": "6.25 MWh", "value": 6.25, "unit": "MWh/system"},),
    ),
    Example(
        "Fluence installed 96 enclosures of 2.5 MWh each in Finland.",
        ({"value_text": "2.5 MWh", "value": 2.5, "unit": "MWh/enclosure"},),
    ),
)
_ONE = (
    r"(?:system|unit|container|pack|cell|module|battery|cabinet|enclosure|rack|vehicle|car|Megapack"
    r"|PowerTitan|Powerwall|Tener|box|block|cube)"
)
_EACH_AHEAD = re.compile(
    rf"\b(?:each|every|per {_ONE}"
    rf"|apiece)\b(?:\s+(?P<noun>(?:[A-Z]?[\w.-]+\s+){{0,3}}?{_ONE}s?))?\s*(?:[\w-]+\s+){{0,4}}$",
    re.I,
)
_EACH_BEHIND = re.compile(
    rf"^(?:\s+of\s+(?:[\w-]+\s+){{0,2}}?[\w-]+)?\s*(?:each\b(?!\s+year)|apiece\b"
    rf"|per\s+(?P<noun>{_ONE})\b|an?\s+(?P<one>{_ONE})\b)",
    re.I,
)
_HOLDS = re.compile(
    rf"\b(?P<noun>(?:[A-Z][\w.-]*\s+)?(?:\d[\w.]*\s+)?{_ONE}),?\s+(?:(?:can|now|will|has|with|that"
    rf"|which)\s+)?(?:holds?|packs?|stores?|has|have|with|of|offers?|contains?|rated at|carries"
    rf"|provides?|delivers?|reaches|storing|holding|packing)\s+(?:an? (?:energy"
    rf"|capacity) of\s+)?(?:about\s+|around\s+|up to\s+|some\s+|nearly\s+|over\s+)?$",
    re.I,
)


_CONTAINER = re.compile(
    r"^[\s-]*(?:[A-Z][\w.-]*\s+){0,2}(?:[a-z-]+\s+){0,1}?(?P<noun>(?:container|cabinet|enclosure|rack|pack|module|cube)s?)\b",
    re.I,
)
_BATTERY = re.compile(r"^[\s-](?:lithium[- ](?:ion\s)?)?(?P<noun>battery|pack)\b", re.I)
_PACKS_OF = re.compile(
    r"\b(?:(?<=gets\s)|(?<=get\s)|(?<=has\s)|(?<=have\s)|(?<=carries\s)|(?<=carry\s))an?\s+(?P<one>battery|pack)\s+of\s+$"
    r"|\b(?P<noun>(?:packs|batteries|containers|cabinets|enclosures|modules))\s+(?:of|with|holding|storing)\s+"
    r"(?:about\s+|up to\s+|some\s+)?$",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """The energy of one unit where the words say each, per unit, or that a container or pack holds it."""
    if quantity.kind != "energy":
        return None
    if _AVERAGE.search(scene.clause_before(quantity)):
        slots = _slots(quantity, scene, quantity.unit, _noun(None, quantity, scene))
        return replace(slots, stock=False, timeless=False)  # an average is one of some time
    base, _, per = quantity.unit.partition("/")
    if per in {"year", "quarter", "month", "day", "week", "hour"}:
        return None
    ahead = scene.clause_before(quantity)[-70:] + scene.text[quantity.lead : quantity.start]
    each = _EACH_AHEAD.search(scene.text[max(0, quantity.lead - 60) : quantity.lead])
    behind = _EACH_BEHIND.match(scene.after(quantity))
    holds = _HOLDS.search(ahead) if not re.search(r"\b(?:project|site|plant|farm|facility)\b", ahead) else None
    small = base in {"kWh", "Wh"} or (base == "MWh" and quantity.value is not None and quantity.value <= 20)
    named = _CONTAINER.match(scene.after(quantity)) if small else None
    named = named or (_BATTERY.match(scene.after(quantity)) if base == "kWh" else None)
    packs = _PACKS_OF.search(ahead) if small else None
    found = each or behind or holds or named or packs
    if named is not None or packs is not None:
        return _slots(quantity, scene, base, per or _noun(named or packs, quantity, scene))
    if not per and found is None:
        one = _ONE_STORES.search(scene.clause_before(quantity))
        return None if one is None else _slots(quantity, scene, quantity.unit, None)
    noun = per or _noun(found, quantity, scene)
    if noun in _MAKERS:
        return None
    if noun in {None, "site", "project", "plant", "factory", "gigafactory", "location", "home", "battery"} and not per:
        return (
            None
            if not (holds or behind) or noun in {"site", "project", "plant", "factory", "gigafactory"}
            else _slots(quantity, scene, base, noun)
        )
    return _slots(quantity, scene, base, noun)


_ONE_STORES = re.compile(
    r"(?:^|[.;:]\s)\W*(?:An?|One|Each)\s+[A-Z][\w-]+(?:\s[\w-]+)?\s+(?:stores|holds|packs|carries)\s+(?:\w+\s+)?$"
)
_AVERAGE = re.compile(
    r"\b(?:average|mean|median|typical)\s+(?:battery\s+|pack\s+|system\s+)?(?:size|capacity)\s+(?:of|was|is|at)\s+(?:\w+\s+)?$"
)
_MAKERS = frozenset({"line", "plant", "factory", "gigafactory", "phase", "stage", "hall"})  # each with a capacity


def _slots(quantity: Quantity, scene: Scene, base: str, noun: str | None) -> Slots:
    product = next((m.name for m in scene.mentions if m.kind == "product" and m.end <= quantity.start), None)
    unit = f"{base}/{noun}" if noun else base
    return Slots("unit_energy", subject=product, unit=unit, stock=True, timeless=True)


def _noun(found: re.Match[str] | None, quantity: Quantity, scene: Scene) -> str | None:
    """What one of them is: the noun beside "each" or "per", else what the sentence counted before."""
    said = found.groupdict().get("noun") or found.groupdict().get("one") if found is not None else None
    if said:
        counted = counted_noun(" " + said.strip(), 0, singular_too=True)
        if counted is not None:
            return counted.name
    before = [q for q in scene.quantities if q.end <= quantity.start and q.kind == "count"]
    return before[-1].unit.split("/")[0] if before else None
