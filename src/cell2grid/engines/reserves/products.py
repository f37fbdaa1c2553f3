"""Reserve and regulation products as plain numbers: what an award pays, holds back and moves.

A symmetric product is awarded one number of MW that counts upward (sent to the grid) and downward (taken from it)
alike; an asymmetric one counts one way. Products with figures of real markets are data, in ``cell2grid.study``; here
stands only what the problem in ``problem.py`` needs. Equations: docs/formulation/reserves.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NotRequired, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# prices, powers and hours beyond this are slips of the pen, and their products would lose digits
LARGEST = 1e9
# hours added up over a long horizon are off by less than this [hour]
MOMENT = 1e-4


class Terms(TypedDict):
    """One product in plain numbers; a series may be one number or one a step.

    Prices of capacity [currency/MW/hour] and of energy [currency/MWh], durations and blocks [hour], bids [MW],
    activation [ratio].
    """

    capacity_price: Floats | float
    up: NotRequired[bool]
    down: NotRequired[bool]
    # how long the full award must be sustained: energy held behind it, or room for it
    duration_up: NotRequired[float]
    duration_down: NotRequired[float]
    # the share of the award that is called, on average over the step
    activation_up: NotRequired[Floats | float]
    activation_down: NotRequired[Floats | float]
    # what a called MWh earns or costs: the market price and an adder, or a series of its own
    activation_adder_up: NotRequired[Floats | float]
    activation_adder_down: NotRequired[Floats | float]
    activation_price_up: NotRequired[Floats | float]
    activation_price_down: NotRequired[Floats | float]
    least: NotRequired[float]
    most: NotRequired[Floats | float]
    # one award for each block: hours counted from the midnight before ``first_hour``, or the blocks themselves
    block_hours: NotRequired[float]
    first_hour: NotRequired[float]
    block: NotRequired[Integers]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Product:
    """One product over the time steps of a case: [currency/MW/hour], [currency/MWh], [hour], [MW] and [ratio].

    ``most`` is infinite where there is no largest bid, and 0 where the product is not sold. Steps with the same number
    in ``block`` have one award.
    """

    name: str
    capacity_price: Floats
    up: bool
    down: bool
    duration_up: float
    duration_down: float
    activation_up: Floats
    activation_down: Floats
    activation_price_up: Floats
    activation_price_down: Floats
    least: float
    most: Floats
    block: Integers

    @property
    def award_of_step(self) -> Integers:
        """The number of the award that holds in each step, from 0."""
        return np.concatenate([[0], np.cumsum(np.diff(self.block) != 0)]).astype(np.int64)


def product(case: Case, name: str, **terms: Unpack[Terms]) -> Product:
    """The product of plain numbers over the steps of a case; without ``up`` and ``down`` it is symmetric.

    >>> import numpy as np
    >>> from cell2grid.engines.dispatch.case import asset_case
    >>> case = asset_case(np.full(6, 40.0), power=10.0, energy=20.0)
    >>> product(case, "fcr", capacity_price=8.0, duration_up=0.25, duration_down=0.25, block_hours=4.0).block
    array([0, 0, 0, 0, 1, 1])
    """

    def series(values: Floats | float) -> Floats:
        given = np.asarray(values, np.float64)
        if given.ndim and given.shape != case.price.shape:
            raise InputError(
                f"product '{name}': a series has {given.size} values, expected one or one for each of the "
                f"{len(case.price)} timesteps; give it the steps of the prices"
            )
        return np.ascontiguousarray(np.broadcast_to(given, case.price.shape))

    up, down = terms.get("up", "down" not in terms), terms.get("down", "up" not in terms)
    prices = {}
    for way in ("up", "down"):
        own: Any = terms.get(f"activation_price_{way}")
        adder: Any = terms.get(f"activation_adder_{way}", 0.0)
        prices[f"activation_price_{way}"] = series(case.price + series(adder) if own is None else own)
    return Product(
        name=name,
        capacity_price=series(terms["capacity_price"]),
        up=bool(up),
        down=bool(down),
        duration_up=float(terms.get("duration_up", 0.0)) if up else 0.0,
        duration_down=float(terms.get("duration_down", 0.0)) if down else 0.0,
        activation_up=series(terms.get("activation_up", 0.0)) * bool(up),
        activation_down=series(terms.get("activation_down", 0.0)) * bool(down),
        least=float(terms.get("least", 0.0)),
        most=series(terms.get("most", np.inf)),
        block=_blocks(case, name, terms),
        **prices,
    )


def _blocks(case: Case, name: str, terms: Terms) -> Integers:
    """The block of each step: the one in which the step begins."""
    steps = np.arange(len(case.price), dtype=np.int64)
    if "block" in terms:
        block = np.asarray(terms["block"])
        if block.shape != steps.shape or not np.issubdtype(block.dtype, np.integer):
            raise InputError(
                f"product '{name}': block has {block.size} {block.dtype} values, expected a whole number for each of "
                f"the {len(steps)} timesteps"
            )
        return np.ascontiguousarray(block.astype(np.int64))
    if "block_hours" not in terms:
        return steps
    hours = float(terms["block_hours"])
    if not 0.0 < hours <= LARGEST:
        raise InputError(f"product '{name}': block_hours is {hours:g}, expected more than 0; leave it out for none")
    begins = float(terms.get("first_hour", 0.0)) + np.cumsum(case.step_hours) - case.step_hours
    return np.floor((begins + MOMENT) / hours).astype(np.int64)


def checked(products: Sequence[Product], case: Case) -> tuple[Product, ...]:
    """The products themselves, once their numbers are finite and within their ranges.

    Raises
    ------
    InputError
        A number is not finite or outside its range, a product has no direction, or a name stands twice.
    """
    names = [one.name for one in products]
    for one in products:
        if names.count(one.name) > 1:
            raise InputError(f"product '{one.name}' stands {names.count(one.name)} times; give each its own name")
        if not (one.up or one.down):
            raise InputError(f"product '{one.name}' is neither upward nor downward; set up, down or both")
        _check_numbers(one, len(case.price))
    return tuple(products)


def _check_numbers(one: Product, steps: int) -> None:
    bounds = {
        "capacity_price": (-LARGEST, LARGEST),
        "duration_up": (0.0, LARGEST),
        "duration_down": (0.0, LARGEST),
        "activation_up": (0.0, 1.0),
        "activation_down": (0.0, 1.0),
        "activation_price_up": (-LARGEST, LARGEST),
        "activation_price_down": (-LARGEST, LARGEST),
        "least": (0.0, LARGEST),
        "most": (0.0, np.inf),
    }
    for name, (low, high) in bounds.items():
        values = np.atleast_1d(getattr(one, name))
        if values.size not in (1, steps):
            raise InputError(f"product '{one.name}': {name} has {values.size} values for {steps} timesteps")
        wrong = ~((values >= low) & (values <= high))
        if wrong.any():
            step = int(np.argmax(wrong))
            place = f" of timestep {step}" if values.size > 1 else ""
            raise InputError(
                f"product '{one.name}': {name}{place} is {values[step]:g}, expected a number from {low:g} to {high:g}; "
                "mend the product"
            )
    if one.block.size != steps:
        raise InputError(f"product '{one.name}': block has {one.block.size} values for {steps} timesteps")


def part(one: Product, first: int, last: int) -> Product:
    """The product in the steps ``first`` to ``last``, the last not counted."""
    series = {
        field.name: getattr(one, field.name)[first:last]
        for field in fields(one)
        if isinstance(getattr(one, field.name), np.ndarray)
    }
    return replace(one, **series)
