"""How fast and how exact dispatch is, beside other programs, in one run: ``python -m benchmarks.dispatch``.

``series`` makes the prices, ``own`` calls cell2grid, ``highs``, ``fltoptim`` and ``pypsa_network`` call the peers and
``lattice`` is an oracle without a gap. Each of ``year``, ``five_minutes``, ``trough``, ``growth``, ``caps`` and
``hard_prices`` is one part of the table; ``table`` times, prints and judges. Times are printed and compared with what
is wanted; a value that disagrees ends the run with an error. What the figures mean: docs/reference/dispatch-speed.md.
"""
