"""A sheet of claims or of groups of them: named columns of one kind each, and rows that come as they are asked for.

A listing has its sentence beside each value. What a sheet becomes is in ``delimited.py`` (CSV), ``spreadsheet.py``
(Excel) and ``parquet.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from cell2grid.evidence.keeping.listing import Filed
from cell2grid.evidence.keeping.totals import FIGURES
from cell2grid.evidence.naming.identities import Identities
from cell2grid.evidence.rows import claim_row


class Kind(StrEnum):
    """What the cells of a column hold: days are dates, and times have no zone and are in UTC."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns by name with their kind, and records, each with a value or None for every column."""

    name: str
    columns: Mapping[str, Kind]
    records: Iterable[Mapping[str, Any]]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The records as cells: lists of words in one line, other lists as JSON, days and times as such."""
        for record in self.records:
            yield tuple(_cell(record[name], kind) for name, kind in self.columns.items())


CLAIM_COLUMNS = (
    *("id", "status", "tier", "measure", "subject", "object", "value", "low", "high", "unit", "approx", "quote"),
    *("value_text", "period_start", "period_end", "direction", "document", "title", "publisher", "date", "url"),
    *("story", "start", "end", "value_start", "value_end", "frame", "inherited", "alternatives", "recorded_at"),
)
_KINDS = {
    **dict.fromkeys(("value", "low", "high", "sum", "mean", "lowest", "highest"), Kind.NUMBER),
    **dict.fromkeys(("start", "end", "value_start", "value_end", "claims"), Kind.INTEGER),
    **dict.fromkeys(("period_start", "period_end", "date"), Kind.DAY),
    "recorded_at": Kind.TIME,
}


def filed_row(filed: Filed) -> dict[str, Any]:
    """The claim as a row of JSON, with its status, what its page calls itself, and when it was recorded.

    ``document`` is the path of the page.
    """
    said = filed.source._asdict()
    path = said.pop("path")
    return {**claim_row(filed.claim, path), "status": filed.status, **said, "recorded_at": filed.recorded_at}


def claims_sheet(filed: Iterable[Filed], identities: Identities | None = None) -> Sheet:
    """A row for each claim, with its sentence beside its value.

    With ``identities`` its record (and not its row) has the ids of the entities that subject and object mean.
    """
    records = map(filed_row, filed)
    named = records if identities is None else (_with_entities(record, identities) for record in records)
    return Sheet("claims", kinds(CLAIM_COLUMNS), named)


def _with_entities(record: dict[str, Any], identities: Identities) -> dict[str, Any]:
    day = record["date"]
    return {
        **record,
        "entity": identities.ids(record["subject"], day=day),
        "object_entity": identities.ids(record["object"], day=day),
    }


def groups_sheet(by: Sequence[str], groups: Iterable[Mapping[str, Any]]) -> Sheet:
    """A row for each group, as ``Store.totals`` gives them."""
    return Sheet("groups", kinds((*by, "unit", *FIGURES)), groups)


def kinds(names: Iterable[str]) -> dict[str, Kind]:
    """The columns of these names, each with what its cells hold."""
    return {name: _KINDS.get(name, Kind.TEXT) for name in names}


def _cell(value: Any, kind: Kind) -> Any:
    if isinstance(value, list):
        words = all(isinstance(each, str) for each in value)
        return ", ".join(value) if words else json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, str) and kind in (Kind.DAY, Kind.TIME):
        try:
            return date.fromisoformat(value) if kind is Kind.DAY else _utc(datetime.fromisoformat(value))
        except ValueError:
            # what a page says of itself need not be a day
            return value
    return value


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
