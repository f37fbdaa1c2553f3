"""Command: the parameter sets by which cells age, and what a daily cycle leaves of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, console, emit, table

if TYPE_CHECKING:
    from cell2grid.study.cell_file import CellFile

_DAY = (0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0)  # four hours up, one full, four down, and rest
_HOURS = (1.0,) * 9 + (15.0,)
_UNITS = {
    "temperature": " degC",
    "depth": "",
    "level": "",
    "charge_rate": " 1/hour",
    "discharge_rate": " 1/hour",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("cells")(cells)


def cells(
    name: Annotated[str | None, typer.Argument(help="A set, to see all of it.", metavar="NAME")] = None,
    years: Annotated[int, typer.Option(help="Years of the example: one full cycle a day.")] = 20,
    temperature: Annotated[float, typer.Option(help="Temperature of the cells in the example, in degC.")] = 25.0,
    as_json: Json = False,
) -> None:
    """List the cells whose ageing is published, or show one set with its sources, ranges and an example life."""
    from cell2grid.study.cell_file import cell_set, cell_sets

    if name is None:
        documents = [{"name": key, **_said(file)} for key, file in cell_sets().items()]
        emit({"cells": documents}, as_json, lambda: _list(documents))
        return
    file = cell_set(name)
    document = {
        "name": name,
        **_said(file),
        "parameters": dict(file.cells.parameters),
        "tables": {key: list(values) for key, values in file.cells.tables.items()},
        "sources": {key: source.model_dump(exclude_none=True) for key, source in file.sources.items()},
        "example": _example(name, years, temperature),
    }
    emit(document, as_json, lambda: _show(document))


def _said(file: CellFile) -> dict[str, Any]:
    found = file.cells
    return {
        "title": found.title,
        "chemistry": found.chemistry,
        "cell": found.cell,
        "paper": found.paper,
        "doi": found.doi,
        "law": found.law,
        "fitted": {key: list(ends) for key, ends in found.ranges.items()},
        "limits": list(found.limits),
    }


def _example(name: str, years: int, temperature: float) -> dict[str, Any]:
    """A full cycle on each day, as shares of what is left."""
    from cell2grid.run.life.cells import state_of_health

    aged = state_of_health(_DAY, _HOURS, cells=name, years=years, temperature=temperature)
    rows = []
    for i, year in enumerate(aged["year"].values.tolist()):
        row = {key: float(aged[key][i]) for key in map(str, aged.data_vars)}
        rows.append({"year": year, **{key: None if math.isnan(value) else value for key, value in row.items()}})
    return {"temperature": temperature, "cycles_per_day": 1, "years": rows, "notes": list(aged.attrs["notes"])}


def _list(documents: list[dict[str, Any]]) -> None:
    columns = {"cells": "left", "of": "left", "degC": "left", "depth": "left", "paper": "left", "about": "left"}
    rows = [
        (
            one["name"],
            one["chemistry"],
            _range(one["fitted"].get("temperature")),
            _range(one["fitted"].get("depth")),
            f"{one['paper']}, doi {one['doi']}",
            one["title"],
        )
        for one in documents
    ]
    table("Cells whose ageing is published", columns, rows)
    console().print("see one:  cell2grid cells NAME", markup=False)


def _range(ends: list[float] | None) -> str:
    return "" if ends is None else f"{ends[0]:g} to {ends[1]:g}"


def _show(document: dict[str, Any]) -> None:
    say = console().print
    say(f"{document['title']} ({document['chemistry']}): {document['cell']}", markup=False)
    fitted = [
        (key.replace("_", " "), f"{_range(ends)}{_UNITS.get(key, '')}") for key, ends in document["fitted"].items()
    ]
    table(f"Ranges fitted by {document['paper']}", {"of": "left", "range": "left"}, fitted)
    table(
        f"Parameters of the law '{document['law']}'",
        {"parameter": "left", "value": "right"},
        [(key, f"{value:g}") for key, value in document["parameters"].items()],
    )
    for limit in document["limits"]:
        say(f"• {limit}", markup=False)
    for key, source in document["sources"].items():
        say(
            f"[{key}] {source['title']}. {source['publisher']}, {source['date']}. {source.get('url', '')}", markup=False
        )
    example = document["example"]
    table(
        f"One full cycle a day at {example['temperature']:g} degC",
        {"year": "right", "state of health": "right", "by time": "right", "by use": "right", "resistance": "right"},
        [
            (
                row["year"],
                f"{row['state_of_health']:.1%}",
                f"{row['calendar_loss']:.2%}",
                f"{row['cycle_loss']:.2%}",
                "" if row["resistance"] is None else f"{row['resistance']:.2f}",
            )
            for row in example["years"]
        ],
    )
    for note in example["notes"]:
        say(f"• {note}", markup=False)
