"""An asset as the text of an asset file, and what is said of it in tables: the way out of ``asset_file.py``.

What changes with time does not fit into an asset file; the caller says in which column of which file it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cell2grid.errors import InputError
from cell2grid.study.asset_file import FIELDS, ColumnOf, meaning_of, unit_of


def asset_text(
    asset: Mapping[str, Any],
    *,
    name: str | None = None,
    currency: str | None = None,
    remarks: Sequence[str] = (),
    columns: Mapping[str, ColumnOf] | None = None,
) -> str:
    """The YAML of an asset, which is read as the same numbers again.

    Parameters
    ----------
    asset
        The numbers of an asset as the dispatch engine takes them [MW, MWh, currency/MWh, ratio].
    currency
        The ISO 4217 code of its costs; without it they are in the money of the prices.
    remarks
        Lines of comment above the keys.
    columns
        Where the numbers of a key stand that changes with time.

    Raises
    ------
    InputError
        A key is none of an asset file, or changes with time and no column is given for it.

    >>> print(asset_text({"power": 100.0, "energy": 400.0, "throughput_cost": 2.0}, currency="EUR"), end="")
    power: "100.0 MW"
    energy: "400.0 MWh"
    throughput_cost: "2.0 EUR/MWh"
    """
    columns = columns or {}
    for key in asset:
        if key not in FIELDS:
            raise InputError(f"asset: '{key}' is no key of an asset file; leave it out")
    lines = [f"# {' '.join(remark.split())}" for remark in remarks]
    if name is not None:
        lines.append(f"asset: {_text(name)}")
    for key in FIELDS:
        if key in columns:
            lines.append(f"{key}: {_column(columns[key])}")
        elif key in asset:
            lines.append(f"{key}: {_written(key, asset[key], currency)}")
    return "\n".join(lines) + "\n"


def told(
    asset: Mapping[str, Any], *, currency: str | None = None, columns: Mapping[str, ColumnOf] | None = None
) -> list[tuple[str, str, str]]:
    """Each key of an asset with its value in words and its meaning, in the order of the asset file.

    >>> told({"power": 100.0, "energy": 400.0})[1]
    ('energy', '400 MWh', 'Most energy stored [MWh].')
    """
    columns = columns or {}
    found = []
    for key in FIELDS:
        if key in columns or key in asset:
            words = _in_words(key, asset.get(key), currency)
            if key in columns:
                words = f"{words}, column '{columns[key].column}' of {columns[key].file}".lstrip(", ")
            found.append((key, words, meaning_of(key)))
    return found


def _written(key: str, value: Any, currency: str | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if key == "terminal_worth":
        pairs = [f'["{length!r} MWh", "{_money(worth, currency)}"]' for length, worth in value]
        return f"[{', '.join(pairs)}]"
    if isinstance(value, tuple):
        return f"[{', '.join(f'[{float(first)!r}, {float(second)!r}]' for first, second in value)}]"
    if getattr(value, "ndim", 0):
        raise InputError(f"asset: {key} changes with time; give the file and the column in which it stands")
    unit = unit_of(key)
    if unit == "currency/MWh":
        return f'"{_money(float(value), currency)}"'
    return repr(float(value)) if unit == "ratio" else f'"{float(value)!r} {unit}"'


def _money(value: float, currency: str | None) -> str:
    return f"{value!r} {currency or ''}/MWh".replace(" /", "/")


def _column(column: ColumnOf) -> str:
    unit = f", unit: {_text(column.unit)}" if column.unit else ""
    return f"{{file: {_text(column.file)}, column: {_text(column.column)}{unit}}}"


def _text(words: str) -> str:
    """A text in the quotes of YAML."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _in_words(key: str, value: Any, currency: str | None) -> str:
    unit = unit_of(key).replace("currency", currency or "").lstrip("/")
    unit = f"/{unit}" if unit_of(key).startswith("currency") and currency is None else unit
    unit = "" if unit == "ratio" else unit
    if value is None:
        return ""
    if isinstance(value, (bool, str)):
        return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else value
    if isinstance(value, tuple):
        return ", ".join(f"{float(second):g} at {float(first):g}" for first, second in value)
    if getattr(value, "ndim", 0):
        low, high = float(value.min()), float(value.max())
        return f"{low:g} to {high:g} {unit}".strip() if low != high else f"{low:g} {unit}".strip()
    return f"{float(value):g} {unit}".strip()
