"""What ``compare`` says on the terminal: a table for each quantity, narrow enough for 80 columns, and sentences.

Which of the numbers a reader asks first is said here; all of them are in the document, the page and the run folder.
"""

from __future__ import annotations

from typing import Any

from cell2grid.cli.figures import alike
from cell2grid.cli.output import console, counted, table

MOST_ROWS = 60
_MILLION = 1e6
# what a reader asks first, by variable and kind; the rest is in --json, the page and the run folder
SHOWN = (
    *(("market_price", "market"), ("firm_profit", "firm"), ("market_share", "firm"), ("nameplate_utilisation", "firm")),
    *(("consumer_surplus", "all"), ("duty_revenue", "all")),
    *(("plant_announcements", "all"), ("plant_spending", "all")),
)
SHOWN_OF_PLANTS = (
    *(("output", "plant"), ("exports", "plant"), ("utilisation", "plant"), ("duty_cost", "plant")),
    *(("plant_announcements", "all"), ("plant_spending", "all")),
)


def say_study(document: dict[str, Any]) -> None:
    """Print a comparison of a study with itself."""
    rows = shown_rows(document["rows"])[:MOST_ROWS]
    if rows:
        text = f"{document['study']} {said_of(document)}: with, without, and the difference member by member"
        console().print(text, markup=False)
    for quantity in dict.fromkeys((row["variable"], row["unit"]) for row in rows):
        _say_quantity([row for row in rows if (row["variable"], row["unit"]) == quantity])
    for text in document["sentences"]:
        console().print(f"• {text}", markup=False)
    for note in document["notes"]:
        console().print(f"• {note}", markup=False)
    rest = len(document["rows"]) - len(rows)
    console().print(
        f"{counted(document['members'], 'member')}, seed {document['seed']}; {rest:,} more numbers are in --json and"
        " with --out",
        markup=False,
    )
    for key, what in (("page", "page"), ("out", "run folder")):
        if key in document:
            console().print(f"{what}: {document[key]}", markup=False)


_SHOWN = ("with", "without", "difference", "p10", "p90")


def _say_quantity(rows: list[dict[str, Any]]) -> None:
    """A table of one quantity, its unit told once; when each number holds only where there are several times."""
    told, unit = alike([row[key] for row in rows for key in _SHOWN], rows[0]["unit"], _MILLION)
    by_year = len({row["period"] for row in rows}) > 1
    of_products = len({row["product"] for row in rows}) > 1
    columns = {"of": "left", **({"when": "left"} if by_year else {})}
    columns |= dict.fromkeys(("with", "without", "difference", "p10 to p90"), "right")
    cells = []
    for place, row in enumerate(rows):
        has, lacks, difference, p10, p90 = told[place * len(_SHOWN) : (place + 1) * len(_SHOWN)]
        spread = "" if row["p10"] is None else p10 if p10 == p90 else f"{p10} to {p90}"
        when = (row["period"],) if by_year else ()
        cells.append((_whose(row, of_products), *when, has, lacks, difference, spread))
    table(f"{str(rows[0]['variable']).replace('_', ' ')} [{unit}]", columns, cells)


def _whose(row: dict[str, Any], of_products: bool) -> str:
    """A firm, plant or market, with where, and of what where a table has several products."""
    if of_products and row["kind"] == "firm" and row["product"]:
        return f"{row['entity']}, {row['product']}"
    where = row["market"] or row["side"]
    if row["variable"] in ("plant_announcements", "plant_spending"):
        return "at home" if where == "home" else str(where)
    return str(row["entity"]) if where in (row["entity"], "all") else f"{row['entity']}, {where}"


def shown_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that a reader asks for first: those of markets where there are any, by year, and of all years."""
    wanted = SHOWN if any(row["variable"] == "market_price" for row in rows) else SHOWN_OF_PLANTS
    found = [
        row
        for pair in wanted
        for row in rows
        if (row["variable"], row["kind"]) == pair and not (row["kind"] == "firm" and row["market"]) and _told(row)
    ]
    # one year is the whole, and years of many are for the page
    several = len({row["period"] for row in found}) > 2 and len(found) <= MOST_ROWS
    found = [row for row in found if several or row["period"] == "all"]
    if len(found) > MOST_ROWS:
        found = [row for row in found if row["kind"] != "firm" or row["side"] == "all"]
    kinds = dict.fromkeys(row["variable"] for row in found)
    each = MOST_ROWS // max(len(kinds), 1)
    if len(found) > MOST_ROWS:
        # of each quantity those that change most
        found = [row for kind in kinds for row in _most_changed(found, kind)[:each]]
    return found


def _told(row: dict[str, Any]) -> bool:
    """Whether a row says something: a share of what a firm never sells does not."""
    return bool(row["variable"] != "market_share" or row["with"] != 0.0 or row["without"] != 0.0)


def _most_changed(rows: list[dict[str, Any]], variable: str) -> list[dict[str, Any]]:
    return sorted((row for row in rows if row["variable"] == variable), key=lambda row: -abs(row["difference"] or 0.0))


def said_of(document: dict[str, Any]) -> str:
    """What is different, in words."""
    parts = []
    if document["variant"]:
        parts.append(f"and its variant {document['variant']}")
    elif document["left_out"]:
        parts.append(f"with and without {', '.join(document['left_out'])}")
    if document["changed"] and not document["variant"]:
        parts.append(f"with and without another {', '.join(document['changed'])}")
    return " and ".join(parts)


def say_folders(document: dict[str, Any]) -> None:
    """Print a comparison of run folders: a table for each quantity, the difference of each from the first."""
    names = [run["folder"] for run in document["runs"]]
    console().print("Mean over the members, and the difference from the first", markup=False)
    for quantity in dict.fromkeys((row["variable"], row["unit"]) for row in document["rows"]):
        rows = [row for row in document["rows"] if (row["variable"], row["unit"]) == quantity]
        told, unit = alike([value for row in rows for value in (*row["values"], *row["differences"][1:])], quantity[1])
        width = 2 * len(names) - 1
        columns = {"of": "left", "when": "left", **dict.fromkeys(names, "right"), "difference": "right"}
        cells = []
        for place, row in enumerate(rows):
            each = told[place * width : (place + 1) * width]
            of = f"{row['entity']}, {row['destination']}" if row["destination"] else row["entity"]
            cells.append((of, row["period"], *each[: len(names)], ", ".join(each[len(names) :])))
        table(f"{str(quantity[0]).replace('_', ' ')} [{unit}]", columns, cells)
    if "page" in document:
        console().print(f"page: {document['page']}", markup=False)
