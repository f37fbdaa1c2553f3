"""The numbers of an investment plan as plain arrays: what ``engines.investment`` is given, and what it finds.

Quantities are rates [item/year], money is in one currency. W scenarios, T terms, J plants, S steps of cost, M markets,
G steps of what buyers offer, O options, I incentives, Q quotas; L, P and C limits on sales, spending and capacity. A
plant that does not stand yet is a plant of no capacity with an option. What the numbers are made from is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


class Plan(NamedTuple):
    """What is given; float64 but for what counts or points (int64). ``plan`` fills what is not said.

    A block that is decided on in term d has, a terms later, the part ``ready[a]`` of its capacity in use and the part
    ``opened[a]`` on its site. The axis T of ``ready``, ``opened`` and ``spending_profile`` is that age.
    """

    probability: Floats  # (W,) ratio; adds up to 1
    years: Floats  # (T,) year: how long a term is
    discount: Floats  # (T,) ratio: what money of the term is worth at the begin of the horizon
    end_discount: Floats  # () ratio: the same of money at the end of the horizon
    # plants
    standing_capacity: Floats  # (W, J, T) item/year without what options add
    step_width: Floats  # (W, J, S, T) item/year; 0 for steps that a plant does not have, inf for the last
    step_cost: Floats  # (W, J, S, T) currency/item
    freight: Floats  # (W, J, M, T) currency/item; nan where the plant cannot sell
    duty_on_cost: Floats  # (W, J, M, T) ratio, of the cost of making and freight
    duty_amount: Floats  # (W, J, M, T) currency/item
    in_quota: Floats  # (Q, J, M): 1 where what the plant sells in the market counts against the quota
    quota: Floats  # (W, Q, T) item/year that all who count against it bring in at the duties above; inf where none
    over_on_cost: Floats  # (W, Q, T) ratio: what more pays besides, of the cost of making and freight
    over_amount: Floats  # (W, Q, J, M, T) currency/item: the same for an item
    input_use: Floats  # (J, M) item/item: what a plant takes in from a market for an item that it makes
    open_cost: Floats  # (J, T) currency/year while the standing capacity is open
    idle_cost: Floats  # (J, T) currency/year while it is mothballed; nan where it cannot be
    restart_cost: Floats  # (J,) currency; nan where what is mothballed stays so
    closing_cost: Floats  # (J,) currency; nan where it cannot be closed
    starts_idle: Floats  # (J,) ratio: 1 where it is mothballed before the first term
    # options
    option_plant: Integers  # (O,): the plant whose capacity grows
    block: Floats  # (O,) item/year
    ready: Floats  # (O, T) ratio by age
    opened: Floats  # (O, T) ratio by age
    most: Integers  # (O,): blocks in all
    most_at_once: Integers  # (O, T): blocks in a term; 0 where nothing can be decided
    block_cost: Floats  # (W, O, T) currency: for one block that is decided on in the term, in its money
    fixed_cost: Floats  # (W, O, T) currency/year while a block that was decided on in the term is open
    salvage: Floats  # (W, O, T) currency: got back for it at the end of the horizon
    spending: Floats  # (W, O, T) currency: what counts as spent on it
    spending_profile: Floats  # (O, T) ratio by age: when it is spent
    scale_exponent: Floats  # (O,) ratio: n blocks at once cost as much as n ^ this
    # incentives: money for an item out of blocks that are decided on from ``first`` to ``last``
    incentive_option: Integers  # (I,)
    incentive_amount: Floats  # (I,) currency/item
    incentive_first: Integers  # (I,)
    incentive_last: Integers  # (I,)
    incentive_terms: Integers  # (I,): how many terms it is paid, from the first on that blocks are open for half of
    # markets
    demand: Floats  # (W, M, T) item/year: what must be met, or left unserved at a cost
    unserved_cost: Floats  # (W, M, T) currency/item; nan where all demand must be met
    offer_width: Floats  # (W, M, G, T) item/year that buyers take besides
    offer_value: Floats  # (W, M, G, T) currency/item that is earned with them
    # limits
    sales_weight: Floats  # (L, J, M): sum of weight x sales <= sales_bound
    sales_bound: Floats  # (W, L, T) item/year; inf where none
    spending_member: Floats  # (P, O): 1 where the option counts
    spending_group: Integers  # (T,): terms of one number are one time of spending
    spending_bound: Floats  # (P, T) currency in such a time, the least of its terms; inf where none
    capacity_member: Floats  # (C, J): 1 where the plant counts
    capacity_bound: Floats  # (C, T) item/year on the site; inf where none

    @property
    def sizes(self) -> dict[str, int]:
        """The letters of the dims, and how many there are of each."""
        found = dict(zip("WJMT", self.freight.shape, strict=True))
        found |= {"S": self.step_cost.shape[2], "G": self.offer_value.shape[2], "O": len(self.block)}
        found |= {"I": len(self.incentive_option), "L": len(self.sales_weight), "Q": len(self.in_quota)}
        return found | {"P": len(self.spending_member), "C": len(self.capacity_member)}


DIMS = {
    **dict.fromkeys(("probability",), "W"),
    **dict.fromkeys(("years", "discount", "spending_group"), "T"),
    "end_discount": "",
    "standing_capacity": "WJT",
    **dict.fromkeys(("step_width", "step_cost"), "WJST"),
    **dict.fromkeys(("freight", "duty_on_cost", "duty_amount"), "WJMT"),
    "in_quota": "QJM",
    **dict.fromkeys(("quota", "over_on_cost"), "WQT"),
    "over_amount": "WQJMT",
    "input_use": "JM",
    **dict.fromkeys(("open_cost", "idle_cost"), "JT"),
    **dict.fromkeys(("restart_cost", "closing_cost", "starts_idle"), "J"),
    **dict.fromkeys(("option_plant", "block", "most", "scale_exponent"), "O"),
    **dict.fromkeys(("ready", "opened", "most_at_once", "spending_profile"), "OT"),
    **dict.fromkeys(("block_cost", "fixed_cost", "salvage", "spending"), "WOT"),
    **{f"incentive_{name}": "I" for name in ("option", "amount", "first", "last", "terms")},
    **dict.fromkeys(("demand", "unserved_cost"), "WMT"),
    **dict.fromkeys(("offer_width", "offer_value"), "WMGT"),
    "sales_weight": "LJM",
    "sales_bound": "WLT",
    "spending_member": "PO",
    "spending_bound": "PT",
    "capacity_member": "CJ",
    "capacity_bound": "CT",
}
WHOLE = frozenset(
    {"option_plant", "most", "most_at_once", "spending_group"}
    | {f"incentive_{name}" for name in ("option", "first", "last", "terms")}
)
# what is taken where a caller says nothing
_UNSAID = {
    **dict.fromkeys(("idle_cost", "restart_cost", "closing_cost", "unserved_cost"), np.nan),
    **dict.fromkeys(("quota", "sales_bound", "spending_bound", "capacity_bound", "step_width"), np.inf),
    **dict.fromkeys(("discount", "end_discount", "years", "scale_exponent", "opened", "ready"), 1.0),
}


def plan(**arrays: Any) -> Plan:
    """The plan of the arrays that are named, in numbers that broadcast; the rest is neutral.

    Sizes follow from the arrays that are given whole: each dim must stand at its full length in one of them. What is
    not said costs nothing, limits nothing and is not there; ``spending`` is ``block_cost``, ``spending_group`` each
    term for itself, ``spending_profile`` all at once, scenarios equally likely.

    >>> one = plan(demand=[[[8.0, 9.0]]], standing_capacity=[[[9.0, 9.0]]], step_cost=[[[[2.0, 2.0]]]])
    >>> one.freight.shape, float(one.discount[1]), one.block.shape
    ((1, 1, 1, 2), 1.0, (0,))
    """
    unknown = set(arrays) - set(Plan._fields)
    if unknown:
        raise TypeError(f"plan() has no field {', '.join(sorted(unknown))}")
    said = {name: np.asarray(each, np.int64 if name in WHOLE else np.float64) for name, each in arrays.items()}
    sizes = dict.fromkeys("WJMTSG", 1) | dict.fromkeys("OILPCQ", 0)
    for name, each in said.items():
        for dim, length in zip(reversed(DIMS[name]), reversed(each.shape), strict=False):
            sizes[dim] = max(sizes[dim], length)
    if "block_cost" in said:
        said.setdefault("spending", said["block_cost"])
    said.setdefault("spending_group", np.arange(sizes["T"]))
    said.setdefault("probability", np.full(sizes["W"], 1.0 / sizes["W"]))
    if "spending_profile" not in said:
        said["spending_profile"] = (np.arange(sizes["T"]) == 0).astype(np.float64)
    filled = {name: said.get(name, np.asarray(_UNSAID.get(name, 0.0))) for name in Plan._fields}
    return Plan(**{name: _spread(each, name, sizes) for name, each in filled.items()})


def _spread(each: npt.NDArray[Any], name: str, sizes: dict[str, int]) -> npt.NDArray[Any]:
    """The numbers at their full shape; nothing is copied for a number that stands for many."""
    spread: npt.NDArray[Any] = np.broadcast_to(each, tuple(sizes[dim] for dim in DIMS[name]))
    return spread.astype(np.int64) if name in WHOLE and spread.dtype != np.int64 else spread


class Labels(NamedTuple):
    """What messages call the entities, each a name for each place of its dim."""

    term: tuple[str, ...]
    plant: tuple[str, ...]
    market: tuple[str, ...]
    option: tuple[str, ...]
    scenario: tuple[str, ...]
    sales_limit: tuple[str, ...]
    spending_limit: tuple[str, ...]
    capacity_limit: tuple[str, ...]
    item: str = "item"
    currency: str = "currency"
    quota: tuple[str, ...] = ()


def numbered(given: Plan) -> Labels:
    """Labels by place, for a plan whose caller has none.

    >>> numbered(plan(demand=[[[8.0, 9.0]]])).term
    ('term 1', 'term 2')
    """
    sizes = given.sizes

    def names(word: str, dim: str) -> tuple[str, ...]:
        return tuple(f"{word} {place + 1}" for place in range(sizes[dim]))

    return Labels(
        term=names("term", "T"),
        plant=names("plant", "J"),
        market=names("market", "M"),
        option=names("option", "O"),
        scenario=names("scenario", "W"),
        sales_limit=names("limit on sales", "L"),
        spending_limit=names("limit on spending", "P"),
        capacity_limit=names("limit on capacity", "C"),
        quota=names("quota", "Q"),
    )


class Decisions(NamedTuple):
    """What was decided, or is fixed beforehand: nan where it is free."""

    built: Floats  # (W, O, T) blocks
    open: Floats  # (W, J, T) part of the standing capacity that is open
    idle: Floats  # (W, J, T) part that is mothballed


class Planned(NamedTuple):
    """What was found. Money is expected over the scenarios and discounted where nothing else is said."""

    decisions: Decisions
    capacity: Floats  # (W, J, T) item/year that can be used
    output: Floats  # (W, J, T) item/year
    sales: Floats  # (W, J, M, T) item/year
    unserved: Floats  # (W, M, T) item/year
    taken: Floats  # (W, M, G, T) item/year of what buyers offer
    price: Floats  # (W, M, T) currency/item that one more item of demand costs, builds as they are
    spent: Floats  # (W, O, T) currency, when it is spent, not discounted
    cost: Floats  # (W,) currency: the objective in each scenario
    objective: float  # currency: the expected cost, less what buyers pay
    bound: float  # currency: no plan has a lower objective
    gap: float  # ratio: how far the objective may be above the best, of itself
    residual: float  # ratio: the largest violation of the conditions of an optimum, once whole numbers are decided
    whole: bool  # whether blocks and states are whole numbers
    status: str  # "optimal", or "stopped" at a gap wider than asked for


def fixed(given: Plan, *, built: Any = np.nan, opened: Any = np.nan, idle: Any = np.nan) -> Decisions:
    """Decisions of the plan's shape out of numbers that broadcast; nan is free.

    >>> fixed(plan(demand=[[[8.0, 9.0]]])).open.shape
    (1, 1, 2)
    """
    sizes = given.sizes
    blocks, states = (tuple(sizes[dim] for dim in dims) for dims in ("WOT", "WJT"))
    return Decisions(np.broadcast_to(built, blocks), np.broadcast_to(opened, states), np.broadcast_to(idle, states))
