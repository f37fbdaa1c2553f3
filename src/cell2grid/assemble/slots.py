"""The places of a study that a claim can fill: what is measured there, of whom, in which period.

Nothing here reads claims; ``matching.py`` holds claims against these places.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cell2grid.study.model import Named, Observation, Plant, Study
from cell2grid.study.quantity import Quantity

# What pages call a variable of the nomenclature.
MEASURES = {
    "exports": "exports",
    "output": "production",
    "home_sales": "sales",
    "delivered": "deliveries",
    "utilisation": "utilisation",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One figure of a study, in the terms of a claim.

    ``names`` are the names by which pages may call the subject; ``objects`` those of the object (a stake's company).
    ``extras`` are words that a page may add to a name without meaning something else: the owner's, the place's, and
    nouns such as *factory*; "Tesla Energy" is not "Tesla", and "Tesla's Shanghai factory" is "the Shanghai factory".
    The period is (first day, last day), both None where the figure holds at any time. A slot that only ``confirms``
    is never filled: a claim is evidence for it if it states the same value.
    """

    path: str
    measure: str
    names: frozenset[frozenset[str]]
    figure: Quantity | None
    unit: str
    objects: frozenset[frozenset[str]] = frozenset()
    extras: frozenset[str] = frozenset()
    period: tuple[str, str] | None = None
    confirms: bool = False

    @property
    def sourced(self) -> tuple[float, float] | None:
        """The figure's range where the study already has it from a source of its own; None for a gap or assumption."""
        if self.figure is None or self.figure.unfilled or all(source.assumed for source in self.figure.sources):
            return None
        magnitude = self.figure.to(self.unit)
        return magnitude.low, magnitude.high


# Legal forms, and words that many names share: they do not tell one name from another.
_LEGAL = frozenset(
    (
        *("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "plc", "ag", "se"),
        *("sa", "nv", "gmbh", "kg", "spa", "ab", "oyj", "group", "holding", "holdings", "the", "of"),
    )
)

_PLACES = frozenset(
    (
        *("plant", "factory", "gigafactory", "megafactory", "facility", "site", "works", "unit", "line", "new"),
        *("project", "battery", "storage", "station", "system", "bess", "standalone", "assembly"),
    )
)


def words(name: str) -> frozenset[str]:
    """The words of a name that tell it apart: lower case, without legal forms and punctuation.

    >>> sorted(words("Northvolt AB")), sorted(words("giga-shanghai"))
    (['northvolt'], ['giga', 'shanghai'])
    """
    spoken = re.sub(r"['’]s\b", "", name.casefold().replace("_", " "))
    found = frozenset(re.findall(r"\w+", spoken))
    return found - _LEGAL or found


def _names(key: str, thing: Named | None) -> frozenset[frozenset[str]]:
    said = [key] if thing is None else [key, thing.name or key, *thing.aliases]
    return frozenset(words(name) for name in said)


def slots(study: Study) -> tuple[Slot, ...]:
    """Every place of the study that a claim can fill or confirm, in the order of the file."""
    return (
        *_product_slots(study),
        *_plant_slots(study),
        *_stake_slots(study),
        *_capital_slots(study),
        *_project_slots(study),
        *_observation_slots(study),
        *_counterfactual_slots(study),
    )


def _product_slots(study: Study) -> Iterator[Slot]:
    for key, product in study.products.items():
        plants = {name: plant for name, plant in study.plants.items() if plant.makes == key}
        names = _names(key, product).union(*(_plant_names(study, name, plant) for name, plant in plants.items()))
        extras = frozenset({product.counted_in}).union(*(_plant_extras(study, plant) for plant in plants.values()))
        unit = f"MWh/{product.counted_in}"
        yield Slot(f"products.{key}.energy", "unit_energy", names, product.energy, unit, extras=extras)


def _plant_slots(study: Study) -> Iterator[Slot]:
    for key, plant in study.plants.items():
        if plant.tranches:
            continue
        product = study.products.get(plant.makes)
        unit = f"{product.counted_in}/year" if product else "item/year"
        unit = unit if plant.capacity is None else plant.capacity.unit
        names, extras = _plant_names(study, key, plant), _plant_extras(study, plant)
        yield Slot(f"plants.{key}.capacity", "capacity", names, plant.capacity, unit, extras=extras)


def _plant_names(study: Study, key: str, plant: Plant) -> frozenset[frozenset[str]]:
    """The plant's own names, and its owner's where the owner has no other plant here that a page could mean."""
    names = _names(key, plant)
    others = [name for name, other in study.plants.items() if other.owner == plant.owner and name != key]
    return names if others else names | _names(plant.owner, study.firms.get(plant.owner))


def _plant_extras(study: Study, plant: Plant) -> frozenset[str]:
    """Words that a page may add to the plant's name, or to its owner's: owner, region, product, *factory*."""
    owner = _names(plant.owner, study.firms.get(plant.owner))
    region = _names(plant.region, study.regions.get(plant.region))
    product = _names(plant.makes, study.products.get(plant.makes))
    return _PLACES.union(*owner, *region, *product)


def _stake_slots(study: Study) -> Iterator[Slot]:
    for index, stake in enumerate(study.stakes):
        holder = _names(stake.holder, study.firms.get(stake.holder))
        company = _names(stake.company, study.firms.get(stake.company))
        yield Slot(f"stakes.{index}.share", "stake", holder, stake.share, "percent", objects=company)


def _capital_slots(study: Study) -> Iterator[Slot]:
    for key, firm in study.firms.items():
        if firm.capital is not None:
            yield Slot(f"firms.{key}.capital", "capital", _names(key, firm), firm.capital, firm.capital.unit)


def _project_slots(study: Study) -> Iterator[Slot]:
    for key, project in study.projects.items():
        names = _names(key, project)
        extras = _PLACES.union(*_names(project.region, study.regions.get(project.region)))
        for measure, figure in (("power", project.power), ("energy", project.energy)):
            yield Slot(f"projects.{key}.{measure}", measure, names, figure, figure.unit, extras=extras)


def _observation_slots(study: Study) -> Iterator[Slot]:
    for key, seen in study.observations.items():
        measure = MEASURES.get(seen.variable)
        if measure is None:
            continue
        path, period = f"observations.{key}.value", _days(seen.start, seen.end)
        names, extras = _observed_names(study, seen)
        yield Slot(path, measure, names, seen.value, seen.value.unit, extras=extras, period=period)


def _observed_names(study: Study, seen: Observation) -> tuple[frozenset[frozenset[str]], frozenset[str]]:
    if seen.of in study.plants:
        plant = study.plants[seen.of]
        return _plant_names(study, seen.of, plant), _plant_extras(study, plant)
    things: tuple[Mapping[str, Named], ...] = (study.projects, study.regions, study.firms)
    return _names(seen.of, next((part[seen.of] for part in things if seen.of in part), None)), frozenset()


def _counterfactual_slots(study: Study) -> Iterator[Slot]:
    for key, case in study.counterfactuals.items():
        plant = study.plants.get(case.plant)
        if plant is None:
            continue
        period, region = _days(case.start, case.end), _names(plant.region, study.regions.get(plant.region))
        own, extras = _plant_names(study, case.plant, plant), _plant_extras(study, plant)
        for field, names, figure in (("total", region, case.total), ("own", own, case.own)):
            path = f"counterfactuals.{key}.{field}"
            yield Slot(path, "exports", names, figure, figure.unit, extras=extras, period=period, confirms=True)


def _days(start: str, end: str) -> tuple[str, str]:
    """The first and the last day of the months from ``start`` to ``end``."""
    year, month = (int(part) for part in end.split("-"))
    return f"{start}-01", f"{end}-{monthrange(year, month)[1]:02d}"
