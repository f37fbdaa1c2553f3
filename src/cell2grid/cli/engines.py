"""Commands that run one engine on one file: ``dispatch`` on a price file, ``line`` on a line file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, console, emit, table
from cell2grid.errors import InputError, UnitError
from cell2grid.files import write_whole

if TYPE_CHECKING:
    from cell2grid.engines.dispatch import Case, Schedule
    from cell2grid.prices import PriceSeries

# Numbers that carry a unit come as text and are read by the grammar of units.py.
Quantity = str


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.command("dispatch")(dispatch)
    app.command("line")(line)


def dispatch(
    prices: Annotated[
        Path | None, typer.Argument(metavar="PRICES.csv", help="Prices per MWh with ISO 8601 stamps.")
    ] = None,
    power: Annotated[Quantity, typer.Option(help="Most power from and to the grid, as in 100MW.")] = "",
    energy: Annotated[Quantity, typer.Option(help="Most energy stored, as in 400MWh.")] = "",
    discharge_power: Annotated[
        Quantity | None, typer.Option(help="Most power to the grid, where it is not --power.")
    ] = None,
    efficiency_charge: Annotated[Quantity, typer.Option(help="Energy stored per energy taken.")] = "1",
    efficiency_discharge: Annotated[Quantity, typer.Option(help="Energy sent per energy drawn.")] = "1",
    start: Annotated[Quantity, typer.Option(help="Share of --energy stored at the start.")] = "0.5",
    end: Annotated[Quantity, typer.Option(help="Least share of --energy stored at the end.")] = "0.5",
    throughput_cost: Annotated[Quantity, typer.Option(help="Cost of each MWh taken or sent, as in 2USD/MWh.")] = "0",
    price_column: Annotated[str, typer.Option(help="The column of prices.")] = "price",
    time_column: Annotated[
        str | None, typer.Option(help="The column of stamps; 'timestep' or the first where it is a time.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code of the prices, as in EUR.")] = None,
    synthetic: Annotated[
        int | None, typer.Option(metavar="SEED", help="Use the synthetic year of this seed instead of a file.")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.1, help="Seconds that HiGHS may take where prices are negative.")
    ] = 600.0,
    out: Annotated[Path | None, typer.Option(metavar="SCHEDULE.csv", help="Write the schedule here.")] = None,
    as_json: Json = False,
) -> None:
    """The schedule of one battery that earns the most on a price series known in advance.

    Power limits are at the grid side. Where a negative price and losses would pay for charging and discharging at
    once, that is excluded, and HiGHS decides between the two.
    """
    from cell2grid.engines import dispatch as engine

    asset: engine.Asset = {
        "power": _number("--power", power, "MW"),
        "energy": _number("--energy", energy, "MWh"),
        "efficiency_charge": _number("--efficiency-charge", efficiency_charge, "ratio"),
        "efficiency_discharge": _number("--efficiency-discharge", efficiency_discharge, "ratio"),
        "start_fraction": _number("--start", start, "ratio"),
        "end_fraction": _number("--end", end, "ratio"),
    }
    if discharge_power is not None:
        asset["discharge_power"] = _number("--discharge-power", discharge_power, "MW")
    asset["throughput_cost"], currency = _cost("--throughput-cost", throughput_cost, currency)
    _check_writable(out)
    series = _series(prices, price_column, time_column, currency, synthetic)
    case = engine.checked(engine.asset_case(series.price, series.step_hours, **asset))
    schedule, seconds = _timed(case, time_limit)
    solved = engine.outcome(schedule, case)
    document = _document(solved, series, case, schedule.method, seconds)
    if out is not None:
        _write_schedule(out, series, solved)
        document["schedule"] = str(out.resolve())
    emit(document, as_json, lambda: _show_dispatch(document, solved, series))


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


def _number(option: str, text: str, unit: str) -> float:
    """The one number in ``unit`` that an option gives."""
    from cell2grid.units import parse_magnitude

    example = {"MW": "100MW", "MWh": "400MWh", "ratio": "0.94"}[unit]
    if not text.strip():
        raise InputError(f"{option} is missing; give it as in '{option} {example}'")
    try:
        given = parse_magnitude(text)
        if given.unit == "ratio" and unit != "ratio":
            raise UnitError(f"'{text}' has no unit")
        magnitude = given.to(unit)
    except UnitError as error:
        message = error.message.partition("; write")[0]
        raise UnitError(f"{message}; write it as in '{option} {example}'", where=option) from None
    if magnitude.low != magnitude.high:
        raise InputError(f"'{text}' is a range, expected one number, as in '{option} {example}'", where=option)
    if magnitude.mode < 0.0:
        raise InputError(f"'{text}' is below 0, expected 0 or more, as in '{option} {example}'", where=option)
    return magnitude.mode


def _cost(option: str, text: str, prices_in: str | None) -> tuple[float, str | None]:
    """The cost per MWh that an option gives, and the currency of the prices if either is said."""
    from cell2grid.units import canonical, convert, currency, parse_magnitude

    if prices_in is not None and currency(canonical(prices_in)) != prices_in:
        raise UnitError(f"'{prices_in}' is not a currency that cell2grid knows; as in '--currency EUR'")
    magnitude = parse_magnitude(text)
    if magnitude.low != magnitude.high:
        raise InputError(f"{option} '{text}' is a range, expected one number, as in '{option} 2USD/MWh'")
    if magnitude.unit == "ratio":
        return magnitude.mode, prices_in
    paid_in = currency(magnitude.unit)
    if paid_in is None or (prices_in is not None and paid_in != prices_in):
        raise UnitError(
            f"{option} is in {magnitude.unit}, expected {prices_in or 'a currency'}/MWh; give both in one currency"
        )
    try:
        return convert(magnitude.mode, magnitude.unit, f"{paid_in}/MWh"), paid_in
    except UnitError as error:
        raise UnitError(f"{error.message}; as in '{option} 2{paid_in}/MWh'", where=option) from None


def _series(
    path: Path | None, price_column: str, time_column: str | None, currency: str | None, seed: int | None
) -> PriceSeries:
    from cell2grid.prices import read_prices, synthetic_year

    if (path is None) == (seed is None):
        raise InputError("give either a price file or '--synthetic SEED' for the synthetic year")
    if path is None:
        return synthetic_year(seed or 0, currency=currency)
    return read_prices(path, price_column=price_column, time_column=time_column, currency=currency)


def _timed(case: Case, time_limit: float) -> tuple[Schedule, float]:
    """The schedule and the seconds it took, without those of loading and compiling the method."""
    from dataclasses import replace

    import numpy as np

    from cell2grid.engines.dispatch import schedule

    two = np.ones(2)
    # a negative price loads HiGHS as well, if the case itself may need it
    first = np.array([-1.0 if (case.price < 0.0).any() else 1.0, 2.0])
    small = replace(case, price=first, step_hours=two, charge_limit=two, discharge_limit=two, end_fraction=0.0)
    schedule(small)
    began = time.perf_counter()
    best = schedule(case, time_limit=time_limit)
    return best, time.perf_counter() - began


def _document(solved: dict[str, Any], series: PriceSeries, case: Case, method: str, seconds: float) -> dict[str, Any]:
    return {
        "revenue": solved["revenue"],
        "objective": solved["objective"],
        "currency": series.currency,
        "method": method,
        "charged_mwh": solved["charged_energy"],
        "discharged_mwh": solved["discharged_energy"],
        "cycles": solved["discharged_energy"] / case.energy_capacity,
        "timesteps": len(case.price),
        "resolution_minutes": series.resolution_minutes,
        "kernel_seconds": seconds,
        "prices": series.label,
        "synthetic": series.synthetic,
    }


def _check_writable(out: Path | None) -> None:
    """Refuse a schedule file that cannot be written before the work is done, not after."""
    if out is None:
        return
    if out.is_dir():
        raise InputError("is a folder; name a file, as in '--out schedule.csv'", where=str(out))
    if not out.absolute().parent.is_dir():
        raise InputError(f"the folder {out.absolute().parent} does not exist; make it first", where=str(out))


def _write_schedule(out: Path, series: PriceSeries, solved: dict[str, Any]) -> None:
    """Write the schedule beside its place and rename it, so that a file is whole or not there."""
    import numpy as np

    # stamps are in UTC; they say so where those of the price file did
    stamps = np.datetime_as_string(series.timestep, unit="s", timezone="UTC" if series.offsets else "naive")
    columns = (series.price, *(solved[name] for name in ("charge", "discharge", "energy")))
    rows = zip(stamps.tolist(), *(column.tolist() for column in columns), strict=True)
    lines = (f"{stamp},{','.join(map(repr, numbers))}\n" for stamp, *numbers in rows)
    try:
        write_whole(out, "timestep,price,charge_mw,discharge_mw,energy_mwh\n" + "".join(lines))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}; name another file", where=str(out)) from None


def _show_dispatch(document: dict[str, Any], solved: dict[str, Any], series: PriceSeries) -> None:
    money = series.currency or "currency units"
    table(
        series.label,
        {"result": "left", "value": "right", "unit": "left"},
        [
            ("revenue", f"{document['revenue']:,.2f}", money),
            ("objective", f"{document['objective']:,.2f}", money),
            ("charged", f"{document['charged_mwh']:,.1f}", "MWh"),
            ("discharged", f"{document['discharged_mwh']:,.1f}", "MWh"),
            ("full cycles", f"{document['cycles']:,.1f}", ""),
            ("time steps", f"{document['timesteps']:,}", f"of {document['resolution_minutes']:g} min"),
            ("method", document["method"], f"{document['kernel_seconds'] * 1000:,.2f} ms"),
        ],
    )
    for sentence in _findings(document, solved, series):
        console().print(f"• {sentence}", markup=False)


def _findings(document: dict[str, Any], solved: dict[str, Any], series: PriceSeries) -> list[str]:
    """What the schedule says, in words."""
    said = []
    unit = series.unit
    charged, discharged = document["charged_mwh"], document["discharged_mwh"]
    cost, revenue = solved["charging_cost"], document["revenue"]
    if charged > 0.0 and discharged > 0.0:
        said.append(
            f"It buys at {cost / charged:,.2f} and sells at {(revenue + cost) / discharged:,.2f} {unit} on average; "
            f"the mean price is {series.price.mean():,.2f}."
        )
    idle = float(((solved["charge"] == 0.0) & (solved["discharge"] == 0.0)).mean())
    said.append(f"It stands still in {idle:.0%} of the time steps.")
    negative = int((series.price < 0.0).sum())
    if negative:
        paid = float((solved["charge"] * series.step_hours)[series.price < 0.0].sum())
        steps = "1 time step" if negative == 1 else f"{negative:,} time steps"
        said.append(f"Prices are negative in {steps}, in which it takes {paid:,.1f} MWh.")
    said.append("All prices are known in advance here: no operator can earn more, and most earn less.")
    if series.synthetic:
        said.append("The prices are synthetic: no market has set them.")
    return said


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
