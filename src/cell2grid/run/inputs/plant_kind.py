"""What a plant says itself, and what its technology says where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cell2grid.study.model import PlantTechnology, Study

# fields whose key in the file is another word
_WRITTEN = {"yield_rate": "yield"}


class Said(NamedTuple):
    """Where in the study something stands, and what it says; None where neither plant nor technology says it."""

    path: str
    value: Any


def said(study: Study, plant: str, field: str) -> Said:
    """A field of the plant, or of its technology where the plant has none.

    >>> from cell2grid.study.loader import load_study
    >>> said(load_study("giga-shanghai-2022").study, "giga-shanghai", "yield_rate").path
    'technologies.car-plant.yield'
    """
    key = _WRITTEN.get(field, field)
    own = getattr(study.plants[plant], field)
    technology = _technology(study, plant)
    if own is not None or technology is None:
        return Said(f"plants.{plant}.{key}", own)
    return Said(f"technologies.{study.plants[plant].technology}.{key}", getattr(technology, field))


def _technology(study: Study, plant: str) -> PlantTechnology | None:
    technology = study.technologies.get(study.plants[plant].technology or "")
    return technology if technology is not None and technology.kind == "plant" else None
