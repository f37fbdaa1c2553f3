"""Small cases of what it costs to bring goods in."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr


def landing_arrays(**changes: Any) -> xr.Dataset:
    """One plant that ships 10 and 20 items abroad, of which an order of 10 gets 4 in January and 4 in February."""
    values: dict[str, Any] = {
        "days": ("period", [31.0, 28.0, 31.0]),
        "shipped": (("member", "plant", "destination", "period"), [[[[0.0, 0.0, 5.0], [10.0, 20.0, 0.0]]]]),
        "delivered": (("member", "plant", "destination", "period"), [[[[0.0, 0.0, 5.0], [4.0, 16.0, 0.0]]]]),
        "freight_rate": (("member", "plant", "destination"), [[[np.nan, 7.0]]]),
        "duty_rate": (("member", "plant", "destination", "period"), [[[[0.0, 0.0, 0.0], [2.0, 3.0, 3.0]]]]),
        "order_delivered": (("member", "order", "period"), [[[4.0, 4.0, 0.0]]]),
        "order_quantity": (("member", "order"), [[10.0]]),
        "order_wanted": (("order",), [1.0]),
        "late_rate": (("member", "order"), [[3.0]]),
        "late_most": (("member", "order"), [[60.0]]),
    }
    for name, numbers in changes.items():
        values[name] = (values[name][0], numbers)
    coords = {
        "member": [0],
        "plant": np.array(["mill"], dtype=object),
        "destination": np.array(["HOME", "FAR"], dtype=object),
        "order": np.array(["harbour"], dtype=object),
        "period": np.array(["2025-01", "2025-02", "2025-03"], dtype=object),
    }
    return xr.Dataset(values, coords)
