"""A quantity of a sentence: number, unit and bounds as printed; read by ``lexer.py``, joined by ``joining.py``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as a sentence prints it; places are counted from the start of the sentence.

    ``start`` to ``end`` is the exact text with magnitude and unit, ``number_end`` the end of the numeral and its
    magnitude. ``kind`` is energy, power, currency, count, percent … or bare; ``noun`` the counted noun as written.
    ``number`` is what is printed before its magnitude.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    number: float
    value: float | None
    low: float | None
    high: float | None
    unit: str
    kind: str
    approx: str | None = None
    noun: str = ""
    factor: float = 1.0
    digits: bool = True
    degree_start: int = -1

    @property
    def lead(self) -> int:
        """Where the quantity begins with its word of degree."""
        return self.start if self.degree_start < 0 else min(self.start, self.degree_start)
