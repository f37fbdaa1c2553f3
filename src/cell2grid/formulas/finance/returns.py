"""What flows of money are worth: present value, levelised cost of storage and payback.

Rates of return are in ``rates.py``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

# what is less than this share of all that was paid and earned is rounding
ROUNDING = 1e-12


def discount_factors(rate: Numbers, years: int) -> Floats:
    """What a unit of money at the end of years 0 to ``years`` is worth in year 0 at ``rate`` [1/year], by (…, year).

    >>> discount_factors(1.0, 2).tolist()
    [1.0, 0.5, 0.25]
    """
    factors: Floats = (1.0 + np.asarray(rate, np.float64)[..., None]) ** -np.arange(years + 1, dtype=np.float64)
    return factors


def npv(rate: Numbers, flows: Numbers, *, delay_years: Numbers = 0.0, prepaid: Numbers = 0.0) -> Floats:
    """The net present value [currency] of flows by (…, year), seen from ``delay_years`` before their year 0.

    npv = (1 + r)^-delay (prepaid + Σ_y flow_y (1 + r)^-y) - prepaid.

    Parameters
    ----------
    rate
        The discount rate [1/year].
    flows
        Money that comes in less what goes out [currency].
    delay_years
        From the day the value is counted on to year 0 of the flows [year].
    prepaid
        What of the money that goes out in year 0 is paid on that first day already [currency].

    >>> float(npv(0.25, [-100.0, 75.0, 75.0]))
    8.0
    >>> round(float(npv(0.25, [-100.0, 75.0, 75.0], delay_years=1.0, prepaid=50.0)), 9)
    -3.6
    """
    flows = np.asarray(flows, np.float64)
    rate = np.asarray(rate, np.float64)
    paid = np.asarray(prepaid, np.float64)
    value = (flows * discount_factors(rate, flows.shape[-1] - 1)).sum(axis=-1)
    waiting = (1.0 + rate) ** -np.asarray(delay_years, np.float64)
    # without a delay, when it is paid makes no difference, not even of rounding
    present: Floats = value * waiting + paid * (waiting - 1.0)
    return present


def lcos(capital: Numbers, costs: Numbers, discharged_energy: Numbers, *, rate: Numbers) -> Floats:
    """The levelised cost of storage [currency/MWh]: all costs over all energy sent out, both discounted.

    lcos = (capital + Σ_y cost_y (1 + r)^-y) / Σ_y discharged_y (1 + r)^-y, after V. Jülch (2016),
    doi:10.1016/j.apenergy.2016.08.165. NaN where no energy is sent out.

    Parameters
    ----------
    capital
        What building it costs, less grants [currency].
    costs
        By (…, year) from year 0: operation, charging and augmentation, less what is left at the end [currency].
    discharged_energy
        By (…, year) from year 0: what is sent to the grid [MWh].
    rate
        The discount rate [1/year].

    >>> float(lcos(100.0, [0.0, 30.0, 30.0], [0.0, 40.0, 40.0], rate=0.0))
    2.0
    """
    costs, energies = np.asarray(costs, np.float64), np.asarray(discharged_energy, np.float64)
    factors = discount_factors(rate, costs.shape[-1] - 1)
    energy = (energies * factors).sum(axis=-1)
    total = np.asarray(capital, np.float64) + (costs * factors).sum(axis=-1)
    cost: Floats = np.divide(
        total, energy, out=np.full(np.broadcast_shapes(total.shape, energy.shape), np.nan), where=energy > 0.0
    )
    return cost


def payback(flows: Numbers) -> Floats:
    """The years after which the undiscounted flows by (…, year) have paid back what was spent; NaN where never.

    Within the year that does it, money comes in evenly. What rounding leaves of a debt is none.

    >>> payback([[-100.0, 40.0, 40.0, 40.0], [-100.0, 10.0, 10.0, 10.0]]).tolist()
    [2.5, nan]
    """
    flows = np.asarray(flows, np.float64)
    balance = np.cumsum(flows, axis=-1)
    # paid back for good: a later cost that turns the balance negative again moves the year on
    short = balance < -ROUNDING * np.cumsum(np.abs(flows), axis=-1)
    last = flows.shape[-1] - 1 - np.argmax(short[..., ::-1], axis=-1)
    done = np.minimum(last + 1, flows.shape[-1] - 1)
    before = np.take_along_axis(balance, last[..., None], axis=-1)[..., 0]
    gained = np.take_along_axis(flows, done[..., None], axis=-1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        years = last - before / gained
    years = np.where(short.any(axis=-1), np.where(short[..., -1], np.nan, years), 0.0)
    known: Floats = np.where(np.isfinite(flows).all(axis=-1), years, np.nan)
    return known
