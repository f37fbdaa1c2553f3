"""The chain of engines: a study in, its results out.

Plants make and ship in every member (``members.py``), projects are dispatched and valued (``value.py``), what was
reported is held against the members (``record.py``), and all of it is summed up (``tables.py``). The folder that keeps
it is written by ``cell2grid.results``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.results import Results
from cell2grid.run.asked import NO_EVIDENCE, Progress, check_numbers, no_progress, sampled
from cell2grid.run.drawn.sampling import sampling_notes
from cell2grid.run.fitted import fit_part
from cell2grid.run.landing import has_landing, landed, landing_notes
from cell2grid.run.manifest import about, how, reads_of, weighed
from cell2grid.run.market import has_market
from cell2grid.run.market.notes import market_notes
from cell2grid.run.market.told import market_tables
from cell2grid.run.members import Clock, Draws, Members, members_of
from cell2grid.run.memory import machine_memory
from cell2grid.run.operating import operating_rows
from cell2grid.run.owners import owner_reads, owner_tables
from cell2grid.run.plan.flows import announced_flows, flow_tables, spending
from cell2grid.run.told import tables
from cell2grid.run.told.landing_tables import landing_tables
from cell2grid.run.told.places import flows as links
from cell2grid.run.told.places import places
from cell2grid.run.told.predictive import predictive_rows
from cell2grid.run.told.record import counterfactual_rows, observation_rows
from cell2grid.run.value import Dispatched, Valued, dispatched, valued
from cell2grid.run.variance import variance as spread_out
from cell2grid.run.without import check_shocks, without_rows

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.plan.flows import Flows
    from cell2grid.study.model import Study

STAGES = ("plan", "members", "projects", "tables", "fit")  # and "calibration" before them, where the study has one


def run_study(
    study: Study,
    *,
    members: int | None = None,
    seed: int | None = None,
    sampling: str | None = None,
    variance: bool | None = None,
    without: Sequence[str] = (),
    workers: int = 1,
    executor: Executor | None = None,
    evidence: Mapping[str, Any] | None = None,
    study_folder: Path | None = None,
    memory: float | None = None,
    on_progress: Progress = no_progress,
) -> Results:
    """What the study's plants make, ship and deliver, what its projects earn, and how that fits what was reported.

    Parameters
    ----------
    members, seed, sampling
        Instead of the study's own; sampling is one of ``sampling.SAMPLINGS``.
    variance
        Whether the spread of the results is shared out by figure; where it takes a second at most without it.
    without
        Shocks to hold the run against: it is run once more without them, on the same draws.
    workers
        Processes that share the members; the results do not depend on it.
    executor
        Another standard executor instead of processes of our own.
    evidence
        The claims, documents and checks behind the study's figures, and which figure used which claims.
    study_folder
        Where the price files of the study lie; without it, the working folder.
    memory
        The most that the arrays of members take [byte]; all of the machine's without it. Where not all members fit,
        the months and the dates of orders are summed up over all of them, and the rest is of the first ones.
    on_progress
        Called with the stage, how much of it is done, and how much there is.

    Raises
    ------
    StudyError, PriceError
        The study says something that cannot be simulated; a price file is missing or has gaps.

    >>> from cell2grid.study.loader import load_study
    >>> sorted(run_study(load_study("shanghai-megapack").study, members=20).tables)[:3]
    ['cash_flow', 'counterfactuals', 'deliveries']
    """
    members, seed = members if members is not None else study.members, seed if seed is not None else study.seed
    study = sampled(study, sampling)
    check_numbers(members, seed, workers)
    check_shocks(study, without)
    room = (machine_memory() if memory is None else memory) / (2 if without else 1)
    asked, clock = Draws(members, seed, workers, executor), Clock()
    drawn = members_of(study, asked, memory=room, clock=clock, on_progress=on_progress)
    return results_of(
        drawn,
        variance=variance,
        without=without,
        evidence=evidence,
        study_folder=study_folder,
        clock=clock,
        on_progress=on_progress,
    )


def results_of(
    drawn: Members,
    *,
    variance: bool | None = None,
    without: Sequence[str] = (),
    evidence: Mapping[str, Any] | None = None,
    study_folder: Path | None = None,
    clock: Clock | None = None,
    on_progress: Progress = no_progress,
) -> Results:
    """What is told of members that were run; the arguments are those of ``run_study``."""
    clock, evidence = Clock() if clock is None else clock, NO_EVIDENCE if evidence is None else evidence
    study, figures, flows = drawn.study, drawn.figures, _flows_of(drawn)
    arrays = _with_spending(drawn.ensemble.arrays, flows)
    with clock.stage("projects"):
        schedules = _schedules(study, figures, study_folder, on_progress)
        money = _valued(drawn, arrays, schedules)
        carried = landed(study, arrays, figures)
    with clock.stage("tables"):
        frames = _tables(drawn, arrays, schedules, money, flows, evidence) | landing_tables(study, carried)
        if without:
            frames["without"] = _without(drawn, without, schedules, carried, money)
        whole = carried if money is None else carried.merge(money.arrays, compat="override", join="exact")
        shared = spread_out(study, whole, figures, drawn.read_with(), asked=variance)
        frames |= {"variance": tables.framed("variance", shared.rows)} if shared.rows else {}
        on_progress("tables", 1, 1)
    with clock.stage("fit"):
        fit = fit_part(drawn.written, members=drawn.asked.members, seed=drawn.asked.seed, on_progress=on_progress)
    notes = [*_notes(drawn, shared.notes, flows), *fit.notes, *drawn.planned.notes]
    study_json, said = _about(drawn, study_folder)
    said |= how(schedules, money, notes, also=_also(study)) | _of_members(drawn)
    said |= {"without": list(without), "wall_seconds": clock.seconds}
    frames |= {**fit.tables, **drawn.planned.frames}
    return Results(study_json=study_json, tables=frames, manifest=said, evidence=evidence, arrays=whole)


def _about(drawn: Members, folder: Path | None) -> tuple[str, dict[str, Any]]:
    """The study as it was run, and what the manifest says of it."""
    study = drawn.study.changed(members=drawn.asked.members, seed=drawn.asked.seed)
    study_json = study.model_dump_json(by_alias=True, exclude_none=True, indent=1)
    return study_json, about(study, study_json, folder)


def _of_members(drawn: Members) -> dict[str, Any]:
    """What the manifest says of the members: how they were weighed, how many are kept, and what was read for them."""
    planned = drawn.planned
    reads = reads_of(drawn.ensemble.reads, drawn.figures.reads, owner_reads(drawn.study), planned.reads)
    return {
        "calibration": weighed(drawn.study, drawn.weighed),
        "streamed": None if drawn.whole is None else {"members": drawn.asked.members, "kept": drawn.kept},
        **({} if planned.said is None else {"plan": dict(planned.said)}),
        "reads": {name: list(paths) for name, paths in reads.items()},
    }


def _notes(drawn: Members, of_variance: Sequence[str], flows: Flows | None) -> list[str]:
    """What a reader must know of a run, but for its fit and its plan."""
    study, planned = drawn.study, drawn.planned.flows is not None
    notes = [*sampling_notes(study, drawn.kept), *landing_notes(study), *drawn.notes, *of_variance]
    notes += market_notes(study, drawn.ensemble.arrays)
    # those of a plan are among the plan's own
    return notes if flows is None or planned else [*notes, *flows.notes]


def _also(study: Study) -> list[str]:
    """The engines that run besides those of every run."""
    return [name for name, runs in (("market", has_market(study)), ("landing", has_landing(study))) if runs]


def _flows_of(drawn: Members) -> Flows | None:
    """The money that goes into plants, of the plan or of what was announced; None where there is neither."""
    if drawn.planned.flows is not None:
        return drawn.planned.flows
    return announced_flows(drawn.study, drawn.figures) if drawn.study.announced else None


def _without(
    drawn: Members,
    shocks: Sequence[str],
    schedules: Mapping[str, Dispatched],
    carried: xr.Dataset,
    money: Valued | None,
) -> pd.DataFrame:
    """The table of the run against itself without some of the shocks, on the same draws."""
    rest = drawn.without(shocks).arrays
    other = None if money is None else _valued(drawn, rest, schedules)
    rows = without_rows(drawn.study, carried, landed(drawn.study, rest, drawn.figures), money, other)
    return tables.framed("without", rows)


def _schedules(study: Study, figures: Figures, folder: Path | None, on_progress: Progress) -> dict[str, Dispatched]:
    """How each project is run, where it can be told."""
    schedules = {}
    for done, name in enumerate(study.projects):
        schedule = dispatched(study, name, folder, figures)
        if schedule is not None:
            schedules[name] = schedule
        on_progress("projects", done + 1, len(study.projects))
    return schedules


def _valued(drawn: Members, arrays: xr.Dataset, schedules: Mapping[str, Dispatched]) -> Valued | None:
    """What the projects are worth when they begin as their orders come."""
    study = drawn.study
    ordered = [str(name) for name in arrays["order"].values if str(name) in study.projects]
    commissioning = {name: arrays["commissioning"].sel(order=name).values for name in ordered}
    return valued(study, schedules, commissioning, drawn.figures, workers=drawn.asked.workers)


def _tables(
    drawn: Members,
    arrays: xr.Dataset,
    schedules: Mapping[str, Dispatched],
    money: Valued | None,
    flows: Flows | None,
    evidence: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    study, ensemble, whole = drawn.study, drawn.ensemble, drawn.whole
    # tables that only some runs have
    rows = {
        "predictive": predictive_rows(study, arrays),
        "operating": operating_rows(study, arrays),
        "calibration": [] if drawn.weighed is None else drawn.weighed.rows,
    }
    told = counterfactual_rows(study, ensemble.counterfactuals, drawn.figures)
    return {
        "monthly": tables.monthly(study, arrays, None if whole is None else whole.spreads()),
        "observations": tables.framed("observations", observation_rows(study, arrays, evidence)),
        **{name: tables.framed(name, found) for name, found in rows.items() if found},
        "counterfactuals": tables.framed("counterfactuals", told),
        **tables.counterfactual_months(study, arrays, ensemble.by_month),
        "places": tables.framed("places", places(study, arrays)),
        "flows": tables.framed("flows", links(study, arrays)),
        "projects": tables.projects(schedules, money),
        "deliveries": tables.deliveries(study, arrays if whole is None else whole.orders),
        "cash_flow": tables.cash_flow(money),
        "dispatch": tables.dispatch(schedules),
        **({} if money is None else tables.lives(money)),
        **owner_tables(study),
        **market_tables(study, arrays),
        **({} if flows is None else flow_tables(flows)),
    }


def _with_spending(arrays: xr.Dataset, flows: Flows | None) -> xr.Dataset:
    """The arrays with the money that goes into plants, where any is announced or planned."""
    if flows is None:
        return arrays
    spent = spending(flows, arrays.sizes["member"]).assign_coords(member=arrays["member"])
    return arrays.merge(spent, join="exact")
