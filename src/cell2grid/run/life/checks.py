"""What a life may hold: every number within its range, and every year with its prices.

The asset itself is checked by the dispatch engine, the parameters of cells by the ageing engine.
"""

from __future__ import annotations

import numpy as np

from cell2grid.errors import InputError
from cell2grid.run.life.case import LifeCase

MOST_YEARS = 200
_RANGES = {
    "life": (1e-9, float(MOST_YEARS), "year"),
    "discount_rate": (-0.999, 1000.0, "1/year"),
    "scale": (0.0, 100.0, ""),
    "fade": (0.0, 1.0, "1/year"),
    "end_of_life": (0.0, 1.0, ""),
}


def checked_life(case: LifeCase) -> LifeCase:
    """The case itself, once its numbers are within their ranges.

    Raises
    ------
    InputError
        A number is not finite or outside its range, or a year has no prices.
    """
    for name, (low, high, unit) in _RANGES.items():
        _check(name, float(getattr(case, name)), low, high, unit)
    _check("energy of the new store", float(case.asset["energy"]), 1e-6, 1e9, "MWh")
    _check_years(case)
    for number, addition in enumerate(case.additions):
        of = f"augmentation {number + 1}"
        if len(addition.cost) < case.years or not np.isfinite(addition.cost).all():
            raise InputError(f"{of}: its cost is not a finite number for each of {case.years} operating years; give it")
        for name, high, unit in (("to", 100.0, ""), ("energy", 1e9, "MWh"), ("below", 1.0, "")):
            value = getattr(addition, name)
            if value is not None:
                _check(f"'{name}' of {of}", float(value), 0.0, high, unit)
    worth = np.asarray(case.replacement_cost, np.float64)
    if not np.isfinite(worth).all() or worth.size not in (1, case.years):
        raise InputError(f"replacement_cost is not one finite number, or one for each of {case.years} operating years")
    return case


def _check_years(case: LifeCase) -> None:
    count = len(case.price_years)
    if not case.order or len(case.order) > MOST_YEARS:
        raise InputError(f"a life of {len(case.order)} operating years, expected 1 to {MOST_YEARS}; change the life")
    for year, index in enumerate(case.order):
        if not 0 <= index < count:
            raise InputError(f"operating year {year + 1} has price year {index} of {count}, from 0; change the order")
    if case.life <= case.years - 1:
        raise InputError(f"life is {case.life:g} year, and the order names {case.years} years; leave out the last")
    factors = np.asarray(case.price_factor, np.float64)
    if factors.shape != (case.years,) or not np.isfinite(factors).all():
        raise InputError(f"price_factor is not a finite number for each of {case.years} operating years; mend it")
    for name, series in case.by_year.items():
        if len(series) != count:
            raise InputError(f"'{name}' is given for {len(series)} price years, expected {count}; give one for each")


def _check(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise InputError(
            f"{name} is {value:g}, expected a number from {low:g} to {high:g} {unit}".rstrip() + "; change it"
        )
