"""One step along the curves that losses follow, from where a store stands on them; compiled by numba.

A loss y after the time or the cycles x follows y = k x^p, or y = w tanh((k x)^p / 2). Where the rates change, the store
goes on along the new curve from the place at which it has the loss that it has. The step is the tangent there, as the
published models were fitted and as BLAST-Lite takes it. A tangent at a place that is nearly 0 would leap: a step of
more than 1 / (1 - p) times the place is taken along the curve, and no lower than the tangent reaches by then.
"""

from __future__ import annotations

import math

import numba

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")

_FLAT = 700.0  # exponents beyond which the sigmoid is flat to the last digit


@compiled
def power_step(loss: float, length: float, rate: float, power: float) -> float:
    """The loss after ``length`` more along ``rate * x ** power``."""
    if length <= 0.0 or rate <= 0.0:
        return loss
    place = (loss / rate) ** (1.0 / power) if loss > 0.0 else 0.0
    if place <= 0.0:
        return float(loss + rate * length**power)
    if place <= (1.0 - power) * length:
        return float(max(loss / (1.0 - power), rate * (place + length) ** power))
    return float(loss + power * loss / place * length)


@compiled
def sigmoid_step(loss: float, length: float, most: float, rate: float, power: float) -> float:
    """The loss after ``length`` more along ``most * tanh((rate * x) ** power / 2)``; none is added at ``most``."""
    if length <= 0.0 or most <= 0.0 or rate <= 0.0 or loss >= most:
        return loss
    bend = math.log1p(2.0 * loss / (most - loss))
    if bend > _FLAT:
        return loss
    place = bend ** (1.0 / power) / rate if bend > 0.0 else 0.0
    if place <= 0.0:
        return loss + most * math.tanh(0.5 * (rate * length) ** power)
    fall = math.exp(-bend)
    slope = 2.0 * most * power * fall * bend / (place * (1.0 + fall) ** 2)
    if place <= (1.0 - power) * length:
        tangent = loss + slope * place / (1.0 - power)
        return float(max(tangent, most * math.tanh(0.5 * (rate * (place + length)) ** power)))
    return float(loss + slope * length)
