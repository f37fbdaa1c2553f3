"""Why no plan keeps to all limits: what is missed by how much, and a smallest set of limits that contradict each other.

First the rows that a caller knows are made elastic, demand before the limits, and what has to give by how much is
found; then HiGHS names an irreducible infeasible subsystem (J. W. Chinneck 2008, doi:10.1007/978-0-387-74932-7). Where
only whole numbers forbid a plan there is none, and limits are left out one after the other instead.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.investment.solving import minimum, solver
from cell2grid.errors import Cell2gridError, InfeasibleError, NotConvergedError

if TYPE_CHECKING:
    import numpy.typing as npt

    from cell2grid.engines.investment.building import Model
    from cell2grid.engines.investment.plan import Labels, Plan
    from cell2grid.engines.investment.problem import Floats, Linear, Rows

    Places = npt.NDArray[np.intp]

_KNOWN = ("demand", "sales limit", "spending limit", "capacity limit")
_SHOWN = 6
_WORDS = {
    "demand": "demand of market '{M}' in {T} ({side:,.6g} {item}/year)",
    "sales limit": "'{L}' in {T}",
    "spending limit": "'{P}' in {T} (at most {side:,.6g} {currency})",
    "capacity limit": "'{C}' in {T} (at most {bound:,.6g} {item}/year)",
    "capacity": "capacity of plant '{J}' in {T} ({standing:,.6g} {item}/year and what is built)",
    "step": "a step of cost of plant '{J}' in {T}",
    "making": "steps of cost of plant '{J}' in {T}",
    "most": "option '{O}': {side:g} at most in all",
    "state": "plant '{J}' in {T} being open, mothballed or closed",
    "stays closed": "plant '{J}' staying closed",
    "restart": "restarts of plant '{J}' in {T}",
}


class _Missed(NamedTuple):
    """Rows that have to give, and by how much in their own unit."""

    row: Places
    by: Floats


def refused(given: Plan, labels: Labels, built: Model, *, seconds: float) -> Cell2gridError:
    """The error that names what cannot be kept to, and what contradicts it."""
    deadline = time.monotonic() + seconds
    linear = built.problem.linear()
    for kinds in (_KNOWN[:1], _KNOWN):
        missed = _missed(built, linear, kinds, deadline)
        if missed is not None and len(missed.row):
            break
    else:
        return NotConvergedError("plan: HiGHS finds no plan and nothing that forbids one; bring limits nearer in size")
    sides = np.where(np.isfinite(linear.most), linear.most, linear.least) * built.problem.row_unit()
    worst = int(np.argmax(missed.by / np.maximum(np.abs(sides[missed.row]), 1.0)))
    row, by = int(missed.row[worst]), float(missed.by[worst])
    first = f"plan: {_words(given, labels, built, row, sides[row])} cannot be kept to; {_short(built, labels, row, by)}"
    others = len(missed.row) - 1
    more = f" (and {others} other{'s' * (others > 1)})" if others else ""
    # what else is missed is left out, so that what is named is what forbids this row
    rows, columns = _contradicting(built, _freed(linear, np.delete(missed.row, worst)), deadline)
    against = [_words(given, labels, built, each, sides[each]) for each in rows if each != row]
    against += _bounded(labels, built, linear, columns)
    alone = len(rows) == 1 and _kind(built, row).kind == "demand"
    if not any(against) and _kind(built, row).kind == "capacity limit":
        against = _stands(given, labels, built, row)
    listed = list(dict.fromkeys(text for text in against if text))
    return InfeasibleError(f"{first}{more}; {_against(listed, alone=alone)}{_advice(built, row)}")


def _freed(linear: Linear, rows: Places) -> Linear:
    """The problem without some rows."""
    least, most = linear.least.copy(), linear.most.copy()
    least[rows], most[rows] = -np.inf, np.inf
    return linear._replace(least=least, most=most)


def _against(listed: list[str], *, alone: bool) -> str:
    """What contradicts a row; ``alone`` is demand that needs no other row to be impossible."""
    if not listed:
        return "nothing that is made or can be built does anything for it. " if alone else "nothing else binds it. "
    rest = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"it contradicts {'; '.join(listed[:_SHOWN])}{rest}. "


def _advice(built: Model, row: int) -> str:
    kind = _kind(built, row).kind
    if kind == "demand":
        return "Add options or blocks, open them earlier, or give unserved demand a cost"
    return "Widen one of them"


def _stands(given: Plan, labels: Labels, built: Model, row: int) -> list[str]:
    """What stands on the site that a limit on capacity speaks of, and stays whatever is decided."""
    rows = _kind(built, row)
    place = dict(zip(rows.dims, (int(each[row - rows.first]) for each in rows.places), strict=True))
    standing = given.standing_capacity[place["W"], :, place["T"]] * (given.capacity_member[place["C"]] > 0.0)
    return [f"plant '{labels.plant[j]}', which stands with {standing[j]:,.6g} {labels.item}/year"
            for j in np.flatnonzero(standing > 0.0)]  # fmt: skip


def _short(built: Model, labels: Labels, row: int, by: float) -> str:
    kind = _kind(built, row).kind
    if kind == "spending limit":
        return f"it takes {by:,.6g} {labels.currency} more"
    word = "is missing" if kind == "demand" else "too much"
    return f"{by:,.6g} {labels.item}/year {word}"


def _kind(built: Model, row: int) -> Rows:
    return next(rows for rows in built.problem.kinds if rows.first <= row < rows.first + rows.size)


def _words(given: Plan, labels: Labels, built: Model, row: int, side: float) -> str:
    """What a row is, in the caller's labels; empty for rows that only carry quantities from one to the next."""
    rows = _kind(built, row)
    if rows.kind not in _WORDS:
        return ""
    place = dict(zip(rows.dims, (int(each[row - rows.first]) for each in rows.places), strict=True))
    lists = {"M": labels.market, "J": labels.plant, "T": labels.term, "O": labels.option}
    lists |= {"L": labels.sales_limit, "P": labels.spending_limit, "C": labels.capacity_limit}
    names = {dim: lists[dim][at] for dim, at in place.items() if dim in lists}
    numbers = {"side": float(side), "standing": 0.0, "bound": 0.0}
    if rows.kind == "capacity":
        numbers["standing"] = float(given.standing_capacity[place["W"], place["J"], place["T"]])
    if rows.kind == "capacity limit":
        numbers["bound"] = float(given.capacity_bound[place["C"], place["T"]])
    text = _WORDS[rows.kind].format(**names, **numbers, item=labels.item, currency=labels.currency)
    return f"{text} of scenario '{labels.scenario[place['W']]}'" if len(labels.scenario) > 1 else text


def _missed(built: Model, linear: Linear, kinds: tuple[str, ...], deadline: float) -> _Missed | None:
    """What has to give where the rows of these kinds are elastic; None where even that leaves no plan."""
    from scipy.sparse import csc_array, hstack

    rows = np.concatenate(
        [np.arange(each.first, each.first + each.size) for kind in kinds for each in built.problem.places_of(kind)]
        or [np.zeros(0, np.int64)]
    )
    if not len(rows):
        return None
    sign = np.where(np.isfinite(linear.least[rows]), 1.0, -1.0)
    slack = csc_array((sign, (rows, np.arange(len(rows)))), shape=(linear.matrix.shape[0], len(rows)))
    side = np.where(np.isfinite(linear.most[rows]), linear.most[rows], linear.least[rows])
    elastic = linear._replace(
        offset=0.0,
        cost=np.concatenate([np.zeros_like(linear.cost), 1.0 / np.maximum(np.abs(side), 1.0)]),
        lower=np.append(linear.lower, np.zeros(len(rows))),
        upper=np.append(linear.upper, np.full(len(rows), np.inf)),
        matrix=csc_array(hstack([linear.matrix, slack], format="csc")),
        whole=np.append(linear.whole, np.zeros(len(rows), np.bool_)),
    )
    answer = minimum(elastic, seconds=max(deadline - time.monotonic(), 1.0), gap=1e-6)
    if not np.isfinite(answer.found):
        return None
    by = answer.column[len(linear.cost) :]
    gives = np.flatnonzero(by > 1e-6)
    return _Missed(rows[gives], by[gives] * built.problem.row_unit()[rows[gives]])


def _contradicting(built: Model, linear: Linear, deadline: float) -> tuple[list[int], Places]:
    """Rows, limits first, and columns of an irreducible infeasible subsystem; else the limits that matter."""
    rows, columns = _irreducible(linear, deadline)
    if len(rows):
        order = {kind: place for place, kind in enumerate((*_KNOWN[1:], "most", "capacity", "state", "demand"))}
        return sorted(map(int, rows), key=lambda row: (order.get(_kind(built, row).kind, len(order)), row)), columns
    matter: list[int] = []
    for kind in (*_KNOWN[1:], "most"):
        for each in built.problem.places_of(kind):
            if time.monotonic() > deadline:
                return matter, columns
            freed = _freed(linear, np.arange(each.first, each.first + each.size))
            answer = minimum(freed._replace(cost=0.0 * linear.cost, offset=0.0), seconds=deadline - time.monotonic())
            if np.isfinite(answer.found):
                matter.append(each.first)
    return matter, columns


def _irreducible(linear: Linear, deadline: float) -> tuple[Places, Places]:
    """Rows and columns whose sides and bounds contradict each other, none of which can be left out."""
    import highspy

    relaxed = linear._replace(whole=np.zeros_like(linear.whole))
    highs = solver(relaxed, seconds=max(deadline - time.monotonic(), 1.0), gap=0.0, threads=1)
    none = np.zeros(0, np.intp)
    strategy = int(highspy.IisStrategy.kIisStrategyFromLp) | int(highspy.IisStrategy.kIisStrategyIrreducible)
    if highs.setOptionValue("iis_strategy", strategy) != highspy.HighsStatus.kOk:
        return none, none
    status, found = highs.getIis()
    if status == highspy.HighsStatus.kError or not found.valid_:
        return none, none
    # a column that cannot be less than nothing forbids nothing by that
    above = (int(highspy.IisBoundStatus.kIisBoundStatusUpper), int(highspy.IisBoundStatus.kIisBoundStatusBoxed))
    bounded = [
        column
        for column, at in zip(found.col_index_, found.col_bound_, strict=True)
        if int(at) in above or linear.lower[column] > 0.0
    ]
    return np.array(found.row_index_, np.intp), np.array(bounded, np.intp)


def _bounded(labels: Labels, built: Model, linear: Linear, columns: Places) -> list[str]:
    """What is fixed or bounded about decisions in the contradiction."""
    choices = built.columns.choices
    words = []
    for column in columns:
        which = np.flatnonzero(choices.column[0] == column)
        if len(which):
            place = which[0]
            name, term = labels.option[choices.option[place]], labels.term[choices.term[place]]
            decided, most = (float(side[column] * choices.blocks[place]) for side in (linear.lower, linear.upper))
            how = f"{decided:g} decided on" if decided > 0.0 else f"{most:g} at most"
            words.append(f"option '{name}': {how} in {term}")
    return words
