"""Shares of one market at one time against 100 %: the shares that one sentence lists cannot be more than all of it.

Only names of a sentence that stand beside each other are added: a country and a firm of it, or a firm and its product,
may overlap. Less than 100 % is incomplete, and what is missing is unknown. Stakes in a company are ``stakes.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import Figure, clean, figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared
from cell2grid.evidence.records import Check, Claim, Verdict
from cell2grid.evidence.vocabulary.gazetteer import of_kind

KIND = "stakes"
ORDER = 51
_SAID = "Contoso led the market with {:g}%, followed by Fabrikam with {:g}% and Adatum with {:g}%."


def _example(*held: float, **check: object) -> Example:
    said = _SAID.format(*held)
    share = {"measure": "share", "unit": "percent", "object": "market", "said": said}
    names = ("Contoso", "Fabrikam", "Adatum")
    claims = tuple(
        {**share, "subject": name, "value": value, "text": f"{value:g}%"}
        for name, value in zip(names, held, strict=True)
    )
    return Example(claims, ({"stated": 100, **check},))


EXAMPLES = (
    _example(40, 35, 15, computed=90, residual=10, verdict="incomplete"),
    _example(50, 30, 20, computed=100, verdict="holds"),
    _example(60, 35, 15, computed=110, verdict="fails"),
)
_WHOLE = Figure(100.0, 100.0, 100.0, 0.0)


def found(standing: Standing) -> Found:
    """One check for each sentence that gives the shares of two holders or more of one thing at one time."""
    told: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in standing.of("share"):
        told[claim.document, claim.story, claim.start, claim.quote].append(claim)
    return [check for beside in told.values() if len(beside) > 1 for check in _listed(beside)], []


def _listed(beside: Sequence[Claim]) -> Iterator[Check]:
    groups: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in beside:
        if claim.subject and ";" not in claim.subject and not scope.is_base(claim):
            groups[claim.period_start, claim.period_end].append(claim)
    for claims in groups.values():
        holders = {matching.words(claim.subject) for claim in claims}
        things = {matching.telling(claim.object) for claim in claims} - {()}
        limits = {frozenset(scope.scope(claim)["where"]) for claim in claims} - {frozenset()}
        if len(claims) < 2 or len(holders) < len(claims) or len(things) > 1 or len(limits) > 1:
            continue
        if len({_is_place(claim.subject) for claim in claims}) == 1 and not _overlap(claims):
            yield from _against_all(claims)


def _against_all(claims: Sequence[Claim]) -> Iterator[Check]:
    sizes = [each for claim in claims if (each := figure(claim, "percent")) is not None]
    computed = figures.total(sizes)
    check = compared(KIND, claims, _WHOLE, computed, "percent", f"{len(claims)} shares")
    if check.verdict is Verdict.FAILS and computed.value < 100:
        note = f"{check.note}; unknown {clean(100 - computed.value):g} %"
        check = replace(check, verdict=Verdict.INCOMPLETE, note=note)
    yield check


def _overlap(claims: Sequence[Claim]) -> bool:
    """Whether one holder's name is a part of another's, as of a firm and its brand."""
    names = [set(matching.words(claim.subject)) for claim in claims]
    return any(one < other for one in names for other in names)


def _is_place(name: str | None) -> bool:
    return name in _places()


@cache
def _places() -> frozenset[str]:
    return frozenset(place.name for place in of_kind("country", "place"))
