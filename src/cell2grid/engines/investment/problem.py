"""A linear problem as it grows: blocks of columns and rows with units and names, and the sparse matrix they make.

What the columns and rows mean is in ``columns.py`` and ``building.py``; HiGHS is in ``solving.py``. Columns and rows
are in units of their own, so that the numbers which HiGHS sees are near to one whatever an item or a currency is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csc_array

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.float64] | float

Place = np.int32
SMALL = 1e-9  # in units that are near to a thousand at their largest, less than what HiGHS takes for a number


class Rows(NamedTuple):
    """Rows of one kind: the number of the first, and the places in each dim that name them."""

    kind: str
    first: int
    dims: str
    places: tuple[npt.NDArray[np.intp], ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.places[0])


@dataclass(slots=True, eq=False)
class Problem:
    """Columns with bounds, cost and whole numbers; rows with sides; the matrix as triples."""

    quantity_unit: float
    money_unit: float
    offset: float = 0.0
    width: int = 0
    height: int = 0
    kinds: list[Rows] = field(default_factory=list)
    _columns: list[tuple[Floats, Floats, Floats, Floats, npt.NDArray[np.bool_]]] = field(default_factory=list)
    _owners: list[npt.NDArray[np.intp]] = field(default_factory=list)
    _sides: list[tuple[Floats, Floats, Floats]] = field(default_factory=list)
    _entries: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]] = field(default_factory=list)

    def columns(
        self,
        cost: Floats,
        *,
        upper: Numbers = np.inf,
        lower: Numbers = 0.0,
        unit: Numbers = 1.0,
        whole: bool = False,
        scenario: npt.NDArray[np.intp] | None = None,
    ) -> npt.NDArray[np.int32]:
        """The numbers of new columns, one for each cost [currency].

        ``unit`` is what one of the solver's is worth, ``scenario`` the one in which a column is, of those that are in
        one only.
        """
        count = len(cost)
        self._owners.append(np.full(count, -1) if scenario is None else scenario)
        parts = [np.broadcast_to(np.asarray(part, np.float64), (count,)) for part in (lower, upper, unit)]
        self._columns.append((cost, *parts, np.broadcast_to(np.asarray(whole), (count,))))  # type: ignore[arg-type]
        self.width += count
        return np.arange(self.width - count, self.width, dtype=Place)

    def rows(
        self,
        kind: str,
        dims: str,
        places: tuple[npt.NDArray[np.intp], ...],
        *,
        lower: Numbers = -np.inf,
        upper: Numbers = np.inf,
        unit: float = 1.0,
    ) -> npt.NDArray[np.int32]:
        """The numbers of new rows, one for each place."""
        count = len(places[0])
        self.kinds.append(Rows(kind, self.height, dims, places))
        parts = (np.broadcast_to(np.asarray(part, np.float64), (count,)) for part in (lower, upper, unit))
        self._sides.append(tuple(parts))  # type: ignore[arg-type]
        self.height += count
        return np.arange(self.height - count, self.height, dtype=Place)

    def enter(self, rows: npt.NDArray[np.int32], columns: npt.NDArray[np.int32], value: Numbers) -> None:
        """Put numbers where rows and columns, pair by pair, say; where two meet they add."""
        self._entries.append((rows, columns, np.broadcast_to(np.asarray(value, np.float64), columns.shape)))

    def linear(self) -> Linear:
        """The problem in the units of the solver."""
        from scipy.sparse import coo_array

        cost, lower, upper, unit, whole = (np.concatenate(part) for part in zip(*self._columns, strict=True))
        least, most, side = (np.concatenate(part) for part in zip(*self._sides, strict=True))
        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        scaled = value * unit[column] / side[row]
        matrix = coo_array((scaled, (row, column)), shape=(self.height, self.width)).tocsc()
        matrix.data[np.abs(matrix.data) <= SMALL] = 0.0
        matrix.eliminate_zeros()
        return Linear(
            cost * (unit / self.money_unit),
            lower / unit,
            upper / unit,
            least / side,
            most / side,
            matrix,
            whole,
            self.offset / self.money_unit,
        )

    def column_unit(self) -> Floats:
        """What one of each column's solver units is worth."""
        units: Floats = np.concatenate([part[3] for part in self._columns])
        return units

    def cost_by_scenario(self, value: Floats, scenarios: int) -> Floats:
        """The cost [currency] of the columns that are in one scenario only, by scenario."""
        cost, owner = np.concatenate([part[0] for part in self._columns]), np.concatenate(self._owners)
        own = owner >= 0
        total = np.zeros(scenarios)
        np.add.at(total, owner[own], (cost * value)[own])
        return total

    def row_unit(self) -> Floats:
        """What one of each row's solver units is worth."""
        units: Floats = np.concatenate([part[2] for part in self._sides])
        return units

    def places_of(self, kind: str) -> list[Rows]:
        """All rows of one kind."""
        return [rows for rows in self.kinds if rows.kind == kind]


class Linear(NamedTuple):
    """Minimise offset + cost x with least <= A x <= most and lower <= x <= upper, some of x in whole numbers."""

    cost: Floats
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    matrix: csc_array
    whole: npt.NDArray[np.bool_]
    offset: float = 0.0
