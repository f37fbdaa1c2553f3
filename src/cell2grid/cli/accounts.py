"""Who decides: the name that a decision is kept under."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from cell2grid.errors import EvidenceError

Reviewer = Annotated[
    str | None, typer.Option("--reviewer", help="Your name in the decisions; by default that of your account.")
]


def reviewer_name(given: str | None) -> str:
    """The name given, else that of the account.

    Raises
    ------
    EvidenceError
        None was given, and the account has none.
    """
    if given is not None:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise EvidenceError("a decision needs a reviewer; give one with --reviewer NAME") from None
