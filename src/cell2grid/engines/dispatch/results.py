"""What a schedule comes to: powers, energy, what passes the grid connection, and the money.

``schedule.py`` finds the schedule; names and units are those of the nomenclature.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import site
from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.dispatch.schedule import Schedule, money_by_step
from cell2grid.engines.dispatch.steps import drawn_power

Floats = npt.NDArray[np.float64]


def outcome(best: Schedule, case: Case) -> dict[str, Floats | float]:
    """The figures of a schedule by name: arrays over the time steps, and plain numbers.

    ``revenue`` is that of the whole site; ``charging_cost`` what the energy charged would cost at the buying price.
    """
    charge, discharge = best.charge, best.discharge
    taken, sent = charge * case.step_hours, discharge * case.step_hours
    charged, discharged = float(taken.sum()), float(sent.sum())
    export = site.net_export(case, discharge - charge)
    curtailed = site.generation(case) - site.load(case) + discharge - charge - export
    revenue = float(money_by_step(case, charge, discharge).sum())
    moved = case.throughput_cost * (charged + discharged)
    return {
        "charge": charge,
        "discharge": discharge,
        "energy": best.energy,
        "net_export": export,
        "curtailed": np.maximum(curtailed, 0.0),
        "charged_energy": charged,
        "discharged_energy": discharged,
        "drawn_energy": float((drawn_power(case, discharge) * case.step_hours).sum()),
        "charging_cost": float(np.sum(case.buy_price * taken)),
        "revenue": revenue,
        "objective": revenue - moved + case.worth_of_end(float(best.energy[-1])),
    }
