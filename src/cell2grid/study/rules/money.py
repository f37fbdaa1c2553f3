"""Rules on money: what each figure of a project's money is divided by, its bounds, and the rates between currencies.

They hold for the projects of a study and for a project file alike. What the parts of a project say together is in
``rules/projects.py``; the models are in ``money.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from cell2grid.study.model import Study
from cell2grid.study.money import Contract, Finance
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.records import ExchangeRate
from cell2grid.study.refusals import Problem, near
from cell2grid.study.wear import Augmentation
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency, names, same_kind


@dataclass(frozen=True, slots=True)
class Form:
    """How a figure of money is written: what it is divided by, a part of the capital cost instead, and its least."""

    written: Mapping[str, tuple[str, ...]]
    part: str | None = None
    least: float | None = 0.0


# USD/kW/year measures the same as USD/kWh and means another thing
_COSTS = {"USD": (), "USD/kWh": ("kWh",), "USD/kW": ("kW",)}
_YEARLY = {"USD/year": ("year",), "USD/kWh/year": ("kWh", "year"), "USD/kW/year": ("kW", "year")}
_PER_ENERGY = {"USD/MWh": ("MWh",)}
_FINANCE: Mapping[tuple[str, ...], Form] = {
    ("capital_cost",): Form(_COSTS),
    ("power_cost",): Form({"USD/kW": ("kW",)}),
    ("site_cost",): Form({"USD": (), "USD/kW": ("kW",)}),
    ("fixed_cost",): Form(_YEARLY, part="percent/year"),
    ("variable_cost",): Form(_PER_ENERGY),
    ("residual_value",): Form(_COSTS, part="percent", least=None),
    ("subsidy", "grant"): Form(_COSTS, part="percent"),
    ("subsidy", "per_energy"): Form(_PER_ENERGY),
}
_CONTRACT = Form({"USD/kW/year": ("kW", "year"), "USD/MW/month": ("MW", "month")})
_AUGMENTATION = Form({"USD/kWh": ("kWh",)})
SLOPE = Form({"USD/MWh/MW": ("MWh", "MW")})

Money = tuple[KeyPath, Quantity, Form]


def currencies() -> list[str]:
    """The codes of the currencies that units.txt knows."""
    return sorted(name for name in names() if len(name) == 3 and name.isupper() and currency(name))


def money_is_money(study: Study) -> Iterator[Problem]:
    """Costs are in a currency that units.txt knows: in all, per kWh or per kW; yearly ones by the year."""
    for name, project in study.projects.items():
        for path, figure, form in amounts(project.finance, project.contracts, project.augmentation, ("projects", name)):
            yield from form_problems(path, figure, form)
    written: list[tuple[KeyPath, str | None]] = []
    written += [(("regions", name, "currency"), region.currency) for name, region in study.regions.items()]
    written += [(("prices", name, "currency"), prices.currency) for name, prices in study.prices.items()]
    for path, code in written:
        if code is not None:
            yield from currency_problems(path, code)
    yield from rate_problems(study.exchange_rates)


def currencies_can_be_exchanged(study: Study) -> Iterator[Problem]:
    """A project's costs and prices are in one currency, or the study has a dated rate between the two."""
    for name, project in study.projects.items():
        finance = project.finance
        if finance is None or project.prices is None:
            continue
        prices, money = study.prices[project.prices], currency(finance.capital_cost.unit)
        if not exchangeable(study.exchange_rates, money, prices.currency):
            path = ("projects", name, "finance", "capital_cost")
            text = f"'{finance.capital_cost.text}' is in {money}, and prices '{project.prices}' are in"
            yield Problem(path, f"{text} {prices.currency}; {add_rate(prices.currency, money)}")
        part = amounts(finance, project.contracts, project.augmentation, ("projects", name))
        yield from exchange_problems(list(part), money, study.exchange_rates)


def amounts(
    finance: Finance | None, contracts: Sequence[Contract], augmentation: Sequence[Augmentation], path: KeyPath
) -> Iterator[Money]:
    """Every figure of a project's money that is written and filled in, with its path and its form."""
    found: list[tuple[KeyPath, Quantity | None, Form]] = []
    if finance is not None:
        written = dict(figures(finance))
        found += [((*path, "finance", *key), _quantity(written.get(key)), form) for key, form in _FINANCE.items()]
    found += [((*path, "contracts", place, "price"), each.price, _CONTRACT) for place, each in enumerate(contracts)]
    found += [
        ((*path, "augmentation", place, "cost"), each.cost, _AUGMENTATION) for place, each in enumerate(augmentation)
    ]
    for place, figure, form in found:
        if figure is not None and not figure.unfilled:
            yield place, figure, form


def _quantity(figure: object) -> Quantity | None:
    return figure if isinstance(figure, Quantity) else None


def form_problems(path: KeyPath, figure: Quantity, form: Form) -> Iterator[Problem]:
    """The figure is money in one of its forms, or a part of the capital cost, and within its bounds."""
    part = form.part is not None and same_kind(figure.unit, form.part)
    if not part and not any(_is_per(figure.unit, divisors) for divisors in form.written.values()):
        said = [*form.written, *([form.part] if form.part else [])]
        yield Problem(path, f"'{figure.text}' is in {figure.unit}; a cost in {' or '.join(said)} belongs here")
    elif form.least is not None and figure.magnitude.low < form.least:
        yield Problem(path, f"'{figure.text}' is below {form.least:g}, the least a cost can be; correct it")
    elif part and figure.to(str(form.part)).high > 100.0:
        yield Problem(path, f"'{figure.text}' is above 100 {form.part}, all of the capital cost; correct it")


def _is_per(unit: str, parts: tuple[str, ...]) -> bool:
    """Whether the unit is money by units of these kinds, in any order."""
    money, *divisors = unit.split("/")
    return money in currencies() and any(
        len(parts) == len(divisors) and all(map(same_kind, order, parts)) for order in permutations(divisors)
    )


def currency_problems(path: KeyPath, code: str) -> Iterator[Problem]:
    """The code is that of a currency that is known."""
    if code not in currencies():
        text = f"'{code}' is no currency of units.txt; {near(code, currencies(), what='currencies')}"
        yield Problem(path, text)


def rate_problems(rates: Sequence[ExchangeRate]) -> Iterator[Problem]:
    """An exchange rate is between two currencies and above 0."""
    for index, rate in enumerate(rates):
        path: KeyPath = ("exchange_rates", index, "rate")
        first, _, second = rate.rate.unit.partition("/")
        if first not in currencies() or second not in currencies():
            yield Problem(path, f"'{rate.rate.text}' is no rate; write it as '7.25 CNY/USD [source-key]'")
        elif rate.rate.magnitude.low <= 0:
            yield Problem(path, f"'{rate.rate.text}' is not above 0; correct the rate")


def exchange_problems(part: Sequence[Money], money: str | None, rates: Sequence[ExchangeRate]) -> Iterator[Problem]:
    """Every figure of a project's money can be brought to the currency of its capital cost."""
    for path, figure, _ in part:
        own = currency(figure.unit)
        if not exchangeable(rates, own, money):
            text = f"'{figure.text}' is in {own}, and the capital cost in {money}"
            yield Problem(path, f"{text}; {add_rate(str(money), own)}")


def exchangeable(rates: Sequence[ExchangeRate], one: str | None, other: str | None) -> bool:
    """Whether the two are one currency, one of them is none, or there is a rate between them."""
    if None in (one, other) or one == other:
        return True
    return any(set(rate.rate.unit.split("/")) == {one, other} for rate in rates)


def add_rate(first: str, second: str | None) -> str:
    """The next step where a rate is missing."""
    return (
        f"add a dated rate in {first}/{second} to exchange_rates, as in "
        f"{{day: 2025-02-12, rate: '2 {first}/{second} [source]'}}"
    )
