"""The exact throughput of small lines whose times are all exponential, by their Markov chain.

A state says of each station how many items wait before it, how many machines work, are down, and hold a finished item.
All states that can be reached from the empty line are listed, and the balance of their flows is solved by sparse
elimination. It is the oracle of the simulation, and shares none of its code; setups, batches and other distributions
have no such chain here and are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cell2grid.errors import InputError, NotConvergedError

if TYPE_CHECKING:
    import xarray as xr

# a state: of each station the items that wait, and the machines that work, are down, and hold a finished item
Counts: TypeAlias = tuple[int, int, int, int]
State: TypeAlias = tuple[Counts, ...]

MOST_STATES = 20_000


@dataclass(frozen=True, slots=True)
class _Station:
    """Rates [1/second] and places of one station."""

    machines: int
    places: int
    service: float
    failure: float
    repair: float
    scrap: float


def exact_throughput(arrays: xr.Dataset) -> float:
    """Good items a second that leave the line in its steady state, exactly.

    0 = π Q, 1 = Σ π; throughput = Σ π · machines of the last station that work · μ (1 − scrap).

    Raises
    ------
    InputError
        A time is not exponential, a station has a setup or a batch, or the chain has more than ``MOST_STATES`` states.
    NotConvergedError
        The elimination left a residual above 1e-9.

    >>> import xarray as xr
    >>> two = xr.Dataset({"service_mean": ("station", [1.0, 1.0]), "service_deviation": ("station", [0.0, 0.0]),
    ...     "service_distribution": ("station", ["exponential"] * 2), "buffer": ("gap", [0]),
    ...     "items": ((), 1000), "seed": ((), 1)})
    >>> round(exact_throughput(two), 6)
    0.666667
    """
    from cell2grid.engines.line import completed

    line = completed(arrays)
    stations = _stations(line)
    index, flows = _chain(stations)
    share = _steady(index, flows)
    last = stations[-1]
    working = sum(float(share[place]) * state[-1][1] for state, place in index.items())
    return working * last.service * (1.0 - last.scrap)


def _stations(line: xr.Dataset) -> list[_Station]:
    from cell2grid.engines.line.checks import names_of

    found = []
    places = [0, *line["buffer"].values.astype(int).tolist()]
    for j, name in enumerate(names_of(line)):
        of = {str(key): line[key].values[j] for key in line.data_vars if line[key].dims == ("station",)}
        fails = bool(np.isfinite(of["time_between_failures"]))
        wrong = {
            "its service is": of["service_distribution"] if of["service_distribution"] != "exponential" else "",
            "its repair is": of["repair_distribution"] if fails and of["repair_distribution"] != "exponential" else "",
            "it has": "a setup" if of["setup_mean"] > 0.0 else ("a batch" if of["batch_size"] > 1 else ""),
        }
        for words, what in wrong.items():
            if what:
                raise InputError(
                    f"station '{name}': {words} {what}; the exact throughput is known of exponential times without "
                    "setup and batch alone: simulate the line"
                )
        found.append(
            _Station(
                int(of["machines"]),
                places[j],
                # an item that is done again takes a further exponential time, and all of them one of lower rate
                float((1.0 - of["rework_share"]) / of["service_mean"]),
                1.0 / float(of["time_between_failures"]) if fails else 0.0,
                1.0 / float(of["repair_mean"]) if fails else 0.0,
                float(of["scrap_share"]),
            )
        )
    return found


def _chain(stations: list[_Station]) -> tuple[dict[State, int], list[tuple[int, int, float]]]:
    """All states that the empty line leads to, by their number, and the rates between them."""
    first = ((0, stations[0].machines, 0, 0), *(((0, 0, 0, 0),) * (len(stations) - 1)))
    index: dict[State, int] = {first: 0}
    flows: list[tuple[int, int, float]] = []
    waiting = [first]
    while waiting:
        state = waiting.pop()
        for after, rate in _moves(stations, state):
            if after not in index:
                index[after] = len(index)
                waiting.append(after)
                if len(index) > MOST_STATES:
                    raise InputError(
                        f"the line has more than {MOST_STATES:,} states, the most whose balance is solved; simulate "
                        "it, or take fewer stations, buffers and machines"
                    )
            flows.append((index[state], index[after], rate))
    return index, flows


def _moves(stations: list[_Station], state: State) -> list[tuple[State, float]]:
    """What can happen next, and how often a second."""
    found = []
    for j, station in enumerate(stations):
        waits, works, down, held = state[j]
        if down:
            found.append((_changed(state, j, (waits, works + 1, down - 1, held)), down * station.repair))
        if not works:
            continue
        if station.failure:
            found.append((_changed(state, j, (waits, works - 1, down + 1, held)), works * station.failure))
        done = _changed(state, j, (waits, works - 1, down, held))
        if station.scrap:
            found.append((_freed(stations, done, j), works * station.service * station.scrap))
        good = works * station.service * (1.0 - station.scrap)
        if j + 1 == len(stations):
            found.append((_freed(stations, done, j), good))
        elif _has_place(stations[j + 1], state[j + 1]):
            found.append((_freed(stations, _entered(stations, done, j + 1), j), good))
        else:
            found.append((_changed(state, j, (waits, works - 1, down, held + 1)), good))
    return found


def _changed(state: State, j: int, counts: Counts) -> State:
    return (*state[:j], counts, *state[j + 1 :])


def _has_place(station: _Station, counts: Counts) -> bool:
    waits, works, down, held = counts
    return waits < station.places or works + down + held < station.machines


def _entered(stations: list[_Station], state: State, j: int) -> State:
    """The state after an item has come to a station that has a place."""
    waits, works, down, held = state[j]
    if works + down + held < stations[j].machines:
        return _changed(state, j, (waits, works + 1, down, held))
    return _changed(state, j, (waits + 1, works, down, held))


def _freed(stations: list[_Station], state: State, j: int) -> State:
    """The state after a machine has become empty: it takes the next item, and who waited for that place moves up."""
    while True:
        waits, works, down, held = state[j]
        if j == 0:
            return _changed(state, 0, (waits, works + 1, down, held))
        if waits:
            state = _changed(state, j, (waits - 1, works + 1, down, held))
        before = state[j - 1]
        if not before[3]:
            return state
        # the finished item held upstream comes in, and its own machine is empty now
        state = _changed(_entered(stations, state, j), j - 1, (*before[:3], before[3] - 1))
        j -= 1


def _steady(index: dict[State, int], flows: list[tuple[int, int, float]]) -> np.ndarray:
    """The share of time in each state."""
    from scipy.sparse import coo_matrix, diags_array
    from scipy.sparse.linalg import splu

    count = len(index)
    rows, columns, rates = (np.array(part) for part in zip(*flows, strict=True))
    moves = coo_matrix((rates, (columns, rows)), shape=(count, count)).tocsc()
    out = np.asarray(moves.sum(axis=0)).ravel()
    balance = moves - diags_array(out, format="csc")
    if count == 1:
        return np.ones(1)
    # the flows of all states but the first determine them up to a factor: take that state's share as one
    inner = balance[1:, 1:].tocsc()
    # the chain's moves go both ways, so that an order for a symmetric pattern fills in least
    rest = splu(inner, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}).solve(
        -balance[1:, [0]].toarray().ravel()
    )
    share = np.concatenate([[1.0], rest])
    share /= share.sum()
    residual = float(np.abs(balance @ share).max() / out.max())
    if not residual < 1e-9:
        raise NotConvergedError(f"the balance of {count:,} states left a residual of {residual:.1e}; simulate the line")
    return np.asarray(share)
