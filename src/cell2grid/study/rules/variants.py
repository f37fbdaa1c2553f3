"""Rules on variants: what they leave out and change is in the study, and what is left is a study.

Each variant is made as its run would make it (``study/edits``), so that a file that loads has none that cannot be run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cell2grid.errors import StudyError
from cell2grid.study.refusals import Problem

if TYPE_CHECKING:
    from cell2grid.study.model import Study, Variant
    from cell2grid.study.yaml_tree import KeyPath

MOST_VARIANTS = 200  # each is checked as a study of its own
MOST_CHANGES = 1000


def variants_can_be(study: Study) -> Iterator[Problem]:
    """Each variant says something that differs, by paths that there are, and leaves a study that can be run."""
    if len(study.variants) > MOST_VARIANTS:
        text = f"{len(study.variants):,} variants, the most is {MOST_VARIANTS}; write another study file"
        yield Problem(("variants",), text, key=True)
        return
    for name, variant in study.variants.items():
        yield from _of_variant(study, ("variants", name), variant)


def streams_name_figures(study: Study) -> Iterator[Problem]:
    """What a variant's run wrote of its draws is of rows that the study has."""
    from cell2grid.study.quantity import figures
    from cell2grid.study.refusals import dotted, near

    if study.streams is None:
        return
    rows = {dotted(path[:-1]) for path, _ in figures(study)}
    for row in study.streams.rows:
        if row not in rows:
            yield Problem(("streams", "rows", row), f"'{row}' is no row of the study; {near(row, rows, what='rows')}")


def _of_variant(study: Study, path: KeyPath, variant: Variant) -> Iterator[Problem]:
    from cell2grid.study.edits.editing import edited

    if not variant.without and not variant.change:
        yield Problem(path, "says nothing that is different; write 'without' or 'change'")
        return
    if len(variant.without) + len(variant.change) > MOST_CHANGES:
        yield Problem(path, f"leaves out and changes more than {MOST_CHANGES:,} parts; write another study file")
        return
    single = list(_alone(study, path, variant.without, variant.change))
    yield from single
    if single:
        return
    try:
        edited(study, without=variant.without, change=variant.change, unfilled=True)
    except StudyError as error:
        yield Problem(path, str(error))


def _alone(study: Study, path: KeyPath, without: tuple[str, ...], change: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with a path by itself, at the place of the path."""
    from cell2grid.study.edits.paths import part_at, place_for

    tree = study.model_dump(by_alias=True, exclude_none=True)
    for number, text in enumerate(without):
        try:
            part_at(tree, text)
        except StudyError as error:
            yield Problem((*path, "without", number), str(error))
    for text in change:
        try:
            place_for(tree, text)
        except StudyError as error:
            yield Problem((*path, "change", text), str(error), key=True)
