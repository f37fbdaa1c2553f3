"""A study with what its plan builds: each option that is built stands as a plant, and plants that close are shut.

So a run, and a comparison of runs, sees the plants that a duty or a growing market brings about. One plans with the
likeliest lead times; each member has the plants as late as they are drawn for it, as in the plan's own tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cell2grid.formulas.calendar import month_after
from cell2grid.run.plan.options import plan_of
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.plants import Plant, Shutdown, Tranche
from cell2grid.study.quantity import Day, Quantity
from cell2grid.study.varying import Streams

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.run.plan.flows import Flows
    from cell2grid.study.investing import BuildOption
    from cell2grid.study.model import Study

# tables of a plan that a run keeps
KEPT = ("investment", "investment_totals", "builds", "plan_capacity", "standing", "plan_passes")
_WHY = "[assumed: as the plan has it]"


@dataclass(frozen=True, slots=True, eq=False)
class WithPlan:
    """A study with the plants of its plan, the plan's tables and notes; ``said`` is for the manifest.

    ``reads`` are the figures behind the money of its tables.
    """

    study: Study
    frames: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]
    said: Mapping[str, Any] | None
    flows: Flows | None = None
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def is_planned(study: Study) -> bool:
    """Whether a study says what could be built."""
    return study.investment is not None and bool(study.investment.options)


def with_plan(study: Study, *, members: int, seed: int) -> WithPlan:
    """The study with what its plan builds and closes; the study itself where it says of nothing that could be built.

    Parameters
    ----------
    members, seed
        For the draws of lead times and costs in the plan's tables.

    Raises
    ------
    StudyError, InfeasibleError, NotConvergedError
        There is no plan; the message names what stands against one.

    >>> from cell2grid.study.loader import load_study
    >>> study = load_study("giga-shanghai-2022").study
    >>> with_plan(study, members=2, seed=1).study is study
    True
    """
    if not is_planned(study):
        return WithPlan(study, {}, (), None)
    found = plan_study(study, members=members, seed=seed)
    document = found.document
    frames = {name: frame for name, frame in found.results.tables.items() if name in KEPT}
    plants = _closed({**study.plants, **_built(study, document["builds"])}, study, document["closures"])
    drawn = _streams(plants, plan_of(study).options)
    changed = study.changed(plants=plants)
    if drawn:
        before = Streams() if study.streams is None else study.streams
        changed = changed.changed(streams=before.changed(rows={**before.rows, **drawn}))
    said = {key: document[key] for key in ("plan_for", "method", "status", "objective", "bound", "gap", "currency")}
    told = f"plan: {len(document['builds'])} decisions to build, as cell2grid plan tells them, stand as plants here"
    spread = (
        "plan: each member has its plants as late as its lead times are drawn, to the month, as in the table builds"
    )
    if not drawn:
        spread = "plan: lead times are at their likeliest here; their spread is in the table builds"
    notes = (told, spread, *document["notes"])
    reads = {"investment": tuple(found.results.manifest["reads"].get("investment", ()))}
    return WithPlan(changed, frames, notes, said, found.flows, reads)


def _streams(plants: Mapping[str, Plant], options: Mapping[str, BuildOption]) -> dict[str, str]:
    """By what blocks whose lead time is drawn are drawn: the option that they are of, as in the plan's own tables."""
    return {
        f"plants.{name}.tranches.{number}": f"investment.options.{name}"
        for name in options
        if name in plants
        for number, tranche in enumerate(plants[name].tranches)
        if tranche.lead_time is not None
    }


def _built(study: Study, builds: list[dict[str, Any]]) -> dict[str, Plant]:
    """A plant for each option that is built, with a tranche for each decision."""
    options = plan_of(study).options
    found: dict[str, Plant] = {}
    for name, option in options.items():
        rows = [row for row in builds if row["option"] == name]
        tranches = tuple(_tranche(study, option, row) for row in rows if _earliest(row, option) <= study.horizon.end)
        if tranches:
            found[name] = Plant(
                name=option.name, owner=option.firm, region=option.region, makes=option.makes, tranches=tranches,
                ramp=option.ramp, marginal_cost=option.marginal_cost,
            )  # fmt: skip
    return found


def _tranche(study: Study, option: BuildOption, row: Mapping[str, Any]) -> Tranche:
    """The block of one decision, which opens as late as its lead time is drawn where that has a spread."""
    lead, likeliest = option.lead_time.to("month"), _opens(row, option.lead_time.to("month").mode)
    spread = lead.low < lead.high
    return Tranche(
        capacity=Quantity.model_validate(f"{row['capacity']:.15g} {row['unit']} {_WHY}"),
        opens=Day.model_validate(f"{min(likeliest, study.horizon.end)} {_WHY}"),
        decided=row["decided"] if spread else None,
        lead_time=option.lead_time if spread else None,
    )


def _earliest(row: Mapping[str, Any], option: BuildOption) -> str:
    """The first month in which a decision can have opened its blocks."""
    return _opens(row, option.lead_time.to("month").low)


def _opens(row: Mapping[str, Any], lead: float) -> str:
    return month_after(row["decided"], round(lead))


def _closed(plants: Mapping[str, Plant], study: Study, closures: list[dict[str, Any]]) -> dict[str, Plant]:
    """The plants with a shutdown for each stretch of terms in which the plan does not keep them open."""
    found = dict(plants)
    for row in closures:
        first, last = (_months(study, row[end]) for end in ("start", "end"))
        shut = Shutdown(
            start=Day.model_validate(f"{first[0]} {_WHY}"),
            end=Day.model_validate(f"{min(last[1], study.horizon.end)} {_WHY}"),
        )
        plant = found[row["plant"]]
        found[row["plant"]] = plant.changed(shutdowns=(*plant.shutdowns, shut))
    return found


def _months(study: Study, term: str) -> tuple[str, str]:
    """The first and the last month of a term by its label."""
    from cell2grid.run.plan.decision_terms import decision_terms

    terms = decision_terms(study)
    start = terms.starts[terms.labels.index(term)]
    first = month_after(study.horizon.start, start)
    return first, month_after(first, terms.length - 1)
