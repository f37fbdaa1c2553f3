"""The public names of cell2grid, each loaded when it is first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from cell2grid.version import __version__

if TYPE_CHECKING:
    from cell2grid.assemble.evidence import evidence_of_study
    from cell2grid.assemble.filling import assemble_study
    from cell2grid.engines.dispatch import dispatch_asset
    from cell2grid.errors import Cell2gridError
    from cell2grid.evidence.arithmetic.checks import check as check_claims
    from cell2grid.evidence.briefs import briefs
    from cell2grid.evidence.exports.exporting import export as export_claims
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.reading import read_pages
    from cell2grid.nomenclature import variables
    from cell2grid.prices import read_prices, read_profile, resampled, synthetic_year
    from cell2grid.report.page import write_report
    from cell2grid.report.trace import trace
    from cell2grid.results import read_results, write_results
    from cell2grid.run import run_study
    from cell2grid.run.compared.running import compared as compare_study
    from cell2grid.run.fitted.fitting import fit_of as fit_study
    from cell2grid.run.life.cells import state_of_health
    from cell2grid.run.market_case.answer import solve_case
    from cell2grid.run.owners import owners_of
    from cell2grid.run.plan.planning import plan_study
    from cell2grid.run.varied import variation as vary_study
    from cell2grid.run.worth.project_value import value_project
    from cell2grid.study.case_file import read_case
    from cell2grid.study.loader import load_study
    from cell2grid.study.model import Study
    from cell2grid.study.project_file import read_project

# name: (module, name there)
_PUBLIC = {
    "Cell2gridError": ("errors", "Cell2gridError"),
    "Study": ("study.model", "Study"),
    "assemble_study": ("assemble.filling", "assemble_study"),
    "briefs": ("evidence.briefs", "briefs"),
    "check_claims": ("evidence.arithmetic.checks", "check"),
    "compare_study": ("run.compared.running", "compared"),
    "dispatch_asset": ("engines.dispatch", "dispatch_asset"),
    "evidence_of_study": ("assemble.evidence", "evidence_of_study"),
    "export_claims": ("evidence.exports.exporting", "export"),
    "fit_study": ("run.fitted.fitting", "fit_of"),
    "load_study": ("study.loader", "load_study"),
    "open_store": ("evidence.keeping.store", "open_store"),
    "owners_of": ("run.owners", "owners_of"),
    "plan_study": ("run.plan.planning", "plan_study"),
    "read_case": ("study.case_file", "read_case"),
    "read_pages": ("evidence.reading", "read_pages"),
    "read_prices": ("prices", "read_prices"),
    "read_profile": ("prices", "read_profile"),
    "read_project": ("study.project_file", "read_project"),
    "read_results": ("results", "read_results"),
    "resampled": ("prices", "resampled"),
    "run_study": ("run", "run_study"),
    "solve_case": ("run.market_case.answer", "solve_case"),
    "state_of_health": ("run.life.cells", "state_of_health"),
    "synthetic_year": ("prices", "synthetic_year"),
    "trace": ("report.trace", "trace"),
    "value_project": ("run.worth.project_value", "value_project"),
    "variables": ("nomenclature", "variables"),
    "vary_study": ("run.varied", "variation"),
    "write_report": ("report.page", "write_report"),
    "write_results": ("results", "write_results"),
}

__all__ = [
    "Cell2gridError",
    "Study",
    "__version__",
    "assemble_study",
    "briefs",
    "check_claims",
    "compare_study",
    "dispatch_asset",
    "evidence_of_study",
    "export_claims",
    "fit_study",
    "load_study",
    "open_store",
    "owners_of",
    "plan_study",
    "read_case",
    "read_pages",
    "read_prices",
    "read_profile",
    "read_project",
    "read_results",
    "resampled",
    "run_study",
    "solve_case",
    "state_of_health",
    "synthetic_year",
    "trace",
    "value_project",
    "variables",
    "vary_study",
    "write_report",
    "write_results",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'cell2grid' has no attribute '{name}'")
    module, attribute = _PUBLIC[name]
    return getattr(importlib.import_module(f"cell2grid.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
