"""Chart: what the machines of each station of a line do with their time, the one that holds it back marked.

Working, set up, down, blocked (done, and no room behind) and starved (no item, or not yet a whole batch) add up to all
of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import folded, panel_title, rows, stacked
from cell2grid.report.theme import ACCENT, FAINT, GREEN, ORANGE, VERMILLION, WIDE
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"line": ()}
TITLE = "Working, waiting and down, station by station"
PLACE = ("line", 1)
SHARES = {"working": ACCENT, "setup": GREEN, "down": VERMILLION, "blocked": ORANGE, "starved": FAINT}
MOST_STATIONS = 40
_STEP = 26  # pixels from one station to the next
_LONGEST = 34  # letters of a name


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A bar for each station in the order of the line, cut into the shares of its time."""
    import altair as alt

    frame = rows(results, "line").head(MOST_STATIONS)
    bars = _bars(frame)
    longest = int(bars["label"].str.len().max())
    order = list(dict.fromkeys(bars["label"]))
    shares = [share for share in SHARES if (frame[share] > 0.0).any()]
    axis = alt.Axis(labelLimit=int(6.6 * min(longest, _LONGEST)), labelOverlap=False)
    y = alt.Y("label:N").title(None).sort(order).scale(padding=0.22).axis(axis)
    x = alt.X("begin:Q").title("share of the time [%]").scale(domain=[0, 100], nice=False)
    colour = alt.Color("share:N").scale(domain=shares, range=[SHARES[share] for share in shares])
    picture = alt.Chart(bars).mark_bar().encode(x=x, x2="end:Q", y=y, color=colour, description="said:N")
    room = width - 60 - int(6.6 * min(longest, _LONGEST))
    sized = picture.properties(width=max(room, 90), height=_STEP * len(frame) + 4)
    return stacked([sized.properties(title=panel_title(_title(frame, width), _notes(results, width)))])


def table(results: Shown) -> pd.DataFrame:
    """The shares of each station in per cent, what waits before it, what it would let through, and one more machine."""
    frame = rows(results, "line")
    found = frame[["station", "machines"]].copy()
    for share in SHARES:
        found[f"{share} [%]"] = (100.0 * frame[share]).round(2)
    unit = str(frame["unit"].iloc[0])
    found["queue [item]"] = frame["queue"].round(3)
    found[f"alone it lets through [{unit}]"] = frame["rate"]
    if frame["one_more"].notna().any():
        found[f"one more machine brings [{unit}]"] = frame["one_more"]
    return found


def _bars(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each share of each station: where its bar begins and ends [%], and the sentence of who points at it."""
    import pandas as pd

    found = []
    for place, row in enumerate(frame.to_dict("records")):
        begin = 0.0
        name = str(row["station"])
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        machines = "" if row["machines"] == 1 else f" × {row['machines']:,.0f}"
        for share in SHARES:
            part = 100.0 * float(row[share])
            if part <= 0.0:
                continue
            found.append(
                {
                    # names that are cut alike stay two bars
                    "label": f"{place + 1} {short}{machines}{' ◄' if row['bottleneck'] else ''}",
                    "share": share,
                    "begin": begin,
                    "end": begin + part,
                    "said": f"{name}: {share} {rounded(part)} % of the time",
                }
            )
            begin += part
    return pd.DataFrame(found, columns=["label", "share", "begin", "end", "said"])


def _title(frame: pd.DataFrame, width: int) -> list[str]:
    held = frame[frame["bottleneck"].astype(bool)]
    name = str(held["station"].iloc[0]) if len(held) else "no station shown"
    return folded(f"{name} holds the line back (◄)", width)


def _notes(results: Shown, width: int) -> list[str]:
    more = len(rows(results, "line")) - MOST_STATIONS
    return folded(f"{more} more stations are in the table", width) if more > 0 else []
