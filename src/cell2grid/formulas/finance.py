"""The money of a storage project: cash flow, net present value, internal rate of return, cost of storage, payback.

One amount of capital at commissioning, then the same year again and again, a little less each time. Debt, tax,
inflation, augmentation and residual value are left out. Flows fall at the end of their year. Amounts are in one
currency; arrays broadcast, and a year is always the last axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

# rates of return between -99.3 % and 14,700 % a year are looked for where there can be several
_LOG_RATES = np.linspace(-5.0, 5.0, 4001)


@dataclass(frozen=True, slots=True)
class RateOfReturn:
    """The internal rate of return [1/year], or None and the reason; ``count`` is how many rates there are."""

    rate: float | None
    count: int
    reason: str | None = None


def year_shares(life: Numbers, years: int) -> Floats:
    """The share of each of ``years`` operating years that lies within the life [year], by (…, year).

    >>> year_shares(2.5, 4).tolist()
    [1.0, 1.0, 0.5, 0.0]
    """
    begun = np.arange(years, dtype=np.float64)
    shares: Floats = np.clip(np.asarray(life, np.float64)[..., None] - begun, 0.0, 1.0)
    return shares


def yearly(amount: Numbers, degradation: Numbers, life: Numbers, years: int) -> Floats:
    """A yearly amount that shrinks by ``degradation`` [1/year] each year within the life, by (…, year).

    amount_y = amount (1 - degradation)^(y-1) share_y.

    >>> yearly(100.0, 0.1, 3.0, 3).round(6).tolist()
    [100.0, 90.0, 81.0]
    """
    left = (1.0 - np.asarray(degradation, np.float64)[..., None]) ** np.arange(years)
    amounts: Floats = np.asarray(amount, np.float64)[..., None] * left * year_shares(life, years)
    return amounts


def cash_flow(
    capital_cost: Numbers,
    yearly_revenue: Numbers,
    fixed_cost: Numbers,
    *,
    degradation: Numbers = 0.0,
    life: Numbers,
    years: int,
) -> Floats:
    """The cash flow [currency] at commissioning (year 0) and at the end of each operating year, by (…, year).

    Parameters
    ----------
    capital_cost
        Paid at commissioning [currency].
    yearly_revenue, fixed_cost
        Income from the market and cost that does not depend on it in the first year [currency/year].
    degradation
        What the revenue loses each year [1/year]; the fixed cost stays.
    life, years
        The operating life [year], and how many years the axis has.

    >>> cash_flow(100.0, 60.0, 10.0, life=2.0, years=2).tolist()
    [-100.0, 50.0, 50.0]
    """
    flows = yearly(yearly_revenue, degradation, life, years) - yearly(fixed_cost, 0.0, life, years)
    paid = np.broadcast_to(-np.asarray(capital_cost, np.float64)[..., None], (*flows.shape[:-1], 1))
    return np.concatenate([paid, flows], axis=-1)


def discount_factors(rate: Numbers, years: int) -> Floats:
    """What a unit of money at the end of years 0 to ``years`` is worth in year 0 at ``rate`` [1/year], by (…, year).

    >>> discount_factors(1.0, 2).tolist()
    [1.0, 0.5, 0.25]
    """
    factors: Floats = (1.0 + np.asarray(rate, np.float64)[..., None]) ** -np.arange(years + 1, dtype=np.float64)
    return factors


def npv(rate: Numbers, flows: Numbers, *, delay_years: Numbers = 0.0) -> Floats:
    """The net present value [currency] of flows by (…, year), seen from ``delay_years`` before their year 0.

    npv = (1 + r)^-delay Σ_y flow_y (1 + r)^-y.

    >>> float(npv(0.25, [-100.0, 75.0, 75.0]))
    8.0
    """
    flows = np.asarray(flows, np.float64)
    rate = np.asarray(rate, np.float64)
    value = (flows * discount_factors(rate, flows.shape[-1] - 1)).sum(axis=-1)
    present: Floats = value * (1.0 + rate) ** -np.asarray(delay_years, np.float64)
    return present


def irr(flows: Numbers) -> RateOfReturn:
    """The rate [1/year] at which the flows of one project are worth nothing today, if there is just one.

    A cash flow whose sign never changes has none; one whose sign changes more than once may have several, and then
    none of them is returned.

    >>> irr([-100.0, 60.0, 60.0]).rate
    0.1306623862918075
    >>> irr([100.0, 60.0]).reason
    'the cash flow never changes its sign'
    >>> irr([-100.0, 500.0, -600.0]).count
    2
    """
    values = np.asarray(flows, np.float64)
    if not np.isfinite(values).all():
        return RateOfReturn(None, 0, "the cash flow is not known in every year")
    signs = np.sign(values[values != 0.0])
    changes = int(np.count_nonzero(signs[1:] != signs[:-1]))
    if changes == 0:
        return RateOfReturn(None, 0, "the cash flow never changes its sign")
    if changes == 1:
        return _only_rate(values)
    rates = _rates(values)
    if len(rates) == 1:
        return RateOfReturn(rates[0], 1)
    if not rates:
        return RateOfReturn(None, 0, "no rate makes the cash flow worth nothing")
    shown = ", ".join(f"{rate:.2%}" for rate in rates)
    return RateOfReturn(None, len(rates), f"the cash flow has several rates of return: {shown}")


def _only_rate(values: Floats) -> RateOfReturn:
    import pyxirr

    scale = float(np.abs(values).max())
    rate = pyxirr.irr((values / scale).tolist(), silent=True)
    if rate is not None and rate > -1.0:
        worth = values * discount_factors(rate, len(values) - 1)
        if abs(worth.sum()) <= 1e-9 * np.abs(worth).sum():
            return RateOfReturn(float(rate), 1)
    rates = _rates(values, np.linspace(-40.0, 40.0, 4001))
    if len(rates) == 1:
        return RateOfReturn(rates[0], 1)
    return RateOfReturn(None, 1, "the rate of return is too extreme to be computed")


def _rates(values: Floats, log_rates: Floats = _LOG_RATES) -> list[float]:
    """Every rate on the grid at which the present value crosses zero."""
    from scipy.optimize import brentq

    years = np.arange(len(values))

    def worth(log_rate: float) -> float:
        # the largest term is 1, so that no rate overflows; the sign is that of the present value
        exponents = -years * log_rate
        return float(values @ np.exp(exponents - exponents.max()))

    worths = np.array([worth(log_rate) for log_rate in log_rates])
    rates = [float(np.expm1(log_rates[i])) for i in np.flatnonzero(worths == 0.0)]
    crossings = np.flatnonzero(worths[:-1] * worths[1:] < 0.0)
    rates += [float(np.expm1(brentq(worth, log_rates[i], log_rates[i + 1], xtol=1e-14))) for i in crossings]
    return sorted(rates)


def lcos(
    capital_cost: Numbers,
    fixed_cost: Numbers,
    yearly_charging_cost: Numbers,
    yearly_discharged_energy: Numbers,
    *,
    rate: Numbers,
    degradation: Numbers = 0.0,
    life: Numbers,
    years: int,
) -> Floats:
    """The levelised cost of storage [currency/MWh]: all costs over all energy sent out, both discounted.

    lcos = (capital + Σ_y (fixed_y + charging_y) (1 + r)^-y) / Σ_y discharged_y (1 + r)^-y, after V. Jülch (2016),
    doi:10.1016/j.apenergy.2016.08.165, without a residual value. NaN where no energy is sent out.

    >>> float(lcos(100.0, 10.0, 20.0, 40.0, rate=0.0, life=2.0, years=2))
    2.0
    """
    factors = discount_factors(rate, years)[..., 1:]
    costs = yearly(fixed_cost, 0.0, life, years) + yearly(yearly_charging_cost, degradation, life, years)
    energy = (yearly(yearly_discharged_energy, degradation, life, years) * factors).sum(axis=-1)
    total = np.asarray(capital_cost, np.float64) + (costs * factors).sum(axis=-1)
    cost: Floats = np.divide(
        total, energy, out=np.full(np.broadcast_shapes(total.shape, energy.shape), np.nan), where=energy > 0.0
    )
    return cost


def payback(flows: Numbers) -> Floats:
    """The years after which the undiscounted flows by (…, year) have paid back what was spent; NaN where never.

    Within the year that does it, money comes in evenly.

    >>> payback([[-100.0, 40.0, 40.0, 40.0], [-100.0, 10.0, 10.0, 10.0]]).tolist()
    [2.5, nan]
    """
    flows = np.asarray(flows, np.float64)
    balance = np.cumsum(flows, axis=-1)
    # paid back for good: a later cost that turns the balance negative again moves the year on
    short = balance < 0.0
    last = flows.shape[-1] - 1 - np.argmax(short[..., ::-1], axis=-1)
    done = np.minimum(last + 1, flows.shape[-1] - 1)
    before = np.take_along_axis(balance, last[..., None], axis=-1)[..., 0]
    gained = np.take_along_axis(flows, done[..., None], axis=-1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        years = last - before / gained
    years = np.where(short.any(axis=-1), np.where(short[..., -1], np.nan, years), 0.0)
    known: Floats = np.where(np.isfinite(flows).all(axis=-1), years, np.nan)
    return known
