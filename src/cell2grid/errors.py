"""The errors that cell2grid raises, by who can mend them.

::

    Cell2gridError              (exit status 1: a fault of ours)
    ├── InputError              (exit status 2: the call, a file or a figure is wrong)
    │   ├── PageError           a page cannot be read
    │   ├── EvidenceError       the store, a claim or a decision about one
    │   ├── StudyError          a study, line or case file
    │   ├── PriceError          a price file
    │   ├── UnitError           a unit that is unknown or of another kind
    │   └── RunFolderError      a run folder that is missing, partial or of another version
    ├── NoAnswerError           (exit status 3: the model has no answer)
    │   ├── InfeasibleError     no schedule, plan or delivery meets the limits
    │   ├── UnboundedError      the objective has no bound
    │   └── NotConvergedError   the method stopped before its end test held
    └── EngineError             arrays of the wrong name, dims or unit were handed to an engine

A message names the thing, the value, the bound and the next step.
"""

from __future__ import annotations


class Cell2gridError(Exception):
    """Any error of cell2grid: a message, and where in which file it arose."""

    exit_status = 1

    def __init__(self, message: str, *, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class InputError(Cell2gridError):
    """The call, a file or a figure in it is wrong; the user can mend it."""

    exit_status = 2


class PageError(InputError):
    """A page cannot be read."""


class EvidenceError(InputError):
    """The store, a claim, or a decision about one."""


class StudyError(InputError):
    """A study, line or case file says something that cannot be."""


class PriceError(InputError):
    """A price file has gaps, duplicates, missing numbers or no order."""


class UnitError(InputError):
    """A unit that is unknown, or of another kind than is needed."""


class RunFolderError(InputError):
    """A run folder that is missing, partial, or written by another version."""


class NoAnswerError(Cell2gridError):
    """The input is well formed, and the model has no answer for it."""

    exit_status = 3


class InfeasibleError(NoAnswerError):
    """No schedule, plan or delivery meets all limits."""


class UnboundedError(NoAnswerError):
    """The objective has no bound."""


class NotConvergedError(NoAnswerError):
    """The method stopped before its end test held."""


class EngineError(Cell2gridError):
    """Arrays of the wrong name, dims or unit were handed to an engine: a fault of ours."""
