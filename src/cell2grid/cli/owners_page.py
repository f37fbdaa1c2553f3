"""The page of a study's owners: the graphs of its tables with what was found, handed to the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cell2grid.report.alone import Told
    from cell2grid.run.owners import Owners

MOST_FINDINGS = 12


def owners_page(found: Owners, document: Mapping[str, Any], page: Path) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.provenance import called
    from cell2grid.report.value_page import write_worth_page
    from cell2grid.run.owners.tables import tables_of

    study = found.study
    names = {key: called(study, key) for key in (*study.firms, *study.plants)}
    notes = [note for company in document["companies"] for note in company["notes"]]
    return write_worth_page(
        tables_of(found),
        page,
        kind="owners",
        name=f"{study.title or study.study}: owners on {document['on']}",
        figures=list(_figures(document, names)),
        findings=_first(list(_findings(document, names))),
        assumptions=list(_assumptions(found)),
        notes=[*notes, *document["notes"]],
        names=names,
        method="shares through (I − S)⁻¹, control by consolidated votes, power counted over all coalitions",
    )


def _figures(document: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Told]:
    from cell2grid.report.alone import Told
    from cell2grid.report.wording import between

    for part in document["capacity"]:
        if part["energy_low"] is not None:
            text = between(part["energy_low"], part["energy_high"], part["energy_unit"])
            yield Told(f"{names[part['firm']]}, {part['product']}", text, "capacity that belongs to it")


def _findings(document: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for company in document["companies"]:
        name = names[company["company"]]
        masters = [names[firm] for firm in company["ultimate_controllers"]]
        if masters:
            yield f"{', '.join(masters)} {'controls' if len(masters) == 1 else 'control'} {name}."
        else:
            yield f"Nobody who is named has more than {document['threshold']:g} % of the votes in {name}."
        if company["unattributed"] > 0:
            yield f"It is not known to whom {company['unattributed']:.3g} % of {name} belongs."


def _first(findings: list[str]) -> list[str]:
    """The first of many findings, and how many more there are: the numbers below the graphs have them all."""
    more = len(findings) - MOST_FINDINGS
    if more <= 1:
        return findings
    return [*findings[:MOST_FINDINGS], f"{more} more of the kind: see the numbers below."]


def _assumptions(found: Owners) -> Iterator[Told]:
    """Every figure on stakes, capital and links with its source."""
    from cell2grid.report.alone import Told
    from cell2grid.study.quantity import figures

    for path, figure in figures(found.study):
        if path[0] in ("stakes", "supplies", "firms"):
            sources = "; ".join(map(str, figure.sources))
            yield Told(".".join(map(str, path)), figure.text, sources or "no source given")
