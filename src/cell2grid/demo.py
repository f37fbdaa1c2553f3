"""The main job in one call: pages to claims, claims to studies, studies to runs, runs to one report.

Every stage reads the file that the stage before wrote, so each can be repeated alone with its own command afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cell2grid.errors import PageError

MEMBERS = 200


class Stage(Protocol):
    """Shows the progress of one stage: ``with stage("reading", total=5) as done: done(1)``."""

    def __call__(self, description: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
        """The progress of one stage, which is told how many pieces are done."""
        ...


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo left its report, store and run folders, and the findings: text and source.

    ``notes`` say what was left out or left as it was: pages that could not be read, claims that disagree.
    """

    report: Path
    store: Path
    runs: tuple[Path, ...]
    findings: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def demo(pages: Sequence[Path], out: Path, *, stage: Stage, members: int = MEMBERS) -> Demo:
    """The report over the studies that ship, filled from what ``pages`` say; tier A claims count as accepted.

    Parameters
    ----------
    pages
        Pages or folders of pages; the briefs that ship where there are none.
    out
        The folder for store, studies, runs and report. A store that is there is added to.
    stage
        Shows the progress of each stage.
    members
        Draws of each ensemble.

    Raises
    ------
    PageError
        None of the pages can be read.
    """
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    store = out / "claims.db"
    notes = _read(pages, store, stage)
    _check(store, stage)
    studies, conflicts = _assemble(shown(), store, out / "studies", stage)
    runs = _run(studies, store, out / "runs", members, stage)
    report, findings = _report(runs, out / "report.html", stage)
    return Demo(report, store, runs, findings, (*notes, *conflicts))


def shown() -> tuple[str, ...]:
    """The studies that the demo runs: those of plants that ship; markets that make their price take longer.

    >>> "shanghai-megapack" in shown()
    True
    """
    from cell2grid.study.loader import load_study
    from cell2grid.study.shipped import shipped_studies

    return tuple(name for name in shipped_studies() if load_study(name, unfilled=True).study.competition is None)


def _read(pages: Sequence[Path], store: Path, stage: Stage) -> list[str]:
    from cell2grid.evidence.briefs import briefs
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.pages.page import pages_in
    from cell2grid.evidence.reading import read_pages

    paths = list(pages or briefs())
    total = len(pages_in(paths))
    failures, read = [], 0
    with open_store(store, create=True) as claims, stage("reading", total=total) as done:
        for number, page in enumerate(read_pages(paths), start=1):
            claims.add(page)
            failures += [f"{name}: {message}" for name, message in page.failures]
            read += len(page.documents)
            done(number)
    if not read:
        raise PageError("\n".join(failures) or "no page was found; give .txt, .md or .html files, or folders of them")
    return failures


def _check(store: Path, stage: Stage) -> None:
    from cell2grid.evidence.arithmetic.checks import check
    from cell2grid.evidence.keeping.store import open_store

    with open_store(store) as claims, stage("checking", total=1) as done:
        claims.save_checks(*check(claims.claims(), claims.stories()))
        done(1)


def _assemble(
    names: Sequence[str], store: Path, folder: Path, stage: Stage
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    from cell2grid.assemble.filling import assemble_study, write_assembled
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.study.loader import load_study

    studies, conflicts = [], []
    with open_store(store) as claims:
        accepted = claims.accepted(tier="A")
    with stage("assembling", total=len(names)) as done:
        for number, name in enumerate(names, start=1):
            loaded = load_study(name, unfilled=True)
            # pages that nobody has reviewed may disagree: the study then keeps its own figure, and the demo says so
            assembly = assemble_study(loaded, accepted, keep_conflicts=True)
            studies.append(write_assembled(assembly, loaded, folder / f"{name}.yaml", store))
            conflicts += [conflict.words for conflict in assembly.conflicts]
            done(number)
    return tuple(studies), tuple(conflicts)


def _run(studies: Sequence[Path], store: Path, folder: Path, members: int, stage: Stage) -> tuple[Path, ...]:
    from cell2grid.assemble.evidence import evidence_of_study
    from cell2grid.results import write_results
    from cell2grid.run import run_study
    from cell2grid.study.loader import load_study

    runs = []
    with stage("running", total=len(studies)) as done:
        for number, path in enumerate(studies, start=1):
            loaded = load_study(path)
            evidence: Mapping[str, Any] = evidence_of_study(loaded, store, everything=True)
            results = run_study(loaded.study, members=members, evidence=evidence, study_folder=path.parent)
            runs.append(write_results(results, folder / loaded.study.study))
            done(number)
    return tuple(runs)


def _report(runs: Sequence[Path], out: Path, stage: Stage) -> tuple[Path, tuple[tuple[str, str], ...]]:
    from cell2grid.report.findings import findings
    from cell2grid.report.page import write_page
    from cell2grid.results import read_results

    with stage("reporting", total=1) as done:
        results = [read_results(run, with_arrays=True) for run in runs]
        report = write_page(results, out)
        said = findings(*results)
        done(1)
    return report, tuple((finding.text, finding.source) for finding in said)
