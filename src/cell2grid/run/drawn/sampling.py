"""How members are spread over the figures that a study draws: each by itself, or evenly over all ranges together.

With ``sobol`` and ``latin-hypercube`` (scipy.stats.qmc) every drawn figure is one dimension of a design; correlated
figures are mixed from the dimensions of their group. A member's numbers depend on the seed and on its place alone, so
that chunks and workers change nothing. What a figure's number is at its share is in ``figures.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.distributions import LEAST_SHARE
from cell2grid.errors import StudyError
from cell2grid.formulas.copula import correlated, factor
from cell2grid.formulas.draws import standard_uniform
from cell2grid.run.inputs.streams import row_names, stream_of
from cell2grid.study.quantity import ranges
from cell2grid.study.rules.correlations import groups, matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Correlation, Study
    from cell2grid.study.quantity import Quantity

SAMPLINGS = ("random", "sobol", "latin-hypercube")
MOST_DIMENSIONS = 21_201  # that scipy has Sobol's direction numbers for (S. Joe and F. Y. Kuo 2008)
_HELD = 32_000_000  # numbers of a Sobol design that are kept, instead of made again for each figure
# drawn for what is counted from the members and not for the members, whose numbers must not hang on it
_AFTERWARDS = "counterfactuals."
_BLOCK, _SPAN = 4096, 32_768  # members, and the places between which they lie
_KEPT_BYTES = 512_000_000  # of hypercubes that are kept from one chunk to the next


class Design:
    """Where each member lies in the range of each drawn figure, by the stream of the figure.

    >>> from cell2grid.study.loader import load_study
    >>> study = load_study("giga-shanghai-2022").study.changed(sampling="latin-hypercube")
    >>> design = design_of(study, seed=1, places=8)
    >>> shares = design.share(design.streams[0], np.arange(8))
    >>> sorted(int(8 * share) for share in shares)
    [0, 1, 2, 3, 4, 5, 6, 7]
    """

    def __init__(
        self,
        sampling: str,
        *,
        seed: int,
        places: int,
        streams: Sequence[str],
        mixed: Mapping[str, tuple[Sequence[str], NDArray[np.float64]]],
    ) -> None:
        self.sampling, self.seed, self.places = sampling, seed, places
        self.streams = tuple(streams)
        self._column = {stream: place for place, stream in enumerate(self.streams)}
        self._mixed = mixed
        self._made: tuple[bytes, NDArray[np.float64]] | None = None

    def share(self, stream: str, draws: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of each member, whose place in the design is in ``draws``."""
        if stream not in self._mixed:
            return self._base(stream, draws)
        group, row = self._mixed[stream]
        if row[-1] == 1.0:
            return self._base(stream, draws)
        return correlated([self._base(name, draws) for name in group], row)

    def _base(self, stream: str, draws: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share before figures are correlated."""
        if self.sampling == "sobol" and stream in self._column:
            return self._sobol(self._column[stream], draws)
        if self.sampling == "latin-hypercube" and stream in self._column:
            return _hypercube(self.seed, stream, self.places)[draws]
        least, most = int(draws.min()), int(draws.max())
        return standard_uniform(self.seed, stream, first=least, count=most - least + 1)[draws - least]

    def _sobol(self, column: int, draws: NDArray[np.int64]) -> NDArray[np.float64]:
        dimensions = len(self.streams)
        if len(draws) * dimensions > _HELD:
            return np.concatenate([block[:, column] for block in _sobol_blocks(self.seed, dimensions, draws)])
        key = draws.tobytes()
        if self._made is None or self._made[0] != key:
            self._made = key, np.concatenate(list(_sobol_blocks(self.seed, dimensions, draws)))
        return self._made[1][:, column].copy()


def design_of(study: Study, *, seed: int, places: int) -> Design | None:
    """The design of a study; None where each figure is drawn by itself and none is correlated.

    Parameters
    ----------
    places
        How many members there are to spread: those of the run, or all that a calibration weighs (``places_of``).

    Raises
    ------
    StudyError
        More figures are drawn than there are dimensions; correlations that cannot be together.
    """
    if study.sampling == "random" and not correlations_by_stream(study):
        return None
    streams = drawn_streams(study)
    if study.sampling == "sobol" and len(streams) > MOST_DIMENSIONS:
        raise StudyError(
            f"sampling: the study draws {len(streams):,} figures, above {MOST_DIMENSIONS:,}, the most that 'sobol' has"
            " dimensions for; write 'latin-hypercube'"
        )
    return Design(study.sampling, seed=seed, places=places, streams=streams, mixed=_mixed(study))


def drawn_streams(study: Study) -> tuple[str, ...]:
    """The names of all figures that a study draws, in the order of the dimensions of a design.

    Those of the study that a variant was made from come first, drawn any more or not.
    """
    rows = row_names(study)
    drawn = [*(path for path, _ in ranges(study) if not path.startswith(_AFTERWARDS)), *chances(study)]
    held = () if study.streams is None else study.streams.dimensions
    own = {stream_of(rows, path) for path in drawn}
    return (*held, *sorted(own - set(held)))


def correlations_by_stream(study: Study) -> tuple[Correlation, ...]:
    """The study's correlations between the names of its figures, and those that a variant keeps."""
    rows = row_names(study)
    own = [row.changed(between=tuple(stream_of(rows, path) for path in row.between)) for row in study.correlations]
    return (*own, *(() if study.streams is None else study.streams.correlations))


def chances(study: Study) -> dict[str, Quantity]:
    """The shocks that may come or not, by the name under which that is drawn, with the chance of each.

    >>> from cell2grid.study.loader import load_study
    >>> chances(load_study("giga-shanghai-2022").study)
    {}
    """
    return {
        f"shocks.{name}.comes": shock.probability
        for name, shock in study.shocks.items()
        if shock.probability is not None
        and shock.probability.magnitude.high > 0.0
        and shock.probability.to("ratio").low < 1.0
    }


def places_of(study: Study, members: int) -> int:
    """How many places a run of so many members draws from: more where a calibration weighs them first.

    >>> from cell2grid.study.loader import load_study
    >>> places_of(load_study("shanghai-megapack").study, 100)
    100
    """
    return members * (1 if study.calibration is None else study.calibration.draws)


def sampling_notes(study: Study, members: int) -> list[str]:
    """What a reader must know of how the members are spread."""
    found = []
    if study.sampling == "sobol" and members & (members - 1):
        below = 1 << (members.bit_length() - 1)
        found.append(
            f"sampling: a Sobol sequence is most even at a power of two, and {members:,} members are none; take"
            f" {below:,} or {2 * below:,}"
        )
    if study.calibration is not None and study.sampling != "random":
        found.append(
            f"sampling: {study.sampling} spreads the members that are weighed; those that are kept are drawn by weight"
        )
    return found


def _mixed(study: Study) -> dict[str, tuple[list[str], NDArray[np.float64]]]:
    """For each correlated stream the group up to it, in sorted order, and its row of the factor."""
    found = {}
    correlations = correlations_by_stream(study)
    for group in groups(correlations):
        streams = sorted(group)
        try:
            lower = factor(matrix(correlations, streams))
        except ValueError:
            raise StudyError(f"correlations of {', '.join(streams)} cannot all be; bring them nearer to 0") from None
        for place, stream in enumerate(streams):
            found[stream] = (streams[: place + 1], lower[place, : place + 1])
    return found


def _sobol_blocks(seed: int, dimensions: int, draws: NDArray[np.int64]) -> Iterator[NDArray[np.float64]]:
    """The rows of a scrambled Sobol sequence at the places, which rise, a block of members at a time."""
    start = 0
    while start < len(draws):
        stop = min(start + _BLOCK, int(np.searchsorted(draws, draws[start] + _SPAN)))
        wanted, start = draws[start:stop], stop
        least, most = int(wanted[0]), int(wanted[-1])
        # the engine warns of other numbers of points than powers of two; the run has a note instead
        count = 1 << (most - least).bit_length()
        engine = deepcopy(_engine(seed, dimensions))
        if least:
            engine.fast_forward(least)
        # the middle of the step that a point stands for, so that none is 0
        table = engine.random(count)[wanted - least] + 2.0**-31
        yield np.clip(table, LEAST_SHARE, 1.0 - LEAST_SHARE)


@lru_cache(maxsize=8)
def _engine(seed: int, dimensions: int) -> Any:
    from scipy.stats import qmc

    return qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng([seed]))


_cubes: dict[tuple[int, str, int], NDArray[np.float64]] = {}


def _hypercube(seed: int, stream: str, places: int) -> NDArray[np.float64]:
    """One dimension of a Latin hypercube: one member in each of as many equal parts of the range as there are members.

    Dimensions of a hypercube are drawn independently, so each has a generator of its own, by its name: a figure that
    comes or goes changes no other.
    """
    from scipy.stats import qmc

    key = (seed, stream, places)
    if key not in _cubes:
        while _cubes and (len(_cubes) + 1) * 8 * places > _KEPT_BYTES:
            _cubes.pop(next(iter(_cubes)), None)
        named = int(standard_uniform(seed, f"hypercube\x1f{stream}", first=0, count=1)[0] * 2**53)
        cube = qmc.LatinHypercube(1, rng=np.random.default_rng([seed, named])).random(places)[:, 0]
        cube = np.clip(cube, LEAST_SHARE, 1.0 - LEAST_SHARE)
        cube.setflags(write=False)
        _cubes[key] = cube
        return cube
    return _cubes[key]
