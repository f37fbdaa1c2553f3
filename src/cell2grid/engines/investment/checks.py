"""Whether the numbers of a plan can be solved: shapes, finite numbers, bounds. A study's figures are checked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.investment.plan import DIMS, Labels
from cell2grid.errors import EngineError

if TYPE_CHECKING:
    from cell2grid.engines.investment.plan import Plan

_ANY = 1e12  # money for an item or block beyond which sums lose the digits that matter
_MONEY = 1e18
_ITEMS = 1e15
_BOUNDS = {  # least, most, whether it may be missing (nan), whether it may be infinite
    "probability": (1e-12, 1.0, False, False),
    "years": (1e-6, 1000.0, False, False),
    "discount": (1e-12, 1e12, False, False),
    "end_discount": (0.0, 1e12, False, False),
    "standing_capacity": (0.0, _ITEMS, False, False),
    "step_width": (0.0, np.inf, False, True),
    "step_cost": (-_ANY, _ANY, False, False),
    "freight": (-_ANY, _ANY, True, False),
    "duty_on_cost": (0.0, 1e6, False, False),
    "duty_amount": (-_ANY, _ANY, False, False),
    "in_quota": (0.0, 1.0, False, False),
    "quota": (0.0, np.inf, False, True),
    # more below a quota than above it would have no convex form
    "over_on_cost": (0.0, 1e6, False, False),
    "over_amount": (0.0, _ANY, False, False),
    "input_use": (0.0, 1e9, False, False),
    "open_cost": (-_MONEY, _MONEY, False, False),
    "idle_cost": (-_MONEY, _MONEY, True, False),
    "restart_cost": (0.0, _MONEY, True, False),
    "closing_cost": (-_MONEY, _MONEY, True, False),
    "starts_idle": (0.0, 1.0, False, False),
    "block": (0.0, _ITEMS, False, False),
    "ready": (0.0, 1.0, False, False),
    "opened": (0.0, 1.0, False, False),
    "most": (0, 1000, False, False),
    "most_at_once": (0, 1000, False, False),
    **dict.fromkeys(("block_cost", "fixed_cost", "salvage", "spending"), (-_MONEY, _MONEY, False, False)),
    "spending_profile": (0.0, 1.0, False, False),
    "scale_exponent": (0.1, 1.0, False, False),
    "incentive_amount": (0.0, _ANY, False, False),
    "demand": (0.0, _ITEMS, False, False),
    "unserved_cost": (-_ANY, _ANY, True, False),
    "offer_width": (0.0, _ITEMS, False, False),
    "offer_value": (-_ANY, _ANY, False, False),
    "sales_weight": (-1e6, 1e6, False, False),
    "sales_bound": (-_ITEMS, np.inf, False, True),
    "spending_member": (0.0, 1.0, False, False),
    "spending_bound": (0.0, np.inf, False, True),
    "capacity_member": (0.0, 1.0, False, False),
    "capacity_bound": (0.0, np.inf, False, True),
}
_OF = {"J": "plant", "M": "market", "T": "term", "O": "option", "W": "scenario", "Q": "quota"}
LARGEST = 5_000_000  # lanes x terms x scenarios


def check(given: Plan, labels: Labels) -> None:
    """Refuse numbers that no plan can have, by name and place.

    Raises
    ------
    EngineError
        An array has another shape than its dims, or a number out of its bounds; a plan is too large to be held.
    """
    sizes = given.sizes
    for name, dims in DIMS.items():
        shape = tuple(sizes[dim] for dim in dims)
        if getattr(given, name).shape != shape:
            raise EngineError(f"investment: {name} has the shape {getattr(given, name).shape}, expected {shape}")
    lanes = int(np.isfinite(given.freight).sum()) * sizes["S"]
    if lanes > LARGEST:
        raise EngineError(f"investment: {lanes:,} lanes in all terms, expected at most {LARGEST:,}; take longer terms")
    for name, (least, most, missing, infinite) in _BOUNDS.items():
        values = getattr(given, name)
        right = (values >= least) & (values <= most) & (infinite | np.isfinite(values))
        wrong = ~(right | (np.isnan(values) if missing else False))
        if wrong.any():
            place = tuple(int(each[0]) for each in np.nonzero(wrong))
            raise EngineError(
                f"investment: {name}{_where(DIMS[name], place, labels)} is {values[place]:g}, "
                f"expected {least:g} to {most:g}"
            )
    _check_places(given)


def _where(dims: str, place: tuple[int, ...], labels: Labels) -> str:
    named = [f"{_OF[dim]} '{getattr(labels, _OF[dim])[at]}'" for dim, at in zip(dims, place, strict=True) if dim in _OF]
    return f" of {', '.join(named)}" if named else ""


def _check_places(given: Plan) -> None:
    """Numbers that point to something, and what must agree with something else."""
    sizes = given.sizes
    for name, count in (("option_plant", sizes["J"]), ("incentive_option", sizes["O"])):
        values = getattr(given, name)
        if ((values < 0) | (values >= count)).any():
            raise EngineError(
                f"investment: {name} points to {values.min()} to {values.max()}, expected 0 to {count - 1}"
            )
    if abs(given.probability.sum() - 1.0) > 1e-9:
        raise EngineError(f"investment: probability adds up to {given.probability.sum():g}, expected 1")
    cost = np.where(given.step_width > 0.0, given.step_cost, np.nan)
    for step in range(1, cost.shape[2]):
        before = np.fmax.reduce(cost[:, :, :step], axis=2)
        falls = cost[:, :, step] < before - 1e-9 * np.abs(before)
        if falls.any():
            plant = int(np.nonzero(falls)[1][0])
            raise EngineError(
                f"investment: step_cost of plant {plant} falls from step to step; the cheapest comes first"
            )
