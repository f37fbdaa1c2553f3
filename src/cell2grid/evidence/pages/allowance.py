"""How much one page may ask of the reader: lines, numbers and seconds, so that a folder is read to its end.

A page that asks for more is reported, and the rest goes on. How large a file may be is ``page.py``; what HTML and PDF
may ask for is limited in their own process (``extraction.py``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from cell2grid.errors import PageError
from cell2grid.evidence.records import Document

SECONDS = 300.0  # of the processor, so that a busy machine reads the same pages; 50 MB of prose take half of it
MOST_LINES = 1_000_000
MOST_NUMBERS = 200_000


@dataclass(slots=True)
class Allowance:
    """What a page may still ask for. ``ends`` is the second of its thread at which its time is over."""

    path: str
    seconds: float
    ends: float
    asked: int = 0

    def require(self, numbers: int) -> None:
        """Nothing, as long as the page has time left, and no more numbers read than a page may have.

        Raises:
            PageError: it has not.
        """
        self.asked += 1
        if self.asked % 16 == 1 and time.thread_time() > self.ends:
            raise PageError(
                f"page '{self.path}' takes longer than the {self.seconds:g} s that a page may take: split it, or "
                f"leave it out"
            )
        if numbers > MOST_NUMBERS:
            raise PageError(
                f"page '{self.path}' has more than the {MOST_NUMBERS:,} numbers that a page may have: it is a table; "
                f"split it, or leave it out"
            )


def allowance(document: Document, seconds: float = SECONDS) -> Allowance:
    """What a page may ask for from now on.

    Raises:
        PageError: it has more lines than a page may have.
    """
    lines = document.text.count("\n") + document.text.count("\r")
    if lines > MOST_LINES:
        raise PageError(
            f"page '{document.path}' has {lines:,} lines, more than the {MOST_LINES:,} that a page may have: split it, "
            f"or leave it out"
        )
    return Allowance(document.path, seconds, time.thread_time() + seconds)
