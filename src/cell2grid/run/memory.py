"""How many members of a study have room in memory; what becomes of the others is said in ``streaming.py``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cell2grid.errors import InputError
from cell2grid.formulas.calendar import months_between

if TYPE_CHECKING:
    from cell2grid.study.model import Study

BYTES = 700  # of memory for a plant in a month in a member, as measured with three destinations
BYTES_OF_SALES = 200  # for a plant in a market in a term in a member
FEWEST = 20  # members that a spread is told of


def members_that_fit(study: Study, members: int, *, memory: float) -> int:
    """How many of the members have room in a ``memory`` [byte]: all of them, or as many as half of it holds.

    Raises
    ------
    InputError
        Not even a few have: the plants and months are too many; or not all have, and the study is calibrated.
    """
    months = len(months_between(study.horizon.start, study.horizon.end))
    each = BYTES * months * max(len(study.plants), 1) + _of_markets(study, months)
    if each * members <= memory:
        return members
    kept = int(memory / 2 // each)
    if study.calibration is not None:
        raise InputError(
            f"{members:,} members of {len(study.plants)} plant(s) over {months} months need about"
            f" {each * members / 1e9:,.3g} GB of memory, and {memory / 1e9:,.3g} GB are there; calibration looks at"
            " each member, so that none can be left out: take fewer"
        )
    if kept < FEWEST:
        raise InputError(
            f"{members:,} members of {len(study.plants)} plant(s) over {months} months need about"
            f" {each * members / 1e9:,.3g} GB of memory, and of {memory / 1e9:,.3g} GB half holds {kept}, fewer than"
            f" {FEWEST}; take fewer members, plants or months"
        )
    return kept


def _of_markets(study: Study, months: int) -> int:
    """Bytes of a member's markets: what each plant can sell where at which cost, while they are solved and after."""
    if study.competition is None:
        return 0
    terms = months if study.competition.every == "month" else months // 12 + 1
    return BYTES_OF_SALES * terms * len(study.plants) * len(study.markets)


def machine_memory() -> float:
    """The machine's memory [byte]; without bound where the system does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return float("inf")
