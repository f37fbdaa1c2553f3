"""How concentrated the capacity of each product is on a day: by who runs the plants, and by whose they are in the end.

Only plants of the study are counted, at the middle of their capacity, so that it is the concentration of what the study
knows and not that of a market of which it holds a part. What counts as concentrated is in ``bands.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from cell2grid.formulas.concentration import Concentration, concentration
from cell2grid.run.owners.capacity import open_capacity

if TYPE_CHECKING:
    from cell2grid.run.owners.companies import Stakes
    from cell2grid.study.model import Study

OPERATED, ATTRIBUTABLE = "operated", "attributable"


@dataclass(frozen=True, slots=True)
class Market:
    """The concentration of a product's capacity: how many firms have it, what is unknown, and its measures' ends."""

    product: str
    basis: str
    firms: int
    unknown: float
    found: Concentration

    @property
    def bands(self) -> tuple[str | None, str | None]:
        """What the low and the high end of the index are called."""
        return band(self.found.index_low), band(self.found.index_high)


def markets(study: Study, stakes: Stakes, day: date) -> list[Market]:
    """Each product of which capacity is open, by operator and by ultimate owner."""
    rows = []
    for product in study.products:
        run: dict[str, float] = {}
        owned: dict[str, float] = {}
        for plant in study.plants.values():
            size = open_capacity(study, plant, day)[2] if plant.makes == product else 0.0
            if size > 0.0:
                run[plant.owner] = run.get(plant.owner, 0.0) + size
                for firm, share in stakes.ultimate(plant.owner).items():
                    owned[firm] = owned.get(firm, 0.0) + share * size
        whole = sum(run.values())
        for basis, sizes in ((OPERATED, run), (ATTRIBUTABLE, owned)) if whole > 0.0 else ():
            shares = [size / whole for size in sizes.values()]
            # what nobody is known to own could be anybody's, the largest firm's too
            found = concentration(shares, unknown_may_be_named=True)
            rows.append(Market(product, basis, len(shares), max(1.0 - sum(shares), 0.0), found))
    return rows


def band(index: float) -> str | None:
    """What an index of Herfindahl and Hirschman is called; None where it has no name.

    >>> band(2500.0), band(900.0)
    ('highly concentrated', None)
    """
    above = [row for row in bands() if index > row["above"]]
    return str(max(above, key=lambda row: float(row["above"]))["called"]) if above else None


@cache
def bands() -> tuple[dict[str, Any], ...]:
    """The names of ``bands.yaml`` with what they are above and who says so."""
    text = resources.files("cell2grid.run.owners").joinpath("bands.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))
