"""Numbers of a case under the names of its file, as JSON can hold them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.study.case_arrays import plants_of

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.case_file import CaseFile


def sales_of(case: CaseFile, one: xr.Dataset) -> dict[str, dict[str, float | None]]:
    """What each firm sells in each region."""
    sales = one["sales"].transpose("plant", "market").values
    owners = np.array([firm for firm, _, _ in plants_of(case)])
    return {firm: by_name(case.markets(), sales[owners == firm].sum(axis=0)) for firm in case.firms}


def by_name(names: list[str], values: Any) -> dict[str, float | None]:
    """Numbers by name; None for what is missing or has no bound."""
    return {name: number(value) for name, value in zip(names, values, strict=True)}


def number(value: Any) -> float | None:
    """A number that JSON can hold; None for what is missing or has no bound."""
    return float(value) if math.isfinite(value) else None
