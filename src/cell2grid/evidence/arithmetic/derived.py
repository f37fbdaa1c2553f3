"""What follows from claims by one multiplication or division: items times energy, energy over power.

Each result is compared with a claim that states it; where none does, it is derived and kept apart from what pages say.
Sums and stakes are in ``checks.py``, shares in ``ratios.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cell2grid.evidence.arithmetic import figures, matching
from cell2grid.evidence.arithmetic.figures import Figure, bound, clean, compare, figure, parts, worth
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.records import Check, Claim, Derived, Verdict

_COUNTED = frozenset({"capacity", "production", "deliveries", "supplies"})
# energy that a project may hold; what is delivered to it counts where it stands right beside the power
_STORED = frozenset({"energy", "capacity", "deliveries", "supplies", "sales"})
_SIDE_BY_SIDE = 5
_MOST_BESIDE = 50

Found = tuple[list[Check], list[Derived]]


@dataclass(frozen=True, slots=True)
class _Result:
    """What two claims give: the figure in ``unit``, and the equation in words."""

    kind: str
    measure: str
    claims: tuple[Claim, Claim]
    figure: Figure
    unit: str
    equation: str


# --- items times energy per item ------------------------------------------------------------------------------------


def products(claims: Sequence[Claim]) -> Found:
    """Energy from counted items and the energy of one: capacity in GWh a year, production and deliveries in MWh."""
    per_item = _Near(claim for claim in claims if claim.measure == "unit_energy" and figure(claim))
    stated = _Near(claim for claim in claims if claim.measure in (*_COUNTED, "energy") and _is_energy(claim))
    results = []
    for claim in claims:
        noun, per = parts(claim.unit)
        if claim.measure not in _COUNTED or not _is_noun(noun) or (claim.measure == "capacity") != bool(per):
            continue
        energy = per_item.best(claim, lambda one, other: _energy_match(one, other))
        result = None if energy is None else _product(claim, energy)
        if result is not None:
            results.append(result)
    return _reported(results, stated, _states_product)


def _product(counted: Claim, energy: Claim) -> _Result | None:
    is_rate = counted.measure == "capacity"
    noun, per = parts(counted.unit)
    unit = "GWh/year" if is_rate else "MWh"
    amount = figure(counted, f"{noun}/year" if per else noun)
    each = figure(energy, "MWh" if not parts(energy.unit)[1] else f"MWh/{noun}")
    if amount is None or each is None:
        return None
    found = figures.product(amount, each).times(1e-3 if is_rate else 1.0)
    equation = f"{clean(amount.value):,g} {noun}{'/year' if is_rate else ''} x {clean(each.value):g} MWh/{noun}"
    measure = "capacity" if is_rate else "energy"
    return _Result("product", measure, (counted, energy), found, unit, equation)


def _energy_match(counted: Claim, energy: Claim) -> int:
    """How sure it is that ``energy`` is that of one of the counted items."""
    noun, of = parts(counted.unit)[0], parts(energy.unit)[1]
    if of and worth(of, noun) is None:
        return 0
    if matching.same_sentence(counted, energy):
        return 4
    named = [name for name in (counted.subject, counted.object) if name]
    described = [name for name in (energy.subject, energy.object) if name]
    if any(matching.names(one, other) == Match.SAME for one in named for other in described):
        return 3
    same_page = counted.document == energy.document
    inside = any(set(matching.words(one)) <= set(matching.words(other)) for one in described for other in named)
    return 2 if same_page and inside else 0


def _states_product(result: _Result, claim: Claim) -> int:
    """How sure it is that ``claim`` states what the counted items amount to in energy."""
    counted = result.claims[0]
    if (claim.measure == "capacity") != (result.measure == "capacity"):
        return 0
    subject, sentence = matching.names(counted.subject, claim.subject), matching.same_sentence(counted, claim)
    dated = matching.period(counted) == matching.period(claim) or sentence
    if subject == Match.NO or not dated:
        return 0
    return int(Match.SAME) if sentence else int(subject if subject > Match.UNSAID else Match.NO)


# --- energy over power ----------------------------------------------------------------------------------------------


def durations(claims: Sequence[Claim]) -> Found:
    """Hours that a storage project lasts at full power: its energy over its power."""
    powers = [claim for claim in claims if claim.measure in ("power", "capacity") and _is(claim, "MW")]
    energies = _Near(claim for claim in claims if claim.measure in _STORED and _is_energy(claim, rate=False))
    stated = _Near(claim for claim in claims if claim.measure == "duration" and claim.unit in ("hour", "minute"))
    results, seen = [], set()
    for power in powers:
        energy = energies.best(power, _project_match)
        above, below = None if energy is None else figure(energy, "MWh"), figure(power, "MW")
        hours = quotient_of(above, below)
        if energy is None or above is None or below is None or hours is None:
            continue
        key = (power.document, matching.words(power.subject), below.value, above.value)
        if key not in seen:
            seen.add(key)
            equation = f"{clean(above.value):,g} MWh / {clean(below.value):,g} MW"
            results.append(_Result("ratio", "duration", (energy, power), hours, "hour", equation))
    return _reported(results, stated, lambda result, claim: _project_match(result.claims[1], claim))


def quotient_of(above: Figure | None, below: Figure | None) -> Figure | None:
    """The quotient, or None where one of the two is missing or the lower one may be zero."""
    return None if above is None or below is None else figures.quotient(above, below)


def _project_match(power: Claim, other: Claim) -> int:
    subject = matching.subjects(power, other)
    if matching.same_sentence(power, other):
        if _side_by_side(power, other):
            return 5
        if other.measure not in ("energy", "capacity", "duration"):
            return 0
        return 4 if subject == Match.SAME else int(subject != Match.NO)
    alike = power.document == other.document and (power.period_start, power.period_end) == (
        other.period_start,
        other.period_end,
    )
    return 3 if alike and subject == Match.SAME and other.measure in ("energy", "capacity", "duration") else 0


def _side_by_side(one: Claim, other: Claim) -> bool:
    """Whether two values stand together as in ``100 MW / 400 MWh``."""
    if one.value_start is None or one.value_end is None or other.value_start is None or other.value_end is None:
        return False
    gap = max(one.value_start, other.value_start) - min(one.value_end, other.value_end)
    return 0 < gap <= _SIDE_BY_SIDE


# --- near claims, and what is reported of a result ------------------------------------------------------------------


class _Near:
    """Claims to find beside another one: in its sentence, on its page under a name that both have, or by that name."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._sentence: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
        self._story: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self._name: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
        for claim in claims:
            self._sentence[claim.document, claim.story, claim.start, claim.quote].append(claim)
            self._story[claim.document, claim.story].append(claim)
            for name in {matching.words(claim.subject), matching.words(claim.object)} - {()}:
                self._name[name].append(claim)

    def best(self, claim: Claim, match: Callable[[Claim, Claim], int]) -> Claim | None:
        """The claim that matches best; of equals the nearest one, on the same page before any other."""
        names = {matching.words(claim.subject), matching.words(claim.object)} - {()}
        near = [
            *self._sentence.get((claim.document, claim.story, claim.start, claim.quote), [])[:_MOST_BESIDE],
            *self._story.get((claim.document, claim.story), [])[:_MOST_BESIDE],
            *(other for name in sorted(names) for other in self._name.get(name, [])[:_MOST_BESIDE]),
        ]
        ranked = [
            (-sure, other.document != claim.document, matching.distance(claim, other), other.id, other)
            for other in {each.id: each for each in near}.values()
            if other.id != claim.id and (sure := match(claim, other))
        ]
        return min(ranked)[-1] if ranked else None


def _reported(results: Iterable[_Result], stated: _Near, match: Callable[[_Result, Claim], int]) -> Found:
    checks: list[Check] = []
    derived: list[Derived] = []
    for result in results:
        claim = stated.best(result.claims[-1 if result.kind == "ratio" else 0], _of(result, match))
        said = None if claim is None else _said(claim, result)
        if claim is None or said is None:
            checks.append(_unstated(result))
            derived.append(_derived(result))
        else:
            checks.append(_compared(result, claim, said, sure=match(result, claim) >= Match.SAME))
    return checks, derived


def _of(result: _Result, match: Callable[[_Result, Claim], int]) -> Callable[[Claim, Claim], int]:
    return lambda _, claim: match(result, claim)


def _said(claim: Claim, result: _Result) -> Figure | None:
    """The figure of a claim in the unit of the result; a capacity in GWh without a time is one of a year."""
    unit = result.unit
    if result.measure == "capacity" and not parts(claim.unit)[1]:
        unit = parts(unit)[0]
    return figure(claim, unit)


def _compared(result: _Result, claim: Claim, said: Figure, *, sure: bool) -> Check:
    comparison = compare(said, result.figure)
    doubtful = comparison.verdict == Verdict.FAILS and not sure
    return Check(
        result.kind,
        (claim.id, *(each.id for each in result.claims)),
        clean(said.value),
        clean(result.figure.value),
        result.unit,
        comparison.residual,
        comparison.tolerance,
        Verdict.CANNOT_SAY if doubtful else comparison.verdict,
        f"{result.equation}{'; the stated figure may be of something else' if doubtful else ''}",
    )


def _unstated(result: _Result) -> Check:
    ids = tuple(claim.id for claim in result.claims)
    note = f"{result.equation}; no page states it, see the derived values"
    computed, tolerance = clean(result.figure.value), clean(result.figure.rounding)
    return Check(result.kind, ids, None, computed, result.unit, None, tolerance, Verdict.CANNOT_SAY, note)


def _derived(result: _Result) -> Derived:
    first = result.claims[0]
    return Derived(
        result.measure,
        first.subject,
        clean(result.figure.value),
        bound(result.figure.low),
        bound(result.figure.high),
        result.unit,
        tuple(claim.id for claim in result.claims),
        result.equation,
        first.period_start,
        first.period_end,
    )


def _is(claim: Claim, unit: str) -> bool:
    return not parts(claim.unit)[1] and worth(claim.unit, unit) is not None and figure(claim) is not None


def _is_energy(claim: Claim, *, rate: bool = True) -> bool:
    above, per = parts(claim.unit)
    timed = not per or (rate and worth(per, "year") is not None)
    return worth(above, "MWh") is not None and timed and figure(claim) is not None


def _is_noun(unit: str) -> bool:
    """Whether the unit counts things: it is no energy, power, mass, share, time, length or money."""
    measures = ("MWh", "MW", "tonne", "ratio", "hour", "metre", "square_metre")
    money = len(unit) == 3 and unit.isupper()
    return bool(unit) and not money and all(worth(unit, other) is None for other in measures)
