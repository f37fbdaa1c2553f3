"""Equilibria of small markets once more, by linearising and Lemke's pivots: the solving half of an oracle.

Written from docs/formulation/market.md and market-methods.md alone. A game is plain lists; its conditions (gain of one
item more, cost of one more, capacity, quotas, undertakings) are written out as one complementarity problem, linearised
where demand or costs bend, and pivoted (Lemke 1965, doi:10.1287/mnsc.11.7.681) until nothing moves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

INF = math.inf
Vector = NDArray[np.float64]


@dataclass
class Line:
    """What a plant may sell in a market, within all quotas or above them."""

    plant: str
    market: str
    freight: float
    on_price: float = 0.0
    on_cost: float = 0.0
    amount: float = 0.0
    quotas: list[str] = field(default_factory=list)
    least: float | None = None

    @property
    def kept(self) -> float:
        return 1.0 / (1.0 + self.on_price)


@dataclass
class Curve:
    """Demand: a straight line or one of a single elasticity."""

    form: str
    intercept: float = 0.0
    slope: float = 0.0
    scale: float = 0.0
    elasticity: float = 0.0
    cross: dict[str, float] = field(default_factory=dict)


@dataclass
class Parcel:
    """A part of a plant's output and what one more item of it costs."""

    width: float
    constant: float
    rise: float = 0.0
    at: float = 1.0
    power: float = 1.0

    def cost(self, made: float) -> float:
        return self.constant + self.rise * (made / self.at) ** self.power

    def bend(self, made: float) -> float:
        if self.rise == 0.0:
            return 0.0
        safe = max(made, 1e-9 * self.at)
        return self.rise * self.power / self.at * (safe / self.at) ** (self.power - 1.0)

    def area(self, made: float) -> float:
        return self.constant * made + self.rise * self.at / (self.power + 1.0) * (made / self.at) ** (self.power + 1.0)


@dataclass
class Game:
    """One term: who decides over which plant, what they can make and sell, and what buyers ask for."""

    decides: dict[str, str]
    interest: dict[tuple[str, str], float]  # what a firm earns of another
    conduct: dict[tuple[str, str], float]
    capacity: dict[str, float]
    parcels: dict[str, list[Parcel]]
    lines: list[Line]
    curves: dict[str, Curve]
    quotas: dict[str, float] = field(default_factory=dict)


class NotFoundError(Exception):
    """No equilibrium was found by this way of looking."""


def lemke(matrix: Vector, vector: Vector, cover: Vector) -> Vector:
    """z >= 0 with w = Mz + q >= 0 and z'w = 0."""
    size = len(vector)
    if (vector >= 0).all():
        return np.zeros(size)
    # columns: w (size), z (size), the cover; and the right-hand side
    table = np.hstack([np.eye(size), -matrix, -cover[:, None], vector[:, None]])
    basis = list(range(size))
    ratios = np.where(cover > 0, -vector / np.where(cover > 0, cover, 1.0), -INF)
    row, enters = int(np.argmax(ratios)), 2 * size
    for _ in range(200 * size):
        leaves = basis[row]
        table[row] /= table[row, enters]
        for other in range(size):
            if other != row and table[other, enters] != 0.0:
                table[other] -= table[other, enters] * table[row]
        basis[row] = enters
        if leaves == 2 * size:
            found = np.zeros(2 * size + 1)
            found[basis] = table[:, -1]
            return found[size : 2 * size]
        enters = leaves + size if leaves < size else leaves - size
        column = table[:, enters]
        can = column > 1e-10
        if not can.any():
            raise NotFoundError("a ray")
        steps = np.where(can, np.maximum(table[:, -1], 0.0) / np.where(can, column, 1.0), INF)
        ties = np.flatnonzero(steps <= steps.min() + 1e-13)
        # the cover leaves where it can; else the largest pivot of the tied rows
        row = next((int(t) for t in ties if basis[t] == 2 * size), int(ties[np.argmax(column[ties])]))
    raise NotFoundError("pivots without end")


class Conditions:
    """The conditions of a game as F(v) of one vector, with its derivatives."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.plants = sorted({line.plant for line in game.lines})
        self.markets = sorted({line.market for line in game.lines})
        self.parcels = [(plant, parcel) for plant in self.plants for parcel in game.parcels[plant]]
        self.quotas = sorted({quota for line in game.lines for quota in line.quotas})
        self.wedges = sorted({(line.market, line.least) for line in game.lines if line.least is not None})
        sizes = [len(game.lines), len(self.plants), len(self.parcels), len(self.parcels), len(self.plants)]
        sizes += [len(self.quotas), len(self.wedges)]
        ends = np.cumsum([0, *sizes])
        self.lines, self.costs, self.parts, self.rents, self.scarce, self.licences, self.wedged = (
            range(int(first), int(last)) for first, last in pairwise(ends)
        )
        self.size = int(ends[-1])

    def price(self, market: str, sold: dict[str, float]) -> float:
        curve = self.game.curves[market]
        if curve.form == "isoelastic":
            return float((sold[market] / curve.scale) ** (-1.0 / curve.elasticity))
        others = sum(slope * sold.get(other, 0.0) for other, slope in curve.cross.items())
        return curve.intercept - curve.slope * sold[market] - others

    def fall(self, of: str, by: str, sold: dict[str, float]) -> tuple[float, float]:
        """How far one price falls by an item more in a market, and what that changes by with an item more."""
        curve = self.game.curves[of]
        if of != by:
            return curve.cross.get(by, 0.0), 0.0
        if curve.form == "linear":
            return curve.slope, 0.0
        fall = self.price(of, sold) / (curve.elasticity * sold[of])
        return fall, -(1.0 / curve.elasticity + 1.0) * fall / sold[of]

    def sold(self, v: Vector) -> dict[str, float]:
        found = dict.fromkeys(self.markets, 0.0)
        for place, line in enumerate(self.game.lines):
            found[line.market] += float(v[place])
        return found

    def _marked(self, place: int, v: Vector, sold: dict[str, float], F: Vector, J: Vector) -> None:
        """The gain of one item more of a line: mark-up less the price that is kept, and their derivatives."""
        game, line = self.game, self.game.lines[place]
        firm = game.decides[line.plant]
        conduct = game.conduct[firm, line.market]
        F[place] -= line.kept * self.price(line.market, sold)
        for other, there in enumerate(game.lines):
            J[place, other] += line.kept * self.fall(line.market, there.market, sold)[0]
        for other, there in enumerate(game.lines):
            fall, bend = self.fall(there.market, line.market, sold)
            earns = game.interest.get((firm, game.decides[there.plant]), 0.0) * there.kept
            F[place] += conduct * fall * earns * v[other]
            J[place, other] += conduct * fall * earns
            if bend:
                for third, where in enumerate(game.lines):
                    if where.market == line.market:
                        J[place, third] += conduct * bend * earns * v[other]

    def at(self, v: Vector) -> tuple[Vector, Vector]:
        game, sold = self.game, self.sold(v)
        F, J = np.zeros(self.size), np.zeros((self.size, self.size))

        def add(row: int, column: int, factor: float) -> None:
            F[row] += factor * v[column]
            J[row, column] += factor

        for place, line in enumerate(game.lines):
            self._marked(place, v, sold, F, J)
            plant = self.plants.index(line.plant)
            F[place] += (1 + line.on_cost) * line.freight + line.amount
            add(place, self.costs[plant], 1 + line.on_cost)
            add(place, self.scarce[plant], 1.0)
            add(self.scarce[plant], place, -1.0)
            add(self.costs[plant], place, -1.0)
            for quota in line.quotas:
                number = self.quotas.index(quota)
                add(place, self.licences[number], 1.0)
                add(self.licences[number], place, -1.0)
            if line.least is not None:
                add(place, self.wedged[self.wedges.index((line.market, line.least))], 1.0)
        for number, (name, parcel) in enumerate(self.parcels):
            plant, part = self.plants.index(name), self.parts[number]
            add(self.costs[plant], part, 1.0)
            F[part] += parcel.cost(max(float(v[part]), 0.0))
            J[part, part] += parcel.bend(float(v[part]))
            add(part, self.costs[plant], -1.0)
            if parcel.width < INF:
                add(part, self.rents[number], 1.0)
                add(self.rents[number], part, -1.0)
                F[self.rents[number]] += parcel.width
            else:
                F[self.rents[number]] = 1.0
        for plant, name in enumerate(self.plants):
            F[self.scarce[plant]] += game.capacity[name]
        for number, name in enumerate(self.quotas):
            F[self.licences[number]] += game.quotas[name]
        for number, (market, least) in enumerate(self.wedges):
            F[self.wedged[number]] += self.price(market, sold) - least
            for place, line in enumerate(game.lines):
                J[self.wedged[number], place] -= self.fall(market, line.market, sold)[0]
        return F, J

    def start(self) -> Vector:
        v = np.zeros(self.size)
        for place, line in enumerate(self.game.lines):
            curve = self.game.curves[line.market]
            rivals = sum(other.market == line.market for other in self.game.lines)
            if curve.form == "isoelastic":
                dear = max(parcel.constant for _, parcel in self.parcels) + line.freight + 1e-9
                v[place] = curve.scale * (2 * dear) ** -curve.elasticity / rivals
            else:
                v[place] = curve.intercept / curve.slope / 2 / rivals
        for number, (name, _) in enumerate(self.parcels):
            v[self.parts[number]] = sum(v[place] for place, line in enumerate(self.game.lines) if line.plant == name)
        return v


def found_at(game: Game) -> tuple[Conditions, Vector]:
    """The equilibrium of the game, as the conditions and the vector that meets them."""
    conditions = Conditions(game)
    if not game.lines:
        return conditions, np.zeros(0)
    draw = np.random.default_rng(0)
    for attempt in range(20):
        cover = np.ones(conditions.size) if attempt == 0 else draw.uniform(0.2, 5.0, conditions.size)
        v = conditions.start() * (1.0 if attempt == 0 else draw.uniform(0.2, 1.5))
        try:
            return conditions, _followed(conditions, v, cover)
        except NotFoundError:
            continue
    raise NotFoundError("no start leads to an equilibrium")


def _followed(conditions: Conditions, v: Vector, cover: Vector) -> Vector:
    for turn in range(200):
        F, J = conditions.at(v)
        # each row in its own size, so that prices and quantities weigh alike; solutions stay as they are
        units = np.where(np.abs(J).max(axis=0) > 0, 1.0 / np.maximum(np.abs(J).max(axis=0), 1e-300), 1.0)
        J_unit = J * units
        rows = np.maximum(np.abs(J_unit).max(axis=1), 1e-300)
        rows[rows <= 1e-300] = 1.0
        answer = lemke(J_unit / rows[:, None], (F - J @ v) / rows, cover) * units
        step = 1.0
        before, after = conditions.sold(v), conditions.sold(answer)
        for market, curve in conditions.game.curves.items():
            if curve.form == "isoelastic" and market in before and after[market] < 0.3 * before[market]:
                step = min(step, 0.7 * before[market] / (before[market] - after[market]))
        moved = np.abs(answer - v)
        v = v + (step if turn < 60 else 0.5 * step) * (answer - v)
        if (moved <= 1e-11 * np.maximum(np.abs(v), 1e-6 * np.abs(v).max())).all():
            return v
    raise NotFoundError("does not settle")
