"""Unknown figures fitted to reported ones: the estimate, what the reports tell of it, and what follows.

``problem.py`` says what is fitted, ``least_squares.py`` finds the least sum of squares of many rows at once,
``estimate.py`` starts it at several places, ``identifiability.py`` says which unknowns cannot be told apart,
``profile.py`` gives intervals, ``posterior.py`` draws. What a model is, is the caller's: rows of unknowns in, rows of
modelled values out. Equations: docs/formulation/fit.md.
"""

from cell2grid.formulas.fitting.estimate import Estimate, estimated
from cell2grid.formulas.fitting.identifiability import Told, told_apart
from cell2grid.formulas.fitting.least_squares import Found, least_squares
from cell2grid.formulas.fitting.posterior import Posterior, posterior
from cell2grid.formulas.fitting.problem import Model, Prior, Problem
from cell2grid.formulas.fitting.profile import Profile, profiles

__all__ = [
    "Estimate",
    "Found",
    "Model",
    "Posterior",
    "Prior",
    "Problem",
    "Profile",
    "Told",
    "estimated",
    "least_squares",
    "posterior",
    "profiles",
    "told_apart",
]
