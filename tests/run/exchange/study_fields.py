"""Every field that a study may have, as a path in which ``*`` is any name or row."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from types import UnionType

from pydantic import BaseModel

from cell2grid.study.quantity import Day, Quantity

Path = tuple[str, ...]


def fields_of(model: type[BaseModel], path: Path = ()) -> Iterator[Path]:
    """The paths of a model's fields and of those below them; a figure and a day have none."""
    for name, field in model.model_fields.items():
        own = (*path, field.alias or name)
        yield own
        yield from _below(field.annotation, own)


def _below(kind: object, path: Path) -> Iterator[Path]:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if not issubclass(kind, (Quantity, Day)):
            yield from fields_of(kind, path)
    elif origin in (typing.Union, UnionType):
        for part in parts:
            yield from _below(part, path)
    elif origin is typing.Annotated:
        yield from _below(parts[0], path)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _below(parts[1], (*path, "*"))
    elif isinstance(origin, type) and issubclass(origin, (tuple, list)):
        yield from _below(parts[0], (*path, "*"))
