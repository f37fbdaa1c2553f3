"""The chain of engines: a study in, its results out.

Plants make and ship in every member (``ensemble.py``), projects are dispatched and valued (``value.py``), what was
reported is held against the members (``record.py``), and all of it is summed up (``tables.py``). The folder that keeps
it is written by ``cell2grid.results``.
"""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.engines import engine
from cell2grid.engines.supply import TRADE
from cell2grid.errors import InputError
from cell2grid.results import FORMAT, Results
from cell2grid.run import tables
from cell2grid.run.calibration import Calibrated, calibrated
from cell2grid.run.ensemble import ENGINES, Ensemble, simulate
from cell2grid.run.figures import Figures
from cell2grid.run.landing import has_landing, landed, landing_notes
from cell2grid.run.landing_tables import landing_tables
from cell2grid.run.lanes import lanes_of_inputs
from cell2grid.run.memory import machine_memory, members_that_fit
from cell2grid.run.operating import operating_rows
from cell2grid.run.owners import owner_reads, owner_tables
from cell2grid.run.places import flows, places
from cell2grid.run.plants import defaults
from cell2grid.run.predictive import predictive_rows
from cell2grid.run.record import counterfactual_rows, observation_rows
from cell2grid.run.sampling import SAMPLINGS, design_of, places_of, sampling_notes
from cell2grid.run.streaming import Streamed, streamed
from cell2grid.run.streams import row_names
from cell2grid.run.value import Dispatched, Valued, dispatched, valued
from cell2grid.run.variance import variance as spread_out
from cell2grid.run.without import check_shocks, without_rows
from cell2grid.version import __version__

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from cell2grid.study.model import Study

STAGES = ("members", "projects", "tables")  # and "calibration" before them, where the study has one
NO_EVIDENCE: Mapping[str, Any] = {"claims": [], "documents": [], "checks": [], "used": {}}
MOST_MEMBERS = 1_000_000
_NAMED = ("duckdb", "h5netcdf", "highspy", "numba", "numpy", "pandas", "pyxirr", "xarray")


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
    _check_numbers(members, seed, workers)
    check_shocks(study, without)
    room = (machine_memory() if memory is None else memory) / (2 if without else 1)
    everyone, members = members, members_that_fit(study, members, memory=room)
    clock, evidence = _Clock(), NO_EVIDENCE if evidence is None else evidence
    asked: dict[str, Any] = {"members": members, "seed": seed, "workers": workers, "executor": executor}
    kept: Calibrated | None = None
    if study.calibration is not None:
        with clock.stage("calibration"):
            weighed = partial(_so_far, on_progress, "calibration", members * study.calibration.draws)
            kept = calibrated(study, study.calibration, **asked, on_progress=weighed)
    draws = None if kept is None else kept.draws
    with clock.stage("members"):
        so_far = partial(_so_far, on_progress, "members", members)
        ensemble = simulate(study, **asked, draws=draws, on_progress=so_far)
    whole: Streamed | None = None
    if everyone > members:
        with clock.stage("streaming"):
            passed = partial(_so_far, on_progress, "streaming", everyone)
            whole = streamed(study, members=everyone, seed=seed, on_progress=passed)
    design = design_of(study, seed=seed, places=places_of(study, members))
    figures = Figures(seed, first=0, count=members, rows=row_names(study), draws=draws, design=design)
    with clock.stage("projects"):
        schedules, money = _projects(study, ensemble.arrays, figures, study_folder, on_progress, workers)
        carried = landed(study, ensemble.arrays, figures)
    with clock.stage("tables"):
        frames = _tables(study, ensemble, figures, schedules, money, evidence) | _calibration(kept)
        frames |= landing_tables(study, carried)
        if without:
            rest = simulate(study, **asked, draws=draws, without=without)
            other = None if money is None else _valued(study, rest.arrays, schedules, figures, workers)
            rows = without_rows(study, carried, landed(study, rest.arrays, figures), money, other)
            frames |= {"without": tables.framed("without", rows)}
        arrays = _all_arrays(carried, money)
        read = {path for reads in (ensemble.reads, figures.reads) for paths in reads.values() for path in paths}
        shared = spread_out(study, arrays, figures, read, asked=variance)
        frames |= {"variance": tables.framed("variance", shared.rows)} if shared.rows else {}
        notes = [
            *sampling_notes(study, members),
            *landing_notes(study),
            *([] if kept is None else kept.notes),
            *shared.notes,
            *([] if whole is None else [whole.words(everyone, members)]),
        ]
        if whole is not None:
            frames["monthly"] = tables.monthly(study, ensemble.arrays, whole.spreads())
            frames["deliveries"] = tables.deliveries(study, whole.orders)
        on_progress("tables", 1, 1)
    study = study.changed(members=everyone, seed=seed)
    study_json = study.model_dump_json(by_alias=True, exclude_none=True, indent=1)
    manifest = {
        **_about(study, study_json, study_folder),
        **_how(schedules, money, notes, landing=has_landing(study)),
        "calibration": _weighed(study, kept),
        "without": list(without),
        "streamed": None if whole is None else {"members": everyone, "kept": members},
        "wall_seconds": clock.seconds,
        "reads": {
            name: list(paths) for name, paths in _reads(ensemble.reads, figures.reads, owner_reads(study)).items()
        },
    }
    return Results(study_json=study_json, tables=frames, manifest=manifest, evidence=evidence, arrays=arrays)


def not_used(study: Study) -> list[str]:
    """The parts of the study that no engine of this version reads, with the reason.

    >>> from cell2grid.study.loader import load_study
    >>> isinstance(not_used(load_study("giga-shanghai-2022").study), list)
    True
    """
    reasons = {
        "duties": (() if _priced(study) else study.duties, "no market says what an item sells for"),
        "plants.construction_began": (
            [plant for plant in study.plants.values() if plant.construction_began],
            "a plant is known from its opening on",
        ),
    }
    said = [f"{path}: {reason}" for path, (found, reason) in reasons.items() if found]
    return said + [
        f"lanes.{number}: inputs are at hand in the month in which they are made; lead time, cost and shocks of the "
        "lane hold for what buyers get"
        for number in lanes_of_inputs(study)
    ]


def _priced(study: Study) -> bool:
    return any(row.price is not None for market in study.markets.values() for row in market.demand)


def _so_far(on_progress: Callable[[str, int, int], None], stage: str, total: int, done: int) -> None:
    on_progress(stage, done, total)


def _calibration(kept: Calibrated | None) -> dict[str, pd.DataFrame]:
    """The table of what calibration did to the figures; none where the study has none."""
    return {} if kept is None else {"calibration": tables.framed("calibration", kept.rows)}


def _weighed(study: Study, kept: Calibrated | None) -> dict[str, Any] | None:
    """What members were weighed by, how many, how many equal ones they are worth, and how many were kept."""
    if kept is None or study.calibration is None:
        return None
    said = {"on": list(study.calibration.on), "tolerance": study.calibration.tolerance.text}
    return {**said, "weighed": kept.weighed, "effective": round(kept.effective, 1), "distinct": kept.distinct}


def _sampled(study: Study, sampling: str | None) -> Study:
    """The study with another way to spread its members."""
    if sampling is not None and sampling not in SAMPLINGS:
        raise InputError(f"sampling is '{sampling}', expected {', '.join(SAMPLINGS)}")
    return study if sampling is None else study.changed(sampling=sampling)


def _check_numbers(members: int, seed: int, workers: int) -> None:
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
    ensemble: Ensemble,
    figures: Figures,
    schedules: Mapping[str, Dispatched],
    money: Valued | None,
    evidence: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    observed = observation_rows(study, ensemble.arrays, evidence)
    ranks = predictive_rows(study, ensemble.arrays)
    operated = operating_rows(study, ensemble.arrays)
    instead = counterfactual_rows(study, ensemble.counterfactuals, figures)
    return {
        "monthly": tables.monthly(study, ensemble.arrays),
        "observations": tables.framed("observations", observed),
        **({"predictive": tables.framed("predictive", ranks)} if ranks else {}),
        **({"operating": tables.framed("operating", operated)} if operated else {}),
        "counterfactuals": tables.framed("counterfactuals", instead),
        **tables.counterfactual_months(study, ensemble.arrays, ensemble.by_month),
        "places": tables.framed("places", places(study, ensemble.arrays)),
        "flows": tables.framed("flows", flows(study, ensemble.arrays)),
        "projects": tables.projects(schedules, money),
        "deliveries": tables.deliveries(study, ensemble.arrays),
        "cash_flow": tables.cash_flow(money),
        "dispatch": tables.dispatch(schedules),
        **({} if money is None else tables.lives(money)),
        **owner_tables(study),
    }


def _all_arrays(arrays: xr.Dataset, money: Valued | None) -> xr.Dataset:
    """The arrays of all engines."""
    return arrays if money is None else arrays.merge(money.arrays, compat="override", join="exact")


def _reads(*parts: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The study's figures behind each variable, results included: those behind what its engine reads."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, paths in part.items():
            found.setdefault(name, {}).update(dict.fromkeys(paths))
    for name in ("market_revenue", "yearly_charging_cost", "yearly_discharged_energy"):
        # the schedule's year, worn a little more each time
        found[name] = {**found.get("revenue", {}), **found.get(name, {}), **found.get("degradation", {})}
    for name in (*ENGINES, "landing", "finance"):
        found["operation_start"] = found.get("commissioning", {})
        only_for = getattr(engine(name), "ONLY_FOR", {})
        if found.get("stock_limit"):
            # a full stock stops the line, so that what is made depends on what is sold
            only_for = {read: written for read, written in only_for.items() if read not in TRADE}
        for written in engine(name).WRITES:
            for read in engine(name).READS:
                if written in only_for.get(read, (written,)):
                    found.setdefault(written, {}).update(found.get(read, {}))
    return {name: tuple(paths) for name, paths in found.items() if paths}


def _how(
    schedules: Mapping[str, Dispatched], money: Valued | None, notes: list[str], *, landing: bool
) -> dict[str, Any]:
    """The engines that ran, and why some of what they say is only illustrative."""
    illustrative = [f"{name}: {reason}" for name, found in schedules.items() for reason in found.reasons]
    told = list(notes)
    told += [] if money is None else [f"{name}: {text}" for name, texts in money.told.items() for text in texts]
    return {"engines": _engines(schedules, money, landing=landing), "illustrative": illustrative, "notes": told}


def _engines(
    schedules: Mapping[str, Dispatched], money: Valued | None, *, landing: bool
) -> dict[str, dict[str, list[str]]]:
    names = [
        *ENGINES,
        *(["landing"] if landing else []),
        *(["dispatch"] if schedules else []),
        *(["finance"] if money is not None else []),
    ]
    used = {name: {"reads": list(engine(name).READS), "writes": list(engine(name).WRITES)} for name in names}
    if money is not None:
        # a project begins when what it has ordered is there and built
        reads = used["finance"]["reads"]
        reads[reads.index("operation_start")] = "commissioning"
    if schedules:
        used["dispatch"]["methods"] = [f"{name}: {s.schedule.attrs.get('method', '')}" for name, s in schedules.items()]
    return used


def _inputs(study: Study, study_json: str, folder: Path | None) -> dict[str, str]:
    """The SHA-256 of the study as it was run and of each price file."""
    hashes = {"study.json": hashlib.sha256(study_json.encode()).hexdigest()}
    for series in study.prices.values():
        if series.file is not None and ((folder or Path()) / series.file).is_file():
            hashes[series.file] = hashlib.sha256(((folder or Path()) / series.file).read_bytes()).hexdigest()
    return hashes


def _about(study: Study, study_json: str, folder: Path | None) -> dict[str, Any]:
    """What was run, with which versions, and what was taken for granted."""
    return {
        "cell2grid": __version__,
        "format": FORMAT,
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _NAMED},
        "study": study.study,
        "seed": study.seed,
        "members": study.members,
        "sampling": study.sampling,
        "inputs": _inputs(study, study_json, folder),
        "defaults": defaults(study),
        "not_used": not_used(study),
    }
