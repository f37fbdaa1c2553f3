"""What members say of an observation of a study's markets: of a plant, firm, region, product, market or group.

What the name stands for chooses plants and markets. Rates are means over the months; amounts are totals of them. A
utilisation is the sum of what the plants sell by the sum of what they could or of nameplate, a share the sum of what
they sell by all that is sold in the markets, a price the mean weighed by sales. Observations of plants' months are in
``run/told/record.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import months_between
from cell2grid.nomenclature import variable
from cell2grid.run.market.decisions import deciding
from cell2grid.run.market.terms import MONTHS_A_YEAR, terms_of
from cell2grid.study.rules.observed import BY_TERM, MONEY, USES, chosen
from cell2grid.units import convert, counted_noun, currency, same_kind

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.market.terms import Terms
    from cell2grid.study.model import Observation, Study

    Values = NDArray[np.float64]

_ALONE = ("market_cr4",)  # of one market


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The part of the markets that an observation is of: (member, plant, market, term) and what goes with it."""

    study: Study
    arrays: xr.Dataset
    path: str
    plants: NDArray[np.bool_]  # (plant, term)
    markets: NDArray[np.bool_]  # (market)
    months: Values  # (term): of each term within the observation

    def of(self, name: str, *dims: str) -> Values:
        """A variable with nothing where it is missing."""
        found: Values = np.nan_to_num(self.arrays[name].transpose("member", *dims, "term").values)
        return found

    def own(self, name: str) -> Values:
        """A variable of plants, of those that are chosen (member, term)."""
        found: Values = np.einsum("bpt,pt->bt", self.of(name, "plant"), self.plants.astype(np.float64))
        return found

    def sold(self, *, by_all: bool = False) -> Values:
        """What the chosen plants, or all of them, sell in each chosen market (member, market, term)."""
        plants = np.ones_like(self.plants) if by_all else self.plants
        found: Values = np.einsum(
            "bpmt,pt,m->bmt", self.of("sales", "plant", "market"), plants.astype(float), self.markets.astype(float)
        )
        return found

    def over(self, rates: Values) -> Values:
        """The mean over the months of the observation of what is there in each term (member)."""
        found: Values = rates @ self.months / self.months.sum()
        return found


def has_observed(arrays: xr.Dataset, name: str) -> bool:
    """Whether a variable is a result of markets that the arrays hold."""
    return name in BY_TERM and "market_price" in arrays


def market_values(study: Study, arrays: xr.Dataset, path: str, seen: Observation) -> NDArray[np.float64]:
    """What each member says of an observation of markets, in the unit that was observed.

    Raises
    ------
    StudyError
        The name stands for no plant or market of the game; its months or its unit are not those of the variable.
    """
    part = _seen(study, arrays, path, seen)
    name = seen.variable
    if name in USES:
        return _ratio(part, part.own("plant_sales"), part.own(USES[name])) / _one(seen, "ratio")
    if name == "market_share":
        sold, total = part.sold().sum(axis=1), part.sold(by_all=True).sum(axis=1)
        return _ratio(part, sold, total) / _one(seen, "ratio")
    if name == "plant_margin":
        earned = part.own("plant_profit") + part.own("fixed_cost_rate")
        return _ratio(part, earned, _revenue(part)) / _one(seen, "ratio")
    if name == "market_price":
        sold = part.sold(by_all=True)
        paid = (sold * part.of("market_price", "market")).sum(axis=1)
        return _ratio(part, paid, sold.sum(axis=1)) / _one_of_money(part, seen)
    if name in _ALONE:
        if part.markets.sum() != 1:
            raise StudyError(f"{path}.of: '{name}' is of one market, and '{seen.of}' is not; name a market")
        found = part.of(name, "market")[:, part.markets][:, 0]
        return part.over(found) / _one(seen, variable(name).unit)
    rates = _money(part, name) if name in MONEY else part.sold(by_all=name == "market_sales").sum(axis=1)
    return _amount(part, seen, rates)


def _seen(study: Study, arrays: xr.Dataset, path: str, seen: Observation) -> _Seen:
    if study.competition is None or "market_price" not in arrays:
        raise StudyError(f"{path}.variable: '{seen.variable}' is of markets that make their price; add 'competition'")
    terms = terms_of(study)
    plants, markets = ([str(name) for name in arrays[dim].values] for dim in ("plant", "market"))
    playing = [name for name in plants if bool(arrays["plant_sales"].sel(plant=name).notnull().any())]
    by_term = [one.decides for one in deciding(study, playing, terms) for _ in range(one.after - one.first)]
    chosen_plants = np.zeros((len(plants), len(terms.labels)), dtype=bool)
    in_markets: set[str] = set()
    for place, names in enumerate(by_term):
        own, named = chosen(study, seen.of, dict(zip(playing, names, strict=True)), seen.variable)
        in_markets.update(named if own else ())
        chosen_plants[:, place] = [name in own for name in plants]
    inside = months_between(seen.start, seen.end)
    months = np.array([sum(month in inside for month in _months(terms, row)) for row in range(len(terms.labels))])
    if months.sum() < len(inside) or not inside:
        raise StudyError(f"{path}: {seen.start} to {seen.end} are not all within the months of the study")
    found = _Seen(
        study, arrays, path, chosen_plants, np.array([name in in_markets for name in markets]), months.astype(float)
    )
    if not found.plants.any() or not found.markets.any():
        raise StudyError(f"{path}.of: '{seen.of}' has no {seen.variable}; name what sells in a market of the study")
    return found


def _months(terms: Terms, row: int) -> list[str]:
    return [month for month, part in zip(terms.periods, terms.weight[row], strict=True) if part > 0.0]


def _ratio(part: _Seen, above: Values, below: Values) -> Values:
    """The ratio of what is added up over the months (member); missing where there is nothing below."""
    over, under = part.over(above), part.over(below)
    found: Values = np.divide(over, under, out=np.full_like(over, np.nan), where=under > 0.0)
    return found


def _revenue(part: _Seen) -> Values:
    found: Values = (part.sold() * part.of("market_price", "market")).sum(axis=1)
    return found


def _money(part: _Seen, name: str) -> Values:
    """Money a year of the chosen plants or markets (member, term)."""
    if name == "firm_revenue":
        return _revenue(part)
    if name in ("firm_profit", "plant_profit"):
        return part.own("plant_profit")
    found: Values = np.einsum("bmt,m->bt", part.of(name, "market"), part.markets.astype(np.float64))
    return found


def _amount(part: _Seen, seen: Observation, rates: Values) -> Values:
    """A rate in the unit that was observed, or the total of the months where that has no time."""
    unit = seen.value.unit
    own = variable(seen.variable).unit.replace("currency", _currency(part))
    rate = part.over(rates)
    if counted_noun(unit) is None and currency(unit) is None:
        rate, own = rate * _energy(part, seen), "MWh/year"
    if same_kind(unit, own):
        return rate / convert(1.0, unit, own)
    whole = own.removesuffix("/year")
    if not same_kind(unit, whole):
        raise StudyError(f"{part.path}.value: is in {unit}; '{seen.variable}' is in {own} or {whole}")
    total: Values = rate * (part.months.sum() / MONTHS_A_YEAR) / convert(1.0, unit, whole)
    return total


def _energy(part: _Seen, seen: Observation) -> float:
    """What one item stores [MWh], where all that is counted is of one product."""
    products = {
        part.study.plants[str(name)].makes
        for name, inside in zip(part.arrays["plant"].values, part.plants, strict=True)
        if inside.any()
    }
    energies = {part.study.products[name].energy for name in products}
    if len(products) != 1 or None in energies:
        text = f"'{seen.value.text}' is energy, and '{seen.of}' does not sell one product of known energy"
        raise StudyError(f"{part.path}.value: {text}; count items")
    (energy,) = energies
    assert energy is not None
    return energy.to("MWh/item").mode


def _one(seen: Observation, unit: str) -> float:
    return convert(1.0, seen.value.unit, unit)


def _one_of_money(part: _Seen, seen: Observation) -> float:
    return convert(1.0, seen.value.unit, f"{_currency(part)}/item")


def _currency(part: _Seen) -> str:
    assert part.study.competition is not None
    return part.study.competition.currency
