"""What ramp fits found, as one document, and the table that their chart is drawn from."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.ramp_fit import Part, fits, named, ramping, verdict

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.formulas.ramp_fit import Estimate, Fit
    from cell2grid.run.ramp_question import RampQuestion

_STEPS = 60  # of a curve that is drawn
_AHEAD = 1.5  # how far beyond the counts
_MOST_DRAWN = 6


def told_ramp(question: RampQuestion) -> dict[str, Any]:
    """The document of the fits: counts, curves with parameters and intervals, and the verdict."""
    case, known = question.case, question.nameplate is not None
    fitted = fits(case, nameplate=known)
    found = verdict(fitted, nameplate=known, last=float(case.edges[-1]))
    return {
        "plant": question.name,
        "unit": question.noun,
        "opens": None if question.opens is None else question.opens.isoformat(),
        "nameplate": question.nameplate,
        "nameplate_basis": question.basis,
        "counts": [_count(question, part) for part in case.parts],
        "curves": [_curve(question, fit, found.weights) for fit in fitted],
        "best": found.best,
        "cannot_be_told_apart": list(found.cannot_be_told_apart),
        "more_parameters_than_counts": list(found.more_parameters_than_counts),
        "as_many_parameters_as_counts": list(found.as_many_parameters_as_counts),
        "supply_or_demand": found.supply_or_demand,
        "verdict": list(found.sentences),
        "notes": list(question.notes),
    }


def ramp_table(question: RampQuestion, told: dict[str, Any]) -> pd.DataFrame:
    """The table ``ramp_fit`` of ``cell2grid.results.TABLES``: counted rates, and those of the curves not set apart."""
    import pandas as pd

    from cell2grid.results import TABLES

    case, unit = question.case, f"{question.noun}/month"
    month = 365.0 / 12.0
    rows = [
        {"series": part.name, "kind": "counted", "begin": start, "finish": end, "rate": month * part.items / part.days,
         "unit": unit}
        for part in case.parts
        for start, end in part.stretches
    ]  # fmt: skip
    drawn = told["cannot_be_told_apart"] or ([told["best"]] if told["best"] else [])
    edges = np.linspace(0.0, _AHEAD * float(case.edges[-1]), _STEPS + 1)
    parts = [Part(str(i), ((low, high),), 0.0) for i, (low, high) in enumerate(pairwise(edges.tolist()))]
    steps = list(zip(case.edges[:-1].tolist(), case.scale.tolist(), strict=True))
    ahead = ramping(
        parts, opens=case.opens.tolist(), capacity=case.capacity.tolist(), steps=[*steps, (float(case.edges[-1]), 1.0)]
    )
    for fit in fits(case, nameplate=question.nameplate is not None):
        name = named(fit.curve, fit.level)
        if name in drawn[:_MOST_DRAWN]:
            rates = month * fit.expected_in(ahead) / np.diff(edges)
            rows += [
                {"series": name, "kind": "fitted", "begin": low, "finish": high, "rate": rate, "unit": unit}
                for low, high, rate in zip(edges[:-1], edges[1:], rates, strict=True)
            ]
    return pd.DataFrame(rows, columns=list(TABLES["ramp_fit"]))


def _count(question: RampQuestion, part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "stretches": [
            {"start_day": start, "end_day": end, "start": _date(question, start), "end": _date(question, end - 1)}
            for start, end in part.stretches
        ],
        "items": part.items,
        "days": part.days,
    }


def _curve(question: RampQuestion, fit: Fit, weights: dict[str, float | None]) -> dict[str, Any]:
    name = named(fit.curve, fit.level)
    units = {"months_to_nameplate": "month", "items_to_nameplate": question.noun, "starts_at": "ratio"}
    units["level"] = "ratio" if fit.level == "plateau" else f"{question.noun}/month"
    reached = {
        key: {"day": _finite(day), "date": _date(question, day)}
        for key, day in (("value", fit.reached.value), ("low", fit.reached.low), ("high", fit.reached.high))
    }
    return {
        "name": name,
        "curve": fit.curve,
        "goes_to": fit.level,
        "parameters": [
            {"name": key, **_estimate(estimate), "unit": units[key]} for key, estimate in fit.parameters.items()
        ],
        "fitted": fit.number,
        "spare_counts": fit.spare,
        "expected": [float(items) for items in fit.expected],
        "miss": fit.miss,
        "aicc": fit.aicc,
        "weight": weights[name],
        "reaches_nameplate": None if fit.level == "plateau" else {**reached, "interval": fit.reached.known},
        "settles": {**reached, "interval": fit.reached.known} if fit.level == "plateau" else None,
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    ends = {"low": _finite(estimate.low), "high": _finite(estimate.high)}
    return {"value": _finite(estimate.value), **ends, "interval": estimate.known}


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _date(question: RampQuestion, day: float | None) -> str | None:
    """The date of a day counted from the opening; None where it is not known or lies beyond the calendar."""
    if question.opens is None or day is None or not math.isfinite(day):
        return None
    if question.opens.toordinal() + day > date.max.toordinal():
        return None
    return (question.opens + timedelta(days=math.floor(day + 1e-9))).isoformat()
