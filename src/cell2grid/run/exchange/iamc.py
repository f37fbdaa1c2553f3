"""A run's tables as rows of IAMC data: model, scenario, region, variable, unit and years, or months of years.

Which number becomes which variable is said in ``iamc.yaml``; what names and regions are called in ``iamc_names.py``;
the file is written in ``iamc_file.py``. The form is that of the Integrated Assessment Modeling Consortium as pyam reads
it (Huppmann et al. 2021, doi:10.12688/openreseurope.13633.2): levels of a variable are parted by a pipe.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cell2grid.errors import InputError
from cell2grid.run.exchange.iamc_names import Names

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.results import Results

MEAN, QUANTILES = "mean", ("p10", "p50", "p90")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WHOLE_YEAR = "Year"
_TERM = re.compile(r"(?P<long>from )?(?P<year>\d{4})(?:-(?P<month>\d{2})| Q(?P<quarter>[1-4]))?(?:-\d{2})?")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows of a table become which variable; the words are explained in ``iamc.yaml``."""

    table: str
    becomes: str
    region: str
    variable: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    of: str | None = None
    value: str = MEAN
    time: str = "term"
    over: Literal["mean", "sum", "last"] = "mean"
    weight: str | None = None
    add: bool = False
    unit: str = "{unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One number; ``subannual`` is a month's name, or ``Year``."""

    scenario: str
    region: str
    variable: str
    unit: str
    year: int
    subannual: str
    value: float


@dataclass(frozen=True, slots=True)
class IamcData:
    """The rows of a run, and the numbers of its tables that have no variable, by table and variable."""

    rows: tuple[Row, ...]
    left_out: tuple[tuple[str, str], ...]


class _Term(NamedTuple):
    """A term: its year, the first month where it is no calendar year, and whether it is that month alone."""

    year: int
    begins: int
    is_month: bool


@dataclass(slots=True)
class _Part:
    """What a variable is in one term: the number, its quantiles, and what it weighs among terms of a year."""

    when: _Term
    value: float
    quantiles: tuple[float, ...]
    weight: float = 1.0


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``iamc.yaml``, in its order."""
    import yaml

    text = files("cell2grid.run.exchange").joinpath("iamc.yaml").read_text(encoding="utf-8")
    return tuple(Rule(**row) for row in yaml.safe_load(text))


def iamc_data(results: Results, scenario: str, *, months: bool = False, spread: bool = False) -> IamcData:
    """A run's numbers as IAMC rows.

    Parameters
    ----------
    scenario
        What the run is called.
    months
        Keep months where the tables have them; they become years without it.
    spread
        Write the quantiles too, as variables ``…|p10``, ``…|p50`` and ``…|p90``.

    Raises
    ------
    InputError
        Two numbers would have one name.
    """
    names = Names.of(results)
    found: dict[tuple[str, str, str], list[_Part]] = {}
    over: dict[tuple[str, str, str], Rule] = {}
    used: set[tuple[str, str]] = set()
    for rule in rules():
        frame = results.tables.get(rule.table)
        if frame is None or frame.empty:
            continue
        for key, part, label in _parts(rule, frame, names):
            used.add((rule.table, label))
            if over.setdefault(key, rule) is not rule:
                raise InputError(f"two numbers would be '{key[1]}' in {key[0]}; give what is told a 'name' of its own")
            _put(found.setdefault(key, []), part, rule, key)
    rows = [
        row
        for key, parts in found.items()
        for row in _rows(scenario, key, parts, over[key], months=months, spread=spread)
    ]
    return IamcData(tuple(rows), tuple(_left_out(results, used)))


def _parts(rule: Rule, frame: pd.DataFrame, names: Names) -> Iterator[tuple[tuple[str, str, str], _Part, str]]:
    """Region, variable and unit with the number, and what the table calls it, of each row that the rule is of."""
    chosen = frame if rule.variable is None else frame[frame["variable"] == rule.variable]
    for column, wanted in rule.where.items():
        among = list(names.study.markets) if wanted == "each" else [wanted]
        chosen = chosen[chosen[column].isin(among)]
    weights = _weights(rule, frame)
    for record in chosen.to_dict("records"):
        named, when = names.of_row(rule.of, rule.region, record), _when(record[rule.time])
        value = record[rule.value]
        if named is None or when is None or value is None or not math.isfinite(value):
            continue
        region, fields = named
        label = rule.variable or rule.value
        quantiles = tuple(float(record[name]) for name in QUANTILES if name in record and rule.value == MEAN)
        key = (region, rule.becomes.format_map(fields), rule.unit.format(unit=_plain(record["unit"], rule)))
        weight = weights.get(_labels(record), 0.0) if rule.weight else 1.0
        yield key, _Part(when, float(value), quantiles, weight), label


def _plain(unit: str, rule: Rule) -> str:
    """The unit of a year where months are added up."""
    return unit.removesuffix("/month") + "/year" if rule.over == "sum" and unit.endswith("/month") else unit


_NOT_LABELS = {"variable", "unit", MEAN, *QUANTILES}


def _labels(record: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in record.items() if name not in _NOT_LABELS)


def _weights(rule: Rule, frame: pd.DataFrame) -> dict[tuple[tuple[str, Any], ...], float]:
    if rule.weight is None:
        return {}
    rows = frame[frame["variable"] == rule.weight].to_dict("records")
    return {_labels(row): float(row[MEAN]) for row in rows if math.isfinite(row[MEAN])}


def _when(text: object) -> _Term | None:
    """The term that a label means; None where it means none.

    >>> _when("2031-02"), _when("2031 Q2").begins, _when("from 2031-04").is_month
    (_Term(year=2031, begins=2, is_month=True), 4, False)
    """
    match = _TERM.fullmatch(str(text))
    if match is None:
        return None
    if match["quarter"]:
        return _Term(int(match["year"]), 3 * int(match["quarter"]) - 2, is_month=False)
    single = match["month"] is not None and match["long"] is None
    return _Term(int(match["year"]), int(match["month"] or 1), is_month=single)


def _put(parts: list[_Part], part: _Part, rule: Rule, key: tuple[str, str, str]) -> None:
    same = next((one for one in parts if one.when == part.when), None)
    if same is None:
        parts.append(part)
    elif rule.add:
        same.value += part.value
        same.quantiles = ()
    else:
        raise InputError(f"two numbers would be '{key[1]}' in {key[0]}; give what is told a 'name' of its own")


def _rows(
    scenario: str, key: tuple[str, str, str], parts: Sequence[_Part], rule: Rule, *, months: bool, spread: bool
) -> Iterator[Row]:
    region, variable, unit = key
    # a month's own total has the unit of the month
    monthly = f"{unit.removesuffix('/year')}/month" if rule.over == "sum" and unit.endswith("/year") else unit
    for year in sorted({part.when.year for part in parts}):
        inside = [part for part in parts if part.when.year == year]
        if months and all(part.when.is_month for part in inside):
            told = [(MONTHS[part.when.begins - 1], [part], monthly) for part in inside]
        else:
            told = [(WHOLE_YEAR, inside, unit)]
        for subannual, ones, counted in told:
            value = _together(ones, rule)
            if value is None:
                continue
            yield Row(scenario, region, variable, counted, year, subannual, value)
            if spread and len(ones) == 1 and len(ones[0].quantiles) == len(QUANTILES):
                for name, quantile in zip(QUANTILES, ones[0].quantiles, strict=True):
                    if math.isfinite(quantile):
                        yield Row(scenario, region, f"{variable}|{name}", counted, year, subannual, quantile)


def _together(parts: Sequence[_Part], rule: Rule) -> float | None:
    """The number of a year out of those of its terms; None where nothing weighs anything."""
    if len(parts) == 1:
        return parts[0].value
    if rule.over == "sum":
        return math.fsum(part.value for part in parts)
    if rule.over == "last":
        return max(parts, key=lambda part: part.when.begins).value
    weight = math.fsum(part.weight for part in parts)
    return math.fsum(part.value * part.weight for part in parts) / weight if weight > 0.0 else None


def _left_out(results: Results, used: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Tables, and variables of tables, of which nothing was taken."""
    tables = {table for table, _ in used}
    for name, frame in results.tables.items():
        if frame.empty:
            continue
        if name not in tables:
            yield name, "all"
        elif "variable" in frame:
            yield from ((name, each) for each in dict.fromkeys(frame["variable"]) if (name, each) not in used)
