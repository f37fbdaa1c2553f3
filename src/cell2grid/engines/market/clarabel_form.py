"""Equilibria of market games that are one convex programme, by the solver Clarabel: the independent check.

Maximise what buyers would pay less half of each firm's mark-ups less costs, freight and duties, each divided by what
its seller keeps of the price, within capacities and quotas (Slade 1994, J. Industrial Economics 42, 45-61; Hobbs 2001,
doi:10.1109/59.918286). With the quantities of markets as variables the programme is sparse. Whether a game has this
form is decided in ``convex.py``; where it does not, ``complementarity.py`` is right. Clarabel is the interior-point
solver of Goulart and Chen (2024), doi:10.48550/arXiv.2405.12762.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from cell2grid.engines.market.convex import Sales, Weights, sales_of, weights_of
from cell2grid.engines.market.demand import price_at
from cell2grid.engines.market.game import METHODS, Equilibrium, Game
from cell2grid.engines.market.lanes import Case, case_of
from cell2grid.engines.market.ranges import unique
from cell2grid.engines.market.residual import residual
from cell2grid.engines.market.scales import scales_of
from cell2grid.errors import InputError, NotConvergedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Places = NDArray[np.int64]

PRECISIONS = ((1e-13, 1e-8), (1e-15, 1e-11), (1e-15, 1e-8), (1e-14, 1e-9))
"""End tests and regularisations of Clarabel that are tried in turn: where sales and their gain are both all but 0, the
sales are only as exact as the root of the end test."""
EXACT = 1e-8
"""Residual at which no further precision is tried."""
UNBATCHED = ("firm", "interest", "in_quota", "isoelastic")
"""Fields of a game that all its cases share."""
WORTH = 1e-7
"""Scarcity above which a capacity or a quota binds, in parts of the case's typical price."""


def clarabel(game: Game) -> Equilibrium:
    """Equilibrium of each case of a game as the optimum of a convex programme.

    Parameters
    ----------
    game
        A game without least prices, with isoelastic demand for price-takers only, with symmetric substitution and
        interests, and with duties that differ between a plant's markets only where its capacity does not bind.

    Returns
    -------
    Equilibrium
        With ``residual`` of all conditions and its ``method``. Of sales that are not unique those in the middle.

    Raises
    ------
    InputError
        Where the game is no convex programme, naming what makes it none.
    NotConvergedError
        Where Clarabel ends without an optimum.
    """
    cases, plants, markets = game.freight.shape
    sales, over = np.zeros((cases, plants, markets)), np.zeros((cases, plants, markets))
    scarcity, licence = np.zeros((cases, plants)), np.zeros((cases, len(game.in_quota)))
    for b in range(cases):
        case = case_of(game, b)
        if len(case.plant):
            sales[b], over[b], scarcity[b], licence[b] = _best_of(game, case, b)
    price = price_at(game, sales.sum(axis=1))
    judged = residual(game, sales, over=over, scarcity=scarcity, licence=licence)
    sole, method = np.ones(cases, dtype=np.bool_), np.full(cases, METHODS.index("clarabel"), dtype=np.int8)
    found = Equilibrium(price, sales, over, scarcity, licence, judged, sole, method)
    return found._replace(unique=unique(game, found))


def _best_of(game: Game, case: Case, b: int) -> tuple[Vector, ...]:
    """Sales, those above quotas, scarcities and licence prices of the precision that leaves the least residual."""
    sales = sales_of(case)
    programme = _Programme(case, sales, weights_of(case, sales))
    alone = game._replace(**{name: getattr(game, name)[b : b + 1] for name in Game._fields if name not in UNBATCHED})
    best: tuple[Vector, ...] = ()
    least = np.inf
    status = ""
    for tolerance, regular in PRECISIONS:
        status, found = _optimum(programme, tolerance, regular)
        if found is None:
            continue
        made, (scarcity, licence) = found
        count, lanes = len(case.plant), (case.plant, case.market)
        over, sold = np.zeros(game.freight.shape[1:]), np.zeros(game.freight.shape[1:])
        over[lanes[0][case.over_lanes], lanes[1][case.over_lanes]] = made[count:]
        sold[lanes] = made[:count]
        sold += over
        judged = float(residual(alone, sold[None], over=over[None], scarcity=scarcity[None], licence=licence[None])[0])
        if not best or judged < least:
            best, least = (sold, over, scarcity, licence), judged
        if least <= EXACT:
            break
    if not best:
        raise NotConvergedError(f"case {b}: Clarabel ended with {status}")
    return best


def _optimum(
    programme: _Programme, tolerance: float, regular: float
) -> tuple[str, tuple[Vector, tuple[Vector, Vector]] | None]:
    """How Clarabel ended at one precision, and what it found."""
    import clarabel as solver  # type: ignore[import-untyped]

    settings = solver.DefaultSettings()
    settings.verbose = False
    settings.max_iter = 200
    settings.static_regularization_constant = regular
    for name in ("tol_gap_abs", "tol_gap_rel", "tol_feas", "tol_ktratio"):
        setattr(settings, name, tolerance)
    found = solver.DefaultSolver(*programme.arrays(), settings).solve()
    status = str(found.status)
    if status not in ("Solved", "AlmostSolved", "InsufficientProgress"):
        return status, None
    return status, programme.read(np.array(found.x), np.array(found.z))


class _Programme:
    """min 1/2 x'Px + q'x with Ax + s = b and s in cones, gathered row by row."""

    def __init__(self, case: Case, sales: Sales, weights: Weights) -> None:
        self.case, self.sales, self.weights = case, sales, weights
        self.scales = scales_of(case)
        self.size = 0
        self.unit = self.scales.market[sales.market]
        self.sold = self._next(len(sales.lane))
        self.markets = np.unique(case.market)
        self.quantity = self._next(len(self.markets))
        self.total = self._next(weights.square.shape[0])
        self.plants = np.unique(case.plant)
        self.output = self._next(len(self.plants))
        self.parts = {int(j): self._next(len(case.step_cost[j])) for j in self.plants if len(case.step_cost[j]) > 1}
        self.quadratic: list[tuple[Places, Places, Vector]] = []
        self.linear: list[tuple[Places, Vector]] = []
        self.zero: list[tuple[Vector, Places, float]] = []
        self.least: list[tuple[Vector, Places, float]] = []
        self.power: list[tuple[list[tuple[Vector, Places, float]], float]] = []
        self.goods = float(np.max(self.scales.market))
        self._sums()
        self._demand()
        self._costs()
        self._limits()

    def _next(self, count: int) -> Places:
        self.size += count
        return np.arange(self.size - count, self.size)

    def _sums(self) -> None:
        """Quantities, totals and outputs are sums of sales, in parts of each market's or plant's size."""
        sales, scales = self.sales, self.scales
        for place, m in zip(self.quantity, self.markets, strict=True):
            here = self.sold[sales.market == m]
            self.zero.append((np.r_[1.0, -np.ones(len(here))], np.r_[place, here], 0.0))
        order = np.argsort(self.weights.pair, kind="stable")
        firsts = np.searchsorted(self.weights.pair[order], np.arange(len(self.total) + 1))
        self.total_market = np.zeros(len(self.total), dtype=np.int64)
        for t, place in enumerate(self.total):
            mine = order[firsts[t] : firsts[t + 1]]
            self.total_market[t] = sales.market[mine[0]]
            self.zero.append((np.r_[1.0, -np.ones(len(mine))], np.r_[place, self.sold[mine]], 0.0))
        for place, j in zip(self.output, self.plants, strict=True):
            mine = np.nonzero(sales.plant == j)[0]
            share = self.unit[mine] / scales.plant[j]
            self.zero.append((np.r_[1.0, -share], np.r_[place, self.sold[mine]], 0.0))
        self.least.extend((-np.ones(1), np.array([place]), 0.0) for place in self.sold)

    def _demand(self) -> None:
        """What buyers would pay, and half of the mark-ups, in parts of typical price and largest market."""
        case, scales = self.case, self.scales
        straight = ~case.isoelastic[self.markets]
        m, places = self.markets[straight], self.quantity[straight]
        size = scales.market / self.goods
        self.linear.append((places, -case.intercept[m] / scales.price * size[m]))
        block = case.slopes[np.ix_(m, m)] * np.outer(scales.market[m], size[m]) / scales.price
        row, column = np.nonzero(block)
        self.quadratic.append((places[row], places[column], block[row, column]))
        marks = sparse.coo_array(self.weights.square)
        one, other = marks.coords
        of, by = self.total_market[one], self.total_market[other]
        self.quadratic.append(
            (self.total[one], self.total[other], marks.data * scales.market[of] * size[by] / scales.price)
        )
        for m_, place in zip(self.markets[~straight], self.quantity[~straight], strict=True):
            self._isoelastic(int(m_), int(place))

    def _isoelastic(self, m: int, place: int) -> None:
        """What buyers with isoelastic demand would pay for all of it, by a power cone."""
        elasticity = float(self.case.elasticity[m])
        if abs(elasticity - 1.0) < 1e-9:
            raise InputError(
                f"market {m}: the value of demand of elasticity 1 is no power; use the complementarity method"
            )
        scales = self.scales
        # the integral of P is P(q) q / (1 - 1/e) x (Q / q) ^ (1 - 1/e)
        price = (scales.market[m] / self.case.scale[m]) ** (-1.0 / elasticity) / scales.price
        value = price * scales.market[m] / self.goods / (1.0 - 1.0 / elasticity)
        (bound,) = self._next(1)
        self.linear.append((np.array([bound]), np.array([-value])))
        one = (np.zeros(1), np.array([bound]), 1.0)
        quantity, top = (-np.ones(1), np.array([place]), 0.0), (-np.ones(1), np.array([bound]), 0.0)
        if elasticity > 1.0:  # bound <= Q ^ (1 - 1/e)
            self.power.append(([quantity, one, top], 1.0 - 1.0 / elasticity))
        else:  # bound >= Q ^ -(1/e - 1), that is bound ^ e x Q ^ (1 - e) >= 1
            self.power.append(([top, quantity, one], elasticity))

    def _costs(self) -> None:
        """Freight and duties by sale, and the plants' own costs."""
        case, sales, scales = self.case, self.sales, self.scales
        first = np.array([cost[0] for cost in case.step_cost])
        plain = np.array([len(cost) == 1 for cost in case.step_cost])[sales.plant]
        steady = sales.steady + np.where(plain, sales.bears * first[sales.plant], 0.0)
        self.linear.append((self.sold, steady / scales.price * self.unit / self.goods))
        for place, j in zip(self.output, self.plants, strict=True):
            size = scales.plant[j] / self.goods * self.weights.cost[j]
            if int(j) in self.parts:
                parts = self.parts[int(j)]
                self.linear.append((parts, case.step_cost[j] / scales.price * size))
                self.zero.append((np.r_[1.0, -np.ones(len(parts))], np.r_[place, parts], 0.0))
                for part, width in zip(parts, case.step_width[j] / scales.plant[j], strict=True):
                    self.least.append((-np.ones(1), np.array([part]), 0.0))
                    if np.isfinite(width):
                        self.least.append((np.ones(1), np.array([part]), float(width)))
            if case.power_scale[j] > 0.0:
                exponent = float(case.power_exponent[j])
                rise = (case.power_scale[j] * scales.plant[j]) ** exponent / scales.price * size
                self._rise(int(place), exponent, float(rise))

    def _rise(self, place: int, exponent: float, rise: float) -> None:
        """The cost rise x output ^ (1 + exponent) / (1 + exponent), as a square or by a power cone."""
        if exponent == 1.0:
            self.quadratic.append((np.array([place]), np.array([place]), np.array([rise])))
            return
        (bound,) = self._next(1)
        self.linear.append((np.array([bound]), np.array([rise / (1.0 + exponent)])))
        cone = [(-np.ones(1), np.array([bound]), 0.0), (np.zeros(1), np.array([bound]), 1.0)]
        self.power.append(([*cone, (-np.ones(1), np.array([place]), 0.0)], 1.0 / (1.0 + exponent)))

    def _limits(self) -> None:
        """Capacities and quotas, last among the inequalities so that their prices are found again."""
        case, scales = self.case, self.scales
        self.bound = [int(j) for j in self.plants if np.isfinite(case.capacity[j])]
        place = {int(j): int(p) for j, p in zip(self.plants, self.output, strict=True)}
        for j in self.bound:
            self.least.append((np.ones(1), np.array([place[j]]), float(case.capacity[j] / scales.plant[j])))
        counted = case.in_quota.toarray() > 0.0
        self.used = [q for q in range(len(case.quota)) if counted[q].any()]
        within = np.arange(len(case.plant))
        for q in self.used:
            mine = within[counted[q]]
            self.least.append((self.unit[mine] / self.goods, self.sold[mine], float(case.quota[q] / self.goods)))

    def arrays(self) -> tuple[sparse.csc_matrix, Vector, sparse.csc_matrix, Vector, list[object]]:
        """P (its upper half), q, A, b and the cones, as Clarabel takes them."""
        import clarabel as solver

        rows, columns, values = (np.concatenate(part) for part in zip(*self.quadratic, strict=True))
        square = sparse.csc_matrix((values, (rows, columns)), shape=(self.size, self.size))
        linear = np.zeros(self.size)
        for places, part in self.linear:
            np.add.at(linear, places, part)
        cones: list[object] = [solver.ZeroConeT(len(self.zero)), solver.NonnegativeConeT(len(self.least))]
        listed = [*self.zero, *self.least]
        for cone, power in self.power:
            listed += cone
            cones.append(solver.PowerConeT(power))
        number = np.repeat(np.arange(len(listed)), [len(weights) for weights, _, _ in listed])
        weights, places = (np.concatenate([row[k] for row in listed]) for k in (0, 1))
        matrix = sparse.csc_matrix((weights, (number, places)), shape=(len(listed), self.size))
        matrix.eliminate_zeros()
        return sparse.csc_matrix(sparse.triu(square)), linear, matrix, np.array([row[2] for row in listed]), cones

    def read(self, x: Vector, z: Vector) -> tuple[Vector, tuple[Vector, Vector]]:
        """Sales, scarcities and licence prices of an optimum; refused where one that binds is worth different sums."""
        case, scales, weights = self.case, self.scales, self.weights
        prices = z[len(self.zero) + len(self.least) - len(self.bound) - len(self.used) :]
        scarcity, licence = np.zeros(len(case.capacity)), np.zeros(len(case.quota))
        for j, worth in zip(self.bound, prices, strict=False):
            held = worth * self.goods / scales.plant[j]
            if held > WORTH and np.isnan(weights.kept[j]):
                raise InputError(
                    f"plant {j}: its capacity binds and duties on the price differ by market, so that no convex "
                    "programme has this equilibrium; use the complementarity method"
                )
            scarcity[j] = max(held, 0.0) * scales.price * np.nan_to_num(weights.kept[j])
        for q, worth in zip(self.used, prices[len(self.bound) :], strict=False):
            if worth > WORTH and np.isnan(weights.quota_kept[q]):
                raise InputError(
                    f"quota {q}: it binds and duties on the price differ among those who use it, so that no convex "
                    "programme has this equilibrium; use the complementarity method"
                )
            licence[q] = max(worth, 0.0) * scales.price * np.nan_to_num(weights.quota_kept[q])
        return np.maximum(x[self.sold], 0.0) * self.unit, (scarcity, licence)
