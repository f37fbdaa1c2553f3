"""The expansion in four programs, each as its own guide would have it; HiGHS solves all, with one set of options.

A program is built by a function that hands back how to solve it, so that both can be timed apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.investment.expansion import PRODUCTS, REGIONS, STEPS, UNSERVED, Expansion

OPTIONS: dict[str, Any] = {
    "threads": 1,
    "random_seed": 0,
    "output_flag": False,
    "simplex_dual_edge_weight_strategy": 1,
}
BLOCK = 100.0  # item/year, so large that no bound on how many there are binds
Solve = Callable[[], float]


def cell2grid(given: Expansion) -> Solve:
    """The engine by its stages: arrays to columns and rows, to HiGHS, and the run."""
    from cell2grid.engines.investment.building import model
    from cell2grid.engines.investment.plan import fixed
    from cell2grid.engines.investment.solving import solver

    case = as_plan(given)
    built = model(case, fixed(case), revealed=given.months, whole=False)
    highs = solver(built.problem.linear(), seconds=3600.0, gap=0.0, threads=1)

    def solve() -> float:
        highs.run()
        return float(highs.getInfo().objective_function_value) * built.problem.money_unit

    return solve


def cell2grid_whole(given: Expansion) -> Solve:
    """The engine as it is called: checks, problem, run, the conditions of the optimum, and all that is read back."""
    from cell2grid.engines.investment.planned import best

    case = as_plan(given)
    return lambda: best(case, whole=False).objective


def as_plan(given: Expansion) -> Any:
    """The expansion as the engine's arrays: a market for each region and product, additions as parts of blocks."""
    from cell2grid.engines.investment.plan import plan

    places, months = REGIONS * PRODUCTS, given.months
    lanes = np.full((REGIONS, PRODUCTS, REGIONS, PRODUCTS), np.nan)
    for product in range(PRODUCTS):
        lanes[:, product, :, product] = given.freight
    ready = (np.arange(months) >= given.lead).astype(np.float64)
    return plan(
        probability=[1.0],
        years=np.full(months, 1.0 / 12.0),
        discount=given.weight * 12.0,
        demand=given.demand.reshape(1, places, months),
        unserved_cost=UNSERVED,
        standing_capacity=given.standing.reshape(1, places, 1),
        step_width=given.width.reshape(1, places, STEPS, 1),
        step_cost=given.cost.reshape(1, places, STEPS, 1),
        freight=lanes.reshape(1, places, places, 1),
        option_plant=np.arange(places),
        block=np.full(places, BLOCK),
        ready=ready,
        opened=ready,
        most=np.full(places, 1000),
        most_at_once=np.full((places, months), 1000 // months),
        block_cost=BLOCK * given.capital.reshape(1, places, months) / (given.weight * 12.0),
    )


def bare(given: Expansion) -> Solve:
    """HiGHS through highspy alone: places of all columns by numpy, rows in one pass, one call."""
    import highspy

    months, weight = given.months, given.weight
    r, p, m, s, t = REGIONS, PRODUCTS, REGIONS, STEPS, months
    sizes = [r * p * m * t, r * p * s * t, r * p * t, r * p * t, m * p * t]
    first = np.concatenate([[0], np.cumsum(sizes)])
    ship = first[0] + np.arange(sizes[0]).reshape(r, p, m, t)
    make = first[1] + np.arange(sizes[1]).reshape(r, p, s, t)
    add = first[2] + np.arange(sizes[2]).reshape(r, p, t)
    cap = first[3] + np.arange(sizes[3]).reshape(r, p, t)
    left = first[4] + np.arange(sizes[4]).reshape(m, p, t)
    cost = np.concatenate(
        [
            np.broadcast_to(given.freight[:, None, :, None] * weight, ship.shape).ravel(),
            (given.cost[..., None] * weight).ravel(),
            given.capital.ravel(),
            np.zeros(sizes[3]),
            np.broadcast_to(UNSERVED * weight, left.shape).ravel(),
        ]
    )
    upper = np.full(first[-1], np.inf)
    upper[make] = given.width[..., None]
    # rows: demand (m, p, t), what is shipped is made, what is made fits, capacity grows, each (r, p, t)
    rows = r * p * t
    demand = np.moveaxis(ship, (2, 1, 3, 0), (0, 1, 2, 3)).reshape(rows, r)
    shipped = np.moveaxis(ship, 2, 3).reshape(rows, m)
    made = np.moveaxis(make, 2, 3).reshape(rows, s)
    before = cap.reshape(r * p, t)[:, :-1]
    one = np.arange(4 * rows).reshape(4, rows)
    grows = one[3].reshape(r * p, t)[:, 1:]
    parts = [
        (np.repeat(one[0], r), demand.ravel(), 1.0),
        (one[0], left.ravel(), 1.0),
        (np.repeat(one[1], m), shipped.ravel(), 1.0),
        (np.repeat(one[1], s), made.ravel(), -1.0),
        (np.repeat(one[2], s), made.ravel(), 1.0),
        (one[2], cap.ravel(), -1.0),
        (one[3], cap.ravel(), 1.0),
        (grows.ravel(), before.ravel(), -1.0),
    ]
    new = one[3].reshape(r * p, t)[:, given.lead :]
    parts.append((new.ravel(), add.reshape(r * p, t)[:, : t - given.lead].ravel(), -1.0))
    row = np.concatenate([part[0] for part in parts])
    column = np.concatenate([part[1] for part in parts])
    value = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    order = np.argsort(row, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=4 * rows))]).astype(np.int32)
    standing = np.broadcast_to(given.standing[..., None], (r, p, t)).ravel()
    zero, need = np.zeros(rows), given.demand.ravel()
    least = np.concatenate([need, zero, np.full(rows, -np.inf), zero])
    most = np.concatenate([need, zero, standing, zero])
    highs = highspy.Highs()
    for name, setting in OPTIONS.items():
        highs.setOptionValue(name, setting)
    form = (int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0)
    bounds = (cost, np.zeros(len(cost)), upper, least, most)
    places = (start, column[order].astype(np.int32), value[order], np.zeros(len(cost), np.int32))
    if highs.passModel(len(cost), 4 * rows, len(value), *form, *bounds, *places) != highspy.HighsStatus.kOk:
        raise RuntimeError("HiGHS did not take the problem")

    def solve() -> float:
        highs.run()
        return float(highs.getInfo().objective_function_value)

    return solve


def linopy_in_memory(given: Expansion) -> Solve:
    """linopy, which hands its matrix to HiGHS without a file."""
    return linopy(given, io_api="direct")


def linopy(given: Expansion, **more: str) -> Solve:
    """linopy: labelled variables and constraints, solved as its guide does."""
    import linopy as lp
    import xarray as xr

    def labelled(values: np.ndarray, *dims: str) -> xr.DataArray:
        return xr.DataArray(
            values, dims=dims, coords={dim: np.arange(n) for dim, n in zip(dims, values.shape, strict=True)}
        )

    demand = labelled(given.demand, "to", "product", "month")
    weight = labelled(given.weight, "month")
    coords = {dim: np.arange(n) for dim, n in _sizes(given).items()}

    def over(*dims: str) -> list[Any]:
        return [coords[dim] for dim in dims]

    model = lp.Model()
    lanes, plants = ("origin", "product", "to", "month"), ("origin", "product", "month")
    ship = model.add_variables(lower=0.0, coords=over(*lanes), dims=lanes, name="ship")
    width = labelled(given.width, "origin", "product", "step")
    made = ("origin", "product", "step", "month")
    upper = width.expand_dims(month=coords["month"]).transpose(*made)
    make = model.add_variables(lower=0.0, upper=upper, name="make")
    add = model.add_variables(lower=0.0, coords=over(*plants), dims=plants, name="add")
    cap = model.add_variables(lower=0.0, coords=over(*plants), dims=plants, name="cap")
    left = model.add_variables(lower=0.0, coords=demand.coords, name="left")
    model.add_constraints(ship.sum("origin") + left == demand, name="demand")
    model.add_constraints(ship.sum("to") - make.sum("step") == 0.0, name="made")
    model.add_constraints(make.sum("step") - cap <= labelled(given.standing, "origin", "product"), name="fits")
    new = add.shift(month=given.lead) if given.lead else add
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the capacity before the first month is left out, as it should be
        model.add_constraints(cap - cap.shift(month=1) - new == 0.0, name="grows")
    cost = labelled(given.cost, "origin", "product", "step")
    freight = labelled(given.freight, "origin", "to")
    spent = (ship * (freight * weight)).sum() + (make * (cost * weight)).sum() + (left * (UNSERVED * weight)).sum()
    model.add_objective(spent + (add * labelled(given.capital, "origin", "product", "month")).sum())

    def solve() -> float:
        model.solve(solver_name="highs", **more, **OPTIONS)
        return float(model.objective.value)

    return solve


def _sizes(given: Expansion) -> dict[str, int]:
    return {"origin": REGIONS, "product": PRODUCTS, "to": REGIONS, "step": STEPS, "month": given.months}


def pypsa(given: Expansion) -> Solve:
    """PyPSA's nearest form, handed on in memory: plants and markets are buses, lanes links, steps of cost generators.

    Capacity that is added in any month is beyond its components, and so comes as two more variables and two more
    constraints on its own model, as its guide shows.
    """
    import pandas as pd
    import pypsa as ps

    months = pd.RangeIndex(given.months)
    network = ps.Network()
    network.set_snapshots(months)
    for column in network.snapshot_weightings.columns:
        network.snapshot_weightings[column] = given.weight
    plants = [f"plant {r} {p}" for r in range(REGIONS) for p in range(PRODUCTS)]
    markets = [f"market {m} {p}" for m in range(REGIONS) for p in range(PRODUCTS)]
    network.add("Bus", plants)
    network.add("Bus", markets)
    need = pd.DataFrame(given.demand.reshape(-1, given.months).T, months, [f"load {m}" for m in markets])
    network.add("Load", need.columns, bus=markets, p_set=need)
    far = 1e5
    lanes = [(r, p, m) for r in range(REGIONS) for p in range(PRODUCTS) for m in range(REGIONS)]
    network.add(
        "Link",
        [f"lane {r} {p} {m}" for r, p, m in lanes],
        bus0=[f"plant {r} {p}" for r, p, _ in lanes],
        bus1=[f"market {m} {p}" for _, p, m in lanes],
        p_nom=far,
        marginal_cost=[given.freight[r, m] for r, _, m in lanes],
    )
    steps = [(r, p, s) for r in range(REGIONS) for p in range(PRODUCTS) for s in range(STEPS)]
    network.add(
        "Generator",
        [f"step {r} {p} {s}" for r, p, s in steps],
        bus=[f"plant {r} {p}" for r, p, _ in steps],
        p_nom=[min(given.width[each], far) for each in steps],
        marginal_cost=[given.cost[each] for each in steps],
    )
    network.add("Generator", [f"left {m}" for m in markets], bus=markets, p_nom=far, marginal_cost=UNSERVED)

    def grow(network: Any, snapshots: Any) -> None:
        import xarray as xr

        model = network.model
        index = pd.Index(plants, name="plant")
        add = model.add_variables(lower=0.0, coords=[snapshots, index], name="add")
        cap = model.add_variables(lower=0.0, coords=[snapshots, index], name="cap")
        month = snapshots.name
        new = add.shift({month: given.lead}) if given.lead else add
        model.add_constraints(cap - cap.shift({month: 1}) - new == 0.0, name="grows")
        made = model["Generator-p"]
        dim = next(str(each) for each in made.dims if each != month)
        own = made.sel({dim: [f"step {r} {p} {s}" for r, p, s in steps]})
        groups = xr.DataArray(
            [f"plant {r} {p}" for r, p, _ in steps], dims=[dim], coords={dim: own.coords[dim]}, name="plant"
        )
        standing = xr.DataArray(given.standing.ravel(), dims=["plant"], coords={"plant": plants})
        model.add_constraints(own.groupby(groups).sum() - cap <= standing, name="fits")
        capital = given.capital.reshape(-1, given.months).T
        money = (add * xr.DataArray(capital, dims=[month, "plant"], coords={month: snapshots, "plant": plants})).sum()
        model.objective = model.objective.expression + money

    def solve() -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            status, _ = network.optimize(
                solver_name="highs", io_api="direct", extra_functionality=grow, solver_options=OPTIONS
            )
        if status != "ok":
            raise RuntimeError(f"PyPSA says {status}")
        return float(network.objective)

    return solve


PROGRAMS: dict[str, Callable[[Expansion], Solve]] = {
    "cell2grid": cell2grid,
    "cell2grid, whole call": cell2grid_whole,
    "bare highspy": bare,
    "linopy": linopy,
    "linopy, in memory": linopy_in_memory,
    "PyPSA": pypsa,
}
