"""What the models or the rules refuse, in words: the thing, the value, the bound, the next step, and its place.

The models (``model.py``) look at one part of a study at a time, the rules (``rules.py``) at several together. Both end
here as one ``StudyError`` with a line for each of the first few problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.yaml_tree import KeyPath, Tree

SHOWN = 10
_KINDS = {
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
    "tuple_type": "a list",
    "string_type": "text; put it in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
}
_FORMS = {
    r"^\d{4}-(0[1-9]|1[0-2])$": "a month; write it as 2025-02",
    r"^([01]\d|2[0-3]):[0-5]\d$": "a clock time; write it as '08:00'",
    r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$": "a clock time; write it as '08:00', or '24:00'",
    r"^\d{4}(-\d{2}){0,2}$": "a date; write it as 2025, 2025-02 or 2025-02-11",
}
_NAME_FORM = "a name; use letters, digits, '.', '_' and '-', at most 64, beginning with a letter or a digit"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at a path of a study; ``key`` puts it at the key of the path instead of its value."""

    path: KeyPath
    message: str
    key: bool = False


def dotted(path: KeyPath) -> str:
    """The path as it is written in tables and messages.

    >>> dotted(("stakes", 0, "share"))
    'stakes.0.share'
    """
    return ".".join(map(str, path))


def near(name: str, known: Iterable[str], *, what: str) -> str:
    """A clause that names the most similar of the known names, or lists them.

    >>> near("capcity", ["capacity", "opens"], what="keys")
    "did you mean 'capacity'?"
    """
    names = sorted(known)
    similar = get_close_matches(name, names, n=1, cutoff=0.6)
    if similar:
        return f"did you mean '{similar[0]}'?"
    if not names:
        return f"there are no {what}"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"the {what} are {shown}"


def refusal(problems: Iterable[Problem], tree: Tree | None) -> StudyError:
    """One error for all problems, in the order of the file; without a tree they have no place."""
    found = sorted(problems, key=lambda problem: _offset(problem, tree))
    lines = []
    for problem in found[:SHOWN]:
        place = "" if tree is None else f"{tree.where(problem.path, key=problem.key)}: "
        subject = f"{dotted(problem.path)}: " if problem.path else ""
        lines.append((place, f"{subject}{problem.message}"))
    if len(found) > SHOWN:
        lines.append(("", f"and {len(found) - SHOWN} more; mend these first"))
    (place, message), *rest = lines
    text = "\n".join([message, *(f"{more_place}{more}" for more_place, more in rest)])
    return StudyError(text, where=place.removesuffix(": ") or None)


def _offset(problem: Problem, tree: Tree | None) -> int:
    if tree is None:
        return 0
    path = problem.path
    while path and path not in tree.marks:
        path = path[:-1]
    return tree.marks[path].start


def model_problems(error: ValidationError, tree: Tree, model: type[BaseModel]) -> list[Problem]:
    """What pydantic found wrong with the values of the tree."""
    refused = error.errors(include_url=False)
    refused = [found for found in refused if not _of_other_form(found, tree.value)] or refused
    places = {found["loc"] for found in refused}
    # pydantic leaves refused parts out before it counts a list, and then finds it too short
    return [_problem(dict(found), tree, model) for found in refused if not _short_of_refused(found, places)]


def _of_other_form(found: Mapping[str, Any], value: Any) -> bool:
    """Whether it is said of a figure where keys are written, or of keys where a figure is."""
    for part in found["loc"]:
        below = _located((part,), value)
        if not below[0]:
            figure = "Quantity" in str(part)  # so pydantic calls a figure among several forms
            return figure if isinstance(value, dict) else found["type"] in ("model_type", "model_attributes_type")
        value = below[1]
    return False


def _short_of_refused(found: Mapping[str, Any], places: Iterable[tuple[str | int, ...]]) -> bool:
    place = found["loc"]
    return found["type"] == "too_short" and any(
        other[: len(place)] == place and len(other) > len(place) for other in places
    )


def _problem(found: dict[str, Any], tree: Tree, model: type[BaseModel]) -> Problem:
    path, value = _located(found["loc"], tree.value)
    kind, last = found["type"], str(found["loc"][-1]) if found["loc"] else ""
    if kind == "extra_forbidden":
        known = keys_at(model, path[:-1], tree.value)
        return Problem(path, f"this key is not known; {near(last, known, what='keys')}", key=True)
    if kind == "missing":
        return Problem(path, f"'{last}' is missing; add it", key=True)
    if last == "[key]":
        return Problem(path, f"this key is not {_NAME_FORM}", key=True)
    return Problem(path, _words(found, value))


def _words(found: dict[str, Any], value: Any) -> str:
    kind, context = found["type"], found.get("ctx", {})
    shown = repr(value) if isinstance(value, (str, int, float, bool)) or value is None else f"a {_shape(value)}"
    shown = shown if len(shown) <= 80 else f"{shown[:77]}…'"
    if kind == "value_error":
        return str(context.get("error", found["msg"]))
    if kind in _KINDS:
        return f"{shown} is not {_KINDS[kind]}"
    if kind == "string_pattern_mismatch":
        return f"{shown} is not {_FORMS.get(context.get('pattern', ''), _NAME_FORM)}"
    if kind in ("literal_error", "union_tag_invalid"):
        expected = str(context.get("expected") or context.get("expected_tags"))
        options = [option.strip().strip("'") for option in expected.replace(" or ", ", ").split(",")]
        written = value.get("kind") if isinstance(value, dict) else value
        return f"{written!r} is not one of {', '.join(options)}; {near(str(written), options, what='choices')}"
    if kind in ("greater_than_equal", "less_than_equal"):
        side, bound = ("below", "least") if kind == "greater_than_equal" else ("above", "most")
        return f"{shown} is {side} {context['ge' if bound == 'least' else 'le']}, the {bound} it can be"
    if kind == "too_short":
        return f"{shown} of {context['actual_length']}, expected at least {context['min_length']}"
    if kind == "too_long" and not isinstance(value, str):
        return f"{shown} of {len(value)}, expected at most {context['max_length']}"
    if kind == "union_tag_not_found":
        return "'kind' is missing; write 'kind: plant' or 'kind: storage'"
    return f"{shown}: {found['msg'][0].lower()}{found['msg'][1:]}"


def _shape(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "list"


def _located(place: tuple[str | int, ...], value: Any) -> tuple[KeyPath, Any]:
    """The path of the tree that a place in a model stands for: tags of unions are no keys, and missing keys end it."""
    path: list[str | int] = []
    for part in place:
        inside = isinstance(value, dict) and part in value
        if inside or (isinstance(value, tuple) and isinstance(part, int) and part < len(value)):
            path.append(part)
            value = value[part]
    return tuple(path), value


def keys_at(model: type[BaseModel], path: KeyPath, value: Any) -> list[str]:
    """The keys that the part of the model at ``path`` may have; ``value`` tells which of several kinds it is."""
    return list(schema_at(model, path, value).get("properties", {}))


def schema_at(model: type[BaseModel], path: KeyPath, value: Any) -> dict[str, Any]:
    """The JSON schema of the part of the model at ``path``, ``value`` being all of it; empty where it has no part."""
    schema = _schema_of(model)
    node = _resolved(schema, schema, value)
    for part in path:
        node = _below(node, part)
        value = _located((part,), value)[1]
        node = _resolved(schema, node, value)
    return node


@cache
def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _below(node: dict[str, Any], part: str | int) -> dict[str, Any]:
    if isinstance(part, int):
        return dict(node.get("items", {}))
    if part in node.get("properties", {}):
        return dict(node["properties"][part])
    for below in (node.get("additionalProperties"), *node.get("patternProperties", {}).values()):
        if isinstance(below, dict):
            return below
    return {}


def _resolved(schema: dict[str, Any], node: dict[str, Any], value: Any) -> dict[str, Any]:
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        elif "discriminator" in node:
            kind = value.get("kind") if isinstance(value, dict) else None
            mapping = node["discriminator"]["mapping"]
            if kind not in mapping:
                return {}
            node = {"$ref": mapping[kind]}
        elif "oneOf" in node or "anyOf" in node:
            # a quantity, or a mapping in its place
            options = [_resolved(schema, option, value) for option in node.get("oneOf") or node["anyOf"]]
            options = [option for option in options if option.get("type") != "null"]
            meant = [option for option in options if ("properties" in option) == isinstance(value, dict)]
            node = next(iter(meant or options), {})
        else:
            return node
