"""Hours that a storage project lasts at full power: its energy over its power, stated or derived.

Power and energy belong together where they stand side by side (100 MW / 400 MWh), where a sentence has one of each for
one project, or where a story has. A contract, a grid connection or solar power beside the battery is not its power.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import figure, parts, printed, worth
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.kinds._results import Named, Result, best, is_energy, reported, same_who
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.standing import MOST_BESIDE, Standing, sentence_of
from cell2grid.evidence.records import Claim

KIND = "duration"
ORDER = 40
_PARK = "Fabrikam's Birka park has 240 MW / 840 MWh, {}."


def _park(words: str, hours: float, **check: object) -> Example:
    said = _PARK.format(f"a {words} system")
    stated = {"measure": "duration", "value": hours, "text": words, "unit": "hour", "said": said, "subject": "Birka"}
    return Example((*_rows(said), stated), ({"stated": hours, "computed": 3.5, **check},))


def _rows(said: str) -> tuple[dict[str, object], ...]:
    of = {"subject": "Birka", "said": said}
    return (
        {**of, "measure": "power", "value": 240, "text": "240 MW", "unit": "MW"},
        {**of, "measure": "energy", "value": 840, "text": "840 MWh", "unit": "MWh"},
    )


EXAMPLES = (
    Example(
        _rows(_PARK.format("in one hall")),
        ({"computed": 3.5, "unit": "hour", "stated": None},),
        ({"measure": "duration", "value": 3.5, "unit": "hour", "subject": "Birka"},),
    ),
    _park("four-hour", 4, verdict="rounding"),
    _park("3.5 hours", 3.5, verdict="holds"),
    _park("5.0 hours", 5, residual=1.5, verdict="fails"),
)
# energy that a project may hold; what is delivered to it counts where it stands right beside the power
_STORED = ("energy", "capacity", "deliveries", "supplies", "sales")
_OF_A_PROJECT = frozenset({"energy", "capacity", "duration"})
_SIDE_BY_SIDE = re.compile(r"\s*(?:/|,|and|with|and has|\(|-|–|x)\s*", re.I)
_GENERATES = frozenset({"solar", "wind", "generation", "pumped", "grid"})
# hours that a battery is built for; what lies outside is a wrong pair or stands side by side (limits.py)
_LEAST_HOURS, _MOST_HOURS = 0.2, 24.0


def found(standing: Standing) -> Found:
    """One check for each power with the energy that belongs to it; derived where no page says the hours."""
    powers = [claim for claim in standing.of("power", "capacity") if _is_power(claim)]
    energies = [claim for claim in standing.of(*_STORED) if is_energy(claim, rate=False)]
    stated = Named((each for each in standing.of("duration") if worth(each.unit, "hour") is not None), standing)
    results = [result for power, energy in _pairs(powers, energies) if (result := _hours(power, energy)) is not None]
    told = _Told(results, stated, standing)
    return reported(
        results,
        told.stating,
        lambda claim, result: figure(claim, result.unit),
        lambda result, claim: same_who(result.claims[1], claim) or matching.same_sentence(result.claims[1], claim),
    )


def pairs(standing: Standing) -> Iterator[tuple[Claim, Claim]]:
    """Power and energy that stand side by side."""
    energies = [claim for claim in standing.of(*_STORED) if is_energy(claim, rate=False)]
    here = Named(energies, standing)
    for power in standing.of("power", "capacity"):
        if _is_power(power):
            yield from ((power, energy) for energy in here.beside(power) if side_by_side(power, energy))


def side_by_side(one: Claim, other: Claim) -> bool:
    """Whether two values stand together as in ``100 MW / 400 MWh`` or ``100 MW and 400 MWh``."""
    between = matching.between(one, other)
    return between is not None and _SIDE_BY_SIDE.fullmatch(between) is not None


def _is_power(claim: Claim) -> bool:
    return not parts(claim.unit)[1] and worth(claim.unit, "MW") is not None


def _pairs(powers: Sequence[Claim], energies: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each power with the energy that belongs to it: side by side, else alone in a sentence, else alone in a story."""
    taken: set[str] = set()
    in_sentence = _grouped(powers, energies, sentence_of)
    for here, there in in_sentence:
        for power in here:
            for energy in there:
                if side_by_side(power, energy) and not {power.id, energy.id} & taken:
                    taken |= {power.id, energy.id}
                    yield power, energy
    for groups in (in_sentence, _grouped(powers, energies, lambda claim: (claim.document, claim.story))):
        for here, there in groups:
            yield from _by_project(here, there, taken)


def _grouped(
    powers: Iterable[Claim], energies: Iterable[Claim], place: Callable[[Claim], Hashable]
) -> list[tuple[list[Claim], list[Claim]]]:
    groups: dict[Hashable, tuple[list[Claim], list[Claim]]] = defaultdict(lambda: ([], []))
    for side, claims in enumerate((powers, energies)):
        for claim in claims:
            groups[place(claim)][side].append(claim)
    return [group for group in groups.values() if all(0 < len(side) <= MOST_BESIDE for side in group)]


def _by_project(powers: Sequence[Claim], energies: Sequence[Claim], taken: set[str]) -> Iterator[tuple[Claim, Claim]]:
    """The power and the energy of a project of which there is one figure each that is not paired yet."""
    projects: dict[tuple[str, ...], tuple[list[Claim], list[Claim]]] = defaultdict(lambda: ([], []))
    for side, claims in enumerate((powers, energies)):
        for claim in claims:
            stores = side == 0 or claim.measure in _OF_A_PROJECT
            if claim.id not in taken and stores and matching.who(claim) and not _is_apart(claim):
                projects[tuple(sorted(matching.who(claim)))][side].append(claim)
    for here, there in projects.values():
        if len({claim.value for claim in here}) != 1 or len({claim.value for claim in there}) != 1:
            continue
        power, energy = here[0], matching.nearest(here[0], there)
        alike = scope.alike(power, energy) is not scope.Alike.NO and scope.planned(power) == scope.planned(energy)
        dated = (power.period_start, power.period_end) == (energy.period_start, energy.period_end)
        hours = _hours(power, energy)
        together = (alike and dated) or matching.same_sentence(power, energy)
        if together and hours is not None and _LEAST_HOURS <= hours.figure.value <= _MOST_HOURS:
            taken |= {power.id, energy.id}
            yield power, energy


def _is_apart(claim: Claim) -> bool:
    """Whether the figure is of something else than the battery: solar beside it, its contract, each of several."""
    limits = scope.scope(claim)
    return bool(limits["goods"] & _GENERATES) or "each" in limits["part"]


def _hours(power: Claim, energy: Claim) -> Result | None:
    above, below = figure(energy, "MWh"), figure(power, "MW")
    hours = None if above is None or below is None else figures.quotient(above, below)
    if above is None or below is None or hours is None:
        return None
    equation = f"{printed(above.value)} MWh / {printed(below.value)} MW"
    whose = 0 if energy.measure in _OF_A_PROJECT or not power.subject else 1
    return Result(KIND, "duration", (energy, power), hours, "hour", equation, whose)


class _Told:
    """The claims that may state the hours of a result."""

    def __init__(self, results: Iterable[Result], stated: Named, standing: Standing) -> None:
        self._stated = stated
        self._standing = standing
        self._powers: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
        self._hours: dict[tuple[str, tuple[str, ...]], set[float]] = defaultdict(set)
        for result in results:
            power = result.claims[1]
            self._powers[sentence_of(power)].append(power)
            self._hours[_project(power)].add(result.figure.value)

    def stating(self, result: Result) -> Claim | None:
        """The claim of the hours: of those in its sentence the one that stands nearest to this power."""
        power = result.claims[1]
        beside = self._stated.beside(power)
        if beside:
            here = self._powers[sentence_of(power)]
            return best(power, (each for each in beside if matching.nearest(each, here).id == power.id), _states)
        # hours told elsewhere on the page are those of the one pair that the project has
        if len(self._hours[_project(power)]) > 1:
            return None
        return best(power, (each for each in self._stated.called(power) if self._is_alone(each)), _states)

    def _is_alone(self, hours: Claim) -> bool:
        """Whether no power or energy stands beside the hours, which would then be of that one."""
        beside = self._standing.sentence(hours)
        return not any(_is_power(claim) or is_energy(claim, rate=False) for claim in beside)


def _project(power: Claim) -> tuple[str, tuple[str, ...]]:
    return (power.document, tuple(sorted(set(matching.who(power)))))


def _states(power: Claim, claim: Claim) -> int:
    subject, together = matching.subjects(power, claim), matching.same_sentence(power, claim)
    if together:
        return 5 if subject == Match.SAME else 4
    return 3 if subject == Match.SAME and power.document == claim.document else 0
