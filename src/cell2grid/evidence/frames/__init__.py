"""Frames: one small file for each kind of claim, found by themselves.

A frame is a module with ``MEASURES`` (what it may say), ``ORDER`` (who is asked first), ``EXAMPLES`` (sentences with
the slots they hold, tested by one shared suite) and ``read(quantity, scene)``, which gives the slots that it reads
into a quantity or None. Modules whose name begins with an underscore are shared words, not frames.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.quantities.quantity import Quantity


class Example(NamedTuple):
    """A sentence and the claims that its frame reads in it: rows of slots, each with at least ``value_text``."""

    sentence: str
    claims: tuple[dict[str, Any], ...]
    date: str = "2025-07-01"


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of claim: its name, the measures it may give, its examples, and the function that reads it."""

    name: str
    order: int
    measures: tuple[str, ...]
    examples: tuple[Example, ...]
    read: Callable[[Quantity, Scene], Slots | None]


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame in the order in which they are asked.

    >>> "stake" in [frame.name for frame in frames()]
    True
    """
    found = []
    for module_info in pkgutil.iter_modules(__path__):
        if module_info.name.startswith("_"):
            continue
        module = import_module(f"{__name__}.{module_info.name}")
        found.append(Frame(module_info.name, module.ORDER, module.MEASURES, module.EXAMPLES, module.read))
    return tuple(sorted(found, key=lambda frame: (frame.order, frame.name)))
