"""Chart: what a storage project is worth when it is commissioned later, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.alone import by_project
from cell2grid.report.marks import entities, money_title, nothing, rows, speaking
from cell2grid.report.theme import ACCENT, QUIET, WIDE
from cell2grid.report.wording import amount, rounded, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"delay": ()}
TITLE = "What a delay costs"
PLACE = ("risk", 4)


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """The net present value of each project by the months that it comes later."""
    return by_project(results, rows(results, "delay"), width, _panel)


def table(results: Shown) -> pd.DataFrame:
    """The same values, and how far each is from that without delay."""
    import pandas as pd

    frame, parts = rows(results, "delay"), []
    for project in entities(frame, "project"):
        part = frame[frame["project"].astype(str) == project].sort_values("month", kind="stable")
        value = part["npv"].astype(float)
        columns = {"months later": part["month"], "NPV": value, "less than without delay": value.iloc[0] - value}
        parts.append(pd.DataFrame({"project": project, **columns, "unit": part["unit"]}))
    return pd.concat(parts, ignore_index=True)


def _panel(part: pd.DataFrame, width: int) -> tuple[alt.TopLevelMixin, list[str]]:
    import altair as alt

    unit = str(part["unit"].iloc[0])
    line = part.dropna(subset=["npv", "month"]).sort_values("month", kind="stable")
    if line.empty:
        return nothing(width), ["there is no net present value"]
    month, value = line["month"].to_numpy(float), line["npv"].to_numpy(float)
    scale, word = scaled(float(abs(value).max()))
    said = [
        f"{rounded(at)} months later: {amount(npv, unit)}, {_less(value[0] - npv, unit)} than without delay"
        for at, npv in zip(month, value, strict=True)
    ]
    drawn = line[["month"]].assign(value=value / scale, said=said)
    spread = float(value.max() - value.min()) / scale
    room = 0.12 * spread or 0.1 * max(abs(value).max() / scale, 1e-9)
    domain = [value.min() / scale - room, value.max() / scale + room]
    x = (
        alt.X("month:Q")
        .title("months later")
        .scale(domain=[min(0.0, month[0]), max(month[-1], 1.0)], nice=False, padding=8)
    )
    last = int(max(month[-1], 1.0))
    marked = list(range(0, last + 1, max(1, -(-last // (6 if width < WIDE else 12)))))
    x = x.axis(values=marked, tickCount=len(marked), format="d")
    y = (
        alt.Y("value:Q")
        .title(money_title(word, unit, "net present value"))
        .scale(domain=domain, nice=False, zero=False)
    )
    base = alt.Chart(drawn)
    layers = [
        base.mark_line(color=ACCENT, strokeWidth=2.2, aria=False).encode(x=x, y=y),
        base.mark_circle(color=ACCENT, size=40, opacity=1, aria=False).encode(x=x, y=y),
        speaking(drawn, x=x, y=y),
    ]
    if domain[0] < 0.0 < domain[1]:
        layers.insert(0, alt.Chart().mark_rule(color=QUIET, aria=False).encode(y=alt.datum(0)))
    return alt.layer(*layers).properties(width=width - 90, height=190), _cost(month, value, unit)


def _less(amount_lost: float, unit: str) -> str:
    return f"{amount(abs(amount_lost), unit)} {'less' if amount_lost >= 0.0 else 'more'}"


def _cost(month: object, value: object, unit: str) -> list[str]:
    """What a month costs on average, in words; nothing where there is no delay to compare with."""
    import numpy as np

    at, npv = np.asarray(month, np.float64), np.asarray(value, np.float64)
    if len(at) < 2 or at[-1] == at[0]:
        return []
    lost = float(npv[0] - npv[-1]) / float(at[-1] - at[0])
    over = f"on average over {rounded(float(at[-1] - at[0]))} months"
    if lost == 0.0:
        return [f"a month later costs nothing {over}"]
    verb = "costs" if lost > 0.0 else "gains"
    return [f"a month later {verb} {amount(abs(lost), unit)} {over}"]
