"""A study's plants as the arrays that the engine ``production`` reads.

What a plant does not say comes from its technology; what neither says is taken as a plant that runs without loss, and
``defaults`` lists each such case for the manifest. Lanes, markets and orders are in ``trade.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import age_at, left_of_month, share_from
from cell2grid.formulas.ramp import ramp_share
from cell2grid.run.figures import item_energy, items_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.figures import Figures
    from cell2grid.study.model import Plant, PlantTechnology, Ramp, Study
    from cell2grid.study.quantity import Day, Quantity

    Values = dict[str, tuple[tuple[str, ...], NDArray[np.float64]]]


def plant_values(study: Study, figures: Figures, periods: Sequence[str], without: Sequence[str] = ()) -> Values:
    """The numbers that ``production`` reads, by name with their dims, for the members of ``figures``.

    Parameters
    ----------
    without
        Shocks that are left out.

    Raises
    ------
    StudyError
        A ramp has no time to nameplate; an energy stands for items of a product whose energy is not known.
    """
    shape = (figures.count, len(study.plants), len(periods))
    monthly = {name: np.ones(shape) for name in ("capacity", "ramp", "availability", "shock_scale", "yield_rate")}
    needs = np.zeros((figures.count, len(study.plants), len(study.products)))
    energy = np.full(shape[:2], np.nan)
    products = list(study.products)
    for place, (name, plant) in enumerate(study.plants.items()):
        monthly["capacity"][:, place], monthly["ramp"][:, place] = _capacity_and_ramp(study, figures, name, periods)
        for variable, written, quantity in _shares(study, name):
            if quantity is not None:
                monthly[variable][:, place] = figures.drawn(variable, written, quantity, "ratio")[:, None]
        monthly["shock_scale"][:, place] = shock_scale(study, figures, name, "output", periods, without)
        energy[:, place] = item_energy(study, figures, plant.makes)
        for number, need in enumerate(plant.inputs):
            if study.products[need.product].external is not None:
                continue  # the study says that it can always be had from outside
            path = f"plants.{name}.inputs.{number}.per_item"
            taken = figures.drawn("input_per_item", path, need.per_item, "item/item")
            needs[:, place, products.index(need.product)] += taken
    values: Values = {name: (("member", "plant", "period"), array) for name, array in monthly.items()}
    values["input_per_item"] = (("member", "plant", "product"), needs)
    values["item_energy"] = (("member", "plant"), energy)
    return values


def defaults(study: Study) -> list[str]:
    """What the study does not say of its plants, and what it is taken as, one sentence each.

    >>> from cell2grid.study.loader import load_study
    >>> all("taken as" in sentence for sentence in defaults(load_study("shanghai-megapack").study))
    True
    """
    said = {"yield_rate": "no scrap", "availability": "no stop but those of the shocks"}
    found = [
        f"plants.{name}: {variable.replace('_', ' ')} is not given, taken as 100 % ({said[variable]})"
        for name in study.plants
        for variable, _, quantity in _shares(study, name)
        if quantity is None
    ]
    found += [
        f"plants.{name}: no ramp is given, taken as nameplate from the first day"
        for name in study.plants
        if _ramp(study, name)[1] is None
    ]
    return found


def shock_scale(
    study: Study, figures: Figures, plant: str, what: str, periods: Sequence[str], without: Sequence[str]
) -> NDArray[np.float64]:
    """What the shocks on a plant's ``what`` leave of each month, weighted by days (member, period)."""
    variable = "shock_scale" if what == "output" else "export_scale"
    spells = []
    for name, shock in study.shocks.items():
        if shock.leaves is None or shock.end is None:
            continue
        if shock.plant == plant and (shock.what or "output") == what and name not in without:
            leaves = figures.drawn(variable, f"shocks.{name}.leaves", shock.leaves, "ratio")
            figures.note(variable, f"shocks.{name}.start")
            figures.note(variable, f"shocks.{name}.end")
            spells.append((shock.start.first, shock.end.last, leaves))
    left = np.ones((figures.count, len(periods)))
    for place, month in enumerate(periods):
        if any(first.isoformat()[:7] <= month <= last.isoformat()[:7] for first, last, _ in spells):
            left[:, place] = left_of_month(spells, month)
    return left


def _capacity_and_ramp(
    study: Study, figures: Figures, name: str, periods: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Open capacity, weighted by days in the month of opening, and the share of it in use (member, period).

    Each tranche learns from its own opening; the plant's share is the mean over open tranches by capacity.
    """
    path, ramp = _ramp(study, name)
    curve = ramp.curve if ramp is not None else "immediate"
    months = np.zeros(figures.count)
    if ramp is not None and ramp.months_to_nameplate is not None:
        months = figures.drawn("ramp", f"{path}.months_to_nameplate", ramp.months_to_nameplate, "month")
    elif curve != "immediate":
        raise StudyError(f"{path}: curve '{curve}' needs months_to_nameplate, as in '24 month [source]'")
    capacity = np.zeros((figures.count, len(periods)))
    in_use = np.zeros_like(capacity)
    for written, quantity, opens in _tranches(study.plants[name], f"plants.{name}"):
        items = items_of(
            study, figures, "capacity", f"{written}.capacity", quantity, study.plants[name].makes, "/month"
        )
        open_share, age = np.ones(len(periods)), np.full(len(periods), np.inf)
        if opens is not None:
            open_share, age = share_from(opens.first, periods), age_at(opens.first, periods)
            for variable in ("capacity", "ramp"):
                figures.note(variable, f"{written}.opens")
        tranche = items[:, None] * open_share
        capacity += tranche
        in_use += tranche * ramp_share(curve, age, months[:, None])
    share = np.divide(in_use, capacity, out=np.zeros_like(capacity), where=capacity > 0)
    return capacity, np.minimum(share, 1.0)


def _tranches(plant: Plant, path: str) -> Iterator[tuple[str, Quantity, Day | None]]:
    """The path of each block of capacity, its size, and when it opens; None where it opened before all months."""
    if plant.capacity is not None:
        yield path, plant.capacity, plant.opens
    for number, tranche in enumerate(plant.tranches):
        yield f"{path}.tranches.{number}", tranche.capacity, tranche.opens


def _shares(study: Study, name: str) -> Iterator[tuple[str, str, Quantity | None]]:
    """The variable, the path and the figure of a plant's availability and yield, its own before its technology's."""
    plant, (kind, technology) = study.plants[name], _technology(study, name)
    for variable, written in (("availability", "availability"), ("yield_rate", "yield")):
        own = getattr(plant, variable)
        if own is not None:
            yield variable, f"plants.{name}.{written}", own
        else:
            yield variable, f"{kind}.{written}", getattr(technology, variable, None)


def _ramp(study: Study, name: str) -> tuple[str, Ramp | None]:
    kind, technology = _technology(study, name)
    own = study.plants[name].ramp
    if own is not None or technology is None:
        return f"plants.{name}.ramp", own
    return f"{kind}.ramp", technology.ramp


def _technology(study: Study, name: str) -> tuple[str, PlantTechnology | None]:
    kind = study.plants[name].technology
    technology = study.technologies.get(kind) if kind else None
    return f"technologies.{kind}", technology if technology is not None and technology.kind == "plant" else None
