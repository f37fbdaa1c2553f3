"""Reserve beside energy: what a file of products is worth to a case of ``dispatch``, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.cli.output import console, progress, table
from cell2grid.errors import NoAnswerError
from cell2grid.units import written

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.cli.dispatch.methods import Answer
    from cell2grid.engines.dispatch import Case, Schedule
    from cell2grid.engines.reserves import Outcome, Product
    from cell2grid.prices import PriceSeries


@dataclass(frozen=True, slots=True, eq=False)
class Reserved:
    """A plan of energy and awards, the case and products that it is for, and what energy alone would be worth."""

    outcome: Outcome
    products: Sequence[Product]
    case: Case
    alone: float | None

    def awards(self) -> dict[str, NDArray[np.float64]]:
        """The award of each product over the time steps [MW], by the name of its column."""
        award = self.outcome.award
        return {f"award_{name}": award[:, i] for i, name in enumerate(self.outcome.names)}

    def document(self) -> dict[str, Any]:
        """What the JSON document says of the plan."""
        found, hours = self.outcome, self.case.step_hours
        return {
            "products": [
                {
                    "product": one.name,
                    "mean_award_mw": float((found.award[:, i] * hours).sum() / hours.sum()),
                    "largest_award_mw": float(found.award[:, i].max()),
                    "called_up_mwh": float((one.activation_up * found.award[:, i] * hours).sum()),
                    "called_down_mwh": float((one.activation_down * found.award[:, i] * hours).sum()),
                    "capacity_revenue": float(found.capacity_revenue[i]),
                    "activation_revenue": float(found.activation_revenue[i]),
                }
                for i, one in enumerate(self.products)
            ],
            "value_of_energy_alone": self.alone,
            "reserve_adds": None if self.alone is None else found.value - self.alone,
            "window_hours": found.window,
            "overlap_hours": found.overlap,
        }

    def show(self, money: str) -> None:
        """Print a row for each product, and what reserve is worth."""
        said = self.document()
        columns = {"product": "left", "mean award": "right", "largest": "right", "capacity": "right", "calls": "right"}
        table(
            f"Reserve, revenue in {money}",
            columns,
            [
                (
                    one["product"],
                    f"{written(one['mean_award_mw'], 2)} MW",
                    f"{written(one['largest_award_mw'], 2)} MW",
                    written(one["capacity_revenue"], 2),
                    written(one["activation_revenue"], 2),
                )
                for one in said["products"]
            ],
        )
        if self.alone is not None:
            adds = written(said["reserve_adds"], 2)
            console().print(
                f"• Energy alone would be worth {written(self.alone, 2)} {money}; reserve adds {adds}.",
                markup=False,
            )
        if self.outcome.window is not None:
            console().print(
                f"• It is planned in windows of {self.outcome.window:g} h with {self.outcome.overlap:g} h of overlap: "
                "the best may be worth more.",
                markup=False,
            )


def with_reserve(case: Case, services: Path, series: PriceSeries, time_limit: float) -> Answer:
    """The plan of energy and of awards in the services of a file that earns the most.

    Raises
    ------
    StudyError, PriceError, InputError, InfeasibleError, NotConvergedError
        As ``products_of_file`` and ``co_optimised``.
    """
    from cell2grid.cli.dispatch.methods import Answer, beginning, timed
    from cell2grid.engines.reserves import co_optimised
    from cell2grid.engines.reserves.products import part
    from cell2grid.run.services import products_of_file

    products = products_of_file(services, case, series)
    small = beginning(case)
    few = [part(one, 0, len(small.price)) for one in products]
    with progress("planning", len(case.price)) as done:
        found, seconds = timed(
            lambda: co_optimised(case, products, time_limit=time_limit, progress=lambda steps, _: done(steps)),
            lambda: co_optimised(small, few, time_limit=time_limit),
        )
    best = _schedule(case, found)
    return Answer(
        best=best,
        figures=_figures(case, found, products),
        seconds=seconds,
        bound=found.bound if found.bound < float("inf") else None,
        reserve=Reserved(found, products, case, _alone(case, time_limit)),
    )


def _schedule(case: Case, found: Outcome) -> Schedule:
    """The plan as a schedule; its energy holds what is expected of calls."""
    from cell2grid.engines.dispatch import Schedule

    return Schedule(
        energy=found.energy,
        charge=found.charge,
        discharge=found.discharge,
        start=float(found.energy[-1]) if case.cyclic else case.start,
        value=found.value,
        bound=found.bound,
        method=found.method,
    )


def _figures(case: Case, found: Outcome, products: Sequence[Product]) -> dict[str, Any]:
    """The figures of a plan, by the names that ``dispatch.outcome`` has for them; calls draw from the store, too."""
    from cell2grid.engines.dispatch import site
    from cell2grid.engines.dispatch.steps import drawn_power

    taken, sent = found.charge * case.step_hours, found.discharge * case.step_hours
    called = sum((one.activation_up * found.award[:, i] for i, one in enumerate(products)), 0.0 * sent)
    drawn = drawn_power(case, found.discharge) + called / case.efficiency_discharge
    return {
        "charge": found.charge,
        "discharge": found.discharge,
        "energy": found.energy,
        "net_export": site.generation(case) - found.curtailed - site.load(case) + found.discharge - found.charge,
        "curtailed": found.curtailed,
        "charged_energy": float(taken.sum()),
        "discharged_energy": float(sent.sum()),
        "drawn_energy": float((drawn * case.step_hours).sum()),
        "charging_cost": float((case.buy_price * taken).sum()),
        "revenue": found.revenue,
        "objective": found.value,
    }


def _alone(case: Case, time_limit: float) -> float | None:
    """What the case is worth without reserve; None where that cannot be said in time."""
    from cell2grid.engines.dispatch import schedule

    try:
        return schedule(case, time_limit=time_limit).value
    except NoAnswerError:
        return None
