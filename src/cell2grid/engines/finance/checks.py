"""What the finance engine refuses before it counts: numbers that are missing, outside their range or at odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]

LONGEST_LIFE = 100.0
_MOST = 1e18
# by (member, project, year)
AMOUNTS: dict[str, tuple[float, float]] = {
    "market_revenue": (-_MOST, _MOST),
    "yearly_charging_cost": (-_MOST, _MOST),
    "yearly_discharged_energy": (0.0, _MOST),
    "contract_revenue": (-_MOST, _MOST),
    "subsidy_revenue": (-_MOST, _MOST),
    "operating_cost": (-_MOST, _MOST),
    "augmentation_cost": (0.0, _MOST),
    "residual_value": (-_MOST, _MOST),
    "depreciation_share": (0.0, 1.0),
}
# by (member, project)
NUMBERS: dict[str, tuple[float, float]] = {
    "capital_cost": (0.0, _MOST),
    "grant": (0.0, _MOST),
    "tax_credit": (0.0, 1.0),
    "credit_basis": (0.0, 1.0),
    "prepaid_share": (0.0, 1.0),
    "life": (1.0, LONGEST_LIFE),
    "discount_rate": (-0.99, 10.0),
    "equity_rate": (-0.99, 10.0),
    "tax_rate": (0.0, 1.0),
    "losses_used": (0.0, 1.0),
    "debt_rate": (0.0, 1.0),
    "debt_tenor": (1.0, LONGEST_LIFE),
    "debt_share": (0.0, 1.0),
    "debt_cover_target": (1.0, 100.0),
    "debt_repayment": (0.0, 2.0),
    "debt_fee": (0.0, 1.0),
}
_MAY_BE_MISSING = ("debt_share", "debt_cover_target")
_WHOLE = {"losses_used": "0 (carried forward) or 1 (used at once)", "debt_repayment": "0, 1 or 2"}
_PAID_IN_YEAR_0 = ("augmentation_cost",)


def has_debt(read: dict[str, Floats]) -> npt.NDArray[np.bool_]:
    """Whether each case borrows: it has a share above 0, or a cover and no share."""
    share, target = read["debt_share"], read["debt_cover_target"]
    lends: npt.NDArray[np.bool_] = (share > 0.0) | (np.isnan(share) & ~np.isnan(target))
    return lends


def check(arrays: xr.Dataset, read: dict[str, Floats], shape: tuple[int, int]) -> None:
    """Refuse what cannot be counted.

    Raises
    ------
    InputError
        A number is missing or outside its range, or two are at odds; the message names project, member and field.
    """
    if shape[0] * shape[1] == 0:
        raise InputError("finance: there is no project or no member; give at least one of each")
    for name, (low, high) in {**AMOUNTS, **NUMBERS}.items():
        fits = (read[name] >= low) & (read[name] <= high)
        if name in _MAY_BE_MISSING:
            fits |= np.isnan(read[name])
        _refuse(arrays, shape, name, read[name], fits, f"a number from {low:g} to {high:g}")
    for name, words in _WHOLE.items():
        _refuse(arrays, shape, name, read[name], read[name] == np.floor(read[name]), words)
    _check_pairs(arrays, read, shape)
    _check_years(arrays, read, shape)
    late = read["operation_start"]
    _refuse(arrays, shape, "operation_start", late, np.isnan(late) | ((late >= 0.0) & np.isfinite(late)), _MONTHS)


_MONTHS = "months after the valuation from 0, or missing where the project never begins"


def _check_pairs(arrays: xr.Dataset, read: dict[str, Floats], shape: tuple[int, int]) -> None:
    capital, grant, life, tenor = read["capital_cost"], read["grant"], read["life"], read["debt_tenor"]
    # a percent of a range that was drawn may be off by rounding
    _refuse(arrays, shape, "grant", grant, grant <= capital * (1.0 + 1e-12), "no more than the capital cost")
    within = (tenor <= life + 1e-9) | ~has_debt(read)
    _refuse(arrays, shape, "debt_tenor", tenor, within, "no more than the life, in years", beside=("life", life))


def _check_years(arrays: xr.Dataset, read: dict[str, Floats], shape: tuple[int, int]) -> None:
    years = arrays.sizes["year"]
    if "year" in arrays.coords and not np.array_equal(arrays["year"].values, np.arange(years)):
        raise InputError(f"finance: year is {arrays['year'].values.tolist()}, expected 0 to {years - 1} in steps of 1")
    covered = read["life"] <= years - 1
    _refuse(arrays, shape, "life", read["life"], covered, f"no more than the {years - 1} operating year(s) of 'year'")
    for name in AMOUNTS:
        if name not in _PAID_IN_YEAR_0:
            first = read[name][:, 0]
            _refuse(arrays, shape, name, first, first == 0.0, "0 in year 0, which is commissioning")


def _refuse(
    arrays: xr.Dataset,
    shape: tuple[int, int],
    name: str,
    values: Floats,
    fits: npt.NDArray[np.bool_],
    expected: str,
    *,
    beside: tuple[str, Floats] | None = None,
) -> None:
    if fits.all():
        return
    place = tuple(int(part) for part in np.argwhere(~fits)[0])
    year = f" in year {place[1]}" if len(place) == 2 else ""
    at_odds = f" with {beside[0]} {beside[1][place[0]]:g}" if beside is not None else ""
    raise InputError(
        f"{named(arrays, place[0], shape)}: {name} is {values[place]:g}{year}{at_odds}, expected {expected};"
        " correct its finance"
    )


def named(arrays: xr.Dataset, case: int, shape: tuple[int, int]) -> str:
    """The project of a case, and the member where there are several.

    Cases go through the projects of one member, then of the next.
    """
    member, project = divmod(case, shape[1])
    label = arrays["project"].values[project] if "project" in arrays.coords else project
    which = arrays["member"].values[member] if "member" in arrays.coords else member
    return f"project '{label}'" + (f", member {which}" if shape[0] > 1 else "")
