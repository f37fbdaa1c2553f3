"""Costs in the money of a project: dated exchange rates, and amounts per energy, per power or in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.units import currency, same_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.quantity import Quantity
    from cell2grid.study.records import ExchangeRate


def exchange_rate(
    rates: Sequence[ExchangeRate], source: str, target: str, figures: Figures, variable: str
) -> NDArray[np.float64]:
    """What a unit of currency ``source`` is worth in ``target``, by member: the latest rate between the two.

    Raises
    ------
    StudyError
        There is no rate between them.
    """
    if source == target:
        return np.ones(figures.count)
    found = []
    for number, row in enumerate(rates):
        for unit, backwards in ((f"{target}/{source}", False), (f"{source}/{target}", True)):
            if same_kind(row.rate.unit, unit):
                found.append((row.day.first, number, unit, backwards))
    if not found:
        raise StudyError(
            f"exchange_rates: there is no rate between {source} and {target};"
            f" add one, as in {{day: 2025-02-12, rate: '7.2 {target}/{source} [source]'}}"
        )
    _, number, unit, backwards = max(found)
    rate = figures.drawn(variable, f"exchange_rates.{number}.rate", rates[number].rate, unit)
    return 1.0 / rate if backwards else rate


def in_money(
    cost: Quantity,
    path: str,
    money: str,
    figures: Figures,
    variable: str,
    *,
    power: float,
    energy: float,
    exchange_rates: Sequence[ExchangeRate] = (),
    time: str = "",
) -> NDArray[np.float64]:
    """A cost of the whole project in ``money``: what is given per energy or power is multiplied with its size.

    Parameters
    ----------
    power, energy
        The project's size [MW], [MWh].
    time
        ``/year`` for what is paid each year.

    Raises
    ------
    StudyError
        It is in no currency, in another one without a rate, or in another form.
    """
    own = currency(cost.unit)
    if own is None:
        raise StudyError(f"{path}: '{cost.text}' is in no currency; write it as '1500 {money}/kWh{time} [source]'")
    rate = _rate(exchange_rates, own, money, figures, variable, path, cost)
    # told apart by how the unit is written, in any order: to pint, EUR/kW/year and EUR/kWh are one kind
    _, *per = cost.unit.split("/")
    per.sort(key=lambda divisor: same_kind(divisor, "year"))
    yearly = bool(per) and same_kind(per[-1], "year")
    for size, unit in ((energy, "MWh"), (power, "MW")):
        if yearly == bool(time) and len(per) == 1 + yearly and same_kind(per[0], unit):
            return figures.drawn(variable, path, cost, f"{own}/{unit}{time}") * size * rate
    if yearly == bool(time) and len(per) == yearly:
        return figures.drawn(variable, path, cost, f"{own}{time}") * rate
    raise StudyError(
        f"{path}: '{cost.text}' is in {cost.unit}; give it as {own}/kWh{time}, {own}/kW{time} or {own}{time}"
    )


def per_energy(
    cost: Quantity, path: str, money: str, figures: Figures, variable: str, exchange_rates: Sequence[ExchangeRate] = ()
) -> NDArray[np.float64]:
    """Money for each MWh, in ``money``.

    Raises
    ------
    StudyError
        It is in another form, or in another currency without a rate.
    """
    own = currency(cost.unit)
    if own is None or not _divided_by(cost.unit, "MWh"):
        raise StudyError(
            f"{path}: '{cost.text}' is in {cost.unit}; money per energy belongs here, as in '2 {money}/MWh'"
        )
    rate = _rate(exchange_rates, own, money, figures, variable, path, cost)
    return figures.drawn(variable, path, cost, f"{own}/MWh") * rate


def per_power_year(
    cost: Quantity, path: str, money: str, figures: Figures, variable: str, exchange_rates: Sequence[ExchangeRate] = ()
) -> NDArray[np.float64]:
    """Money for each MW and year, in ``money``; months, days and hours make a year of 8,760 hours.

    Raises
    ------
    StudyError
        It is in another form, or in another currency without a rate.
    """
    own = currency(cost.unit)
    if own is None or not _divided_by(cost.unit, "MW", "year"):
        raise StudyError(
            f"{path}: '{cost.text}' is in {cost.unit}; money for power and time belongs here, as in "
            f"'80 {money}/kW/year' or '6000 {money}/MW/month'"
        )
    rate = _rate(exchange_rates, own, money, figures, variable, path, cost)
    return figures.drawn(variable, path, cost, f"{own}/MW/year") * rate


def _divided_by(unit: str, *kinds: str) -> bool:
    """Whether the unit is divided by units of these kinds, in any order, and by nothing else."""
    _, *divisors = unit.split("/")
    if len(divisors) != len(kinds):
        return False
    return all(any(same_kind(divisor, kind) for divisor in divisors) for kind in kinds)


def _rate(
    rates: Sequence[ExchangeRate], own: str, money: str, figures: Figures, variable: str, path: str, cost: Quantity
) -> NDArray[np.float64]:
    try:
        return exchange_rate(rates, own, money, figures, variable)
    except StudyError as error:
        raise StudyError(f"{path}: '{cost.text}' is not in {money}; {error}") from None
