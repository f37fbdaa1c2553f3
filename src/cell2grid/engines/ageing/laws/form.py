"""What a law needs and keeps, and what it is told of a chunk of time; the laws themselves are beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# places in what a law is told of a chunk
DAYS: Final = 0  # its length
CYCLES: Final = 1  # equivalent full cycles of the first capacity
DEPTH: Final = 2  # highest less lowest level
RATE: Final = 3  # mean C-rate over all steps [1/hour]
RATE_IN: Final = 4  # mean C-rate while charging
STRESSES: Final = 5

# temperatures by which fitted forms divide [K], and the anode's potential at half charge [V]: Gasper 2023, Smith 2017
NORMAL_KELVIN: Final = 308.15
NORMAL_POTENTIAL: Final = 0.123
GAS_CONSTANT: Final = 8.3144  # J/(mol K), as the fits used it
ROOM_KELVIN: Final = 298.15


@dataclass(frozen=True, slots=True)
class Form:
    """A functional form: its name, the parameters it asks for in their order, and the states it keeps."""

    name: str
    parameters: tuple[str, ...]
    states: tuple[str, ...]
    calendar: tuple[str, ...]
    """The states that grow with time alone."""
    start: tuple[float, ...] = ()
    """The states of a new store, where they are not all 0."""
    tables: tuple[str, ...] = ()
    """Parameters that are lists of equal length, packed behind the others."""
    rates: int = 2
    """How many rates it has at one moment."""
    anode: bool = True
    """Whether its rates ask for the potential of the anode."""
