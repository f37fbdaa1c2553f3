"""The chain of engines: a study in, its results out.

Plants make and ship in every member (``ensemble.py``), projects are dispatched and valued (``value.py``), what was
reported is held against the members (``record.py``), and all of it is summed up (``tables.py``). The folder that keeps
it is written by ``cell2grid.results``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from cell2grid.errors import InputError
from cell2grid.results import Results
from cell2grid.run.calibration import Calibrated, calibrated
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import SAMPLINGS, design_of, places_of, sampling_notes
from cell2grid.run.ensemble import Ensemble, simulate
from cell2grid.run.fitted import fit_part
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.landing import has_landing, landed, landing_notes
from cell2grid.run.manifest import about, how, reads_of, weighed
from cell2grid.run.market import has_market
from cell2grid.run.market.notes import market_notes
from cell2grid.run.market.told import market_tables
from cell2grid.run.memory import machine_memory, members_that_fit
from cell2grid.run.operating import operating_rows
from cell2grid.run.owners import owner_reads, owner_tables
from cell2grid.run.plan.built import WithPlan, is_planned, with_plan
from cell2grid.run.plan.flows import announced_flows, investment_notes, investment_tables, spending
from cell2grid.run.streaming import Streamed, streamed
from cell2grid.run.told import tables
from cell2grid.run.told.landing_tables import landing_tables
from cell2grid.run.told.places import flows, places
from cell2grid.run.told.predictive import predictive_rows
from cell2grid.run.told.record import counterfactual_rows, observation_rows
from cell2grid.run.value import Dispatched, Valued, dispatched, valued
from cell2grid.run.variance import variance as spread_out
from cell2grid.run.without import check_shocks, without_rows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

_Asked: TypeAlias = dict[str, Any]  # members, seed, workers and executor, as ``simulate`` takes them
STAGES = ("plan", "members", "projects", "tables", "fit")  # and "calibration" before them, where the study has one
NO_EVIDENCE: Mapping[str, Any] = {"claims": [], "documents": [], "checks": [], "used": {}}
MOST_MEMBERS = 1_000_000


@dataclass(slots=True)
class _Clock:
    """Seconds that each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began


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
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
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
    study = _sampled(study, sampling)
    check_numbers(members, seed, workers)
    check_shocks(study, without)
    room = (machine_memory() if memory is None else memory) / (2 if without else 1)
    clock, evidence = _Clock(), NO_EVIDENCE if evidence is None else evidence
    written = study
    with clock.stage("plan"):
        if is_planned(study):
            on_progress("plan", 0, 1)
        planned = with_plan(study, members=members, seed=seed)
        study = planned.study
    asked: _Asked = {"members": members_that_fit(study, members, memory=room), "seed": seed}
    asked |= {"workers": workers, "executor": executor}
    drawn = _with_spending(study, _drawn(study, members, asked, clock, on_progress), planned)
    arrays, figures = drawn.ensemble.arrays, drawn.figures
    with clock.stage("projects"):
        schedules, money = _projects(study, arrays, figures, study_folder, on_progress, workers)
        carried = landed(study, arrays, figures)
    with clock.stage("tables"):
        frames = _tables(study, drawn, schedules, money, evidence) | landing_tables(study, carried)
        if without:
            rest = simulate(study, **asked, draws=drawn.draws, without=without)
            other = None if money is None else _valued(study, rest.arrays, schedules, figures, workers)
            rows = without_rows(study, carried, landed(study, rest.arrays, figures), money, other)
            frames |= {"without": tables.framed("without", rows)}
        arrays = _all_arrays(carried, money)
        shared = spread_out(study, arrays, figures, drawn.read_with(figures), asked=variance)
        frames |= {"variance": tables.framed("variance", shared.rows)} if shared.rows else {}
        on_progress("tables", 1, 1)
    with clock.stage("fit"):
        fit = fit_part(written, members=members, seed=seed, on_progress=on_progress)
    notes = [*sampling_notes(study, asked["members"]), *landing_notes(study), *drawn.notes, *shared.notes]
    notes += [*market_notes(study, drawn.ensemble.arrays), *investment_notes(study), *fit.notes, *planned.notes]
    study = study.changed(members=members, seed=seed)
    study_json = study.model_dump_json(by_alias=True, exclude_none=True, indent=1)
    manifest = {
        **about(study, study_json, study_folder),
        **how(schedules, money, notes, also=_also(study)),
        **_told_of(study, drawn, planned, asked),
        "without": list(without),
        "wall_seconds": clock.seconds,
    }
    frames |= {**fit.tables, **planned.frames}
    return Results(study_json=study_json, tables=frames, manifest=manifest, evidence=evidence, arrays=arrays)


def _told_of(study: Study, drawn: _Drawn, planned: WithPlan, asked: _Asked) -> dict[str, Any]:
    """What the manifest says of the members: how they were weighed, how many are kept, and what was read for them."""
    reads = reads_of(drawn.ensemble.reads, drawn.figures.reads, owner_reads(study))
    return {
        "calibration": weighed(study, drawn.kept),
        "streamed": None if drawn.whole is None else {"members": study.members, "kept": asked["members"]},
        **({} if planned.said is None else {"plan": dict(planned.said)}),
        "reads": {name: list(paths) for name, paths in reads.items()},
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The members that were run: what they were weighed by, and the months of more of them than memory holds."""

    ensemble: Ensemble
    figures: Figures
    kept: Calibrated | None
    whole: Streamed | None
    notes: tuple[str, ...]

    @property
    def draws(self) -> NDArray[np.int64] | None:
        """Which draws the members are; None where they are the first ones."""
        return None if self.kept is None else self.kept.draws

    def read_with(self, figures: Figures) -> set[str]:
        """The paths of all figures that something was made of."""
        return {path for reads in (self.ensemble.reads, figures.reads) for paths in reads.values() for path in paths}


def _drawn(
    study: Study, everyone: int, asked: _Asked, clock: _Clock, on_progress: Callable[[str, int, int], None]
) -> _Drawn:
    """The members through the engines: weighed where the study says so, summed up where they are too many to keep."""
    members, seed = asked["members"], asked["seed"]
    kept: Calibrated | None = None
    if study.calibration is not None:
        with clock.stage("calibration"):
            so_far = partial(_so_far, on_progress, "calibration", members * study.calibration.draws)
            kept = calibrated(study, study.calibration, **asked, on_progress=so_far)
    draws = None if kept is None else kept.draws
    with clock.stage("members"):
        so_far = partial(_so_far, on_progress, "members", members)
        ensemble = simulate(study, **asked, draws=draws, on_progress=so_far)
    whole: Streamed | None = None
    if everyone > members:
        with clock.stage("streaming"):
            so_far = partial(_so_far, on_progress, "streaming", everyone)
            whole = streamed(study, members=everyone, seed=seed, on_progress=so_far)
    design = design_of(study, seed=seed, places=places_of(study, members))
    figures = Figures(seed, first=0, count=members, rows=row_names(study), draws=draws, design=design)
    weighing = () if kept is None else tuple(kept.notes)
    return _Drawn(
        ensemble, figures, kept, whole, weighing + (() if whole is None else (whole.words(everyone, members),))
    )


def _also(study: Study) -> list[str]:
    """The engines that run besides those of every run."""
    return [name for name, runs in (("market", has_market(study)), ("landing", has_landing(study))) if runs]


def _with_spending(study: Study, drawn: _Drawn, planned: WithPlan) -> _Drawn:
    """The members with the money that goes into plants, where any is announced or planned."""
    if planned.flows is None and not study.announced:
        return drawn
    arrays = drawn.ensemble.arrays
    flows = announced_flows(study, drawn.figures) if planned.flows is None else planned.flows
    spent = spending(study, flows, arrays.sizes["member"]).assign_coords(member=arrays["member"])
    return replace(drawn, ensemble=replace(drawn.ensemble, arrays=arrays.merge(spent, join="exact")))


def _so_far(on_progress: Callable[[str, int, int], None], stage: str, total: int, done: int) -> None:
    on_progress(stage, done, total)


def _sampled(study: Study, sampling: str | None) -> Study:
    """The study with another way to spread its members."""
    if sampling is not None and sampling not in SAMPLINGS:
        raise InputError(f"sampling is '{sampling}', expected {', '.join(SAMPLINGS)}")
    return study if sampling is None else study.changed(sampling=sampling)


def check_numbers(members: int, seed: int, workers: int) -> None:
    """Refuse a number of members, a seed or a number of workers that cannot be.

    Raises
    ------
    InputError
        One is out of its bounds.
    """
    for name, value, low, high in (
        ("members", members, 1, MOST_MEMBERS),
        ("seed", seed, 0, 2**63 - 1),
        ("workers", workers, 1, 1024),
    ):
        if not low <= value <= high:
            raise InputError(f"{name} is {value}, expected {low} to {high}")


def _projects(
    study: Study,
    arrays: xr.Dataset,
    figures: Figures,
    folder: Path | None,
    on_progress: Callable[[str, int, int], None],
    workers: int,
) -> tuple[dict[str, Dispatched], Valued | None]:
    schedules = {}
    for done, name in enumerate(study.projects):
        schedule = dispatched(study, name, folder, figures)
        if schedule is not None:
            schedules[name] = schedule
        on_progress("projects", done + 1, len(study.projects))
    return schedules, _valued(study, arrays, schedules, figures, workers)


def _valued(
    study: Study, arrays: xr.Dataset, schedules: Mapping[str, Dispatched], figures: Figures, workers: int
) -> Valued | None:
    """What the projects are worth when they begin as their orders come."""
    ordered = [str(name) for name in arrays["order"].values if str(name) in study.projects]
    commissioning = {name: arrays["commissioning"].sel(order=name).values for name in ordered}
    return valued(study, schedules, commissioning, figures, workers=workers)


def _tables(
    study: Study,
    drawn: _Drawn,
    schedules: Mapping[str, Dispatched],
    money: Valued | None,
    evidence: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    ensemble, whole = drawn.ensemble, drawn.whole
    # tables that only some runs have
    rows = {
        "predictive": predictive_rows(study, ensemble.arrays),
        "operating": operating_rows(study, ensemble.arrays),
        "calibration": [] if drawn.kept is None else drawn.kept.rows,
    }
    return {
        "monthly": tables.monthly(study, ensemble.arrays, None if whole is None else whole.spreads()),
        "observations": tables.framed("observations", observation_rows(study, ensemble.arrays, evidence)),
        **{name: tables.framed(name, found) for name, found in rows.items() if found},
        "counterfactuals": tables.framed(
            "counterfactuals", counterfactual_rows(study, ensemble.counterfactuals, drawn.figures)
        ),
        **tables.counterfactual_months(study, ensemble.arrays, ensemble.by_month),
        "places": tables.framed("places", places(study, ensemble.arrays)),
        "flows": tables.framed("flows", flows(study, ensemble.arrays)),
        "projects": tables.projects(schedules, money),
        "deliveries": tables.deliveries(study, ensemble.arrays if whole is None else whole.orders),
        "cash_flow": tables.cash_flow(money),
        "dispatch": tables.dispatch(schedules),
        **({} if money is None else tables.lives(money)),
        **owner_tables(study),
        **market_tables(study, ensemble.arrays),
        **investment_tables(study, drawn.figures),
    }


def _all_arrays(arrays: xr.Dataset, money: Valued | None) -> xr.Dataset:
    """The arrays of all engines."""
    return arrays if money is None else arrays.merge(money.arrays, compat="override", join="exact")
