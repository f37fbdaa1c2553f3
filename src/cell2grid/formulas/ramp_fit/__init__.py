"""Ramp curves fitted to reported counts: which of them the counts bear out, and which they cannot tell apart.

``counts.py`` takes counts that lie in one another apart, ``growth.py`` says what a curve would have made in each,
``fitting.py`` finds the parameters with their intervals, ``verdict.py`` compares the curves. The curves themselves are
in ``cell2grid.formulas.ramp``.
"""

from cell2grid.formulas.ramp_fit.counts import Count, Part, Ramping, parts_of, ramping
from cell2grid.formulas.ramp_fit.fitting import CURVES, LEVELS, Estimate, Fit, fit, fits, named
from cell2grid.formulas.ramp_fit.verdict import EVIDENCE, Verdict, verdict

__all__ = [
    "CURVES",
    "EVIDENCE",
    "LEVELS",
    "Count",
    "Estimate",
    "Fit",
    "Part",
    "Ramping",
    "Verdict",
    "fit",
    "fits",
    "named",
    "parts_of",
    "ramping",
    "verdict",
]
