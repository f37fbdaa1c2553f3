"""The accounts of a year: overheads, depreciation, profit and warranty from materials, labour and capital.

Rules of BatPaC (Knehr and others 2022, doi:10.2172/1877590). BatPaC has energy in the variable overhead; here it is a
row of its own, taken out of that at the prices of the country whose plants the baseline is of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ROWS = (
    "materials",
    "purchased_items",
    "scrap_credit",
    "energy",
    "direct_labour",
    "variable_overhead",
    "general",
    "research",
    "depreciation",
    "profit",
    "warranty",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules, as ratios [ratio], lives [year] and yearly parts [1/year], one number a member."""

    equipment_life: Floats
    building_depreciation: Floats
    overhead_of_labour: Floats
    overhead_of_depreciation: Floats
    general_of_labour: Floats
    general_of_depreciation: Floats
    research_of_depreciation: Floats
    launch_of_materials: Floats
    launch_of_labour: Floats
    working_capital: Floats
    profit_of_investment: Floats
    warranty: Floats


@dataclass(frozen=True, slots=True)
class Year:
    """What a plant pays in a year [currency/year] and what was paid to build it [currency], one number a member.

    ``reference_energy`` is what the same energy would cost in the country that the baseline plant stands in.
    """

    materials: Floats
    purchased_items: Floats
    scrap_credit: Floats
    energy: Floats
    reference_energy: Floats
    direct_labour: Floats
    equipment: Floats
    building: Floats


def accounts(year: Year, rules: Rules) -> dict[str, Floats]:
    """The rows of the year's cost by name [currency/year], in the order of ``ROWS``; the credit is negative.

    >>> one, none = np.ones(1), np.zeros(1)
    >>> plain = Rules(10 * one, 0.05 * one, *(one * part for part in (0.4, 0.2, 0.25, 0.25, 0.4, 0, 0, 0, 0, 0)))
    >>> year = Year(none, none, none, none, none, 100 * one, 1000 * one, none)
    >>> {name: float(row[0]) for name, row in accounts(year, plain).items() if row[0]}
    {'direct_labour': 100.0, 'variable_overhead': 60.0, 'general': 65.0, 'research': 40.0, 'depreciation': 100.0}
    """
    written_off = year.equipment / rules.equipment_life + rules.building_depreciation * year.building
    overhead = rules.overhead_of_labour * year.direct_labour + rules.overhead_of_depreciation * written_off
    # BatPaC's overhead holds the energy of a plant of the baseline's country
    overhead = np.maximum(overhead - year.reference_energy, 0.0)
    worked = year.direct_labour + overhead + year.energy
    rows = {
        "materials": year.materials,
        "purchased_items": year.purchased_items,
        "scrap_credit": -year.scrap_credit,
        "energy": year.energy,
        "direct_labour": year.direct_labour,
        "variable_overhead": overhead,
        "general": rules.general_of_labour * worked + rules.general_of_depreciation * written_off,
        "research": rules.research_of_depreciation * written_off,
        "depreciation": written_off,
    }
    rows["profit"] = rules.profit_of_investment * sum(invested(year, rules, worked).values(), np.zeros(()))
    rows["warranty"] = rules.warranty * sum(rows.values(), np.zeros(()))
    return rows


def invested(year: Year, rules: Rules, worked: Floats) -> dict[str, Floats]:
    """What is invested in all, by kind [currency]: equipment, building, launch, working capital.

    ``worked`` is direct labour with variable overhead and energy [currency/year].
    """
    supplies = year.materials + year.purchased_items
    return {
        "equipment": year.equipment,
        "building": year.building,
        "launch": rules.launch_of_materials * supplies + rules.launch_of_labour * worked,
        "working_capital": rules.working_capital * (supplies - year.scrap_credit + worked),
    }
