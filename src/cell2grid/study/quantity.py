"""A figure of a study: its magnitude, its unit and its sources, read from one string.

``"10000 system/year [caixin-2025-02-12]"`` is a number with a source of the study; ``[claim 8f3a…]`` names a claim of
the store, ``[assumed: reason]`` our own assumption. Several sources are separated by ``;``. Dates carry sources too:
``"2025-02 [caixin-2025-02-12]"``. A figure that is still to be filled is ``"? system/year"``, a date ``"?"``; only
``assemble`` reads such a study. Line and column come from ``yaml_tree.py``.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from cell2grid.distributions import KINDS
from cell2grid.errors import UnitError
from cell2grid.units import Magnitude, canonical, parse_magnitude, same_kind

_SOURCED = re.compile(r"(?P<text>[^\[\]]*)(?:\[(?P<sources>[^\[\]]*)\]\s*)?")
_REFERENCE = re.compile(r"claim\s+(?P<claim>[0-9a-f]{4,64})|assumed:\s*(?P<reason>\S.*)|(?P<key>[\w.-]+)", re.DOTALL)
_LONGEST = 2000
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?")


class Reference(BaseModel):
    """Where a figure comes from: a source of the study, a claim of the store, or an assumption with its reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str | None = None
    claim: str | None = None
    assumed: str | None = None

    def __str__(self) -> str:
        if self.claim:
            return f"claim {self.claim}"
        return f"assumed: {self.assumed}" if self.assumed else str(self.source)


def references(text: str) -> tuple[Reference, ...]:
    """The references that the text between the brackets names.

    Raises
    ------
    ValueError
        A part is neither a key of sources, nor a claim, nor an assumption with its reason.

    >>> [str(found) for found in references("cpca-2022; assumed: one shift; no overtime")]
    ['cpca-2022', 'assumed: one shift; no overtime']
    """
    found = []
    # an assumption's reason may hold a semicolon, so it ends the list
    before, assumed, reason = text.partition("assumed:")
    parts = [part.strip() for part in before.split(";")]
    if assumed:
        parts = [*parts[:-1], f"{parts[-1]}{assumed} {reason.strip()}".strip()]
    for part in parts:
        match = _REFERENCE.fullmatch(part)
        if match is None:
            raise ValueError(
                f"source '{part[:60]}' has no known form; write a key of sources, 'claim 8f3a…' or 'assumed: why'"
            )
        found.append(Reference(source=match["key"], claim=match["claim"], assumed=match["reason"]))
    return tuple(found)


def _split(text: str) -> tuple[str, tuple[Reference, ...]]:
    match = _SOURCED.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError(f"'{text[:80]}' is not a figure with its source; write '3.9 MWh/system [source-key]'")
    return match["text"].strip(), () if match["sources"] is None else references(match["sources"])


_SOURCES_PATTERN = r"\s*(\[[^\[\]]+\])?\s*$"
_NUMBER_PATTERN = r"[+-]?\d[\d,]*(\.\d+)?([eE][+-]?\d+)?"
_DISTRIBUTION_PATTERN = rf"({'|'.join(KINDS)})\s*\([^()\[\]]+\)"
_QUANTITY_PATTERN = rf"^\s*(\?|{_NUMBER_PATTERN}|{_DISTRIBUTION_PATTERN})[^\[\]]*" + _SOURCES_PATTERN
_DAY_PATTERN = r"^\s*(\?|\d{4}-(0[1-9]|1[0-2])(-\d{2})?)" + _SOURCES_PATTERN


def sourced_text(pattern: str, examples: list[str]) -> dict[str, Any]:
    """The JSON schema of a figure that is written as text with its sources."""
    return {"type": "string", "pattern": pattern, "examples": examples}


class _Sourced(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    sources: tuple[Reference, ...] = ()

    @model_serializer
    def _as_written(self) -> str:
        return f"{self.text} [{'; '.join(map(str, self.sources))}]" if self.sources else self.text

    def __str__(self) -> str:
        return self._as_written()

    @property
    def unfilled(self) -> bool:
        """Whether the figure is still to be filled in (written ``?``)."""
        return self.text.startswith("?")


class Quantity(_Sourced):
    """A magnitude with its sources. A range or a distribution is drawn anew for each member of an ensemble.

    >>> Quantity.model_validate("3.9 MWh/system [caixin-2025-02-12]").magnitude.mode
    3.9
    """

    magnitude: Magnitude

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return sourced_text(
            _QUANTITY_PATTERN,
            ["3.9 MWh/system [source-key]", "12 .. 24 month [assumed: why]", "normal(120, 10) MW [source-key]"],
        )

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str):
            if isinstance(value, (dict, cls)):
                return value
            raise ValueError(
                f"{value!r} has no unit; write it as text with one, as in '20 MW' or '10000 system/year [source-key]'"
            )
        text, sources = _split(value)
        try:
            if text.startswith("?"):
                magnitude = Magnitude(math.nan, math.nan, math.nan, canonical(text[1:].strip() or "ratio"))
            else:
                magnitude = parse_magnitude(text)
        except UnitError as error:
            raise ValueError(str(error)) from None
        return {"text": text, "sources": sources, "magnitude": magnitude}

    @property
    def value(self) -> float:
        """The number, or the middle of the range or distribution, in the unit that was written."""
        return self.magnitude.mode

    @property
    def unit(self) -> str:
        """The unit, spelled our way."""
        return self.magnitude.unit

    def to(self, unit: str) -> Magnitude:
        """The magnitude in another unit of the same kind."""
        return self.magnitude.to(unit)


class Day(_Sourced):
    """A day or a month with its sources; a month stands for its first day where it begins something.

    >>> Day.model_validate("2025-02 [caixin-2025-02-12]").first
    datetime.date(2025, 2, 1)
    """

    first: date

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return sourced_text(_DAY_PATTERN, ["2025-02 [source-key]", "2025-02-11 [assumed: why]"])

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str):
            if isinstance(value, (dict, cls)):
                return value
            raise ValueError(f"{value!r} is not a date; write 2025-02 or 2025-02-11")
        text, sources = _split(value)
        if text == "?":
            return {"text": text, "sources": sources, "first": date.min}
        match = _DATE.fullmatch(text)
        if match is None:
            raise ValueError(f"'{text[:40]}' is not a date; write 2025-02 or 2025-02-11")
        year, month, day = (int(part or 1) for part in match.groups())
        try:
            first = date(year, month, day)
        except ValueError:
            raise ValueError(f"'{text[:40]}' is no day of the calendar; write 2025-02 or 2025-02-11") from None
        return {"text": text, "sources": sources, "first": first}

    @property
    def month(self) -> str:
        """The month as ``2025-02``."""
        return self.first.isoformat()[:7]

    @property
    def last(self) -> date:
        """The last day: of the month where only a month was written, else the day itself."""
        if len(self.text) > 7:
            return self.first
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])


class In:
    """An annotation: the quantity must be of this unit's kind, within bounds given in that unit.

    ``item`` in the unit stands for any counted noun; the study checks that it is the product's. ``or_unit`` is a
    second kind that may stand there, with the same bounds.
    """

    def __init__(
        self, unit: str, *, at_least: float | None = None, at_most: float | None = None, or_unit: str | None = None
    ) -> None:
        self.unit = unit
        self.at_least = at_least
        self.at_most = at_most
        self.or_unit = or_unit

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        limits = (("≥", self.at_least), ("≤", self.at_most))
        bounds = [f"{word} {bound:g}" for word, bound in limits if bound is not None]
        kinds = self.unit if self.or_unit is None else f"{self.unit} or {self.or_unit}"
        # a noun and a usual number make a better example than "1 item"
        unit = self.unit.replace("item", "system")
        usual = {"item/month": "10000 system/year", "item": "100 system", "MWh/item": "3.9 MWh/system"}
        written = usual.get(self.unit, f"{10 if self.at_most is None else min(10, self.at_most):g} {unit}")
        return {
            **sourced_text(_QUANTITY_PATTERN, [f"{written} [source-key]", f"? {unit}"]),
            "unit": " ".join([kinds, *bounds]),
        }

    def _check(self, quantity: Quantity) -> Quantity:
        unit = self.unit
        # MW measures the same as MWh/month and means another thing
        flow = self.or_unit is not None and "/" in self.or_unit
        if self.or_unit is not None and ("/" in quantity.unit or not flow) and same_kind(quantity.unit, self.or_unit):
            unit = self.or_unit
        if not same_kind(quantity.unit, unit):
            other = "" if self.or_unit is None else f" or {self.or_unit}"
            raise ValueError(f"'{quantity.text}' is in {quantity.unit}; a quantity in {self.unit}{other} belongs here")
        if "item" in quantity.unit.split("/"):
            # the placeholder is of each noun's kind, and a study counts in the noun itself
            raise ValueError(f"'{quantity.text}' counts items; write the noun its product is counted in")
        converted = quantity.to(unit)
        if self.at_least is not None and converted.low < self.at_least:
            step = _to_cut(quantity, converted.low, unit)
            raise ValueError(f"{quantity.text} is below {self.at_least:g} {unit}, the least it can be{step}")
        if self.at_most is not None and converted.high > self.at_most:
            step = _to_cut(quantity, converted.high, unit)
            raise ValueError(f"{quantity.text} is above {self.at_most:g} {unit}, the most it can be{step}")
        return quantity


def bounds_in(annotation: Any) -> Iterator[In]:
    """What an annotation of a field, or several, says of the kind and bounds of its figure.

    >>> from typing import Annotated
    >>> [bound.unit for bound in bounds_in(Annotated[Quantity, In("MW", at_least=0)] | None)]
    ['MW']
    """
    if isinstance(annotation, In):
        yield annotation
    for part in annotation if isinstance(annotation, tuple) else get_args(annotation):
        yield from bounds_in(part)


def _to_cut(quantity: Quantity, reached: float, unit: str) -> str:
    """What to write instead where it is the open tail of a distribution that goes too far."""
    found = quantity.magnitude.distribution
    if found is None or not found.open_tails:
        return ""
    mean, deviation = found.numbers
    form = f"{found.kind}({mean:g}, {deviation:g}, low, high)"
    return f": its tail goes to {reached:.4g} {unit}; give it bounds, as in '{form} {quantity.unit}'"


Share = Annotated[Quantity, In("percent", at_least=0, at_most=100)]


class Frozen(BaseModel):
    """A part of a study: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    def changed(self, **parts: Any) -> Self:
        """A copy with other parts."""
        return self.model_copy(update=parts)


def figures(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Quantity | Day]]:
    """Every quantity and day of a study, or of a part of one, with its path.

    >>> [path for path, figure in figures({"life": Quantity.model_validate("20 year")})]
    [('life',)]
    """
    if isinstance(part, (Quantity, Day)):
        yield path, part
    elif isinstance(part, Frozen):
        for name, info in type(part).model_fields.items():
            yield from figures(getattr(part, name), (*path, info.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from figures(value, (*path, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from figures(value, (*path, index))


def ranges(part: Any) -> Iterator[tuple[str, Quantity]]:
    """Every quantity of a study that is drawn, a range or a distribution, with its path as text.

    >>> parts = {"life": Quantity.model_validate("20 year"), "fade": Quantity.model_validate("1 .. 2 %/year")}
    >>> [path for path, _ in ranges(parts)]
    ['fade']
    """
    for path, figure in figures(part):
        if isinstance(figure, Quantity) and figure.magnitude.low < figure.magnitude.high:
            yield ".".join(map(str, path)), figure
