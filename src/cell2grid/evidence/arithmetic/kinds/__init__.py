"""Kinds of checks: one small file for each way in which claims can be held against each other, found by themselves.

A kind is a module with ``KIND`` (what its checks are called), ``ORDER`` (where its checks stand among the others),
``EXAMPLES`` (claims with the checks that they give, tested by one shared suite) and ``found(standing)``, which gives
the checks and the derived values of all claims. Several modules may share a ``KIND``: a sum is one over time or over
parts. Modules whose name begins with an underscore hold what several share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.records import Check, Derived
from cell2grid.modules import modules

Found = tuple[list[Check], list[Derived]]
Row = Mapping[str, Any]


class Example(NamedTuple):
    """Claims as rows of slots, and the slots of every check and derived value that they must give, no more and no less.

    A row of a claim has at least ``measure``, ``value`` and ``unit``; ``said`` is its sentence, ``period`` its days.
    """

    claims: tuple[Row, ...]
    checks: tuple[Row, ...] = ()
    derived: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to check: the module's name, what its checks are called, its examples, and the function that checks."""

    module: str
    name: str
    order: int
    examples: tuple[Example, ...]
    found: Callable[[Standing], Found]


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind of check in the order in which they are made.

    >>> "stakes" in [kind.name for kind in kinds()]
    True
    """
    found = []
    for file, module in modules(__name__).items():
        found.append(Kind(file, module.KIND, module.ORDER, module.EXAMPLES, module.found))
    return tuple(sorted(found, key=lambda kind: (kind.order, kind.module)))
