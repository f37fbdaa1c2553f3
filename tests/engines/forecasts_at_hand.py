"""Forecasts and pasts made by hand for the tests of the methods without foresight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Rows:
    """A forecast given as its rows [step, lead]; what a row lacks repeats its last number."""

    rows: np.ndarray
    name: str = "by hand"

    def prices(self, first: int, last: int, leads: int) -> np.ndarray:
        lead = np.minimum(np.arange(leads), self.rows.shape[1] - 1)
        return self.rows[first:last][:, lead]


def perfect(price: np.ndarray) -> Rows:
    """The prices as they come."""
    steps = len(price)
    at = np.minimum(np.arange(steps)[:, None] + np.arange(steps), steps - 1)
    return Rows(price[at], "perfect")


def hours_from(start: str, count: int, minutes: int = 60) -> np.ndarray:
    """Stamps of steps of one length."""
    return np.datetime64(start, "s") + np.arange(count) * np.timedelta64(minutes, "m")
