"""A study held against the same study with something different, member by member on the same draws.

Both are run in ``running.py``; the numbers that two runs can both have are those of plants and firms (``made.py``) and
of markets and who sells in them (``sold.py``, profits at home and abroad in ``sides.py``), named in ``number.py``; what
they differ by is in ``differences.py``. The equations are in docs/formulation/compare.md.
"""

from cell2grid.run.compared.running import Compared, compared

__all__ = ["Compared", "compared"]
