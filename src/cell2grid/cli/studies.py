"""Commands: the studies that ship, copying one to work on, and the schema that editors complete from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cell2grid.cli.output import Json, console, emit, table

studies_app = typer.Typer(invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.add_typer(studies_app, name="studies", help="List the studies that ship, or copy one to work on.")
    app.command(name="schema")(schema)


@studies_app.callback()
def studies(context: typer.Context, as_json: Json = False) -> None:
    """List the studies that ship, or copy one to work on."""
    if context.invoked_subcommand is not None:
        return
    from cell2grid.study.loader import read_study
    from cell2grid.study.shipped import library, shipped_studies

    shipped = {name: read_study(name) for name in shipped_studies()}
    rows = [
        {"name": name, "title": study.title, "start": study.horizon.start, "end": study.horizon.end}
        for name, study in shipped.items()
    ]
    technologies = [
        {"name": name, "kind": file.technology.kind, "title": file.technology.name} for name, file in library().items()
    ]

    def human() -> None:
        columns = {"study": "left", "from": "left", "to": "left", "about": "left"}
        table("Studies that ship", columns, [(row["name"], row["start"], row["end"], row["title"]) for row in rows])
        columns = {"technology": "left", "of": "left", "about": "left"}
        table("Technologies that studies can name", columns, [tuple(row.values()) for row in technologies])
        console().print(
            "run one:  cell2grid run NAME --out DIR    copy one:  cell2grid studies copy NAME DIR", markup=False
        )

    emit({"studies": rows, "technologies": technologies}, as_json, human)


@studies_app.command()
def copy(
    name: Annotated[str, typer.Argument(help="The study, as 'cell2grid studies' lists it.", metavar="NAME")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to copy it to; made where it is missing.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    as_json: Json = False,
) -> None:
    """Copy a study that ships, with its schema and the pages it cites, to a folder."""
    from cell2grid.study.shipped import copy_study

    files = [str(path) for path in copy_study(name, folder, overwrite=force)]

    def human() -> None:
        for file in files:
            console().print(file, markup=False)
        console().print(f"change it, then:  cell2grid run {files[0]} --out DIR", markup=False)

    emit({"study": files[0], "files": files}, as_json, human)


def schema(
    project: Annotated[bool, typer.Option("--project", help="That of a project file, as 'value' takes.")] = False,
    as_json: Json = False,
) -> None:
    """Print the JSON schema of a study file, for editors and other programs."""
    from cell2grid.study.schema import project_schema, study_schema

    document = project_schema() if project else study_schema()
    emit(document, True, lambda: None)
