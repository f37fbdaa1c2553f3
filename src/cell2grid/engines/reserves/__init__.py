"""Energy arbitrage and reserve of one battery together: the plan that earns the most, its awards included.

``co_optimised`` takes a ``Case`` of dispatch and ``Product``s; ``solve`` takes the same as labelled arrays. The problem
is linear and goes to HiGHS; a least bid, or a step in which it would pay to charge and discharge at once, makes it a
mixed-integer one, and the method says so. Long horizons are solved in windows. Called energy is what is expected: a
share of the award in every step.

Left out: limits and efficiencies that depend on level or power (refused by name), bids in whole MW, forecasts of
prices, and the order in which markets clear. Products of real markets are data, in ``cell2grid.study``. Sets,
equations and their tests: docs/formulation/reserves.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.engines import dispatch
from cell2grid.engines.dispatch import Case
from cell2grid.engines.reserves.products import Product, Terms, checked, product
from cell2grid.errors import InputError
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.engines.reserves.question import Question
    from cell2grid.engines.reserves.solving import Plan

__all__ = ["READS", "WRITES", "Outcome", "Product", "Terms", "co_optimised", "product", "product_arrays", "solve"]

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

# over timestep and service
TERMS = (
    "capacity_price",
    "activation_up",
    "activation_down",
    "activation_price_up",
    "activation_price_down",
    "award_most",
    "award_block",
)
# over service
RULES = ("upward", "downward", "duration_up", "duration_down", "award_least")
READS = (*dispatch.READS, *TERMS, *RULES)
# read where they are given
MAY_READ = dispatch.MAY_READ
WRITES = (
    "charge",
    "discharge",
    "expected_energy",
    "award",
    "revenue",
    "capacity_revenue",
    "activation_revenue",
    "co_optimised_value",
)
# a horizon of more steps than a year of hours is solved in windows, unless its window is said
MOST_AT_ONCE = 8784
# hours, and steps, that such a window keeps, the hours that it sees besides, and how well its choices are proved, as a
# share of the money that changes hands: a longer window of short steps has more choices than a tree can settle
KEPT_HOURS, KEPT_STEPS, OVERLAP_HOURS = 288.0, 288, 48.0
WINDOW_GAP = 1e-4
_REFUSED = ("efficiency_charge_by_power", "efficiency_discharge_by_power", "charge_by_level", "discharge_by_level")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """A plan: powers by step [MW], energy after each [MWh], and money by source [currency].

    ``award`` [MW] and the two revenues are by product, in the order of ``names``; ``award`` by timestep first.
    ``revenue`` is that of the energy market, ``value`` adds awards and calls, less what throughput costs and with what
    the last energy is worth. No plan earns more than ``bound``, which is infinite where windows were used: then
    ``value`` is a lower bound on the best. ``window`` and ``overlap`` are in hours, None for the whole horizon at once.
    """

    names: tuple[str, ...]
    charge: Floats
    discharge: Floats
    curtailed: Floats
    energy: Floats
    award: Floats
    revenue: float
    capacity_revenue: Floats
    activation_revenue: Floats
    value: float
    bound: float
    method: str
    window: float | None
    overlap: float | None


def co_optimised(
    case: Case,
    products: Sequence[Product],
    *,
    window: float | None = None,
    overlap: float | None = None,
    time_limit: float = 600.0,
    progress: Progress | None = None,
) -> Outcome:
    """The plan of energy and awards that earns the most.

    Parameters
    ----------
    case, products
        The asset with its site and prices, and what else can be sold; products of ``product``.
    window, overlap
        Hours that are solved at once, and how many of them are seen but not kept. Without them a horizon of at most
        8,784 steps is solved as a whole, and a longer one in windows that keep 288 steps or hours, whatever is
        shorter, and see 48 h more.
    time_limit
        Seconds that HiGHS may take in all.
    progress
        Called with the steps done and all steps, after each window.

    Raises
    ------
    InputError
        A number is not finite or outside its range, or the case has a feature that reserve does not cover.
    InfeasibleError
        No schedule keeps the limits, even with no award.
    NotConvergedError
        The time ran out, or the plan is not proved the best.

    The equations are those of docs/formulation/reserves.md; the balance with expected calls is that of Byrne and
    Silva-Monroy (2012), doi:10.2172/1055875.

    >>> import numpy as np
    >>> from cell2grid.engines.dispatch.case import asset_case
    >>> case = asset_case(np.array([50.0]), power=10.0, energy=20.0, start_fraction=0.5, end_fraction=0.5)
    >>> best = co_optimised(case, [product(case, "spin", up=True, capacity_price=6.0, duration_up=2.0)])
    >>> best.award.tolist(), best.value
    ([[5.0]], 30.0)
    """
    from cell2grid.engines.reserves.horizon import best_of_horizon
    from cell2grid.engines.reserves.question import Question
    from cell2grid.engines.reserves.windows import rolling

    asked = Question(_covered(case), checked(products, case))
    deadline = time.monotonic() + time_limit
    if window is None and len(case.price) > MOST_AT_ONCE:
        overlap = OVERLAP_HOURS if overlap is None else overlap
        window = overlap + _kept_hours(asked)
    if window is None:
        if overlap is not None:
            raise InputError(f"reserves: an overlap of {overlap:g} h without a window; give the window's hours too")
        plan = best_of_horizon(asked, deadline=deadline)
    else:
        if not np.isfinite(window) or window <= 0.0:
            raise InputError(f"reserves: the window is {window:g} h, expected more than 0")
        overlap = min(OVERLAP_HOURS, window / 2.0) if overlap is None else overlap
        plan = rolling(asked, window, overlap, deadline=deadline, accuracy=WINDOW_GAP, strict=False, progress=progress)
    return _outcome(asked, plan, window, overlap)


def _kept_hours(asked: Question) -> float:
    """The hours that a window keeps where none is said: whole days, so that blocks of a day or less fit."""
    hours = min(KEPT_HOURS, KEPT_STEPS * float(np.median(asked.case.step_hours)))
    return max(float(np.floor(hours / 24.0)), 1.0) * 24.0


def _outcome(asked: Question, plan: Plan, window: float | None, overlap: float | None) -> Outcome:
    from cell2grid.engines.reserves.solving import meter_money

    case = asked.case
    count = len(asked.products)
    award, capacity, calls = np.zeros((asked.steps, count)), np.zeros(count), np.zeros(count)
    for i, each in enumerate(asked.awards):
        one, held = each.product, plan.award[each.numbers]
        award[:, i] = held
        capacity[i] = float(np.sum(one.capacity_price * held * case.step_hours))
        called = one.activation_up * one.activation_price_up - one.activation_down * one.activation_price_down
        calls[i] = float(np.sum(called * held * case.step_hours))
    rolled = "" if window is None else f", windows of {window:g} h with {overlap:g} h of overlap"
    return Outcome(
        names=tuple(one.name for one in asked.products),
        charge=plan.charge,
        discharge=plan.discharge,
        curtailed=plan.curtailed,
        energy=plan.energy[1:],
        award=award,
        revenue=float(meter_money(asked, plan.charge, plan.discharge, plan.curtailed).sum()),
        capacity_revenue=capacity,
        activation_revenue=calls,
        value=plan.value,
        bound=plan.bound,
        method=f"{plan.method}{rolled}",
        window=window,
        overlap=overlap,
    )


def _covered(case: Case) -> Case:
    """The case itself, once it asks for nothing that reserve does not cover."""
    for name in _REFUSED:
        if getattr(case, name) is not None:
            raise InputError(
                f"storage asset: {name} is not covered together with reserve; give one number instead, or leave the "
                "reserve out"
            )
    return dispatch.checked(case)


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """The plan that earns the most, as labelled arrays; ``attrs`` name the method and the bound.

    Parameters
    ----------
    arrays
        The READS: those of dispatch, and the products over ``timestep`` and ``service``, or over ``service`` alone.
        ``service`` has the names of the products as its labels.

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As ``co_optimised``.
    """
    import xarray as xr

    given = tuple(name for name in MAY_READ if name in arrays)
    require(arrays, (*READS, *given), of="reserves")
    fields = {
        name: np.ascontiguousarray(arrays[name].values, dtype=np.float64) if arrays[name].dims else float(arrays[name])
        for name in (*dispatch.READS, *given)
    }
    case = Case(**fields)  # type: ignore[arg-type]
    best = co_optimised(case, products_of(arrays))
    coords = {name: arrays[name] for name in ("timestep", "service") if name in arrays.coords}
    found = {
        "charge": ("timestep", best.charge),
        "discharge": ("timestep", best.discharge),
        "expected_energy": ("timestep", best.energy),
        "award": (("timestep", "service"), best.award),
        "revenue": ((), best.revenue),
        "capacity_revenue": ("service", best.capacity_revenue),
        "activation_revenue": ("service", best.activation_revenue),
        "co_optimised_value": ((), best.value),
    }
    return labelled(xr.Dataset(found, coords=coords, attrs={"method": best.method, "bound": best.bound}))


def products_of(arrays: xr.Dataset) -> tuple[Product, ...]:
    """The products of labelled arrays, in the order of ``service``."""
    terms = {name: arrays[name].transpose("timestep", "service").values for name in TERMS}
    rules = {name: arrays[name].values for name in RULES}
    names = arrays["service"].values if "service" in arrays.coords else range(arrays.sizes["service"])
    return tuple(
        Product(
            name=str(name),
            up=bool(rules["upward"][i]),
            down=bool(rules["downward"][i]),
            duration_up=float(rules["duration_up"][i]),
            duration_down=float(rules["duration_down"][i]),
            least=float(rules["award_least"][i]),
            most=np.ascontiguousarray(terms["award_most"][:, i], np.float64),
            block=terms["award_block"][:, i].astype(np.int64),
            **{part: np.ascontiguousarray(terms[part][:, i], np.float64) for part in TERMS[:5]},
        )
        for i, name in enumerate(names)
    )


def product_arrays(products: Sequence[Product]) -> xr.Dataset:
    """Products as the arrays that ``solve`` reads beside those of dispatch."""
    import xarray as xr

    columns = {**dict.fromkeys(TERMS), "award_most": "most", "award_block": "block"}
    rules = {**dict.fromkeys(RULES), "upward": "up", "downward": "down", "award_least": "least"}
    found = {
        name: (("timestep", "service"), np.stack([getattr(one, own or name) for one in products], axis=1))
        for name, own in columns.items()
    }
    by_service = {
        name: ("service", np.array([float(getattr(one, own or name)) for one in products]))
        for name, own in rules.items()
    }
    return xr.Dataset({**found, **by_service}, coords={"service": [one.name for one in products]})
