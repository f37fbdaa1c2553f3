"""A second program for the same question: the model read from its equations at the grid side and handed to HiGHS.

``answer`` takes what ``dispatch.asset_case`` takes and shares no line with the package. Rows are added one by one. A
rule of the kind "never both" (charge and discharge, import and export, a later piece of a table before an earlier
one is full) gets its binary where the problem without it breaks the rule; what breaks none is the answer. So a linear
problem stays one, and its dual prices come back. Exact answers on a lattice: ``dispatch_lattice.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import highspy
import numpy as np

INFINITY = highspy.kHighsInf
# below this two flows of one step are one flow and rounding
BOTH = 1e-8
Terms = dict[int, float]


@dataclass(frozen=True)
class Answer:
    """The best objective (NaN: no schedule), one schedule that earns it, and what a stored MWh is worth after a step.

    ``water_value`` is the dual price of the balance where the answer is that of a linear problem, else None.
    """

    objective: float
    energy: np.ndarray | None = None
    charge: np.ndarray | None = None
    discharge: np.ndarray | None = None
    water_value: np.ndarray | None = None


@dataclass
class Problem:
    """Columns and rows of one problem in HiGHS, and the pairs of columns of which one must be zero."""

    solver: highspy.Highs = field(default_factory=highspy.Highs)
    most: list[float] = field(default_factory=list)
    earns: list[float] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.solver.silent()
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for name, value in {
            "mip_rel_gap": 1e-11,
            "mip_abs_gap": 1e-9,
            "primal_feasibility_tolerance": 1e-10,
            "dual_feasibility_tolerance": 1e-10,
            "mip_feasibility_tolerance": 1e-10,
            "time_limit": 120.0,
            "threads": 1,
        }.items():
            assert self.solver.setOptionValue(name, value) == highspy.HighsStatus.kOk

    def column(self, least: float, most: float, earns: float = 0.0) -> int:
        assert self.solver.addCol(earns, least, most, 0, [], []) == highspy.HighsStatus.kOk
        self.most.append(most)
        self.earns.append(earns)
        return len(self.most) - 1

    def row(self, least: float, most: float, *terms: Terms) -> int:
        """Least <= sum of the terms <= most; a column named twice is counted twice."""
        whole: Terms = {}
        for part in terms:
            for column, factor in part.items():
                whole[column] = whole.get(column, 0.0) + factor
        columns, factors = np.array(list(whole), np.int32), np.array(list(whole.values()))
        assert self.solver.addRow(least, most, len(whole), columns, factors) == highspy.HighsStatus.kOk
        return self.solver.getNumRow() - 1

    def forbid_both(self, one: int, other: int) -> None:
        """A binary that lets one of the two columns leave zero."""
        choice = self.column(0.0, 1.0)
        assert self.solver.changeColIntegrality(choice, highspy.HighsVarType.kInteger) == highspy.HighsStatus.kOk
        self.row(-INFINITY, 0.0, {one: 1.0, choice: -self.most[one]})
        self.row(-INFINITY, self.most[other], {other: 1.0, choice: self.most[other]})

    def best(self, presolve: str = "choose") -> np.ndarray | None:
        """The best columns; None where no columns keep to all rows."""
        assert self.solver.clearSolver() == highspy.HighsStatus.kOk
        assert self.solver.setOptionValue("presolve", presolve) == highspy.HighsStatus.kOk
        assert self.solver.run() == highspy.HighsStatus.kOk
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        assert status == highspy.HighsModelStatus.kOptimal, status
        return np.array(self.solver.getSolution().col_value)

    def better(self) -> np.ndarray | None:
        """The better of two searches: one in some thousand of HiGHS 1.15 proves an optimum that is none."""
        found = [columns for columns in (self.best(), self.best("off")) if columns is not None]
        return max(found, key=self.worth, default=None)

    def worth(self, columns: np.ndarray) -> float:
        return float(np.array(self.earns) @ columns)


def answer(price: np.ndarray, step_hours: np.ndarray | float = 1.0, **asset: object) -> Answer:
    """The best schedule of one asset; arguments as ``dispatch.asset_case``."""
    model = Model(np.asarray(price, float), np.asarray(step_hours, float), asset)
    problem = model.problem
    columns = problem.best()
    if columns is None:
        return Answer(float("nan"))
    linear, duals = problem.worth(columns), np.array(problem.solver.getSolution().row_dual)[model.balance]
    left = list(problem.pairs)
    while broken := [pair for pair in left if columns[list(pair)].min() > BOTH]:
        for pair in broken:
            problem.forbid_both(*pair)
        left = [pair for pair in left if pair not in set(broken)]
        columns = problem.better()
        if columns is None:
            return Answer(float("nan"))
    best = problem.worth(columns)
    same = abs(best - linear) <= 1e-9 * max(1.0, abs(best))
    flows = [columns[names] for names in (model.energy, model.charge, model.discharge)]
    return Answer(best, *flows, duals if same else None)


class Model:
    """The columns and rows of one asset at its grid connection, in the order of docs/formulation/dispatch.md."""

    def __init__(self, price: np.ndarray, hours: np.ndarray, asset: dict) -> None:
        self.asset, self.steps = asset, len(price)
        self.known: dict[str, np.ndarray] = {}
        self.hours = np.broadcast_to(hours, price.shape)
        self.room = float(asset["energy"])
        self.limit_in = self.series("power")
        self.limit_out = self.series("discharge_power") if "discharge_power" in asset else self.limit_in
        self.problem = Problem()
        self.balance: list[int] = []
        self.energy: list[int] = []
        self.charge: list[int] = []
        self.discharge: list[int] = []
        self.drawn: list[Terms] = []
        floor, ceiling = self.series("energy_floor", 0.0) * self.room, self.series("energy_ceiling", 1.0) * self.room
        if not self.cyclic:
            floor[-1] = max(floor[-1], asset.get("end_fraction", 0.0) * self.room)
        self.energy = [self.problem.column(0.0, most) for most in ceiling]
        for t in np.flatnonzero(floor):
            self.problem.row(floor[t], INFINITY, {self.energy[t]: 1.0})
        for t in range(self.steps):
            self.add_store(t)
            self.add_level_limits(t)
            self.add_meter(t, price[t])
        self.add_terminal()
        self.add_caps()

    def series(self, name: str, absent: float = 0.0) -> np.ndarray:
        if name not in self.known:
            self.known[name] = np.array(np.broadcast_to(np.asarray(self.asset.get(name, absent), float), self.steps))
        return self.known[name]

    @property
    def cyclic(self) -> bool:
        return bool(self.asset.get("cyclic", False))

    def add_store(self, t: int) -> None:
        """e_t = kept e_{t-1} + stored - drawn, both within their limits and, in exclusive mode, one of them zero."""
        problem, hours = self.problem, self.hours[t]
        cost = -self.asset.get("throughput_cost", 0.0) * hours
        charge = problem.column(0.0, self.limit_in[t], cost)
        discharge = problem.column(0.0, self.limit_out[t], cost)
        if self.asset.get("mode", "exclusive") == "exclusive":
            problem.pairs.append((charge, discharge))
        stored = self.inside(charge, "charge", self.limit_in.max())
        drawn = self.inside(discharge, "discharge", self.limit_out.max())
        kept = (1.0 - self.asset.get("self_discharge", 0.0)) ** hours
        start = kept * self.asset.get("start_fraction", 0.0) * self.room
        before: Terms = {self.energy[t - 1]: -kept} if t or self.cyclic else {}
        rest = 0.0 if before else start
        flow = [{column: -rate * hours for column, rate in stored.items()}]
        flow.append({column: rate * hours for column, rate in drawn.items()})
        self.balance.append(problem.row(rest, rest, {self.energy[t]: 1.0}, before, *flow))
        self.charge.append(charge)
        self.discharge.append(discharge)
        self.drawn.append(flow[1])

    def inside(self, power: int, side: str, largest: float) -> Terms:
        """The power inside the store [MW] that goes with a power at the grid: charge times, discharge by efficiency.

        With a table the power is the sum of its pieces, and none begins before the one below it is full.
        """
        table = self.asset.get(f"efficiency_{side}_by_power")
        if table is None:
            efficiency = self.asset.get(f"efficiency_{side}", 1.0)
            return {power: efficiency if side == "charge" else 1.0 / efficiency}
        problem, pieces = self.problem, {}
        at, within, gap = 0.0, 0.0, None
        for share, efficiency in table:
            point = share * largest
            other = point * efficiency if side == "charge" else point / efficiency
            piece = problem.column(0.0, point - at)
            pieces[piece] = (other - within) / (point - at) if point > at else 0.0
            if gap is not None:
                problem.pairs.append((gap, piece))
            gap = problem.column(0.0, point - at)
            problem.row(point - at, point - at, {piece: 1.0, gap: 1.0})
            at, within = point, other
        problem.row(0.0, 0.0, {power: -1.0}, dict.fromkeys(pieces, 1.0))
        return pieces

    def add_level_limits(self, t: int) -> None:
        """Charge and discharge below their limits as lines over the level where the step ends; tables are concave."""
        for side, power, limit in (
            ("charge", self.charge[t], self.limit_in[t]),
            ("discharge", self.discharge[t], self.limit_out[t]),
        ):
            table = self.asset.get(f"{side}_by_level", ())
            for (low, share), (high, other) in pairwise(table):
                slope = (other - share) / (high - low)
                line = {self.energy[t]: -limit * slope / self.room}
                self.problem.row(-INFINITY, limit * (share - slope * low), {power: 1.0}, line)

    def add_meter(self, t: int, price: float) -> None:
        """Export less import = generation - curtailed - load + discharge - charge, each at its own price."""
        problem, hours = self.problem, self.hours[t]
        buy = price + self.series("buy_adder")[t]
        sell = price + self.series("sell_adder")[t]
        generation = self.series("generation")[t]
        load = self.series("load")[t] + self.series("auxiliary_load")[t]
        most_in = min(self.series("import_limit", np.inf)[t], load + self.limit_in[t])
        most_out = min(self.series("export_limit", np.inf)[t], generation + self.limit_out[t])
        imported = problem.column(0.0, most_in, -buy * hours)
        exported = problem.column(0.0, most_out, sell * hours)
        if buy < sell:
            problem.pairs.append((imported, exported))
        curtailed = problem.column(0.0, generation)
        net = {exported: 1.0, imported: -1.0, curtailed: 1.0, self.discharge[t]: -1.0, self.charge[t]: 1.0}
        problem.row(generation - load, generation - load, net)

    def add_terminal(self) -> None:
        """What stored energy is worth after the last step, from empty upwards, its worth falling."""
        table = self.asset.get("terminal_worth", ())
        if "terminal_value" in self.asset:
            table = ((self.room, self.asset["terminal_value"]),)
        if table:
            parts = [self.problem.column(0.0, length, worth) for length, worth in table]
            parts.append(self.problem.column(0.0, max(0.0, self.room - sum(length for length, _ in table))))
            self.problem.row(0.0, 0.0, {self.energy[-1]: -1.0}, dict.fromkeys(parts, 1.0))

    def add_caps(self) -> None:
        """The energy drawn from the store in a day, and in the whole, as cycles of the whole capacity."""
        begin = np.concatenate([[0.0], np.cumsum(self.hours)[:-1]])
        day = np.asarray(self.asset.get("day", np.floor(begin / 24.0 + 1e-9)))
        groups = []
        if "cycles_per_day" in self.asset:
            groups += [(np.flatnonzero(day == one), self.asset["cycles_per_day"]) for one in np.unique(day)]
        if "cycles_per_year" in self.asset:
            groups.append((np.arange(self.steps), self.asset["cycles_per_year"] * self.hours.sum() / 8760.0))
        for steps, cycles in groups:
            self.problem.row(-INFINITY, cycles * self.room, *(self.drawn[t] for t in steps))


def oracle(
    price: np.ndarray,
    hours: np.ndarray,
    power_in: np.ndarray,
    power_out: np.ndarray,
    *,
    energy: float,
    efficiency_charge: float,
    efficiency_discharge: float,
    start: float,
    end: float,
    throughput_cost: float = 0.0,
    exclusive: bool = True,
) -> float:
    """The best objective of an asset that has nothing but a market price; ``start`` and ``end`` in MWh."""
    return answer(
        price,
        hours,
        power=power_in,
        discharge_power=power_out,
        energy=energy,
        efficiency_charge=efficiency_charge,
        efficiency_discharge=efficiency_discharge,
        start_fraction=start / energy,
        end_fraction=end / energy,
        throughput_cost=throughput_cost,
        mode="exclusive" if exclusive else "relaxed",
    ).objective
