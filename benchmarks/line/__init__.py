"""How fast items go through a line, beside SimPy and Ciw, in one run: ``python -m benchmarks.line``.

The line is eight stations of exponential times, one machine each, with buffers of five. ``kernel`` times our own, its
features and its threads, ``peers`` the other two programs on the same line, whose throughput must agree with ours and
with the exact table. What the figures mean: docs/reference/line-speed.md.
"""
