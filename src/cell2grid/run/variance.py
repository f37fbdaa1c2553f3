"""What the spread of a run's results comes from: the share of each figure that the study draws, from the same members.

The results are what each plant makes and exports over the horizon, when each order is delivered and what each project
is worth. No member is run again. The estimate is in ``formulas/first_order.py``; designed samples for one project are
in ``sensitivity/shares.py``.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.first_order import FEWEST, explained
from cell2grid.run.drawn.sampling import chances
from cell2grid.study.quantity import ranges

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.model import Study

RESULTS = ("output", "exports", "delivery_month", "npv")
MOST_MEMBERS = 65_536  # more of them tell nothing that a reader would see
MOST_FIGURES = 50  # of a result, those with the largest shares
UNASKED = 20_000_000  # members times figures times results that are shared out without being asked for: about a second
SURE = 0.05  # chance that any of the figures that do nothing is told to do something
_STEADY = 1e-9


@dataclass(frozen=True, slots=True)
class Variance:
    """Rows of the table ``variance``, and what a reader must know of them."""

    rows: list[dict[str, Any]]
    notes: list[str]


def variance(
    study: Study,
    arrays: xr.Dataset,
    figures: Figures,
    read: Container[str],
    *,
    asked: bool | None = None,
) -> Variance:
    """The share of each figure in the variance of each result, the largest first.

    Parameters
    ----------
    arrays
        Results by member, of those in ``RESULTS`` that the run has.
    figures
        Of all members: where each lies in the range of each figure.
    read
        The paths of the figures that variables were made from; one that nothing was made from has no share.
    asked
        True: however long it takes; False: not at all; None: where there are 100 members and it takes a second.
    """
    sources = _sources(study, read)
    results = _results(arrays)
    count = min(figures.count, MOST_MEMBERS)
    if asked is False or (asked is None and count * len(sources) * len(results) > UNASKED):
        return Variance([], [])
    if not sources or not results or figures.count < FEWEST:
        return Variance([], _too_little(sources, figures.count) if asked else [])
    shares = {name: figures.share(name)[:count] for name in sources}
    rows, notes = [], []
    for (result, entity), values in results.items():
        known = np.isfinite(values[:count])
        if known.sum() < FEWEST:
            continue
        told = values[:count][known]
        if told.std() <= _STEADY * max(abs(told.mean()), _STEADY):
            continue
        rows += _of_result(result, entity, told, {name: share[known] for name, share in shares.items()}, sources)
        if not known.all():
            notes.append(
                f"variance: {result} of '{entity}' is known in {known.sum():,} of {count:,} members, and its shares are"
                " those of these"
            )
    return Variance(rows, [*notes, *_together(study, rows)])


def _sources(study: Study, read: Container[str]) -> dict[str, tuple[float, ...]]:
    """What is drawn and read, by its path, with the shares at which a figure of few values changes."""
    found: dict[str, tuple[float, ...]] = {}
    for path, quantity in ranges(study):
        if path in read:
            distribution = quantity.magnitude.distribution
            of_values = distribution is not None and distribution.kind == "empirical"
            found[path] = _steps(distribution.numbers) if distribution is not None and of_values else ()
    for path, chance in chances(study).items():
        if f"{path.rpartition('.')[0]}.probability" in read:
            # a chance that is itself drawn has no one share below which the shock comes
            found[path] = (chance.to("ratio").mode,) if chance.magnitude.low == chance.magnitude.high else ()
    return found


def _steps(numbers: Sequence[float]) -> tuple[float, ...]:
    """The shares at which an empirical distribution goes from one value to the next."""
    values = sorted(numbers)
    return tuple(
        place / len(values) for place in range(1, len(values)) if values[place] != values[place - 1]
    )  # fmt: skip


def _results(arrays: xr.Dataset) -> dict[tuple[str, str], NDArray[np.float64]]:
    """One number a member of each result, by its variable and by what it is the result of."""
    found: dict[tuple[str, str], NDArray[np.float64]] = {}
    for name in RESULTS:
        if name not in arrays or "member" not in arrays[name].dims:
            continue
        array = arrays[name]
        array = array.sum([dim for dim in array.dims if dim == "period"])
        rest = [str(dim) for dim in array.dims if dim != "member"]
        if len(rest) == 1:
            for entity in array[rest[0]].values:
                values = array.sel({rest[0]: entity}).transpose("member").values
                found[name, str(entity)] = np.asarray(values, dtype=np.float64)
    return found


def _of_result(
    result: str,
    entity: str,
    values: NDArray[np.float64],
    shares: Mapping[str, NDArray[np.float64]],
    sources: Mapping[str, tuple[float, ...]],
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path, share in shares.items():
        found = explained(share, values[None], edges=sources[path])
        rows.append(
            {
                "result": result,
                "entity": entity,
                "figure": path,
                "share": float(found.share[0]),
                "low": float(found.low[0]),
                "high": float(found.high[0]),
                "within_noise": bool(found.chance[0] > SURE / len(shares)),
                "members": len(values),
            }
        )
    return sorted(rows, key=lambda row: (-row["share"], row["figure"]))[:MOST_FIGURES]


def _too_little(sources: Mapping[str, object], members: int) -> list[str]:
    if not sources:
        return ["variance: no figure of the study is drawn, so there is no spread to share out"]
    if members < FEWEST:
        return [f"variance: {members} members are too few to share their spread out; take {FEWEST} or more"]
    return ["variance: the run has no result that is shared out"]


def _together(study: Study, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Whose shares do not add up, as they are not drawn independently of each other."""
    if not rows:
        return []
    shown = {row["figure"] for row in rows}
    pairs = [" and ".join(row.between) for row in study.correlations if row.value and shown & set(row.between)]
    found = []
    if pairs:
        found.append(f"variance: {'; '.join(pairs)} are drawn together: their shares overlap, and do not add up")
    if study.calibration is not None:
        found.append(
            "variance: members are drawn by weight, so that figures hang together and some members come twice: shares"
            " may overlap, and their intervals are too narrow"
        )
    return found
