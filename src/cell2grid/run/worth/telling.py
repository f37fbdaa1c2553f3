"""A valuation in words and as one JSON document: its figures, its years, its assumptions, and what to know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.run.told.spread import spread
from cell2grid.run.worth.assumed import assumptions
from cell2grid.run.worth.worth_tables import LIFE, MEMBERS, MONEY, by_year
from cell2grid.study.quantity import Day, Quantity, figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cell2grid.run.worth.terms import Subject
    from cell2grid.run.worth.valuing import Lived, Outcome, Worth
    from cell2grid.study.money import Finance

Floats = npt.NDArray[np.float64]
_TAKER = 0.02  # what own sales may take before npv is said to be a price taker's
_LARGE = 500.0  # MW from which a project that takes prices as given is told so: of the size of a power station
_NONE = "the cash flow has no rate of return: its sign never changes, or no rate makes it worth nothing"


def document(worth: Worth) -> dict[str, Any]:
    """The valuation as plain values; a number that is not known is None."""
    middle, subject = worth.middle, worth.subject
    project = subject.project
    figure = {name: _number(_first(middle, name)) for name in MEMBERS}
    return {
        "project": project.project,
        "currency": subject.currency,
        "money": money_basis(worth.subject),
        "power": project.power.to("MW").mode if isinstance(project.power, Quantity) else None,
        "energy": project.energy.to("MWh").mode,
        "capital_cost": _number(_first(middle, "capital_cost")),
        "npv": figure["npv"],
        "irr": figure["irr"],
        "irr_reason": rate_reason(middle, "irr"),
        "equity_npv": figure["equity_npv"],
        "equity_irr": _number(_first(middle, "equity_irr")),
        "lcos": figure["lcos"],
        "payback": figure["payback"],
        "debt": _number(_first(middle, "debt")),
        "debt_cover": figure["debt_cover_least"],
        "commissioning": _number(_first(middle, "operation_start")),
        "state_of_health": [_number(value) for value in _operated(middle, "state_of_health")],
        "yearly": list(_yearly(middle)),
        "price_years": price_years(worth),
        "wear": wear(worth),
        "delay": delay(worth),
        "price_impact": price_impact(worth),
        "members": None if worth.spread is None else members(worth.spread, worth.seed),
        "assumptions": assumptions(worth.subject),
        "notes": notes(worth),
    }


def money_basis(subject: Subject) -> str:
    """Whether amounts are of their own year or of the valuation, in a sentence."""
    return money_sentence(subject.project.finance, _valued_on(subject))


def money_sentence(finance: Finance, day: str) -> str:
    """Whether amounts are of their own year or of the day of the valuation."""
    if finance.inflation is None:
        return f"real: every amount is money of {day}, and the discount rate is taken as a real one"
    rate = finance.inflation.to("percent/year").mode
    return (
        f"nominal: amounts are money of their year, raised by {rate:g} % a year from {day}; the discount rate is taken "
        "as a nominal one, and npv is money of that day"
    )


def _valued_on(subject: Subject) -> str:
    project = subject.project
    if project.valuation is not None:
        return project.valuation.text
    if subject.delivered is not None:
        return "the start of the study's horizon"
    if isinstance(project.commissioning, Day):
        return project.commissioning.text
    return "the day of commissioning" if project.commissioning is None else "the valuation"


def price_years(worth: Worth) -> dict[str, Any]:
    """Which price years there are, and how they stand for the years of the life, in a sentence."""
    said, years = worth.subject.project.prices, worth.subject.prices.years
    order = worth.middle.lives[0].price_year
    count = len(years)
    if count == 1:
        first = f"one price year ({years[0].label}) stands for each of the {len(order)} operating years"
    elif said.years == "drawn":
        first = f"{count} price years follow one another in the middle case; members draw one for each year by itself"
    else:
        first = f"{count} price years follow one another, and again from the first; members begin at one that is drawn"
    growth = 0.0 if said.growth is None else said.growth.to("percent/year").mode
    inflated = worth.subject.project.finance.inflation is not None and said.basis == "real"
    raised = "inflation raises them" if inflated else "no inflation raises them"
    grown = f"they grow by {growth:g} % a year besides" if growth else "they do not grow besides"
    return {
        "count": count,
        "labels": [year.label for year in years],
        "basis": said.basis,
        "growth": growth / 100.0,
        "order": list(order),
        "statement": f"{first}; {raised}, {grown}",
        "synthetic": worth.subject.prices.synthetic,
    }


def wear(worth: Worth) -> dict[str, Any]:
    """Which cells, and whether the cost of their wear settled in the schedules."""
    life, project = worth.middle.life_of(0), worth.subject.project
    return {
        "cells": None if project.ageing is None else project.ageing.cells,
        "worth_of_capacity": "none" if project.ageing is None else project.ageing.wear,
        "settled": life.settled,
        "rounds": life.rounds,
        "residual": _number(life.residual),
        "ended": life.ended,
        "added_energy": float(life.added_energy.sum()),
        "methods": list(life.methods),
    }


def delay(worth: Worth) -> dict[str, Any]:
    """What each month of delay does to the NPV of the middle case."""
    npv = [_number(value) for value in worth.delay]
    cost = worth.delay[0] - worth.delay[1]
    return {"cost_of_first_month": _number(cost), "npv_by_month": npv}


def price_impact(worth: Worth) -> dict[str, Any] | None:
    """What is left of the market revenue where the project's own sales move prices; None where no slope is known."""
    found, estimate = worth.own_sales, worth.subject.prices.slope
    if found is None:
        return None
    return {
        "slope": found.slope,
        "slope_low": None if estimate is None else estimate.low,
        "slope_high": None if estimate is None else estimate.high,
        "kept": _number(found.kept),
        "taker_expected": float(found.expected.sum()),
        "taker_earned": float(found.earned.sum()),
        "knowing": float(found.knowing.sum()),
        "gap": float(found.gap.sum()),
        "npv_taker_earned": _number(found.npv_earned),
        "npv_knowing": _number(found.npv_knowing),
    }


def members(outcome: Outcome, seed: int) -> dict[str, Any]:
    """The spread over the members, and in how many the project loses money, never comes, or has no rate of return."""
    npv = outcome.arrays["npv"].values[:, 0]
    known = np.isfinite(npv)
    counts = outcome.arrays["irr_count"].values[:, 0]
    rows: dict[str, Any] = {}
    for name in MEMBERS:
        found = spread(outcome.arrays[name].values[:, 0].astype(np.float64))
        rows[name.removesuffix("_least")] = {
            label: _number(getattr(found, label)) for label in ("mean", "p10", "p50", "p90")
        }
    return {
        "count": len(npv),
        "seed": seed,
        "spread": rows,
        "below_zero": float((npv[known] < 0.0).mean()) if known.any() else None,
        "never_commissioned": int((~known).sum()),
        "without_irr": int((counts[known] == 0).sum()),
        "several_irr": int((counts[known] > 1).sum()),
        "lives": len(outcome.lives),
    }


def notes(worth: Worth) -> list[str]:
    """What a reader must know before believing the figures."""
    found = [*worth.subject.prices.notes]
    found += [note for life in (worth.middle.lives[0],) for note in life.notes]
    lent = worth.subject.project.finance.debt
    for name in ("irr", "equity_irr") if lent is not None and _first(worth.middle, "debt") > 0.0 else ("irr",):
        reason = rate_reason(worth.middle, name)
        found += [] if reason is None else [f"{name}: {reason}"]
    if lent is not None and lent.cover is not None and _first(worth.middle, "debt") <= 0.0:
        found.append("debt: none can be lent, for no year of its tenor leaves cash to cover a service with")
    power = worth.subject.project.power
    if worth.own_sales is None and isinstance(power, Quantity) and power.to("MW").mode >= _LARGE:
        found.append(
            f"prices are taken as given, though {power.text} would move those of most markets: 'slope' or 'slope_from' "
            "in prices says what its own sales leave"
        )
    if worth.own_sales is not None and worth.own_sales.kept < 1.0 - _TAKER:
        found.append(
            f"prices fall by {worth.own_sales.slope:g} with each MW: {worth.own_sales.kept:.1%} of the market revenue "
            f"is left where the schedule knows it, for a net present value of {worth.own_sales.npv_knowing:,.0f} "
            f"{worth.subject.currency}; all else is told as of a price taker"
        )
    ranges = sum(_is_range(part) for _, part in figures(worth.subject.project))
    if worth.spread is None and ranges:
        found.append(f"{ranges} figure(s) are ranges, here at their middle; --members N shows the spread")
    if worth.spread is not None:
        unsettled = sum(not life.settled for life in worth.spread.lives)
        if unsettled:
            found.append(f"in {unsettled} of {len(worth.spread.lives)} lives the cost of wear did not settle")
    return list(dict.fromkeys(found))


def lives_notes(lived: Lived) -> list[str]:
    """What a reader must know of the lives of many members: what is said of the first, and of how many else."""
    found = [f"{note} (first member)" for note in lived.life_of(0).notes]
    each = [lived.life_of(member) for member in range(len(lived.members.case_of))]
    ended, unsettled = sum(life.ended is not None for life in each), sum(not life.settled for life in each)
    if ended:
        found.append(f"the store's life ends early in {ended} of {len(each)} members")
    if unsettled:
        found.append(f"the cost of wear did not settle in {unsettled} of {len(each)} members")
    return found


def _is_range(figure: Quantity | Day) -> bool:
    return isinstance(figure, Quantity) and figure.magnitude.low < figure.magnitude.high


def rate_reason(outcome: Outcome, name: str) -> str | None:
    """Why there is no rate of return; None where there is one."""
    from cell2grid.formulas import finance

    if np.isfinite(_first(outcome, name)):
        return None
    flows = "cash_flow" if name == "irr" else "equity_cash_flow"
    return finance.irr(outcome.arrays[flows].values[0, 0]).reason or _NONE


def _yearly(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One row a year from commissioning, of the middle case."""
    years = outcome.arrays.sizes["year"]
    money = {name: by_year(outcome, name)[0] for name in MONEY}
    life = {name: by_year(outcome, name)[0] for name in LIFE}
    order = outcome.life_of(0).price_year
    operated = outcome.by_year("operated")[0] > 0.0
    for year in range(years):
        row: dict[str, Any] = {"year": year}
        row |= {name: _number(values[year]) for name, values in money.items()}
        place = year - 1
        lived = 0 <= place < len(operated) and bool(operated[place])
        row |= {name: _number(values[place]) if lived else None for name, values in life.items()}
        row["price_year"] = order[place] if lived else None
        yield row


def _operated(outcome: Outcome, name: str) -> Floats:
    values = by_year(outcome, name)[0]
    found: Floats = values[outcome.by_year("operated")[0] > 0.0]
    return found


def _first(outcome: Outcome, name: str) -> float:
    return float(outcome.arrays[name].values[0, 0])


def _number(value: float) -> float | None:
    """A number that JSON can hold."""
    return float(value) if np.isfinite(value) else None
