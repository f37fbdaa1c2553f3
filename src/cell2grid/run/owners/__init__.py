"""Who owns and controls a study's companies, what of its plants is whose, who supplies whom, how concentrated that is.

``owners_of`` asks for one day (``found.py``). Stakes become shares, control and power in ``companies.py``, plants
become capacity and output by firm in ``capacity.py``; links are in ``links.py``, markets in ``markets.py``; the tables
of a run are made in ``tables.py``. The formulas are in ``cell2grid.formulas.ownership`` and know no study.
"""

from cell2grid.run.owners.found import Owners, owners_of
from cell2grid.run.owners.tables import owner_reads, owner_tables

__all__ = ["Owners", "owner_reads", "owner_tables", "owners_of"]
