"""What is asked of a ramp fit: a plant's blocks, its time worked and its counts, from a study or from a file of counts.

The fits are in ``cell2grid.formulas.ramp_fit``, their document in ``ramp_told.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cell2grid.errors import InputError
from cell2grid.formulas.calendar import first_day, month_after, months_between
from cell2grid.formulas.ramp_fit import Count, Ramping, parts_of, ramping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cell2grid.study.count_file import CountRow
    from cell2grid.study.model import Observation, Study


@dataclass(frozen=True, slots=True, eq=False)
class RampQuestion:
    """A plant and its counts; ``opens`` is day 0, None where only numbers of days are known.

    ``nameplate`` [item/month] is what it makes of good items when its ramp is over; None where it is not known.
    ``basis`` says how it was found.
    """

    name: str
    noun: str
    opens: date | None
    nameplate: float | None
    basis: str | None
    case: Ramping
    notes: tuple[str, ...]


def plant_question(study: Study, plant: str | None) -> RampQuestion:
    """The question of a study's plant: its nameplate, stops and shocks, and the observations of its output.

    Every range is at its middle. The nameplate is that of good items: capacity, availability, what outages leave on
    average, and the yield of a settled plant.

    Raises
    ------
    InputError
        The plant is none of the study, or has no opening, no capacity or no observation of its output.
    """
    from cell2grid.run.drawn.figures import MiddleFigures, items_of
    from cell2grid.run.inputs.plant_capability import tranches

    name = _plant(study, plant)
    made, figures = study.plants[name], MiddleFigures()
    seen = _observed(study, name)
    blocks = list(tranches(made, f"plants.{name}"))
    sizes = [
        float(items_of(study, figures, "tranche_capacity", f"{path}.capacity", quantity, made.makes, "/month")[0])
        for path, quantity, _ in blocks
    ]
    days = [opens.first for _, _, opens in blocks if opens is not None]
    if len(days) < len(blocks) or not days or sum(sizes) <= 0:
        raise InputError(
            f"plants.{name}: a ramp is fitted from an opening and a capacity, and it has no such; add them"
        )
    opening, share = min(days), _good_share(study, name)
    if sum(sizes) * share <= 0:
        raise InputError(f"plants.{name}: its availability or yield leaves nothing to be made; correct it")
    counts = []
    for key, row in seen.items():
        start, end = first_day(row.start), first_day(month_after(row.end, 1))
        items = row.value.to("item").mode
        counts.append(Count(key, max((start - opening).days, 0), max((end - opening).days, 0), items))
    parts, notes = parts_of(counts)
    case = ramping(
        parts,
        opens=[float((day - opening).days) for day in days],
        capacity=[size * share for size in sizes],
        steps=_steps(study, name, opening, case_end=max(count.end for count in counts)),
    )
    basis = (
        f"{sum(sizes):,.6g} a month of capacity, of which {share:.1%} come out good at the middle of its availability,"
        " outages and yield"
    )
    return RampQuestion(
        name, study.products[made.makes].counted_in, opening, sum(sizes) * share, basis, case, tuple(notes)
    )


def file_question(
    path: Path, rows: Sequence[CountRow], *, opens: date | None, nameplate: float | None, noun: str
) -> RampQuestion:
    """The question of a file of counts.

    Parameters
    ----------
    opens
        The day of the opening; without it the first day that a row begins with.
    nameplate
        Good items a month when the ramp is over; a level is fitted without it.

    Raises
    ------
    InputError
        No day of an opening can be found; counts contradict one another.
    """
    notes: list[str] = []
    dated = isinstance(rows[0].end, date)
    if dated and opens is None:
        starts = [row.start for row in rows if isinstance(row.start, date)]
        if not starts:
            raise InputError(
                "counts from the opening, and no row says when that was; add --opens DATE", where=str(path)
            )
        opens = min(starts)
        notes.append(f"--opens is not given: the plant is taken to open on {opens}, the first day of the counts")
    if nameplate is None:
        notes.append("--nameplate is not given: the level that output goes to is fitted, as one parameter more")
    counts = [Count(row.name, *_days(row, opens if dated else None, str(path)), row.items) for row in rows]
    parts, told = parts_of(counts)
    case = ramping(parts, opens=[0.0], capacity=[1.0 if nameplate is None else nameplate])
    return RampQuestion(path.name, noun, opens, nameplate, None, case, (*notes, *told))


def _days(row: CountRow, opens: date | None, name: str) -> tuple[float, float]:
    """First day and the day after the last, counted from the opening; what came before it is left out of the days."""
    if opens is None or not isinstance(row.end, date):
        return float(row.start or 0.0), float(row.end)  # type: ignore[arg-type]
    start = (row.start - opens).days if isinstance(row.start, date) else 0
    end = (row.end - opens).days + 1
    if end <= 0:
        raise InputError(
            f"ends on {row.end}, before the plant opens on {opens}; correct one", where=f"{name}:{row.line}"
        )
    return float(max(start, 0)), float(end)


def _plant(study: Study, plant: str | None) -> str:
    observed = sorted({row.of for row in study.observations.values() if row.variable == "output"} & set(study.plants))
    if plant is None:
        if len(observed) == 1:
            return observed[0]
        if not observed:
            raise InputError(
                f"no plant of study '{study.study}' has an observation of its output to fit; add one to observations, "
                "or fit a file of counts"
            )
        known = ", ".join(observed)
        raise InputError(f"name a plant with --plant; those with an observation of their output are: {known}")
    if plant not in study.plants:
        raise InputError(f"--plant '{plant[:40]}' is none of the study's plants: {', '.join(study.plants)}")
    return plant


def _observed(study: Study, plant: str) -> dict[str, Observation]:
    rows = {k: row for k, row in study.observations.items() if (row.variable, row.of) == ("output", plant)}
    if not rows:
        raise InputError(
            f"plant '{plant}' has no observation of its output to fit; add one to observations, or fit a file of counts"
        )
    return rows


def _good_share(study: Study, plant: str) -> float:
    """Good items per item of capacity of a settled plant, in the middle of what is said."""
    from cell2grid.run.inputs.plant_kind import said
    from cell2grid.study.model import YieldCurve

    share = 1.0
    for field in ("availability", "yield_rate"):
        figure = said(study, plant, field).value
        if figure is not None:
            steady = figure.steady if isinstance(figure, YieldCurve) else figure
            share *= float(steady.to("ratio").mode)
    outages = said(study, plant, "outages").value
    if outages is not None:
        every, lasts = outages.every.to("day").mode, outages.lasts.to("day").mode
        leaves = 0.0 if outages.leaves is None else outages.leaves.to("ratio").mode
        share *= 1.0 - (1.0 - leaves) * lasts / (every + lasts)
    return share


def _steps(study: Study, plant: str, opening: date, *, case_end: float) -> list[tuple[float, float]]:
    """The part of normal that the plant could work from the first day of each month on: stops, shifts and shocks."""
    from cell2grid.run.drawn.figures import MiddleFigures
    from cell2grid.run.inputs.shocks import Shocks
    from cell2grid.run.inputs.working_time import shift_scale, shutdown_scale

    months = months_between(opening.isoformat()[:7], (opening + timedelta(days=case_end)).isoformat()[:7])
    figures = MiddleFigures()
    scale = shutdown_scale(study, figures, plant, months) * shift_scale(study, figures, plant, months)
    scale = scale * Shocks(study, figures, months).of_plant(study.plants[plant], plant, "output")
    steps = [(float((first_day(month) - opening).days), float(scale[0, place])) for place, month in enumerate(months)]
    return [step for step in steps if step[1] != 1.0] and steps
