"""Capacity times utilisation is production: a stated output against it, or output that nobody states.

Where the page states all three, the output is compared; where only two, the third is derived. A capacity that is
planned, and one of which a phase or another date is said, is not that of the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import Figure, figure, parts, printed, worth
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared, derived, unstated
from cell2grid.evidence.records import Check, Claim, Derived

KIND = "product"
ORDER = 21
_RAN = "Fabrikam's Örebro plant, which can make 80,000 cars a year, ran at 75% of capacity in 2025{}."
_YEAR = ("2025-01-01", "2025-12-31")


def _rows(said: str) -> tuple[dict[str, object], ...]:
    of = {"subject": "Fabrikam Örebro plant", "said": said}
    return (
        {**of, "measure": "capacity", "value": 80_000, "text": "80,000 cars a year", "unit": "vehicle/year"},
        {**of, "measure": "utilisation", "value": 75, "text": "75%", "unit": "percent", "period": _YEAR},
    )


def _made(text: str, value: int, **check: object) -> Example:
    said = _RAN.format(f" and made {text}")
    row = {"measure": "production", "value": value, "text": text, "unit": "vehicle", "period": _YEAR, "said": said}
    return Example(
        (*_rows(said), {**row, "subject": "Fabrikam Örebro plant"}), ({"stated": value, "computed": 60_000, **check},)
    )


EXAMPLES = (
    Example(
        _rows(_RAN.format("")),
        ({"stated": None, "computed": 60_000, "verdict": "cannot_say"},),
        ({"measure": "production", "value": 60_000, "unit": "vehicle", "period_end": "2025-12-31"},),
    ),
    _made("60,000", 60_000, verdict="holds"),
    _made("60,300", 60_300, verdict="rounding"),
    _made("64,000", 64_000, verdict="fails"),
)
_DAYS_PER_YEAR = 365.2425
# days; a utilisation on a day is that of no period
_SHORTEST = 27
# outputs and capacities further apart are of different plants
_MOST_TIMES = 3.0


def found(standing: Standing) -> Found:
    """One check for each utilisation in a period of a plant whose capacity is known on the same page."""
    checks: list[Check] = []
    values: list[Derived] = []
    able, made = Capacities(standing), outputs(standing)
    for used in standing.of("utilisation"):
        planned = scope.planned(used, standing.told_on(used))
        product = None if planned else _product(used, able.of(used))
        if product is None:
            continue
        plant, computed, unit, equation = product
        output = _output(used, made.get((matching.who(used), matching.period(used)), ()), unit)
        stated = None if output is None else figure(output, unit)
        if stated is not None and not is_likely(stated, computed):
            continue
        if output is None or stated is None:
            checks.append(unstated(KIND, (plant, used), computed, unit, equation))
            values.append(derived("production", (plant, used), computed, unit, equation, used))
        else:
            checks.append(compared(KIND, (output, plant, used), stated, computed, unit, equation))
    return checks, values


class Capacities:
    """The yearly capacities that stand, by page and plant; none that is planned or of a phase."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._told: dict[tuple[str, tuple[str, ...]], list[Claim]] = defaultdict(list)
        for claim in standing.of("capacity"):
            of = parts(claim.unit)[1]
            if of and worth(of, "year") is not None and matching.who(claim):
                self._told[claim.document, matching.who(claim)].append(claim)

    def of(self, claim: Claim) -> list[Claim]:
        """Those of the plant that a claim is of, on its page."""
        told = self._told.get((claim.document, matching.who(claim)), [])
        return [each for each in told if self._stands(each)]

    def _stands(self, claim: Claim) -> bool:
        planned = scope.planned(claim, self._standing.told_on(claim))
        return not planned and not scope.scope(claim)["part"] and not scope.is_base(claim)


def outputs(standing: Standing) -> dict[tuple[tuple[str, ...], tuple[int, int] | None], list[Claim]]:
    """What was produced, by plant and period."""
    made: dict[tuple[tuple[str, ...], tuple[int, int] | None], list[Claim]] = defaultdict(list)
    for claim in standing.of("production"):
        if matching.period(claim) and matching.who(claim) and not scope.is_base(claim):
            made[matching.who(claim), matching.period(claim)].append(claim)
    return made


def is_likely(made: Figure, able: Figure) -> bool:
    """Whether an output may be that of a capacity at all; of one many times as large it is another plant's."""
    return made.value <= _MOST_TIMES * able.value and able.value <= _MOST_TIMES * made.value


def years(of: tuple[int, int]) -> float:
    """The length of a period in years; a calendar month is a twelfth of one, long or short."""
    first, after = date.fromordinal(of[0]), date.fromordinal(of[1] + 1)
    if first.day == 1 and after.day == 1:
        return ((after.year - first.year) * 12 + after.month - first.month) / 12
    return (of[1] - of[0] + 1) / _DAYS_PER_YEAR


def _product(used: Claim, plants: Sequence[Claim]) -> tuple[Claim, Figure, str, str] | None:
    """The capacity, the output that follows, its unit and the equation; None where the plant has not one capacity."""
    of, share = matching.period(used), figure(used, "ratio")
    if of is None or of[1] - of[0] < _SHORTEST:
        return None
    if share is None or share.value < 0 or len({(each.value, each.unit) for each in plants}) != 1:
        return None
    plant = matching.nearest(used, plants)
    unit = parts(plant.unit)[0]
    size = figure(plant, f"{unit}/year")
    if size is None or size.value < 0 or not _of_the_time(plant, of):
        return None
    length = years(of)
    equation = f"{printed(size.value)} {unit}/year x {printed(share.value * 100)} %"
    if length != 1:
        equation += f" x {length:.4g} year"
    return plant, figures.product(size, share).times(length), unit, equation


def _of_the_time(plant: Claim, of: tuple[int, int]) -> bool:
    """Whether a capacity is said of no other time than this period."""
    day = plant.period_end or plant.period_start
    dated = matching.days(day, day)
    return dated is None or of[0] - 31 <= dated[0] <= of[1] + 31


def _output(used: Claim, outputs_then: Sequence[Claim], unit: str) -> Claim | None:
    near = [each for each in outputs_then if each.document == used.document and figure(each, unit) is not None]
    return matching.nearest(used, near) if near else None
