"""Command: compare (a study with and without something, or run folders side by side)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.comparing_words import say_folders, say_study
from cell2grid.cli.output import Json, bars, counted, emit
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.run.compared import Compared
    from cell2grid.run.varied import Variation
    from cell2grid.study.loader import LoadedStudy
    from cell2grid.study.model import Study

PAGES = (".html", ".htm")


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("compare")(compare)


def compare(
    what: Annotated[
        list[str], typer.Argument(help="A study, or two or more run folders.", metavar="STUDY | DIR DIR...")
    ],
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Leave this out, as plants.NAME or duties.0; may be repeated.", metavar="PATH"),
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option("--change", help="Put this text in the place of a figure; may be repeated.", metavar="PATH=TEXT"),
    ] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", help="A variant that the study describes.", metavar="NAME")
    ] = None,
    members: Annotated[int | None, typer.Option("--members", help="Members of the ensemble.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the draws.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that share the members.")] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", help="Write the page, or a run folder with the comparison.", metavar="FILE.html|DIR"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of another study.")] = False,
    as_json: Json = False,
) -> None:
    """Compare a study with and without something on the same draws, or run folders side by side."""
    if without or change or variant is not None:
        if len(what) != 1:
            raise InputError(f"{counted(len(what), 'study')} given beside --without, --change or --variant; give one")
        _compare_study(what[0], without or [], change or [], variant, members, seed, workers or 1, out, force, as_json)
        return
    for name, value in (("--members", members), ("--seed", seed), ("--workers", workers)):
        if value is not None:
            raise InputError(f"{name} is for a study with --without, --change or --variant, not for run folders")
    _compare_folders(what, out, as_json)


def _compare_folders(folders: list[str], out: str | None, as_json: bool) -> None:
    from cell2grid.report.comparison import compare_runs, write_page
    from cell2grid.results import read_results

    if len(folders) == 1 and not Path(folders[0]).is_dir():
        _only_one(folders[0])
    comparison = compare_runs({folder: read_results(Path(folder)) for folder in dict.fromkeys(folders)})
    document = comparison.document()
    if out is not None:
        document["page"] = str(write_page(comparison, Path(out)))
    emit(document, as_json, lambda: say_folders(document))


def _only_one(name: str) -> None:
    """Say what to add where one study is named and nothing that differs."""
    from cell2grid.study.shipped import shipped_studies

    if name in shipped_studies() or Path(name).is_file():
        raise InputError(
            f"study '{name}' with nothing that differs; add --without PATH, --change PATH=TEXT or --variant NAME"
        )


def _compare_study(
    name: str,
    without: list[str],
    change: list[str],
    variant: str | None,
    members: int | None,
    seed: int | None,
    workers: int,
    out: str | None,
    force: bool,
    as_json: bool,
) -> None:
    from cell2grid.results import check_place
    from cell2grid.run.compared import compared
    from cell2grid.study.loader import load_study

    loaded = load_study(name)
    variation = _variation(loaded.study, without, _changes(change), variant)
    folder = Path(out) if out is not None and Path(out).suffix.lower() not in PAGES else None
    if folder is not None:
        check_place(folder, loaded.study.study, replace_other=force)
    with bars() as on_progress:
        found = compared(loaded.study, variation, members=members, seed=seed, workers=workers, on_progress=on_progress)
    document = _document(found, variant)
    if folder is not None:
        document["out"] = str(_write_folder(loaded, found, folder, document, force))
    elif out is not None:
        document["page"] = str(_write_page(found, document, Path(out)))
    emit(document, as_json, lambda: say_study(document))


def _changes(change: list[str]) -> dict[str, str]:
    """The texts by their paths."""
    found = {}
    for text in change:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            raise InputError(f"--change '{text[:80]}' has no '='; write PATH=TEXT, as in 'members=50'")
        found[path.strip()] = value
    return found


def _variation(study: Study, without: list[str], change: dict[str, str], variant: str | None) -> Variation:
    """What differs: what the variant says, and what was asked besides."""
    from cell2grid.run.varied import variant as variant_of
    from cell2grid.run.varied import variation

    if variant is None:
        return variation(study, without=without, change=change)
    row = variant_of(study, variant)
    if not without and not change:
        return row
    return variation(study, without=[*row.without, *without], change={**row.change, **change}, title=row.title)


def _document(found: Compared, variant: str | None) -> dict[str, Any]:
    """The comparison as a JSON document."""
    from cell2grid.report.effects import gains_and_losses

    rows = [
        {_KEYS.get(key, key): _plain(value) for key, value in row.items()} for row in found.frame.to_dict("records")
    ]
    return {
        "study": found.with_it.study,
        "members": found.members,
        "seed": found.seed,
        "variant": variant,
        "title": found.variation.title,
        "left_out": list(found.variation.without),
        "changed": dict(found.variation.change),
        "as_written": found.written_is,
        "notes": list(found.notes),
        "sentences": gains_and_losses(found.frame, _names(found)),
        "rows": rows,
    }


_KEYS = {"with_it": "with", "without_it": "without"}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _names(found: Compared) -> Any:
    """What readers call a firm, plant or market of either study."""
    from functools import partial

    from cell2grid.report.provenance import called

    whole = found.with_it if len(found.with_it.plants) >= len(found.without_it.plants) else found.without_it
    return partial(called, whole)


def _write_folder(loaded: LoadedStudy, found: Compared, folder: Path, document: dict[str, Any], force: bool) -> Path:
    """The run folder of the study as written, of the members that were compared, with what they differ by."""
    from dataclasses import replace

    from cell2grid.assemble.evidence import evidence_of_study
    from cell2grid.results import write_results
    from cell2grid.run import results_of

    evidence = evidence_of_study(loaded)
    with bars() as on_progress:
        results = results_of(found.written, evidence=evidence, study_folder=loaded.path.parent, on_progress=on_progress)
    said = {key: document[key] for key in ("variant", "title", "left_out", "changed", "as_written", "notes")}
    whole = replace(
        results,
        tables={**results.tables, "compared": found.frame},
        manifest={**results.manifest, "compared": said},
    )
    return write_results(whole, folder, replace_other=force)


def _write_page(found: Compared, document: dict[str, Any], page: Path) -> Path:
    """The page of the comparison with its charts and tables."""
    from cell2grid.cli.comparing_page import comparison_page

    return comparison_page(found, document, page, _names(found))
