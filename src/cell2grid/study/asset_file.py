"""Asset files: one storage asset and the site it stands on, with the names that the dispatch engine has for them.

Sources are optional here. Numbers carry units; what changes with time is a column of another file. ``numbers`` gives
the plain numbers of the engine, in MW, MWh and the currency per MWh; ``asset_text.py`` writes such a file. What the
words mean for the schedule stands in docs/formulation/dispatch.md; networks of PyPSA are read in ``pypsa/reading.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

from cell2grid.errors import UnitError
from cell2grid.study.model import Source
from cell2grid.study.quantity import Frozen, In, Quantity, figures
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import KeyPath, Tree, load_tree, parse_tree
from cell2grid.units import convert, currency, same_kind

# numbers of units that take a plain number too, where no unit could be missing
_COUNTED = {"cycles_per_year": "year", "cycles_per_day": "day"}
_BEYOND = 1e9


class ColumnOf(Frozen):
    """A column of another file, with a value for each time step."""

    file: Annotated[str, Field(min_length=1, max_length=1000)]
    """A CSV, Parquet or Excel file, beside the asset file unless its path is absolute."""
    column: Annotated[str, Field(min_length=1, max_length=200)]
    """The header of the column."""
    unit: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    """The unit of its numbers, where the header does not say it."""


class OrNumber:
    """An annotation: a plain number is taken too, as a quantity without a unit."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_text, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "type": ["string", "number"]}


def _as_text(value: Any) -> Any:
    return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _per_energy(quantity: Quantity) -> Quantity:
    paid_in = currency(quantity.unit)
    if not same_kind(quantity.unit, f"{paid_in or 'ratio'}/MWh") and not (
        quantity.unit == "ratio" and quantity.magnitude.low == quantity.magnitude.high == 0.0
    ):
        raise ValueError(
            f"'{quantity.text}' is in {quantity.unit}; money per energy belongs here, as in '2 EUR/MWh', "
            "or '2 /MWh' in the money of the prices"
        )
    return quantity


def _not_below_zero(quantity: Quantity) -> Quantity:
    if quantity.magnitude.low < 0.0:
        raise ValueError(f"{quantity.text} is below 0, the least it can be")
    return quantity


def _count_in(span: str) -> AfterValidator:
    def check(quantity: Quantity) -> Quantity:
        try:
            _count(quantity, span)
        except UnitError:
            raise ValueError(
                f"'{quantity.text}' is in {quantity.unit}; cycles a {span} belong here, as in '300 cycle/{span}'"
            ) from None
        return _not_below_zero(quantity)

    return AfterValidator(check)


def _count(quantity: Quantity, span: str) -> float:
    """The cycles in a year or a day."""
    if quantity.unit in ("ratio", "cycle"):
        return quantity.magnitude.mode
    return convert(quantity.magnitude.mode, quantity.unit.replace("cycle", "ratio"), f"ratio/{span}")


def _one_or_column(value: Any) -> str:
    return "of a file" if isinstance(value, (dict, ColumnOf)) else "one"


Power = Annotated[Quantity, In("MW", at_least=0)]
Energy = Annotated[Quantity, In("MWh", at_least=0)]
Part = Annotated[Quantity, In("ratio", at_least=0, at_most=1), OrNumber()]
Money = Annotated[Quantity, AfterValidator(_per_energy), OrNumber()]
Cost = Annotated[Money, AfterValidator(_not_below_zero)]
_Column = Annotated[ColumnOf, Tag("of a file")]
PowerSeries = Annotated[Annotated[Power, Tag("one")] | _Column, Discriminator(_one_or_column)]
PartSeries = Annotated[Annotated[Part, Tag("one")] | _Column, Discriminator(_one_or_column)]
MoneySeries = Annotated[Annotated[Money, Tag("one")] | _Column, Discriminator(_one_or_column)]
Table = Annotated[tuple[tuple[Part, Part], ...], Field(min_length=1, max_length=1000)]


class AssetFile(Frozen):
    """One storage asset and its site. Only ``power`` and ``energy`` must be there."""

    asset: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """What the asset is called."""
    sources: dict[str, Source] = {}
    """The documents that figures name in square brackets."""
    power: PowerSeries
    """Most power taken from the grid, and sent to it where ``discharge_power`` is missing [MW]."""
    energy: Energy
    """Most energy stored [MWh]."""
    discharge_power: PowerSeries | None = None
    """Most power sent to the grid [MW]."""
    efficiency_charge: Part | None = None
    """Energy stored per energy taken; 1 where it is missing."""
    efficiency_discharge: Part | None = None
    """Energy sent per energy drawn from the store; 1 where it is missing."""
    efficiency_charge_by_power: Table | None = None
    """Pairs of a power, as a share of the largest charging limit, and the efficiency at it, powers rising."""
    efficiency_discharge_by_power: Table | None = None
    """Pairs of a power, as a share of the largest discharging limit, and the efficiency at it, powers rising."""
    charge_by_level: Table | None = None
    """Pairs of a level, as a share of ``energy``, and the share of the charging limit that is left there."""
    discharge_by_level: Table | None = None
    """Pairs of a level, as a share of ``energy``, and the share of the discharging limit that is left there."""
    start_fraction: Part | None = None
    """Energy stored before the first step, as a share of ``energy``; 0 where it is missing."""
    end_fraction: Part | None = None
    """Least energy stored after the last step, as a share of ``energy``; 0 where it is missing."""
    cyclic: bool | None = None
    """Whether the energy after the last step is that before the first, whatever it is."""
    energy_floor: PartSeries | None = None
    """Least energy after each step, as a share of ``energy``."""
    energy_ceiling: PartSeries | None = None
    """Most energy after each step, as a share of ``energy``."""
    self_discharge: Annotated[Quantity, In("ratio/hour", at_least=0, at_most=1)] | None = None
    """Share of the stored energy that is lost in an hour."""
    auxiliary_load: PowerSeries | None = None
    """Power that the asset takes for itself, whatever it does [MW]."""
    throughput_cost: Cost | None = None
    """Cost of each MWh taken and of each MWh sent, besides its price."""
    terminal_value: Money | None = None
    """What a MWh stored after the last step is worth."""
    terminal_worth: Annotated[tuple[tuple[Energy, Money], ...], Field(min_length=1, max_length=1000)] | None = None
    """What stored energy is worth at the end, from empty upwards: pairs of a length and its worth, worth falling."""
    buy_adder: MoneySeries | None = None
    """What a MWh from the grid costs besides the price: fees and taxes."""
    sell_adder: MoneySeries | None = None
    """What a MWh to the grid earns besides the price; a fee is below 0."""
    import_limit: PowerSeries | None = None
    """Most power from the grid at the connection [MW]."""
    export_limit: PowerSeries | None = None
    """Most power to the grid at the connection [MW]."""
    generation: PowerSeries | None = None
    """What sun and wind behind the connection could give; it may be curtailed [MW]."""
    load: PowerSeries | None = None
    """Power behind the connection that must be served [MW]."""
    cycles_per_year: Annotated[Quantity, _count_in("year"), OrNumber()] | None = None
    """Most full cycles in a year of 8,760 hours; a shorter series has its share."""
    cycles_per_day: Annotated[Quantity, _count_in("day"), OrNumber()] | None = None
    """Most full cycles in a day."""
    mode: Literal["exclusive", "relaxed"] | None = None
    """Whether charging and discharging in one step is excluded; ``exclusive`` where it is missing."""

    @property
    def currency(self) -> str | None:
        """The currency of the asset's costs; None where it has none, or they are in the money of the prices."""
        return next(iter(_currencies(self)), (None, None))[1]

    def columns(self) -> dict[str, ColumnOf]:
        """What changes with time, by the name of the key."""
        return {name: part for name in FIELDS if isinstance(part := getattr(self, name), ColumnOf)}

    def numbers(self, read: Callable[[str, ColumnOf], Any] | None = None) -> dict[str, Any]:
        """The asset in the plain numbers of the dispatch engine [MW, MWh, currency/MWh, ratio].

        Parameters
        ----------
        read
            Gives the numbers of a column over the time steps of the prices, for the name of the key and its column.

        Raises
        ------
        ValueError
            There is a column and nothing to read it with.

        >>> parse_asset("{power: 100 MW, energy: 0.4 GWh, efficiency_charge: 0.94}").numbers()
        {'power': 100.0, 'energy': 400.0, 'efficiency_charge': 0.94}
        """
        found: dict[str, Any] = {}
        for name in FIELDS:
            part = getattr(self, name)
            if isinstance(part, ColumnOf):
                if read is None:
                    raise ValueError(f"asset: {name} is a column of {part.file}; give what reads it")
                found[name] = read(name, part)
            elif part is not None:
                found[name] = _plain(name, part)
        return found


FIELDS = tuple(name for name in AssetFile.model_fields if name not in ("asset", "sources"))


def unit_of(name: str) -> str:
    """The unit in which a key of the asset is handed to the engine; empty where it has none.

    >>> unit_of("load"), unit_of("throughput_cost"), unit_of("mode")
    ('MW', 'currency/MWh', '')
    """
    return _UNITS.get(name, "")


_UNITS = {
    **dict.fromkeys(("power", "discharge_power", "auxiliary_load", "import_limit", "export_limit"), "MW"),
    **dict.fromkeys(("generation", "load"), "MW"),
    "energy": "MWh",
    **dict.fromkeys(("throughput_cost", "terminal_value", "buy_adder", "sell_adder"), "currency/MWh"),
    **dict.fromkeys(("efficiency_charge", "efficiency_discharge", "start_fraction", "end_fraction"), "ratio"),
    **dict.fromkeys(("energy_floor", "energy_ceiling"), "ratio"),
    "self_discharge": "ratio/hour",
    "cycles_per_year": "cycle/year",
    "cycles_per_day": "cycle/day",
}


def meaning_of(name: str) -> str:
    """What a key of the asset says, in a sentence."""
    return (AssetFile.model_fields[name].description or "").replace("``", "")


def read_asset(path: Path | str) -> AssetFile:
    """The asset of a YAML file, checked.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, a figure without its unit, of another kind or outside
        its range, costs in two currencies, or two keys that say the same thing; each problem has its line and column.
    """
    return _asset_of(load_tree(Path(path)))


def parse_asset(text: str, *, name: str = "asset") -> AssetFile:
    """The asset that a YAML text spells; raises as ``read_asset`` does, with ``name`` for the file.

    >>> parse_asset("{power: 100 MW, energy: 400 MWh, throughput_cost: 2 EUR/MWh}").currency
    'EUR'
    """
    return _asset_of(parse_tree(text, name=name))


def _asset_of(tree: Tree) -> AssetFile:
    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no asset; write its keys, as in 'power: 100 MW'")], tree)
    try:
        asset = AssetFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, AssetFile), tree) from None
    found = list(asset_problems(asset))
    if found:
        raise refusal(found, tree)
    return asset


def asset_problems(asset: AssetFile) -> Iterator[Problem]:
    """What pydantic cannot see: ranges, sources that are not there, two currencies, keys that exclude each other."""
    for path, figure in figures(asset):
        if isinstance(figure, Quantity) and path[0] in FIELDS:
            yield from _not_one_number(path, figure)
        for reference in figure.sources:
            if reference.source is not None and reference.source not in asset.sources:
                known = near(reference.source, asset.sources, what="sources")
                yield Problem(path, f"'{reference.source}' is not in sources; {known}")
    paid_in = list(_currencies(asset))
    for path, code in paid_in:
        if code != paid_in[0][1]:
            yield Problem(
                path, f"is in {code}, and {paid_in[0][0][0]} in {paid_in[0][1]}; write all costs in one currency"
            )
    for one, other in (
        ("efficiency_charge", "efficiency_charge_by_power"),
        ("efficiency_discharge", "efficiency_discharge_by_power"),
        ("terminal_value", "terminal_worth"),
    ):
        if getattr(asset, one) is not None and getattr(asset, other) is not None:
            yield Problem((other,), f"says again what {one} says; keep one of the two", key=True)
    if asset.cyclic:
        for name in ("start_fraction", "end_fraction", "terminal_value", "terminal_worth"):
            if getattr(asset, name) is not None:
                yield Problem((name,), f"{name} and cyclic exclude each other; keep one of the two", key=True)


def _not_one_number(path: KeyPath, quantity: Quantity) -> Iterator[Problem]:
    magnitude = quantity.magnitude
    if quantity.unfilled or magnitude.low != magnitude.high:
        yield Problem(path, f"'{quantity.text}' is not one number; write one, as in '100 MW'")
    elif abs(magnitude.mode) > _BEYOND:
        yield Problem(path, f"'{quantity.text}' is beyond {_BEYOND:g}, the most that is taken; check it")
    elif path[0] == "energy" and magnitude.mode <= 0.0:
        yield Problem(path, f"'{quantity.text}' is not above 0 MWh; write how much the asset stores")


def _currencies(asset: AssetFile) -> Iterator[tuple[KeyPath, str]]:
    for path, figure in figures(asset):
        if path[0] in FIELDS and isinstance(figure, Quantity) and (code := currency(figure.unit)) is not None:
            yield path, code


def _plain(name: str, part: Any) -> Any:
    """One key's value as the engine takes it."""
    if isinstance(part, tuple):
        return tuple((_number(name, first, 0), _number(name, second, 1)) for first, second in part)
    if not isinstance(part, Quantity):
        return part
    if name in _COUNTED:
        return _count(part, _COUNTED[name])
    return _number(name, part, 0)


def _number(name: str, quantity: Quantity, place: int) -> float:
    unit = ("MWh", "currency/MWh")[place] if name == "terminal_worth" else _UNITS.get(name, "ratio")
    if unit != "currency/MWh":
        return quantity.to(unit).mode
    if quantity.unit == "ratio":
        return quantity.magnitude.mode
    return quantity.to(f"{currency(quantity.unit) or 'ratio'}/MWh").mode
