"""The run: a study through the engines, in all members of an ensemble.

``run`` gives ``Results``; ``cell2grid.results`` keeps them in a folder. Evidence is handed in by who calls.
"""

from cell2grid.run.chain import NO_EVIDENCE, STAGES, run

__all__ = ["NO_EVIDENCE", "STAGES", "run"]
