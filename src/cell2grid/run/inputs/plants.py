"""A study's plants as the arrays that the engines ``capability`` and ``supply`` read.

What a plant does not say comes from its technology (``plant_kind.py``); what neither says is taken as a plant that runs
without loss or limit, and ``defaults`` lists each such case for the manifest. Blocks, ramps, yields and outages are in
``plant_capability.py``, planned stops and shifts in ``working_time.py``, shocks in ``shocks.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.drawn.figures import item_energy, items_of
from cell2grid.run.inputs.plant_capability import capability_values, learning, ramp_curves
from cell2grid.run.inputs.plant_kind import said
from cell2grid.run.inputs.working_time import shift_scale, shutdown_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plant_capability import Values as Values
    from cell2grid.run.inputs.shocks import Shocks
    from cell2grid.study.model import Study

_MONTHLY = ("availability", "shutdown_scale", "shift_scale", "shock_scale")
_BY_PLANT = ("item_energy", "process_time", "stock_limit", "learning_items", "learning_start")


def plant_labels(study: Study) -> dict[str, tuple[str, list[str]]]:
    """The words on plants that the engines read, by name with the dim they lie on."""
    plants = study.plants.values()
    return {
        "makes": ("plant", [plant.makes for plant in plants]),
        "noun": ("plant", [study.products[plant.makes].counted_in for plant in plants]),
        "ramp_curve": ("plant", ramp_curves(study)),
    }


def plant_values(study: Study, figures: Figures, periods: Sequence[str], shocks: Shocks) -> Values:
    """The numbers on plants that the engines read, by name with their dims, for the members of ``figures``.

    Raises
    ------
    StudyError
        A ramp has no length; an energy stands for items of a product whose energy is not known; outages are too short
        to be followed one by one; shifts have no hours to be held against.
    """
    shape = (figures.count, len(study.plants), len(periods))
    monthly = {name: np.ones(shape) for name in _MONTHLY}
    by_plant = {name: np.empty(shape[:2]) for name in _BY_PLANT}
    for place, (name, plant) in enumerate(study.plants.items()):
        path, availability = said(study, name, "availability")
        if availability is not None:
            share = figures.drawn("availability", path, availability, "ratio")
            monthly["availability"][:, place] = share[:, None]
        monthly["shutdown_scale"][:, place] = shutdown_scale(study, figures, name, periods)
        monthly["shift_scale"][:, place] = shift_scale(study, figures, name, periods)
        monthly["shock_scale"][:, place] = shocks.of_plant(plant, name, "output")
        by_plant["item_energy"][:, place] = item_energy(study, figures, plant.makes)
        by_plant["process_time"][:, place] = _process_time(study, figures, name)
        by_plant["stock_limit"][:, place] = _stock_limit(study, figures, name)
        by_plant["learning_items"][:, place], by_plant["learning_start"][:, place] = learning(study, figures, name)
    return {
        **capability_values(study, figures, periods),
        **{name: (("member", "plant", "period"), values) for name, values in monthly.items()},
        **{name: (("member", "plant"), values) for name, values in by_plant.items()},
        "input_per_item": (("member", "plant", "product"), _inputs(study, figures)),
    }


def defaults(study: Study) -> list[str]:
    """What the study does not say of its plants, and what it is taken as, one sentence each.

    >>> from cell2grid.study.loader import load_study
    >>> all("taken as" in sentence for sentence in defaults(load_study("shanghai-megapack").study))
    True
    """
    whole = {"yield_rate": "no scrap", "availability": "no stop but those that the study names"}
    found = [
        f"plants.{name}: {field.replace('_', ' ')} is not given, taken as 100 % ({meaning})"
        for name in study.plants
        for field, meaning in whole.items()
        if said(study, name, field).value is None
    ]
    for name in study.plants:
        ramp = said(study, name, "ramp").value
        if ramp is None:
            found.append(f"plants.{name}: no ramp is given, taken as nameplate from the first day")
        elif ramp.curve == "learning" and ramp.starts_at is None:
            found.append(f"plants.{name}: starts_at is not given, taken as 1 % of capacity, as an S-curve starts")
    limits = {"outages": "none", "process_time": "none", "stock_limit": "no limit"}
    for name in study.plants:
        missing = {field: taken for field, taken in limits.items() if _limit(study, name, field) is None}
        if missing:
            words = ", ".join(f"{field.replace('_', ' ')} taken as {taken}" for field, taken in missing.items())
            found.append(f"plants.{name}: not given: {words}")
    return found


def _limit(study: Study, name: str, field: str) -> object:
    return study.plants[name].stock_limit if field == "stock_limit" else said(study, name, field).value


def _process_time(study: Study, figures: Figures, name: str) -> NDArray[np.float64]:
    path, time = said(study, name, "process_time")
    return np.zeros(figures.count) if time is None else figures.drawn("process_time", path, time, "month")


def _stock_limit(study: Study, figures: Figures, name: str) -> NDArray[np.float64]:
    plant = study.plants[name]
    if plant.stock_limit is None:
        return np.full(figures.count, np.inf)
    return items_of(study, figures, "stock_limit", f"plants.{name}.stock_limit", plant.stock_limit, plant.makes)


def _inputs(study: Study, figures: Figures) -> NDArray[np.float64]:
    """Items of each product that a plant takes in for one that it starts (member, plant, product)."""
    products, made = list(study.products), {plant.makes for plant in study.plants.values()}
    needs = np.zeros((figures.count, len(study.plants), len(products)))
    for place, (name, plant) in enumerate(study.plants.items()):
        for number, need in enumerate(plant.inputs):
            if study.products[need.product].external is not None and need.product in made:
                continue  # the study says that it can always be had from outside, and not from these plants alone
            path = f"plants.{name}.inputs.{number}.per_item"
            taken = figures.drawn("input_per_item", path, need.per_item, "item/item")
            needs[:, place, products.index(need.product)] += taken
    return needs
