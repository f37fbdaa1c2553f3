"""All that is found of a study's owners on one day, and as one plain document.

Shares are ratios in Python and percent in the document; power is a ratio in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.formulas.calendar import days_in, first_day
from cell2grid.formulas.ownership.control import MAJORITY
from cell2grid.run.owners.capacity import Part, capacities, outputs
from cell2grid.run.owners.companies import Company, Holder, Stakes, companies, stakes_on
from cell2grid.run.owners.links import Link, Neighbours, links, neighbours
from cell2grid.run.owners.markets import Market, bands, markets

if TYPE_CHECKING:
    from cell2grid.results import Results
    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Quantity
    from cell2grid.study.records import ExchangeRate

NO_STAKES = "the study names no stakes: each firm is taken as its own master"
UNKNOWN_REST = "a firm of which no stake is named is taken as its own master; what named stakes leave is unknown"


@dataclass(frozen=True, slots=True)
class Owners:
    """A study's owners on a day; ``outputs`` is None where no run was given.

    ``threshold`` and ``quota`` are the parts of the votes above which a firm controls, and a vote is carried [ratio].
    """

    study: Study
    day: date
    threshold: float
    quota: float
    stakes: Stakes
    companies: tuple[Company, ...]
    capacities: tuple[Part, ...]
    outputs: tuple[Part, ...] | None
    links: tuple[Link, ...]
    neighbours: tuple[Neighbours, ...]
    markets: tuple[Market, ...]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Plain values, ready for JSON: shares in percent, power as a ratio, what is missing as None."""
        return {
            "study": self.study.study,
            "on": self.day.isoformat(),
            "threshold": _percent(self.threshold),
            "quota": _percent(self.quota),
            "units": {"shares": "percent", "power": "ratio"},
            "companies": [_company(self.study, company) for company in self.companies],
            "capacity": [_part(part) for part in self.capacities],
            "output": None if self.outputs is None else [_part(part) for part in self.outputs],
            "supplies": [_link(link) for link in self.links],
            "neighbours": [
                {
                    "firm": row.firm,
                    "suppliers": list(row.suppliers),
                    "customers": list(row.customers),
                    "suppliers_of_suppliers": list(row.suppliers_of_suppliers),
                    "customers_of_customers": list(row.customers_of_customers),
                }
                for row in self.neighbours
            ],
            "concentration": [_market(row) for row in self.markets],
            "notes": list(self.notes),
        }


def owners_of(
    study: Study,
    day: date | None = None,
    *,
    threshold: float = MAJORITY,
    quota: float = MAJORITY,
    results: Results | None = None,
) -> Owners:
    """Who owns, controls and supplies whom in a study on a day, and what of its plants is whose.

    Parameters
    ----------
    day
        The last day of the horizon where none is given.
    threshold
        The part of the votes above which a firm controls a company [ratio].
    quota
        The part of the votes above which a vote is carried, for power [ratio].
    results
        A run of the study, read with arrays: attributable output is counted too.

    Raises
    ------
    InputError
        Firms own one another completely on that day; threshold or quota is none; the run is of another study.

    >>> from cell2grid.study.loader import load_study
    >>> venture = owners_of(load_study("beijing-era").study).companies[0]
    >>> [(row.holder, row.control, row.banzhaf[0]) for row in venture.holders]
    [('catl', 'yes', 1.0), ('baic', 'no', 0.0), ('xiaomi-auto', 'no', 0.0)]
    """
    if not 0.0 <= threshold < 1.0:
        raise InputError(f"threshold is {100 * threshold:g} percent of the votes, expected 0 to below 100")
    if not 0.5 <= quota < 1.0:
        raise InputError(f"quota is {100 * quota:g} percent of the votes, expected 50 to below 100")
    if results is not None and results.name != study.study:
        raise InputError(f"the run is of study '{results.name}', not of '{study.study}'; give the run of this study")
    end = study.horizon.end
    day = first_day(end).replace(day=days_in(end)) if day is None else day
    stakes = stakes_on(study, day, threshold=threshold, quota=quota)
    found = tuple(companies(stakes))
    named = links(study, day)
    made = None
    if results is not None:
        made = tuple(outputs(study, results, lambda on: stakes_on(study, on, threshold=threshold, quota=quota)))
    return Owners(
        study=study,
        day=day,
        threshold=threshold,
        quota=quota,
        stakes=stakes,
        companies=found,
        capacities=tuple(capacities(study, stakes, day)),
        outputs=made,
        links=tuple(named),
        neighbours=tuple(neighbours(named)),
        markets=tuple(markets(study, stakes, day)),
        notes=tuple(_notes(study, found)),
    )


def _notes(study: Study, found: Sequence[Company]) -> list[str]:
    notes = [NO_STAKES] if not study.stakes else [UNKNOWN_REST] if found else []
    if study.stakes and not found:
        notes.append("no stake holds on this day; ask for another with --on")
    if study.plants:
        said = "; ".join(f"{row['called']}: index above {row['above']:,} by {row['source']}" for row in bands())
        notes.append(f"concentration is that of the plants of the study, at the middle of their capacity ({said})")
    return notes


def _percent(share: float) -> float:
    """In percent, without the crumbs of binary fractions."""
    return round(100.0 * share, 9)


def _ends(name: str, ends: tuple[float, float] | None) -> dict[str, float | None]:
    """The two ends of a figure by their keys, rounded to what a reader could use."""
    low, high = (None, None) if ends is None else (float(f"{end:.12g}") for end in ends)
    return {f"{name}low": low, f"{name}high": high}


def _company(study: Study, company: Company) -> dict[str, Any]:
    firm = study.firms[company.company]
    return {
        "company": company.company,
        "name": firm.name,
        "capital": None if firm.capital is None else capital(firm.capital, study.exchange_rates),
        "holders": [_holder(study, row) for row in company.holders],
        "unknown_low": _percent(company.unknown[0]),
        "unknown_high": _percent(company.unknown[1]),
        "unattributed": _percent(company.unattributed),
        "controllers": list(company.controllers),
        "ultimate_controllers": list(company.ultimate),
        "notes": list(company.notes),
    }


def capital(quantity: Quantity, rates: Sequence[ExchangeRate]) -> dict[str, Any]:
    """A company's capital with its ends, and in each currency to which there is a rate, by the latest of them."""
    magnitude = quantity.magnitude
    exchanged: dict[str, dict[str, Any]] = {}
    for row in sorted(rates, key=lambda row: row.day.first):
        first, _, second = row.rate.unit.partition("/")
        if magnitude.unit in (first, second):
            backwards = magnitude.unit == first
            factor = 1.0 / row.rate.value if backwards else row.rate.value
            other = second if backwards else first
            exchanged[other] = {
                "unit": other,
                "value": magnitude.mode * factor,
                "day": row.day.text,
                "rate": row.rate.text,
            }
    return {
        "value": magnitude.mode,
        "low": magnitude.low,
        "high": magnitude.high,
        "unit": magnitude.unit,
        "exchanged": list(exchanged.values()),
    }


def _holder(study: Study, row: Holder) -> dict[str, Any]:
    low, high = row.attributable
    return {
        "holder": row.holder,
        "name": study.firms[row.holder].name,
        "direct": None if row.direct is None else _percent(row.direct.middle),
        "direct_low": None if row.direct is None else _percent(row.direct.low),
        "direct_high": None if row.direct is None else _percent(row.direct.high),
        "attributable_low": _percent(low),
        "attributable_high": _percent(high),
        "votes": None if row.votes is None else _percent(row.votes.middle),
        "chain_votes": _percent(row.chain),
        "control": row.control,
        **_ends("banzhaf_", row.banzhaf),
        **_ends("shapley_", row.shapley),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "firm": part.firm,
        "product": part.product,
        **_ends("", part.items),
        **_ends("mean_", part.mean),
        "unit": part.unit,
        **_ends("energy_", part.energy),
        **_ends("energy_mean_", part.energy_mean),
        "energy_unit": part.energy_unit,
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "supplier": link.supplier,
        "customer": link.customer,
        "supplier_firm": link.supplier_firm,
        "customer_firm": link.customer_firm,
        "product": link.product,
        "share_low": None if link.share is None else _percent(link.share[0]),
        "share_high": None if link.share is None else _percent(link.share[1]),
        "since": link.since,
        "until": link.until,
        "basis": link.basis,
        "sources": link.sources,
    }


def _market(row: Market) -> dict[str, Any]:
    low, high = row.bands
    return {
        "product": row.product,
        "basis": row.basis,
        "firms": row.firms,
        "unknown": _percent(row.unknown),
        "cr4_low": _percent(row.found.ratio_low),
        "cr4_high": _percent(row.found.ratio_high),
        **_ends("hhi_", (row.found.index_low, row.found.index_high)),
        "band_low": low,
        "band_high": high,
    }
