"""Commands that run one engine on one file: ``line`` on a line file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cell2grid.cli.output import Json, console, emit, table


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("line")(line)


def line(
    file: Annotated[Path, typer.Argument(metavar="LINE.yaml", help="Stations in a row, and the buffers between.")],
    items: Annotated[int | None, typer.Option(help="Items to send through, instead of the file's.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random times, instead of the file's.")] = None,
    as_json: Json = False,
) -> None:
    """How fast a production line runs, and which station holds it back."""
    import math

    from cell2grid.engines import line as engine
    from cell2grid.study.line_file import read_line

    arrays = read_line(file).arrays()
    for name, number in (("items", items), ("seed", seed)):
        if number is not None:
            arrays[name] = number
    solved = engine.solve(arrays)
    names = [str(name) for name in arrays["station"].values]
    high = float(solved["throughput_high"])
    document = {
        "throughput": float(solved["throughput"]),
        "low": float(solved["throughput_low"]),
        "high": high if math.isfinite(high) else None,
        "unit": "item/second",
        "bottleneck": names[int(solved["bottleneck"].values.argmax())],
        "stations": [
            {
                "name": name,
                "mean_seconds": float(arrays["service_mean"][i]),
                **{share: float(solved[share][i]) for share in ("working", "blocked", "starved")},
            }
            for i, name in enumerate(names)
        ],
        "items": int(arrays["items"]),
        "seed": int(arrays["seed"]),
    }
    emit(document, as_json, lambda: _show_line(document))


def _show_line(document: dict[str, Any]) -> None:
    hour = 3600.0
    table(
        f"{document['items']:,} items, seed {document['seed']}",
        {"station": "left", "mean": "right", "working": "right", "blocked": "right", "starved": "right"},
        [
            (
                one["name"],
                f"{one['mean_seconds']:g} s",
                *(f"{one[share]:.1%}" for share in ("working", "blocked", "starved")),
            )
            for one in document["stations"]
        ],
    )
    high = "without an upper bound" if document["high"] is None else f"to {document['high'] * hour:,.2f}"
    console().print(
        f"• {document['throughput'] * hour:,.2f} items leave an hour "
        f"(95 % interval: {document['low'] * hour:,.2f} {high}).",
        markup=False,
    )
    console().print(f"• '{document['bottleneck']}' holds the line back.", markup=False)
