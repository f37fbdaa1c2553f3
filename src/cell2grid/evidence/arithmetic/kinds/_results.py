"""Results of a multiplication or division, and how they are told: against a claim that states them, or as derived.

Shared by the kinds that compute a figure first and then look for a claim that says it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from cell2grid.evidence.arithmetic import matching, scope
from cell2grid.evidence.arithmetic.figures import Figure, figure, is_noun, parts, worth
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.scope import Alike
from cell2grid.evidence.arithmetic.standing import MOST_BESIDE, Standing
from cell2grid.evidence.arithmetic.verdicts import compared, derived, unstated
from cell2grid.evidence.records import Check, Claim, Derived, Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """What some claims give: the figure in ``unit``, and the equation in words. ``whose`` says whose and when it is."""

    kind: str
    measure: str
    claims: tuple[Claim, ...]
    figure: Figure
    unit: str
    equation: str
    whose: int = 0

    @property
    def first(self) -> Claim:
        """The claim that says whose the result is, and of when."""
        return self.claims[self.whose]

    @property
    def key(self) -> tuple[object, ...]:
        """The same for results of the same figures, wherever a page repeats them."""
        first = self.first
        sizes = tuple((claim.value, claim.unit) for claim in self.claims)
        return (first.document, self.measure, matching.words(first.subject), matching.period(first), sizes)


class Named:
    """Claims to be found by their sentence, and by a name that they have as subject or object."""

    def __init__(self, claims: Iterable[Claim], standing: Standing) -> None:
        self._standing = standing
        self._here: set[str] = set()
        self._name: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
        self._story: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            self._here.add(claim.id)
            self._story[claim.document, claim.story].append(claim)
            for name in names_of(claim):
                self._name[name].append(claim)

    def beside(self, claim: Claim) -> list[Claim]:
        """Those of the claim's sentence, without itself."""
        return [other for other in self._standing.sentence(claim) if other.id in self._here and other is not claim]

    def in_story(self, claim: Claim) -> Sequence[Claim]:
        """The first of those of the claim's story."""
        return self._story.get((claim.document, claim.story), [])[:MOST_BESIDE]

    def called(self, claim: Claim) -> list[Claim]:
        """The nearest of those that have one of the claim's names, on its own page before any other."""
        found = [other for name in sorted(names_of(claim)) for other in self._name.get(name, [])]
        near = found if len(found) <= MOST_BESIDE else [each for each in found if each.document == claim.document]
        return near[:MOST_BESIDE]


def names_of(claim: Claim) -> set[tuple[str, ...]]:
    """The words of its subject and of its object, as far as there are any."""
    return {matching.words(claim.subject), matching.words(claim.object)} - {()}


def best(claim: Claim, others: Iterable[Claim], match: Callable[[Claim, Claim], int]) -> Claim | None:
    """The one that matches best; of equals the nearest one, on the same page before any other."""
    ranked = [
        (-sure, other.document != claim.document, matching.distance(claim, other), other.id, other)
        for other in {each.id: each for each in others}.values()
        if other.id != claim.id and (sure := match(claim, other))
    ]
    return min(ranked)[-1] if ranked else None


def reported(
    results: Iterable[Result],
    stating: Callable[[Result], Claim | None],
    said: Callable[[Claim, Result], Figure | None],
    sure: Callable[[Result, Claim], bool],
) -> tuple[list[Check], list[Derived]]:
    """Each result once: compared with the claim that states it, or derived where none does."""
    checks: list[Check] = []
    values: list[Derived] = []
    kept: dict[tuple[object, ...], tuple[Result, Claim | None]] = {}
    for result in results:
        claim = stating(result)
        if result.key not in kept or (claim is not None and kept[result.key][1] is None):
            kept[result.key] = (result, claim)
    for result, claim in kept.values():
        stated = None if claim is None else said(claim, result)
        if claim is None or stated is None:
            checks.append(unstated(result.kind, result.claims, result.figure, result.unit, result.equation))
            values.append(
                derived(result.measure, result.claims, result.figure, result.unit, result.equation, result.first)
            )
            continue
        check = compared(result.kind, (claim, *result.claims), stated, result.figure, result.unit, result.equation)
        if check.verdict is Verdict.FAILS and not sure(result, claim):
            note = f"{check.note}; the stated figure may be of something else"
            check = replace(check, verdict=Verdict.CANNOT_SAY, note=note)
        checks.append(check)
    return checks, values


def is_energy(claim: Claim, *, rate: bool) -> bool:
    """Whether the claim is of energy; ``rate`` allows energy a year."""
    above, per = parts(claim.unit)
    timed = not per or (rate and worth(per, "year") is not None)
    return worth(above, "MWh") is not None and timed and figure(claim) is not None


def is_counted(claim: Claim) -> bool:
    """Whether the claim counts things, in all or a year."""
    noun, per = parts(claim.unit)
    return is_noun(noun) and (not per or worth(per, "year") is not None)


def of_one_scope(one: Claim, other: Claim) -> bool:
    """Whether nothing in their words sets the two figures apart, and both or neither are planned."""
    return scope.alike(one, other) is not Alike.NO and scope.planned(one) == scope.planned(other)


def same_who(one: Claim, other: Claim) -> bool:
    """Whether two claims are surely of one firm, plant or project."""
    return matching.subjects(one, other) == Match.SAME and bool(matching.who(one))
