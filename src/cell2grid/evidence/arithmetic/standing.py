"""The claims that a check may use, each once and in an order of its own, and where to find them by what they share.

Every kind of check asks here for claims by measure, by sentence and by story, so that none compares all with all. A
claim of a copy is the same evidence again and is left out; a claim without a figure, such as a milestone, is kept for
those that ask for it. Which claims speak of one thing is ``matching.py``, of one scope ``scope.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from cell2grid.evidence.arithmetic import matching
from cell2grid.evidence.arithmetic.figures import figure
from cell2grid.evidence.records import Claim, Label, Reading, Story

Entity = Callable[[str], str]
# sentences and stories of more claims than this are tables and lists, in which nearness says nothing
MOST_BESIDE = 60
_NAMED_SUBJECTS_JOINED = ";"


class Standing:
    """Claims as evidence: without copies, in the order of the pages, their names as the reviewer has settled them."""

    def __init__(
        self,
        claims: Iterable[Claim],
        stories: Iterable[Story] = (),
        readings: Iterable[Reading] = (),
        entity: Entity | None = None,
    ) -> None:
        told = list(stories)
        copies = {(story.document, story.id) for story in told if story.label == Label.COPY}
        kept = {claim.id: claim for claim in claims if (claim.document, claim.story) not in copies}
        named = kept.values() if entity is None else (_named(claim, entity) for claim in kept.values())
        self.claims = sorted(named, key=_in_order)
        self._days = {(story.document, story.id): story.anchor_date for story in told}
        self.readings = [each for each in readings if (each.document, each.story) not in copies]

    @cached_property
    def _by_measure(self) -> dict[str, list[Claim]]:
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if figure(claim) is not None:
                found[claim.measure].append(claim)
        return found

    @cached_property
    def _by_sentence(self) -> dict[tuple[object, ...], list[Claim]]:
        found: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            found[sentence_of(claim)].append(claim)
        return found

    @cached_property
    def _by_story(self) -> dict[tuple[str, str], list[Claim]]:
        found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            found[claim.document, claim.story].append(claim)
        return found

    def of(self, *measures: str) -> list[Claim]:
        """The claims of these measures that have a figure."""
        return [claim for measure in measures for claim in self._by_measure.get(measure, [])]

    def measures(self) -> Sequence[str]:
        """The measures of which there are figures, in the order of the alphabet."""
        return sorted(self._by_measure)

    def sentence(self, claim: Claim) -> Sequence[Claim]:
        """The claims of its sentence, itself among them; none of a table."""
        found = self._by_sentence.get(sentence_of(claim), [])
        return found if len(found) <= MOST_BESIDE else []

    def sentences(self) -> Iterable[Sequence[Claim]]:
        """The claims of each sentence that is no table, in the order of the pages."""
        return (found for found in self._by_sentence.values() if len(found) <= MOST_BESIDE)

    def stories(self) -> Iterable[Sequence[Claim]]:
        """The claims of each story, in the order of the pages."""
        return self._by_story.values()

    def told_on(self, claim: Claim) -> int | None:
        """The day of its story, as the number of the day, or None where it is not known."""
        day = self._days.get((claim.document, claim.story))
        return None if day is None else (matching.days(day, day) or (None,))[0]

    def day_of(self, document: str, story: str) -> int | None:
        """The day of a story, as the number of the day."""
        day = self._days.get((document, story))
        return None if day is None else (matching.days(day, day) or (None,))[0]


def _in_order(claim: Claim) -> tuple[object, ...]:
    """The order of the page; sentences of a page without offsets stand in that of the alphabet."""
    start = claim.value_start
    return (claim.document, start or 0, "" if start is not None else claim.quote, matching.place(claim), claim.id)


def sentence_of(claim: Claim) -> tuple[object, ...]:
    """What the claims of one sentence share."""
    return (claim.document, claim.story, claim.start, claim.quote)


def _named(claim: Claim, entity: Entity) -> Claim:
    """The claim under the names that an entity decision gives its subject and object; its id stays.

    Several subjects are joined by a semicolon, and each has its own name.
    """
    subject = claim.subject and _NAMED_SUBJECTS_JOINED.join(
        entity(each) for each in claim.subject.split(_NAMED_SUBJECTS_JOINED)
    )
    thing = claim.object and entity(claim.object)
    if subject == claim.subject and thing == claim.object:
        return claim
    return replace(claim, subject=subject, object=thing)
