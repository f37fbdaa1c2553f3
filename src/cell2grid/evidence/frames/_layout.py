"""A sentence laid out with marks for its names and quantities, so that patterns of grammar speak of marks only.

«0», «1», … stand for the names, # for the quantity in question, ~ for the others. ``_supply_roles.py`` and
``_stake_roles.py`` hold such patterns.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity


def sides(scene: Scene, kinds: Collection[str]) -> list[Mention]:
    """The mentions of some kinds in order, without those inside a longer one (the owner in the name of a plant)."""
    kept: list[Mention] = []
    for mention in sorted(scene.mentions, key=lambda m: (m.start, -m.end)):
        inside = kept and mention.start < kept[-1].end
        if mention.kind in kinds and not inside:
            kept.append(mention)
    return kept


def laid_out(quantity: Quantity, scene: Scene, names: list[Mention]) -> str:
    """The sentence with «0», «1», … for the names, # for the quantity and ~ for the other quantities."""
    marks = [(m.start, m.end, f"«{place}»") for place, m in enumerate(names)]
    for other in scene.quantities:
        taken = any(start < other.end and other.start < end for start, end, _ in marks)
        if not taken or other is quantity:
            marks.append((other.lead, other.end, "#" if other is quantity else "~"))
    written, place = [], 0
    for start, end, mark in sorted(marks):
        if start >= place:
            written += [scene.text[place:start], mark]
            place = end
    return "".join([*written, scene.text[place:]])


_JOINS = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)(?:the\s+)?")


def row_with(scene: Scene, name: Mention, kinds: Collection[str]) -> str:
    """The name of a mention with those listed beside it (A, B and C), parted by semicolons.

    A name in apposition (A, B, holds …) makes no row: between the last two stands an "and".
    """
    listed = sides(scene, kinds)
    place = next((n for n, mention in enumerate(listed) if mention is name), None)
    if place is None:
        return name.name
    first = last = place
    while first > 0 and not listed[first - 1].possessive and _joined(scene, listed[first - 1], listed[first]):
        first -= 1
    while last + 1 < len(listed) and not listed[last].possessive and _joined(scene, listed[last], listed[last + 1]):
        last += 1
    row = listed[first : last + 1]
    ended = len(row) > 1 and _AND.search(scene.text[row[-2].end : row[-1].start])
    return ";".join(dict.fromkeys(mention.name for mention in row)) if ended else name.name


_AND = re.compile(r"\band\b|&")


def _joined(scene: Scene, before: Mention, after: Mention) -> bool:
    return _JOINS.fullmatch(scene.text[before.end : after.start]) is not None
