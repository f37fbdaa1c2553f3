"""The command that fills a study with accepted claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cell2grid.cli.output import DEFAULT_STORE, Json, Store, console, emit, log, table
from cell2grid.errors import InputError

Pair = Annotated[
    list[str] | None,
    typer.Option("--choose", metavar="PATH=CLAIM", help="Of claims that disagree about a figure, take this one."),
]
Ranges = Annotated[
    list[str] | None,
    typer.Option("--range", metavar="PATH", help="Of claims that disagree about a figure, take the range they span."),
]

# the colours of a diff, by the first letter of the line
_DIFF = {"+": "green", "-": "red", "@": "cyan"}


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("assemble")(_assemble)


def _assemble(
    study: Annotated[str, typer.Argument(help="A study file, or the name of one that ships.", metavar="STUDY")],
    store: Store = DEFAULT_STORE,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the study; STUDY.assembled.yaml without it.", metavar="FILE")
    ] = None,
    accept_tier: Annotated[
        str | None, typer.Option(metavar="A", help="Take claims of this tier that nobody has reviewed, too.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="The store as it was known on this day or time (ISO).")] = None,
    choose: Pair = None,
    ranges: Ranges = None,
    as_json: Json = False,
) -> None:
    """Fill a study with accepted claims; show what changed, and which figures no claim backs."""
    from cell2grid.assemble.filling import assemble_study, write_assembled
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.study.loader import load_study

    if accept_tier not in (None, "A"):
        raise InputError(f"--accept-tier {accept_tier}: only tier A, every slot in one sentence, goes unreviewed")
    loaded = load_study(study, unfilled=True)
    with open_store(store) as claims:
        accepted, same = claims.accepted(tier=accept_tier, as_of=as_of), claims.identities(as_of=as_of).same
    assembly = assemble_study(loaded, accepted, choose=_pairs(choose or []), ranges=ranges or [], same=same)
    place = out or Path(f"{loaded.path.stem.removesuffix('.assembled')}.assembled.yaml")
    write_assembled(assembly, loaded, place, Path(store))
    if not accepted:
        log().print(
            f"no claim in {store} is accepted; 'cell2grid review' accepts them, or --accept-tier A",
            markup=False,
            soft_wrap=True,
        )
    document = {
        "study": loaded.study.study,
        "out": str(place.resolve()),
        "filled": [_row(change) for change in assembly.changes],
        "gaps": [_row(gap) for gap in assembly.gaps],
        "diff": assembly.diff,
    }
    emit(document, as_json, lambda: _show(document, store))


def _pairs(choices: list[str]) -> dict[str, str]:
    pairs = dict(choice.partition("=")[::2] for choice in choices)
    for path, claim in pairs.items():
        if not claim:
            raise InputError(f"--choose {path}: write PATH=CLAIM, as in plants.my-plant.capacity=8f3a")
    return pairs


def _row(record: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(record).items()}


def _show(document: dict[str, Any], store: str) -> None:
    from rich.text import Text

    for line in document["diff"].splitlines():
        console().print(Text(line, style=_DIFF.get(line[:1], "")))
    if document["gaps"]:
        rows = [(gap["path"], gap["reason"]) for gap in document["gaps"]]
        table("Figures that no accepted claim backs", {"figure": "left", "why": "left"}, rows)
    console().print(f"{len(document['filled'])} figures filled, {len(document['gaps'])} not", markup=False)
    console().print(document["out"], markup=False)
    # a study with a figure left open does not run
    waits = any(gap["reason"].startswith("still to be filled") for gap in document["gaps"])
    step = f"review --store {store}" if waits else f"run {document['out']}"
    console().print(f"next: cell2grid {step}", markup=False)
