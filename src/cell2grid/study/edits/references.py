"""What of a study refers to what, and goes with it: rows about a firm that is left out, shocks of a plant, and so on.

A reference that is not listed here stays, and the rules then refuse the study that is left: what a product or a region
is left out of is no longer the same question. The study is edited in ``editing.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cell2grid.errors import StudyError
from cell2grid.study.edits.paths import part_at
from cell2grid.study.yaml_tree import KeyPath

_KEY = "{key}"  # the key itself is the name that is referred to


@dataclass(frozen=True, slots=True)
class _Reference:
    """Where a name stands (``*`` for any key or row), of which sections it is, and how much goes with it.

    ``goes`` is the number of parts of the path that are left out with what is named.
    """

    pattern: tuple[str, ...]
    of: tuple[str, ...]
    goes: int


def _reference(pattern: str, of: str, goes: int) -> _Reference:
    return _Reference(tuple(pattern.split(".")), tuple(of.split()), goes)


_REFERENCES = (
    _reference("plants.*.owner", "firms", 2),
    _reference("stakes.*.company", "firms", 2),
    _reference("stakes.*.holder", "firms", 2),
    _reference("supplies.*.supplier", "firms plants", 2),
    _reference("supplies.*.customer", "firms plants", 2),
    _reference("duties.*.firm", "firms", 2),
    _reference("orders.*.plant", "plants", 2),
    _reference("orders.*.market", "markets", 2),
    _reference("shocks.*.plant", "plants", 2),
    _reference("shocks.*.market", "markets", 2),
    _reference("observations.*.of", "plants firms markets projects regions groups", 2),
    _reference("counterfactuals.*.plant", "plants", 2),
    _reference("counterfactuals.*.without.*", "shocks", 4),
    _reference("calibration.on.*", "observations", 3),
    _reference("fit.on.*", "observations", 3),
    _reference("groups.*.*", "firms plants markets", 3),
    _reference("competition.conduct.*.firm", "firms", 3),
    _reference("competition.conduct.*.market", "markets", 3),
    _reference("competition.substitution.*.markets.*", "markets", 5),
    _reference("competition.substitution.*.cross.*.between.*", "markets", 5),
    _reference(f"competition.substitution.*.shares.{_KEY}", "firms", 5),
    _reference("competition.price_war.firms.*", "firms", 4),
    _reference("competition.price_war.markets.*", "markets", 4),
    _reference("competition.price_war.stocks.*.plant", "plants", 4),
    _reference("investment.options.*.firm", "firms", 3),
    _reference("investment.standing.*.plant", "plants", 3),
    _reference("investment.limits.*.firm", "firms", 3),
    _reference("announced.*.firm", "firms", 2),
)
# what is said of how a firm sells, and says nothing of one that is left without a plant and a part of others
_OF_SELLERS = tuple(row for row in _REFERENCES if row.pattern[0] == "competition" and row.of == ("firms",))
# figures and parts by their paths in words
_PATHS = (
    _reference("correlations.*.between.*", "", 2),
    _reference(f"fit.unknowns.{_KEY}", "", 3),
    _reference("fit.unknowns.*.also.*", "", 5),
    _reference("fit.unknowns.*.against", "", 4),
    _reference(f"investment.scenarios.*.change.{_KEY}", "", 5),
    _reference("investment.scenarios.*.without.*", "", 5),
)
# lists that mean something else when they are empty, or may not be: the part that goes with their last row
_NEVER_EMPTY = (
    _reference("counterfactuals.*.without", "", 2),
    _reference("calibration.on", "", 1),
    _reference("fit.on", "", 1),
    _reference("fit.unknowns", "", 1),
    _reference("groups.*", "", 2),
    _reference("competition.substitution.*.markets", "", 3),
    _reference("competition.price_war.firms", "", 2),
    _reference("competition.price_war.markets", "", 2),
)


def going_with(tree: Mapping[str, Any], left_out: set[KeyPath]) -> dict[KeyPath, KeyPath]:
    """What goes with parts that are left out, each with what it goes with, in the order in which it is found.

    >>> tree = {"firms": {"a": {}, "b": {}}, "plants": {"north": {"owner": "a"}}}
    >>> going_with(tree, {("firms", "a")})
    {('plants', 'north'): ('firms', 'a')}
    """
    gone: dict[KeyPath, KeyPath] = {}
    while True:
        everything = left_out | set(gone)
        found = {part: cause for part, cause in _next(tree, everything) if not is_gone(part, everything)}
        if not found:
            return gone
        gone |= found


def is_gone(path: KeyPath, gone: set[KeyPath]) -> bool:
    """Whether the part, or one around it, is among those that are gone.

    >>> is_gone(("plants", "north", "owner"), {("plants", "north")})
    True
    """
    return any(path[:length] in gone for length in range(1, len(path) + 1))


def path_texts(tree: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, bool]]:
    """Every text of the study that is a path of it: where it stands, the text, and whether it is a key there."""
    for reference in _PATHS:
        for path, text in _matches(tree, reference.pattern):
            yield path, text, reference.pattern[-1] == _KEY


def _next(tree: Mapping[str, Any], gone: set[KeyPath]) -> Iterator[tuple[KeyPath, KeyPath]]:
    for reference in _REFERENCES:
        for path, name in _matches(tree, reference.pattern):
            cause = _missing(tree, reference.of, name, gone)
            if cause is not None and not is_gone(path, gone):
                yield path[: reference.goes], cause
    idle = _idle(tree, gone)
    for reference in _OF_SELLERS if idle else ():
        for path, name in _matches(tree, reference.pattern):
            if name in idle and not is_gone(path, gone):
                yield path[: reference.goes], idle[name]
    for reference in _PATHS:
        for path, text in _matches(tree, reference.pattern):
            cause = _part_gone(tree, text, gone)
            if cause is not None and not is_gone(path, gone):
                yield path[: reference.goes], cause
    for reference in _NEVER_EMPTY:
        for path, part in _matches(tree, reference.pattern):
            if part and all(is_gone((*path, key), gone) for key in _keys(part)) and not is_gone(path, gone):
                yield path[: reference.goes], (*path, next(iter(_keys(part))))


def _idle(tree: Mapping[str, Any], gone: set[KeyPath]) -> dict[str, KeyPath]:
    """The firms whose last plant is gone and that hold no part of another, each with one of their plants."""
    plants = {name: plant["owner"] for name, plant in tree.get("plants", {}).items()}
    left = {owner for name, owner in plants.items() if not is_gone(("plants", name), gone)}
    left |= {
        row["holder"] for number, row in enumerate(tree.get("stakes", ())) if not is_gone(("stakes", number), gone)
    }
    return {owner: ("plants", name) for name, owner in plants.items() if owner not in left}


def _missing(tree: Mapping[str, Any], sections: tuple[str, ...], name: str, gone: set[KeyPath]) -> KeyPath | None:
    """The part of this name that is gone, where no other section still has one of the name."""
    had = [(section, name) for section in sections if name in tree.get(section, {})]
    if not had or not all(is_gone(path, gone) for path in had):
        return None
    return had[0]


def _part_gone(tree: Mapping[str, Any], text: str, gone: set[KeyPath]) -> KeyPath | None:
    """The part that the text spells, where it is gone."""
    if text.startswith("shocks.") and text.endswith(".comes"):
        text = text.removesuffix(".comes")
    try:
        path = part_at(tree, text)
    except StudyError:
        return None
    return next((path[:length] for length in range(1, len(path) + 1) if path[:length] in gone), None)


def _matches(node: Any, pattern: tuple[str, ...], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each place that fits the pattern, with what stands there, or its key."""
    if not pattern:
        yield path, node
        return
    head, rest = pattern[0], pattern[1:]
    if head == _KEY:
        yield from (((*path, key), key) for key in _keys(node))
    elif head == "*":
        for key in _keys(node):
            yield from _matches(node[key], rest, (*path, key))
    elif isinstance(node, dict) and head in node:
        yield from _matches(node[head], rest, (*path, head))


def _keys(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node)
    return list(range(len(node))) if isinstance(node, (list, tuple)) else []
