"""A study with parts left out or figures changed, drawn as before in all that it shares with the study.

The study that is left is made and checked in ``cell2grid.study.edits``. Here its lists keep the names by which their
rows are drawn, and its members stay where they are in the ranges of all figures together, so that the difference
between the two is that of what is different and not of other draws (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cell2grid.errors import StudyError
from cell2grid.run.drawn.sampling import correlations_by_stream, drawn_streams
from cell2grid.run.inputs.streams import own_row_names, row_names
from cell2grid.study.edits.editing import Edited, edited
from cell2grid.study.quantity import figures
from cell2grid.study.refusals import dotted, near
from cell2grid.study.varying import Streams

if TYPE_CHECKING:
    from cell2grid.study.model import Study


@dataclass(frozen=True, slots=True)
class Variation:
    """A study with something different: the study that is left, what was asked, and what went with it."""

    study: Study
    title: str | None
    without: tuple[str, ...]
    change: Mapping[str, str]
    notes: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """What a manifest says of it."""
        return {
            "title": self.title,
            "without": list(self.without),
            "change": dict(self.change),
            "notes": list(self.notes),
        }


def varied(study: Study, *, without: Sequence[str] = (), change: Mapping[str, str] | None = None) -> Study:
    """The study without some parts and with other figures, drawn as before.

    Parameters
    ----------
    without
        Paths of parts: 'plants.NAME', 'firms.NAME' (with all its plants), 'duties.NAME' or 'duties.0', 'shocks.NAME',
        'competition.price_war', and whatever else a study names.
    change
        Texts by path, as they would be written in the study file: 'plants.north.capacity': '5000 system/year [page]'.

    Raises
    ------
    StudyError
        A path meets nothing; a text cannot stand at its path; something that is left still needs what is left out.

    >>> from cell2grid.study.loader import load_study
    >>> study = varied(load_study("giga-shanghai-2022").study, without=["shocks.lockdown-stop"])
    >>> "lockdown-stop" in study.shocks
    False
    """
    return variation(study, without=without, change=change).study


def variation(
    study: Study,
    *,
    without: Sequence[str] = (),
    change: Mapping[str, str] | None = None,
    title: str | None = None,
) -> Variation:
    """As ``varied``, with what went with what was left out.

    Raises
    ------
    StudyError
        As of ``varied``.
    """
    found = edited(study, without=without, change=change)
    return Variation(_drawn_as(study, found), title, tuple(dict.fromkeys(without)), dict(change or {}), found.notes)


def variant(study: Study, name: str) -> Variation:
    """The variant that the study file describes under a name.

    Raises
    ------
    StudyError
        The study has no such variant, or it cannot be.
    """
    if name not in study.variants:
        raise StudyError(
            f"study '{study.study}' has no variant '{name}'; {near(name, study.variants, what='variants')}"
        )
    row = study.variants[name]
    return variation(study, without=row.without, change=row.change, title=row.title)


def on_common_draws(one: Study, other: Study) -> tuple[Study, Study]:
    """Two studies whose members lie alike in the ranges of all figures of both, where these are drawn together.

    >>> from cell2grid.study.loader import load_study
    >>> study = load_study("giga-shanghai-2022").study
    >>> on_common_draws(study, study) == (study, study)
    True
    """
    if one.sampling == "random" or one.sampling != other.sampling:
        return one, other
    first, second = drawn_streams(one), drawn_streams(other)
    longer, shorter = (second, first) if set(first) <= set(second) else (first, second)
    held = (*longer, *(name for name in shorter if name not in longer))
    found = []
    for study, own in ((one, first), (other, second)):
        streams = (study.streams or Streams()).changed(dimensions=held)
        found.append(study if own == held else study.changed(streams=streams))
    return found[0], found[1]


def _drawn_as(study: Study, found: Edited) -> Study:
    """The study that is left, its figures drawn by the names and in the places that they have in the study."""
    left = found.study.changed(streams=None)
    rows = _kept_rows(study, left, found)
    held = drawn_streams(study) if study.sampling != "random" else ()
    named = left.changed(streams=Streams(rows=rows)) if rows else left
    every = correlations_by_stream(study)
    went = [path[1] for path in found.went if path[0] == "correlations" and len(path) == 2]
    correlations = (*(every[int(row)] for row in went), *every[len(study.correlations) :])
    dimensions = held if held and held != drawn_streams(named) else ()
    if not (rows or dimensions or correlations):
        return left
    return left.changed(streams=Streams(rows=rows, dimensions=dimensions, correlations=correlations))


def _kept_rows(study: Study, left: Study, found: Edited) -> dict[str, str]:
    """The names by which rows were drawn in the study, where what they say or their place would give others now."""
    before, own = row_names(study), own_row_names(left)
    now = {dotted(path[:-1]): path[:-1] for path, _ in figures(left) if any(isinstance(part, int) for part in path)}
    kept: dict[str, str] = {}
    taken: set[str] = set()
    new: list[str] = []
    for words, path in now.items():
        old = found.before(path)
        if old is None:
            new.append(words)
            continue
        name = before.get(dotted(old), dotted(old))
        taken.add(name)
        if name != own.get(words, words):
            kept[words] = name
    for words in new:
        # a new row that says the same as another is not drawn as that one
        name, turn = own.get(words, words), 1
        while name in taken:
            turn += 1
            name = f"{own.get(words, words)} ({turn})"
        taken.add(name)
        if name != own.get(words, words):
            kept[words] = name
    return kept
