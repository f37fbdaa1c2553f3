"""A study's plan from end to end: decided, drawn member by member, and told as tables and one plain document."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.engines import engine
from cell2grid.engines.investment import written
from cell2grid.errors import InputError
from cell2grid.results import Results
from cell2grid.run.asked import NO_EVIDENCE, check_numbers
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import design_of, places_of
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.manifest import about
from cell2grid.run.plan.arrays import Inputs, plan_inputs
from cell2grid.run.plan.builds import Build, build_rows, builds_of, outlays_of
from cell2grid.run.plan.cost_kinds import cost_kinds
from cell2grid.run.plan.deciding import Decided, decided, futures_of
from cell2grid.run.plan.flows import Flows, announced_outlays, flow_tables, flows_of, overtaking, total_rows
from cell2grid.run.plan.options import plan_of
from cell2grid.run.plan.outcomes import missed, missed_rows
from cell2grid.run.plan.profit import profitable
from cell2grid.run.plan.profit_told import place_rows, price_rows, profit_notes, profit_rows, sold_rows
from cell2grid.run.plan.renewing import renewals
from cell2grid.run.told.tables import framed
from cell2grid.study.rules import check

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

    Parts = NDArray[np.float64]
    # tables, document, money, arrays, and when it was solved
    Told = tuple[dict[str, pd.DataFrame], dict[str, Any], Flows, xr.Dataset, float]

# what every run folder holds, and a plan has nothing of
EMPTY = ("monthly", "observations", "counterfactuals", "projects", "deliveries", "cash_flow", "dispatch")
STATES = ("open", "mothballed", "closed")


@dataclass(frozen=True, slots=True, eq=False)
class StudyPlan:
    """What was planned for a study: the results to keep, and the document that tells of them."""

    results: Results
    document: Mapping[str, Any]
    flows: Flows


def changed_plan(
    study: Study, *, objective: str | None = None, foresight: str | None = None, every: str | None = None
) -> Study:
    """The study with another objective, foresight or length of its terms, checked again.

    Raises
    ------
    StudyError
        The study has no investment, or does not say what another objective needs.
    """
    plan = plan_of(study)
    said = {"objective": objective, "foresight": foresight, "every": every}
    asked: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if foresight == "perfect":
        asked |= {"window": None, "expectations": ()}
    if not asked:
        return study
    other = study.changed(investment=plan.changed(**asked))
    check(other)
    return other


def plan_study(
    study: Study, *, scenarios: Sequence[str] = (), members: int | None = None, seed: int | None = None
) -> StudyPlan:
    """The plan of a study with investment: what is built, what it costs, the money by stage, and what may go amiss.

    Parameters
    ----------
    scenarios
        The scenarios to plan for; all of the study without any.
    members, seed
        Instead of the study's own, for the draws of lead times and costs.

    Raises
    ------
    StudyError, InputError
        The study does not say what a plan needs; a scenario is not there.
    InfeasibleError, NotConvergedError
        There is no plan; the message names what stands against one.
    """
    members, seed = study.members if members is None else members, study.seed if seed is None else seed
    check_numbers(members, seed, 1)
    study, began = study.changed(members=members, seed=seed), time.perf_counter()
    design = design_of(study, seed=seed, places=places_of(study, members))
    figures = Figures(seed, first=0, count=members, rows=row_names(study), design=design)
    make = _for_profit if plan_of(study).objective == "profit" else _at_least_cost
    frames, said, flows, arrays, solved = make(study, figures, scenarios)
    document = {**_about_plan(study), **said, **_money_of(flows, frames), "members": members, "seed": seed}
    document["notes"] = list(dict.fromkeys(said["notes"]))
    seconds = {"plan": solved - began, "members": time.perf_counter() - solved}
    return StudyPlan(_results(study, frames, document, figures, arrays, seconds), document, flows)


def _at_least_cost(study: Study, figures: Figures, scenarios: Sequence[str]) -> Told:
    """Demand met at the least cost, by what is built for one future or several."""
    futures, notes = futures_of(study, scenarios)
    found = decided(study, futures)
    solved, inputs = time.perf_counter(), found.inputs
    builds = builds_of(inputs, found.found.decisions.built[0], figures, found.learned)
    flows = _flows_with(study, inputs, builds, found.found.decisions.open[0], figures)
    # month by month the study is looked at as it is written, not one of its scenarios
    written = inputs if futures is None else plan_inputs(study, learned=found.learned)
    states = found.found.decisions.open[0], found.found.decisions.idle[0]
    lost = missed(written, builds, states[0], figures)
    frames = {
        **_tables(inputs, builds, flows),
        "standing": framed("standing", standing_rows(inputs, *states)),
        "plan_capacity": framed("plan_capacity", capacity_rows(found)),
        "unserved": framed("unserved", missed_rows(inputs, lost)),
    }
    said = {
        **_numbers_of(found),
        "costs": cost_kinds(inputs.plan, found.found, np.stack([one.renewal for one in inputs.capital])),
        "closures": closures(inputs, *states),
        "unserved": _records(frames["unserved"]),
        "passes": [],
        "search": [],
        "profits": [],
        "prices": [],
        "places": [],
        "notes": [*notes, *inputs.notes, *found.notes, *flows.notes],
    }
    return frames, said, flows, _arrays(found), solved


def _arrays(found: Decided) -> xr.Dataset:
    """What the engine found, by the names of the nomenclature."""
    import xarray as xr

    inputs = found.inputs
    labels = {"scenario": [name or "as written" for name in inputs.scenarios], "term": inputs.terms.labels}
    labels |= {"plant": inputs.plants, "market": inputs.markets, "option": inputs.options}
    coords = {dim: np.array(list(names), dtype=object) for dim, names in labels.items()}
    return written(xr.Dataset(coords=coords), found.found)


def _numbers_of(found: Decided) -> dict[str, Any]:
    solution = found.found
    return {
        "method": found.method,
        "status": solution.status,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "residual": solution.residual,
        "scenarios": _likely(found),
        "vss": found.vss,
        "evpi": found.evpi,
        "regret": found.regret,
    }


def _for_profit(study: Study, figures: Figures, scenarios: Sequence[str]) -> Told:
    """What each firm builds for its profit."""
    if scenarios:
        raise InputError("--scenario: futures are planned for at the least cost; leave it out, or --objective cost")
    found = profitable(study)
    solved, inputs = time.perf_counter(), found.inputs
    states = found.found.ways.states(found.found.way)
    builds = builds_of(inputs, found.found.built, figures, found.found.learned)
    flows = _flows_with(study, inputs, builds, states[0], figures)
    frames = {
        **_tables(inputs, builds, flows),
        "standing": framed("standing", standing_rows(inputs, *states)),
        "plan_capacity": framed("plan_capacity", sold_rows(found)),
        "plan_passes": framed("plan_passes", [each.row() for each in found.found.passes]),
    }
    said: dict[str, Any] = {
        **dict.fromkeys(("bound", "gap", "vss", "evpi", "regret", "costs")),
        "method": "best responses of firms in turn, all ways of building tried"
        if found.found.all_tried
        else "best responses of firms in turn, by moves and pairs of moves where ways are too many",
        "status": "equilibrium",
        "objective": sum(found.worth.values()),
        "residual": found.found.passes[-1].gain,
        "scenarios": {},
        "closures": closures(inputs, *states),
        "unserved": [],
        "passes": [each.row() for each in found.found.passes],
        "search": [each.row() for each in found.found.searched],
        "profits": profit_rows(found),
        "prices": price_rows(found),
        "places": place_rows(found),
        "notes": [*inputs.notes, *profit_notes(found), *flows.notes],
    }
    return frames, said, flows, found.response.solved([found.found.way]), solved


def _flows_with(
    study: Study, inputs: Inputs, builds: Sequence[Build], is_open: NDArray[np.float64] | None, figures: Figures
) -> Flows:
    """The money of what was announced, of what the plan builds, and of what keeps plants as new."""
    outlays, told = announced_outlays(study, figures)
    kept = renewals(inputs, builds, is_open, figures)
    return flows_of(study, [*outlays, *outlays_of(inputs, builds), *kept], figures, told)


def _tables(inputs: Inputs, builds: Sequence[Build], flows: Flows) -> dict[str, pd.DataFrame]:
    return {
        **{name: framed(name, []) for name in EMPTY},
        **flow_tables(flows),
        "builds": framed("builds", build_rows(inputs, builds)),
    }


def _about_plan(study: Study) -> dict[str, Any]:
    plan = plan_of(study)
    said = {"study": study.study, "currency": plan.currency, "plan_for": plan.objective}
    return {**said, "every": plan.every, "foresight": plan.foresight}


def _money_of(flows: Flows, frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    return {
        "builds": _records(frames["builds"]),
        "capacity": _records(frames["plan_capacity"]),
        "flows": {
            "unit": flows.unit,
            "rows": _records(frames["investment"]),
            "totals": total_rows(flows),
            "overtakes": overtaking(flows),
        },
    }


def standing_rows(inputs: Inputs, is_open: Parts, is_idle: Parts) -> list[dict[str, Any]]:
    """The state of each plant with a choice in each term: open, mothballed or closed, as most of it is.

    ``is_open`` and ``is_idle`` are the parts of each plant's standing capacity that are (plant, term).
    """
    rows = []
    for row in plan_of(inputs.study).standing:
        if row.plant not in inputs.plants:
            continue
        place, plant = inputs.plants.index(row.plant), inputs.study.plants[row.plant]
        for term, label in enumerate(inputs.terms.labels):
            parts = [float(is_open[place, term]), float(is_idle[place, term])]
            parts.append(1.0 - sum(parts))
            state = STATES[int(np.argmax(parts))]
            rows.append(
                {"plant": row.plant, "firm": plant.owner, "region": plant.region, "term": label, "state": state}
            )
    return rows


def closures(inputs: Inputs, is_open: Parts, is_idle: Parts) -> list[dict[str, Any]]:
    """The stretches of terms in which a plant is not open."""
    stretches: list[dict[str, Any]] = []
    before: tuple[str, str] | None = None
    for row in standing_rows(inputs, is_open, is_idle):
        now = (row["plant"], row["state"])
        if row["state"] == "open":
            before = None
            continue
        if now != before:
            said = {key: row[key] for key in ("plant", "firm", "region", "state")}
            stretches.append({**said, "start": row["term"], "end": row["term"]})
        stretches[-1]["end"] = row["term"]
        before = now
    return stretches


def capacity_rows(found: Decided) -> list[dict[str, Any]]:
    """Capacity and output by firm, region and product in each term, expected over the scenarios [item/year]."""
    inputs, likely = found.inputs, found.inputs.plan.probability
    study, options = inputs.study, plan_of(inputs.study).options
    capacity = np.einsum("w,wjt->jt", likely, found.found.capacity)
    output = np.einsum("w,wjt->jt", likely, found.found.output)
    sums: dict[tuple[str, str, str], np.ndarray[Any, np.dtype[np.float64]]] = {}
    for place, name in enumerate(inputs.plants):
        if name in options:
            key = (options[name].firm, options[name].region, options[name].makes)
        else:
            key = (study.plants[name].owner, study.plants[name].region, study.plants[name].makes)
        sums[key] = sums.get(key, 0.0) + np.stack([capacity[place], output[place]])
    return [
        {
            "firm": firm, "region": region, "product": product, "term": label,
            "capacity": float(values[0, term]), "output": float(values[1, term]),
            "unit": f"{study.products[product].counted_in}/year",
        }
        for (firm, region, product), values in sums.items()
        for term, label in enumerate(inputs.terms.labels)
    ]  # fmt: skip


def _likely(found: Decided) -> dict[str, float]:
    """The probability of each scenario; none where one future is planned for."""
    pairs = zip(found.inputs.scenarios, found.inputs.plan.probability, strict=True)
    return {name: float(likely) for name, likely in pairs if name}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{key: None if value != value else value for key, value in row.items()} for row in frame.to_dict("records")]


def _results(
    study: Study,
    frames: Mapping[str, pd.DataFrame],
    document: Mapping[str, Any],
    figures: Figures,
    arrays: xr.Dataset,
    seconds: Mapping[str, float],
) -> Results:
    """The run folder of a plan; what other runs have and a plan has not is empty."""
    engines = ("capability", "market") if document["plan_for"] == "profit" else ("capability", "investment")

    text = study.model_dump_json(by_alias=True, exclude_none=True, indent=1)
    manifest = {
        **about(study, text, None),
        "engines": {name: {"reads": list(engine(name).READS), "writes": list(engine(name).WRITES)} for name in engines},
        "illustrative": [],
        "notes": list(document["notes"]),
        "calibration": None,
        "without": [],
        "streamed": None,
        "plan": {
            key: document[key] for key in ("plan_for", "method", "status", "objective", "bound", "gap", "currency")
        },
        "wall_seconds": dict(seconds),
        "reads": {name: list(paths) for name, paths in figures.reads.items()},
    }
    return Results(study_json=text, tables=frames, manifest=manifest, evidence=NO_EVIDENCE, arrays=arrays)
