"""A market case solved: who sells what where at which price, and whether a price war would end at marginal cost."""

from cell2grid.run.market_case.answer import Answer, solve_case
from cell2grid.run.market_case.stack import supply_stack

__all__ = ["Answer", "solve_case", "supply_stack"]
