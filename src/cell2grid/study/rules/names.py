"""Rules on names: every reference meets something of the study, and every figure has a source.

Which figures fit each other is in ``rules/figures.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cell2grid.study.model import Shock, Study
from cell2grid.study.quantity import figures, references
from cell2grid.study.refusals import Problem, near
from cell2grid.study.rules.observed import BY_TERM, OF_SIDES, SIDES, observable
from cell2grid.study.yaml_tree import KeyPath

_Reference = tuple[KeyPath, str | None, Collection[str], str]


def names_exist(study: Study) -> Iterator[Problem]:
    """Each name that stands for another part of the study is one."""
    for path, name, known, what in _references(study):
        if name is not None and name not in known:
            yield Problem(path, f"'{name}' is not among the {what}; {near(name, known, what=what)}")


def _references(study: Study) -> Iterator[_Reference]:
    yield from _of_plants(study)
    yield from _of_trade(study)
    yield from _of_projects(study)
    yield from _of_records(study)


def _of_plants(study: Study) -> Iterator[_Reference]:
    plant_kinds = {name for name, technology in study.technologies.items() if technology.kind == "plant"}
    for name, firm in study.firms.items():
        yield ("firms", name, "region"), firm.region, study.regions, "regions"
    for index, stake in enumerate(study.stakes):
        yield ("stakes", index, "company"), stake.company, study.firms, "firms"
        yield ("stakes", index, "holder"), stake.holder, study.firms, "firms"
    for name, plant in study.plants.items():
        yield ("plants", name, "owner"), plant.owner, study.firms, "firms"
        yield ("plants", name, "region"), plant.region, study.regions, "regions"
        yield ("plants", name, "makes"), plant.makes, study.products, "products"
        yield ("plants", name, "technology"), plant.technology, plant_kinds, "technologies of plants"
        for index, need in enumerate(plant.inputs):
            yield ("plants", name, "inputs", index, "product"), need.product, study.products, "products"


def _of_trade(study: Study) -> Iterator[_Reference]:
    for index, lane in enumerate(study.lanes):
        yield ("lanes", index, "origin"), lane.origin, study.regions, "regions"
        yield ("lanes", index, "destination"), lane.destination, study.regions, "regions"
        yield ("lanes", index, "product"), lane.product, study.products, "products"
    for index, duty in enumerate(study.duties):
        yield ("duties", index, "destination"), duty.destination, study.regions, "regions"
        yield ("duties", index, "origin"), duty.origin, study.regions, "regions"
        yield ("duties", index, "firm"), duty.firm, study.firms, "firms"
        yield ("duties", index, "product"), duty.product, study.products, "products"
    for name, market in study.markets.items():
        yield ("markets", name, "region"), market.region, study.regions, "regions"
        yield ("markets", name, "product"), market.product, study.products, "products"
    for name, prices in study.prices.items():
        yield ("prices", name, "region"), prices.region, study.regions, "regions"


def _of_projects(study: Study) -> Iterator[_Reference]:
    storage_kinds = {name for name, technology in study.technologies.items() if technology.kind == "storage"}
    for name, project in study.projects.items():
        yield ("projects", name, "region"), project.region, study.regions, "regions"
        yield ("projects", name, "technology"), project.technology, storage_kinds, "technologies of storage"
        yield ("projects", name, "prices"), project.prices, study.prices, "prices"
        if project.order is not None:
            yield ("projects", name, "order", "plant"), project.order.plant, study.plants, "plants"
            yield ("projects", name, "order", "product"), project.order.product, study.products, "products"
    for name, order in study.orders.items():
        yield ("orders", name, "plant"), order.plant, study.plants, "plants"
        yield ("orders", name, "product"), order.product, study.products, "products"
        yield ("orders", name, "market"), order.market, study.markets, "markets"
        yield ("orders", name, "region"), order.region, study.regions, "regions"


def _of_records(study: Study) -> Iterator[_Reference]:
    for name, shock in study.shocks.items():
        yield from _of_shock(study, ("shocks", name), shock)
    results = observable()
    observed = {*study.plants, *study.projects, *study.regions, *study.firms}
    sold = {*observed, *study.markets, *study.products, *study.groups}
    for name, observation in study.observations.items():
        yield ("observations", name, "variable"), observation.variable, results, "monthly results"
        if observation.variable in OF_SIDES:
            yield ("observations", name, "of"), observation.of, SIDES, "sides"
        elif observation.variable in BY_TERM:
            what = "plants, firms, regions, products, markets and groups"
            yield ("observations", name, "of"), observation.of, sold, what
        else:
            yield ("observations", name, "of"), observation.of, observed, "plants, projects, regions and firms"
    for name, counterfactual in study.counterfactuals.items():
        yield ("counterfactuals", name, "plant"), counterfactual.plant, study.plants, "plants"
        for index, shock_name in enumerate(counterfactual.without):
            yield ("counterfactuals", name, "without", index), shock_name, study.shocks, "shocks"
    for index, seen in enumerate(study.calibration.on if study.calibration is not None else ()):
        yield ("calibration", "on", index), seen, study.observations, "observations"


def _of_shock(study: Study, path: KeyPath, shock: Shock) -> Iterator[_Reference]:
    yield (*path, "plant"), shock.plant, study.plants, "plants"
    yield (*path, "region"), shock.region, study.regions, "regions"
    yield (*path, "product"), shock.product, study.products, "products"
    yield (*path, "market"), shock.market, study.markets, "markets"
    if shock.lane is not None:
        yield (*path, "lane", "origin"), shock.lane.origin, study.regions, "regions"
        yield (*path, "lane", "destination"), shock.lane.destination, study.regions, "regions"
        yield (*path, "lane", "product"), shock.lane.product, study.products, "products"


def figures_have_sources(study: Study) -> Iterator[Problem]:
    """No source, no number; and each source is one of the study."""
    for path, figure in figures(study):
        if figure.unfilled:
            continue
        if not figure.sources:
            yield Problem(
                path,
                f"'{figure.text}' has no source; add one in brackets, as in "
                f"'{figure.text} [source-key]' or '{figure.text} [assumed: why]'",
            )
        for reference in figure.sources:
            if reference.source is not None and reference.source not in study.sources:
                yield _no_source(study, path, reference.source)


def texts_have_sources(study: Study) -> Iterator[Problem]:
    """What is said in words (unlimited demand, a product from outside, a price file) has its source or reason too."""
    texts: list[tuple[KeyPath, str | None]] = []
    for name, market in study.markets.items():
        texts += [
            (("markets", name, "demand", row, "unlimited"), demand.unlimited)
            for row, demand in enumerate(market.demand)
        ]
    texts += [(("products", name, "external"), product.external) for name, product in study.products.items()]
    texts += [(("prices", name, "source"), prices.source) for name, prices in study.prices.items()]
    for path, text in texts:
        if text is None:
            continue
        try:
            found = references(text)
        except ValueError as error:
            yield Problem(path, f"{error}")
            continue
        for reference in found:
            if reference.source is not None and reference.source not in study.sources:
                yield _no_source(study, path, reference.source)
    for name, prices in study.prices.items():
        if prices.file is not None and prices.source is None:
            path = ("prices", name)
            yield Problem(path, f"file '{prices.file}' has no source; add 'source: source-key'", key=True)


def _no_source(study: Study, path: KeyPath, key: str) -> Problem:
    return Problem(path, f"source '{key}' is not in sources; {near(key, study.sources, what='sources')}")
