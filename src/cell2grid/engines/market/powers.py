"""Costs that rise by a power of output, and what they allow, made safe for a search that goes astray.

Beyond a cost that no price pays for, a power goes on as a straight line, so that it does not overflow; no equilibrium
lies there. What costs mean is in ``game.py``, where they stand among the conditions in ``conditions.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]


def steep_rise(output: Vector, exponent: Vector, unit: Vector, top: float) -> tuple[Vector, Vector]:
    """unit x output ^ exponent with its derivative, for exponents of one or more; straight above ``top``.

    >>> steep_rise(np.array([3.0, 100.0]), np.array([2.0, 2.0]), np.ones(2), 16.0)
    (array([  9., 784.]), array([6., 8.]))
    """
    with np.errstate(over="ignore"):
        end = (top / unit) ** (1.0 / exponent)
    at = np.clip(output, 0.0, end)
    beyond = output - at
    slope = exponent * unit * at ** (exponent - 1.0)
    slope = np.where((beyond < 0.0) & (exponent > 1.0), 0.0, slope)
    return unit * at**exponent + slope * beyond, slope


def output_at_rise(rise: Vector, exponent: Vector, top: Vector) -> tuple[Vector, Vector]:
    """rise ^ (1 / exponent) with its derivative, for exponents below one; straight above ``top``, 0 below 0.

    >>> output_at_rise(np.array([-1.0, 3.0]), np.array([0.5, 0.5]), np.array([16.0, 16.0]))
    (array([0., 9.]), array([0., 6.]))
    """
    inverse = 1.0 / exponent
    end = np.minimum(np.maximum(top, 1.0), 1e280 ** (1.0 / inverse))
    at = np.clip(rise, 0.0, end)
    slope = inverse * at ** (inverse - 1.0)
    return at**inverse + slope * np.maximum(rise - at, 0.0), slope
