"""Members weighed by the observations that a study calibrates on, and drawn anew; what that does to its figures.

Many members are run (``draws`` for each that is kept), each is weighed by how well it meets the observations under
``calibration.on``, and members are drawn by their weights. The run then goes on with these, so that every result is
conditional on what was observed. Observations that are not named stay a test (``predictive.py``). The chain itself is
in ``ensemble.py``, the formulas are in ``formulas/resampling.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import NotConvergedError, StudyError
from cell2grid.formulas.draws import standard_uniform
from cell2grid.formulas.resampling import drawn_anew, effective_size, gaussian_weights
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import design_of
from cell2grid.run.ensemble import over_chunks, simulate_chunk
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.told.record import modelled_values
from cell2grid.run.told.spread import spread
from cell2grid.study.quantity import Quantity, figures
from cell2grid.units import convert, same_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Calibration, Observation, Study

MOST_DRAWN = 10_000_000  # members that are weighed; more is a slip of the pen
LEAST_EFFECTIVE = 5.0  # below, what is drawn is a handful of members over and over
FEW_EFFECTIVE = 100.0  # below, 10 and 90 % quantiles rest on fewer than ten members on either side


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """Which draws the members of a run have, how many members they are worth, and what they do to the figures."""

    draws: NDArray[np.int64]
    weighed: int
    effective: float
    rows: list[dict[str, Any]]
    """Rows of the table ``calibration``."""

    @property
    def distinct(self) -> int:
        """How many different members were kept."""
        return len(np.unique(self.draws))

    @property
    def notes(self) -> list[str]:
        """What a reader must know where the members that are kept are few."""
        if self.effective >= FEW_EFFECTIVE:
            return []
        return [
            f"calibration: {self.weighed:,} members were weighed and are worth {self.effective:.3g} equal ones"
            f" ({self.distinct} different ones were kept), so that ranges are rough; raise calibration.draws or"
            " members, or widen calibration.tolerance"
        ]


def calibrated(
    study: Study,
    calibration: Calibration,
    *,
    members: int,
    seed: int,
    workers: int = 1,
    executor: Executor | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Calibrated:
    """The draws by which a run of so many ``members`` meets what its study calibrates on.

    The same for any number of workers. ``on_progress`` is called with the number of members that are weighed.

    Raises
    ------
    StudyError
        An observation near nothing has no deviation; the members are too many; the study cannot be simulated.
    NotConvergedError
        Fewer than five members carry all the weight.
    """
    weighed = members * calibration.draws
    if weighed > MOST_DRAWN:
        raise StudyError(
            f"calibration.draws: {calibration.draws} for each of {members:,} members are {weighed:,}, above"
            f" {MOST_DRAWN:,}; take fewer draws or members"
        )
    seen = {name: study.observations[name] for name in dict.fromkeys(calibration.on)}
    observed = np.array([one.value.value for one in seen.values()])
    deviation = deviations(calibration, seen)
    bare = study.changed(counterfactuals={}, calibration=None)
    task = partial(_chunk, bare, seed, weighed, seen)
    chunks = over_chunks(task, weighed, workers=workers, executor=executor, on_progress=on_progress)
    modelled = np.concatenate([values for values, _ in chunks])
    weights = gaussian_weights(modelled, observed, deviation)
    effective = effective_size(weights)
    if effective < LEAST_EFFECTIVE:
        raise _collapsed(seen, modelled, observed, deviation, effective, weighed)
    start = float(standard_uniform(seed, "calibration", first=0, count=1)[0])
    draws = drawn_anew(weights, members, start)
    return Calibrated(draws, weighed, effective, _rows(study, chunks[0][1], seed, weighed, draws))


def deviations(calibration: Calibration, seen: Mapping[str, Observation]) -> NDArray[np.float64]:
    """One standard deviation of each observation, in its unit: the part that is tolerated of it, or the least.

    Raises
    ------
    StudyError
        An observation is nothing, and no least deviation of its kind is given.
    """
    least = calibration.least
    if least is not None and not any(same_kind(least.unit, one.value.unit) for one in seen.values()):
        units = ", ".join(sorted({one.value.unit for one in seen.values()}))
        raise StudyError(f"calibration.least: is in {least.unit}, the observations under calibration.on are in {units}")
    found = []
    for name, one in seen.items():
        deviation = abs(one.value.value) * calibration.tolerance.to("ratio").mode
        if least is not None and same_kind(least.unit, one.value.unit):
            deviation = max(deviation, least.value * convert(1.0, least.unit, one.value.unit))
        if not deviation > 0.0:
            raise StudyError(
                f"calibration.on: '{name}' is {one.value.text}, so that {calibration.tolerance.text} of it is nothing;"
                f" give calibration.least, as in '500 {one.value.unit}', or leave it out"
            )
        found.append(deviation)
    return np.array(found)


def _chunk(
    study: Study, seed: int, weighed: int, seen: Mapping[str, Observation], first: int
) -> tuple[NDArray[np.float64], Mapping[str, tuple[str, ...]]]:
    """What each member of a chunk says of the observations, and the figures that each variable was made from."""
    ensemble = simulate_chunk(study, seed, weighed, first)
    values = [modelled_values(study, ensemble.arrays, name, one) for name, one in seen.items()]
    return np.stack(values, axis=1), ensemble.reads


def _collapsed(
    seen: Mapping[str, Observation],
    modelled: NDArray[np.float64],
    observed: NDArray[np.float64],
    deviation: NDArray[np.float64],
    effective: float,
    weighed: int,
) -> NotConvergedError:
    """The refusal of a calibration that no member meets, with the observation that they miss most."""
    misses = [float(np.nanmin(part)) if not np.isnan(part).all() else np.inf for part in abs(modelled - observed).T]
    place = int(np.argmax(np.array(misses) / deviation))
    name, one = list(seen.items())[place]
    nearest = "no member has a value" if misses[place] == np.inf else f"the nearest member is {misses[place]:,.4g} off"
    return NotConvergedError(
        f"calibration: of {weighed:,} members only {effective:.3g} carry all the weight; '{name}' is furthest from all,"
        f" {nearest} at a deviation of {deviation[place]:,.4g} {one.value.unit}; raise calibration.draws or"
        " calibration.tolerance, widen the ranges of the figures, or take an observation out of calibration.on"
    )


def _rows(
    study: Study, reads: Mapping[str, tuple[str, ...]], seed: int, weighed: int, draws: NDArray[np.int64]
) -> list[dict[str, Any]]:
    """Each figure that the members were drawn with: its spread before and after, in the unit that was written."""
    read = {path for paths in reads.values() for path in paths}
    design = design_of(study, seed=seed, places=weighed)
    source = Figures(seed, first=0, count=weighed, rows=row_names(study), design=design)
    rows = []
    for parts, figure in figures(study):
        path = ".".join(map(str, parts))
        if path not in read or not isinstance(figure, Quantity):
            continue
        values = source.drawn("calibration", path, figure, figure.unit)
        if values.min() == values.max():
            continue
        before, after = spread(values), spread(values[draws])
        rows.append(
            {
                "figure": path,
                "text": figure.text,
                "unit": figure.unit,
                "prior": before.mean,
                "prior_p10": before.p10,
                "prior_p90": before.p90,
                "mean": after.mean,
                "p10": after.p10,
                "p90": after.p90,
            }
        )
    return rows
