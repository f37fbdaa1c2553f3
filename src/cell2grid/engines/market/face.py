"""The equilibria at the same prices as one that is known, as a polyhedron of sales.

Which figures reach how far on it is asked in ``ranges.py``. A sale may be made where, at the known prices, mark-ups,
scarcities and licence prices, it is neither better nor worse than no sale. All that these prices rest on stays: what
buyers take, each firm's mark-ups, outputs on a rising cost, and full capacities and quotas that are worth something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from cell2grid.engines.market.lanes import case_of, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Equilibrium, Game
    from cell2grid.engines.market.lanes import Case

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

NEAR = 1e-9
"""Difference that counts as none, in parts of the highest price or the largest sales, where the equilibrium is as
exact as that."""
MOST_DIRECTIONS = 1500
"""Sales of which the directions that are free are found; their matrix takes the square of it."""


class Face(NamedTuple):
    """Sales that can be made, in parts of ``size``, with what holds for them: low <= rows x sales <= high."""

    plant: Places  # (N,)
    market: Places  # (N,)
    sales: Floats  # (N,): those of the known equilibrium
    rows: sparse.csr_array  # (R, N)
    low: Floats  # (R,)
    high: Floats  # (R,)
    size: float  # item/year

    def moving(self) -> NDArray[np.bool_]:
        """Which sales (N,) could move if only the equalities held: the others have no range.

        Of very many it is which are held by no row of their own, so that some of them may have no range either.
        """
        fixed = sparse.csr_array(self.rows[np.nonzero(self.low == self.high)[0]])
        moves = np.ones(len(self.sales), dtype=bool)
        pattern = sparse.csr_array((np.ones(fixed.nnz), fixed.indices, fixed.indptr), shape=fixed.shape)
        while True:  # a row on one sale alone holds it, and what it holds leaves the other rows
            alone = pattern @ moves.astype(float) == 1.0
            held = (pattern.T @ alone.astype(float) > 0.0) & moves
            if not held.any():
                break
            moves &= ~held
        if not moves.any() or np.count_nonzero(moves) > MOST_DIRECTIONS:
            return moves
        left = sparse.csr_array(fixed[:, np.nonzero(moves)[0]])
        dense: Floats = left[np.nonzero(np.diff(left.indptr))[0]].toarray()
        _, values, directions = np.linalg.svd(dense, full_matrices=True)
        free = directions[np.count_nonzero(values > 1e-9) :]
        moves[moves] = np.abs(free).max(axis=0, initial=0.0) > 1e-9
        return moves


class _Lanes(NamedTuple):
    """All lanes of a case, those within quotas first and those above after them."""

    lane: Places
    plant: Places
    market: Places
    firm: Places
    bears: Floats
    keeps: Floats
    sales: Floats
    within: NDArray[np.bool_]

    def of_plant(self) -> dict[int, Places]:
        """The places of each plant's lanes."""
        order = np.argsort(self.plant, kind="stable")
        plants, first = np.unique(self.plant[order], return_index=True)
        ends = [*first[1:].tolist(), len(order)]
        return {plant: order[begin:end] for plant, begin, end in zip(plants.tolist(), first, ends, strict=False)}


def face_of(game: Game, equilibrium: Equilibrium, b: int) -> Face | None:
    """The polyhedron of case b; None where nothing can be sold at all."""
    case = case_of(game, b)
    lanes = _lanes_of(case, equilibrium, b)
    price = equilibrium.price[b]
    finite = price[np.isfinite(price)]
    money, goods = np.max(np.abs(finite), initial=0.0) or 1.0, np.max(lanes.sales, initial=0.0) or 1.0
    near = max(NEAR, 3.0 * float(equilibrium.residual[b]))
    margin, (least, most) = _margins(case, lanes, equilibrium, b, near * money)
    lack = _lacks(case, lanes, equilibrium, b) + lanes.bears * margin[lanes.plant]
    lack = lack + _wedges(case, lanes, lack, price, near, money, goods)
    open_ = ((lack <= near * money) & (lack < np.inf)) | (lanes.sales > near * goods)
    if not open_.any():
        return None
    rows = _Rows(lanes, open_, goods)
    _prices_stay(rows, case)
    _markups_stay(rows, case, lack)
    made = summed(lanes.plant, lanes.sales, len(case.capacity))
    scarce = equilibrium.scarcity[b] > near * money
    of_plant = lanes.of_plant()
    for j in np.unique(lanes.plant[open_]):
        held = scarce[j] and np.isfinite(case.capacity[j])
        top = made[j] if held else min(most[j], max(case.capacity[j], made[j]))
        weights = np.zeros(len(lanes.plant))
        weights[of_plant[j]] = 1.0
        rows.add(weights, made[j] if held else least[j], top)
    for q in range(len(case.quota)):
        counted = np.where(lanes.within, case.in_quota[[q]].toarray()[0][lanes.lane], 0.0)
        used = float(counted @ lanes.sales)
        rows.add(counted, used if equilibrium.licence[b, q] > near * money else -np.inf, max(case.quota[q], used))
    return rows.face()


def _lanes_of(case: Case, equilibrium: Equilibrium, b: int) -> _Lanes:
    """Lanes of the case with what is sold there."""
    over = case.over_lanes
    lane = np.concatenate([np.arange(len(case.plant)), over])
    all_sales = equilibrium.sales[b, case.plant, case.market]
    above = equilibrium.over[b, case.plant, case.market]
    return _Lanes(
        lane,
        case.plant[lane],
        case.market[lane],
        case.firm[lane],
        np.concatenate([1.0 + case.on_cost, 1.0 + case.over_on_cost]),
        np.concatenate([case.keeps, case.over_keeps]),
        np.concatenate([all_sales - above, above[over]]).clip(min=0.0),
        np.arange(len(lane)) < len(case.plant),
    )


def _slopes(case: Case, price: Floats, sold: Floats) -> Floats:
    """How prices fall with each market's sales (M, M), isoelastic demand included."""
    slopes = case.slopes.copy()
    curved = case.isoelastic & (sold > 0.0)
    slopes[curved, curved] = price[curved] / (case.elasticity[curved] * sold[curved])
    return slopes


def _lacks(case: Case, lanes: _Lanes, equilibrium: Equilibrium, b: int) -> Floats:
    """What each sale lacks to be worth its while, without the plant's own cost at the margin."""
    price = equilibrium.price[b]
    sold = summed(lanes.market, lanes.sales, len(price))
    net = np.zeros(case.conduct.shape)
    np.add.at(net, (lanes.firm, lanes.market), lanes.keeps * lanes.sales)
    taken = case.conduct * (case.interest @ net @ _slopes(case, price, sold))
    amount = np.concatenate([case.amount, case.over_amount])
    place = np.where(lanes.within, (case.in_quota.T @ equilibrium.licence[b])[lanes.lane], 0.0)
    lack = taken[lanes.firm, lanes.market] - lanes.keeps * price[lanes.market] + amount + place
    lack = lack + lanes.bears * case.freight[lanes.lane]
    return np.asarray(lack + equilibrium.scarcity[b][lanes.plant])


def _margins(
    case: Case, lanes: _Lanes, equilibrium: Equilibrium, b: int, near: float
) -> tuple[Floats, tuple[Floats, Floats]]:
    """The cost of one item more (J,) that goes with the sales, and between which outputs it stays the same."""
    made = summed(lanes.plant, lanes.sales, len(case.capacity))
    margin, least, most = made.copy(), made.copy(), made.copy()
    lack = _lacks(case, lanes, equilibrium, b)
    for j, mine in lanes.of_plant().items():
        ends = np.cumsum(case.step_width[j])
        begins = np.concatenate([[0.0], ends[:-1]])
        slack = 1e-9 * max(made[j], 1e-300)
        steps = np.nonzero((begins <= made[j] + slack) & (ends >= made[j] - slack))[0]
        rise = (case.power_scale[j] * made[j]) ** case.power_exponent[j] if case.power_scale[j] > 0.0 else 0.0
        selling = mine[lanes.sales[mine] > 1e-9 * made[j]]
        wanted = case.step_cost[j][steps[0]]
        if selling.size:
            wanted = float(np.median(-lack[selling] / lanes.bears[selling])) - rise
        level = float(np.clip(wanted, case.step_cost[j][steps[0]], case.step_cost[j][steps[-1]]))
        margin[j] = level + rise
        on = [s for s in steps if abs(case.step_cost[j][s] - level) <= near]
        if on and case.power_scale[j] <= 0.0:
            least[j], most[j] = min(made[j], begins[on[0]]), max(made[j], ends[on[-1]])
    return margin, (least, most)


def _wedges(case: Case, lanes: _Lanes, lack: Floats, price: Floats, near: float, money: float, goods: float) -> Floats:
    """What undertakings of a least price add to what sales lack; inf where the price is below it."""
    wedge = np.zeros(len(lack))
    least = case.least_price[lanes.lane]
    for m, given in {(int(m), float(p)) for m, p in zip(lanes.market, least, strict=True) if not np.isnan(p)}:
        them = (lanes.market == m) & (least == given)
        if price[m] < given - max(near, 1e-7) * money:
            wedge[them] = np.where(lanes.sales[them] > near * goods, 0.0, np.inf)
        elif price[m] <= given + max(near, 1e-7) * money:
            selling = them & (lanes.sales > near * goods)
            wedge[them] = max(0.0, float(np.median(-lack[selling])) if selling.any() else float(np.max(-lack[them])))
    return wedge


class _Rows:
    """Rows of a polyhedron as they are added, on the lanes that are open."""

    def __init__(self, lanes: _Lanes, open_: NDArray[np.bool_], size: float) -> None:
        self.lanes, self.open, self.size = lanes, open_, size
        self.rows: list[tuple[Places, Floats]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, weights: Floats, low: float, high: float) -> None:
        """A weighted sum of all lanes between two ends; what closed lanes sell counts in neither."""
        here = weights[self.open]
        places = np.nonzero(here)[0]
        if not len(places):
            return
        largest = float(np.max(np.abs(here)))
        shut = float(weights[~self.open] @ self.lanes.sales[~self.open])
        self.rows.append((places, here[places] / largest))
        self.low.append((low - shut) / largest / self.size)
        self.high.append((high - shut) / largest / self.size)

    def face(self) -> Face:
        """The polyhedron."""
        low, high = np.array(self.low), np.array(self.high)
        ends = np.cumsum([0] + [len(places) for places, _ in self.rows])
        places, weights = (np.concatenate(part) for part in zip(*self.rows, strict=True))
        sales = self.lanes.sales[self.open] / self.size
        return Face(
            self.lanes.plant[self.open],
            self.lanes.market[self.open],
            sales,
            sparse.csr_array((weights, places, ends), shape=(len(low), len(sales))),
            low,
            np.maximum(low, high),
            self.size,
        )


def _prices_stay(rows: _Rows, case: Case) -> None:
    """What is sold leaves every price as it is: of isoelastic demand the quantity, of linear demand all slopes' sum."""
    lanes = rows.lanes
    for m in range(len(case.intercept)):
        weights = (lanes.market == m).astype(float) if case.isoelastic[m] else case.slopes[m][lanes.market]
        held = float(weights @ lanes.sales)
        rows.add(weights, held, held)


def _markups_stay(rows: _Rows, case: Case, lack: Floats) -> None:
    """The mark-up of a firm that sells in a market stays; one that does not must still not want to."""
    lanes = rows.lanes
    sold = summed(lanes.market, lanes.sales, len(case.intercept))
    slopes = case.slopes.copy()
    curved = case.isoelastic & (sold > 0.0)
    slopes[curved, curved] = 1.0
    for i, m in np.unique(np.stack([lanes.firm, lanes.market]), axis=1).T:
        if case.conduct[i, m] <= 0.0:
            continue
        weights = case.interest[i][lanes.firm] * lanes.keeps * slopes[:, m][lanes.market]
        held = float(weights @ lanes.sales)
        mine = (lanes.firm == i) & (lanes.market == m)
        if (mine & rows.open).any():
            rows.add(weights, held, held)
        elif not case.isoelastic[m]:
            rows.add(weights, held - float(np.min(lack[mine])) / case.conduct[i, m], np.inf)
