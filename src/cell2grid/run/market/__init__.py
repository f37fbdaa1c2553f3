"""A study's markets in a run: from firms, costs, borders and demand to the engine ``market``, and to tables.

Arrays are made in ``game.py`` from one file each: what plants can sell (``capacities.py``), what making costs
(``making.py``), what carrying and borders cost (``borders.py``), what buyers ask for (``demand.py``), who decides and
how firms sell (``decisions.py``); terms and currencies in ``terms.py`` and ``money.py``. What it comes to is told in
``told.py``. The equations are in docs/formulation/competition.md, the game's own in docs/formulation/market.md.
"""

from cell2grid.run.market.game import game_of, has_market, solved

__all__ = ["game_of", "has_market", "solved"]
