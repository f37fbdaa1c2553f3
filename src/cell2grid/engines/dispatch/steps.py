"""What each step of a case offers, seen from inside the store: the flows, and what one more stored MWh costs.

Losses, throughput cost, the site and its prices are all in the pieces that ``steps_of`` makes; ``kernel`` knows
nothing else. ``flows_of`` goes back from the energy of a schedule to the powers at the grid side. Left to HiGHS
(``reason_for_solver``): limits that depend on the level, and doing both at once where more than a price stands at the
grid connection.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import site
from cell2grid.engines.dispatch.case import Case, Table
from cell2grid.engines.dispatch.kernel.sweep import Steps

Floats = npt.NDArray[np.float64]

# flows this share of the store apart are one flow
SAME = 1e-13


def reason_for_solver(case: Case) -> str | None:
    """Why the pieces of a step cannot say what a case asks for; None where they can."""
    if case.charge_by_level or case.discharge_by_level:
        return "power limits that depend on the level"
    if not site.curves_are_plain(case):
        return "a price that pays both for taking and for sending more, with generation to curtail"
    if case.mode == "relaxed" and (case.has_site or not two_prices(case)):
        return "charging and discharging at once behind a meter that counts the difference, or with losses by power"
    return None


def steps_of(case: Case, *, drawn_cost: float = 0.0, end_cost: float = 0.0) -> Steps:
    """The steps of a case for the kernel.

    ``drawn_cost`` is charged for each MWh drawn from the store and ``end_cost`` for each MWh stored at the end, on top
    of the case [currency/MWh].

    Raises
    ------
    InfeasibleError
        The load of a step cannot be served, whatever is stored.
    """
    flow, cost, money, outward = _two_price(case, drawn_cost) if two_prices(case) else _site(case, drawn_cost)
    worth, length = _ending(case, end_cost)
    highest = case.highest
    room = float(highest.max())
    return Steps(flow, cost, money, outward, case.kept, case.lowest, highest, case.start, worth, length, room)


def flows_of(case: Case, energy: Floats, start: float, *, drawn_cost: float = 0.0) -> tuple[Floats, Floats]:
    """Charge and discharge at the grid side [MW] that carry the store from ``start`` along ``energy`` [MWh].

    ``drawn_cost`` is that of ``steps_of``: it decides where both at once pay, in the mode that allows it.
    """
    before = np.concatenate([[start], energy[:-1]])
    change = energy - case.kept * before
    # what is left of a level that was carried over is that level, not its neighbour by rounding
    change = np.where(np.abs(change) <= 1e-13 * case.energy_capacity, 0.0, change)
    stored, drawn = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    if case.mode == "relaxed":
        stored, drawn = _both(case, change, drawn_cost)
    charge = _power(case, stored / case.step_hours, case.efficiency_charge, case.efficiency_charge_by_power, True)
    discharge = _power(
        case, drawn / case.step_hours, case.efficiency_discharge, case.efficiency_discharge_by_power, False
    )
    # a limit reached is the limit itself
    return np.minimum(charge, case.charge_limit), np.minimum(discharge, case.discharge_limit)


def stored_power(case: Case, charge: Floats) -> Floats:
    """What gets into the store [MW] of a power taken at the grid side [MW]."""
    if case.efficiency_charge_by_power is None:
        return charge * case.efficiency_charge
    return np.interp(charge, *_curve(case, case.efficiency_charge_by_power, True))


def drawn_power(case: Case, discharge: Floats) -> Floats:
    """What leaves the store [MW] for a power sent at the grid side [MW]."""
    if case.efficiency_discharge_by_power is None:
        return discharge / case.efficiency_discharge
    return np.interp(discharge, *_curve(case, case.efficiency_discharge_by_power, False))


def two_prices(case: Case) -> bool:
    """Whether a step knows one price for each MWh taken and one for each MWh sent."""
    curves = case.efficiency_charge_by_power or case.efficiency_discharge_by_power
    return case.generation is None and case.load is None and case.price_fall is None and not curves


def _two_price(case: Case, drawn_cost: float) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64]]:
    """Flows, costs, money and outward pieces where a step has two prices."""
    # no more than the store holds can go one way; with both ways at once it can
    room = case.energy_capacity if case.mode == "exclusive" else np.inf
    taken, sent = case.charge_limit, case.discharge_limit
    if case.import_limit is not None:
        taken = np.minimum(taken, case.import_limit)
    if case.export_limit is not None:
        sent = np.minimum(sent, case.export_limit)
    most_in = np.minimum(taken * case.step_hours * case.efficiency_charge, room)
    most_out = np.minimum(sent * case.step_hours / case.efficiency_discharge, room)
    buy = (case.buy_price + case.throughput_cost) / case.efficiency_charge
    sell = (case.sell_price - case.throughput_cost) * case.efficiency_discharge - drawn_cost
    flow = np.empty((len(buy), 3))
    flow[:, 0], flow[:, 1], flow[:, 2] = -most_out, 0.0, most_in
    cost = np.column_stack([sell, buy])
    outward = np.ones(len(buy), np.int64)
    if case.mode == "relaxed":
        both = (buy < sell) & (most_in > 0.0) & (most_out > 0.0)
        # paid for losing: with both, what is stored comes before what is no longer drawn
        flow[both, 1] = -most_out[both] + most_in[both]
        cost[both] = cost[both][:, ::-1]
        outward[both] = (flow[both, 1] <= 0.0).astype(np.int64)
    return flow, cost, sell * most_out, outward


def _site(case: Case, drawn_cost: float) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64]]:
    """Flows, costs, money and outward pieces of an asset behind a grid connection, or with losses by power."""
    power = _powers(case)
    middle = (power[:, :-1] + power[:, 1:]) / 2.0
    charging = middle < 0.0
    hours = case.step_hours[:, None]
    gain = site.marginal_rate(case, middle)
    into = _slope(case, case.efficiency_charge, case.efficiency_charge_by_power, -middle, True)
    out_of = _slope(case, case.efficiency_discharge, case.efficiency_discharge_by_power, middle, False)
    # falling power is rising flow: the pieces in the order of the flow are those of the power backwards
    cost = np.where(charging, (gain + case.throughput_cost) / into, (gain - case.throughput_cost) / out_of - drawn_cost)
    taken, sent = stored_power(case, np.maximum(-power, 0.0)), drawn_power(case, np.maximum(power, 0.0))
    flow = _apart(((taken - sent) * hours)[:, ::-1], SAME * case.energy_capacity)
    most = np.maximum(power[:, -1], 0.0)
    least = np.maximum(-power[:, -1], 0.0)
    money = site.money_rate(case, power[:, -1]) - case.throughput_cost * (most + least)
    outward = (flow[:, 1:] <= 0.0).sum(axis=1)
    lost = drawn_cost * drawn_power(case, most) * case.step_hours
    return np.ascontiguousarray(flow), np.ascontiguousarray(cost[:, ::-1]), money * case.step_hours - lost, outward


def _apart(flow: Floats, same: float) -> Floats:
    """The same flows, rising; those that differ by rounding alone are one, and zero is zero."""
    flow = np.maximum.accumulate(np.where(np.abs(flow) <= same, 0.0, flow), axis=1)
    for j in range(flow.shape[1] - 1, 0, -1):
        # the last flow and zero stand, and what is near them moves
        near = (flow[:, j] - flow[:, j - 1] <= same) & (flow[:, j - 1] != 0.0)
        flow[near, j - 1] = flow[near, j]
    return flow


def _powers(case: Case) -> Floats:
    """The powers between which a MWh earns and loses the same, rising, by (timestep, power) [MW]."""
    least, most = site.power_range(case)
    points = [least, most, np.zeros(len(least)), *site.breakpoints(case)]
    for table, sign, charging in (
        (case.efficiency_charge_by_power, -1.0, True),
        (case.efficiency_discharge_by_power, 1.0, False),
    ):
        if table is not None:
            points += [np.full(len(least), sign * power) for power in _curve(case, table, charging)[0][1:]]
    return np.sort(np.clip(np.column_stack(points), least[:, None], most[:, None]), axis=1)


def _curve(case: Case, table: Table, charging: bool) -> tuple[Floats, Floats]:
    """Powers at the grid side and inside the store of a table of efficiencies, from zero [MW]."""
    largest = float((case.charge_limit if charging else case.discharge_limit).max())
    power = np.array([0.0, *(share * largest for share, _ in table)])
    efficiency = np.array([1.0, *(value for _, value in table)])
    return power, power * efficiency if charging else power / efficiency


def _slope(case: Case, efficiency: float, table: Table | None, power: Floats, charging: bool) -> Floats:
    """How much one more MW at the grid side changes the power inside the store."""
    if table is None:
        return np.full(power.shape, efficiency if charging else 1.0 / efficiency)
    grid, inside = _curve(case, table, charging)
    piece = np.clip(np.searchsorted(grid, power, side="right") - 1, 0, len(grid) - 2)
    # a limit of 0 MW has a table of no length, which no power lies in
    slope = np.divide(np.diff(inside), np.diff(grid), out=np.ones(len(grid) - 1), where=np.diff(grid) > 0.0)
    return slope[piece]


def _power(case: Case, inside: Floats, efficiency: float, table: Table | None, charging: bool) -> Floats:
    """The power at the grid side [MW] of a power inside the store [MW]."""
    if table is None:
        return inside / efficiency if charging else inside * efficiency
    grid, within = _curve(case, table, charging)
    return np.interp(inside, within, grid)


def _both(case: Case, change: Floats, drawn_cost: float) -> tuple[Floats, Floats]:
    """What is stored and drawn of a change of the level where both are allowed [MWh]."""
    flow = _two_price(case, 0.0)[0]
    stored, drawn = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    most_in, most_out = flow[:, 2], -flow[:, 0]
    buy = (case.buy_price + case.throughput_cost) / case.efficiency_charge
    sell = (case.sell_price - case.throughput_cost) * case.efficiency_discharge - drawn_cost
    both = (buy < sell) & (most_in > 0.0) & (most_out > 0.0)
    filled = np.maximum(np.minimum(change + most_out, most_in), 0.0)
    return np.where(both, filled, stored), np.where(both, np.maximum(filled - change, 0.0), drawn)


def _ending(case: Case, end_cost: float) -> tuple[Floats, Floats]:
    """What stored energy is worth at the end, from empty upwards: [currency/MWh] and [MWh]."""
    worth, length, left = [], [], float(case.energy_capacity)
    for amount, each in case.terminal_worth or ():
        length.append(min(amount, left))
        worth.append(each - end_cost)
        left -= length[-1]
        if left <= 0.0:
            break
    if left > 0.0:
        length.append(left)
        worth.append(-end_cost)
    return np.array(worth), np.array(length)
