"""Depreciation: the tables of the law by name, straight-line and declining-balance, and what is written off each year.

The tables are in ``depreciation.yaml``, with their source.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import yaml

from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike
COMPUTED = ("straight-line", "declining-balance")


@cache
def _tables() -> Mapping[str, tuple[float, ...]]:
    text = resources.files("cell2grid.formulas.finance").joinpath("depreciation.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)
    return {name: tuple(share / 100.0 for share in shares) for name, shares in rows.items()}


def depreciation_names() -> tuple[str, ...]:
    """The names that ``depreciation_shares`` knows.

    >>> depreciation_names()[:3]
    ('straight-line', 'declining-balance', 'macrs-3')
    """
    return (*COMPUTED, *_tables())


def depreciation_shares(name: str, life: Numbers, years: int) -> Floats:
    """The share of the basis that is written off in each year, by (…, year) from 0, in which it is nothing.

    A table has its own years. straight-line: 1 / life in each year, the last cut. declining-balance: 2 / life of what
    is left (double declining), or what is left over the years left where that is more.

    Parameters
    ----------
    name
        One of ``depreciation_names``.
    life
        The years of straight-line and declining-balance depreciation [year].
    years
        The last year of the axis; what lies beyond is cut off.

    Raises
    ------
    InputError
        No depreciation has that name; the message lists those that are.

    >>> depreciation_shares("straight-line", 2.5, 3).tolist()
    [0.0, 0.4, 0.4, 0.2]
    >>> depreciation_shares("declining-balance", 4.0, 4).tolist()
    [0.0, 0.5, 0.25, 0.125, 0.125]
    >>> depreciation_shares("macrs-5", 20.0, 3).tolist()
    [0.0, 0.2, 0.32, 0.192]
    """
    if name not in depreciation_names():
        raise InputError(f"depreciation: '{name}' is not one of {', '.join(depreciation_names())}")
    lives = np.asarray(life, np.float64)
    if name in COMPUTED:
        return _straight(lives, years) if name == "straight-line" else _declining(lives, years)
    table = np.zeros(max(years, len(_tables()[name])) + 1)
    table[1 : 1 + len(_tables()[name])] = _tables()[name]
    shares: Floats = np.broadcast_to(table[: years + 1], (*lives.shape, years + 1)).copy()
    return shares


def _straight(life: Floats, years: int) -> Floats:
    begun = np.arange(years + 1, dtype=np.float64) - 1.0
    shares: Floats = np.clip(life[..., None] - begun, 0.0, 1.0) / life[..., None]
    shares[..., 0] = 0.0
    return shares


def _declining(life: Floats, years: int) -> Floats:
    shares, left = np.zeros((*life.shape, years + 1)), np.ones(life.shape)
    for year in range(1, years + 1):
        over = np.maximum(life - (year - 1), 0.0)
        straight = np.where(over > 1.0, left / np.maximum(over, 1.0), left)
        shares[..., year] = np.minimum(np.maximum(2.0 / life * left, straight), left)
        left = left - shares[..., year]
    return shares


def depreciations(bases: Numbers, shares: Numbers, *, last: Numbers) -> Floats:
    """What is written off in each year [currency], by (…, year), of amounts that were spent in several years.

    Each amount is written off by the same shares, counted from the year it was spent in; what is left in the ``last``
    year of the project is written off in it.

    Parameters
    ----------
    bases
        What was spent at the end of each year and is depreciated, by (…, year) from 0 [currency].
    shares
        By (…, year) from 0, in which it is nothing [ratio].
    last
        The year in which the project ends.

    >>> depreciations([100.0, 10.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0], last=3).tolist()
    [0.0, 50.0, 55.0, 5.0]
    >>> depreciations([100.0, 0.0, 0.0], [0.0, 0.2, 0.2], last=2).tolist()
    [0.0, 20.0, 80.0]
    """
    bases, shares = np.asarray(bases, np.float64), np.asarray(shares, np.float64)
    years = bases.shape[-1]
    written: Floats = np.zeros(np.broadcast_shapes(bases.shape, shares.shape), np.float64)
    for spent in range(years):
        amount = bases[..., spent : spent + 1]
        if amount.any():
            written[..., spent:] += amount * shares[..., : years - spent]
    year, end = np.arange(years), np.asarray(last)[..., None]
    within = np.where(year < end, written, 0.0)
    rest = np.where(year <= end, bases, 0.0).sum(axis=-1, keepdims=True) - within.sum(axis=-1, keepdims=True)
    left: Floats = np.where(year == end, rest, within)
    return left
