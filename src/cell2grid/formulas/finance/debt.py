"""What a loan is paid back with: level and equal-principal service of one unit, and the balance behind any service.

How large the loan is, and a service that follows the cash, need the tax that interest lowers: that is
``cell2grid.engines.finance``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike


def level_service(rate: Numbers, tenor: Numbers, years: int) -> Floats:
    """The equal yearly payments that pay back a loan of 1 with its interest, by (…, year) from 0 to ``years``.

    s = r / (1 - (1 + r)^-n) in years 1 to n, and 1 / n without interest.

    >>> level_service(0.0, 2, 3).tolist()
    [0.0, 0.5, 0.5, 0.0]
    >>> level_service(1.0, 2, 2).round(9).tolist()
    [0.0, 1.333333333, 1.333333333]
    """
    rate, tenor = np.asarray(rate, np.float64), np.asarray(tenor, np.float64)
    worth = np.where(rate > 0.0, -np.expm1(-tenor * np.log1p(rate)) / np.where(rate > 0.0, rate, 1.0), tenor)
    service: Floats = _paid_in(tenor, years) / worth[..., None]
    return service


def principal_service(rate: Numbers, tenor: Numbers, years: int) -> Floats:
    """The payments that pay back a loan of 1 in equal parts besides its interest, by (…, year) from 0 to ``years``.

    s_y = 1 / n + r (1 - (y - 1) / n) in years 1 to n.

    >>> principal_service(0.1, 2, 3).tolist()
    [0.0, 0.6, 0.55, 0.0]
    """
    rate, tenor = np.asarray(rate, np.float64)[..., None], np.asarray(tenor, np.float64)[..., None]
    before = np.arange(years + 1, dtype=np.float64) - 1.0
    service: Floats = _paid_in(tenor[..., 0], years) * (1.0 / tenor + rate * (1.0 - before / tenor))
    return service


def repaid(service: Numbers, rate: Numbers) -> Floats:
    """What is owed at the end of each year so that the later payments pay it back, by (…, year).

    B_{y-1} = (B_y + s_y) / (1 + r): year 0 is the loan itself, the present value of the service at its own rate.

    >>> repaid([0.0, 0.6, 0.55], 0.1).round(9).tolist()
    [1.0, 0.5, 0.0]
    """
    service = np.asarray(service, np.float64)
    growth = 1.0 + np.asarray(rate, np.float64)
    balance = np.zeros(np.broadcast_shapes(service.shape, (*growth.shape, service.shape[-1])))
    for year in range(service.shape[-1] - 1, 0, -1):
        balance[..., year - 1] = (balance[..., year] + service[..., year]) / growth
    return balance


def _paid_in(tenor: Floats, years: int) -> Floats:
    year = np.arange(years + 1)
    within: Floats = ((year >= 1) & (year <= tenor[..., None])).astype(np.float64)
    return within
