"""Command: run (a study, or a variant of it, through the engines)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.figures import in_words, short
from cell2grid.cli.output import Json, bars, console, counted, emit, table
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cell2grid.results import Results
    from cell2grid.study.loader import LoadedStudy

MOST_FIGURES = 5  # of each result, in words
MOST_FINDINGS = 12  # on a terminal; the page has all


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("run")(run)


def run(
    study: Annotated[str, typer.Argument(help="A study file, or the name of one that ships.", metavar="STUDY")],
    out: Annotated[
        str | None, typer.Option("--out", help="The run folder; runs/STUDY without it.", metavar="DIR")
    ] = None,
    members: Annotated[int | None, typer.Option("--members", help="Members of the ensemble.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the draws.")] = None,
    sampling: Annotated[
        str | None,
        typer.Option("--sampling", help="How members are spread: random, sobol or latin-hypercube.", metavar="HOW"),
    ] = None,
    variance: Annotated[
        bool | None,
        typer.Option("--variance/--no-variance", help="Share the spread of the results out by figure."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", help="Hold the run against one without this shock; may be repeated.", metavar="SHOCK"
        ),
    ] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", help="Run this variant of the study instead.", metavar="NAME")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="Processes that share the members.")] = 1,
    store: Annotated[
        str | None, typer.Option("--store", help="The claim store behind the study.", metavar="FILE")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of another study.")] = False,
    as_json: Json = False,
) -> None:
    """Run a study: what its plants make and ship, what its projects earn, held against what was reported."""
    from cell2grid.assemble.evidence import evidence_of_study
    from cell2grid.results import check_place, write_results
    from cell2grid.run import run_study, run_summary
    from cell2grid.study.loader import load_study

    loaded, differs = _asked(load_study(study), variant)
    if store is not None and not Path(store).is_file():
        raise EvidenceError(f"there is no store '{store}'; make one: cell2grid read PAGES --store {store}")
    named = loaded.study.study if variant is None else f"{loaded.study.study}.{variant}"
    folder = Path(out) if out is not None else Path("runs") / named
    # a place where nothing may be written is better known before the work than after it
    check_place(folder, loaded.study.study, replace_other=force)
    evidence = evidence_of_study(loaded, Path(store) if store is not None else None)
    with bars() as on_progress:
        results = run_study(
            loaded.study,
            members=members,
            seed=seed,
            sampling=sampling,
            variance=variance,
            without=tuple(dict.fromkeys(without or ())),
            workers=workers,
            evidence=evidence,
            study_folder=loaded.path.parent,
            on_progress=on_progress,
        )
    if differs is not None:
        notes = [*differs["notes"], *results.manifest["notes"]]
        results = replace(results, manifest={**results.manifest, "variant": differs, "notes": notes})
    document = run_summary(results, write_results(results, folder, replace_other=force))
    emit(document, as_json, lambda: _say(document, results, variance=bool(variance)))


def _asked(loaded: LoadedStudy, variant: str | None) -> tuple[LoadedStudy, dict[str, Any] | None]:
    """The study to run, and what a manifest says of it where it is a variant."""
    from cell2grid.run.varied import variant as variant_of

    if variant is None:
        return loaded, None
    found = variant_of(loaded.study, variant)
    whole = loaded.study.title or loaded.study.study
    study = found.study.changed(title=f"{whole}: {found.title or variant}")
    return replace(loaded, study=study), {"name": variant, **found.document()}


def _say(document: dict[str, Any], results: Results, *, variance: bool) -> None:
    from cell2grid.report.findings import findings

    used = () if document["calibration"] is None else document["calibration"]["on"]
    if document["observations"]:
        _say_record(document["observations"], used)
    if document["projects"]:
        table(
            "Projects",
            {"project": "left", "what": "left", "mean": "right", "p10 to p90": "right", "unit": "left", "note": "left"},
            [
                (row["project"], row["variable"], short(row["mean"]), _range(row), row["unit"], row["note"])
                for row in document["projects"]
            ],
        )
    if variance:
        _say_variance(document)
    if document["without"] is not None:
        _say_without(document["without"])
    found = findings(results)
    for finding in found[:MOST_FINDINGS]:
        console().print(f"• {finding.text}", markup=False)
    if len(found) > MOST_FINDINGS:
        console().print(
            f"• {counted(len(found) - MOST_FINDINGS, 'further finding')} on the page of the report", markup=False
        )
    # of projects whose stores age; of the others the page and --json have them
    for note in document["notes"]:
        said = ("sampling:", "fit:", *(("variance:",) if variance else ()))
        if "life" not in results.tables and not note.startswith(said):
            continue
        console().print(f"• {note}", markup=False)
    console().print(
        f"{counted(document['members'], 'member')} in {document['wall_seconds']:.1f} s; run folder: {document['out']}\n"
        f"next: cell2grid report {document['out']}",
        markup=False,
    )


def _say_record(rows: list[dict[str, Any]], used: Sequence[str]) -> None:
    """Each reported figure beside the modelled one; its source by a number, as many figures have one source."""
    parted = [str(row["source"] or "").partition("; assumed: ") for row in rows]
    numbers = {source: str(place) for place, source in enumerate(dict.fromkeys(told[0] for told in parted), start=1)}
    table(
        "Held against the record",
        {
            "what": "left",
            "reported": "right",
            "modelled": "right",
            "p10 to p90": "right",
            "unit": "left",
            "source": "left",
        },
        [
            _told_of(row, used, f"[{numbers[source]}]{' *' if assumed else ''}")
            for row, (source, assumed, _) in zip(rows, parted, strict=True)
        ],
    )
    for source, number in numbers.items():
        console().print(f"[{number}] {source or 'no source'}", markup=False)
    if any(assumed for _, assumed, _ in parted):
        console().print("* a part of the figure is assumed; the page and --json say what", markup=False)


def _told_of(row: dict[str, Any], used: Sequence[str], source: str) -> tuple[str, ...]:
    (reported, mean, p10, p90), unit = in_words([row[key] for key in ("observed", "mean", "p10", "p90")], row["unit"])
    return _named(row, used), reported, mean, f"{p10} to {p90}", unit, source


def _say_variance(document: dict[str, Any]) -> None:
    """The figures that stand out of noise, the first few of each result."""
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in document["variance"]:
        if not row["within_noise"]:
            told.setdefault((row["result"], row["entity"]), []).append(row)
    table(
        "Where the spread comes from: shares of the variance, each figure by itself",
        {"what": "left", "of": "left", "figure": "left", "share": "right", "interval": "right"},
        [
            (result, entity, row["figure"], f"{row['share']:.0%}", f"{row['low']:.0%} to {row['high']:.0%}")
            for (result, entity), rows in told.items()
            for row in rows[:MOST_FIGURES]
        ],
    )


def _say_without(case: dict[str, Any]) -> None:
    """What the shocks did in all; the months are in the table and in --json."""
    rows = [row for row in case["differences"] if row["period"] in ("total", "end")]
    table(
        f"What {' and '.join(case['shocks'])} did: with, less without, member by member",
        {
            "what": "left",
            "of": "left",
            "with": "right",
            "without": "right",
            "difference": "right",
            "p10 to p90": "right",
            "± error": "right",
            "unit": "left",
        },
        [
            (
                row["variable"],
                row["entity"],
                short(row["with_shocks"]),
                short(row["without_shocks"]),
                short(row["difference"]),
                _range(row),
                short(row["error"]),
                row["unit"],
            )
            for row in rows
        ],
    )


def _named(row: dict[str, Any], used: Sequence[str]) -> str:
    """The name of an observation, and that it is no test where members are weighed by it."""
    return f"{row['name']} (used)" if row["name"] in used else str(row["name"])


def _range(row: dict[str, Any]) -> str:
    return f"{short(row['p10'])} to {short(row['p90'])}"
