"""Who owns and who controls whom: stakes as a graph, attributable shares, chains of control, power in a vote.

``graph.py`` keeps the stakes of a day, ``attributable.py`` follows them through holdings and loops, ``control.py``
asks who decides, ``voting.py`` how often a holder's votes tip a decision. All of them know only names and shares; a
study's stakes are brought here by ``cell2grid.run.owners``. How concentrated a market is stands in
``formulas/concentration.py``.
"""
