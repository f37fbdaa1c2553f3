"""The project that is valued, its prices, and the clock.

It is the example that ships: 100 MW and 400 MWh, twenty years, cells of a published law, an augmentation, a warranty,
debt, tax and a capacity contract; prices are synthetic years of 8,760 hours.
"""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cell2grid.prices import synthetic_year
from cell2grid.run.worth.terms import Subject, subject_of
from cell2grid.study.project_file import read_project
from cell2grid.study.shipped import example_project

Found = TypeVar("Found")
WORKERS = 2


def example(price_years: int) -> Subject:
    """The project that ships, on so many price years."""
    path = example_project()
    series = [synthetic_year(seed, currency="EUR") for seed in range(1, price_years + 1)]
    return subject_of(read_project(path), series, folder=path.parent)


def timed(call: Callable[[], Found], rounds: int = 1) -> tuple[float, Found]:
    """The least seconds of some calls on the clock, and what the last gave."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        found = call()
        best = min(best, time.perf_counter() - began)
    return best, found


def of_tests(file: str) -> dict[str, Any]:
    """What a file of the engines' tests defines: the peers are set up there, and here they are timed."""
    return runpy.run_path(str(Path(__file__).parents[2] / "tests/engines" / file))
