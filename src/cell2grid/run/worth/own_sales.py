"""The price-taker assumption of a valuation tested: what is left of its market revenue where its own sales move prices.

Each price year of the middle case is scheduled three times for the new store: as a price taker expects it, what that
schedule earns at the prices it moves, and what a schedule earns that knows (``engines.dispatch.impact``). The NPV is
counted anew with each year's market revenue lowered in the same proportion. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.worth.exchange import exchange_rate
from cell2grid.run.worth.moved_revenue import moved_revenue
from cell2grid.units import currency, same_kind

if TYPE_CHECKING:
    from cell2grid.run.worth.terms import Subject
    from cell2grid.run.worth.valuing import Outcome
    from cell2grid.study.quantity import Quantity

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OwnSales:
    """What a price taker expects and earns, and what one earns that knows, by price year and as NPV [currency].

    ``slope`` is in the money of the prices [currency/MWh/MW]; ``gap`` is how much more than ``knowing`` there could
    be at most.
    """

    slope: float
    labels: tuple[str, ...]
    expected: Floats
    earned: Floats
    knowing: Floats
    gap: Floats
    npv_earned: float
    npv_knowing: float

    @property
    def kept(self) -> float:
        """The share of the expected market revenue that a schedule which knows still earns."""
        total = float(self.expected.sum())
        return float(self.knowing.sum()) / total if total > 0.0 else float("nan")


def slope_of(subject: Subject) -> float | None:
    """What the price falls by with each MW that is sent, in the money of the prices; None where it is not known.

    Raises
    ------
    StudyError
        It is in another form, or in a currency that no rate brings to that of the prices.
    """
    said: Quantity | None = subject.project.prices.slope
    if said is None:
        estimate = subject.prices.slope
        return estimate.value if estimate is not None and estimate.told else None
    own = currency(said.unit)
    if own is None or not same_kind(said.unit, f"{own}/MWh/MW"):
        raise StudyError(f"prices.slope: '{said.text}' is in {said.unit}; write it as '0.01 EUR/MWh/MW'")
    figures = MiddleFigures()
    rate = exchange_rate(subject.project.exchange_rates, own, subject.prices.currency or own, figures, "price")
    return float(said.to(f"{own}/MWh/MW").mode * rate[0])


def own_sales(
    subject: Subject, middle: Outcome, slope: float, *, on_progress: Callable[[int], None] = lambda done: None
) -> OwnSales:
    """The test of the price-taker assumption at a slope of the price [currency/MWh/MW].

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As ``engines.dispatch.impact.with_impact``.
    """
    case = middle.members.cases[0]
    used = sorted(set(case.order))
    rows: dict[int, tuple[float, float, float, float]] = {}
    for done, place in enumerate(used):
        year = case.price_years[place]
        series: dict[str, Any] = {name: values[place] for name, values in case.by_year.items()}
        found = moved_revenue(year.price, year.step_hours, {**case.asset, **series}, slope)
        rows[place] = (found.expected, found.earned, found.knowing, found.gap)
        on_progress(done + 1)
    columns = np.array([rows[place] for place in used])
    expected, earned, knowing, gap = columns.T
    return OwnSales(
        slope=slope,
        labels=tuple(case.price_years[place].label for place in used),
        expected=expected,
        earned=earned,
        knowing=knowing,
        gap=gap,
        npv_earned=_npv(middle, _by_year(case.order, used, earned, expected)),
        npv_knowing=_npv(middle, _by_year(case.order, used, knowing, expected)),
    )


def _by_year(order: tuple[int, ...], used: list[int], left: Floats, expected: Floats) -> Floats:
    """The share of market revenue that is left in each operating year."""
    shares = np.divide(left, expected, out=np.ones(len(used)), where=expected > 0.0)
    return np.array([shares[used.index(place)] for place in order])


def _npv(middle: Outcome, kept: Floats) -> float:
    from cell2grid.run.worth.valuing import settled

    return float(settled(middle.members, middle.lives, kept=kept).arrays["npv"].values[0, 0])
