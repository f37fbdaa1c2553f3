"""Names for the rows of a study's lists by what they say, so that the order of rows changes no draw.

A lane is named by where it leads, a row of demand by its month; a row that says the same as another is numbered
among its like. The rows of a variant keep the names that they have in its study (``cell2grid.run.varied``). What a
name is for is in ``figures.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cell2grid.study.cost_curve import CostCurve

if TYPE_CHECKING:
    from cell2grid.study.model import Competition, Study
    from cell2grid.study.quantity import Frozen


def row_names(study: Study) -> dict[str, str]:
    """For the path of each row that holds figures, as ``lanes.0``, a name that its place in the list does not change.

    >>> from cell2grid.study.loader import load_study
    >>> row_names(load_study("shanghai-megapack").study)["lanes.0"]
    'lanes.CN AU megapack'
    """
    return {**own_row_names(study), **({} if study.streams is None else study.streams.rows)}


def own_row_names(study: Study) -> dict[str, str]:
    """The names that the rows of a study have by what they say, whatever it is a variant of."""
    return {
        f"{path}.{number}": f"{path}.{name}"
        for path, rows, key in _lists(study)
        for number, name in enumerate(_names(rows, key))
    }


def stream_of(rows: Mapping[str, str], path: str) -> str:
    """The name by which the figure at a path is drawn, from the names of ``row_names``.

    >>> stream_of({"lanes.0": "lanes.CN AU"}, "lanes.0.lead_time")
    'lanes.CN AU.lead_time'
    """
    row, _, last = path.rpartition(".")
    return f"{rows[row]}.{last}" if row in rows else path


def _lists(study: Study) -> Iterator[tuple[str, Sequence[Frozen], Callable[[Any], tuple[object, ...]]]]:
    yield "lanes", study.lanes, lambda lane: (lane.origin, lane.destination, lane.product or "")
    yield "duties", study.duties, _duty
    yield "exchange_rates", study.exchange_rates, lambda row: (row.day.text, row.rate.unit)
    for name, market in study.markets.items():
        yield f"markets.{name}.demand", market.demand, lambda row: (row.start,)
    for name, plant in study.plants.items():
        yield f"plants.{name}.tranches", plant.tranches, lambda tranche: (tranche.opens.text,)
        yield f"plants.{name}.inputs", plant.inputs, lambda need: (need.product,)
        yield f"plants.{name}.allocation", plant.allocation, _rule
        yield f"plants.{name}.shutdowns", plant.shutdowns, lambda stop: (stop.start.text, stop.end.text)
        yield f"plants.{name}.shifts", plant.shifts, lambda shift: (shift.start.text,)
        if isinstance(plant.marginal_cost, CostCurve):
            yield f"plants.{name}.marginal_cost.steps", plant.marginal_cost.steps, _step
    if study.competition is not None:
        yield from _of_competition(study.competition)


def _of_competition(
    competition: Competition,
) -> Iterator[tuple[str, Sequence[Frozen], Callable[[Any], tuple[object, ...]]]]:
    yield (
        "competition.conduct",
        competition.conduct,
        lambda row: (row.firm or "all", row.market or "all", row.start or ""),
    )
    for number, group in enumerate(competition.substitution):
        yield f"competition.substitution.{number}.cross", group.cross, lambda row: tuple(sorted(row.between))
    if competition.price_war is not None:
        yield "competition.price_war.stocks", competition.price_war.stocks, lambda row: (row.plant,)


def _step(step: Any) -> tuple[object, ...]:
    return ("last",) if step.up_to is None else (step.up_to.text,)


def _duty(duty: Any) -> tuple[object, ...]:
    if duty.name is not None:
        return (duty.name,)
    return (duty.destination, duty.origin or "", duty.firm or "", duty.product or "", duty.start.text)


def _rule(rule: Any) -> tuple[object, ...]:
    half = () if rule.quarter_half is None else (rule.quarter_half,)
    return (*sorted(rule.quarter_months), *half, rule.start or "", rule.end or "")


def _names(rows: Sequence[Frozen], key: Callable[[Any], tuple[object, ...]]) -> list[str]:
    """A name for each row; rows with the same key are numbered in the order of all that they say."""
    said = [" ".join(map(str, key(row))).strip() for row in rows]
    names, seen = list(said), Counter[str]()
    for place in sorted(range(len(rows)), key=lambda place: rows[place].model_dump_json()):
        seen[said[place]] += 1
        if seen[said[place]] > 1:
            names[place] = f"{said[place]} ({seen[said[place]]})"
    return names
