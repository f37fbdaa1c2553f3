"""The potential of a graphite anode against lithium, by which several laws tell how hard a level is on a cell."""

from __future__ import annotations

import math

from cell2grid.engines.ageing.trajectories import compiled

_EMPTY, _FULL = 8.5e-3, 0.78  # lithium in the graphite of an empty and a full cell: Schimpe 2018, 10.1149/2.1181714jes


@compiled
def anode_potential(level: float) -> float:
    """The anode's open-circuit potential [V] at a level [ratio].

    Safari and Delacourt 2011, J. Electrochem. Soc. 158 A562, https://doi.org/10.1149/1.3567007.
    """
    filled = _EMPTY + level * (_FULL - _EMPTY)
    return (
        0.6379
        + 0.5416 * math.exp(-305.5309 * filled)
        - 0.044 * _tanh((filled - 0.1958) / 0.1088)
        - 0.1978 * _tanh((filled - 1.0571) / 0.0854)
        - 0.6875 * _tanh((filled + 0.0117) / 0.0529)
        - 0.0175 * _tanh((filled - 0.5692) / 0.0875)
    )


@compiled
def _tanh(value: float) -> float:
    """The hyperbolic tangent of values below 300, twice as fast as that of the C library."""
    return 1.0 - 2.0 / (math.exp(2.0 * value) + 1.0)
