"""A plan in the parts that nothing connects: products whose plants, markets, options and limits have nothing in common.

Each part is a plan of its own. Solved by themselves they are small, the gap holds for each of them, and what changes in
one does not touch what is decided in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cell2grid.engines.investment.plan import DIMS, Decisions, Labels, Plan, Planned, fixed

if TYPE_CHECKING:
    import numpy.typing as npt

    from cell2grid.engines.investment.plan import Floats, Integers

_SPLIT = "JMOILPCQ"  # the dims whose places go to one part each
_POINTERS = {"option_plant": "J", "incentive_option": "O"}
_LABELS = {"plant": "J", "market": "M", "option": "O", "sales_limit": "L", "spending_limit": "P",
           "capacity_limit": "C", "quota": "Q"}  # fmt: skip
_FOUND = {"capacity": "WJT", "output": "WJT", "sales": "WJMT", "unserved": "WMT", "taken": "WMGT", "price": "WMT",
          "spent": "WOT"}  # fmt: skip
_DECIDED = {"built": "WOT", "open": "WJT", "idle": "WJT"}


class Part(NamedTuple):
    """The places of one part by the letter of their dim."""

    places: dict[str, Integers]

    def of(self, values: npt.NDArray[Any], dims: str) -> npt.NDArray[Any]:
        """What of an array belongs to the part."""
        for axis, dim in enumerate(dims):
            if dim in self.places:
                values = np.take(values, self.places[dim], axis=axis)
        return values


def parts_of(given: Plan) -> list[Part]:
    """The parts of a plan that no lane, input, option, limit, quota or incentive connects, in the order of plants.

    What has no plant or no market is with the first of them.

    >>> from cell2grid.engines.investment.plan import plan
    >>> apart = np.array([[[[0.0], [np.nan]], [[np.nan], [0.0]]]])
    >>> [part.places["M"].tolist() for part in parts_of(plan(demand=[[[5.0], [6.0]]], freight=apart))]
    [[0], [1]]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    sizes = given.sizes
    start = dict(zip(_SPLIT, np.cumsum([0, *(sizes[dim] for dim in _SPLIT)])[:-1].tolist(), strict=True))
    ends: list[tuple[Integers, Integers]] = []

    def join(dim: str, places: Any, other: str, others: Any) -> None:
        ends.append((start[dim] + np.asarray(places, np.int64), start[other] + np.asarray(others, np.int64)))

    join("J", *_pairs("M", np.isfinite(given.freight).any(axis=(0, 3)) | (given.input_use != 0.0)))
    join("O", np.arange(sizes["O"]), "J", given.option_plant)
    join("I", np.arange(sizes["I"]), "O", given.incentive_option)
    join("P", *_pairs("O", given.spending_member != 0.0))
    join("C", *_pairs("J", given.capacity_member != 0.0))
    for dim, weight in (("Q", given.in_quota), ("L", given.sales_weight)):
        join(dim, *_pairs("J", (weight != 0.0).any(axis=2)))
        join(dim, *_pairs("M", (weight != 0.0).any(axis=1)))
    one, other = (np.concatenate(side) for side in zip(*ends, strict=True))
    total = sum(sizes[dim] for dim in _SPLIT)
    links = coo_array((np.ones(len(one)), (one, other)), shape=(total, total))
    _, label = connected_components(links, directed=False)
    whole = [
        found
        for found in dict.fromkeys(label[start["J"] : start["J"] + sizes["J"]].tolist())
        if found in set(label[start["M"] : start["M"] + sizes["M"]].tolist())
    ]
    label = np.where(np.isin(label, whole), label, whole[0] if whole else 0)
    return [
        Part({dim: np.flatnonzero(label[start[dim] : start[dim] + sizes[dim]] == found) for dim in _SPLIT})
        for found in whole or [0]
    ]


def _pairs(other: str, linked: npt.NDArray[np.bool_]) -> tuple[Integers, str, Integers]:
    rows, columns = np.nonzero(linked)
    return rows, other, columns


def plan_of_part(given: Plan, part: Part) -> Plan:
    """The plan of one part alone."""
    cut = {name: part.of(getattr(given, name), dims) for name, dims in DIMS.items()}
    for name, dim in _POINTERS.items():
        cut[name] = np.searchsorted(part.places[dim], cut[name])
    return Plan(**cut)


def labels_of_part(labels: Labels, part: Part) -> Labels:
    """What messages call the entities of one part."""
    kept: dict[str, Any] = {}
    for name, dim in _LABELS.items():
        names = getattr(labels, name)
        kept[name] = tuple(names[place] for place in part.places[dim] if place < len(names))
    return labels._replace(**kept)


def held_of_part(held: Decisions, part: Part) -> Decisions:
    """What is decided beforehand in one part."""
    return Decisions(**{name: part.of(getattr(held, name), dims) for name, dims in _DECIDED.items()})


def joined(given: Plan, parts: list[Part], found: list[Planned]) -> Planned:
    """The plan of all parts: money adds up, the residual is the largest, and so is the gap that is left."""
    empty = fixed(given, built=0.0, opened=0.0, idle=0.0)
    decided = {name: np.array(getattr(empty, name)) for name in _DECIDED}
    sizes = given.sizes
    whole = {name: np.zeros(tuple(sizes[dim] for dim in dims)) for name, dims in _FOUND.items()}
    for part, one in zip(parts, found, strict=True):
        for name, dims in _DECIDED.items():
            _put(decided[name], dims, part, getattr(one.decisions, name))
        for name, dims in _FOUND.items():
            _put(whole[name], dims, part, getattr(one, name))
    objective, bound = (float(sum(getattr(one, name) for one in found)) for name in ("objective", "bound"))
    stopped = [one.status for one in found if one.status != "optimal"]
    return Planned(
        decisions=Decisions(**decided),
        **whole,
        cost=np.sum([one.cost for one in found], axis=0),
        objective=objective,
        bound=bound,
        gap=max(objective - bound, 0.0) / max(abs(objective), 1e-300),
        residual=max(one.residual for one in found),
        whole=all(one.whole for one in found),
        status=stopped[0] if stopped else "optimal",
    )


def _put(whole: Floats, dims: str, part: Part, values: Floats) -> None:
    places = [part.places[dim] if dim in part.places else np.arange(whole.shape[axis]) for axis, dim in enumerate(dims)]
    whole[np.ix_(*places)] = values
