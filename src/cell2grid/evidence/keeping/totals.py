"""Claims counted and summed by subject, measure, month and the like, as they stand or as they were known on a day.

DuckDB asks the columns that ``columns.py`` keeps beside the store. Figures of different units are never summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.columns import up_to_date
from cell2grid.evidence.keeping.duckdb_files import duckdb_here
from cell2grid.evidence.keeping.listing import Wanted, called, named

_DAY = "coalesce(period_end, period_start)"
# what claims may be counted by, as an expression; months are numbers until they are shown, as that is quicker
BY = {
    **{name: name for name in ("subject", "object", "measure", "frame", "tier")},
    "month": f"year({_DAY}) * 100 + month({_DAY})",
    "year": f"year({_DAY})",
}
_SHOWN = {"month": "printf('%04d-%02d', month // 100, month % 100)", "year": "printf('%04d', year)"}
FIGURES = ("claims", "sum", "mean", "lowest", "highest")


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition on the columns of claims in SQL, with the values it names."""

    sql: str
    values: tuple[Any, ...] = ()


def totals(connection: Connection, folder: Path, by: Sequence[str], wanted: Wanted) -> list[dict[str, Any]]:
    """For each group and unit: how many claims, and the sum, mean, lowest and highest of their values.

    A range has no value; it is counted and not summed.

    Raises
    ------
    EvidenceError
        A group is not one of ``BY``, or a filter that the columns do not hold.
    """
    unknown = sorted(set(by) - set(BY))
    if unknown or not by:
        raise EvidenceError(
            f"claims cannot be counted by '{''.join(unknown[:1])}'; take one or more of {', '.join(BY)}"
        )
    if wanted.label is not None or wanted.sort != "page" or wanted.descending:
        raise EvidenceError("counts by group know no label of a story and no order but their own; leave these out")
    with up_to_date(connection, folder) as parts, duckdb_here() as engine:
        if not parts["claims"]:
            return []
        standing = _standing(parts["standings"], wanted)
        where = list(_conditions(connection, wanted))
        values = [parts["claims"], *standing.values, *(value for each in where for value in each.values)]
        rows = engine.execute(_query(by, standing, where, wanted.limit), values).fetchall()
    names = (*by, "unit", *FIGURES)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _query(by: Sequence[str], standing: _Condition, where: Sequence[_Condition], limit: int | None) -> str:
    groups = ", ".join(f"{BY[name]} AS {name}" for name in by)
    shown = ", ".join(_SHOWN.get(name, name) for name in by)
    # in the order of the groups alone: with the figures behind them it takes three times as long
    order = ", ".join(f"{name} NULLS LAST" for name in (*by, "unit"))
    return (
        f"SELECT {shown}, unit, {', '.join(FIGURES)} FROM (SELECT {groups}, unit,"
        f" count(*) AS claims, sum(value) AS sum, avg(value) AS mean, min(value) AS lowest, max(value) AS highest"
        f" FROM read_parquet(?) AS claims {standing.sql}"
        f" WHERE {' AND '.join(f'({each.sql})' for each in where) or 'true'}"
        f" GROUP BY ALL ORDER BY {order} LIMIT {'ALL' if limit is None else int(limit)})"
        f" ORDER BY {order}"
    )


def _conditions(connection: Connection, wanted: Wanted) -> Iterator[_Condition]:
    """The filters; what is found by a part of a name is looked up in the store."""
    for name in ("measure", "tier", "frame"):
        if (value := getattr(wanted, name)) is not None:
            yield _Condition(f"{name} = ?", (value,))
    for name in ("subject", "object"):
        if (value := getattr(wanted, name)) is not None:
            yield _Condition(
                f"list_contains(?, {name})", (connection.scalars(named(value, getattr(wanted, f"{name}_too"))).all(),)
            )
    pages = [] if wanted.source is None else [called(wanted.source)]
    if wanted.document is not None:
        pages.append(select(tables.documents.c.number).where(tables.documents.c.id == wanted.document))
    for query in pages:
        yield _Condition("page IN (SELECT unnest(?))", (connection.scalars(query).all(),))
    # an end that is unsaid is open, where the other one is said
    if wanted.start is not None:
        unsaid = "period_end IS NULL AND period_start IS NOT NULL"
        yield _Condition(f"period_end >= CAST(? AS DATE) OR ({unsaid})", (wanted.start,))
    if wanted.end is not None:
        unsaid = "period_start IS NULL AND period_end IS NOT NULL"
        yield _Condition(f"period_start <= CAST(? AS DATE) OR ({unsaid})", (wanted.end,))
    if wanted.as_of is not None:
        yield _Condition("recorded_at <= CAST(? AS TIMESTAMP)", (wanted.as_of[:26],))


def _standing(parts: list[str], asked: Wanted) -> _Condition:
    """The join that leaves the claims that stand so; those of which the log says nothing are open."""
    wanted = list(asked.statuses)
    if not parts:
        return _Condition("" if "open" in wanted else "SEMI JOIN (SELECT 0 AS nothing WHERE false) ON false")
    until, times = "true", tuple[str, ...]()
    if asked.as_of is not None:
        until, times = "since <= CAST(? AS TIMESTAMP)", (asked.as_of[:26],)
    last = "SELECT claim, arg_max(status, number) AS status FROM read_parquet(?) WHERE {} GROUP BY claim"
    standing = "{} JOIN (SELECT claim FROM ({}) WHERE {}) AS standing ON standing.claim = claims.number"
    if "open" not in wanted:
        joined = standing.format("SEMI", last.format(until), "list_contains(?, status)")
        return _Condition(joined, (parts, *times, wanted))
    # of the few that ever stood otherwise, those that do
    ever = "claim IN (SELECT claim FROM read_parquet(?) WHERE NOT list_contains(?, status))"
    joined = standing.format("ANTI", last.format(f"{until} AND {ever}"), "NOT list_contains(?, status)")
    return _Condition(joined, (parts, *times, parts, wanted, wanted))
