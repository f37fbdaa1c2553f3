"""Values that cannot be: a share above 100 %, a price below zero, a period that ends before it begins.

Each is one claim against a bound; a value within its printed digits of the bound is rounding and is not told. The
price of electricity may lie below zero, and a profit may fall by more than all of it. Values that cannot be beside
others are ``beyond_capacity.py``, ``order_of_events.py`` and ``weekdays.py``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from cell2grid.evidence.arithmetic import figures
from cell2grid.evidence.arithmetic.figures import bound, clean, figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.kinds.durations import pairs
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.records import Check, Claim, Verdict

KIND = "impossible"
ORDER = 90


def _example(measure: str, value: float, unit: str, text: str, **check: object) -> Example:
    said = f"Contoso put it at {text}."
    row = {"measure": measure, "value": value, "unit": unit, "text": text, "said": said}
    return Example((row,), ({"stated": value, "verdict": "fails", **check},) if check else ())


EXAMPLES = (
    _example("utilisation", 104, "percent", "104%", computed=100, residual=4),
    _example("utilisation", 96, "percent", "96%"),
    _example("share", 120, "percent", "120%", computed=100),
    _example("price", -90, "USD/kWh", "-$90 per kWh", computed=0, residual=-90),
    _example("duration", -2, "hour", "-2 hours", computed=0),
    _example("change", -130, "percent", "130%", computed=-100),
)
_SHARES = frozenset({"utilisation", "share", "stake"})
_NOT_BELOW_ZERO = frozenset(
    {
        *("capacity", "unit_energy", "power", "energy", "duration", "production", "deliveries", "sales", "exports"),
        *("jobs", "area", "investment", "capital", "price", "revenue", "utilisation", "share", "stake", "count"),
    }
)
_MARKET = re.compile(r"\b(?:electricity|spot|day-ahead|intraday|wholesale|power price|market clearing|negative)", re.I)
_MAY_FALL_BELOW = re.compile(r"\b(?:profit|income|earnings|margin|result|ebit\w*|cash|loss)", re.I)
# hours of energy over power that no storage has
_LEAST_HOURS, _MOST_HOURS = 0.05, 100.0


def found(standing: Standing) -> Found:
    """One check for each claim whose value or period cannot be."""
    checks: list[Check] = []
    for claim in standing.claims:
        checks += _period(claim)
        checks += _value(claim)
    return [*checks, *_hours(standing)], []


def _period(claim: Claim) -> Iterator[Check]:
    if claim.period_start is not None and claim.period_end is not None and claim.period_end < claim.period_start:
        note = f"its period ends on {claim.period_end}, before it begins on {claim.period_start}"
        yield Check(KIND, (claim.id,), None, None, "day", None, None, Verdict.FAILS, note)


def _value(claim: Claim) -> Iterator[Check]:
    said = figure(claim)
    if said is None:
        return
    low, high = _bounds(claim)
    if said.low - said.rounding > high:
        yield _beyond(claim, said.value, high, said.rounding, f"a {_named(claim)} above {high:g} %")
    elif said.high + said.rounding < low:
        limit = "below zero" if low == 0 else f"of more than {-low:g} %"
        yield _beyond(claim, said.value, low, said.rounding, f"a {_named(claim)} {limit}")


def _bounds(claim: Claim) -> tuple[float, float]:
    """The least and the greatest value that the claim can have."""
    most = math.inf
    if claim.measure in _SHARES and claim.unit in ("percent", "ratio"):
        most = 100.0 if claim.unit == "percent" else math.inf
    if claim.measure == "change":
        falls = claim.unit == "percent" and not _MAY_FALL_BELOW.search(f"{claim.object or ''} {claim.quote}")
        return (-100.0 if falls else -math.inf, math.inf)
    if claim.measure not in _NOT_BELOW_ZERO or (claim.measure == "price" and _MARKET.search(claim.quote)):
        return (-math.inf, most)
    return (0.0, most)


def _named(claim: Claim) -> str:
    return "fall" if claim.measure == "change" else claim.measure.replace("_", " ")


def _beyond(claim: Claim, value: float, limit: float, rounding: float, note: str) -> Check:
    residual = clean(value - limit)
    return Check(KIND, (claim.id,), clean(value), limit, claim.unit, residual, clean(rounding), Verdict.FAILS, note)


def _hours(standing: Standing) -> Iterator[Check]:
    """Power and energy that stand side by side and give hours that no storage has."""
    for power, energy in pairs(standing):
        above, below = figure(energy, "MWh"), figure(power, "MW")
        hours = figures.quotient(above, below) if above is not None and below is not None else None
        if hours is None:
            continue
        least, most = hours.value - hours.rounding, hours.value + hours.rounding
        limit = _MOST_HOURS if least > _MOST_HOURS else _LEAST_HOURS if most < _LEAST_HOURS else None
        if limit is not None:
            note = f"energy over power is {clean(float(f'{hours.value:.4g}')):g} hours"
            residual = clean(hours.value - limit)
            ids = (energy.id, power.id)
            tolerance = bound(hours.rounding)
            yield Check(KIND, ids, clean(hours.value), limit, "hour", residual, tolerance, Verdict.FAILS, note)
