"""What the parts of a study are called in IAMC data, and in which region a number of a run lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cell2grid.study.model import Study

if TYPE_CHECKING:
    from cell2grid.results import Results
    from cell2grid.study.model import Named

WORLD = "World"
ALL_PRODUCTS = "All Products"
# as IAMC templates write it, and pyam reads as a direction of trade
ARROW = ">"
_SIDES = {"home": "At Home", "abroad": "Abroad"}


@dataclass(frozen=True, slots=True)
class Names:
    """A study with what its regions, products, firms and plants are called."""

    study: Study
    regions: Mapping[str, str]
    products: Mapping[str, str]
    firms: Mapping[str, str]
    plants: Mapping[str, str]

    @classmethod
    def of(cls, results: Results) -> Names:
        """The names of a run's study; plants that could be built have theirs, too."""
        study = Study.model_validate_json(results.study_json)
        options = {} if study.investment is None else study.investment.options
        return cls(
            study,
            _called(study.regions),
            _called(study.products, titled=True),
            _called(study.firms),
            _called({**study.plants, **options}),
        )

    def of_row(self, of: str | None, region: str, row: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
        """The region of a row and the fields of its variable; None where the row is of something else."""
        fields = self._fields(of, row)
        place = None if fields is None else self._place(region, row)
        return None if fields is None or place is None else (place, fields)

    def _fields(self, of: str | None, row: Mapping[str, Any]) -> dict[str, str] | None:
        study, entity = self.study, row.get("entity")
        fields = {"products": self.all_products()}
        if row.get("firm") in self.firms:
            fields["firm"] = self.firms[row["firm"]]
        if isinstance(row.get("stage"), str):
            fields["stage"] = row["stage"].title()
        if isinstance(row.get("side"), str):
            fields["side"] = _SIDES.get(row["side"], row["side"].title())
        if of == "market":
            if row["market"] not in study.markets:
                return None
            fields["product"] = self.products[study.markets[row["market"]].product]
        elif of == "plant":
            name = row.get("plant", entity)
            plant = self._plant(name)
            if plant is None:
                return None
            fields |= {"plant": self.plants[name], "product": self.products[plant.makes]}
        elif of == "product":
            product = row.get("product", entity)
            if product not in self.products:
                return None
            fields["product"] = self.products[product]
        elif of == "group":
            fields["group"] = _plain(str(entity))
        return fields

    def _plant(self, name: Any) -> Any:
        options = {} if self.study.investment is None else self.study.investment.options
        return self.study.plants.get(name) or options.get(name)

    def all_products(self) -> str:
        """The one product of all plants and markets; ``All Products`` where there are several."""
        made = {plant.makes for plant in self.study.plants.values()}
        found = made | {market.product for market in self.study.markets.values()}
        return self.products[found.pop()] if len(found) == 1 else ALL_PRODUCTS

    def _place(self, region: str, row: Mapping[str, Any]) -> str | None:
        study = self.study
        if region == WORLD:
            return WORLD
        if region == "market":
            return self.regions.get(study.markets[row["market"]].region)
        plant = self._plant(row.get("plant", row.get("entity")))
        if region == "plant":
            return None if plant is None else self.regions.get(plant.region)
        if region == "lane":
            # what stays in a region is told of the region
            if plant is None or row["destination"] not in self.regions or plant.region == row["destination"]:
                return None
            return f"{self.regions[plant.region]}{ARROW}{self.regions[row['destination']]}"
        return self.regions.get(row[region])


def _called(parts: Mapping[str, Named], *, titled: bool = False) -> dict[str, str]:
    """What each part is called: its name, or its key; with the key where several have one name.

    >>> _called({"storage-system": type("P", (), {"name": None})()}, titled=True)
    {'storage-system': 'Storage System'}
    """
    said = {key: _plain(part.name or (key.replace("-", " ") if titled else key)) for key, part in parts.items()}
    if titled:
        said = {key: " ".join(word[0].upper() + word[1:] for word in name.split()) for key, name in said.items()}
    often = [name for name in said.values() if list(said.values()).count(name) > 1]
    return {key: f"{name} ({key})" if name in often else name for key, name in said.items()}


def _plain(name: str) -> str:
    """The name without what parts levels, stands for any text, or points from region to region."""
    for mark in ("|", "*", ARROW):
        name = name.replace(mark, "/")
    return " ".join(name.split())
