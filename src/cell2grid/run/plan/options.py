"""What could be built as numbers: plants of the study, when a block opens and what of it can be used, and its money.

Money of a decision is told at prices of the horizon's start in the option's currency, and brought to the plan's by the
rate of the term in which one decides. Equations: docs/formulation/plan.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.investing import interest_during_construction, salvage_share
from cell2grid.formulas.ramp import ramp_share
from cell2grid.run.drawn.figures import items_of
from cell2grid.run.market.money import Money
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.study.model import Plant
from cell2grid.study.quantity import Day
from cell2grid.units import currency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.plan.decision_terms import DecisionTerms
    from cell2grid.study.investing import BuildOption, Investment
    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Quantity

LIFE = 15.0  # years over which a plant is depreciated where the study does not say; the field's own words say so too


def plan_of(study: Study) -> Investment:
    """The investment of a study; one without is refused with ``StudyError``."""
    if study.investment is None:
        raise StudyError(f"study '{study.study}' has no investment; add 'investment' with what could be built")
    return study.investment


def with_options(study: Study) -> Study:
    """The study with each option as a plant that is there from the first month on, one block of it.

    What carrying, borders and making cost a plant so holds for it too; how much of it is built is decided elsewhere.
    """
    begin = Day.model_validate(f"{study.horizon.start} [assumed: decided by the plan]")
    added = {
        name: Plant(
            owner=option.firm, region=option.region, makes=option.makes, capacity=option.block, opens=begin,
            ramp=option.ramp, marginal_cost=option.marginal_cost,
        )
        for name, option in plan_of(study).options.items()
    }  # fmt: skip
    return study.changed(plants={**study.plants, **added})


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """A block of each option by its age in months from the decision on, in the middle case."""

    items: NDArray[np.float64]  # (option,) item/year
    lead: NDArray[np.float64]  # (option,) month
    prepared: NDArray[np.float64]  # (option,) month: of ``lead``, before anything is spent
    opened: NDArray[np.float64]  # (option, age) ratio of the month
    ready: NDArray[np.float64]  # (option, age) ratio of its capacity


def blocks_of(study: Study, figures: Figures, months: int) -> Blocks:
    """Each option's block: capacity, lead time, and how it opens and ramps."""
    items, lead, prepared, opened, ready = [], [], [], [], []
    for name, option in plan_of(study).options.items():
        path = f"investment.options.{name}"
        block = items_of(study, figures, "investment", f"{path}.block", option.block, option.makes, "/month")
        items.append(MONTHS_A_YEAR * block[0])
        lead.append(figures.drawn("investment", f"{path}.lead_time", option.lead_time, "month")[0])
        prepared.append(preparation(option, figures, path, np.array([lead[-1]]))[0])
        share, use = opening(np.array([lead[-1]]), option, figures, path, months)
        opened.append(share[0])
        ready.append(use[0])
    shape = (len(items), months)
    return Blocks(
        np.array(items), np.array(lead), np.array(prepared), np.reshape(np.array(opened), shape),
        np.reshape(np.array(ready), shape),
    )  # fmt: skip


def preparation(option: BuildOption, figures: Figures, path: str, lead: NDArray[np.float64]) -> NDArray[np.float64]:
    """The months between a decision and the start of building, at most all of the lead time (case)."""
    if option.preparation is None:
        return np.zeros(lead.shape)
    drawn = figures.drawn("investment", f"{path}.preparation", option.preparation, "month")
    found: NDArray[np.float64] = np.minimum(drawn[: lead.size], lead)
    return found


def opening(
    lead: NDArray[np.float64], option: BuildOption, figures: Figures, path: str, months: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What part of each month a block is open, and what part of its capacity can be used (case, age in months)."""
    age = np.arange(months, dtype=np.float64)
    share = np.clip(age + 1.0 - lead[:, None], 0.0, 1.0)
    middle = np.maximum(age + 1.0 - share / 2.0 - lead[:, None], 0.0)
    if option.ramp is None:
        return share, share
    length = np.zeros(1)
    if option.ramp.months_to_nameplate is not None:
        figure = option.ramp.months_to_nameplate
        length = figures.drawn("investment", f"{path}.ramp.months_to_nameplate", figure, "month")[:1]
    return share, share * ramp_share(option.ramp.curve, middle, length[:, None])


def by_age(monthly: NDArray[np.float64], terms: DecisionTerms) -> NDArray[np.float64]:
    """The mean over the months of each term, of values by age in months from a decision at the begin of one."""
    count = len(terms.labels)
    whole = np.zeros((len(monthly), count * terms.length))
    whole[:, : monthly.shape[1]] = monthly
    if monthly.shape[1] < whole.shape[1] and len(monthly):
        whole[:, monthly.shape[1] :] = monthly[:, -1:]
    found: NDArray[np.float64] = whole.reshape(len(monthly), count, terms.length).mean(axis=2)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Capital:
    """Money of one block that is decided on in a term (option, term), in the plan's currency.

    ``whole`` is what building costs; ``cost`` is what counts at the middle of the term of decision: spent evenly until
    the opening with interest on it, less incentives, discounted from the opening. ``profile`` is the part that is spent
    by age in terms.
    """

    whole: NDArray[np.float64]
    cost: NDArray[np.float64]
    fixed: NDArray[np.float64]  # currency/year, with what keeping it as new takes
    renewal: NDArray[np.float64]  # currency/year: that part of it
    salvage: NDArray[np.float64]  # currency at the horizon's end
    profile: NDArray[np.float64]  # (option, age in terms)


def capital_of(
    study: Study, figures: Figures, terms: DecisionTerms, blocks: Blocks, learned: Mapping[str, NDArray[np.float64]]
) -> Capital:
    """The money of each option's block; ``learned`` is what learning leaves of it by option (term)."""
    plan = plan_of(study)
    money = Money(study, figures, terms.terms, plan.currency)
    shape = (len(plan.options), len(terms.labels))
    whole, cost, fixed, renewal, salvage, profile = np.zeros((6, *shape))
    for place, (name, option) in enumerate(plan.options.items()):
        path = f"investment.options.{name}"
        own = str(currency(option.capital_cost.unit))
        amount = figures.drawn("investment", f"{path}.capital_cost", option.capital_cost, own)[0]
        rate = money.rate(["investment"], f"{path}.capital_cost", option.capital_cost)[0]
        whole[place] = amount * rate * learned.get(name, np.ones(shape[1]))
        lead, building = (months / MONTHS_A_YEAR for months in
                          (blocks.lead[place], blocks.lead[place] - blocks.prepared[place]))  # fmt: skip
        own_part = whole[place] * (1.0 - paid_share(option, terms))
        cost[place] = own_part * at_decision(plan, lead, terms, building)
        fixed[place] = whole[place] * yearly_share(figures, f"{path}.fixed_cost", option.fixed_cost)[0]
        renewal[place] = whole[place] * yearly_share(figures, f"{path}.renewal", option.renewal)[0]
        # who sells a plant gives back what others paid towards it; else one built for the sake of selling it
        salvage[place] = own_part * left_at_end(option, lead, terms)
        profile[place] = spent_by_age(blocks.lead[place], terms, blocks.prepared[place])
    return Capital(whole, cost, fixed + renewal, renewal, salvage, profile)


def yearly_share(figures: Figures, path: str, figure: Quantity | None) -> NDArray[np.float64]:
    """The part of the capital cost that is paid each year, by member [1/year]; nothing where it is not said."""
    return np.zeros(figures.count) if figure is None else figures.drawn("investment", path, figure, "ratio/year")


def paid_share(option: BuildOption, terms: DecisionTerms) -> NDArray[np.float64]:
    """The part of the capital cost that incentives pay, by term of decision [ratio]."""
    found = np.zeros(len(terms.labels))
    for given in option.incentives:
        if given.share is not None:
            found += np.where(terms.mostly(given.start, given.end), given.share.to("ratio").mode, 0.0)
    return np.minimum(found, 1.0)


def at_decision(
    plan: Investment, lead: float, terms: DecisionTerms, building: float | None = None
) -> NDArray[np.float64]:
    """What money spent evenly over the last years before the opening, with interest on it, counts at mid-term [ratio].

    With B years of ``building``, all of the L years from the decision on where nothing is said, (1 / B) integral of
    (1 + i)^s over 0 to B is paid at the opening, which is (1 + r)^-L of it at the decision.
    """
    rate = terms.rate
    interest = rate if plan.construction_rate is None else plan.construction_rate.to("ratio/year").mode
    factor: NDArray[np.float64] = interest_during_construction(interest, lead if building is None else building) * (
        1.0 + rate
    ) ** (terms.years / 2.0 - lead)
    return factor


def left_at_end(option: BuildOption, lead: float, terms: DecisionTerms) -> NDArray[np.float64]:
    """What part of the capital cost is got back at the horizon's end, by term of decision [ratio]."""
    if option.salvage is None:
        return np.zeros(len(terms.labels))
    life = LIFE if option.life is None else option.life.to("year").mode
    age = (terms.months - np.array(terms.starts)) / MONTHS_A_YEAR - lead
    found: NDArray[np.float64] = option.salvage.to("ratio").mode * salvage_share(age, life)
    return found


def spent_by_age(lead: float, terms: DecisionTerms, prepared: float = 0.0) -> NDArray[np.float64]:
    """The part of the money that is spent in each term from the decision on; evenly from ``prepared`` to ``lead``."""
    edges = np.arange(len(terms.labels) + 1) * float(terms.length)
    found: NDArray[np.float64] = ((edges[:-1] <= lead) & (edges[1:] > lead)).astype(np.float64)
    if lead > prepared:
        found = np.diff(np.clip(edges, prepared, lead)) / (lead - prepared)
    return found
