"""The study that is left when parts of a study are left out and figures of it are changed.

Paths are read in ``paths.py``; what goes with what is left out is in ``references.py``. That what is left is drawn as
before is seen to in ``cell2grid.run.varied``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.edits.paths import at, part_at, place_for
from cell2grid.study.edits.references import going_with, is_gone, path_texts
from cell2grid.study.model import Study
from cell2grid.study.quantity import figures
from cell2grid.study.refusals import Problem, dotted, model_problems, refusal, schema_at
from cell2grid.study.shipped import with_library
from cell2grid.study.yaml_tree import KeyPath, Mark, Tree, parse_tree

LONGEST_TEXT = 20_000  # characters that one change may put in
_YAML_STARTS = ("{", "[")
_NOTHING = ("null", "~", "")


@dataclass(frozen=True, slots=True)
class Edited:
    """A study with something different: what was said of it, and where its parts were in the study before.

    ``left_out`` and ``changed`` are as asked, ``went`` what went with them. ``was`` is the place of each row of its
    lists in the study before, by its place now; rows that are new are not in it.
    """

    study: Study
    notes: tuple[str, ...]
    left_out: tuple[KeyPath, ...]
    changed: tuple[KeyPath, ...]
    went: tuple[KeyPath, ...]
    was: Mapping[KeyPath, KeyPath]

    def before(self, path: KeyPath) -> KeyPath | None:
        """The place that a part had in the study before; None where it or a row around it is new."""
        found = path
        for length in range(1, len(path) + 1):
            if isinstance(path[length - 1], int):
                row = self.was.get(path[:length])
                if row is None:
                    return None
                found = (*row, *found[length:])
        return found


def edited(
    study: Study, *, without: Sequence[str] = (), change: Mapping[str, str] | None = None, unfilled: bool = False
) -> Edited:
    """The study without some parts and with other figures, checked by all rules.

    Parameters
    ----------
    without
        Paths of parts: 'plants.NAME', 'firms.NAME', 'duties.NAME', 'lanes.0', 'competition.price_war' and the like.
    change
        Texts by path, as they would be written in the study file: 'plants.north.capacity': '5000 system/year [page]'.
    unfilled
        Whether figures may still be open.

    Raises
    ------
    StudyError
        A path meets nothing; a text cannot stand at its path; something that is left still needs what is left out.

    >>> from cell2grid.study.loader import load_study
    >>> whole = load_study("giga-shanghai-2022").study
    >>> found = edited(whole, without=["shocks.lockdown-stop"])
    >>> sorted(set(whole.shocks) - set(found.study.shocks))
    ['lockdown-stop']
    """
    # a variant has none of its own: their paths are those of the study before
    tree = {key: part for key, part in _tree(study).items() if key != "variants"}
    left_out = {part_at(tree, text): text for text in dict.fromkeys(without)}
    changed = _with_changes(tree, change or {}, left_out)
    alone = _no_longer_drawn(tree, changed)
    gone = going_with(tree, {*left_out, *alone})
    everything = {*left_out, *alone, *gone}
    was: dict[KeyPath, KeyPath] = {}
    rest = _rewritten(tree, _left(tree, (), (), everything, was, _old_rows(study, tree, changed)), was)
    found = _checked(rest, [*left_out.values()], [dotted(path) for path in changed], unfilled)
    notes = _notes(tree, left_out, gone) + [
        f"{_named(tree, path)} is left out: a figure of it is one number now, and is not drawn" for path in alone
    ]
    return Edited(found, tuple(notes), tuple(left_out), tuple(changed), (*gone, *alone), was)


def _tree(study: Study) -> dict[str, Any]:
    """The study as plain values, figures as they were written."""
    found: dict[str, Any] = study.model_dump(by_alias=True, exclude_none=True)
    return found


def _with_changes(tree: dict[str, Any], change: Mapping[str, str], left_out: Mapping[KeyPath, str]) -> list[KeyPath]:
    """The places that were changed; the tree has the new values."""
    paths: list[KeyPath] = []
    for text, value in change.items():
        path = place_for(tree, text)
        for around in left_out:
            if is_gone(path, {around}):
                raise StudyError(f"'{text}' cannot be changed and '{left_out[around]}' left out; keep one of the two")
        _put(tree, path, _value(tree, path, text, value))
        paths.append(path)
    return paths


def _value(tree: Mapping[str, Any], path: KeyPath, where: str, text: str) -> Any:
    """The plain value that a text puts at a path: text of a figure, or YAML of a part."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise StudyError(f"'{where}' has no text of at most {LONGEST_TEXT:,} characters; write what stands there")
    said = text.strip()
    if said in _NOTHING:
        return None
    kind = schema_at(Study, path, tree).get("type")
    if said.startswith(_YAML_STARTS) or "\n" in said or kind not in ("string", None):
        try:
            return parse_tree(said, name=where).value
        except StudyError as error:
            if said.startswith(_YAML_STARTS) or "\n" in said:
                raise error from None
    return said


def _put(tree: Any, path: KeyPath, value: Any) -> None:
    """Put a value at a path, with what is missing around it; None takes away what is there.

    Tuples on the way become lists, so that rows can be put into them.
    """
    node = tree
    for place, part in enumerate(path[:-1]):
        inside = part in node if isinstance(node, dict) else len(node) > int(part)
        below = node[part] if inside else ({} if not isinstance(path[place + 1], int) else [])
        below = list(below) if isinstance(below, tuple) else below
        if isinstance(below, str):
            raise StudyError(f"'{dotted(path[: place + 1])}' is one figure, '{below}'; write the whole in its place")
        if isinstance(node, list) and not inside:
            node.append(below)
        else:
            node[part] = below
        node = below
    last = path[-1]
    if value is None and isinstance(node, dict):
        node.pop(last, None)
    elif isinstance(node, list) and len(node) == last:
        node.append(value)
    else:
        node[last] = value


def _no_longer_drawn(tree: Mapping[str, Any], changed: Sequence[KeyPath]) -> list[KeyPath]:
    """Correlations of figures that a change has made one number."""
    found: list[KeyPath] = []
    for number, row in enumerate(tree.get("correlations", ())):
        for text in row["between"]:
            try:
                path = part_at(tree, text)
            except StudyError:
                continue
            if is_gone(path, set(changed)) and _single(at(tree, path)):
                found.append(("correlations", number))
                break
    return found


def _single(value: Any) -> bool:
    from cell2grid.study.quantity import Quantity

    try:
        magnitude = Quantity.model_validate(value).magnitude
    except ValidationError:
        return False
    return bool(magnitude.low == magnitude.high)


def _old_rows(study: Study, tree: Mapping[str, Any], changed: Sequence[KeyPath]) -> set[KeyPath]:
    """The rows of lists that a change put in new, or whose list it wrote anew."""
    before = _tree(study)
    new = set()
    for path in changed:
        for length in range(1, len(path) + 1):
            try:
                at(before, path[:length])
            except (KeyError, IndexError, TypeError):
                new.add(path[:length])
                break
        else:
            if isinstance(at(tree, path) if _has(tree, path) else None, (dict, list, tuple)):
                new.add(path)
    return new


def _has(tree: Any, path: KeyPath) -> bool:
    try:
        at(tree, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _left(
    node: Any, path: KeyPath, now: KeyPath, gone: set[KeyPath], was: dict[KeyPath, KeyPath], new: set[KeyPath]
) -> Any:
    """The part without what is gone; ``was`` gets the old place of each row that is left."""
    if isinstance(node, dict):
        kept = [key for key in node if (*path, key) not in gone]
        return {key: _left(node[key], (*path, key), (*now, key), gone, was, new) for key in kept}
    if isinstance(node, (list, tuple)):
        rows = [number for number in range(len(node)) if (*path, number) not in gone]
        for place, number in enumerate(rows):
            if not is_gone((*path, number), new):
                was[*now, place] = (*path, number)
        return tuple(
            _left(node[number], (*path, number), (*now, place), gone, was, new) for place, number in enumerate(rows)
        )
    return node


def _rewritten(tree: dict[str, Any], rest: dict[str, Any], was: Mapping[KeyPath, KeyPath]) -> dict[str, Any]:
    """What is left, its paths in words leading to where rows are now."""
    places = {old: new for new, old in was.items()}
    keys: dict[KeyPath, dict[str, str]] = {}
    for path, text, key in list(path_texts(rest)):
        words = _words_now(tree, rest, text, places)
        if key:
            keys.setdefault(path[:-1], {})[text] = words
        elif words != text and isinstance(path[-1], int):
            around = at(rest, path[:-2])
            rows = around[path[-2]]
            around[path[-2]] = tuple(words if place == path[-1] else row for place, row in enumerate(rows))
        elif words != text:
            at(rest, path[:-1])[path[-1]] = words
    for path, words_of in keys.items():
        around = at(rest, path[:-1])
        around[path[-1]] = {words_of[text]: value for text, value in around[path[-1]].items()}
    return rest


def _words_now(tree: Mapping[str, Any], rest: Mapping[str, Any], text: str, places: Mapping[KeyPath, KeyPath]) -> str:
    """A path in words as it is now; as it was where it still leads there, or never led anywhere."""
    try:
        found = _now(part_at(tree, text), places)
    except StudyError:
        return text
    try:
        return text if part_at(rest, text) == found else dotted(found)
    except StudyError:
        return dotted(found)


def _now(path: KeyPath, places: Mapping[KeyPath, KeyPath]) -> KeyPath:
    """The place of a part now, from its place before."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return (*places[path[:length]], *path[length:])
    return path


def _checked(rest: dict[str, Any], without: Sequence[str], changed: Sequence[str], unfilled: bool) -> Study:
    """The study of what is left.

    Raises
    ------
    StudyError
        It is none, or breaks a rule.
    """
    from cell2grid.study.rules import problems

    try:
        study = with_library(Study.model_validate(rest))
    except ValidationError as error:
        tree = Tree("study", "", rest, {(): Mark(1, 1, 0, 0)}, {})
        raise _of_edit(model_problems(error, tree, Study), without, changed) from None
    found = list(problems(study))
    found += [
        Problem(path, f"'{figure.text}' is not filled in; write the figure")
        for path, figure in figures(study)
        if figure.unfilled and not unfilled
    ]
    if found:
        raise _of_edit(found, without, changed)
    return study


def _of_edit(found: Sequence[Problem], without: Sequence[str], changed: Sequence[str]) -> StudyError:
    """The error that says what was left out or changed, what still needs it, and what to do."""
    said = [*(f"without {text}" for text in without), *(f"with another {text}" for text in changed)]
    text = refusal(found, None).message
    step = "; leave that out too, or change it" if without else ""
    return StudyError(f"a study {' and '.join(said)} cannot be: {text}{step}")


def _notes(tree: Mapping[str, Any], left_out: Mapping[KeyPath, str], gone: Mapping[KeyPath, KeyPath]) -> list[str]:
    """What went with each part that is left out, one sentence a cause."""
    causes: dict[KeyPath, list[str]] = {}
    for part, cause in gone.items():
        if not any(is_gone(part, {other}) for other in gone if other != part):
            causes.setdefault(cause, []).append(_named(tree, part))
    return [f"without {_named(tree, cause)}: {', '.join(parts)} left out too" for cause, parts in causes.items()]


def _named(tree: Mapping[str, Any], path: KeyPath) -> str:
    """A part in words: its path, and the name that stands in a list of names."""
    part = at(tree, path)
    name = part.get("name") if isinstance(part, dict) and isinstance(path[-1], int) else None
    if isinstance(part, str) and isinstance(path[-1], int):
        return f"'{part}' in {dotted(path[:-1])}"
    return f"{dotted(path)} ({name})" if name else dotted(path)
