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
    app.command()(excel)


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


def excel(
    what: Annotated[str, typer.Argument(metavar="RUN|STUDY|BOOK", help="A run folder, a study, or a book of figures.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The file to write.")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="STUDY.yaml", help="Change the figures of this study as BOOK says.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a run or a study's figures as an Excel book, or take changed figures of a book into the study."""
    if into is not None:
        _take_in(Path(what), into, into if out is None else out, as_json=as_json)
        return
    if out is None:
        raise InputError("says no place to write to; give --out BOOK.xlsx, or --into STUDY.yaml for the way back")
    if Path(what).suffix.lower() == ".xlsx":
        raise InputError("is a book; give --into STUDY.yaml with the study that it shall change", where=what)
    from cell2grid.run.exchange.run_book import check_book, run_sheets, write_sheets

    check_book(out)
    if Path(what).is_dir():
        from cell2grid.results import read_results

        sheets = run_sheets(read_results(Path(what)))
    else:
        from cell2grid.run.exchange.figures_book import figures_sheets
        from cell2grid.study.loader import load_study

        sheets = figures_sheets(load_study(what, unfilled=True))
    count = write_sheets(sheets, out)
    document = {"out": str(out.absolute()), "sheets": [sheet.name for sheet in sheets], "rows": count}
    words = f"{document['out']}: {counted(count, 'row')} on {counted(len(sheets), 'sheet')}"
    emit(document, as_json, lambda: console().print(words, markup=False))


def _take_in(book: Path, study: Path, out: Path, *, as_json: bool) -> None:
    """Change the figures of a study file whose text in the book is another."""
    from cell2grid.files import write_whole
    from cell2grid.run.exchange.figures_book import changed_text, changes_in
    from cell2grid.study.loader import load_study
    from cell2grid.study.refusals import dotted

    if not study.is_file():
        raise InputError("is no study file; give one, as in '--into study.yaml'", where=str(study))
    loaded = load_study(study, unfilled=True)
    changes = changes_in(book, loaded)
    text = changed_text(loaded, changes, book)
    if changes or out.absolute() != study.absolute():
        try:
            write_whole(out, text)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}; give --out", where=str(out)) from None
    document = {
        "out": str(out.absolute()),
        "changes": [
            {"path": dotted(row.path), "before": row.before, "after": row.after, "cell": row.cell} for row in changes
        ],
    }
    emit(document, as_json, lambda: _say_changes(document))


def _say_changes(document: dict[str, Any]) -> None:
    screen = console()
    screen.print(f"{document['out']}: {counted(len(document['changes']), 'figure')} changed", markup=False)
    for row in document["changes"]:
        screen.print(f"• {row['path']}: {row['before']} → {row['after']}", markup=False)
