"""What else could be sold at the prices of an equilibrium: the range of each plant's sales, and whether there is one.

Price-takers of equal cost, or plants of one firm that cost the same, share a market in many ways at one price. The
equilibria with the same prices, mark-ups and scarcities are the points of a polyhedron: sales that are worth their
while at these prices, within capacities, steps and quotas, all of it sold. ``face.py`` lays it out; here linear
programmes on HiGHS find how far each figure reaches on it. In the convex form of the game the polyhedron holds all
equilibria (any scarcity goes with any optimum); where that form is wrong it holds those with the same mark-ups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.face import Face, face_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Equilibrium, Game

    Floats = NDArray[np.float64]

NO_WIDTH = 1e-7
"""Width of a range, in parts of the case's largest sales, below which the sales count as the only ones."""

MOST_LANES = 5000
"""Sales that could move, above which their ranges are left out: each takes linear programmes of its own."""


class Ranges(NamedTuple):
    """The least and the most of each figure over all equilibria at the same prices; nan where none was found, and
    where more than ``MOST_LANES`` sales could move, so that it was not asked."""

    low: Floats  # (B, J, M) item/year
    high: Floats  # (B, J, M)
    share_low: Floats  # (B, F, M) ratio: of each firm in what is sold in the market; nan where nothing is
    share_high: Floats  # (B, F, M)
    total_low: Floats  # (B, J) item/year: of each plant in all markets
    total_high: Floats  # (B, J)


def ranges(game: Game, equilibrium: Equilibrium) -> Ranges:
    """The least and the most that each plant and firm sells over all equilibria at the same prices.

    Parameters
    ----------
    game, equilibrium
        The equilibrium must be one of the game; where it is unique, both ends are its sales.

    Returns
    -------
    Ranges
        Sales by plant and market, shares by firm and market, totals by plant.

    Raises
    ------
    RuntimeError
        Where HiGHS ends without an optimum, which a bounded polyhedron that holds the equilibrium does not allow.
    """
    found = _as_found(game, equilibrium)
    for b in range(len(equilibrium.price)):
        if np.isfinite(equilibrium.sales[b]).all():
            face = face_of(game, equilibrium, b)
            if face is None or _is_point(face):
                continue
            if np.count_nonzero(face.moving()) > MOST_LANES:
                for part in found:
                    part[b] = np.nan
            else:
                _widen(game, b, face, found)
    return found


def unique(game: Game, equilibrium: Equilibrium) -> NDArray[np.bool_]:
    """Whether an equilibrium's sales are the only ones at its prices, case by case; false where none was found."""
    sole = np.zeros(len(equilibrium.price), dtype=np.bool_)
    for b in range(len(sole)):
        if np.isfinite(equilibrium.sales[b]).all():
            face = face_of(game, equilibrium, b)
            sole[b] = face is None or _is_point(face)
    return sole


def _as_found(game: Game, equilibrium: Equilibrium) -> Ranges:
    """Ranges without width at the equilibrium itself."""
    sales = equilibrium.sales
    firms = game.interest.shape[0]
    of_firm = np.zeros((len(sales), firms, sales.shape[2]))
    for j, i in enumerate(game.firm):
        of_firm[:, i] += sales[:, j]
    whole = sales.sum(axis=1)[:, None]
    share = np.divide(of_firm, whole, out=np.full_like(of_firm, np.nan), where=whole > 0.0)
    total = sales.sum(axis=2)
    return Ranges(sales.copy(), sales.copy(), share, share.copy(), total, total.copy())


def _is_point(face: Face) -> bool:
    """Whether no other sales are in the polyhedron: a direction drawn at random has the same least and most on it.

    What a plant sells in a market counts as one, whichever part of it is within a quota.
    """
    if not face.moving().any():
        return True
    _, sale = np.unique(np.stack([face.plant, face.market]), axis=1, return_inverse=True)
    number = 1.0 + sale.ravel()
    # a fixed and uneven direction; it could miss a width only if it stood at right angles to all of it
    direction = np.cos(number * np.sqrt(2.0)) + 1.5 * np.sin(number * np.sqrt(5.0))
    programme = _Programme(face)
    return programme.most(direction) + programme.most(-direction) <= NO_WIDTH


def _widen(game: Game, b: int, face: Face, into: Ranges) -> None:
    """Puts the ends of all ranges of case b in place."""
    programme, size = _Programme(face), face.size
    moves = face.moving()
    lanes = np.stack([face.plant, face.market])
    for j, m in np.unique(lanes[:, moves], axis=1).T:
        pick = ((face.plant == j) & (face.market == m)).astype(float)
        into.low[b, j, m], into.high[b, j, m] = (end * size for end in programme.ends(pick))
    for j in np.unique(face.plant[moves]):
        shut = float(into.total_low[b, j]) - float(face.sales[face.plant == j].sum()) * size
        low, high = programme.ends((face.plant == j).astype(float))
        into.total_low[b, j], into.total_high[b, j] = shut + low * size, shut + high * size
    _widen_shares(game.firm[face.plant], b, face, programme, into)


def _widen_shares(firm: NDArray[np.int64], b: int, face: Face, programme: _Programme, into: Ranges) -> None:
    """Puts the ends of firms' shares in place, from sales already known where that will do."""
    moves = face.moving()
    for m in np.unique(face.market[moves]):
        here = (face.market == m).astype(float)
        whole = programme.ends(here)
        if whole[1] <= 0.0:  # nothing is sold here at all, and nobody has a share
            continue
        fixed = whole[1] - whole[0] <= NO_WIDTH
        for i in np.unique(firm[moves & (face.market == m)]):
            mine = here * (firm == i)
            plants = np.unique(face.plant[mine > 0.0])
            if not fixed:
                ends = 1.0 - programme.most_part(here - mine, here), programme.most_part(mine, here)
            elif len(plants) == 1:
                ends = tuple(end[b, plants[0], m] / face.size / whole[1] for end in (into.low, into.high))
            else:
                low, high = programme.ends(mine)
                ends = low / whole[1], high / whole[1]
            into.share_low[b, i, m], into.share_high[b, i, m] = ends


class _Programme:
    """The polyhedron in HiGHS, asked again and again from where it stands."""

    def __init__(self, face: Face) -> None:
        import highspy

        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("presolve", "off")  # each programme begins at the end of the one before
        self.highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
        self.highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
        self.good = highspy.HighsModelStatus.kOptimal
        count = len(face.sales)
        self.cost = np.zeros(count)
        self.highs.addVars(count, np.zeros(count), np.full(count, highspy.kHighsInf))
        rows, low, high = face.rows.tocsr(), face.low, face.high
        self.highs.addRows(
            rows.shape[0],
            np.where(np.isfinite(low), low, -highspy.kHighsInf),
            np.where(np.isfinite(high), high, highspy.kHighsInf),
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data.astype(float),
        )

    def most(self, direction: Floats) -> float:
        """The most of a weighted sum."""
        # only what changes is handed over: most sums are of one plant's or firm's few sales
        moved = np.nonzero((direction != 0.0) | (self.cost != 0.0))[0].astype(np.int32)
        self.highs.changeColsCost(len(moved), moved, -np.asarray(direction[moved], float))
        self.cost = np.asarray(direction, float)
        self.highs.run()
        if self.highs.getModelStatus() != self.good:
            raise RuntimeError(f"HiGHS ended with {self.highs.getModelStatus()} on the range of sales")
        return -float(self.highs.getInfo().objective_function_value)

    def point(self) -> Floats:
        """Where the last sum is reached."""
        return np.array(self.highs.getSolution().col_value)

    def ends(self, direction: Floats) -> tuple[float, float]:
        """The least and the most of a weighted sum."""
        return max(0.0, -self.most(-direction)), self.most(direction)

    def most_part(self, part: Floats, whole: Floats) -> float:
        """The most of one sum in parts of another (Dinkelbach 1967, doi:10.1287/mnsc.13.7.492): one programme where
        the whole is fixed, a few where it is not."""
        ratio = 0.0
        for _ in range(50):
            gain, point = self.most(part - ratio * whole), self.point()
            there = float(whole @ point)
            if gain <= 1e-12 or there <= 0.0:
                break
            ratio = float(part @ point) / there
        return ratio
