"""Why a case has no schedule: the first timestep after which no level is within its bounds.

The levels that can be reached are an interval, for each step offers an interval of flows.
"""

from __future__ import annotations

from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.dispatch.steps import steps_of
from cell2grid.errors import EngineError, InfeasibleError


def refused(case: Case) -> InfeasibleError | EngineError:
    """The error that says which bound cannot be kept, and when."""
    steps = steps_of(case)
    low = high = case.start
    slack = 1e-9 * case.energy_capacity
    for t in range(len(steps.money)):
        low = steps.kept[t] * low + steps.flow[t, 0]
        high = steps.kept[t] * high + steps.flow[t, -1]
        least, most = float(steps.lowest[t]), float(steps.highest[t])
        if least > most + slack:
            return InfeasibleError(
                f"storage asset: after timestep {t} at least {least:g} MWh must be stored and at most {most:g} MWh can "
                "be; change the floor or the ceiling of the level"
            )
        if high < least - slack:
            return _too_low(case, t, high, least)
        if low > most + slack:
            return InfeasibleError(
                f"storage asset: after timestep {t} at least {low:g} MWh are stored and at most {most:g} MWh may be; "
                "raise the ceiling of the level or the discharge limit before it"
            )
        low, high = max(low, least), min(high, most)
    return EngineError("dispatch: no schedule was found and no bound is broken; please report the prices and the asset")


def _too_low(case: Case, t: int, high: float, least: float) -> InfeasibleError:
    last = len(case.price) - 1
    if high < 0.0:
        return InfeasibleError(
            f"storage asset: the load of timestep {t} ({0.0 if case.load is None else case.load[t]:g} MW) needs "
            f"{-high:g} MWh more than can be stored before it; raise the import limit, the generation or the start, or "
            "lower the load"
        )
    if t == last and least == case.end:
        return InfeasibleError(
            f"storage asset: after the last timestep ({t}) at most {high:g} MWh can be stored, and end_fraction "
            f"{case.end_fraction:g} asks for {least:g} MWh; lower the end, raise the start or the charge limit, or "
            "lengthen the horizon"
        )
    return InfeasibleError(
        f"storage asset: after timestep {t} at most {high:g} MWh can be stored, and the floor of the level asks for "
        f"{least:g} MWh; lower the floor, or raise the start or the charge limit"
    )
