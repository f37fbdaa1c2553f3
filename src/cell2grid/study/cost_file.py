"""Cost files: a technology's bill of materials, the plant that it is made in and the countries, checked together.

Shipped ones are called by name (``study/costs``); a file of one's own has the same form, may have its plant in it, and
countries besides those that ship. What the keys mean is in ``cost_parts.py``, what follows from them in
``cell2grid.run.costing``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.cost_parts import (
    CostCountry,
    CostPlant,
    CostTechnology,
    CountriesFile,
    PlantFile,
    Published,
    TechnologyFile,
)
from cell2grid.study.cost_rules import country_problems, plant_problems, technology_problems
from cell2grid.study.model import Source
from cell2grid.study.quantity import Frozen, figures
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import KeyPath, Tree, load_tree, parse_tree

_File = TypeVar("_File", PlantFile, TechnologyFile, CountriesFile)


@dataclass(frozen=True, slots=True)
class CostCase:
    """What a cost is reckoned from: the technology, its plant, the countries, and all their sources."""

    name: str
    technology: CostTechnology
    plant_name: str
    plant: CostPlant
    published: Published | None
    countries: Mapping[str, CostCountry]
    sources: Mapping[str, Source]
    unsourced: tuple[str, ...]

    @property
    def reference(self) -> CostCountry:
        """The country whose plants cost what the steps say."""
        return self.countries[self.plant.reference]


def cost_technologies() -> tuple[str, ...]:
    """The technologies that ship.

    >>> cost_technologies()
    ('lfp-graphite', 'nmc622-graphite', 'nmc811-graphite')
    """
    return tuple(_names("technologies"))


def cost_case(technology: Path | str) -> CostCase:
    """The case of a technology that ships, or of a file.

    Raises
    ------
    StudyError
        There is neither; or an unknown or missing key, a figure of the wrong kind or outside its range, another
        currency, or a rate, stream, plant or country that is not there: each with its line and column.

    >>> cost_case("lfp-graphite").plant_name
    'batpac-5'
    """
    path = Path(technology)
    named = str(technology)
    if not path.is_file():
        if named not in _names("technologies"):
            if path.suffix.lower() in (".yaml", ".yml") or path.parent != Path("."):
                raise StudyError("there is no such file; check the path", where=named[:200])
            shipped = near(named[:100], cost_technologies(), what="technologies that ship")
            raise StudyError(f"'{named[:100]}' is neither a file nor a technology that ships; {shipped}")
        path = _names("technologies")[named]
    return _case(load_tree(path), path.stem)


def parse_cost(text: str, *, name: str = "cost") -> CostCase:
    """The case that a YAML text spells; raises as ``cost_case`` does, with ``name`` for the file."""
    return _case(parse_tree(text, name=name), name)


def _case(tree: Tree, name: str) -> CostCase:
    file = _modelled(tree, TechnologyFile, "technology")
    technology = file.technology
    plant, published, sources, plant_name = _plant_of(technology, tree)
    countries = {**_countries().countries, **file.countries}
    problems = [
        *_unknown_sources(file, file.sources),
        *country_problems(file.countries, plant.currency, ("countries",)),
        *(plant_problems(plant, ("technology", "plant")) if isinstance(technology.plant, CostPlant) else ()),
    ]
    if plant.reference not in countries:
        known = near(plant.reference, countries, what="countries")
        problems.append(Problem(("technology", "plant"), f"no country '{plant.reference}' of the plant; {known}"))
    problems += technology_problems(technology, plant)
    if problems:
        raise refusal(problems, tree)
    return CostCase(
        name=name,
        technology=technology,
        plant_name=plant_name,
        plant=plant,
        published=published,
        countries=MappingProxyType({key: one for key, one in countries.items() if one.currency == plant.currency}),
        sources=MappingProxyType({**_countries().sources, **sources, **file.sources}),
        unsourced=tuple(".".join(map(str, path)) for path, figure in figures(file) if not figure.sources),
    )


def _plant_of(technology: CostTechnology, tree: Tree) -> tuple[CostPlant, Published | None, Mapping[str, Source], str]:
    if isinstance(technology.plant, CostPlant):
        return technology.plant, None, {}, technology.plant.title
    if technology.plant not in _names("plants"):
        known = near(technology.plant, _names("plants"), what="plants that ship")
        raise refusal([Problem(("technology", "plant"), f"no plant '{technology.plant}' ships; {known}")], tree)
    shipped = _shipped_plant(technology.plant)
    return shipped.plant, shipped.published, shipped.sources, technology.plant


@cache
def _shipped_plant(name: str) -> PlantFile:
    tree = load_tree(_names("plants")[name])
    file = _modelled(tree, PlantFile, "plant")
    problems = [*_unknown_sources(file, file.sources), *plant_problems(file.plant, ("plant",))]
    if problems:
        raise refusal(problems, tree)
    return file


@cache
def _countries() -> CountriesFile:
    tree = load_tree(_folder() / "countries.yaml")
    file = _modelled(tree, CountriesFile, "countries")
    problems = [
        *_unknown_sources(file, file.sources),
        *country_problems(file.countries, None, ("countries",)),
    ]
    if problems:
        raise refusal(problems, tree)
    return file


def _folder() -> Path:
    return Path(str(resources.files("cell2grid"))).joinpath("study", "costs")


@cache
def _names(kind: str) -> Mapping[str, Path]:
    return MappingProxyType({path.stem: path for path in sorted((_folder() / kind).glob("*.yaml"))})


def _modelled(tree: Tree, model: type[_File], begins: str) -> _File:
    if not isinstance(tree.value, dict):
        raise refusal([Problem((), f"is no cost file; it begins with '{begins}:'")], tree)
    try:
        return model.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, model), tree) from None


def _unknown_sources(file: Frozen, sources: Mapping[str, Source]) -> Iterator[Problem]:
    for path, figure in figures(file):
        for reference in figure.sources:
            if reference.source is not None and reference.source not in sources:
                place: KeyPath = path
                known = near(reference.source, sources, what="sources")
                yield Problem(place, f"'{reference.source}' is not in sources; {known}")
