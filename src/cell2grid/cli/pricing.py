"""Commands about prices before anything runs on them: ``prices`` checks a file, ``fetch`` asks a market."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import price_options as options
from cell2grid.cli.output import Json, console, emit, table
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.prices import PriceSeries

_OUT = typer.Option(metavar="OUT.csv", help="Write the clean series here, as .csv or .parquet.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.command("prices")(prices)
    app.command("fetch")(fetch)


def prices(
    file: Annotated[Path, typer.Argument(metavar="PRICES", help="A .csv, .csv.gz, .parquet, .xlsx or .xlsm file.")],
    price_column: options.PriceColumn = "price",
    time_column: options.TimeColumn = None,
    currency: options.Currency = None,
    unit: options.PriceUnit = None,
    rate: options.Rate = None,
    timezone: options.Timezone = None,
    stamps: options.StampsMark = "begin",
    gaps: options.GapPolicy = "error",
    longest_gap: options.LongestGap = 24.0,
    duplicates: options.DuplicatePolicy = "error",
    irregular: options.Irregular = False,
    decimal: options.Decimal = ".",
    sheet: options.Sheet = None,
    source: Annotated[
        str | None, typer.Option(help="The file is a table of this source, as in aemo, with its own columns.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="The zone of the source whose prices are read.")] = None,
    resample: options.Resample = None,
    cut: Annotated[bool, typer.Option("--cut", help="Leave out ends that are no whole new step.")] = False,
    out: Annotated[Path | None, _OUT] = None,
    as_json: Json = False,
) -> None:
    """What a price file holds: its span, steps, prices, gaps and clock; and a clean copy where asked."""
    from cell2grid.prices import read_prices, resampled

    _check_out(out, file)
    minutes = None if resample is None else options.step_minutes("--resample", resample)
    if (source is None) != (zone is None):
        raise InputError("a table of a source has a zone: give --source and --zone together, or neither")
    if source is not None:
        series = _of_source(file, source, zone or "")
    else:
        series = read_prices(
            file,
            price_column=price_column,
            time_column=time_column,
            currency=currency,
            unit=unit,
            rate=rate,
            timezone=timezone,
            stamps=stamps,  # type: ignore[arg-type]
            gaps=gaps,  # type: ignore[arg-type]
            longest_gap=longest_gap,
            duplicates=duplicates,  # type: ignore[arg-type]
            irregular=irregular,
            decimal=decimal,
            sheet=sheet,
        )
    if minutes is not None:
        series = resampled(series, minutes, cut=cut)
    _say(series, out, as_json)


def fetch(
    source: Annotated[str | None, typer.Argument(help="A source: aemo, entsoe or gridstatus; all without it.")] = None,
    zone: Annotated[str | None, typer.Argument(help="The zone, as the source writes it.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first local day, as in 2025-01-01.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The day after the last one.")] = None,
    resample: options.Resample = None,
    out: Annotated[Path | None, _OUT] = None,
    as_json: Json = False,
) -> None:
    """Ask a market for its prices and write them as a clean file; without a source, the sources there are.

    The network is used only here, through the libraries of the extra 'markets'; keys come from the environment.
    """
    from cell2grid.prices import markets, resampled

    if source is None:
        _list_sources(as_json)
        return
    asked = markets.source(source)
    if zone is None or first is None or last is None or out is None:
        raise InputError(
            f"fetch needs a zone, two days and a file, as in 'cell2grid fetch {source} ZONE --from 2025-01-01 --to "
            f"2025-02-01 --out prices.csv'; a zone of {source} is {asked.ZONES}"
        )
    _check_out(out)
    minutes = None if resample is None else options.step_minutes("--resample", resample)
    frame = markets.fetched(source, zone, _day("--from", first), _day("--to", last))
    series = asked.series(frame, zone=zone)
    if minutes is not None:
        series = resampled(series, minutes)
    _say(series, out, as_json)


def _list_sources(as_json: bool) -> None:
    from cell2grid.prices.markets import sources

    rows = [(name, each.ABOUT, each.ZONES) for name, each in sources().items()]
    document = {"sources": [{"name": name, "about": about, "zones": zones} for name, about, zones in rows]}
    headings = {"source": "left", "what it has": "left", "a zone is": "left"}
    emit(document, as_json, lambda: table("sources of market prices", headings, rows))


def _of_source(file: Path, source: str, zone: str) -> PriceSeries:
    """The series of a table of a source that was saved before."""
    from cell2grid.prices.found import opened_size
    from cell2grid.prices.market_frames import MOST_CHARACTERS
    from cell2grid.prices.markets import source as named

    asked = named(source)
    opened_size(file, MOST_CHARACTERS)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8; save the table as CSV", where=str(file)) from None
    return asked.series(text, zone=zone)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} '{text[:20]}' is no day; write it as in 2025-01-01") from None


def _check_out(out: Path | None, file: Path | None = None) -> None:
    """Refuse a file that cannot be written, or is the one that is read, before the work is done, not after."""
    if out is None:
        return
    if file is not None and out.exists() and file.exists() and out.samefile(file):
        raise InputError("is the file that is read, and would be lost; name another with --out", where=str(out))
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise InputError("prices are written as .csv or .parquet; name such a file", where=str(out))
    if out.is_dir():
        raise InputError("is a folder; name a file, as in '--out prices.csv'", where=str(out))
    if not out.absolute().parent.is_dir():
        raise InputError(f"the folder {out.absolute().parent} does not exist; make it first", where=str(out))


def _say(series: PriceSeries, out: Path | None, as_json: bool) -> None:
    from cell2grid.prices import write_prices

    document = _document(series)
    if out is not None:
        document["out"] = str(write_prices(series, out))
    emit(document, as_json, lambda: _show(document, series, out))


def _document(series: PriceSeries) -> dict[str, Any]:
    import numpy as np

    hours = series.step_hours
    ends = series.edges()[-1:].astype("datetime64[s]")
    return {
        "prices": series.label,
        "unit": series.unit,
        "timezone": series.zone,
        "first": options.stamp(series, 0),
        "end": f"{ends[0]}{'Z' if series.offsets else ''}",
        "timesteps": int(series.price.size),
        "resolution_minutes": series.resolution_minutes if series.regular else None,
        "hours": float(hours.sum()),
        "mean": float(np.average(series.price, weights=hours)),
        "lowest": float(series.price.min()),
        "highest": float(series.price.max()),
        "negative_share": float(hours[series.price < 0.0].sum() / hours.sum()),
        "filled": int(series.filled.size),
        "filled_stretches": options.stretches(series),
        "clock_changes": [{"stamp": stamp, "hours": change} for stamp, change in series.clock_changes()],
        "notes": list(series.notes),
    }


def _show(document: dict[str, Any], series: PriceSeries, out: Path | None) -> None:
    length = document["resolution_minutes"]
    steps = f"of {length:g} min" if length is not None else f"of {(series.step_hours * 60).min():g} min or more"
    table(
        document["prices"],
        {"found": "left", "value": "right", "unit": "left"},
        [
            ("first step", document["first"], ""),
            ("end of the last", document["end"], ""),
            ("time steps", f"{document['timesteps']:,}", steps),
            ("filled", f"{document['filled']:,}", "time steps"),
            ("mean", f"{document['mean']:,.2f}", series.unit),
            ("lowest", f"{document['lowest']:,.2f}", series.unit),
            ("highest", f"{document['highest']:,.2f}", series.unit),
            ("negative", f"{document['negative_share']:.1%}", "of the time"),
        ],
    )
    for sentence in options.findings(series):
        console().print(f"• {sentence}", markup=False)
    if out is not None:
        console().print(f"• Written to {out}.", markup=False)
