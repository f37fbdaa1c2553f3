"""What cells and packs cost in BatPaC's structure: scaling of steps and prices, and the accounts of a year.

Plain functions on arrays of members. Where the numbers come from is in ``cell2grid.study.cost_file``, what is put
together in ``cell2grid.run.costing``; the equations are in docs/formulation/cost.md.
"""

from cell2grid.formulas.cell_cost.accounts import ROWS, Rules, Year, accounts, invested
from cell2grid.formulas.cell_cost.scaling import bought, learning_factor, passed, scaled, scrap_credit, unit_price

__all__ = [
    "ROWS",
    "Rules",
    "Year",
    "accounts",
    "bought",
    "invested",
    "learning_factor",
    "passed",
    "scaled",
    "scrap_credit",
    "unit_price",
]
