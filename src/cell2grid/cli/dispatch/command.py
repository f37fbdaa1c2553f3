"""The ``dispatch`` command: the schedule of one storage asset on a series of prices, alone or with a site around it.

The options stand in ``options``; what they say of the asset, site, prices and foresight is read in files of
those names, scheduled in ``methods`` and said in ``words``.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from cell2grid.cli import price_options as priced
from cell2grid.cli.dispatch import options as of
from cell2grid.cli.output import Json, emit
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.cli.dispatch.asset import AssetAsked
    from cell2grid.cli.dispatch.foresight import Foresight, ForesightAsked
    from cell2grid.cli.dispatch.methods import Answer
    from cell2grid.cli.dispatch.prices import PricesAsked
    from cell2grid.cli.dispatch.site import SiteAsked
    from cell2grid.cli.dispatch.words import Told
    from cell2grid.engines.dispatch import Case
    from cell2grid.prices import PriceSeries

Group = TypeVar("Group")


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("dispatch")(dispatch)


def dispatch(
    prices: of.Prices = None,
    asset: of.AssetFile = None,
    unit: of.Unit = None,
    power: of.Power = None,
    energy: of.Energy = None,
    discharge_power: of.DischargePower = None,
    efficiency_charge: of.EfficiencyCharge = None,
    efficiency_discharge: of.EfficiencyDischarge = None,
    start: of.Start = None,
    end: of.End = None,
    cyclic: of.Cyclic = False,
    self_discharge: of.SelfDischarge = None,
    auxiliary_load: of.AuxiliaryLoad = None,
    throughput_cost: of.ThroughputCost = None,
    terminal_value: of.TerminalValue = None,
    cycles_per_year: of.CyclesPerYear = None,
    cycles_per_day: of.CyclesPerDay = None,
    grid_limit: of.GridLimit = None,
    import_limit: of.ImportLimit = None,
    export_limit: of.ExportLimit = None,
    no_import: of.NoImport = False,
    no_export: of.NoExport = False,
    pv: of.Pv = None,
    pv_column: of.PvColumn = None,
    pv_capacity: of.PvCapacity = None,
    wind: of.Wind = None,
    wind_column: of.WindColumn = None,
    wind_capacity: of.WindCapacity = None,
    load: of.Load = None,
    load_column: of.LoadColumn = None,
    load_capacity: of.LoadCapacity = None,
    buy_adder: of.BuyAdder = None,
    sell_adder: of.SellAdder = None,
    price_column: priced.PriceColumn = "price",
    time_column: priced.TimeColumn = None,
    currency: priced.Currency = None,
    price_unit: of.PriceUnit = None,
    rate: priced.Rate = None,
    timezone: priced.Timezone = None,
    stamps: priced.StampsMark = "begin",
    gaps: priced.GapPolicy = "error",
    longest_gap: priced.LongestGap = 24.0,
    duplicates: priced.DuplicatePolicy = "error",
    irregular: priced.Irregular = False,
    decimal: priced.Decimal = ".",
    sheet: priced.Sheet = None,
    resample: priced.Resample = None,
    synthetic: of.Synthetic = None,
    mode: of.Mode = None,
    time_limit: of.TimeLimit = 600.0,
    foresight: of.Foresight = "perfect",
    window: of.Window = None,
    every: of.Every = None,
    forecast: of.ForecastOf = None,
    published: of.Published = None,
    train: of.Train = None,
    intraday: of.Intraday = None,
    intraday_column: of.IntradayColumn = "price",
    reserve: of.Reserve = None,
    slope: of.SlopeOption = None,
    slope_from: of.SlopeFrom = None,
    slope_column: of.SlopeColumn = None,
    report: of.Report = None,
    out: of.Out = None,
    as_json: Json = False,
) -> None:
    """The schedule of one battery that earns the most: on known prices, or on what can be known of them.

    Power limits are at the grid side. Charging and discharging in one step is excluded, also where a negative price
    and losses would pay for it, unless --mode relaxed allows it.
    """
    call = dict(locals())
    from cell2grid.cli.dispatch import asset as of_asset
    from cell2grid.cli.dispatch import files as of_files
    from cell2grid.cli.dispatch import foresight as of_foresight
    from cell2grid.cli.dispatch import impact as of_impact
    from cell2grid.cli.dispatch import prices as of_prices
    from cell2grid.cli.dispatch import site as of_site

    asked_prices = _group(of_prices.PricesAsked, call)
    asked_asset = _group(of_asset.AssetAsked, call)
    asked_site = _group(of_site.SiteAsked, call)
    asked_foresight = _group(of_foresight.ForesightAsked, call)
    asked_impact = _group(of_impact.ImpactAsked, call)
    of_asset.checked(asked_asset)
    of_site.checked(asked_site)
    of_foresight.checked(asked_foresight)
    of_impact.checked(asked_impact, foresight, reserve=reserve is not None, intraday=intraday is not None)
    of_prices.checked(asked_prices)
    of_files.checked(out, report)
    told, numbers = _answered(asked_prices, asked_asset, asked_site, asked_foresight, intraday_column, time_limit)
    told = replace(
        told, impact=of_impact.tested(asked_impact, told.case, told.series, asked_prices, time_limit=time_limit)
    )
    _say(told, numbers, out=out, report=report, name=_name(asked_asset), as_json=as_json)


def _group(kind: type[Group], call: dict[str, Any]) -> Group:
    """The options of one group, out of all of the call."""
    return kind(**{field.name: call[field.name] for field in fields(kind)})  # type: ignore[arg-type]


def _answered(
    prices: PricesAsked,
    asset: AssetAsked,
    site: SiteAsked,
    foresight: ForesightAsked,
    intraday_column: str,
    time_limit: float,
) -> tuple[Told, dict[str, Any]]:
    """What the call comes to, and the numbers of its asset and site."""
    from cell2grid.cli.dispatch import asset as of_asset
    from cell2grid.cli.dispatch import foresight as of_foresight
    from cell2grid.cli.dispatch import prices as of_prices
    from cell2grid.cli.dispatch import site as of_site
    from cell2grid.cli.dispatch.words import Told, price_notes
    from cell2grid.engines import dispatch as engine

    said, currency = of_asset.asset_numbers(asset, prices.currency)
    added, currency = of_site.adders(site, currency)
    said |= {**of_site.connection(site), **added}
    whole = of_prices.read(prices, currency)
    first = of_foresight.first_step(foresight, whole)
    series = whole.part(first, len(whole.price))
    beyond, notes = of_site.behind(site, series, prices)
    numbers, given = of_asset.whole_asset(asset, {**said, **beyond}, series)
    if given is not None:
        series, whole = (_in_currency(each, given.currency, currency) for each in (series, whole))
        notes = (*notes, *given.notes, *(f"Not used: {field} ({why})." for field, why in given.ignored.items()))
    if "cycles_per_day" in numbers:
        numbers["day"] = series.local_day()
    case = engine.checked(engine.asset_case(series.price, series.step_hours, **numbers))
    known = of_foresight.Foresight(foresight, whole, first)
    traded = None
    if foresight.intraday is not None:
        traded = of_prices.beside_prices(prices, foresight.intraday, intraday_column, series)
    answer = _scheduled(case, known, traded, time_limit)
    counts_days = "cycles_per_day" in numbers or foresight.foresight != "perfect"
    told = Told(
        case=case,
        answer=answer,
        series=series,
        intraday=traded,
        foresight=foresight.foresight,
        train_days=float(whole.step_hours[:first].sum()) / 24.0,
        alone=of_site.without_asset(case, dict(numbers)) if case.has_site else None,
        notes=(*price_notes(whole, days_count=counts_days), *notes),
    )
    return told, dict(numbers)


def _scheduled(case: Case, known: Foresight, traded: PriceSeries | None, time_limit: float) -> Answer:
    """The schedule by the method that was asked for."""
    from cell2grid.cli.dispatch import methods

    asked = known.asked
    if asked.reserve is not None:
        from cell2grid.cli.dispatch.reserve import with_reserve

        return with_reserve(case, asked.reserve, known.now, time_limit)
    if asked.foresight == "compare":
        return methods.side_by_side(case, known, time_limit)
    perfect = asked.foresight == "perfect"
    sold = methods.perfect(case, time_limit) if perfect else methods.without_foresight(case, known, time_limit)
    return sold if traded is None else methods.on_the_day(case, sold, traded, None if perfect else known)


def _in_currency(series: PriceSeries, of_costs: str | None, said: str | None) -> PriceSeries:
    """The prices, in the money of the asset's costs where nothing else says which it is."""
    if of_costs is not None and said is not None and of_costs != said:
        raise InputError(
            f"options are in {said} and the costs of the asset file in {of_costs}; write both in one currency"
        )
    return series if series.currency is not None or of_costs is None else replace(series, currency=of_costs)


def _say(told: Told, numbers: dict[str, Any], *, out: Any, report: Any, name: str, as_json: bool) -> None:
    from cell2grid.cli.dispatch import files as of_files
    from cell2grid.cli.dispatch.words import document, findings, show

    printed = document(told)
    if out is not None:
        printed["schedule"] = str(of_files.write(told, out))
    if report is not None:
        said = findings(told, printed)
        printed["report"] = str(of_files.write_page(told, report, name=name, asset=numbers, findings=said))
    emit(printed, as_json, lambda: show(told, printed))


def _name(asset: AssetAsked) -> str:
    return "storage asset" if asset.asset is None else asset.asset.stem
