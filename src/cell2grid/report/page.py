"""The page of one run or several: one HTML file that needs no network and holds no script.

The template is ``templates/report.html``, its style ``templates/report.css``. The template escapes every value; the
pictures alone come as markup, from ``drawing.py``. A content policy lets the browser use our own style and nothing
else, so that not even a hole in this would run anything.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import RunFolderError
from cell2grid.files import write_whole
from cell2grid.report import sections
from cell2grid.report.findings import Finding, findings
from cell2grid.report.provenance import provenance_of
from cell2grid.report.wording import month, title
from cell2grid.results import Results, read_results

if TYPE_CHECKING:
    import jinja2

MOST_FINDINGS = 12


@dataclass(frozen=True, slots=True)
class RunPart:
    """What the page says of one run."""

    id: str
    name: str
    title: str
    horizon: str
    made_up: tuple[str, ...]
    pictures: Mapping[str, list[sections.Picture]]
    observed: list[sections.Observed]
    worth: list[sections.Worth]
    claimed: list[sections.Claimed]
    checked: list[sections.Checked]
    assumed: list[sections.Assumed]
    documents: list[Any]
    defaults: tuple[str, ...]
    not_used: tuple[str, ...]
    notes: tuple[str, ...]
    manifest: Mapping[str, Any]


def write_report(run_folders: Sequence[Path], out: Path) -> Path:
    """The absolute path of the page that was written over the runs; it is written beside and renamed when whole.

    Raises
    ------
    RunFolderError
        There is no run, a folder is no whole run, or the page cannot be written.
    """
    if not run_folders:
        raise RunFolderError("a report needs a run folder; make one with cell2grid run STUDY --out DIR")
    return write_page([read_results(Path(folder), with_arrays=True) for folder in run_folders], out)


def write_page(runs: Sequence[Results], out: Path) -> Path:
    """The absolute path of the page over runs that are already read.

    Raises
    ------
    RunFolderError
        The page cannot be written.
    """
    text = html(runs)
    try:
        return write_whole(Path(out), text)
    except OSError as error:
        raise RunFolderError(
            f"report '{out}' cannot be written: {error.strerror or error}; give another --out"
        ) from None


def html(runs: Sequence[Results]) -> str:
    """The page as text."""
    found = findings(*runs)
    parts = _told_once([_part(results, f"run-{place}") for place, results in enumerate(runs, start=1)])
    return drawn_up(
        "report.html",
        title=parts[0].title if len(parts) == 1 else f"Findings of {len(parts)} studies",
        version=str(runs[0].manifest.get("cell2grid", "")),
        runs=parts,
        findings=found[:MOST_FINDINGS],
        further=found[MOST_FINDINGS:],
        sections=sections.SECTIONS,
    )


def drawn_up(template: str, **values: object) -> str:
    """A template of this room filled with values, in the style of the pages and under their policy."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return _templates().get_template(template).render(**values, style=style, policy=policy)


def _told_once(parts: list[RunPart]) -> list[RunPart]:
    """The parts without the claims and checks that an earlier part shows; what a study uses stays with it."""
    claims: set[str] = set()
    checks: set[sections.Checked] = set()
    told = []
    for part in parts:
        claimed = [row for row in part.claimed if row.used or row.sentence.claim not in claims]
        checked = [row for row in part.checked if row not in checks]
        claims.update(row.sentence.claim for row in part.claimed)
        checks.update(part.checked)
        told.append(replace(part, claimed=claimed, checked=checked))
    return told


def _part(results: Results, ident: str) -> RunPart:
    provenance = provenance_of(results)
    study = provenance.study
    manifest = results.manifest
    drawings = {section: sections.pictures(results, section, ident) for section in _sections()}
    return RunPart(
        id=ident,
        name=study.study,
        title=study.title or title(study.study),
        horizon=f"{month(study.horizon.start)} to {month(study.horizon.end)}",
        made_up=tuple(str(reason) for reason in manifest.get("illustrative", ())),
        pictures={section: finished() for section, finished in drawings.items()},
        observed=sections.observed(results, provenance),
        worth=sections.worth(results),
        claimed=sections.claimed(provenance),
        checked=sections.checked(provenance),
        assumed=sections.assumed(provenance),
        documents=sections.documents(provenance),
        defaults=tuple(_told(row) for row in manifest.get("defaults", ())),
        not_used=tuple(_told(row) for row in manifest.get("not_used", ())),
        notes=tuple(str(row) for row in manifest.get("notes", ())),
        manifest=manifest,
    )


def _sections() -> list[str]:
    """The sections with a heading of their own, and any further one that a chart names."""
    from cell2grid.report.charts import charts

    return list(dict.fromkeys((*sections.SECTIONS, *(chart.PLACE[0] for chart in charts().values()))))


def _told(row: object) -> str:
    return ": ".join(map(str, row.values())) if isinstance(row, Mapping) else str(row)


@cache
def _style() -> str:
    return resources.files("cell2grid.report").joinpath("templates/report.css").read_text(encoding="utf-8")


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("cell2grid.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


__all__ = ["Finding", "RunPart", "drawn_up", "html", "write_page", "write_report"]
