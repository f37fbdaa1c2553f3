"""Service files: reserve and regulation services, those that ship and those that a user sells beside energy.

A service that ships is a file of ``study/services``, with the source of every figure and without a price. A user's file
lists services by the names of those, or of its own, and gives each a price; its sources are optional. What the words
mean over the steps of a price series is worked out in ``cell2grid.run.services``; columns of prices are read there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from cell2grid.errors import StudyError, UnitError
from cell2grid.study.model import Source
from cell2grid.study.plants import Name
from cell2grid.study.quantity import Frozen, In, Quantity, Share, figures
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import KeyPath, Tree, load_tree, parse_tree
from cell2grid.units import canonical, currency, parse_magnitude, same_kind

Hours = Annotated[Quantity, In("hour", at_least=0)]
Power = Annotated[Quantity, In("MW", at_least=0)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["23:00"])]
Until = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["20:00"])]

MOST_SERVICES = 50


class Column(Frozen):
    """A column of a file of prices; the path counts from the folder of the file that names it."""

    file: Annotated[str, Field(min_length=1, max_length=1000)]
    """A CSV, Parquet or Excel file with a column of time stamps."""
    column: str = "price"
    """The column."""
    unit: str | None = None
    """The unit, as in EUR/MW/hour, or EUR/MW for the price of a whole block."""
    time_column: str | None = None
    """The column of stamps, where it cannot be told."""
    timezone: str | None = None
    """The zone whose clocks wrote stamps without an offset, as in Europe/Berlin."""


class Called(Frozen):
    """How much of an award is called one way, and what a called MWh earns or costs."""

    share: Share | None = None
    """The share of the award that is called, on average."""
    paid: Literal["market", "none"] | None = None
    """Whether a call is paid at the market price, or not at all; at the market price without it."""
    adder: Quantity | None = None
    """What a call earns, or costs, more than the market price."""
    price: Quantity | None = None
    """One price of all calls instead."""
    prices: Column | None = None
    """A column of prices of calls instead."""

    @model_validator(mode="after")
    def _one_price(self) -> Called:
        said = [name for name in ("adder", "price", "prices") if getattr(self, name) is not None]
        if self.paid == "none":
            said.append("paid: none")
        if len(said) > 1:
            raise ValueError(f"{' and '.join(said)} are two prices of one call; keep one")
        return self


class Mileage(Frozen):
    """What is paid for the ups and downs of a regulation signal."""

    ratio: Quantity
    """MW of movement for each MW awarded, in an hour, as in '5 ratio/hour'."""
    price: Quantity | None = None
    """For each MW of movement, as in '0.5 USD/MW'."""
    prices: Column | None = None
    """A column of such prices instead."""
    accuracy: Share | None = None
    """The share of the movement that is paid."""

    @model_validator(mode="after")
    def _one_price(self) -> Mileage:
        _one_of(self.price, self.prices)
        return self


class Available(Frozen):
    """The hours of the day in which a service is sold, on the clocks of its zone."""

    begins: Clock
    """The first moment, as in 08:00."""
    ends: Until
    """The last moment, as in 20:00 or 24:00; before ``begins`` for a night."""


def _one_of(price: Quantity | None, prices: Column | None) -> None:
    if (price is None) == (prices is None):
        fault = "has no price; write 'price', or 'prices' with a column of a file"
        raise ValueError(fault if price is None else "has both 'price' and 'prices'; keep one")


class Terms(Frozen):
    """What a service asks for and pays; each is optional here, for a user's file may take it from one that ships."""

    title: str | None = None
    """What it is called in words."""
    direction: Literal["up", "down", "symmetric"] | None = None
    """More power to the grid, more from it, or both with one award."""
    duration: Hours | None = None
    """How long the full award must be sustained: energy held behind it, or room for it."""
    duration_down: Hours | None = None
    """The same downward, where it differs."""
    called_up: Called | None = None
    """Calls upward; none without it."""
    called_down: Called | None = None
    """Calls downward; none without it."""
    block: Hours | None = None
    """The length of the blocks that it is sold in; without it each step has its own award."""
    block_begins: Clock | None = None
    """A clock time at which a block begins, as in 23:00; midnight without it."""
    zone: str | None = None
    """The zone on whose clocks blocks and hours are counted; that of the prices without it."""
    minimum: Power | None = None
    """The least bid."""
    maximum: Power | None = None
    """The largest bid."""
    available: Available | None = None
    """The hours of the day in which it is sold."""
    performance: Share | None = None
    """The share of the price that is paid for how well the signal is followed."""
    mileage: Mileage | None = None
    """What is paid for movement besides."""

    @model_validator(mode="after")
    def _together(self) -> Terms:
        for way, other in (("up", "down"), ("down", "up")):
            if self.direction == way and getattr(self, f"called_{other}") is not None:
                raise ValueError(f"a service {way} takes no called_{other}; leave it out, or make it symmetric")
        if self.direction != "symmetric" and self.direction is not None and self.duration_down is not None:
            raise ValueError("duration_down is for a symmetric service; write duration")
        return self


class ServiceFile(Frozen):
    """A service that ships, and the sources of its figures."""

    service: Terms
    sources: dict[Name, Source] = {}


class Entry(Terms):
    """A service of a user's file: its terms, or those of one that ships with some of them changed, and its price."""

    service: Name | None = None
    """The name of a service that ships."""
    name: Name | None = None
    """What the service is called here; without it the name of the one that ships."""
    price: Quantity | None = None
    """What an awarded MW earns: '8 EUR/MW/hour', or '30 EUR/MW' for a whole block."""
    prices: Column | None = None
    """A column of such prices instead."""

    @model_validator(mode="after")
    def _one_price(self) -> Entry:
        _one_of(self.price, self.prices)
        return self


class ReserveFile(Frozen):
    """A user's file: the services that are sold beside energy."""

    services: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=MOST_SERVICES)]
    sources: dict[Name, Source] = {}


class Service(Frozen):
    """A service with a name, its terms and its price; ``folder`` is where files that it names are looked for."""

    name: str
    terms: Terms
    price: Quantity | Column
    folder: Path


@cache
def shipped_services() -> Mapping[str, ServiceFile]:
    """The services that ship, by name.

    Raises
    ------
    StudyError
        A file of the package is not one.

    >>> sorted(shipped_services())[:3]
    ['afrr-down', 'afrr-up', 'dynamic-containment-high']
    """
    folder = Path(str(resources.files("cell2grid"))).joinpath("study", "services")
    return MappingProxyType({path.stem: _shipped(path) for path in sorted(folder.glob("*.yaml"))})


def _shipped(path: Path) -> ServiceFile:
    tree = load_tree(path)
    try:
        found = ServiceFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, ServiceFile), tree) from None
    problems = [*_of_terms(found.service, ("service",)), *_of_sources(found, found.sources)]
    problems += [
        Problem(path, f"'{figure.text}' has no source; every figure that ships has one")
        for path, figure in figures(found)
        if not figure.sources
    ]
    problems += _lacking(found.service, ("service",))
    if problems:
        raise refusal(problems, tree)
    return found


def read_services(path: Path | str) -> tuple[Service, ...]:
    """The services of a user's YAML file, checked; columns of prices are named and not yet read.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, names no service that ships, or a figure is of
        another kind or outside its range; each problem has its line and column.
    """
    path = Path(path)
    return _services(load_tree(path), path.parent)


def parse_services(text: str, *, name: str = "reserve", folder: Path = Path()) -> tuple[Service, ...]:
    """The services that a YAML text spells; raises as ``read_services`` does, with ``name`` for the file.

    >>> parse_services("services: [{service: fcr, price: 8 EUR/MW/hour}]")[0].terms.direction
    'symmetric'
    """
    return _services(parse_tree(text, name=name), folder)


def _services(tree: Tree, folder: Path) -> tuple[Service, ...]:
    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no file of services; it begins with 'services:'")], tree)
    try:
        file = ReserveFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, ReserveFile), tree) from None
    problems = list(_of_sources(file, file.sources))
    found: list[Service] = []
    for i, entry in enumerate(file.services):
        at: KeyPath = ("services", i)
        name = entry.name or entry.service
        if name is None:
            problems.append(Problem(at, "has no name; write 'name', or 'service' with one that ships"))
            continue
        if name in [one.name for one in found]:
            problems.append(Problem(at, f"'{name}' stands twice; give one another 'name'"))
        if entry.service is not None and entry.service not in shipped_services():
            hint = near(entry.service, shipped_services(), what="services that ship")
            problems.append(Problem((*at, "service"), f"no service '{entry.service}' ships; {hint}"))
            continue
        try:
            service = Service(name=name, terms=_merged(entry), price=_price(entry), folder=folder)
        except ValidationError as error:
            problems.append(Problem(at, str(error.errors()[0].get("ctx", {}).get("error", error.errors()[0]["msg"]))))
            continue
        problems += [*_of_terms(service.terms, at), *_lacking(service.terms, at), *_of_price(service, at)]
        found.append(service)
    if problems:
        raise refusal(problems, tree)
    return tuple(found)


def _price(entry: Entry) -> Quantity | Column:
    # the model has seen to it that there is one
    return entry.price if entry.price is not None else entry.prices  # type: ignore[return-value]


def _merged(entry: Entry) -> Terms:
    """The terms of an entry: its own, and elsewhere those of the service that ships."""
    own = {name: getattr(entry, name) for name in entry.model_fields_set if name in Terms.model_fields}
    base = {} if entry.service is None else dict(shipped_services()[entry.service].service)
    for way in ("called_up", "called_down"):
        if own.get(way) is not None and base.get(way) is not None:
            # another share leaves the price of a call, another price leaves the share
            changed = {name: getattr(own[way], name) for name in own[way].model_fields_set}
            kept = {"share": base[way].share} if set(changed) - {"share"} else dict(base[way])
            own[way] = Called.model_validate({**kept, **changed})
    return Terms.model_validate({**base, **own})


def _lacking(terms: Terms, at: KeyPath) -> Iterator[Problem]:
    for name in ("direction", "duration"):
        if getattr(terms, name) is None:
            yield Problem(at, f"'{name}' is missing; add it, or 'service' with one that ships", key=True)


def _of_sources(part: Frozen, sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Sources that figures name and the file does not have."""
    for path, figure in figures(part):
        for reference in figure.sources:
            if reference.source is not None and reference.source not in sources:
                hint = near(reference.source, sources, what="sources")
                yield Problem(path, f"'{reference.source}' is not in sources; {hint}")


def _of_terms(terms: Terms, at: KeyPath) -> Iterator[Problem]:
    """What the models cannot see: ranges, units of money, blocks and bids that contradict one another."""
    for path, figure in figures(terms):
        if figure.unfilled or getattr(figure, "magnitude", None) is None or _ranges(figure):
            yield Problem((*at, *path), f"'{figure.text}' is not one number; write one")
    for way in ("called_up", "called_down"):
        called = getattr(terms, way)
        for name in () if called is None else ("adder", "price"):
            given = getattr(called, name)
            if given is not None:
                yield from _unit(given.unit, (*at, way, name), "MWh", given.text)
    if terms.mileage is not None:
        if not same_kind(terms.mileage.ratio.unit, "ratio/hour"):
            text = terms.mileage.ratio.text
            yield Problem((*at, "mileage", "ratio"), f"'{text}' is not in ratio/hour; write it as in '5 ratio/hour'")
        if terms.mileage.price is not None:
            yield from _unit(terms.mileage.price.unit, (*at, "mileage", "price"), "MW", terms.mileage.price.text)
    if terms.block is not None and terms.block.to("hour").mode <= 0.0:
        yield Problem((*at, "block"), f"'{terms.block.text}' is not above 0; leave it out for no blocks")
    if terms.minimum is not None and terms.maximum is not None:
        least, most = (part.to("MW").mode for part in (terms.minimum, terms.maximum))
        if least > most:
            yield Problem((*at, "minimum"), f"'{terms.minimum.text}' is above the maximum of {most:g} MW; lower it")


def _ranges(figure: Any) -> bool:
    return bool(figure.magnitude.low != figure.magnitude.high)


def _of_price(service: Service, at: KeyPath) -> Iterator[Problem]:
    """A price for standing by is per MW and hour, or per MW and block where there are blocks."""
    price, path = service.price, (*at, "price")
    if isinstance(price, Quantity) and _ranges(price):
        yield Problem(path, f"'{price.text}' is not one number; write one")
    unit = price.unit
    if unit is None:
        return
    try:
        parts = canonical(unit).split("/")
    except UnitError as error:
        yield Problem(path, error.message)
        return
    per_hour = len(parts) == 3 and same_kind(parts[2], "hour")
    per_block = len(parts) == 2
    if currency(parts[0]) != parts[0] or not (per_hour or per_block) or not same_kind(parts[1], "MW"):
        written = price.text if isinstance(price, Quantity) else unit
        yield Problem(path, f"'{written}' is not money per MW and hour; write it as in '8 EUR/MW/hour'")
    elif per_block and service.terms.block is None:
        yield Problem(
            path, f"'{unit}' is the price of a block, and the service has none; write EUR/MW/hour, or 'block'"
        )


def _unit(unit: str, path: KeyPath, per: str, text: str) -> Iterator[Problem]:
    """Whether a unit is money per ``per``."""
    parts = canonical(unit).split("/")
    if len(parts) != 2 or currency(parts[0]) != parts[0] or not same_kind(parts[1], per):
        yield Problem(path, f"'{text}' is not money per {per}; write it as in '8 EUR/{per}'")


def money_per(text: str, unit: str) -> tuple[float, str]:
    """The number that a price is in ``currency/unit``, and its currency.

    >>> money_per("8 EUR/kW/hour", "MW/hour")
    (8000.0, 'EUR')
    """
    magnitude = parse_magnitude(re.sub(r"\[.*", "", text))
    paid_in = currency(magnitude.unit)
    if paid_in is None:
        raise StudyError(f"'{text}' names no currency; write it as in '8 EUR/{unit}'")
    return magnitude.to(f"{paid_in}/{unit}").mode, paid_in
