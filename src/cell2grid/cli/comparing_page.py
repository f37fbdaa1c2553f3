"""The page of a study held against itself with something different: its sentences, charts, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cell2grid.report.alone import Told
    from cell2grid.run.compared import Compared


def comparison_page(found: Compared, document: dict[str, Any], page: Path, called: Callable[[str], str]) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.value_page import write_worth_page

    entities = {str(name) for name in (*found.frame["entity"], *found.frame["market"]) if name}
    return write_worth_page(
        {"compared": found.frame},
        page,
        kind="compare",
        name=_title(document),
        figures=_figures(document, called),
        findings=document["sentences"],
        assumptions=_assumptions(document),
        notes=document["notes"],
        names={name: called(name) for name in entities},
        method=f"{document['members']:,} members of seed {document['seed']} in both, drawn alike; differences are taken"
        " member by member",
    )


def _title(document: dict[str, Any]) -> str:
    from cell2grid.cli.comparing_words import said_of

    return (
        f"{document['study']}: {document['title']}" if document["title"] else f"{document['study']} {said_of(document)}"
    )


def _figures(document: dict[str, Any], called: Callable[[str], str]) -> list[Told]:
    """The headline: prices of markets, or what is made, over the whole horizon."""
    from cell2grid.report.alone import Told
    from cell2grid.report.marks import label_of
    from cell2grid.report.wording import amount, between

    rows = [row for row in document["rows"] if row["period"] == "all" and row["difference"] is not None]
    wanted = [row for row in rows if row["variable"] == "market_price"]
    wanted = wanted or [row for row in rows if (row["variable"], row["kind"]) == ("output", "plant")]
    wanted.sort(key=lambda row: -abs(row["difference"]))
    found = []
    for row in wanted[:8]:
        unit = row["unit"]
        says = f"{amount(row['with'], unit)} with it, {amount(row['without'], unit)} without"
        if row["p10"] != row["p90"]:
            says += f"; difference in 10 to 90 % of members: {between(row['p10'], row['p90'], unit)}"
        name = f"{label_of(str(row['variable']))}, {called(str(row['entity']))}"
        found.append(Told(name, amount(row["difference"], unit), says))
    return found


def _assumptions(document: dict[str, Any]) -> list[Told]:
    """What is different, path by path."""
    from cell2grid.report.alone import Told

    rows = [Told(path, "left out", "in the run without it") for path in document["left_out"]]
    return rows + [Told(path, text, "in place of what the study says") for path, text in document["changed"].items()]
