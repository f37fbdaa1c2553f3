"""Each observation among the members of a run: how far out it lies, and how many the modelled ranges hold.

Observations that the run was calibrated on are told apart: that they fit is no test. What each member says of an
observation is counted in ``record.py``, what the members are weighed by in ``calibration.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.resampling import rank_among, two_sided
from cell2grid.run.told.record import modelled_values

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.model import Study

QUANTILES = {"p2_5": 0.025, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p97_5": 0.975}


def predictive_rows(study: Study, arrays: xr.Dataset) -> list[dict[str, Any]]:
    """One row of the table ``predictive`` for each observation of the study.

    The interval is that of the members alone; what the calibration tolerates is not added to it.

    Raises
    ------
    StudyError
        A variable, name, month or unit of an observation is not one that this run has.
    """
    used = () if study.calibration is None else study.calibration.on
    rows = []
    for name, seen in study.observations.items():
        members, observed = modelled_values(study, arrays, name, seen), seen.value.value
        known = members[~np.isnan(members)]
        numbers = {label: float(np.quantile(known, at)) if known.size else np.nan for label, at in QUANTILES.items()}
        rows.append(
            {
                "name": name,
                "observed": observed,
                **numbers,
                "rank": rank_among(members, observed),
                "p_value": two_sided(members, observed),
                "inside_80": numbers["p10"] <= observed <= numbers["p90"],
                "inside_95": numbers["p2_5"] <= observed <= numbers["p97_5"],
                "used": name in used,
                "unit": seen.value.unit,
            }
        )
    return rows


def coverage(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """How many of the observations that were held out, and of those used, lie in the 80 and 95 % ranges.

    >>> row = {"used": False, "inside_80": True, "inside_95": True}
    >>> coverage([row, {**row, "inside_80": False}])["held_out"]
    {'observations': 2, 'inside_80': 1, 'inside_95': 2}
    """
    parts = {"held_out": [row for row in rows if not row["used"]], "used": [row for row in rows if row["used"]]}
    return {
        name: {
            "observations": len(part),
            "inside_80": sum(bool(row["inside_80"]) for row in part),
            "inside_95": sum(bool(row["inside_95"]) for row in part),
        }
        for name, part in parts.items()
    }
