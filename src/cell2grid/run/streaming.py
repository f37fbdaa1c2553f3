"""More members than fit in memory: chunk by chunk through the engines, and of each month only the sums are kept.

Mean and quantiles of the months, and the months in which each order is complete, are then of all members; all that
looks at members one by one (projects' money, observations, counterfactuals, the arrays) is of as many as fit. A study
that is calibrated weighs every member by itself, and is not streamed. How quantiles are kept, and how exact they are,
is in ``cell2grid.engines.supply.bins``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.calendar import months_between
from cell2grid.nomenclature import variable
from cell2grid.run.ensemble import CHUNK, drawn_members, input_arrays, through_engines
from cell2grid.run.market.game import game_of
from cell2grid.run.told.spread import QUANTILES
from cell2grid.run.told.tables import MONTHLY

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.engines.supply.bins import Bins, Summary
    from cell2grid.study.model import Study

CELLS = 500_000  # plants by months by members that are held at a time
ORDERED = ("delivery_month", "commissioning", "order_quantity")


@dataclass(frozen=True, slots=True, eq=False)
class Streamed:
    """What is kept of all members: the spread of each month, and each member's months of its orders."""

    sums: Mapping[str, Summary]  # by variable, over (its dims without member)
    orders: xr.Dataset  # ORDERED by member, and the labels of orders

    def spreads(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Mean and quantiles of each variable, as ``tables.monthly`` takes them."""
        return {name: (one.mean, one.quantiles) for name, one in self.sums.items()}

    def farthest(self) -> float:
        """The most that a quantile may be off, as a part of the largest value of its variable."""
        known = [one for one in self.sums.values() if np.isfinite(one.error).any()]
        largest = [(float(np.nanmax(one.error)), float(np.nanmax(np.abs(one.quantiles)))) for one in known]
        return max((off / most for off, most in largest if most > 0.0), default=0.0)

    def words(self, members: int, kept: int) -> str:
        """What is of all members, what of those that were kept, and how exact it is."""
        return (
            f"the months and the dates of orders are of all {members:,} members, of which no more than the sums were"
            f" kept: a quantile is exact to {100 * self.farthest():.2g} % of the largest of its variable; projects'"
            f" money, observations, counterfactuals and the arrays are of {kept:,} members, as many as memory holds"
        )


def streamed(
    study: Study,
    *,
    members: int,
    seed: int,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Streamed:
    """The study's plants and deliveries in all members, of whose arrays no more than a chunk is there at a time.

    Parameters
    ----------
    on_progress
        Called with the number of members that are done.

    Raises
    ------
    StudyError
        The study says something that cannot be simulated.
    """
    months = len(months_between(study.horizon.start, study.horizon.end))
    chunk = max(min(CHUNK, CELLS // (months * max(len(study.plants), 1))), 1)
    kept: list[xr.Dataset] = []
    counted: _Counted | None = None
    for first in range(0, members, chunk):
        figures = drawn_members(study, seed, members, first, min(chunk, members - first), None)()
        arrays = through_engines(input_arrays(study, figures), game_of(study, figures))
        if counted is None:
            counted = _Counted(arrays)
        counted.add(arrays)
        kept.append(arrays[list(ORDERED)])
        labels = arrays[["order_plant", "ordered", "noun"]]
        on_progress(min(first + chunk, members))
    assert counted is not None
    return Streamed(counted.sums(), _joined(kept, labels))


class _Counted:
    """Bins of every monthly variable, whose bounds the first chunk sets."""

    def __init__(self, arrays: xr.Dataset) -> None:
        from cell2grid.engines.supply.bins import empty_bins, set_bounds

        self._shapes = {name: arrays[name].transpose(*variable(name).dims).shape[1:] for name in MONTHLY}
        self._bins: dict[str, Bins] = {}
        self._known: dict[str, NDArray[np.int64]] = {}
        for name, shape in self._shapes.items():
            cells = int(np.prod(shape))
            self._bins[name] = empty_bins(cells, np.uint32)
            self._known[name] = np.zeros(cells, np.int64)
        self._count(arrays, pilot=True)
        for bins in self._bins.values():
            set_bounds(bins, 0, len(bins.low))

    def add(self, arrays: xr.Dataset) -> None:
        """Count the members of a chunk."""
        self._count(arrays, pilot=False)

    def _count(self, arrays: xr.Dataset, *, pilot: bool) -> None:
        from cell2grid.engines.supply.bins import count_known

        for name, bins in self._bins.items():
            values = arrays[name].transpose(*variable(name).dims).values
            by_cell = np.ascontiguousarray(values.reshape(len(values), len(bins.low)).T)
            count_known(bins, self._known[name], by_cell, pilot)

    def sums(self) -> dict[str, Summary]:
        """What the bins say, in the dims of each variable."""
        from cell2grid.engines.supply.bins import Summary, summed_up

        found = {}
        for name, bins in self._bins.items():
            one, shape = summed_up(bins, self._known[name], QUANTILES), self._shapes[name]
            found[name] = Summary(*(values.reshape(*values.shape[:-1], *shape) for values in one))
        return found


def _joined(kept: list[xr.Dataset], labels: xr.Dataset) -> xr.Dataset:
    import xarray as xr

    whole = {
        name: (kept[0][name].dims, np.concatenate([part[name].values for part in kept], axis=0)) for name in ORDERED
    }
    return xr.Dataset(whole, {"order": labels["order"], "plant": labels["plant"]}).merge(labels)
