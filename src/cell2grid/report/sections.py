"""The parts of the page of one run, as plain values that the template prints: pictures, rows, claims, assumptions.

Everything is text here; nothing is marked as safe but the pictures, which ``drawing.py`` has cut down. The page itself
is put together in ``page.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cell2grid.nomenclature import variables
from cell2grid.report import arithmetic
from cell2grid.report.charts import charts, drawable
from cell2grid.report.drawing import begun
from cell2grid.report.marks import label_of, rows, weighed_by
from cell2grid.report.provenance import Document, Provenance, Sentence, called, study_of
from cell2grid.report.theme import NARROW, WIDE
from cell2grid.report.wording import amount, between, exact, period, rounded, sentence
from cell2grid.study.rules.observed import OF_SIDES

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown
    from cell2grid.results import Results

SECTIONS = {
    "evidence": "Model against evidence",
    "counterfactual": "What would have been",
    "market": "Who sells where at which price",
    "compared": "With it and without it",
    "investment": "Where it is invested",
    "output": "Output and deliveries",
    "owners": "Owners and suppliers",
    "project": "The storage project",
    "life": "Over its life",
    "risk": "How sure that is",
    "size": "How large",
    "grid": "What it does for the grid",
    "line": "What the stations do with their time",
    "cost": "What cells and packs cost",
    "ramp": "How the plant came up to its capacity",
}
MOST_ROWS = 400
# what a reader asks first of a project
_FIRST = ("npv", "irr", "lcos", "payback")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in two widths, with its numbers and a sentence for those who do not see it."""

    name: str
    title: str
    says: str
    wide: Markup
    narrow: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Observed:
    """An observation beside what the model gives for it, with the sentences it was read in."""

    label: str
    reported: str
    modelled: str
    verdict: str
    inside: bool
    source: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """One figure of a project: its name, its mean, its range, and what it is."""

    project: str
    label: str
    mean: str
    range: str
    means: str
    note: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim: its sentence, what was read from it, where it is used, and the checks it takes part in."""

    sentence: Sentence
    subject: str
    measure: str
    value: str
    used: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A check: its arithmetic in words and its verdict."""

    text: str
    verdict: str
    mark: str
    kind: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption of ours: which figure, what it is, and why."""

    path: str
    text: str
    reason: str


# a picture that is being drawn
Pending = Callable[[], Picture]


def pictures(results: Shown, section: str, prefix: str) -> Callable[[], list[Picture]]:
    """What gives the charts of one section that the run has rows for, in their order; they are being drawn."""
    wanted = [(chart.PLACE[1], name) for name, chart in charts().items() if chart.PLACE[0] == section]
    drawings = [_picture(results, name, prefix) for _, name in sorted(wanted) if drawable(results, name)]
    return lambda: [finished() for finished in drawings]


def _picture(results: Shown, name: str, prefix: str) -> Pending:
    chart = charts()[name]
    return picture(
        lambda width: chart.chart(results, width=width), chart.table(results), title=chart.TITLE, says=said_by(chart),
        name=name, prefix=prefix,
    )  # fmt: skip


def said_by(chart: object) -> str:
    """What a chart shows, in the words of its file."""
    return sentence((chart.__doc__ or "").strip().splitlines()[0].removeprefix("Chart: "))


def picture(
    chart: Callable[[int], alt.TopLevelMixin], frame: pd.DataFrame, *, title: str, says: str, name: str, prefix: str
) -> Pending:
    """What gives a chart in two widths with its numbers; it is being drawn."""
    label = f"{title}: {says} The numbers are in the table below."
    wide, narrow = (
        begun(chart(width), name=f"{prefix}-{name}-{width}", label=label, width=width) for width in (WIDE, NARROW)
    )
    shown = frame.head(MOST_ROWS)
    numeric = tuple(kind.kind in "fiu" for kind in frame.dtypes)
    headings = tuple(str(column) for column in frame.columns)
    # what was reported is shown to its last digit
    exactly = [heading == "reported" for heading in headings]
    rows = shown.itertuples(index=False)
    cells = tuple(tuple(cell(value, reported=as_is) for value, as_is in zip(row, exactly, strict=True)) for row in rows)
    left_out = len(frame) - len(shown)
    told = (headings, cells, numeric, left_out)
    # cut down to shapes and text by drawing.picture
    return lambda: Picture(f"{prefix}-chart-{name}", title, says, Markup(wide()), Markup(narrow()), *told)


def cell(value: object, *, reported: bool = False) -> str:
    """The value as a cell of a table, rounded where it was not ``reported``; a dash where there is none.

    >>> cell(97182.4), cell(97182.0, reported=True), cell(None), cell(2031), cell("2031-01")
    ('97,180', '97,182', '–', '2031', '2031-01')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if not isinstance(value, float):
        return str(value)
    return exact(value) if reported else rounded(value, 4)


def observed(results: Results, provenance: Provenance) -> list[Observed]:
    """Each observation of the run, in the order of the study."""
    found = []
    frame, used = rows(results, "observations").head(MOST_ROWS), weighed_by(results)
    for row in frame.to_dict("records"):
        unit = row["unit"]
        inside = row["p10"] <= row["observed"] <= row["p90"]
        of = str(row["of"])
        whose = "of " + (of.replace("-", " ") if of in provenance.study.groups else called(provenance.study, of))
        if row["variable"] in OF_SIDES:
            whose = {"home": "at home"}.get(of, of)
        way = "above" if row["observed"] > row["p90"] else "below"
        edge = abs(row["observed"] - row["p90" if way == "above" else "p10"])
        found.append(
            Observed(
                label=f"{label_of(row['variable'])} {whose}, {period(row['start'], row['end'])}",
                reported=amount(row["observed"], unit, reported=True),
                modelled=f"{amount(row['mean'], unit)} ({between(row['p10'], row['p90'], unit)})",
                verdict=("used, no test: " if row["name"] in used else "")
                + ("within the range" if inside else f"{amount(edge, unit)} {way} the range"),
                inside=bool(inside),
                source=str(row["source"] or provenance.words(f"observations.{row['name']}.value")),
                sentences=provenance.sentences_of(f"observations.{row['name']}.value"),
            )
        )
    return found


def worth(results: Results) -> list[Worth]:
    """The figures of the run's projects: what they earn and are worth."""
    found = []
    study = study_of(results)
    table = rows(results, "projects").to_dict("records")
    for row in sorted(
        table, key=lambda row: _FIRST.index(row["variable"]) if row["variable"] in _FIRST else len(_FIRST)
    ):
        unit = str(row["unit"])
        spread = row["p10"] != row["p90"]
        range_words = between(row["p10"], row["p90"], unit) if spread else "the same in all members"
        mean = amount(row["mean"], unit)
        if not math.isfinite(row["mean"]):
            mean, range_words = "none", "no member has one"
        known = variables().get(row["variable"])
        means = known.sentence if known is not None else ""
        note = str(row["note"] or "") if row["illustrative"] else ""
        found.append(
            Worth(called(study, str(row["project"])), label_of(row["variable"]), mean, range_words, means, note)
        )
    return found


def claimed(provenance: Provenance) -> list[Claimed]:
    """Each claim of the run with where it is used, the used ones first."""
    used: dict[str, list[str]] = {}
    for path in {**provenance.figures, **provenance.evidence.get("used", {})}:
        for said in provenance.sentences_of(path):
            used.setdefault(said.claim, []).append(path)
    verdicts: dict[str, list[str]] = {}
    for check in provenance.evidence.get("checks", ()):
        for claim in check.get("claims", ()):
            verdicts.setdefault(claim, []).append(f"{check['kind']}: {arithmetic.verdict(check)}")
    found = [
        Claimed(
            sentence=said,
            subject=str(said.slots.get("subject") or "–"),
            measure=str(said.slots.get("measure") or "").replace("_", " "),
            value=_value(said.slots),
            used=tuple(used.get(claim, ())),
            checks=tuple(dict.fromkeys(verdicts.get(claim, ()))),
        )
        for claim, said in provenance.sentences.items()
    ]
    return sorted(found, key=_place)[:MOST_ROWS]


def _place(row: Claimed) -> tuple[bool, str, int]:
    """Used claims first, then in the order of the pages."""
    return (not row.used, row.sentence.document.words, int(row.sentence.slots.get("value_start") or 0))


def _value(slots: Mapping[str, Any]) -> str:
    unit = str(slots.get("unit") or "")
    value, low, high = slots.get("value"), slots.get("low"), slots.get("high")
    if value is not None:
        return amount(float(value), unit, reported=True)
    if low is not None and high is not None:
        return between(float(low), float(high), unit)
    return str(slots.get("value_text") or "–")


def checked(provenance: Provenance) -> list[Checked]:
    """Each check of the run's evidence, told in words."""
    marks = {"holds": "✓", "rounding": "✓", "fails": "✗", "incomplete": "…", "cannot_say": "?"}
    return [
        Checked(
            text=arithmetic.line(check, provenance),
            verdict=arithmetic.verdict(check),
            mark=marks.get(str(check["verdict"]), "?") if check.get("stated") is not None else "=",
            kind=str(check["kind"]),
        )
        for check in provenance.evidence.get("checks", ())
    ][:MOST_ROWS]


def assumed(provenance: Provenance) -> list[Assumed]:
    """Each figure of the study that rests on an assumption of ours, with the reason."""
    return [
        Assumed(figure.path, figure.text, reason)
        for figure in provenance.figures.values()
        for reason in figure.assumptions
    ]


def documents(provenance: Provenance) -> list[Document]:
    """The documents behind the run: the sources of the study, and the pages its claims were read from."""
    study = provenance.study
    found = [provenance.source(key) for key in study.sources]
    return list(dict.fromkeys((*found, *provenance.documents.values())))
