"""Stories that were read before: one that stands on many pages is read once, and told again in its place on each.

The pages of a site carry the same stories below their own, and many sites one story of an agency. A story says the
same wherever it stands, if its text, its day, its calendar and its headline are the same and nothing in it is settled
by the rest of its page; what may be kept is decided in ``reading.py``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from cell2grid.evidence.records import Claim, Document, Reading, Story

MOST_STORIES = 2_000  # those told last are kept
LONGEST = 50_000  # letters of a story that is kept


@dataclass(frozen=True, slots=True)
class _Told:
    """What a story told, and where it stood."""

    start: int
    readings: tuple[Reading, ...]
    claims: tuple[Claim, ...]


class Retelling:
    """What the stories of a run have told, by all that it depends on."""

    def __init__(self) -> None:
        self._told: OrderedDict[Hashable, _Told] = OrderedDict()

    def keep(self, key: Hashable, start: int, readings: Sequence[Reading], claims: Sequence[Claim]) -> None:
        """Remember what a story that stands at a place of its page has told."""
        self._told[key] = _Told(start, tuple(readings), tuple(claims))
        if len(self._told) > MOST_STORIES:
            self._told.popitem(last=False)

    def again(
        self, key: Hashable, document: Document, story: Story, start: int
    ) -> tuple[list[Reading], list[Claim]] | None:
        """The numbers and claims of a story that was read before, in its place on this page; None where it was not."""
        told = self._told.get(key)
        if told is None:
            return None
        self._told.move_to_end(key)
        by = start - told.start
        readings = [
            replace(
                each,
                document=document.id,
                story=story.id,
                value_start=_moved(each.value_start, by),
                value_end=_moved(each.value_end, by),
            )
            for each in told.readings
        ]
        claims = [
            replace(
                each, document=document.id, story=story.id, start=_moved(each.start, by), end=_moved(each.end, by),
                value_start=_moved(each.value_start, by), value_end=_moved(each.value_end, by), id="",
            )
            for each in told.claims
        ]  # fmt: skip
        return readings, claims


def _moved(place: int | None, by: int) -> int | None:
    return None if place is None else place + by
