"""What ``dispatch`` prints: its JSON document, the table, and what the schedule says in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cell2grid.cli import price_options
from cell2grid.cli.output import console, counted, table
from cell2grid.units import written

if TYPE_CHECKING:
    from cell2grid.cli.dispatch.impact import Tested
    from cell2grid.cli.dispatch.methods import Answer
    from cell2grid.engines.dispatch import Case
    from cell2grid.engines.foresight import Row
    from cell2grid.prices import PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """All that the words are about: the case, what was done with it, the prices, and the site without the asset."""

    case: Case
    answer: Answer
    series: PriceSeries
    intraday: PriceSeries | None
    foresight: str
    train_days: float
    alone: float | None
    notes: tuple[str, ...]
    impact: Tested | None = None

    def energy(self, mwh: float) -> tuple[str, str]:
        """An amount of energy and its unit, for a reader: in kWh where the asset stores less than 1 MWh."""
        small = self.case.energy_capacity < 1.0
        return (written(mwh * 1000.0, 1), "kWh") if small else (written(mwh, 1), "MWh")

    @property
    def money(self) -> str:
        """What amounts of money are in."""
        return self.series.currency or "currency units"


def document(told: Told) -> dict[str, Any]:
    """The JSON document; what a call has not asked for is null."""
    case, answer, series, figures = told.case, told.answer, told.series, told.answer.figures
    return {
        "revenue": figures["revenue"],
        "objective": figures["objective"],
        "bound": answer.bound,
        "relaxed_value": answer.relaxed,
        "currency": series.currency,
        "method": answer.best.method,
        "reason": answer.best.reason,
        "mode": case.mode,
        "charged_mwh": figures["charged_energy"],
        "discharged_mwh": figures["discharged_energy"],
        "drawn_mwh": figures["drawn_energy"],
        "start_mwh": float(answer.best.start),
        "end_mwh": float(answer.best.energy[-1]),
        "cycles": figures["drawn_energy"] / case.energy_capacity,
        "water_value": _mean_water_value(told),
        "timesteps": len(case.price),
        "resolution_minutes": series.resolution_minutes,
        "kernel_seconds": answer.seconds,
        "prices": series.label,
        "synthetic": series.synthetic,
        "notes": list(told.notes),
        "site": _site(told) if case.has_site else None,
        "foresight": _foresight(told) if answer.rows else None,
        "intraday": _intraday(told),
        "reserve": None if answer.reserve is None else answer.reserve.document(),
        "price_impact": None if told.impact is None else told.impact.document(),
    }


def _mean_water_value(told: Told) -> float | None:
    """The mean over time of what stored energy is worth, in the steps in which the level has somewhere to go."""
    import numpy as np

    if told.answer.water is None:
        return None
    low, high = told.answer.water
    middle = np.where(np.isfinite(low), np.where(np.isfinite(high), (low + high) / 2.0, low), high)
    known = np.isfinite(middle)
    if not known.any():
        return None
    return float(np.average(middle[known], weights=told.case.step_hours[known]))


def _site(told: Told) -> dict[str, Any]:
    import numpy as np

    from cell2grid.engines.dispatch import site

    case, figures = told.case, told.answer.figures
    through = figures["net_export"] * case.step_hours
    return {
        "exported_mwh": float(np.maximum(through, 0.0).sum()),
        "imported_mwh": float(np.maximum(-through, 0.0).sum()),
        "generated_mwh": float((site.generation(case) * case.step_hours).sum()),
        "curtailed_mwh": float((figures["curtailed"] * case.step_hours).sum()),
        "load_mwh": float((site.load(case) * case.step_hours).sum()),
        "revenue_without_asset": told.alone,
        "asset_adds": None if told.alone is None else figures["objective"] - told.alone,
    }


def _foresight(told: Told) -> dict[str, Any]:
    return {
        "methods": [
            {
                "method": row.method,
                "value": row.value,
                "share_of_perfect": row.share,
                "cycles": row.cycles,
                "left_mwh": row.left,
                "seconds": row.seconds,
                "notes": list(row.notes),
            }
            for row in told.answer.rows
        ],
        "train_days": told.train_days,
    }


def _intraday(told: Told) -> dict[str, Any] | None:
    done = told.answer.settlement
    if done is None or told.intraday is None:
        return None
    return {
        "prices": told.intraday.label,
        "day_ahead_revenue": done.day_ahead,
        "intraday_revenue": done.intraday,
        "held_value": done.held_value,
        "gain": done.gain,
    }


def show(told: Told, printed: dict[str, Any]) -> None:
    """Print the table, what stands beside it, and the findings."""
    table(told.series.label, {"result": "left", "value": "right", "unit": "left"}, list(_rows(told, printed)))
    if told.answer.rows:
        _show_methods(told)
    if told.answer.reserve is not None:
        told.answer.reserve.show(told.money)
    for sentence in findings(told, printed):
        console().print(f"• {sentence}", markup=False)


def _rows(told: Told, printed: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    money = told.money
    yield "revenue", written(printed["revenue"], 2), money
    yield "objective", written(printed["objective"], 2), money
    if _claims_more(told):
        yield "relaxed", written(printed["relaxed_value"], 2), money
    yield "charged", *told.energy(printed["charged_mwh"])
    yield "discharged", *told.energy(printed["discharged_mwh"])
    yield "full cycles", f"{printed['cycles']:,.1f}", ""
    if printed["water_value"] is not None:
        yield "mean water value", f"{printed['water_value']:,.2f}", told.series.unit
    site = printed["site"]
    if site is not None:
        yield "exported", *told.energy(site["exported_mwh"])
        yield "imported", *told.energy(site["imported_mwh"])
        if site["generated_mwh"] > 0.0:
            yield "curtailed", *told.energy(site["curtailed_mwh"])
        if site["revenue_without_asset"] is not None:
            yield "without the asset", written(site["revenue_without_asset"], 2), money
            yield "the asset adds", written(site["asset_adds"], 2), money
    impact = printed["price_impact"]
    if impact is not None and impact["objective"] is not None:
        yield "at prices it moves", written(impact["taker_earned"], 2), money
        yield "knowing that", written(impact["objective"], 2), money
    intraday = printed["intraday"]
    if intraday is not None:
        yield "day ahead", written(intraday["day_ahead_revenue"], 2), money
        yield "on the day", written(intraday["intraday_revenue"], 2), money
    yield "time steps", f"{printed['timesteps']:,}", f"of {printed['resolution_minutes']:g} min"
    yield "method", printed["method"], f"{printed['kernel_seconds'] * 1000:,.2f} ms"


def _show_methods(told: Told) -> None:
    def cells(row: Row) -> tuple[str, ...]:
        share = "–" if row.share is None else f"{row.share:.1%}"
        return row.method, written(row.value, 2), share, f"{row.cycles:,.1f}", f"{row.seconds:,.2f} s"

    columns = {"known of prices": "left", "value": "right", "of perfect": "right", "cycles": "right", "took": "right"}
    table(f"Value in {told.money}", columns, [cells(row) for row in told.answer.rows])


def findings(told: Told, printed: dict[str, Any]) -> list[str]:
    """What the schedule says, in sentences."""
    said = [*_about_flows(told, printed), *_about_prices(told)]
    if printed["site"] is not None:
        said += _about_site(told, printed["site"])
    said += _about_method(told, printed)
    if told.answer.rows:
        from cell2grid.engines.foresight import words

        if told.train_days > 0.0:
            said.append(f"The first {counted_days(told.train_days)} are learnt from; all figures are of those after.")
        said += words(told.case, told.answer.rows)
    elif told.answer.settlement is None:
        said.append("All prices are known in advance here: no operator can earn more, and most earn less.")
    if told.impact is not None:
        said += told.impact.sentences()
    if told.foresight == "compare":
        said.append("The table above, charts and files are of perfect foresight.")
    if told.series.synthetic:
        said.append("The prices are synthetic: no market has set them.")
    return [*said, *told.notes]


def counted_days(days: float) -> str:
    """So many days, in words."""
    return f"{days:g} day{'s' if days != 1.0 else ''}"


def _about_flows(told: Told, printed: dict[str, Any]) -> Iterator[str]:
    case, figures, unit = told.case, told.answer.figures, told.series.unit
    charged, discharged = printed["charged_mwh"], printed["discharged_mwh"]
    both = charged > 0.0 and discharged > 0.0 and told.answer.settlement is None
    if both and not case.has_site:
        cost, revenue = figures["charging_cost"], printed["revenue"]
        yield (
            f"It buys at {cost / charged:,.2f} and sells at {(revenue + cost) / discharged:,.2f} {unit} on average; "
            f"the mean price is {case.price.mean():,.2f}."
        )
    elif both:
        hours = case.step_hours
        taken = float((case.price * figures["charge"] * hours).sum()) / charged
        sent = float((case.price * figures["discharge"] * hours).sum()) / discharged
        yield (
            f"It charges in steps with a price of {taken:,.2f} and discharges at {sent:,.2f} {unit} on average; the "
            f"mean price is {case.price.mean():,.2f}."
        )
    idle = float(((figures["charge"] == 0.0) & (figures["discharge"] == 0.0)).mean())
    yield f"It stands still in {idle:.0%} of the time steps."


def _about_prices(told: Told) -> Iterator[str]:
    price, figures = told.case.price, told.answer.figures
    negative = int((price < 0.0).sum())
    if negative:
        paid = float((figures["charge"] * told.case.step_hours)[price < 0.0].sum())
        taken = " ".join(told.energy(paid))
        yield f"Prices are negative in {counted(negative, 'time step')}, in which it takes {taken}."
    if _claims_more(told):
        more = (told.answer.relaxed or 0.0) - figures["objective"]
        yield (
            "Were it let charge and discharge in one step, as a linear program lets it, it would claim "
            f"{written(more, 2)} {told.money} more; one battery cannot do that."
        )


def _claims_more(told: Told) -> bool:
    """Whether a linear program would claim more than the schedule earns, by more than rounding."""
    relaxed, objective = told.answer.relaxed, float(told.answer.figures["objective"])
    return relaxed is not None and relaxed > objective + 1e-6 * max(1.0, abs(objective))


def _about_site(told: Told, site: dict[str, Any]) -> Iterator[str]:
    case, money = told.case, told.money
    export = told.answer.figures["net_export"]
    for way, limit, flow in (("export", case.export_limit, export), ("import", case.import_limit, -export)):
        if limit is not None and (limit > 0.0).any():
            at = int((flow >= limit - 1e-9 * limit.max()).sum())
            if at:
                yield f"The connection is at its {way} limit in {counted(at, 'time step')}."
    if site["generated_mwh"] > 0.0:
        share = site["curtailed_mwh"] / site["generated_mwh"]
        yield f"{share:.1%} of what sun and wind could give is curtailed."
    if site["revenue_without_asset"] is None:
        yield "Without the asset the load could not be served."
    else:
        yield f"Without the asset the site would earn {written(site['revenue_without_asset'], 2)} {money}."


def _about_method(told: Told, printed: dict[str, Any]) -> Iterator[str]:
    best, settlement = told.answer.best, told.answer.settlement
    if best.reason is not None and best.method.startswith("highs"):
        yield f"HiGHS found the schedule, because of {best.reason}."
    if settlement is not None:
        yield (
            f"Keeping to what was sold a day ahead would be paid {written(settlement.held_value, 2)} {told.money}; "
            f"changing it on the day gains {written(settlement.gain, 2)}."
        )
    for note in told.answer.notes:
        if not told.answer.rows:
            yield f"{note[0].upper()}{note[1:]}."


def price_notes(series: PriceSeries, *, days_count: bool) -> tuple[str, ...]:
    """What was done to the price file and what its clock does; that it has no zone, only where days are counted."""
    said = price_options.findings(series)
    if not series.offsets and (series.synthetic or not days_count):
        said = said[:-1]
    return tuple(said)
