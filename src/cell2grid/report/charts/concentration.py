"""Chart: how concentrated the capacity of each product is, by who runs the plants and by whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import folded, of_last_day, panel_title, rows
from cell2grid.report.theme import ACCENT, ORANGE, WIDE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"concentration": ()}
TITLE = "How concentrated capacity is"
PLACE = ("owners", 3)
_BASES = {"operated": ("by who runs the plants", ACCENT), "attributable": ("by who owns them", ORANGE)}
_MOST = 12


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """For each product a bar between the ends of the index; a point where nothing is unknown."""
    import altair as alt

    frame = of_last_day(results, "concentration")
    products = list(dict.fromkeys(frame["product"].astype(str)))
    frame = frame[frame["product"].astype(str).isin(products[:_MOST])]
    words = [_BASES.get(str(basis), (str(basis), ACCENT))[0] for basis in frame["basis"]]
    said = [
        f"{row.product}, {word}: {row.hhi_low:,.0f} to {row.hhi_high:,.0f}"
        for row, word in zip(frame.itertuples(), words, strict=True)
    ]
    drawn = frame[["product", "hhi_low", "hhi_high"]].assign(by=words, said=said)
    colour = alt.Color("by:N").scale(
        domain=[word for word, _ in _BASES.values()], range=[c for _, c in _BASES.values()]
    )
    x, far = (
        alt.X(f"{end}:Q").title("index of Herfindahl and Hirschman").scale(domain=[0, 10_000], nice=False)
        for end in ("hhi_low", "hhi_high")
    )
    y = alt.Y("product:N").sort(products).title(None).axis(domain=False, ticks=False, labelLimit=110)
    base = alt.Chart(drawn).encode(y=y, yOffset=alt.YOffset("by:N"), color=colour)
    notes = ["one firm alone has 10,000; bars reach over what is unknown"]
    notes += [f"{len(products) - _MOST} more products are in the table"] if len(products) > _MOST else []
    told = [line for note in notes for line in folded(note, width)]
    layers = [
        base.mark_bar(height=7, opacity=0.5, aria=False).encode(x=x, x2="hhi_high:Q"),
        base.mark_circle(size=55, opacity=1, aria=False).encode(x=x),
        base.mark_circle(size=55, opacity=1, aria=False).encode(x=far),
        base.mark_circle(size=300, opacity=0).encode(x=x, description="said:N"),
    ]
    height = 44 * min(len(products), _MOST) + 10
    return alt.layer(*layers).properties(
        width=width - 130, height=height, title=panel_title(f"capacity as of {frame['day'].iloc[0]}", told)
    )


def table(results: Shown) -> pd.DataFrame:
    """Both measures of each product on every day of the table."""
    frame = rows(results, "concentration")
    columns = {
        "product": "product", "basis": "capacity", "day": "on", "firms": "firms", "cr4_low": "CR4 low",
        "cr4_high": "CR4 high", "hhi_low": "HHI low", "hhi_high": "HHI high",
    }  # fmt: skip
    return frame[list(columns)].rename(columns=columns)
