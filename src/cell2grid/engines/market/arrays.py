"""From the arrays of the nomenclature to a ``Game`` and back: a case is one member in one term, terms within members.

What the numbers may be is checked in ``checks.py``; what follows from an equilibrium is told in ``telling.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.game import Game
from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

READS = (
    "conduct",
    "cost_power",
    "cost_power_scale",
    "cost_step",
    "cost_step_width",
    "cross_slope",
    "decides",
    "demand_elasticity",
    "demand_form",
    "demand_intercept",
    "demand_scale",
    "demand_slope",
    "duty_amount",
    "duty_on_cost",
    "duty_on_price",
    "firm_interest",
    "fixed_cost_rate",
    "in_quota",
    "least_price",
    "over_amount",
    "over_on_cost",
    "over_on_price",
    "quota_amount",
    "sales_capacity",
    "selling_freight",
)
LINEAR, ISOELASTIC = "linear", "isoelastic"


def game_of(arrays: xr.Dataset) -> Game:
    """The game of all members and terms, as ``game.py`` lays it out; of checked arrays.

    Raises
    ------
    EngineError
        A plant is decided over by a firm that is not among the firms.
    """
    inside = _values(arrays, "in_quota") > 0.0
    capacity = by_case(arrays, "sales_capacity")
    # a plant without capacity, as one that is not open yet, has nothing to sell and no lane
    freight = np.where(capacity[..., None] > 0.0, by_case(arrays, "selling_freight"), np.nan)
    return Game(
        firm=_deciders(arrays),
        interest=_values(arrays, "firm_interest"),
        capacity=capacity,
        step_width=by_case(arrays, "cost_step_width"),
        step_cost=by_case(arrays, "cost_step"),
        power_scale=by_case(arrays, "cost_power_scale"),
        power_exponent=by_case(arrays, "cost_power"),
        freight=freight,
        duty_on_cost=by_case(arrays, "duty_on_cost"),
        duty_on_price=by_case(arrays, "duty_on_price"),
        duty_amount=by_case(arrays, "duty_amount"),
        least_price=by_case(arrays, "least_price"),
        in_quota=inside,
        quota=by_case(arrays, "quota_amount"),
        over_on_cost=by_case(arrays, "over_on_cost"),
        over_on_price=by_case(arrays, "over_on_price"),
        over_amount=by_case(arrays, "over_amount"),
        isoelastic=np.asarray(arrays["demand_form"].values == ISOELASTIC),
        intercept=by_case(arrays, "demand_intercept"),
        slope=by_case(arrays, "demand_slope"),
        cross_slope=by_case(arrays, "cross_slope"),
        scale=by_case(arrays, "demand_scale"),
        elasticity=by_case(arrays, "demand_elasticity"),
        conduct=by_case(arrays, "conduct"),
    )


def by_case(arrays: xr.Dataset, name: str) -> Floats:
    """The values of a variable by member and term, the two taken together as the first dimension."""
    row = variable(name)
    inner = [dim for dim in row.dims if dim not in ("member", "term")]
    values = arrays[name].transpose("member", "term", *inner).values.astype(np.float64)
    return np.ascontiguousarray(values.reshape(values.shape[0] * values.shape[1], *values.shape[2:]))


def case_name(arrays: xr.Dataset, case: int) -> str:
    """A case in words: its term, and its member where there are several."""
    member, term = divmod(case, arrays.sizes["term"])
    words = f"term {_label(arrays, 'term', term)}"
    return f"{words} of member {_label(arrays, 'member', member)}" if arrays.sizes["member"] > 1 else words


def labels(arrays: xr.Dataset, dim: str) -> list[str]:
    """The labels of a dimension as text; places where it has none."""
    return [_label(arrays, dim, place) for place in range(arrays.sizes.get(dim, 0))]


def written(arrays: xr.Dataset, values: dict[str, Floats]) -> xr.Dataset:
    """Values by case as labelled arrays with the dims of the nomenclature."""
    import xarray as xr

    members, terms = arrays.sizes["member"], arrays.sizes["term"]
    shaped = {}
    for name, array in values.items():
        dims = variable(name).dims
        inner = [dim for dim in dims if dim not in ("member", "term")]
        whole = array.astype(np.float64).reshape(members, terms, *array.shape[1:])
        shaped[name] = xr.DataArray(whole, dims=("member", "term", *inner)).transpose(*dims)
    coords = {
        dim: arrays[dim] for dim in ("member", "plant", "firm", "market", "quota", "term") if dim in arrays.coords
    }
    return labelled(xr.Dataset(shaped, coords))


def _label(arrays: xr.Dataset, dim: str, place: int) -> str:
    return str(arrays[dim].values[place]) if dim in arrays.coords else str(place)


def _values(arrays: xr.Dataset, name: str) -> Floats:
    return np.ascontiguousarray(arrays[name].transpose(*variable(name).dims).values.astype(np.float64))


def _deciders(arrays: xr.Dataset) -> NDArray[np.int64]:
    """The place of each plant's firm among the firms."""
    places = {name: place for place, name in enumerate(labels(arrays, "firm"))}
    found = []
    for plant, firm in zip(labels(arrays, "plant"), arrays["decides"].values.astype(str), strict=True):
        if firm not in places:
            raise EngineError(f"market: plant '{plant}' is decided over by '{firm}', which is none of {sorted(places)}")
        found.append(places[firm])
    return np.array(found, dtype=np.int64)
