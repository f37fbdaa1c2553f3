"""Frames: one small file for each kind of claim, found by themselves.

A frame is a module with ``MEASURES`` (what it may say), ``ORDER`` (who is asked first), ``EXAMPLES`` (sentences with
the slots they hold, tested by one shared suite) and one or both of two functions: ``read(quantity, scene)`` gives the
slots that it reads into a quantity or None, and the first frame that reads one has it; ``events(scene)`` gives claims
beside those, each a place in the sentence with its slots (a milestone, a supply). ``tells(text)``, where a frame has
it, says whether a sentence without any quantity is worth asking. Modules whose name begins with an underscore are
shared words, not frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from cell2grid.evidence.claims.filling import between_figures
from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.modules import modules


class Example(NamedTuple):
    """A sentence and the claims that its frame reads in it: rows of slots, each with at least ``value_text``."""

    sentence: str
    claims: tuple[dict[str, Any], ...]
    date: str = "2025-07-01"


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of claim: its name, the measures it may give, its examples, and the functions that read it."""

    name: str
    order: int
    measures: tuple[str, ...]
    examples: tuple[Example, ...]
    read: Callable[[Quantity, Scene], Slots | None] | None = None
    events: Callable[[Scene], Iterable[tuple[Quantity, Slots]]] | None = None
    tells: Callable[[str], bool] | None = None


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame in the order in which they are asked.

    >>> "stake" in [frame.name for frame in frames()]
    True
    """
    found = []
    for file, module in modules(__name__).items():
        asked = {name: getattr(module, name, None) for name in ("read", "events", "tells")}
        found.append(Frame(file, module.ORDER, module.MEASURES, module.EXAMPLES, **asked))
    return tuple(sorted(found, key=lambda frame: (frame.order, frame.name)))


@cache
def _readers() -> tuple[tuple[str, Callable[[Quantity, Scene], Slots | None]], ...]:
    return tuple((frame.name, frame.read) for frame in frames() if frame.read is not None)


def first_reading(quantity: Quantity, scene: Scene) -> tuple[str, Slots] | None:
    """What the first frame that knows a quantity reads into it, with the frame's name; None where none does."""
    for name, read in _readers():
        slots = read(quantity, scene)
        if slots is not None:
            return name, slots
    return _left_out(quantity, scene)


def _left_out(quantity: Quantity, scene: Scene) -> tuple[str, Slots] | None:
    """The reading of the figure before, where this one repeats all but the name (A will spend 5 million and B 3)."""
    before = [
        q for q in scene.quantities if q.end <= quantity.start and q.unit == quantity.unit and q.kind == quantity.kind
    ]
    if not before or before[-1].start not in scene.read:
        return None
    name, slots = scene.read[before[-1].start]
    if slots.value is not None or between_figures(scene, quantity, slots.measure) is None:
        return None
    inherited = tuple(slot for slot in slots.inherited if slot in {"measure", "object"})
    return name, replace(slots, subject=None, period=None, alternatives=(), inherited=inherited)


@cache
def frames_beside() -> frozenset[str]:
    """The names of the frames whose claims stand beside those of the quantities."""
    return frozenset(frame.name for frame in frames() if frame.events is not None)


def beside(scene: Scene, *, before: bool) -> Iterator[tuple[str, Quantity, Slots]]:
    """The claims that frames find beside those of the quantities: the frame, the place and the slots of each.

    ``before`` asks for those that need no quantity and so come first; without it, for those that do.
    """
    for frame in frames():
        if frame.events is not None and before == (frame.tells is not None):
            for place, slots in frame.events(scene):
                yield frame.name, place, slots


def tells_event(text: str) -> bool:
    """Whether a sentence may hold a claim although it holds no quantity."""
    return any(frame.tells(text) for frame in frames() if frame.tells is not None)
