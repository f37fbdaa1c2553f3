"""The command that runs the main job from end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cell2grid.cli.output import Json, console, emit, log, progress

SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("demo")(_demo)


def _demo(
    pages: Annotated[
        list[Path] | None,
        typer.Argument(help="Pages, or folders of them; without any, five briefs that ship.", metavar="PAGES"),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where store, runs and report go.", metavar="DIR")] = Path("cell2grid-demo"),
    members: Annotated[int, typer.Option(min=1, max=100_000, help="Draws of each ensemble.")] = 200,
    as_json: Json = False,
) -> None:
    """From pages to a report: read, check, assemble, run and report in one go."""
    from cell2grid.demo import demo

    made = demo(pages or [], out, stage=progress, members=members)
    for note in made.notes:
        log().print(f"note: {note}", markup=False)
    findings = [{"text": text, "source": source} for text, source in made.findings[:SHOWN]]
    document = {
        "report": str(made.report),
        "store": str(made.store),
        "runs": [str(run) for run in made.runs],
        "findings": findings,
    }

    def show() -> None:
        for number, finding in enumerate(findings, start=1):
            console().print(f"{number}. {finding['text']}", markup=False)
            console().print(f"   {finding['source']}", style="dim", markup=False)
        console().print(f"\nThe report: {made.report}", markup=False)

    emit(document, as_json, show)
