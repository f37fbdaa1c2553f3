"""BLAST-Lite as the oracle of ageing: its models beside our sets, duty cycles, and where ten years of them end.

``python tests/engines/blast_at_hand.py`` writes ``blast_ten_years.csv`` anew, in minutes; the tests run a part of it.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np

TEN_YEARS = Path(__file__).with_name("blast_ten_years.csv")
MODELS = {
    "gasper-2023-lfp-250ah": "Lfp_Gr_250AhPrismatic",
    "gasper-2023-nmc-50ah-b1": "NMC_Gr_50Ah_B1",
    "gasper-2023-nmc-50ah-b2": "NMC_Gr_50Ah_B2",
    "gasper-2023-nmc-75ah-a": "NMC_Gr_75Ah_A",
    "naumann-2020-lfp-sony": "Lfp_Gr_SonyMurata3Ah_Battery",
    "schmalstieg-2014-nmc111-sanyo": "Nmc111_Gr_Sanyo2Ah_Battery",
    "smith-2017-nmc111-kokam": "Nmc111_Gr_Kokam75Ah_Battery",
    "smith-2021-nmc622-denso": "Nmc622_Gr_DENSO50Ah_Battery",
}
DUTIES = ("full", "part", "irregular")


def blast_model(name):
    """A new battery of BLAST-Lite for one of our sets."""
    # numpy 2.4 took the name away under which BLAST-Lite 1.1 knows the rule of trapezoids
    if not hasattr(np, "trapz"):
        np.trapz = np.trapezoid
    from blast import models

    return getattr(models, MODELS[name])()


def duty(kind, step):
    """A year of levels and temperatures at the ends of steps [hour], and the hours."""
    hours = np.arange(round(8760 / step) + 1) * step
    clock, day = hours % 24, hours // 24
    if kind == "full":
        return hours, np.interp(clock, [0, 2, 6, 17, 21, 24], [0, 0, 1, 1, 0, 0]), np.full(len(hours), 25.0)
    if kind == "part":
        level = np.interp(clock, [0, 3, 5, 12, 14, 24], [0.3, 0.3, 0.7, 0.7, 0.3, 0.3])
        return hours, np.where(day % 7 >= 5, 0.3, level), np.full(len(hours), 12.0)
    # a new level every six hours, reached in four, on cells that follow the seasons
    levels = np.random.default_rng(3).random(365 * 4 + 1)
    levels[-1] = levels[0]
    begins = np.arange(365 * 4) * 6.0
    knots, at = np.append(np.column_stack([begins, begins + 4.0]).ravel(), 8760.0), levels.repeat(2)[1:]
    return hours, np.interp(hours, knots, at), 22.0 + 6.0 * np.sin(2 * np.pi * hours / 8760.0)


def ten_years(name, kind, step, keep):
    """The state of health that BLAST-Lite has when ten years of its time are over."""
    hours, level, celsius = duty(kind, step)
    battery = blast_model(name)
    with np.errstate(all="ignore"):
        battery.simulate_battery_life(
            {"Time_s": hours * 3600.0, "SOC": level.copy(), "Temperature_C": celsius},
            threshold_time=10,
            is_conserve_energy_throughput=keep,
        )
    return float(np.interp(3650.0, battery.stressors["t_days"], battery.outputs["q"]))


if __name__ == "__main__":
    lines = ["cells,duty,step_hours,keep_throughput,state_of_health"]
    for case in product(MODELS, DUTIES, (1.0, 0.25), (False, True)):
        lines.append(",".join(map(str, case)) + f",{ten_years(*case):.9f}")  # noqa: PERF401
    TEN_YEARS.write_text("\n".join(lines) + "\n", encoding="utf-8")
