"""What a run may be asked for: how many members, which seed, how many workers, and how members are spread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from cell2grid.errors import InputError
from cell2grid.run.drawn.sampling import SAMPLINGS

if TYPE_CHECKING:
    from cell2grid.study.model import Study

Progress: TypeAlias = Callable[[str, int, int], None]  # the stage, how much of it is done, and how much there is
MOST_MEMBERS = 1_000_000
NO_EVIDENCE: Mapping[str, Any] = MappingProxyType({"claims": [], "documents": [], "checks": [], "used": {}})


def no_progress(stage: str, done: int, total: int) -> None:
    """Tell nobody how far a run is."""


def check_numbers(members: int, seed: int, workers: int) -> None:
    """Refuse a number of members, a seed or a number of workers that cannot be.

    Raises
    ------
    InputError
        One is out of its bounds.
    """
    for name, value, low, high in (
        ("members", members, 1, MOST_MEMBERS),
        ("seed", seed, 0, 2**63 - 1),
        ("workers", workers, 1, 1024),
    ):
        if not low <= value <= high:
            raise InputError(f"{name} is {value}, expected {low} to {high}")


def sampled(study: Study, sampling: str | None) -> Study:
    """The study with another way to spread its members.

    Raises
    ------
    InputError
        There is no such way.
    """
    if sampling is not None and sampling not in SAMPLINGS:
        raise InputError(f"sampling is '{sampling}', expected {', '.join(SAMPLINGS)}")
    return study if sampling is None else study.changed(sampling=sampling)
