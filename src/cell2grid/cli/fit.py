"""Commands: fit (unknown figures to reported ones) and tornado (which figures a result of markets hangs on)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, bars, console, counted, emit, table
from cell2grid.errors import InputError, StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

Named = Annotated[str, typer.Argument(help="A study file, or the name of one that ships.", metavar="STUDY")]
MOST_BARS = 20


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.command("fit")(fit)
    app.command("tornado")(tornado)


def fit(
    study: Named,
    out: Annotated[
        Path | None, typer.Option(help="Write the study with the fitted figures put in.", metavar="FILE.yaml")
    ] = None,
    members: Annotated[
        int | None, typer.Option("--members", help="Draws of the unknowns and all other ranges; 0 for none.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the draws.")] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", help="Fit this variant of the study instead.", metavar="NAME")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fit a study's unknown figures to what was reported, and say what that tells and what it leaves open."""
    from cell2grid.files import write_whole
    from cell2grid.run.fitted import fit_document, fit_of, with_fitted
    from cell2grid.run.varied import variant as variant_of
    from cell2grid.study.loader import load_study

    if variant is not None and out is not None:
        raise InputError("--out writes into the study's own text, and a variant has none; leave one of the two out")
    loaded = load_study(study)
    asked = loaded.study if variant is None else variant_of(loaded.study, variant).study
    with bars() as on_progress:
        fitted = fit_of(asked, members=members, seed=seed, on_progress=on_progress)
    document = fit_document(fitted)
    document |= {"variant": variant, "out": None}
    if out is not None:
        text = with_fitted(fitted, loaded)
        try:
            document["out"] = str(write_whole(out, text))
        except OSError as error:
            raise StudyError(
                f"cannot be written: {error.strerror or error}; give another --out", where=str(out)
            ) from None
    emit(document, as_json, lambda: _show(document))


def tornado(
    study: Named,
    of: Annotated[
        list[str],
        typer.Option("--of", help="What is looked at; may be repeated.", metavar="VARIABLE:NAME[:TERM]"),
    ],
    swing: Annotated[
        float | None, typer.Option(help="Move every figure without a range by this part, too.", metavar="PERCENT")
    ] = None,
    as_json: Json = False,
) -> None:
    """Which figures a price, share, profit or utilisation of a study's markets hangs on, each moved alone."""
    from cell2grid.run.fitted.tornado import LARGEST_SWING, market_tornado, wanted_of
    from cell2grid.study.loader import load_study

    largest = 100.0 * LARGEST_SWING
    if swing is not None and not 0.0 < swing <= largest:
        raise InputError(f"--swing is {swing:g}, expected above 0 to {largest:g} percent; write 10 for a tenth")
    loaded = load_study(study).study
    found = [
        market_tornado(loaded, wanted_of(loaded, text), swing=None if swing is None else swing / 100.0)
        for text in dict.fromkeys(of)
    ]
    keys = ("figure", "text", "unit", "low", "high", "at_low", "at_high", "swung")
    document = {
        "study": loaded.study,
        "tornados": [
            {
                "result": str(one.wanted),
                "unit": one.unit,
                "middle": one.middle,
                "swing": one.swing,
                "bars": [{key: _plain(getattr(bar, key)) for key in keys} for bar in one.bars],
                "notes": list(one.notes),
            }
            for one in found
        ],
    }
    emit(document, as_json, lambda: _show_tornado(document))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value


def _show(document: Mapping[str, Any]) -> None:
    table(
        f"What the reports take the unknowns of {document['study']} to be",
        {"figure": "left", "written": "right", "fitted": "right", "95 %": "right", "drawn": "right", "unit": "left"},
        [
            (
                row["title"],
                _number(row["written"]),
                _number(row["value"]),
                _interval(row),
                _between(row["p2_5"], row["p97_5"]),
                row["unit"],
            )
            for row in document["unknowns"]
        ],
    )
    for used, title in ((True, "What it was fitted to"), (False, "What was held out")):
        rows = [row for row in document["observations"] if row["used"] is used]
        if rows:
            _say_observations(title, rows)
    _say_told(document)
    for line in (*document["findings"], *document["notes"]):
        console().print(f"• {line}", markup=False)
    if document["out"] is not None:
        console().print(f"{document['out']}\nnext: cell2grid run {document['out']}", markup=False)


def _say_observations(title: str, rows: list[Mapping[str, Any]]) -> None:
    columns = {"what": "left", "reported": "right", "as written": "right", "fitted": "right", "residual": "right"}
    if rows[0]["used"]:
        columns["in deviations"] = "right"
    columns |= {"would be reported, 95 %": "right", "unit": "left"}
    if not rows[0]["used"]:
        columns["inside"] = "left"
    body = []
    for row in rows:
        cells = [row["name"], *(_number(row[key]) for key in ("observed", "as_written", "modelled", "residual"))]
        cells += [_number(row["in_deviations"])] if row["used"] else []
        cells += [_between(row["p2_5"], row["p97_5"]), row["unit"]]
        cells += [] if row["used"] else [{True: "yes", False: "no", None: "–"}[row["inside_95"]]]
        body.append(tuple(cells))
    table(title, columns, body)


def _say_told(document: Mapping[str, Any]) -> None:
    told, good = document["identifiability"], document["goodness"]
    sizes = ", ".join(_number(size) for size in told["singular"])
    console().print(
        f"{counted(told['unknowns'], 'unknown')}, of which what was reported tells {told['told']}"
        f" (standard deviations for the whole range: {sizes})",
        markup=False,
    )
    free = counted(max(good["degrees"], 0), "degree")
    tested = "no test" if good["p_value"] is None else f"p = {good['p_value']:.2g}"
    console().print(
        f"sum of squares {_number(round(good['with_priors'], 6))} at {free} of freedom: {tested};"
        f" {document['agreeing']} of {counted(document['starts'], 'start')} came to the same place",
        markup=False,
    )


def _show_tornado(document: Mapping[str, Any]) -> None:
    for one in document["tornados"]:
        moving = [bar for bar in one["bars"] if bar["at_low"] != one["middle"] or bar["at_high"] != one["middle"]]
        table(
            f"{one['result']}: {_number(one['middle'])} {one['unit']} with every figure at its middle",
            {"figure": "left", "low": "right", "high": "right", "unit": "left", "at low": "right", "at high": "right"},
            [
                (bar["figure"], low, high, bar["unit"], at_low, at_high)
                for bar in moving[:MOST_BARS]
                for low, high, at_low, at_high in [[_number(bar[key]) for key in ("low", "high", "at_low", "at_high")]]
            ],
        )
        if len(moving) > MOST_BARS:
            console().print(f"{counted(len(moving) - MOST_BARS, 'more figure')} move it less: see --json", markup=False)
        still = len(one["bars"]) - len(moving)
        if still:
            console().print(f"{counted(still, 'figure')} moved nothing", markup=False)
        for note in one["notes"]:
            console().print(f"• {note}", markup=False)


def _interval(row: Mapping[str, Any]) -> str:
    """The ends of the interval, those that are a bound in brackets."""
    low, high = _number(row["low"]), _number(row["high"])
    return f"{f'[{low}]' if row['open_low'] else low} to {f'[{high}]' if row['open_high'] else high}"


def _between(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{_number(low)} to {_number(high)}"


def _number(value: float | None) -> str:
    from cell2grid.run.fitted.telling import number

    return "–" if value is None else number(value)
