"""Run folders, out and in: what a run found, kept so that a report can be made from the folder alone.

::

    study.json      the study as it was run, its quantities as they were written
    results.nc      arrays of the nomenclature, all members
    tables/*.parquet  summaries; the same study, seed and version give the same bytes
    evidence.json   the claims used, their documents and checks
    manifest.json   versions, seed, input hashes, wall times; written last

Names, dims and units of the arrays and the columns of the tables are checked on both ways (``columns.py``). A folder
is written beside its place and renamed when it is whole (``place.py``). What goes into the tables is said in
``cell2grid.run``.
"""

from cell2grid.results.columns import OPTIONAL, TABLES
from cell2grid.results.folder import FORMAT, Results, check_place, read_results, write_results

__all__ = ["FORMAT", "OPTIONAL", "TABLES", "Results", "check_place", "read_results", "write_results"]
