"""When projects operate in the model, held against the day on which they were reported to.

The reported day is never an input. How well rules would have known such days from other projects is in
``record_check``; observations that are counted by the month are in ``record.py``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.calendar import days_in, months_between
from cell2grid.run.told.tables import months_of_members

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.model import Study

DAYS_OF_MONTH = 365.25 / 12
MIDDLE = 0.5  # what is done in a month counts at its middle


def operating_rows(study: Study, arrays: xr.Dataset) -> list[dict[str, Any]]:
    """One row of the table ``operating`` for each project with an order and a reported day of operation.

    ``missed`` is the middle member less the reported day [day]: late is positive. A member that never operates within
    the horizon is later than all.
    """
    rows = []
    ordered = {str(name) for name in arrays["order"].values}
    for name, project in study.projects.items():
        if project.operated is None or name not in ordered:
            continue
        members = arrays["commissioning"].sel(order=name).values + MIDDLE
        members = np.where(np.isnan(members), np.inf, members)
        reported = months_since(study.horizon.start, project.operated.first)
        low, middle, high = np.quantile(members, (0.1, 0.5, 0.9), method="inverted_cdf")
        months = months_of_members(arrays["commissioning"].sel(order=name).values, study.horizon.start)
        missed = float(middle - reported) * DAYS_OF_MONTH
        rows.append(
            {
                "project": name,
                "reported": project.operated.text,
                **{f"commissioning_{label}": month for label, month in zip(("p10", "p50", "p90"), months, strict=True)},
                # as exact as months are: half of one either way
                "inside_80": bool(low - MIDDLE <= reported <= high + MIDDLE),
                "missed": missed if np.isfinite(missed) else float("nan"),
                "unit": "day",
            }
        )
    return rows


def months_since(start: str, day: date) -> float:
    """Months from the first day of the month ``start`` to a day, the last one in part.

    >>> months_since("2025-01", date(2025, 2, 15))
    1.5
    """
    month = day.isoformat()[:7]
    whole = len(months_between(start, month)) - 1 if month >= start else -(len(months_between(month, start)) - 1)
    return whole + (day.day - 1) / days_in(month)
