"""Paths of a study in words, as ``plants.north.capacity`` or ``duties.eu-cars``, and the parts that they mean.

Names may hold dots, so that a path is read along the study and not cut at them. What is done at a path is in
``editing.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cell2grid.errors import StudyError
from cell2grid.study.model import Study
from cell2grid.study.refusals import dotted, near, schema_at
from cell2grid.study.yaml_tree import KeyPath

LONGEST = 500  # characters of a path


def part_at(tree: Mapping[str, Any], text: str) -> KeyPath:
    """The path of a part that the study has; rows of lists go by their number, or by their name where they have one.

    Raises
    ------
    StudyError
        There is no such part; the message says which are near.

    >>> part_at({"duties": ({"name": "eu", "rate": "10 percent"},)}, "duties.eu.rate")
    ('duties', 0, 'rate')
    """
    path = _found(tree, text)
    if path is None:
        raise StudyError(f"there is no '{_shown(text)}' in the study; {_near(tree, text)}")
    return path


def place_for(tree: Mapping[str, Any], text: str) -> KeyPath:
    """The path of a figure or part that the study has or may have: an optional field, a new name, a list's next row.

    Raises
    ------
    StudyError
        Nothing can stand there; the message says what is near.

    >>> place_for({"plants": {"north": {"owner": "fjord"}}}, "plants.north.ramp.curve")
    ('plants', 'north', 'ramp', 'curve')
    """
    path = _found(tree, text)
    if path is not None:
        return path
    known, rest = _deepest(tree, text)
    node = at(tree, known)
    while rest:
        head, _, tail = rest.partition(".")
        below = _may_have(tree, known, node, head, rest)
        if below is None:
            raise StudyError(f"nothing can be changed at '{_shown(text)}'; {_near(tree, text)}")
        known = (*known, below)
        node, rest = {}, "" if below == rest else tail
    return known


def at(tree: Any, path: KeyPath) -> Any:
    """What stands at a path.

    >>> at({"lanes": ({"origin": "CN"},)}, ("lanes", 0, "origin"))
    'CN'
    """
    for part in path:
        tree = tree[part]
    return tree


def _may_have(tree: Mapping[str, Any], path: KeyPath, node: Any, head: str, rest: str) -> str | int | None:
    """The key by which a part can be put at a place that lacks it; None where it cannot."""
    if isinstance(node, (list, tuple)):
        return len(node) if head == str(len(node)) else None
    if not isinstance(node, dict):
        return None
    schema = schema_at(Study, path, tree)
    if head in schema.get("properties", {}):
        return head
    named = "patternProperties" in schema or isinstance(schema.get("additionalProperties"), dict)
    return rest if named else None


def _found(node: Any, text: str) -> KeyPath | None:
    """The path that the text spells, read along the tree; the longest key that fits comes first."""
    if len(text) > LONGEST:
        return None
    for key, said in sorted(_keys(node), key=lambda pair: -len(pair[1])):
        if text == said:
            return (key,)
        if text.startswith(f"{said}."):
            below = _found(node[key], text[len(said) + 1 :])
            if below is not None:
                return (key, *below)
    return None


def _deepest(tree: Any, text: str) -> tuple[KeyPath, str]:
    """The path of the last part along the text that there is, and the rest of the text."""
    path: KeyPath = ()
    while True:
        fits = [(key, said) for key, said in _keys(tree) if text.startswith(f"{said}.")]
        if not fits:
            return path, text
        key, said = max(fits, key=lambda pair: len(pair[1]))
        path, tree, text = (*path, key), tree[key], text[len(said) + 1 :]


def _keys(node: Any) -> Iterator[tuple[str | int, str]]:
    """The keys of a part, each as it is said in a path."""
    if isinstance(node, dict):
        yield from ((key, key) for key in node)
    elif isinstance(node, (list, tuple)):
        yield from ((number, str(number)) for number in range(len(node)))
        for number, row in enumerate(node):
            if isinstance(row, dict) and isinstance(row.get("name"), str):
                yield number, row["name"]


def _near(tree: Mapping[str, Any], text: str) -> str:
    """A clause that names parts that may have been meant."""
    named = [dotted((section, key)) for section in tree for key, said in _keys(tree[section]) if said == text]
    if named:
        return f"did you mean '{named[0]}'?"
    path, _ = _deepest(tree, text)
    node = at(tree, path)
    known = {said for _, said in _keys(node)}
    if isinstance(node, dict):
        known |= set(schema_at(Study, path, tree).get("properties", {}))
    if not known:
        return f"'{dotted(path)}' is one figure and has no parts"
    start = f"{dotted(path)}." if path else ""
    return near(_shown(text), [f"{start}{name}" for name in known], what="parts there")


def _shown(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
