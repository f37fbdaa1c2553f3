"""How fast markets are solved, beside general solvers, in one run: ``python -m benchmarks.market``.

``games`` holds the markets, ``peers`` the convex programme and the complementarity problem that the other programs
get, ``single`` one solve of several sizes, ``many`` years and ensembles, ``kinds`` what else a market may hold. Every
answer is judged by the conditions of an equilibrium (``engines.market.residual``), which no method shares. What the
figures mean: docs/reference/market-speed.md.
"""
