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
        An empty one was given, or none and the account has none.
    """
    if given is not None:
        if not given.strip():
            raise EvidenceError("--reviewer '' is no name; give one, or leave it out for that of your account")
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise EvidenceError("a decision needs a reviewer; give one with --reviewer NAME") from None
