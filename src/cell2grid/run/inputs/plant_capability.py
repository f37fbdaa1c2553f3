"""The blocks, ramps, yields and outages of a study's plants as the arrays that the engine ``capability`` reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import age_at, days_in, first_day, month_after, months_between, share_from
from cell2grid.formulas.counter import stream_key
from cell2grid.run.drawn.figures import items_of
from cell2grid.run.inputs.plant_kind import said
from cell2grid.study.model import YieldCurve

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.model import Outages, Plant, Ramp, Study, Tranche
    from cell2grid.study.quantity import Day, Quantity

    Block = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
    Values = dict[str, tuple[tuple[str, ...], NDArray[Any]]]

MOST_OUTAGES = 100_000  # of a plant in all months, as expected; they are followed one by one
_BY_PLANT = ("months_to_nameplate", "yield_start", "yield_steady", "yield_months")
_OUTAGES = ("outage_every", "outage_lasts", "outage_leaves")
_NOT_YET = -1.0  # months; of a block that a plant does not have


def most_tranches(study: Study) -> int:
    """The number of blocks of the plant that has most of them; 1 where there is no plant.

    A block whose lead time is drawn counts once for each month in which it may open.
    """
    counts = [
        len(list(tranches(plant, ""))) + sum(max(len(openings(study, one)) - 1, 0) for one in plant.tranches)
        for plant in study.plants.values()
    ]
    return max(counts, default=1)


def openings(study: Study, tranche: Tranche) -> range:
    """The months after its decision in which a block may open within the horizon; none where it opens on a day."""
    if tranche.lead_time is None or tranche.decided is None:
        return range(0)
    lead, left = tranche.lead_time.to("month"), len(months_between(tranche.decided, study.horizon.end))
    return range(round(lead.low), max(round(min(lead.high, float(left))), round(lead.low)) + 1)


def tranches(plant: Plant, path: str) -> Iterator[tuple[str, Quantity, Day | None]]:
    """The path of each block of capacity, its size, and when it opens; None where it opened before all months.

    Blocks come in the order in which they open, and like ones by what they say, so that the order of rows is nothing.
    """
    if plant.capacity is not None:
        yield path, plant.capacity, plant.opens
    for number, tranche in sorted(enumerate(plant.tranches), key=lambda row: _when_and_what(row[1])):
        yield f"{path}.tranches.{number}", tranche.capacity, tranche.opens


def _when_and_what(tranche: Tranche) -> tuple[date, str]:
    return tranche.opens.first, tranche.model_dump_json()


def ramp_curves(study: Study) -> list[str]:
    """The name of the curve of each plant; ``immediate`` where neither it nor its technology says one."""
    ramps = [said(study, name, "ramp").value for name in study.plants]
    return ["immediate" if ramp is None else ramp.curve for ramp in ramps]


def capability_values(study: Study, figures: Figures, periods: Sequence[str]) -> Values:
    """The numbers that ``capability`` reads, by name with their dims, for the members of ``figures``.

    Raises
    ------
    StudyError
        A ramp by time has no time to nameplate; an energy stands for items of a product whose energy is not known;
        outages are too short to be followed one by one.
    """
    plants, blocks = len(study.plants), most_tranches(study)
    capacity = np.zeros((figures.count, plants, blocks))
    opened = np.zeros((plants, blocks, len(periods)))
    age = np.full((plants, blocks, len(periods)), _NOT_YET)
    by_plant = {name: np.full((figures.count, plants), np.nan) for name in (*_BY_PLANT, *_OUTAGES)}
    for place, name in enumerate(study.plants):
        found = _blocks(study, figures, name, periods)
        for number, (items, open_share, months) in enumerate(found):
            capacity[:, place, number], opened[place, number], age[place, number] = items, open_share, months
        by_plant["months_to_nameplate"][:, place] = _months_to_nameplate(study, figures, name)
        for variable, values in _yields(study, figures, name).items():
            by_plant[variable][:, place] = values
        for variable, values in _outages(study, figures, name, periods).items():
            by_plant[variable][:, place] = values
    streams = [stream_key(figures.seed, f"plants.{name}.outages") for name in study.plants]
    return {
        "tranche_capacity": (("member", "plant", "tranche"), capacity),
        "tranche_open": (("plant", "tranche", "period"), opened),
        "tranche_age": (("plant", "tranche", "period"), age),
        "plant_age": (("plant", "period"), age.max(axis=1)),
        "outage_stream": (("plant",), np.array(streams, dtype=np.int64)),
        "days": (("period",), np.array([float(days_in(month)) for month in periods])),
        **{name: (("member", "plant"), values) for name, values in by_plant.items()},
    }


def _blocks(study: Study, figures: Figures, name: str, periods: Sequence[str]) -> list[Block]:
    """Items a month of each block (member), the share of each month in which it is open, and its age (period)."""
    plant = study.plants[name]
    found: list[Block] = []
    by_path = {f"plants.{name}.tranches.{number}": one for number, one in enumerate(plant.tranches)}
    for path, quantity, opens in tranches(plant, f"plants.{name}"):
        items = items_of(study, figures, "tranche_capacity", f"{path}.capacity", quantity, plant.makes, "/month")
        open_share, age = np.ones(len(periods)), np.full(len(periods), np.inf)
        if opens is not None:
            open_share, age = share_from(opens.first, periods), age_at(opens.first, periods)
            for variable in ("tranche_open", "tranche_age", "plant_age"):
                figures.note(variable, f"{path}.opens")
        tranche = by_path.get(path)
        if tranche is not None and len(openings(study, tranche)):
            found += _drawn_openings(study, figures, path, tranche, items, periods)
        else:
            found.append((items, open_share, age))
    return found


def _drawn_openings(
    study: Study, figures: Figures, path: str, tranche: Tranche, items: NDArray[np.float64], periods: Sequence[str]
) -> Iterator[Block]:
    """A block for each month in which a tranche may open, of those members for whom it does."""
    if tranche.lead_time is None or tranche.decided is None:
        return
    lead = figures.drawn("tranche_capacity", f"{path}.lead_time", tranche.lead_time, "month")
    for after in openings(study, tranche):
        day = first_day(month_after(tranche.decided, after))
        yield np.where(np.rint(lead) == after, items, 0.0), share_from(day, periods), age_at(day, periods)


def _months_to_nameplate(study: Study, figures: Figures, name: str) -> NDArray[np.float64]:
    path, ramp = said(study, name, "ramp")
    if ramp is not None and ramp.months_to_nameplate is not None:
        months = ramp.months_to_nameplate
        return figures.drawn("months_to_nameplate", f"{path}.months_to_nameplate", months, "month")
    if ramp is not None and ramp.curve not in ("immediate", "learning"):
        raise StudyError(f"{path}: curve '{ramp.curve}' needs months_to_nameplate, as in '24 month [source]'")
    return np.zeros(figures.count)


def learning(study: Study, figures: Figures, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Items until the capacity is learned, and the share that it starts with; missing without a learning curve.

    Raises
    ------
    StudyError
        The curve has no items, or begins at nothing, from where nothing is ever made.
    """
    path, ramp = said(study, name, "ramp")
    if ramp is None or ramp.curve != "learning":
        return np.full(figures.count, np.nan), np.full(figures.count, np.nan)
    if ramp.items_to_nameplate is None:
        raise StudyError(f"{path}: curve 'learning' needs items_to_nameplate, as in '5000 system [source]'")
    items = figures.drawn("learning_items", f"{path}.items_to_nameplate", ramp.items_to_nameplate, "item")
    return items, _learning_start(figures, path, ramp)


def _learning_start(figures: Figures, path: str, ramp: Ramp) -> NDArray[np.float64]:
    from cell2grid.formulas.ramp import AT_NAMEPLATE

    if ramp.starts_at is None:
        return np.full(figures.count, 1.0 - AT_NAMEPLATE)  # as an S-curve starts
    start = figures.drawn("learning_start", f"{path}.starts_at", ramp.starts_at, "ratio")
    if (start <= 0).any():
        raise StudyError(
            f"{path}.starts_at: '{ramp.starts_at.text}' is not above 0, and a plant that starts with nothing never"
            " learns; write the share of its first days, as in '5 percent [source]'"
        )
    return start


def _yields(study: Study, figures: Figures, name: str) -> dict[str, NDArray[np.float64]]:
    """Start, steady state and length of the yield curve; one share is both of them, and nothing said is no scrap."""
    path, rate = said(study, name, "yield_rate")
    if isinstance(rate, YieldCurve):
        return {
            "yield_start": figures.drawn("yield_start", f"{path}.start", rate.start, "ratio"),
            "yield_steady": figures.drawn("yield_steady", f"{path}.steady", rate.steady, "ratio"),
            "yield_months": figures.drawn("yield_months", f"{path}.months_to_steady", rate.months_to_steady, "month"),
        }
    share = np.ones(figures.count) if rate is None else figures.drawn("yield_steady", path, rate, "ratio")
    return {"yield_start": share, "yield_steady": share, "yield_months": np.zeros(figures.count)}


def _outages(study: Study, figures: Figures, name: str, periods: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    path, outages = said(study, name, "outages")
    if outages is None:
        return {}
    every = figures.drawn("outage_every", f"{path}.every", outages.every, "day")
    lasts = figures.drawn("outage_lasts", f"{path}.lasts", outages.lasts, "day")
    _check_number(path, outages, every + lasts, sum(map(days_in, periods)))
    leaves = np.zeros(figures.count)
    if outages.leaves is not None:
        leaves = figures.drawn("outage_leaves", f"{path}.leaves", outages.leaves, "ratio")
    return {"outage_every": every, "outage_lasts": lasts, "outage_leaves": leaves}


def _check_number(path: str, outages: Outages, cycle: NDArray[np.float64], days: int) -> None:
    number = days / float(cycle.min())
    if number > MOST_OUTAGES:
        raise StudyError(
            f"{path}: '{outages.every.text}' and '{outages.lasts.text}' are about {number:,.0f} outages in the"
            f" horizon, above {MOST_OUTAGES:,}; stops as short as that belong in availability"
        )
