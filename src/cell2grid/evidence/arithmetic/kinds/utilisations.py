"""A stated utilisation against production over capacity, where a page states all three.

What follows where one of them is missing is ``capacity_times_utilisation.py``.
"""

from __future__ import annotations

from cell2grid.evidence.arithmetic import matching
from cell2grid.evidence.arithmetic.figures import figure, parts, quotient
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.kinds.capacity_times_utilisation import Capacities, is_likely, outputs, years
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared
from cell2grid.evidence.records import Check

KIND = "ratio"
ORDER = 31
_HALF = ("2026-01-01", "2026-06-30")


def _example(stated: float, **check: object) -> Example:
    of = {"subject": "Fabrikam Örebro plant"}
    claims = (
        {**of, "measure": "production", "value": 45_000, "text": "45,000", "unit": "vehicle", "period": _HALF},
        {**of, "measure": "capacity", "value": 120_000, "text": "120,000", "unit": "vehicle/year"},
        {**of, "measure": "utilisation", "value": stated, "text": f"{stated}%", "unit": "percent", "period": _HALF},
    )
    return Example(claims, ({"stated": stated, "computed": 75, **check},))


EXAMPLES = (_example(75, verdict="holds"), _example(76.2, residual=1.2, verdict="fails"))


def found(standing: Standing) -> Found:
    """One check for each stated utilisation of which production and capacity of the same plant are stated."""
    made, able = outputs(standing), Capacities(standing)
    checks: list[Check] = []
    for used in standing.of("utilisation"):
        of, stated = matching.period(used), figure(used, "percent")
        produced = [each for each in made.get((matching.who(used), of), []) if each.document == used.document]
        plants = able.of(used) if produced else []
        if of is None or stated is None or len({plant.value for plant in plants}) != 1:
            continue
        output, plant = matching.nearest(used, produced), matching.nearest(used, plants)
        noun = parts(plant.unit)[0]
        amount, size = figure(output, noun), figure(plant, f"{noun}/year")
        computed = quotient(amount, size.times(years(of))) if amount and size else None
        if computed is not None and is_likely(computed.times(100.0), stated):
            claims = (used, output, plant)
            checks.append(compared(KIND, claims, stated, computed.times(100.0), "percent", "production over capacity"))
    return checks, []
