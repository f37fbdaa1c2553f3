"""The orders of a study, of its projects and those placed besides, as the arrays that the engine ``supply`` reads.

They share the dim ``order``: a project's order goes by the project's name. Lanes to them are in ``lanes.py``, what late
ones cost in ``landing.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import items_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plants import Values
    from cell2grid.study.model import Order, Study

WHOLE_ITEM = 1e-9  # an order by energy is rounded up to whole items, but not for a difference of rounding


@dataclass(frozen=True, slots=True)
class Placed:
    """An order, where it stands in the study, the region that it goes to, and the project that waits for it."""

    order: Order
    path: str
    region: str
    project: str | None = None


def placed_orders(study: Study) -> dict[str, Placed]:
    """Every order by its name: those of projects by the project's, then those placed by markets and regions.

    >>> from cell2grid.study.loader import load_study
    >>> sorted(placed_orders(load_study("shanghai-megapack").study)) != []
    True
    """
    found = {
        name: Placed(project.order, f"projects.{name}.order", project.region, name)
        for name, project in study.projects.items()
        if project.order is not None
    }
    for name, order in study.orders.items():
        region = order.region if order.market is None else study.markets[order.market].region
        if region is None:
            raise StudyError(f"orders.{name}: has no buyer; write the market that ordered, or the region it goes to")
        if name in found:
            raise StudyError(f"orders.{name}: project '{name}' has an order, which is called so too; rename this one")
        found[name] = Placed(order, f"orders.{name}", region)
    return found


def order_labels(study: Study) -> dict[str, tuple[str, list[str]]]:
    """The words on orders that ``supply`` and the tables read, by name with the dim they lie on."""
    placed = placed_orders(study).values()
    return {
        "order_plant": ("order", [one.order.plant for one in placed]),
        "order_region": ("order", [one.region for one in placed]),
        "ordered": ("order", [one.order.ordered.first.isoformat() for one in placed]),
    }


def order_values(study: Study, figures: Figures, periods: Sequence[str]) -> Values:
    """Sizes, months of construction, first months and places in the queue, by name with their dims.

    Raises
    ------
    StudyError
        An order has no size.
    """
    placed = placed_orders(study)
    quantity, construction = np.zeros((figures.count, len(placed))), np.zeros((figures.count, len(placed)))
    for place, one in enumerate(placed.values()):
        quantity[:, place] = _quantity(study, figures, one)
        months = None if one.project is None else study.projects[one.project].construction
        if months is not None:
            written = f"projects.{one.project}.construction"
            construction[:, place] = figures.drawn("construction", written, months, "month")
    first = [sum(month < one.order.ordered.month for month in periods) for one in placed.values()]
    return {
        "order_quantity": (("member", "order"), quantity),
        "construction": (("member", "order"), construction),
        "order_from": (("order",), np.array(first, dtype=np.float64)),
        "order_rank": (("order",), _ranks(study, figures, placed)),
    }


def _quantity(study: Study, figures: Figures, one: Placed) -> NDArray[np.float64]:
    """Items ordered; an energy is rounded up to whole ones."""
    order = one.order
    if order.quantity is not None:
        return figures.drawn("order_quantity", f"{one.path}.quantity", order.quantity, "item")
    if order.energy is not None:
        items = items_of(study, figures, "order_quantity", f"{one.path}.energy", order.energy, order.product)
        return np.ceil(items - WHOLE_ITEM)
    raise StudyError(f"{one.path}: has no size; give quantity or energy")


def _ranks(study: Study, figures: Figures, placed: dict[str, Placed]) -> NDArray[np.float64]:
    """The place of each order in its plant's queue: by the day of the order, or by the day on which it is wanted.

    By contract date, orders that no day is wanted for come after those with one, and of one day the older is first.
    """
    keys = []
    for one in placed.values():
        figures.note("order_rank", f"{one.path}.ordered")
        ordered, wanted = one.order.ordered.first.isoformat(), "9999-99-99"
        by_contract = study.plants[one.order.plant].priority == "contract-date"
        if by_contract and one.order.wanted is not None:
            figures.note("order_rank", f"{one.path}.wanted")
            wanted = one.order.wanted.last.isoformat()
        keys.append((wanted, ordered) if by_contract else (ordered, ""))
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], dtype=np.float64)
