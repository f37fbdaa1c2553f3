"""Commands that go to PyPSA: ``pypsa export`` and ``pypsa import`` a storage asset, ``pypsa study`` a study's markets.

PyPSA need not be there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, console, counted, emit
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.study.asset_file import ColumnOf
    from cell2grid.study.pypsa.reading import Exchanged

pypsa_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    words = "Take a storage asset to a PyPSA network, or out of one; take a study's markets to one."
    app.add_typer(pypsa_app, name="pypsa", help=words)


@pypsa_app.command("export")
def export(
    asset: Annotated[Path, typer.Argument(metavar="ASSET.yaml", help="The asset file.")],
    prices: Annotated[Path, typer.Argument(metavar="PRICES", help="Prices per MWh: CSV, Parquet or Excel.")],
    network: Annotated[Path, typer.Argument(metavar="NETWORK", help="A folder for CSV files, or a .nc file.")],
    price_column: Annotated[str, typer.Option(help="The column of prices.")] = "price",
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code of the prices, as in EUR.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of stamps without offset, as in Europe/Berlin.")] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="A key of the asset that PyPSA shall do without; repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write an asset and its prices as a PyPSA network with one storage unit."""
    from cell2grid.cli.assets import given_asset
    from cell2grid.prices import read_prices
    from cell2grid.study.pypsa.writing import write_pypsa

    series = read_prices(prices, price_column=price_column, currency=currency, timezone=timezone)
    given = given_asset(asset, series)
    name = given.name or asset.stem
    place, notes = write_pypsa(
        given.numbers, series.timestep, series.price, series.step_hours, network, name=name, leave_out=leave_out or ()
    )
    document = {"network": str(place), "unit": name, "timesteps": len(series.price), "notes": [*given.notes, *notes]}
    emit(document, as_json, lambda: _say(f"storage unit '{name}', {counted(len(series.price), 'snapshot')}", document))


@pypsa_app.command("import")
def import_(
    network: Annotated[Path, typer.Argument(metavar="NETWORK", help="A folder of CSV files, or a .nc file.")],
    asset: Annotated[Path, typer.Argument(metavar="ASSET.yaml", help="The asset file to write.")],
    unit: Annotated[str | None, typer.Option(metavar="NAME", help="The storage unit, where there are several.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code of the network's money, as in EUR.")] = None,
    prices: Annotated[
        Path | None, typer.Option(metavar="PRICES.csv", help="Write the prices of the unit's bus here, too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write one storage unit of a PyPSA network as an asset file."""
    from cell2grid.files import write_whole
    from cell2grid.study.asset_text import asset_text
    from cell2grid.study.pypsa.reading import read_pypsa

    _check_currency(currency)
    found = read_pypsa(network, unit=unit)
    priced = None if prices is None else _written_prices(found, prices, currency)
    columns, series = _written_series(found, asset, currency)
    remarks = [f"from the storage unit '{found.name}' of {network.name}", *found.notes]
    text = asset_text(found.asset, name=found.name, currency=currency, remarks=remarks, columns=columns)
    try:
        place = write_whole(asset, text)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}; name another file", where=str(asset)) from None
    document = {
        "asset": str(place),
        "unit": found.name,
        "series": None if series is None else str(series),
        "prices": None if priced is None else str(priced),
        "timesteps": len(found.timestep),
        "ignored": [{"field": field, "reason": reason} for field, reason in found.ignored.items()],
        "notes": list(found.notes),
    }
    emit(document, as_json, lambda: _say(f"{place}: storage unit '{found.name}'", document))


@pypsa_app.command("study")
def study_(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of one that ships.")],
    network: Annotated[Path, typer.Argument(metavar="NETWORK", help="A folder for CSV files, or a .nc file.")],
    demand_steps: Annotated[
        int, typer.Option(metavar="N", help="Let demand answer to prices in so many steps; 0 keeps it as it is.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Write a study's markets as a PyPSA network, and list what of the study it does not have."""
    from cell2grid.run.exchange.network import study_network
    from cell2grid.study.loader import read_study

    asked = read_study(study)
    found = study_network(asked, demand_steps=demand_steps)
    place = found.write(network, name=asked.study)
    document = {
        "network": str(place),
        "study": asked.study,
        "currency": found.currency,
        "item": found.item,
        "elastic": found.elastic,
        "timesteps": len(found.tables.snapshots),
        **{kind: found.count(kind) for kind in ("buses", "generators", "links", "loads")},
        "lost": list(found.lost),
    }
    emit(document, as_json, lambda: _say_study(document))


def _say_study(document: dict[str, Any]) -> None:
    screen = console()
    counts = [counted(document[kind], kind.removesuffix("s")) for kind in ("generators", "links", "loads")]
    buses = f"{document['buses']:,} buses"
    screen.print(f"{document['network']}: {buses}, {', '.join(counts)}, "
                 f"{counted(document['timesteps'], 'snapshot')}", markup=False)  # fmt: skip
    screen.print(f"1 MW stands for 1 {document['item']}/year, costs are in {document['currency']}", markup=False)
    for words in document["lost"]:
        screen.print(f"• lost: {words}", markup=False)


def _say(head: str, document: dict[str, Any]) -> None:
    screen = console()
    screen.print(head, markup=False)
    for row in document.get("ignored", ()):
        screen.print(f"• not used: {row['field']} ({row['reason']})", markup=False)
    for note in document["notes"]:
        screen.print(f"• {note}", markup=False)


def _check_currency(code: str | None) -> None:
    from cell2grid.errors import UnitError
    from cell2grid.units import canonical, currency

    if code is not None and currency(canonical(code)) != code:
        raise UnitError(f"'{code}' is not a currency that cell2grid knows; as in '--currency EUR'")


def _written_series(found: Exchanged, asset: Path, currency: str | None) -> tuple[dict[str, ColumnOf], Path | None]:
    """In which column of which file each key stands that changes with time, and that file, which is written."""
    import xarray as xr

    from cell2grid.report.schedules import write_schedule
    from cell2grid.study.asset_file import ColumnOf, unit_of

    changing = {key: value for key, value in found.asset.items() if getattr(value, "ndim", 0)}
    if not changing:
        return {}, None
    place = asset.with_name(f"{asset.stem}-series.csv")
    arrays = {key: ("timestep", value, {"units": unit_of(key)}) for key, value in changing.items()}
    path = write_schedule(xr.Dataset(arrays, {"timestep": found.timestep}), place, utc=False)
    names = {key: f"{key}_mw" if unit_of(key) == "MW" else key for key in changing}
    units = {key: unit_of(key).replace("currency", currency or "") for key in changing}
    columns = {
        key: ColumnOf(file=place.name, column=names[key], unit=units[key] if unit_of(key) == "MW" or currency else None)
        for key in changing
    }
    return columns, path


def _written_prices(found: Exchanged, place: Path, currency: str | None) -> Path:
    from cell2grid.prices import PriceSeries, write_prices

    if found.price is None:
        raise InputError(
            f"the network says no prices for '{found.name}': it has no marginal prices of its bus; solve it in PyPSA, "
            "or leave --prices out"
        )
    return write_prices(
        PriceSeries(
            timestep=found.timestep, step_hours=found.step_hours, price=found.price, currency=currency, name=place.stem
        ),
        place,
    )
