"""How fast a project's worth is found, beside other programs, in one run: ``python -m benchmarks.value``.

``subject`` is the project and its prices. Each of ``life``, ``members``, ``sizes``, ``ageing``, ``money``, ``credit``
and ``own_sales`` is one part of the table; ``benchmarks.dispatch.table`` prints and judges. Times are compared with
what is wanted; a value that disagrees ends the run with an error. What the figures mean: docs/reference/value-speed.md.
"""
