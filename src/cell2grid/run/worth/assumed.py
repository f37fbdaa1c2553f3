"""What a valuation rests on, each with its source: figures, prices, cells, the technology, and what was chosen.

A figure of the technology that the project says itself, or that its cells take the place of, is not among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from cell2grid.study.asset_file import ColumnOf
from cell2grid.study.project_file import OfStudy
from cell2grid.study.quantity import Day, Frozen, Quantity, figures
from cell2grid.study.shipped import library
from cell2grid.study.wear import TemperatureColumn

if TYPE_CHECKING:
    from cell2grid.run.worth.terms import Subject

WRITTEN, UNWRITTEN = "a choice of the project file", "what holds where nothing is written"
_MOST_LABELS = 6
# text that says how something is counted; other text names it
_SAYS_HOW = ("depreciation",)


def assumptions(subject: Subject) -> list[dict[str, Any]]:
    """Every figure and choice that a valuation rests on: its ``figure``, its ``text`` and its ``sources`` in words."""
    project = subject.project
    rows = [_row(path, figure.text, _named(figure, project.sources)) for path, figure in figures(project)]
    rows += [_row(*part) for part in _choices(project, ())]
    return [*rows, *_prices(subject), *_cells(subject), *_technology(subject)]


def _row(path: tuple[str | int, ...], text: str, sources: list[str]) -> dict[str, Any]:
    return {"figure": ".".join(map(str, path)), "text": text, "sources": sources}


def _named(figure: Quantity | Day, sources: Mapping[str, Any]) -> list[str]:
    """The sources of a figure in words: of a document its title, publisher and date."""
    said = []
    for one in figure.sources:
        known = sources.get(one.source) if one.source is not None else None
        said.append(str(one) if known is None else f"{known.title}, {known.publisher}, {known.date}")
    return said


def _choices(part: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, list[str]]]:
    """What is chosen from a few ways, read from a file or taken from a study, written or not."""
    if isinstance(part, tuple):
        for place, one in enumerate(part):
            yield from _choices(one, (*path, place))
    elif isinstance(part, (ColumnOf, TemperatureColumn)):
        yield path, f"column {part.column}", [f"file {part.file}"]
    elif isinstance(part, OfStudy):
        yield path, f"deliveries of {part.project}", [f"study {part.study}"]
    elif isinstance(part, Frozen) and not isinstance(part, (Quantity, Day)):
        for name, info in type(part).model_fields.items():
            value, said = getattr(part, name), WRITTEN if name in part.model_fields_set else UNWRITTEN
            if value is None:
                continue
            if isinstance(value, bool):
                yield (*path, name), "yes" if value else "no", [said]
            elif name in _SAYS_HOW or _is_one_of(info.annotation):
                yield (*path, name), str(value), [said]
            else:
                yield from _choices(value, (*path, name))


def _is_one_of(annotation: Any) -> bool:
    """Whether one of a few words belongs there."""
    return get_origin(annotation) is Literal or any(get_origin(one) is Literal for one in get_args(annotation))


def _prices(subject: Subject) -> Iterator[dict[str, Any]]:
    labels = [year.label for year in subject.prices.years]
    more = [] if len(labels) <= _MOST_LABELS else [f"{len(labels) - _MOST_LABELS} more"]
    count = f"{len(labels)} price year{'s' if len(labels) > 1 else ''}"
    yield _row(
        ("prices",),
        count,
        ["synthetic: no market's" if subject.prices.synthetic else "; ".join([*labels[:_MOST_LABELS], *more])],
    )


def _cells(subject: Subject) -> Iterator[dict[str, Any]]:
    ageing, cells = subject.project.ageing, subject.cells
    if ageing is None or cells is None:
        return
    yield _row(("ageing", "cells"), ageing.cells, [f"{cells.paper}: {cells.title}, https://doi.org/{cells.doi}"])
    if ageing.temperature is None:
        yield _row(("ageing", "temperature"), "25 degC", [UNWRITTEN])


def _technology(subject: Subject) -> Iterator[dict[str, Any]]:
    """The figures of the technology that stand."""
    project, technology = subject.project, subject.technology
    if technology is None or project.technology is None:
        return
    sources = library()[project.technology].sources
    for path, figure in figures(technology):
        name = str(path[0])
        of_cells = name == "fade" and subject.cells is not None
        if not of_cells and all(getattr(project, key, None) is None for key in (name, f"{name}_by_power")):
            yield _row(("technology", *path), figure.text, _named(figure, sources))
