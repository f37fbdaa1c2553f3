"""Items times the energy of one: 10,000 systems a year of 3.9 MWh are 39 GWh a year.

The energy of one is that of the same sentence, of the same name, or on one page of a name that is part of the other
(Megapack in Megapack factory). Energy per mass is no energy per item. Hours from energy and power are ``durations.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cell2grid.evidence.arithmetic import figures, matching
from cell2grid.evidence.arithmetic.figures import Figure, figure, parts, printed, worth
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.kinds._results import (
    Named,
    Result,
    best,
    is_counted,
    is_energy,
    names_of,
    of_one_scope,
    reported,
)
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.standing import MOST_BESIDE, Standing
from cell2grid.evidence.records import Claim

KIND = "product"
ORDER = 20
_PLANT = "Contoso's Gävle plant can build 2,000 systems a year of 2.5 MWh each{}."
_MADE = (
    {"measure": "capacity", "value": 2000, "text": "2,000 systems", "unit": "system/year", "said": _PLANT.format("")},
    {"measure": "unit_energy", "value": 2.5, "text": "2.5 MWh", "unit": "MWh/system", "said": _PLANT.format("")},
)


def _stated(energy: str, value: float, **check: object) -> Example:
    said = _PLANT.format(f", {energy} a year in all")
    whole = {"measure": "capacity", "value": value, "text": energy, "unit": "GWh/year", "said": said}
    return Example((*({**row, "said": said} for row in _MADE), whole), ({"computed": 5, **check},))


EXAMPLES = (
    Example(
        _MADE,
        ({"stated": None, "computed": 5, "unit": "GWh/year", "verdict": "cannot_say"},),
        ({"measure": "capacity", "value": 5, "unit": "GWh/year"},),
    ),
    _stated("5 GWh", 5, verdict="holds"),
    _stated("5.2 GWh", 5.2, verdict="fails"),
)
_COUNTED = ("capacity", "production", "deliveries", "supplies", "count")


def found(standing: Standing) -> Found:
    """One check for each number of items of which the energy of one is known; else the product is derived."""
    items = _Items(standing)
    stated = Named((each for each in standing.of(*_COUNTED, "energy") if is_energy(each, rate=True)), standing)
    results = []
    for counted in standing.of(*_COUNTED):
        if is_counted(counted) and (counted.measure == "capacity") == bool(parts(counted.unit)[1]):
            energy = items.energy_of_one(counted)
            result = None if energy is None else _product(counted, energy)
            if result is not None:
                results.append(result)
    # a supply is told again as deliveries or as a count; the first of these gives the product
    once: dict[tuple[object, ...], Result] = {}
    for result in results:
        first = result.first
        once.setdefault((first.document, first.start, first.value_start, first.quote, first.value_text), result)
    return reported(once.values(), lambda result: _stating(result, stated), _said, _is_sure)


class _Items:
    """Claims of the energy of one item, by sentence, by name and by page."""

    def __init__(self, standing: Standing) -> None:
        claims = [claim for claim in standing.of("unit_energy") if not _is_density(claim)]
        self._named = Named(claims, standing)
        self._page: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            self._page[claim.document].append(claim)

    def energy_of_one(self, counted: Claim) -> Claim | None:
        """The claim of the energy of one of the counted items, by its sentence, else by name, else by its page."""
        beside = best(counted, self._named.beside(counted), _fits)
        if beside is not None or counted.measure == "count":
            return beside
        return best(counted, self._named.called(counted), _fits) or best(counted, self._around(counted), _fits)

    def _around(self, counted: Claim) -> Iterable[Claim]:
        """Those of its page whose name is a part of its names."""
        told = [set(name) for name in names_of(counted)]
        for energy in self._page.get(counted.document, [])[:MOST_BESIDE]:
            if any(set(name) <= of for name in names_of(energy) for of in told):
                yield energy


def _is_density(claim: Claim) -> bool:
    of = parts(claim.unit)[1]
    return bool(of) and worth(of, "tonne") is not None


def _fits(counted: Claim, energy: Claim) -> int:
    """Whether the energy is of one of what is counted."""
    noun, of = parts(counted.unit)[0], parts(energy.unit)[1]
    if of and worth(of, noun) is None:
        return 0
    return 2 if of else 1


def _product(counted: Claim, energy: Claim) -> Result | None:
    is_rate = counted.measure == "capacity"
    noun, per = parts(counted.unit)
    unit = "GWh/year" if is_rate else "MWh"
    amount = figure(counted, f"{noun}/year" if per else noun)
    each = figure(energy, "MWh" if not parts(energy.unit)[1] else f"MWh/{noun}")
    if amount is None or each is None:
        return None
    product = figures.product(amount, each).times(1e-3 if is_rate else 1.0)
    equation = f"{printed(amount.value)} {noun}{'/year' if is_rate else ''} x {printed(each.value)} MWh/{noun}"
    return Result(KIND, "capacity" if is_rate else "energy", (counted, energy), product, unit, equation)


def _stating(result: Result, stated: Named) -> Claim | None:
    counted = result.claims[0]
    near = [*stated.beside(counted), *stated.called(counted), *stated.in_story(counted)]
    return best(counted, near, lambda _, claim: _states(result, claim))


def _states(result: Result, claim: Claim) -> int:
    """How sure it is that ``claim`` states what the counted items amount to in energy."""
    counted = result.claims[0]
    if (claim.measure == "capacity") != (result.measure == "capacity") or claim.value_start == counted.value_start:
        return 0
    together = matching.same_sentence(counted, claim)
    # energy told elsewhere may be that of another project; only the same deed of the same page is the same
    if not together and (claim.measure != counted.measure or claim.document != counted.document):
        return 0
    if claim.measure not in (result.measure, counted.measure):
        return 0
    subject = matching.names(counted.subject, claim.subject)
    dated = matching.period(counted) == matching.period(claim) or together
    if subject == Match.NO or not dated or not of_one_scope(counted, claim):
        return 0
    return int(Match.SAME) if together else int(subject if subject > Match.UNSAID else Match.NO)


def _is_sure(result: Result, claim: Claim) -> bool:
    return _states(result, claim) >= Match.SAME


def _said(claim: Claim, result: Result) -> Figure | None:
    """The figure of a claim in the unit of the result; a capacity in GWh without a time is one of a year."""
    unit = result.unit
    if result.measure == "capacity" and not parts(claim.unit)[1]:
        unit = parts(unit)[0]
    return figure(claim, unit)
