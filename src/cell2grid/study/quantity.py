"""A figure of a study: its magnitude, its unit and its sources, read from one string.

``"10000 system/year [caixin-2025-02-12]"`` is a number with a source of the study; ``[claim 8f3a…]`` names a claim of
the store, ``[assumed: reason]`` our own assumption. Several sources are separated by ``;``. Dates carry sources too:
``"2025-02 [caixin-2025-02-12]"``. Line and column come from ``yaml_tree.py``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from cell2grid.errors import UnitError
from cell2grid.units import Magnitude, parse_magnitude, same_kind

_SOURCED = re.compile(r"\s*(?P<text>[^\[\]]*?)\s*(?:\[(?P<sources>[^\[\]]*)\])?\s*")
_REFERENCE = re.compile(r"claim\s+(?P<claim>[0-9a-f]{4,64})|assumed:\s*(?P<reason>.+)|(?P<key>[\w.-]+)", re.DOTALL)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?")


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


def _split(text: str) -> tuple[str, tuple[Reference, ...]]:
    match = _SOURCED.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text[:80]}' is not a figure with its source; write '3.9 MWh/system [source-key]'")
    references = []
    # an assumption's reason may hold a semicolon, so it ends the list
    parts = re.split(r";\s*(?=assumed:)|;(?!.*assumed:)", match["sources"] or "", flags=re.DOTALL)
    for part in parts if match["sources"] else []:
        found = _REFERENCE.fullmatch(part.strip() if not part.startswith("assumed:") else part)
        if found is None:
            raise ValueError(
                f"source '{part[:60]}' has no known form; write a key of sources, 'claim 8f3a…' or 'assumed: why'"
            )
        references.append(Reference(source=found["key"], claim=found["claim"], assumed=found["reason"]))
    return match["text"], tuple(references)


class _Sourced(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    sources: tuple[Reference, ...] = ()

    @model_serializer
    def _as_written(self) -> str:
        return f"{self.text} [{'; '.join(map(str, self.sources))}]" if self.sources else self.text

    def __str__(self) -> str:
        return self._as_written()


class Quantity(_Sourced):
    """A magnitude with its sources. A range is drawn anew for each member of an ensemble.

    >>> Quantity.model_validate("3.9 MWh/system [caixin-2025-02-12]").magnitude.mode
    3.9
    """

    magnitude: Magnitude

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str):
            if isinstance(value, (dict, cls)):
                return value
            raise ValueError(
                f"{value!r} has no unit and no source; write it as text, as in '10000 system/year [source-key]'"
            )
        text, sources = _split(value)
        try:
            magnitude = parse_magnitude(text)
        except UnitError as error:
            raise ValueError(str(error)) from None
        return {"text": text, "sources": sources, "magnitude": magnitude}

    @property
    def value(self) -> float:
        """The number, or the middle of the range, in the unit that was written."""
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
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueError(f"'{text[:40]}' is not a date; write 2025-02 or 2025-02-11")
        year, month, day = match.groups()
        return {"text": text, "sources": sources, "first": date(int(year), int(month), int(day or 1))}

    @property
    def month(self) -> str:
        """The month as ``2025-02``."""
        return self.first.isoformat()[:7]

    @property
    def last(self) -> date:
        """The last day: of the month where only a month was written, else the day itself."""
        if len(self.text) > 7:
            return self.first
        following = date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)


class In:
    """An annotation: the quantity must be of this unit's kind, within bounds given in that unit.

    ``item`` in the unit stands for any counted noun; the study checks that it is the product's.
    """

    def __init__(self, unit: str, *, at_least: float | None = None, at_most: float | None = None) -> None:
        self.unit = unit
        self.at_least = at_least
        self.at_most = at_most

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bounds = " ".join(
            f"{word} {bound:g}" for word, bound in (("≥", self.at_least), ("≤", self.at_most)) if bound is not None
        )
        return {
            "type": "string",
            "description": f"A quantity in {self.unit} {bounds}".strip() + ", with its source in brackets",
        }

    def _check(self, quantity: Quantity) -> Quantity:
        if not same_kind(quantity.unit, self.unit):
            raise ValueError(f"'{quantity.text}' is in {quantity.unit}; a quantity in {self.unit} belongs here")
        converted = quantity.to(self.unit)
        if self.at_least is not None and converted.low < self.at_least:
            raise ValueError(f"{quantity.text} is below {self.at_least:g} {self.unit}, the least it can be")
        if self.at_most is not None and converted.high > self.at_most:
            raise ValueError(f"{quantity.text} is above {self.at_most:g} {self.unit}, the most it can be")
        return quantity


Share = Annotated[Quantity, In("percent", at_least=0, at_most=100)]


class Frozen(BaseModel):
    """A part of a study: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def changed(self, **parts: Any) -> Self:
        """A copy with other parts."""
        return self.model_copy(update=parts)
