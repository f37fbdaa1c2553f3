"""Figures of a study that nobody reports, fitted to what was reported; and which of its figures a result hangs on.

``asked.py`` reads what the study asks for, ``rows.py`` gives the engines rows of figures and ``modelled.py`` reads what
was observed from what they find, ``fitting.py`` puts it together, ``telling.py`` says it in words and tables,
``writing.py`` puts the figures into the study's text, and ``tornado.py`` moves one figure at a time. The numbers are
``cell2grid.formulas.fitting``. Equations: docs/formulation/fit.md.
"""

from cell2grid.run.fitted.fitting import Fitted, fit_of
from cell2grid.run.fitted.telling import FitPart, fit_document, fit_notes, fit_part, fit_tables
from cell2grid.run.fitted.writing import with_fitted

__all__ = ["FitPart", "Fitted", "fit_document", "fit_notes", "fit_of", "fit_part", "fit_tables", "with_fitted"]
