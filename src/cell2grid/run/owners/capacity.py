"""What of the plants' capacity, and of what they make, is attributable to each firm.

Capacity is the nameplate of the tranches that are open on the day. Output is that of a run, each month by the stakes of
its days. A low end joins the low end of the share with that of the figure, a high end the two high ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import EngineError
from cell2grid.formulas.calendar import days_in, first_day
from cell2grid.formulas.ownership.graph import change_days
from cell2grid.study.stakes import holdings
from cell2grid.units import same_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.results import Results
    from cell2grid.run.owners.companies import Ends, Stakes
    from cell2grid.study.model import Plant, Study
    from cell2grid.study.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Part:
    """What is attributable to a firm of a product: items and their energy from ``low`` to ``high``, each with its unit.

    ``energy`` is None where the product's energy is not known. Of an output, ``mean`` is that over the members at both
    ends of the shares, and the ends are its 10 and 90 % quantiles.
    """

    firm: str
    product: str
    items: Ends
    unit: str
    energy: Ends | None
    energy_unit: str
    mean: Ends | None = None
    energy_mean: Ends | None = None


def open_capacity(study: Study, plant: Plant, day: date) -> tuple[Ends, Ends | None, float]:
    """Items and GWh a year of a plant's open tranches from low to high, and the items in the middle case."""
    product = study.products[plant.makes]
    each = None if product.energy is None else product.energy.to(f"MWh/{product.counted_in}")
    low = middle = high = 0.0
    energy = [0.0, 0.0]
    for block in _open(plant, day):
        if same_kind(block.unit, "MWh/month") and each is not None:
            made = block.to("GWh/year")
            # as many items as their energy allows: the most where each holds least
            low += 1e3 * made.low / each.high if each.high > 0 else 0.0
            middle += 1e3 * made.mode / each.mode if each.mode > 0 else 0.0
            high += 1e3 * made.high / each.low if each.low > 0 else 0.0
            energy = [energy[0] + made.low, energy[1] + made.high]
        else:
            counted = block.to(f"{product.counted_in}/year")
            low, middle, high = low + counted.low, middle + counted.mode, high + counted.high
            if each is not None:
                energy = [energy[0] + counted.low * each.low / 1e3, energy[1] + counted.high * each.high / 1e3]
    return (low, high), None if each is None else (energy[0], energy[1]), middle


def _open(plant: Plant, day: date) -> Iterator[Quantity]:
    blocks = [(plant.capacity, plant.opens), *((tranche.capacity, tranche.opens) for tranche in plant.tranches)]
    for quantity, opens in blocks:
        if quantity is not None and (opens is None or opens.first <= day):
            yield quantity


def capacities(study: Study, stakes: Stakes, day: date) -> list[Part]:
    """Attributable capacity on a day, of each firm that has some, in the order of the study."""
    found: dict[tuple[str, str], tuple[Ends, Ends | None]] = {}
    for firm, plant, share in _shares(study, stakes):
        items, energy, _ = open_capacity(study, plant, day)
        before = found.get((firm, plant.makes), ((0.0, 0.0), None if energy is None else (0.0, 0.0)))
        joined = None if energy is None or before[1] is None else _added(before[1], share, energy)
        found[firm, plant.makes] = _added(before[0], share, items), joined
    return [
        Part(firm, product, items, f"{study.products[product].counted_in}/year", energy, "GWh/year")
        for (firm, product), (items, energy) in found.items()
        if items[1] > 0.0
    ]


def _shares(study: Study, stakes: Stakes) -> Iterator[tuple[str, Plant, Ends]]:
    for firm in study.firms:
        for plant in study.plants.values():
            share = stakes.share(firm, plant.owner)
            if share[1] > 0.0:
                yield firm, plant, share


def _added(before: Ends, share: Ends, more: Ends) -> Ends:
    return before[0] + share[0] * more[0], before[1] + share[1] * more[1]


def outputs(study: Study, results: Results, stakes_of: Callable[[date], Stakes]) -> list[Part]:
    """Attributable output of a run over its months, of each firm that has some; each month by the stakes of its days.

    Raises
    ------
    EngineError
        The results were read without arrays.
    """
    if results.arrays is None:
        raise EngineError("attributable output is taken from arrays; read the results with_arrays=True")
    arrays = results.arrays
    months = [str(month) for month in arrays["period"].values]
    shares = _monthly_shares(study, months, stakes_of)
    made: dict[tuple[str, str], dict[str, list[NDArray[np.float64]]]] = {}
    for (firm, name), (low, high) in shares.items():
        of_plant = arrays.sel(plant=name)
        kinds = made.setdefault((firm, study.plants[name].makes), {})
        for variable in ("output", "output_energy"):
            values = of_plant[variable].transpose("member", "period").values
            ends = [values @ low, values @ high]
            before = kinds.get(variable)
            kinds[variable] = ends if before is None else [before[0] + ends[0], before[1] + ends[1]]
    found = []
    for (firm, product), kinds in made.items():
        items, mean = _spread(kinds["output"])
        known = bool(np.isfinite(kinds["output_energy"][0]).all())
        energy, energy_mean = _spread(kinds["output_energy"]) if known else (None, None)
        noun = study.products[product].counted_in
        found.append(Part(firm, product, items, noun, energy, "GWh", mean, energy_mean))
    return found


def _spread(ends: list[NDArray[np.float64]]) -> tuple[Ends, Ends]:
    """The 10 % quantile of the low end with the 90 % quantile of the high end, and the means of both."""
    low, high = ends
    edges = float(np.quantile(low, 0.1)), float(np.quantile(high, 0.9))
    return edges, (float(low.mean()), float(high.mean()))


def _monthly_shares(
    study: Study, months: list[str], stakes_of: Callable[[date], Stakes]
) -> Mapping[tuple[str, str], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """For each firm and plant the ends of the share in every month, days weighed evenly."""
    changes = change_days(holdings(study))
    found: dict[tuple[str, str], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    known: dict[date, dict[tuple[str, str], Ends]] = {}
    for place, month in enumerate(months):
        begin, days = first_day(month), days_in(month)
        ends = begin + timedelta(days=days)
        starts = [begin, *(day for day in changes if begin < day < ends)]
        for start, stop in zip(starts, [*starts[1:], ends], strict=True):
            since = max((day for day in changes if day <= start), default=date.min)
            if since not in known:
                stakes = stakes_of(since)
                known[since] = {
                    (firm, name): share
                    for firm in study.firms
                    for name, plant in study.plants.items()
                    if (share := stakes.share(firm, plant.owner))[1] > 0.0
                }
            for key, (low, high) in known[since].items():
                lows, highs = found.setdefault(key, (np.zeros(len(months)), np.zeros(len(months))))
                weight = (stop - start).days / days
                lows[place] += weight * low
                highs[place] += weight * high
    return found
