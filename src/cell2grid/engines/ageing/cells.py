"""The plain numbers of a published ageing model of one make of cells; its file is read in ``study.cell_file``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws import BY_NAME, LAWS
from cell2grid.engines.ageing.laws.form import Form
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]

# what a fitted range may be of, in the order of the kernel's rows, and its unit
STRESSORS: Final[Mapping[str, str]] = {
    "temperature": "degC",
    "depth": "ratio",
    "level": "ratio",
    "charge_rate": "1/hour",
    "discharge_rate": "1/hour",
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Cells:
    """Cells of one make: the law of their ageing, its parameters, and the ranges to which it was fitted.

    ``fitted`` has (lowest, highest) by stressor: temperature [degC], depth and level [ratio], C-rates [1/hour].

    Raises
    ------
    InputError
        The law is not known, a parameter is missing, unknown or not finite, or a range falls.
    """

    name: str
    law: str
    parameters: Mapping[str, float]
    tables: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    fitted: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    chemistry: str = ""
    title: str = ""
    paper: str = ""
    doi: str = ""
    code: int = field(init=False)
    packed: Floats = field(init=False)
    ranges: Floats = field(init=False)

    def __post_init__(self) -> None:
        if self.law not in BY_NAME:
            raise InputError(f"cells '{self.name}': law '{self.law}' is not one of {', '.join(sorted(BY_NAME))}")
        object.__setattr__(self, "code", BY_NAME[self.law])
        object.__setattr__(self, "packed", self._packed())
        object.__setattr__(self, "ranges", self._ranges())

    @property
    def form(self) -> Form:
        """The functional form of the law."""
        return LAWS[self.code]

    def _packed(self) -> Floats:
        """The parameters in the order of the law, with its tables behind them."""
        form = LAWS[BY_NAME[self.law]]
        given, asked = {*self.parameters, *self.tables}, {*form.parameters, *form.tables}
        for fault, names in (("misses", asked - given), ("does not know", given - asked)):
            if names:
                raise InputError(f"cells '{self.name}': law '{self.law}' {fault} parameter {', '.join(sorted(names))}")
        lengths = {len(self.tables[name]) for name in form.tables}
        if len(lengths) > 1 or (lengths and min(lengths) < 2):
            raise InputError(
                f"cells '{self.name}': {' and '.join(form.tables)} have {lengths} rows, expected as many, 2"
            )
        for name in form.tables[:1]:
            if any(late <= early for early, late in zip(self.tables[name], self.tables[name][1:], strict=False)):
                raise InputError(f"cells '{self.name}': {name} does not rise from row to row")
        numbers = [self.parameters[name] for name in form.parameters]
        for name in form.tables:
            numbers.extend(self.tables[name])
        if not all(math.isfinite(number) for number in numbers):
            named = [name for name, number in self.parameters.items() if not math.isfinite(number)]
            which = ", ".join(named) or ", ".join(form.tables)
            raise InputError(f"cells '{self.name}': {which} is not finite; write an ordinary number")
        return np.array(numbers, dtype=np.float64)

    def _ranges(self) -> Floats:
        """The fitted ranges in the order of ``STRESSORS``, open where there is none."""
        for name, (low, high) in self.fitted.items():
            if name not in STRESSORS:
                raise InputError(f"cells '{self.name}': '{name}' is not one of {', '.join(STRESSORS)}")
            if math.isnan(low) or math.isnan(high) or low > high:
                raise InputError(
                    f"cells '{self.name}': the range of {name} is {low} to {high}, expected one that rises"
                )
        rows = [self.fitted.get(name, (-math.inf, math.inf)) for name in STRESSORS]
        return np.array(rows, dtype=np.float64)


def fresh(cells: Cells) -> Floats:
    """The state of a new store: its losses, each 0 or where its curve begins."""
    return np.array(cells.form.start or (0.0,) * len(cells.form.states), dtype=np.float64)


def cells_of_numbers(law: str, packed: npt.ArrayLike) -> Cells:
    """Cells without a name, from the numbers of a law in its own order with its tables behind them.

    Raises
    ------
    InputError
        The law is not known, or asks for another number of parameters.
    """
    if law not in BY_NAME:
        raise InputError(f"ageing: law '{law}' is not one of {', '.join(sorted(BY_NAME))}")
    form = LAWS[BY_NAME[law]]
    numbers = np.asarray(packed, dtype=np.float64).tolist()
    asked, tables = len(form.parameters), len(form.tables)
    behind = numbers[asked:]
    if len(numbers) < asked or (bool(behind) != bool(tables)) or (tables and len(behind) % tables):
        raise InputError(
            f"ageing: law '{law}' asks for {asked} parameters and {tables} tables; there are {len(numbers)}"
        )
    rows = len(behind) // tables if tables else 0
    return Cells(
        name=law,
        law=law,
        parameters=dict(zip(form.parameters, numbers, strict=False)),
        tables={name: tuple(behind[i * rows : (i + 1) * rows]) for i, name in enumerate(form.tables)},
    )
