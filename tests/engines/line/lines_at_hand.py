"""Small lines for the tests: arrays from a few lists, and what the engine says of them in plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from cell2grid.engines import line


def arrays(
    means: Sequence[float],
    buffers: Sequence[int] | None = None,
    kind: str | Sequence[str] = "exponential",
    *,
    items: int = 20_000,
    seed: int = 1,
    deviation: float = 0.0,
    **by_station: object,
) -> xr.Dataset:
    """A line; what is by station may be one value for all."""
    count = len(means)
    told = {"service_deviation": deviation, "service_distribution": kind, **by_station}
    return xr.Dataset(
        {
            "service_mean": ("station", list(means)),
            **{
                name: ("station", [value] * count if isinstance(value, (str, float, int)) else list(value))
                for name, value in told.items()
            },
            "buffer": ("gap", np.array([0] * (count - 1) if buffers is None else buffers, dtype=float)),
            "items": ((), items),
            "seed": ((), seed),
        },
        coords={"station": [f"station {n}" for n in range(count)]},
    )


def throughput(*positional: object, **named: object) -> tuple[float, float, float]:
    """The throughput of the line of these arrays, and the ends of its interval."""
    solved = line.solve(arrays(*positional, **named))  # type: ignore[arg-type]
    return tuple(float(solved[f"throughput{end}"]) for end in ("", "_low", "_high"))  # type: ignore[return-value]


def name_of_bottleneck(solved: xr.Dataset) -> str:
    return str(solved["station"].values[int(np.argmax(solved["bottleneck"].values))])
