"""A study with the values of accepted claims written into its own text, a diff of it, and the gaps that are left.

Comments and order of the file stay as they are: each figure is replaced where it stands. Which claim fits which figure
is ``matching.py``.
"""

from __future__ import annotations

import difflib
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cell2grid.assemble.matching import Match, Same, interval, matches
from cell2grid.assemble.slots import Slot, slots
from cell2grid.errors import EvidenceError, StudyError
from cell2grid.evidence.records import Claim
from cell2grid.files import write_whole
from cell2grid.study.loader import LoadedStudy, parse_study
from cell2grid.study.yaml_tree import KeyPath, parse_tree
from cell2grid.units import convert


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that claims filled or backed: its path, what stood there and what stands there now."""

    path: str
    before: str
    after: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """One figure that no accepted claim backs, and what backs it instead."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Accepted claims, or a claim and the study's own sourced figure, that leave no value that all allow."""

    path: str
    claims: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Assembly:
    """The text of the filled study, what changed in it, what no claim backs, and the conflicts left as they were."""

    text: str
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...]
    conflicts: tuple[Conflict, ...]
    diff: str


def assemble_study(
    loaded: LoadedStudy,
    claims: Sequence[Claim],
    *,
    choose: Mapping[str, str] | None = None,
    ranges: Iterable[str] = (),
    keep_conflicts: bool = False,
    same: Same = lambda _: (),
) -> Assembly:
    """The study with its figures filled from ``claims``, each figure naming the claims that state it.

    Parameters
    ----------
    loaded
        The study, read with ``unfilled=True``.
    claims
        The claims that may reach a study.
    choose
        The claim to take for a figure where several disagree: ``{path: claim id}``.
    ranges
        Paths for which the range that several claims span is taken.
    keep_conflicts
        Leave a figure as it is where claims disagree, and list the conflict, instead of stopping.
    same
        The other names of what a claim calls by one name, as ``Store.identities().same``.

    Raises
    ------
    EvidenceError
        Two claims, or a claim and the study's own sourced figure, disagree, and neither ``choose`` nor ``ranges``
        says what to take; or a choice names a figure or claim that there is not.
    """
    found = {match.slot.path: match for match in matches(slots(loaded.study), claims, same)}
    found = _chosen(found, choose or {})
    spanned = set(ranges)
    for path in spanned - set(found):
        raise EvidenceError(_no_fit(path, found))
    settled = {*spanned, *(choose or {})}
    conflicts = tuple(_conflict(match) for path, match in found.items() if match.conflict and path not in settled)
    if conflicts and not keep_conflicts:
        raise EvidenceError("\n".join(conflict.words for conflict in conflicts))
    left = {conflict.path for conflict in conflicts}
    edits, changes = {}, []
    for path, match in found.items():
        key = _key_path(path)
        if path in left or match.slot.figure is None or loaded.tree.marks[key].repeated:
            continue
        after = _figure(match, spanned=path in spanned)
        edits[key] = after
        claim_ids = tuple(claim.id for claim in match.claims)
        changes.append(Change(path, str(match.slot.figure), after, claim_ids))
    text = _replaced(loaded, edits)
    gaps = tuple(_gaps(slots(loaded.study), {change.path for change in changes}))
    return Assembly(text, tuple(changes), gaps, conflicts, _diff(loaded, text))


def write_assembled(assembly: Assembly, loaded: LoadedStudy, place: Path, store: Path) -> Path:
    """Where the filled study was written, beside and then renamed; it names the store of its claims.

    Raises
    ------
    StudyError
        The filled study breaks a rule, as when claimed stakes add to more than 100 %, or its place cannot be
        written: nothing is written then.
    """
    text = assembly.text
    if assembly.changes:
        text = _with_store(loaded, text, Path(os.path.relpath(store.resolve(), place.resolve().parent)).as_posix())
    parse_study(text, name=str(place), unfilled=True)
    try:
        return write_whole(place, text)
    except OSError as error:
        raise StudyError(
            f"cannot be written: {error.strerror or error}; give another --out", where=str(place)
        ) from None


def _with_store(loaded: LoadedStudy, text: str, store: str) -> str:
    tree = parse_tree(text, name=loaded.tree.name)
    line = f"store: {json.dumps(store)}"
    if ("store",) in tree.marks:
        mark, key = tree.marks[("store",)], tree.keys[("store",)]
        return f"{text[: key.start]}{line}{text[mark.end :]}"
    end = tree.marks[("study",)].end
    # a study in flow style, {study: name, …}, has no line to put the store on
    flow = text[tree.marks[()].start] == "{"
    return f"{text[:end]}, {line}{text[end:]}" if flow else f"{text[:end]}\n{line}{text[end:]}"


def _no_fit(path: str, found: Iterable[str]) -> str:
    return f"no claim fits '{path}'; the figures that claims fit are {', '.join(found) or 'none'}"


def _chosen(found: Mapping[str, Match], choose: Mapping[str, str]) -> dict[str, Match]:
    chosen = dict(found)
    for path, wanted in choose.items():
        if path not in found:
            raise EvidenceError(_no_fit(path, found))
        named = tuple(claim for claim in found[path].claims if claim.id.startswith(wanted))
        if len(named) != 1:
            listed = ", ".join(claim.id for claim in found[path].claims)
            raise EvidenceError(f"'{wanted}' names {len(named)} of the claims for '{path}'; choose one of {listed}")
        chosen[path] = Match(found[path].slot, named)
    return chosen


def _conflict(match: Match) -> Conflict:
    path = match.slot.path
    lowest = min(match.claims, key=lambda claim: interval(claim, match.slot.unit))
    highest = max(match.claims, key=lambda claim: interval(claim, match.slot.unit))
    said = [f"claim {claim.id} says {claim.value_text!r}" for claim in dict.fromkeys((lowest, highest))]
    if match.slot.sourced is not None:
        said.append(f"the study says {match.slot.figure}")
    way_out = f"--choose {path}={lowest.id} takes one claim, --range {path} the range of all claims"
    return Conflict(path, tuple(claim.id for claim in match.claims), f"{path}: {' and '.join(said)}; {way_out}")


def _figure(match: Match, *, spanned: bool) -> str:
    """The figure as the study writes it: the claimed value in the claim's own unit, and the claims as its sources."""
    best = match.claims[0]
    if spanned:
        # the numbers as they are printed: half a digit either way says when two agree, and is no finding of a page
        ends = [
            convert(end, claim.unit, best.unit)
            for claim in match.claims
            for end in (claim.low, claim.value, claim.high)
            if end is not None and math.isfinite(end)
        ]
        value = f"{_number(min(ends))} .. {_number(max(ends))}"
    elif best.value is not None:
        value = _number(best.value)
    else:
        value = f"{_number(best.low or 0.0)} .. {_number(best.high or 0.0)}"
    sources = "; ".join(f"claim {claim.id}" for claim in match.claims)
    return f"{value} {best.unit} [{sources}]"


def _number(value: float) -> str:
    text = f"{value:.12g}"
    return f"{value:.0f}" if "e" in text and abs(value) >= 1 else text


def _replaced(loaded: LoadedStudy, edits: Mapping[KeyPath, str]) -> str:
    text = loaded.tree.text
    for key, after in sorted(edits.items(), key=lambda edit: loaded.tree.marks[edit[0]].start, reverse=True):
        mark = loaded.tree.marks[key]
        text = f'{text[: mark.start]}"{after}"{text[mark.end :]}'
    return text


def _gaps(places: Iterable[Slot], backed: set[str]) -> Iterable[Gap]:
    for slot in places:
        if slot.path in backed or slot.confirms:
            continue
        if slot.figure is None:
            yield Gap(slot.path, f"not in the study; write '? {slot.unit}' to have it filled")
        elif slot.figure.unfilled:
            yield Gap(slot.path, "still to be filled, and no accepted claim fits")
        else:
            said = "; ".join(str(reference) for reference in slot.figure.sources)
            yield Gap(slot.path, f"no accepted claim fits; the study says {slot.figure.text} [{said}]")


def _key_path(path: str) -> KeyPath:
    return tuple(int(part) if part.isdigit() else part for part in path.split("."))


def _diff(loaded: LoadedStudy, text: str) -> str:
    before, after = loaded.tree.text.splitlines(keepends=True), text.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, after, loaded.tree.name, f"{loaded.tree.name} (assembled)", n=1))
