"""Commands: report, a run folder as one page; trace, one result back to the sentences it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cell2grid.cli.output import Json, console, emit, waiting


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.command()(report)
    app.command()(trace)


def report(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR", help="The run folder, or several for one page.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the page goes; by default DIR/report.html.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the report of a run: one self-contained HTML page."""
    from cell2grid.report.findings import findings
    from cell2grid.report.page import write_page
    from cell2grid.results import read_results

    with waiting("report"):
        runs = [read_results(folder, with_arrays=True) for folder in folders]
        page = write_page(runs, out or folders[0] / "report.html")
    found = [{"text": finding.text, "source": finding.source} for finding in findings(*runs)]
    document = {"report": str(page), "runs": [str(folder.absolute()) for folder in folders], "findings": found}
    emit(document, as_json, lambda: typer.echo(str(page)))


def trace(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run folder.")],
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A result: output, npv, output/PLANT, an observation, a counterfactual."),
    ],
    as_json: Json = False,
) -> None:
    """Follow one result back: equation, the study's values, claims, sentences."""
    from cell2grid.report.trace import trace as trace_of
    from cell2grid.report.trace_tree import tree

    found = trace_of(run, name)
    emit(found.document(), as_json, lambda: console().print(tree(found), soft_wrap=False))
