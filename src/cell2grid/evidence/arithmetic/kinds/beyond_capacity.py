"""A plant that makes more than it can: production of a period above the capacity for that time.

Only where one page says both of one plant, and the only capacity there is not planned, of a phase or of another time.
Utilisation as production over capacity is ``utilisations.py``.
"""

from __future__ import annotations

from dataclasses import replace

from cell2grid.evidence.arithmetic import matching, scope
from cell2grid.evidence.arithmetic.figures import figure, parts
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.kinds.capacity_times_utilisation import Capacities, years
from cell2grid.evidence.arithmetic.scope import Alike
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared
from cell2grid.evidence.records import Check, Verdict

KIND = "impossible"
ORDER = 91
_YEAR = ("2025-01-01", "2025-12-31")


def _example(made: int, *checks: dict[str, object]) -> Example:
    of = {"subject": "Fabrikam Örebro plant"}
    return Example(
        (
            {**of, "measure": "capacity", "value": 80_000, "text": "80,000", "unit": "vehicle/year"},
            {**of, "measure": "production", "value": made, "text": f"{made:,}", "unit": "vehicle", "period": _YEAR},
        ),
        checks,
    )


EXAMPLES = (
    _example(79_000),
    _example(95_000, {"stated": 95_000, "computed": 80_000, "residual": 15_000, "verdict": "fails"}),
)


def found(standing: Standing) -> Found:
    """One check for each production that is above what the plant can make in the time."""
    able = Capacities(standing)
    checks: list[Check] = []
    for made in standing.of("production"):
        of, plants = matching.period(made), able.of(made) if matching.is_facility(made.subject) else []
        if of is None or len({(plant.value, plant.unit) for plant in plants}) != 1:
            continue
        plant = matching.nearest(made, plants)
        noun = parts(plant.unit)[0]
        output, size = figure(made, noun), figure(plant, f"{noun}/year")
        if output is None or size is None or scope.planned(made, standing.told_on(made)):
            continue
        most = size.times(years(of))
        if output.low - output.rounding <= most.high + most.rounding:
            continue
        if scope.alike(made, plant) is not Alike.NO:
            check = compared(KIND, (made, plant), output, most, noun, "production above capacity")
            checks.append(replace(check, verdict=Verdict.FAILS))
    return checks, []
