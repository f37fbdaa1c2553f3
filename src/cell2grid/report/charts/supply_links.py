"""Chart: who supplies whom with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.alone import name_of
from cell2grid.report.columns_of_boxes import MOST_BOXES, Line, boxes
from cell2grid.report.marks import folded, of_last_day, panel_title
from cell2grid.report.theme import GREEN, QUIET, WIDE
from cell2grid.report.wording import shortened

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"supplies": ()}
TITLE = "Who supplies whom"
PLACE = ("owners", 2)


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Boxes of firms and plants from suppliers to customers, with the product on each line."""
    frame = of_last_day(results, "supplies")
    names: dict[str, str] = {}
    lines = []
    left_out = 0
    for row in frame.to_dict("records"):
        ends = {key: name_of(results, key) for key in (str(row["supplier"]), str(row["customer"]))}
        if len({**names, **ends}) > MOST_BOXES:
            left_out += 1
            continue
        names |= ends
        supplier, customer = ends
        label = shortened(str(row["product"])) + _share(row)
        said = f"{ends[supplier]} supplies {ends[customer]} with {row['product']}"
        named = row["basis"] == "named"
        lines.append(Line(supplier, customer, label, said, GREEN if named else QUIET, 1.8, dashed=not named))
    notes = ["full: named by a source; dashed: a plant takes in what the other makes"]
    notes += [f"{left_out} more links are in the table"] if left_out else []
    told = [line for note in notes for line in folded(note, width)]
    return boxes(names, lines, width=width).properties(title=panel_title(f"links as of {frame['day'].iloc[0]}", told))


def _share(row: dict[str, object]) -> str:
    low, high = row["share_low"], row["share_high"]
    if not isinstance(low, float) or not isinstance(high, float) or low != low:
        return ""
    return f", {100 * low:.3g} %" if low == high else f", {100 * low:.3g} to {100 * high:.3g} %"


def table(results: Shown) -> pd.DataFrame:
    """Each link of the last day with the firms behind it and where it is known from."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "supplier": name_of(results, str(row["supplier"])),
                "of": name_of(results, str(row["supplier_firm"])),
                "customer": name_of(results, str(row["customer"])),
                "of ": name_of(results, str(row["customer_firm"])),
                "product": str(row["product"]),
                "part of what the customer takes": _share(row).removeprefix(", ") or "–",
                "known from": str(row["reference"]),
            }
            for row in of_last_day(results, "supplies").to_dict("records")
        ]
    )
