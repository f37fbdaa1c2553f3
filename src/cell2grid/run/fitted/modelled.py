"""What a study says of its observations for rows of unknowns: the engines run on many rows at once.

Where all that was observed is of the markets, no more than these is run. What plants can sell is worked out once where
no unknown touches it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import InfeasibleError, NotConvergedError, StudyError
from cell2grid.run.ensemble import CHUNK, drawn_members, input_arrays, through_engines
from cell2grid.run.fitted.rows import GivenRows, MiddleRows
from cell2grid.run.market import game_of, has_market, solved
from cell2grid.run.told.record import modelled_values
from cell2grid.study.rules.observed import BY_TERM

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.fitted.asked import Asked
    from cell2grid.study.model import Study


class Modelled:
    """What a study says of its observations: by rows of unknowns with all else at its middle, or for each member."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.study: Study = asked.study.changed(counterfactuals={}, calibration=None, fit=None)
        self._of_markets = has_market(self.study) and all(
            seen.variable in BY_TERM for seen in asked.observations.values()
        )
        self.runs = 0
        self._reads: set[str] = set()

    def middle(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """All observations for rows of unknowns, all else at its middle; missing where there is no answer."""
        return self._rows(values, lambda first, count: MiddleRows(count))

    def as_written(self) -> NDArray[np.float64]:
        """All observations with the unknowns as the study has them, all else at its middle (observation).

        Raises
        ------
        NotConvergedError, InfeasibleError
            The study has no answer as it is.
        StudyError
            The engines do not read an unknown.
        """
        written = np.array([[self._asked.figures[path].value for path in self._asked.paths]])
        found: NDArray[np.float64] = self._run(written, MiddleRows(1))[0]
        self._check()
        return found

    def of_members(self, members: int, seed: int) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        """All observations for a row of unknowns for each of so many members, in which all else is drawn."""

        def model(values: NDArray[np.float64]) -> NDArray[np.float64]:
            return self._rows(
                values, lambda first, count: drawn_members(self.study, seed, members, first, count, None)()
            )

        return model

    def of_each_member(self, path: str, unit: str, members: int, seed: int) -> NDArray[np.float64]:
        """A figure of the study for so many members, as the engines would draw it (member)."""
        figure, found = self._asked.figures[path], []
        for first in range(0, members, CHUNK):
            drawn = drawn_members(self.study, seed, members, first, min(CHUNK, members - first), None)()
            found.append(drawn.drawn("fit", path, figure, unit))
        return np.concatenate(found)

    @property
    def reads(self) -> frozenset[str]:
        """The paths of all figures that were read so far."""
        return frozenset(self._reads)

    def _check(self) -> None:
        """Refuse unknowns that the engines do not read row by row."""
        for path in self._asked.paths:
            for one in (path, *self._asked.unknown(path).also):
                if one not in self._reads:
                    raise StudyError(
                        f"fit.unknowns: nothing that was observed is made from '{one}'; name a figure that it hangs on,"
                        " such as a cost, a capacity, a price or an elasticity"
                    )

    def _rows(self, values: NDArray[np.float64], base: Callable[[int, int], Figures]) -> NDArray[np.float64]:
        """All observations for rows, a chunk of them at a time."""
        found = []
        for first in range(0, len(values), CHUNK):
            part = values[first : first + CHUNK]
            found.append(self._tried(part, base(first, len(part)), base, first))
        return np.concatenate(found)

    def _tried(
        self, values: NDArray[np.float64], figures: Figures, base: Callable[[int, int], Figures], first: int
    ) -> NDArray[np.float64]:
        """All observations for rows; where they have no answer together, for each half of them."""
        try:
            return self._run(values, figures)
        except (NotConvergedError, InfeasibleError):
            if len(values) == 1:
                return np.full((1, len(self._asked.observations)), np.nan)
            half = len(values) // 2
            parts = ((first, values[:half]), (first + half, values[half:]))
            return np.concatenate([self._tried(part, base(at, len(part)), base, at) for at, part in parts])

    def _run(self, values: NDArray[np.float64], figures: Figures) -> NDArray[np.float64]:
        self.runs += 1
        rows = self._given(values, figures)
        try:
            arrays = self._arrays(rows)
        finally:
            for paths in rows.reads.values():
                self._reads.update(paths)
        return np.stack(
            [modelled_values(self.study, arrays, name, seen) for name, seen in self._asked.observations.items()],
            axis=1,
        )

    def _given(self, values: NDArray[np.float64], figures: Figures) -> GivenRows:
        """The rows with the unknowns, and what goes with them in proportion."""
        asked, factors = self._asked, {}
        for column, path in enumerate(asked.paths):
            written = asked.figures[path].value
            for other in asked.unknown(path).also:
                factors[other] = values[:, column] / written
        given = {path: values[:, column] for column, path in enumerate(asked.paths)}
        return GivenRows(figures, given, units=asked.units, factors=factors)

    def _arrays(self, figures: GivenRows) -> xr.Dataset:
        if not self._of_markets:
            return through_engines(input_arrays(self.study, figures), game_of(self.study, figures))
        return solved(self.study, figures=figures)
