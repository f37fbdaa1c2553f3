"""Investment: what is built where and when, at the least cost or for the most profit, on HiGHS through highspy.

``plan.py`` is what is given and found as plain arrays, ``planned.py`` finds it. A plan with foresight of some terms
at a time is in ``rolling.py``, one for several futures in ``stochastic.py``. What it costs to build is made of formulas
in ``cell2grid.formulas.investing``; what the market answers to a plan is ``market``, and bringing both together is
the caller's. Equations: docs/formulation/plan.md.
"""

from __future__ import annotations
