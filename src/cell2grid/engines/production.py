"""What the plants of a study make, month by month, in each member of an ensemble.

A month's output is what the open capacity, the ramp, availability and the shocks allow, less scrap, and no more than
the inputs from other plants of the study feed. Inputs are used in the month in which they are made, and are shared in
proportion to what is asked where they are short. Stock, outages, shifts and input stocks come with the work on plants
in depth; where the output goes is ``deliveries.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

READS = (
    "availability",
    "capacity",
    "input_per_item",
    "item_energy",
    "makes",
    "ramp",
    "shock_scale",
    "yield_rate",
)
WRITES = ("consumed", "output", "output_energy", "scrapped", "utilisation")
# what only some of the WRITES depend on
ONLY_FOR = {"item_energy": ("output_energy",)}

ROUNDING = 1e-12  # all of an input is taken in when no more than this part of it is left
_MONTHLY = ("member", "plant", "period")


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """Output, scrap, what other plants take in, output as energy, and utilisation, by member, plant and month.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature. ``item_energy`` is missing where a product stores none.

    Returns
    -------
    The WRITES. ``utilisation`` is missing in months without open capacity.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit; products feed each other in a loop; nothing makes an
        input.

    The equations are on the formulation page ``production``.
    """
    require(arrays, READS, of="production")
    startable = _monthly(arrays, "capacity").copy()
    for name in ("ramp", "availability", "shock_scale"):
        startable *= _monthly(arrays, name)
    needs = arrays["input_per_item"].transpose("member", "plant", "product").values
    makes = _maker_of(arrays)
    started, output, consumed = _chain(startable, _monthly(arrays, "yield_rate"), needs, makes)
    capacity = _monthly(arrays, "capacity")
    energy = output * arrays["item_energy"].transpose("member", "plant").values[:, :, None] / 1000.0  # MWh to GWh
    utilisation = np.divide(output, capacity, out=np.full_like(output, np.nan), where=capacity > 0)
    return _written(
        arrays,
        output=output,
        scrapped=started - output,
        consumed=consumed,
        output_energy=energy,
        utilisation=utilisation,
    )


def _chain(
    startable: NDArray[np.float64],
    yield_rate: NDArray[np.float64],
    needs: NDArray[np.float64],
    makes: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Items started, good items, and good items taken in by others; plants that feed come before plants that are fed.

    ``makes`` is (plant, product), ``needs`` (member, plant, product), the rest (member, plant, period).
    """
    started = np.zeros_like(startable)
    output = np.zeros_like(startable)
    consumed = np.zeros_like(startable)
    asked = np.einsum("mpt,mpq->mqt", startable, needs)
    fed = np.ones_like(asked)  # share of what is asked of a product that its makers can give
    for product in _feeding_order(needs, makes):
        for plant in np.flatnonzero(makes[:, product]):
            limit = np.ones_like(startable[:, plant])
            for taken in np.flatnonzero(needs[:, plant].any(axis=0)):
                limit = np.minimum(limit, np.where(needs[:, plant, taken, None] > 0, fed[:, taken], 1.0))
            started[:, plant] = startable[:, plant] * limit
            output[:, plant] = started[:, plant] * yield_rate[:, plant]
        made = output[:, makes[:, product]].sum(axis=1)
        short = made < asked[:, product]
        np.divide(made, asked[:, product], out=fed[:, product], where=short)
    for product in range(makes.shape[1]):
        if not needs[:, :, product].any():
            continue
        taken_in = np.einsum("mpt,mp->mt", started, needs[:, :, product])
        made = output[:, makes[:, product]].sum(axis=1)
        share = np.divide(taken_in, made, out=np.zeros_like(made), where=made > 0)
        # rounding leaves no crumb in stock, and takes none that is not there
        share = np.where(share > 1.0 - ROUNDING, 1.0, share)
        consumed[:, makes[:, product]] = output[:, makes[:, product]] * share[:, None]
    return started, output, consumed


def _feeding_order(needs: NDArray[np.float64], makes: NDArray[np.bool_]) -> list[int]:
    """Products in an order in which each comes after all that its plants take in."""
    used = np.asarray(needs.any(axis=0))
    inputs = {product: set(np.flatnonzero(used[makes[:, product]].any(axis=0))) for product in range(makes.shape[1])}
    unmade = sorted(set().union(*inputs.values()) - set(np.flatnonzero(makes.any(axis=0))))
    if unmade:
        raise EngineError(f"production: product number {unmade[0]} is an input, and no plant makes it")
    order: list[int] = []
    while len(order) < len(inputs):
        ready = [product for product in inputs if product not in order and inputs[product] <= set(order)]
        if not ready:
            left = sorted(set(inputs) - set(order))
            raise EngineError(f"production: products number {left} feed each other in a loop; cut one input")
        order.extend(ready)
    return order


def _maker_of(arrays: xr.Dataset) -> NDArray[np.bool_]:
    products = [str(name) for name in arrays["product"].values]
    made = [str(name) for name in arrays["makes"].values]
    unknown = sorted(set(made) - set(products))
    if unknown:
        raise EngineError(f"production: product '{unknown[0]}' that a plant makes is not a label of dim product")
    matches = [[name == product for product in products] for name in made]
    return np.array(matches, dtype=bool).reshape(len(made), len(products))


def _monthly(arrays: xr.Dataset, name: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = arrays[name].transpose(*_MONTHLY).values
    return values


def _written(arrays: xr.Dataset, **values: NDArray[np.float64]) -> xr.Dataset:
    import xarray as xr

    coords = {dim: arrays[dim] for dim in _MONTHLY}
    return labelled(xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords))
