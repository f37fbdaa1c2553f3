"""The members of an ensemble: chunks of them through the engines, on an executor or one after the other.

A chunk is a fixed stretch of members, and a member's numbers depend on the seed and its index alone, so that neither
the number of workers nor their order changes anything. Counterfactuals run in the same chunk on the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cell2grid.formulas.calendar import months_between
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import design_of, places_of
from cell2grid.run.inputs.lanes import regions
from cell2grid.run.inputs.orders import placed_orders
from cell2grid.run.inputs.plant_capability import most_tranches
from cell2grid.run.inputs.plants import plant_labels, plant_values
from cell2grid.run.inputs.shocks import Shocks
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.inputs.trade import supply_labels, supply_values
from cell2grid.run.market.game import game_of, played_in, widened
from cell2grid.run.processes import worker_processes

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.market.game import Game
    from cell2grid.study.model import Study

CHUNK = 250  # members; part of what makes the bytes of a run
ENGINES = ("capability", "supply")
Chunk = TypeVar("Chunk")


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """All members: the arrays that went in and came out, and the exports of each counterfactual by its name.

    ``counterfactuals`` are sums over the months of the case (member), ``by_month`` each month (member, period).
    """

    arrays: xr.Dataset
    counterfactuals: Mapping[str, NDArray[np.float64]]
    by_month: Mapping[str, NDArray[np.float64]]
    reads: Mapping[str, tuple[str, ...]]


def simulate(
    study: Study,
    *,
    members: int,
    seed: int,
    workers: int = 1,
    executor: Executor | None = None,
    draws: NDArray[np.int64] | None = None,
    without: Sequence[str] = (),
    also: Sequence[str] = (),
    on_progress: Callable[[int], None] = lambda done: None,
) -> Ensemble:
    """The study's plants and deliveries in all members.

    Parameters
    ----------
    draws
        The place of each member in the streams of numbers, in rising order; its own index without it.
    without
        Shocks that are left out; all else is drawn as with them.
    also
        What the markets read and a run does not keep, by name.
    workers
        Processes; 1 runs in this one.
    executor
        Another standard executor, such as a Dask client's, instead of processes of our own.
    on_progress
        Called with the number of members that are done.

    Raises
    ------
    StudyError
        The study says something that cannot be simulated.
    """
    task = partial(simulate_chunk, study, seed, members, draws=draws, without=without, also=also)
    return _joined(over_chunks(task, members, workers=workers, executor=executor, on_progress=on_progress))


def over_chunks(
    task: Callable[[int], Chunk],
    members: int,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> list[Chunk]:
    """What ``task`` makes of the first member of each chunk, in their order, by as many processes as ``workers``."""
    firsts = range(0, members, CHUNK)
    chunks: list[Chunk] = []
    with _executor(executor, min(workers, len(firsts))) as pool:
        results: Iterator[Chunk] = map(task, firsts) if pool is None else pool.map(task, firsts)
        try:
            for chunk in results:
                chunks.append(chunk)
                on_progress(min(len(chunks) * CHUNK, members))
        finally:
            # what still waits is given up where the loop ends early
            if isinstance(results, Generator):
                results.close()
    return chunks


def simulate_chunk(
    study: Study,
    seed: int,
    members: int,
    first: int,
    *,
    draws: NDArray[np.int64] | None = None,
    without: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Ensemble:
    """The members from ``first`` on, one chunk of them, with the exports of each counterfactual."""
    drawn = drawn_members(study, seed, members, first, min(CHUNK, members - first), draws)
    figures = drawn()
    arrays, game = input_arrays(study, figures, without=without), game_of(study, figures, without)
    reads = figures.reads
    arrays = through_engines(arrays, game, also)
    counterfactuals, by_month = {}, {}
    made: dict[tuple[str, ...], xr.DataArray] = {}
    for name, case in ({} if without else study.counterfactuals).items():
        left_out = tuple(sorted(case.without))
        if left_out not in made:
            # cases that leave out the same shocks are one and the same run
            again = drawn()
            rest = through_engines(input_arrays(study, again, without=left_out), game_of(study, again, left_out))
            made[left_out] = rest["exports"]
        exports = made[left_out].sel(plant=case.plant).transpose("member", "period")
        by_month[name] = exports.values
        counterfactuals[name] = exports.sel(period=months_between(case.start, case.end)).sum("period").values
    return Ensemble(arrays, counterfactuals, by_month, reads)


def drawn_members(
    study: Study, seed: int, members: int, first: int, count: int, draws: NDArray[np.int64] | None
) -> Callable[[], Figures]:
    """What draws the figures of ``count`` of the members from ``first`` on."""
    chosen = None if draws is None else draws[first : first + count]
    design = design_of(study, seed=seed, places=places_of(study, members))
    return partial(Figures, seed, first=first, count=count, rows=row_names(study), draws=chosen, design=design)


def input_arrays(study: Study, figures: Figures, *, without: Sequence[str] = ()) -> xr.Dataset:
    """The arrays that the engines read, for the members of ``figures``, without some of the shocks.

    Raises
    ------
    StudyError
        The study says something that cannot be simulated.
    """
    import xarray as xr

    from cell2grid.nomenclature import labelled

    periods = months_between(study.horizon.start, study.horizon.end)
    labels = {
        **plant_labels(study),
        **supply_labels(study),
    }
    coords = {
        "member": np.arange(figures.first, figures.first + figures.count),
        "plant": _words(list(study.plants)),
        "tranche": np.arange(most_tranches(study)),
        "product": _words(list(study.products)),
        "destination": _words(regions(study)),
        "market": _words(list(study.markets)),
        "order": _words(list(placed_orders(study))),
        "period": _words(periods),
    }
    shocks = Shocks(study, figures, periods, without)
    values = {
        **plant_values(study, figures, periods, shocks),
        **supply_values(study, figures, periods, shocks),
        **{name: ((dim,), _words(words)) for name, (dim, words) in labels.items()},
        "draw": (("member",), np.asarray(figures.draws, dtype=np.float64)),
    }
    return labelled(xr.Dataset(values, coords))


def through_engines(arrays: xr.Dataset, game: Game | None = None, also: Sequence[str] = ()) -> xr.Dataset:
    """The arrays with what each engine of the chain writes; of a ``game`` the ledger makes what its markets take.

    ``also`` names what the game reads that is kept beside what it finds.
    """
    from cell2grid.engines import engine

    sold: xr.Dataset | None = None
    for name in ENGINES:
        if name == "supply" and game is not None:
            played = played_in(game, arrays)
            arrays, sold = played.arrays, widened(played.found.assign(game.arrays[list(also)]), arrays)
        arrays = arrays.merge(engine(name).solve(arrays), compat="override", join="exact")
    # the ledger may have been told of sales by month
    return arrays if sold is None else arrays.drop_dims("term").merge(sold, compat="override", join="exact")


def _joined(chunks: Sequence[Ensemble]) -> Ensemble:
    import xarray as xr

    first = chunks[0]
    if len(chunks) == 1:
        return first
    data = {
        name: (array.dims, _along_members([chunk.arrays[name] for chunk in chunks]), array.attrs)
        for name, array in first.arrays.data_vars.items()
    }
    coords = {
        name: (array.dims, _along_members([chunk.arrays[name] for chunk in chunks]), array.attrs)
        for name, array in first.arrays.coords.items()
    }
    sums, months = (
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for parts in ([chunk.counterfactuals for chunk in chunks], [chunk.by_month for chunk in chunks])
    )
    return Ensemble(xr.Dataset(data, coords), sums, months, first.reads)


def _along_members(parts: Sequence[xr.DataArray]) -> NDArray[np.float64]:
    if "member" not in parts[0].dims:
        return parts[0].values
    return np.concatenate([part.values for part in parts], axis=parts[0].dims.index("member"))


def _words(words: list[str]) -> NDArray[np.object_]:
    return np.array(words, dtype=object)


def _executor(executor: Executor | None, workers: int) -> AbstractContextManager[Executor | None]:
    if executor is not None or workers <= 1:
        return nullcontext(executor)
    return worker_processes(workers)
