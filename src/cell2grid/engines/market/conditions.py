"""The conditions of one case of a market game as a mixed complementarity problem, scaled, sparse, with derivatives.

``Conditions`` lays out the variables and gives F, its Jacobian, the box, a start and the road back to sales and
prices. The search is in ``mcp.py``, what is done with a batch in ``complementarity.py``, the sizes that variables are
measured in are from ``scales.py``.

Variables: sales within the quotas and above them by lane, output by plant, firms' weighted sales by market, quantity
by market, prices of linear demand, the parts of output on the steps of a cost with the cost at
the margin, the rise of a cost whose power is below one, what capacity and a place in a quota are worth, and what
undertakings of a least price keep out. All but the prices of isoelastic demand and the powers enter as straight lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from cell2grid.engines.market.lanes import summed
from cell2grid.engines.market.powers import output_at_rise, steep_rise
from cell2grid.engines.market.scales import scales_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.lanes import Case

    Vector = NDArray[np.float64]
    Places = NDArray[np.int64]

TOP = 4.0
"""Cost above which a power goes on as a straight line, in parts of the highest price: no equilibrium lies there, and
the power would overflow."""


class Found(NamedTuple):
    """What a point says of a case, in items and money; sales by lane."""

    sales: Vector  # (L,)
    over: Vector  # (L,)
    scarcity: Vector  # (J,)
    licence: Vector  # (Q,)


class Conditions:
    """One case as F, its derivative and a box; ``value`` and ``slope`` are what ``mcp`` asks for."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.scales = scales_of(case)
        self._lay_out()
        self._entries: list[tuple[Places, Places, Vector]] = []
        self.constant = np.zeros(self.size)
        self._plants()
        self._firms()
        self._markets()
        self._lanes(self.within, np.arange(len(case.plant)), case.on_cost, case.amount, case.keeps)
        self._lanes(self.over, case.over_lanes, case.over_on_cost, case.over_amount, case.over_keeps)
        self._limits()
        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        self.linear = sparse.csc_array((values, (rows, columns)), shape=(self.size, self.size))
        self._mark_curves()

    def _lay_out(self) -> None:
        """Where each variable stands, and its box."""
        case = self.case
        self.size = 0
        plants = np.unique(case.plant)
        self.plants = plants
        self.within = self._next(len(case.plant))
        self.over = self._next(len(case.over_lanes))
        self.output = self._by_name(len(case.capacity), plants)
        self.quantity = self._by_name(len(case.intercept), np.unique(case.market))
        straight = np.unique(case.market[~case.isoelastic[case.market]])
        self.price = self._by_name(len(case.intercept), straight)
        holds = case.conduct[case.firm, case.market] > 0.0
        linked = (case.slopes != 0.0) | np.eye(len(case.intercept), dtype=bool)
        firms, markets = np.nonzero(_of_pairs(case, holds) @ linked.T.astype(float))
        there = np.isin(markets, case.market)
        self.pairs = np.stack([firms[there], markets[there]])
        self.weighted = np.full((len(case.conduct), len(case.intercept)), -1, dtype=np.int64)
        self.weighted[tuple(self.pairs)] = self._next(self.pairs.shape[1])
        self.stepped = np.array([j for j in plants if len(case.step_cost[j]) > 1], dtype=np.int64)
        self.margin = self._by_name(len(case.capacity), self.stepped)
        self.parts = [self._next(len(case.step_cost[j])) for j in self.stepped]
        self.bent = plants[(case.power_scale[plants] > 0.0) & (case.power_exponent[plants] < 1.0)]
        self.rise = self._by_name(len(case.capacity), self.bent)
        self.bound = plants[np.isfinite(case.capacity[plants])]
        self.scarcity = self._by_name(len(case.capacity), self.bound)
        self.scarce_quotas = np.nonzero(case.in_quota.sum(axis=1) > 0)[0]
        self.licence = self._by_name(len(case.quota), self.scarce_quotas)
        self._undertakings()
        self.lower, self.upper = np.full(self.size, -np.inf), np.full(self.size, np.inf)
        for part in (self.within, self.over, self.rise[self.bent], self.scarcity[self.bound], self.wedge):
            self.lower[part] = 0.0
        self.lower[self.licence[self.scarce_quotas]] = 0.0
        for j, part in zip(self.stepped, self.parts, strict=True):
            self.lower[part] = 0.0
            self.upper[part] = case.step_width[j] / self.scales.plant[j]
            self.lower[self.margin[j]] = case.step_cost[j][0] / self.scales.price  # idle plants may as well be at it
        self._box_of_wedges()
        # a quota of nothing has no sales within it: its lanes are closed, and its price is read afterwards
        closed = case.in_quota[np.nonzero(case.quota <= 0.0)[0]].sum(axis=0) > 0
        self.upper[self.within[closed]] = 0.0
        nothing = self.scarce_quotas[case.quota[self.scarce_quotas] <= 0.0]
        self.upper[self.licence[nothing]] = 0.0

    def _next(self, count: int) -> Places:
        """The places of the next ``count`` variables."""
        self.size += count
        return np.arange(self.size - count, self.size)

    def _by_name(self, count: int, which: Places) -> Places:
        """Places of variables of some of ``count`` things; -1 for the others."""
        places = np.full(count, -1, dtype=np.int64)
        places[which] = self._next(len(which))
        return places

    def _undertakings(self) -> None:
        """Groups of lanes that have undertaken the same least price in a market."""
        case = self.case
        given = np.nonzero(~np.isnan(case.least_price))[0]
        keys = np.stack([case.market[given].astype(float), case.least_price[given]], axis=1)
        groups, member = np.unique(keys, axis=0, return_inverse=True)
        self.wedge = self._next(len(groups))
        self.wedge_market = groups[:, 0].astype(np.int64)
        self.wedge_price = groups[:, 1]
        self.wedge_of = np.full(len(case.plant), -1, dtype=np.int64)
        self.wedge_of[given] = self.wedge[member.reshape(-1)]

    def _box_of_wedges(self) -> None:
        """An undertaking takes at most what stops every sale; then the price may stay below it."""
        case = self.case
        cheapest = min(0.0, *(float(cost[0]) for cost in case.step_cost)) if case.step_cost else 0.0
        self.upper[self.wedge] = 2.0 * (np.maximum(self.wedge_price, 0.0) - cheapest) / self.scales.price + 1.0

    def _put(self, rows: Places, columns: Places, values: Vector | float) -> None:
        """Entries of the part of F that is a straight line."""
        rows, columns = np.broadcast_arrays(rows, columns)
        self._entries.append((rows.ravel(), columns.ravel(), np.broadcast_to(values, rows.shape).astype(float).ravel()))

    def _both(self) -> tuple[Places, Places]:
        """All sales variables, within and over, with their lanes."""
        lanes = np.concatenate([np.arange(len(self.case.plant)), self.case.over_lanes])
        return np.concatenate([self.within, self.over]), lanes

    def _plants(self) -> None:
        """Output is the sum of sales; on a stepped cost the sum of its parts, which are taken in order of cost."""
        case, scales = self.case, self.scales
        places, lanes = self._both()
        j, m = case.plant[lanes], case.market[lanes]
        self._put(self.output[self.plants], self.output[self.plants], 1.0)
        self._put(self.output[j], places, -scales.market[m] / scales.plant[j])
        for j_, part in zip(self.stepped, self.parts, strict=True):
            self.constant[part] = case.step_cost[j_] / scales.price
            self._put(part, self.margin[j_], -1.0)
            self._put(self.margin[j_], part, 1.0)
        self._put(self.margin[self.stepped], self.output[self.stepped], -1.0)
        self._put(self.scarcity[self.bound], self.output[self.bound], -1.0)
        self.constant[self.scarcity[self.bound]] = case.capacity[self.bound] / scales.plant[self.bound]
        self._put(self.rise[self.bent], self.output[self.bent], -1.0)

    def _firms(self) -> None:
        """A firm's weighted sales in a market: what it earns of each seller's, after the duties on the price."""
        case = self.case
        places, lanes = self._both()
        keeps = np.concatenate([case.keeps, case.over_keeps])
        firms, markets = self.pairs
        rows = self.weighted[firms, markets]
        self._put(rows, rows, 1.0)
        weight = np.where(self.weighted[:, case.market[lanes]] >= 0, case.interest[:, case.firm[lanes]], 0.0)
        earner, sale = np.nonzero(weight)
        self._put(self.weighted[earner, case.market[lanes[sale]]], places[sale], -weight[earner, sale] * keeps[sale])

    def _markets(self) -> None:
        """Quantity is the sum of sales; prices of linear demand fall with it and with the other markets'."""
        case, scales = self.case, self.scales
        places, lanes = self._both()
        markets = np.nonzero(self.quantity >= 0)[0]
        self._put(self.quantity[markets], self.quantity[markets], 1.0)
        self._put(self.quantity[case.market[lanes]], places, -1.0)
        straight = markets[~case.isoelastic[markets]]
        self._put(self.price[straight], self.price[straight], 1.0)
        self.constant[self.price[straight]] = -case.intercept[straight] / scales.price
        of, by = np.nonzero(case.slopes[np.ix_(straight, markets)])
        of, by = straight[of], markets[by]
        self._put(self.price[of], self.quantity[by], case.slopes[of, by] * scales.market[by] / scales.price)

    def _lanes(self, places: Places, lanes: Places, on_cost: Vector, amount: Vector, keeps: Vector) -> None:
        """What a sale lacks to be worth its while, but for the prices of isoelastic demand and the powers."""
        case, scales = self.case, self.scales
        j, m, i = case.plant[lanes], case.market[lanes], case.firm[lanes]
        first = np.array([cost[0] for cost in case.step_cost])[j]
        steady = np.where(self.margin[j] < 0, first, 0.0) + case.freight[lanes]
        self.constant[places] = ((1.0 + on_cost) * steady + amount) / scales.price
        straight = ~case.isoelastic[m]
        self._put(places[straight], self.price[m[straight]], -keeps[straight])
        for by in (self.margin, self.scarcity):
            some = by[j] >= 0
            self._put(places[some], by[j[some]], (1.0 + on_cost[some]) if by is self.margin else 1.0)
        bent = self.rise[j] >= 0
        self._put(places[bent], self.rise[j[bent]], (1.0 + on_cost[bent]) * self._rise_unit(j[bent]))
        wedged = self.wedge_of[lanes] >= 0
        self._put(places[wedged], self.wedge_of[lanes[wedged]], 1.0)
        # the prices of all markets that a sale lowers, by what the firm sells there
        sale, other = np.nonzero(case.slopes.T[m])
        taken = case.conduct[i[sale], m[sale]] * case.slopes[other, m[sale]] * scales.market[other] / scales.price
        some = (taken != 0.0) & (self.weighted[i[sale], other] >= 0)
        self._put(places[sale[some]], self.weighted[i[sale[some]], other[some]], taken[some])

    def _limits(self) -> None:
        """Quotas with the price of a place in them, and undertakings."""
        case, scales = self.case, self.scales
        counted = sparse.coo_array(case.in_quota)
        quotas, lanes = counted.coords
        if len(quotas):
            self._put(self.within[lanes], self.licence[quotas], 1.0)
            size = np.ones(len(case.quota))
            np.maximum.at(size, quotas, scales.market[case.market[lanes]])
            self._put(self.licence[quotas], self.within[lanes], -scales.market[case.market[lanes]] / size[quotas])
            which = self.scarce_quotas
            self.constant[self.licence[which]] = np.minimum(case.quota[which] / size[which], 1e6)
        straight = ~case.isoelastic[self.wedge_market]
        self._put(self.wedge[straight], self.price[self.wedge_market[straight]], 1.0)
        self.constant[self.wedge[straight]] = -self.wedge_price[straight] / scales.price
        # of isoelastic demand the quantity at the least price, so that the condition is a straight line too
        m = self.wedge_market[~straight]
        self._put(self.wedge[~straight], self.quantity[m], -1.0)
        with np.errstate(over="ignore", divide="ignore"):
            most = case.scale[m] * self.wedge_price[~straight] ** -case.elasticity[m] / scales.market[m]
        self.constant[self.wedge[~straight]] = np.minimum(most, 1e6)

    def _mark_curves(self) -> None:
        """What ``value`` and ``slope`` add to the straight lines."""
        case, scales = self.case, self.scales
        places, lanes = self._both()
        on_cost = np.concatenate([case.on_cost, case.over_on_cost])
        keeps = np.concatenate([case.keeps, case.over_keeps])
        j, m = case.plant[lanes], case.market[lanes]
        steep = (case.power_scale[j] > 0.0) & (case.power_exponent[j] >= 1.0)
        self.steep = (places[steep], j[steep], 1.0 + on_cost[steep])
        self.curved = np.nonzero(case.isoelastic & (self.quantity >= 0))[0]
        self.wanted = np.ones(len(case.scale))
        with np.errstate(over="ignore", under="ignore"):
            size = case.scale * scales.price**-case.elasticity / scales.market
        self.wanted[self.curved] = size[self.curved]
        bent = case.isoelastic[m]
        i = case.firm[lanes]
        self.bent_sales = (places[bent], m[bent], keeps[bent], case.conduct[i[bent], m[bent]], i[bent])

    def _rise_unit(self, j: Places) -> Vector:
        """What the rise of a cost is at the plant's size, in parts of the typical price."""
        at_size = self.case.power_scale[j] * self.scales.plant[j]
        return np.asarray(at_size ** self.case.power_exponent[j] / self.scales.price)

    def _steep(self, x: Vector, j: Places) -> tuple[Vector, Vector]:
        """Rise of steep costs with its derivative."""
        top = TOP * self.scales.top / self.scales.price
        return steep_rise(x[self.output[j]], self.case.power_exponent[j], self._rise_unit(j), top)

    def _bent(self, x: Vector) -> tuple[Vector, Vector]:
        """Output at a rise of cost whose power is below one, with its derivative."""
        top = TOP * self.scales.top / self.scales.price / self._rise_unit(self.bent)
        return output_at_rise(x[self.rise[self.bent]], self.case.power_exponent[self.bent], top)

    def straight(self) -> bool:
        """Whether F is a straight line in all variables."""
        return not (len(self.curved) or len(self.steep[0]) or len(self.bent))

    def value(self, x: Vector) -> Vector:
        """F at a point."""
        value = self.linear @ x + self.constant
        places, j, bears = self.steep
        if len(places):
            np.add.at(value, places, bears * self._steep(x, j)[0])
        if len(self.bent):
            value[self.rise[self.bent]] += self._bent(x)[0]
        if len(self.curved):
            self._add_curved(x, value)
        return np.asarray(value)

    def _curved_price(self, x: Vector) -> tuple[Vector, Vector]:
        """Prices of isoelastic demand and what they fall with one item more; nan where nothing is sold."""
        m, elasticity = self.curved, self.case.elasticity[self.curved]
        price, fall = np.full((2, len(self.case.scale)), np.nan)
        quantity = np.where(x[self.quantity[m]] > 0.0, x[self.quantity[m]], np.nan)
        with np.errstate(over="ignore"):
            price[m] = (quantity / self.wanted[m]) ** (-1.0 / elasticity)
            fall[m] = price[m] / (elasticity * quantity)
        return price, fall

    def _add_curved(self, x: Vector, value: Vector) -> None:
        """Revenue and mark-up of isoelastic markets, added to F."""
        price, fall = self._curved_price(x)
        places, m, keeps, conduct, i = self.bent_sales
        value[places] -= keeps * price[m]
        value[places] += conduct * np.where(conduct > 0.0, x[self.weighted[i, m]], 0.0) * fall[m]

    def slope(self, x: Vector) -> sparse.csc_array:
        """The derivative of F at a point."""
        entries: list[tuple[Places, Places, Vector]] = []
        places, j, bears = self.steep
        if len(places):
            entries.append((places, self.output[j], bears * self._steep(x, j)[1]))
        if len(self.bent):
            entries.append((self.rise[self.bent], self.rise[self.bent], self._bent(x)[1]))
        if len(self.curved):
            entries += self._curved_entries(x)
        if not entries:
            return self.linear
        rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
        return sparse.csc_array(self.linear + sparse.csc_array((values, (rows, columns)), shape=self.linear.shape))

    def _curved_entries(self, x: Vector) -> list[tuple[Places, Places, Vector]]:
        """Derivatives of what ``_add_curved`` adds."""
        _, fall = self._curved_price(x)
        places, m, keeps, conduct, i = self.bent_sales
        sold = np.where(conduct > 0.0, x[self.weighted[i, m]], 0.0)
        # the fall itself falls by (1 + 1 / elasticity) of its part of the quantity
        with np.errstate(over="ignore"):
            bend = fall[m] * (1.0 + 1.0 / self.case.elasticity[m]) / x[self.quantity[m]]
        some = conduct > 0.0
        return [
            (places, self.quantity[m], keeps * fall[m] - conduct * sold * bend),
            (places[some], self.weighted[i[some], m[some]], (conduct * fall[m])[some]),
        ]

    def start(self, within: Vector | None = None, over: Vector | None = None) -> Vector:
        """A point to begin at: from sales by lane where they are given, else a third of what each market could take."""
        case, scales = self.case, self.scales
        x = np.zeros(self.size)
        crowd = np.bincount(case.market, minlength=len(case.intercept)).astype(float)
        if within is None or over is None:
            # isoelastic demand from a high price: there F bends so that Newton steps do not go too far
            part = np.where(case.isoelastic, 2.0**-case.elasticity, 0.3)[case.market]
            x[self.within] = part / np.maximum(crowd[case.market], 1.0)
        else:
            x[self.within] = within / scales.market[case.market]
            x[self.over] = over[case.over_lanes] / scales.market[case.market[case.over_lanes]]
        x = np.clip(x, self.lower, self.upper)
        places, lanes = self._both()
        sold = summed(case.market[lanes], x[places], len(case.intercept))
        made = summed(
            case.plant[lanes],
            x[places] * scales.market[case.market[lanes]] / scales.plant[case.plant[lanes]],
            len(case.capacity),
        )
        markets, straight = np.nonzero(self.quantity >= 0)[0], np.nonzero(self.price >= 0)[0]
        x[self.quantity[markets]] = np.where(case.isoelastic & (sold <= 0.0), 0.1, sold)[markets]
        x[self.output[self.plants]] = made[self.plants]
        x[self.price[straight]] = (case.intercept - case.slopes @ (sold * scales.market))[straight] / scales.price
        weighted = self.pairs
        x[self.weighted[tuple(weighted)]] = -(self.linear @ x)[self.weighted[tuple(weighted)]]
        x[self.rise[self.bent]] = made[self.bent] ** case.power_exponent[self.bent]
        self._fill_steps(x, made)
        return np.clip(x, self.lower, self.upper)

    def _fill_steps(self, x: Vector, made: Vector) -> None:
        """Outputs put on the steps in their order, with the cost of the last one that is used."""
        for j, part in zip(self.stepped, self.parts, strict=True):
            width = self.upper[part]
            before = np.concatenate([[0.0], np.cumsum(width)[:-1]])
            x[part] = np.clip(made[j] - before, 0.0, width)
            last = int(np.searchsorted(np.cumsum(width), made[j]))
            x[self.margin[j]] = self.case.step_cost[j][min(last, len(part) - 1)] / self.scales.price

    def found(self, x: Vector) -> Found:
        """Sales, scarcity and licence prices at a point; what is below any digit of its market is nothing."""
        case, scales = self.case, self.scales
        within = np.where(x[self.within] < 1e-13, 0.0, x[self.within]) * scales.market[case.market]
        above = np.zeros(len(case.plant))
        part = x[self.over]
        above[case.over_lanes] = np.where(part < 1e-13, 0.0, part) * scales.market[case.market[case.over_lanes]]
        scarcity = np.zeros(len(case.capacity))
        scarcity[self.bound] = np.maximum(x[self.scarcity[self.bound]], 0.0) * scales.price
        licence = np.zeros(len(case.quota))
        which = self.scarce_quotas
        licence[which] = np.maximum(x[self.licence[which]], 0.0) * scales.price
        lack = self.value(x)[self.within] * scales.price
        for q in which[case.quota[which] <= 0.0]:
            lanes = np.nonzero(case.in_quota[[q]].toarray()[0])[0]
            licence[q] = max(0.0, float(np.max(-lack[lanes])))
        return Found(within + above, above, scarcity, licence)


def _of_pairs(case: Case, which: NDArray[np.bool_]) -> Vector:
    """1 for each firm and market (F, M) in which it has one of the lanes."""
    there = np.zeros((len(case.conduct), len(case.intercept)))
    there[case.firm[which], case.market[which]] = 1.0
    return there
