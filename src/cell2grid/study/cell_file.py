"""Parameter sets of the ageing of cells: each a file of ``study/cells``, named after its paper and cell.

A file has the law (a functional form of ``engines.ageing.laws``), its parameters, the ranges that the paper fitted and
what its tests did not cover, with the documents behind them. ``run.life.cells`` makes plain numbers of it; equations
are in docs/formulation/ageing.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.model import Source
from cell2grid.study.plants import Name
from cell2grid.study.quantity import Frozen, In, Quantity, figures
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import load_tree

Number = Annotated[float, Field(allow_inf_nan=False)]
Part = Annotated[Quantity, In("ratio", at_least=0, at_most=1)]
Rate = Annotated[Quantity, In("ratio/hour", at_least=0)]


class Fitted(Frozen):
    """The ranges that the paper fitted; open where there is none."""

    temperature: Annotated[Quantity, In("degC", at_least=-60, at_most=100)] | None = None
    """Of the cells while they were cycled."""
    depth: Part | None = None
    """Highest less lowest level of a cycle."""
    level: Part | None = None
    """Levels at which cells rested or were cycled."""
    charge_rate: Rate | None = None
    """Shares of the capacity that were charged in an hour."""
    discharge_rate: Rate | None = None
    """Shares of the capacity that were discharged in an hour."""


class CellSet(Frozen):
    """The ageing of one make of cells, as a paper has it."""

    title: str
    """What the cells are called."""
    chemistry: Literal["LFP", "NMC"]
    """The material of the positive electrode."""
    cell: str
    """The cells that were tested."""
    paper: str
    """First author and year, by which notes name the paper."""
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")]
    """Where the paper is."""
    law: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    """The functional form."""
    parameters: dict[str, Number]
    """The numbers of the law, in its own units."""
    tables: dict[str, tuple[Number, ...]] = {}
    """Lists of numbers that the law asks for."""
    parameters_from: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The sources of the parameters."""
    fitted: Fitted = Fitted()
    """The ranges that the paper fitted."""
    limits: tuple[str, ...] = ()
    """What the tests did not cover, in sentences."""

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """The fitted ranges as plain numbers, by stressor: degC, shares, and shares per hour."""
        found = {}
        for name, unit in (("temperature", "degC"), ("depth", "ratio"), ("level", "ratio"), *_RATES):
            quantity = getattr(self.fitted, name)
            if quantity is not None:
                there = quantity.magnitude.to(unit)
                found[name] = (there.low, there.high)
        return found


_RATES = (("charge_rate", "ratio/hour"), ("discharge_rate", "ratio/hour"))


class CellFile(Frozen):
    """A file of cells that ships, and the sources of its figures."""

    cells: CellSet
    sources: dict[Name, Source]


@cache
def cell_sets() -> Mapping[str, CellFile]:
    """The parameter sets that ship, by name.

    Raises
    ------
    StudyError
        A file of the package is not one.

    >>> "gasper-2023-lfp-250ah" in cell_sets()
    True
    """
    return MappingProxyType({name: _read(path) for name, path in _paths().items()})


@cache
def cell_set(name: str) -> CellFile:
    """The parameter set of a name.

    Raises
    ------
    StudyError
        No set has the name; the nearest ones are said.

    >>> cell_set("naumann-2020-lfp-sony").cells.chemistry
    'LFP'
    """
    if name not in _paths():
        raise StudyError(f"no cells '{name[:100]}' ship; {near(name, _paths(), what='cells that ship')}")
    return _read(_paths()[name])


@cache
def _paths() -> Mapping[str, Path]:
    folder = Path(str(resources.files("cell2grid"))).joinpath("study", "cells")
    return MappingProxyType({path.stem: path for path in sorted(folder.glob("*.yaml"))})


def _read(path: Path) -> CellFile:
    tree = load_tree(path)
    try:
        found = CellFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, CellFile), tree) from None
    problems = list(_unsourced(found))
    if problems:
        raise refusal(problems, tree)
    return found


def _unsourced(file: CellFile) -> Iterator[Problem]:
    """Figures without a source, and sources that are named and not there."""
    for path, figure in figures(file):
        if not figure.sources:
            yield Problem(path, f"'{figure.text}' has no source; every figure that ships has one")
        for reference in figure.sources:
            if reference.source is not None and reference.source not in file.sources:
                yield Problem(path, f"'{reference.source}' is not in sources")
    for i, key in enumerate(file.cells.parameters_from):
        if key not in file.sources:
            yield Problem(("cells", "parameters_from", i), f"'{key}' is not in sources")
