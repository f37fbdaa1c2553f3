"""A second program for energy and reserve together: dense rows, one by one, as the formulation page says them.

It knows nothing of blocks of rows, scaling, hulls or lazy choices: every step has its yes or no, and scipy solves it.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.reserves import Product


def oracle(case: Case, products: list[Product]) -> float:
    """The best value; NaN where there is no plan."""
    steps, full = len(case.price), case.energy_capacity
    names: list[tuple[str, int, int]] = []
    for t in range(steps):
        names += [(kind, t, 0) for kind in ("c", "d", "e", "g", "buy", "sell", "way", "meter")]
    names.append(("start", 0, 0))
    names += [("worth", j, 0) for j in range(len(case.terminal_worth or ()))]
    for i, one in enumerate(products):
        for b in dict.fromkeys(one.block.tolist()):
            names += [("r", i, b), ("take", i, b)]
    at = {name: j for j, name in enumerate(names)}
    low, high, gain = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    whole = np.array([name[0] in ("way", "meter", "take") for name in names])
    high[whole] = 1.0
    rows: list[np.ndarray] = []
    least: list[float] = []
    most: list[float] = []

    def row(terms: dict[tuple[str, int, int], float], lower: float, upper: float) -> None:
        values = np.zeros(len(names))
        for name, value in terms.items():
            values[at[name]] += value
        rows.append(values)
        least.append(lower)
        most.append(upper)

    ec, ed, k = case.efficiency_charge, case.efficiency_discharge, case.throughput_cost
    low[at["start", 0, 0]], high[at["start", 0, 0]] = (0.0, full) if case.cyclic else (case.start, case.start)
    for t in range(steps):
        h = case.step_hours[t]
        c, d, e, g, buy, sell, way, meter = (
            (kind, t, 0) for kind in ("c", "d", "e", "g", "buy", "sell", "way", "meter")
        )
        before = ("e", t - 1, 0) if t else ("start", 0, 0)
        sun = 0.0 if case.generation is None else case.generation[t]
        load = 0.0 if case.load is None else case.load[t]
        reach_in, reach_out = case.charge_limit[t] + load, case.discharge_limit[t] + sun
        high[at[c]], high[at[d]], high[at[g]] = case.charge_limit[t], case.discharge_limit[t], sun
        high[at[buy]], high[at[sell]] = reach_in, reach_out
        low[at[e]], high[at[e]] = case.lowest[t], case.highest[t]
        gain[at[c]], gain[at[d]] = -k * h, -k * h
        gain[at[buy]], gain[at[sell]] = -case.buy_price[t] * h, case.sell_price[t] * h
        row({sell: 1.0, buy: -1.0, d: -1.0, c: 1.0, g: 1.0}, sun - load, sun - load)
        row({buy: 1.0, meter: -reach_in}, -np.inf, 0.0)
        row({sell: 1.0, meter: reach_out}, -np.inf, reach_out)
        if case.mode == "exclusive":
            row({c: 1.0, way: -case.charge_limit[t]}, -np.inf, 0.0)
            row({d: 1.0, way: case.discharge_limit[t]}, -np.inf, case.discharge_limit[t])
        balance = {e: 1.0, c: -ec * h, d: h / ed, before: -((1.0 - case.self_discharge) ** h)}
        out, into, held, room = {d: 1.0, c: -1.0}, {c: 1.0, d: -1.0}, {}, {}
        for i, one in enumerate(products):
            r = ("r", i, int(one.block[t]))
            au, ad = one.activation_up[t], one.activation_down[t]
            balance[r] = au * h / ed - ad * ec * h
            gain[at[r]] += h * (one.capacity_price[t] + au * (one.activation_price_up[t] - k))
            gain[at[r]] -= h * ad * (one.activation_price_down[t] + k)
            if one.up:
                out[r], held[r] = 1.0, one.duration_up / ed
            if one.down:
                into[r], room[r] = 1.0, one.duration_down * ec
            limit = min(one.most[t], case.charge_limit[t] + case.discharge_limit[t])
            row({r: 1.0, ("take", i, int(one.block[t])): -limit}, -np.inf, 0.0)
            row({r: 1.0, ("take", i, int(one.block[t])): -one.least}, 0.0, np.inf)
            high[at[r]] = np.inf
        row(balance, 0.0, 0.0)
        if held:
            row(out, -np.inf, case.discharge_limit[t])
        if room:
            row(into, -np.inf, case.charge_limit[t])
        floor = np.zeros(steps) if case.energy_floor is None else case.energy_floor * full
        for level, bottom, top in (
            (before, floor[t - 1] if t else 0.0, case.highest[t - 1] if t else full),
            (e, floor[t], case.highest[t]),
        ):
            if held:
                row({level: 1.0, **{r: -v for r, v in held.items()}}, bottom, np.inf)
            if room:
                row({level: 1.0, **room}, -np.inf, top)
        flow = {d: 1.0, c: -1.0, g: -1.0}
        if case.export_limit is not None:
            row({**flow, **dict.fromkeys(held, 1.0)}, -np.inf, case.export_limit[t] - sun + load)
        if case.import_limit is not None:
            row({**flow, **dict.fromkeys(room, -1.0)}, -case.import_limit[t] - sun + load, np.inf)
    if case.cyclic:
        row({("e", steps - 1, 0): 1.0, ("start", 0, 0): -1.0}, 0.0, 0.0)
    left: dict[tuple[str, int, int], float] = {("e", steps - 1, 0): -1.0}
    for j, (length, worth) in enumerate(case.terminal_worth or ()):
        high[at["worth", j, 0]], gain[at["worth", j, 0]], left["worth", j, 0] = length, worth, 1.0
    row(left, -np.inf, 0.0)
    for cap in case.cycle_caps:
        drawn: dict[tuple[str, int, int], float] = {}
        for t in range(cap.first, cap.last + 1):
            drawn["d", t, 0] = case.step_hours[t] / ed
            for i, one in enumerate(products):
                r = ("r", i, int(one.block[t]))
                drawn[r] = drawn.get(r, 0.0) + one.activation_up[t] * case.step_hours[t] / ed
        row(drawn, -np.inf, cap.energy)
    found = milp(
        -gain,
        constraints=LinearConstraint(np.array(rows), least, most),
        bounds=Bounds(low, high),
        integrality=whole.astype(int),
        options={"mip_rel_gap": 0.0},
    )
    return float("nan") if found.status == 2 else -float(found.fun)
