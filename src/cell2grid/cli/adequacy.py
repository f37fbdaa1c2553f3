"""The ``adequacy`` command: what a store does for a region's load, and its capacity credit where units fail."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.adequacy_page import adequacy_page
from cell2grid.cli.output import Json, check_page, console, emit, table, waiting
from cell2grid.errors import InputError, NoAnswerError, UnitError
from cell2grid.units import parse_magnitude, written

if TYPE_CHECKING:
    from cell2grid.run.adequacy import Adequacy
    from cell2grid.study.region_file import RegionFile

_ENDINGS = (".csv", ".parquet")
_WORDS = {
    "peak_net_load": "peak of net load",
    "curtailed_energy": "curtailed energy",
    "largest_ramp": "largest ramp",
    "loss_of_load": "hours with a shortfall (LOLE)",
    "loss_of_load_days": "days with a shortfall",
    "unserved_energy": "unserved energy (EUE)",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("adequacy")(adequacy)


def adequacy(
    region: Annotated[Path, typer.Argument(metavar="REGION.yaml", help="Load, sun, wind, units that fail, a store.")],
    samples: Annotated[
        int | None, typer.Option(metavar="N", help="Most samples of outages; without it as many as need be.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Where the draws of outages begin.")] = 1,
    tolerance: Annotated[
        str, typer.Option(metavar="SHARE", help="Sampling ends once the capacity credit is known this well.")
    ] = "0.5 %",
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Cores to use. The results are the same for any number.")
    ] = 1,
    metric: Annotated[
        str | None, typer.Option(help="The risk that is held: eue or lole; that of the file without it.")
    ] = None,
    credit_of: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose credit: storage, solar, wind or the name of units.")
    ] = None,
    load_scale: Annotated[
        float | None, typer.Option(min=0.0, max=1000.0, help="What the load is multiplied with.")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.1, help="Seconds that HiGHS may take for the schedule of the store.")
    ] = 120.0,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write net load before and after: .csv or .parquet.")
    ] = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with charts and tables.")] = None,
    as_json: Json = False,
) -> None:
    """What a store does for a region: peak, curtailment, ramps, and its capacity credit (ELCC) where units fail.

    Where there is no shortfall without it, the capacity credit cannot be told: the exit status is then 3.
    """
    from cell2grid.run.adequacy import region_adequacy
    from cell2grid.study.region_file import read_region

    began = time.perf_counter()
    share = _share(tolerance)
    check_page(page)
    if out is not None:
        _check_place(out)
    asked = _changed(read_region(region), metric, credit_of, load_scale)
    if out is not None and asked.storage is None:
        raise InputError("--out is for the load before and after a store, and the region has no storage; add it")
    with waiting("adequacy"):
        found = region_adequacy(
            asked,
            region.parent,
            samples=samples,
            seed=seed,
            tolerance=share,
            workers=workers,
            time_limit=time_limit,
        )
    document = {**found.document(), "wall_seconds": time.perf_counter() - began}
    if out is not None:
        document["series"] = str(_write(found, out))
    if page is not None:
        document["page"] = str(adequacy_page(found, document, page))
    emit(document, as_json, lambda: _say(document))
    if found.reason:
        raise NoAnswerError(f"region '{asked.region}', {found.credited}: {found.reason}")


def _share(tolerance: str) -> float:
    try:
        return parse_magnitude(tolerance, unit="ratio").mode
    except UnitError as error:
        raise InputError(f"--tolerance: {error}") from None


def _changed(region: RegionFile, metric: str | None, credit_of: str | None, load_scale: float | None) -> RegionFile:
    """The region with what the options say in place of the file."""
    if metric not in (None, "eue", "lole"):
        raise InputError(f"--metric is '{metric[:40]}', expected eue or lole")
    known = [name for name in ("storage", "solar", "wind") if getattr(region, name) is not None]
    known += [group.name for group in region.units]
    if credit_of is not None and credit_of not in known:
        raise InputError(f"--credit-of '{credit_of[:40]}' is not in the region; it has {', '.join(known)[:200]}")
    changes = {"metric": metric, "credit_of": credit_of, "load_scale": load_scale}
    return region.changed(**{name: value for name, value in changes.items() if value is not None})


def _check_place(out: Path) -> None:
    if out.suffix.lower() not in _ENDINGS:
        raise InputError(f"--out '{out}' ends in '{out.suffix}', expected .csv or .parquet")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise InputError(f"--out '{out}' is a folder or in none; name a file in a folder that is there")


def _write(found: Adequacy, out: Path) -> Path:
    """The absolute path of the series, written beside its place and renamed."""
    from cell2grid.files import made_whole

    rows = found.schedule_table()
    with made_whole(out) as partial:
        if out.suffix.lower() == ".csv":
            rows.to_csv(partial, index=False, date_format="%Y-%m-%dT%H:%M:%SZ", lineterminator="\n")
        else:
            rows.to_parquet(partial, index=False)
    return out.absolute()


def _say(document: dict[str, Any]) -> None:
    hours = f"{document['timesteps']:,} steps of {document['resolution_minutes']:g} min"
    if document["benefit"] is not None:
        _say_benefit(document["benefit"], f"{document['region']}: net load, {hours}")
    if document["adequacy"] is not None:
        _say_risk(document["adequacy"], f"{document['region']}: risk of outages, {hours}")
    for note in document["notes"]:
        console().print(f"• {note}", markup=False)
    if "series" in document:
        console().print(f"net load before and after: {document['series']}", markup=False)


def _say_benefit(benefit: dict[str, Any], title: str) -> None:
    columns = {
        "": "left",
        "before": "right",
        "after": "right",
        "change": "right",
        "alone at best": "right",
        " ": "left",
    }
    rows = []
    for name in ("peak_net_load", "curtailed_energy", "largest_ramp"):
        one = benefit[name]
        alone = "–" if one["alone"] is None else written(one["alone"], 1)
        # what the tolerance of a solver leaves of a change is none
        change = 0.0 if abs(one["change"]) <= 1e-4 * max(one["before"], one["after"], 1.0) else one["change"]
        shown = (written(number, 1) for number in (one["before"], one["after"], change))
        rows.append((_WORDS[name], *shown, alone, one["unit"]))
    table(title, columns, rows)
    share = benefit["curtailed_energy"]["share_avoided"]
    if share is not None:
        console().print(f"• {share:.1%} of curtailment avoided.", markup=False)
    if benefit["order"]:
        console().print(f"• One schedule serves {', then '.join(benefit['order'])}.", markup=False)


def _say_risk(risk: dict[str, Any], title: str) -> None:
    credited = risk["credit_of"]
    columns = {"": "left", "without": "right", "± 95 %": "right"}
    columns |= {} if credited is None else {f"with {credited}": "right", "± 95 % ": "right"}
    rows = []
    for name in ("loss_of_load", "loss_of_load_days", "unserved_energy"):
        cells: list[str] = [_WORDS[name]]
        for case in ("without", "with"):
            if risk[case] is not None:
                one = risk[case][name]
                cells += [written(one["value"], 2), written((one["high"] - one["low"]) / 2, 2)]
        rows.append((*cells, risk["without"][name]["unit"]))
    table(title, {**columns, " ": "left"}, rows)
    by = risk["without"]["convolution"]
    if by is not None:
        hours, energy = written(by["loss_of_load"], 2), written(by["unserved_energy"], 2)
        word = "By convolution" if by["exact"] else "By convolution, on a grid of capacities"
        console().print(f"• {word} without it: {hours} hour/year, {energy} MWh/year.", markup=False)
    if risk["elcc"] is not None:
        _say_credit(risk)
    console().print(f"• {risk['samples']:,} samples, seed {risk['seed']}.", markup=False)


def _say_credit(risk: dict[str, Any]) -> None:
    elcc, efc = risk["elcc"], risk["efc"]
    share = "" if risk["elcc_share"] is None else f", {risk['elcc_share']:.1%} of {risk['power']:,g} MW"
    between = f"{written(elcc['low'], 2)} to {written(elcc['high'], 2)}"
    held = "unserved energy" if risk["metric"] == "eue" else "hours with a shortfall"
    console().print(
        f"• Capacity credit (ELCC) of {risk['credit_of']}: {written(elcc['value'], 2)} MW ({between}){share}: "
        f"load added for the same {held}.",
        markup=False,
    )
    if efc is not None:
        console().print(f"• Equivalent firm capacity (EFC): {written(efc['value'], 2)} MW.", markup=False)
