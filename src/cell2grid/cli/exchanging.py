"""Commands that hand results to other programs: ``iamc``, and ``excel`` with the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, console, counted, emit
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.results import Results


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.command()(iamc)


def iamc(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Run folders; NAME=RUN gives a scenario another name.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write: .csv or .xlsx.")],
    model: Annotated[str | None, typer.Option(help="The model's name; cell2grid and its version without it.")] = None,
    months: Annotated[bool, typer.Option("--months", help="Keep months where there are some.")] = False,
    spread: Annotated[bool, typer.Option("--spread", help="Write p10, p50 and p90 as variables, too.")] = False,
    as_json: Json = False,
) -> None:
    """Write run folders as IAMC data, which pyam and scenario explorers read: one scenario a folder."""
    from cell2grid.run.exchange.iamc import iamc_data
    from cell2grid.run.exchange.iamc_file import check_ending, write_iamc
    from cell2grid.version import __version__

    check_ending(out)
    named = f"cell2grid {__version__}" if model is None else model.strip()
    if not named:
        raise InputError("--model is empty; name the model, or leave it out")
    found = {name: iamc_data(results, name, months=months, spread=spread) for name, results in _scenarios(runs).items()}
    rows = [row for data in found.values() for row in data.rows]
    place = write_iamc(rows, out, model=named)
    left = list(dict.fromkeys(pair for data in found.values() for pair in data.left_out))
    document = {
        "out": str(place),
        "model": named,
        "scenarios": list(found),
        "regions": sorted({row.region for row in rows}),
        "years": sorted({row.year for row in rows}),
        "variables": sorted({row.variable for row in rows}),
        "numbers": len(rows),
        "left_out": [{"table": table, "variable": variable} for table, variable in left],
    }
    emit(document, as_json, lambda: _say_iamc(document))


def _scenarios(runs: list[str]) -> dict[str, Results]:
    """Each run folder by the name of its scenario."""
    from cell2grid.results import read_results

    found: dict[str, Results] = {}
    for text in runs:
        name, given, folder = text.partition("=")
        if not given or Path(text).is_dir():
            name, folder = "", text
        results = read_results(Path(folder))
        variant = (results.manifest.get("variant") or {}).get("name")
        scenario = name.strip() or (results.name if variant is None else f"{results.name}.{variant}")
        if scenario in found:
            raise InputError(f"two folders hold the scenario '{scenario}'; name one of them, as in 'other={folder}'")
        found[scenario] = results
    return found


def _say_iamc(document: dict[str, Any]) -> None:
    screen = console()
    head = f"{document['out']}: {counted(document['numbers'], 'number')} of {len(document['variables'])} variables"
    screen.print(f"{head}, {counted(len(document['scenarios']), 'scenario')}", markup=False)
    left: dict[str, list[str]] = {}
    for row in document["left_out"]:
        left.setdefault(row["table"], []).append(row["variable"])
    for table, variables in left.items():
        screen.print(f"• not taken: {table}{'' if variables == ['all'] else ': ' + ', '.join(variables)}", markup=False)
