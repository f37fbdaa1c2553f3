"""The run: a study through the engines, in all members of an ensemble.

``run_study`` gives ``Results``; ``cell2grid.results`` keeps them in a folder. Evidence is handed in by who calls.
"""

from cell2grid.run.asked import NO_EVIDENCE
from cell2grid.run.chain import STAGES, results_of, run_study
from cell2grid.run.told.summary import run_summary

__all__ = ["NO_EVIDENCE", "STAGES", "results_of", "run_study", "run_summary"]
