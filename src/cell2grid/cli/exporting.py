"""The ``export`` command: accepted claims as Parquet, as linked data, and stakes as ownership statements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from cell2grid.evidence.exports.exporting import Exported

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(export)


def export(
    to: Annotated[
        Path, typer.Option("--to", help="A folder, or a file in .parquet, .jsonld or .bods.json.", metavar="PATH")
    ],
    store: Store = DEFAULT_STORE,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="A snapshot that is named by the hash of its rows.")
    ] = False,
    json_ld: Annotated[bool, typer.Option("--json-ld", help="Claims and reviews as linked data.")] = False,
    bods: Annotated[bool, typer.Option("--bods", help="Stakes as BODS 0.4 statements.")] = False,
    status: Annotated[
        str, typer.Option(help="Claims of this status: accepted, open, rejected, standing, all and so on.")
    ] = "accepted",
    accept_tier: Annotated[
        str | None, typer.Option(metavar="A", help="Take claims of this tier that nobody has reviewed, too.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="The store as it was known on this day or time (ISO).")] = None,
    as_json: Json = False,
) -> None:
    """Write claims to files that others read: Parquet, JSON-LD, BODS; by default all three of what is accepted."""
    from cell2grid.evidence.exports import exporting
    from cell2grid.evidence.keeping.store import open_store

    if accept_tier not in (None, "A", "a"):
        raise EvidenceError(
            f"--accept-tier '{accept_tier}' is refused: only tier A says every slot in one sentence; use A"
        )
    asked = {"parquet": parquet, "json-ld": json_ld, "bods": bods}
    formats = [name for name, wanted in asked.items() if wanted]
    tier = None if accept_tier is None else "A"
    with open_store(store) as opened:
        exported = exporting.export(opened, to, formats, status=status, tier=tier, as_of=as_of)
        if not any(file.count for file in exported.files):
            _say_nothing(opened.count(status="open", limit=1) > 0, store)
    output.emit(_document(exported), as_json, lambda: _say(exported))


def _say_nothing(waiting: bool, store: str) -> None:
    step = f"'cell2grid review --store {store}' accepts claims, or --accept-tier A" if waiting else "read pages first"
    output.log().print(f"nothing to export: no claim fits; {step}", markup=False, soft_wrap=True)


def _document(exported: Exported) -> dict[str, Any]:
    return {
        "files": [
            {
                "format": each.format,
                "path": str(each.path.resolve()),
                "count": each.count,
                "rows_sha256": each.rows_sha256,
            }
            for each in exported.files
        ],
        "left_out": [{"claim": each.claim, "reason": each.reason} for each in exported.left_out],
    }


def _say(exported: Exported) -> None:
    screen = output.console()
    for each in exported.files:
        noun = "statement" if each.format == "bods" else "claim"
        screen.print(f"{each.format:<8} {output.counted(each.count, noun):>18}  {each.path}", markup=False)
    for left in exported.left_out[:_SHOWN]:
        screen.print(f"left out of the statements: {left.claim[:8]}, {left.reason}", markup=False)
    if len(exported.left_out) > _SHOWN:
        screen.print(f"and {len(exported.left_out) - _SHOWN:,} more; --json names all", markup=False)
