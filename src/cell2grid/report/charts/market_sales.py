"""Chart: which firm sells how much in which market, as a table of shades and, beside it, as bands from firm to market.

It is of the last term of the run; products that are counted in other nouns stand in panels of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.report.market_terms import when
from cell2grid.report.marks import folded, height_axis, panel_title, panels_of, rows, speaking, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import ACCENT, GREEN, INK, PAPER, WIDE, blended
from cell2grid.report.wording import amount, between, rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"market_flows": ()}
TITLE = "Who sells where"
PLACE = ("market", 3)
_MOST = 12  # firms with a row of their own
_GAP = 0.05  # between boxes of a column, as a part of its height
_STEPS = np.linspace(0.0, 1.0, 21)
_DARK = 0.65  # of the largest number: from here on it is written in white
_SIDES = {"home": GREEN, "abroad": ACCENT}


def _flows(results: Results) -> pd.DataFrame:
    """Sales of each firm in each market in the last term, the largest sellers first, others together."""
    frame, study = rows(results, "market_flows"), study_of(results)
    frame = frame[frame["term"].astype(str) == str(frame["term"].iloc[-1])].rename(columns={"mean": "average"})
    parts = []
    for _, part in frame.groupby("unit", sort=False):
        sums = part.groupby("firm", sort=False)["average"].sum().sort_values(ascending=False)
        named = {firm: called(study, str(firm)) for firm in sums.index[:_MOST]}
        others = f"{len(sums) - _MOST} other firms"
        part = part.assign(
            seller=[named.get(firm, others) for firm in part["firm"]],
            place=[called(study, str(market)) for market in part["market"]],
            side=["home" if row.region == row.destination else "abroad" for row in part.itertuples()],
        )
        parts.append(_added(part))
    import pandas as pd

    return pd.concat(parts, ignore_index=True)


def _added(part: pd.DataFrame) -> pd.DataFrame:
    """One row a seller, market and side; sellers by what they sell in all, quantiles added up as they are."""
    keys = ["seller", "place", "side"]
    found = part.groupby(keys, sort=False)[["average", "p10", "p90"]].sum().reset_index()
    total = found.groupby("seller")["average"].transform("sum")
    last = found["seller"].str.endswith(" other firms")
    found = found.assign(total=total.where(~last, -1.0)).sort_values("total", ascending=False, kind="stable")
    unit, term = str(part["unit"].iloc[0]), str(part["term"].iloc[0])
    said = [
        f"{row.seller} in {row.place}, from plants {'at home there' if row.side == 'home' else 'abroad'}: "
        f"{amount(row.average, unit)}, range {between(row.p10, row.p90, unit)}"
        for row in found.itertuples()
    ]
    return found.assign(unit=unit, term=term, said=said)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Shades of what each firm sells in each market, and bands from firms to markets as wide as that."""
    import altair as alt

    panels = []
    for unit, part, notes in panels_of(_flows(results), "unit", [], width):
        narrow = width < WIDE
        size = width if narrow else width // 2
        # one below the other they begin right of the same names
        both = (_shades(part, size - 150 if narrow else size - 170), _bands(part, size - (150 if narrow else 40)))
        drawn: Any = alt.vconcat(*both, spacing=16) if narrow else alt.hconcat(*both, spacing=8)
        words = f"{unit} in {when(str(part['term'].iloc[0]))}; bands: green from plants at home there, blue from abroad"
        title = panel_title(folded(words, width), [line for note in notes for line in folded(note, width)])
        panels.append(drawn.resolve_scale(color="independent").properties(title=title))
    return stacked(panels)


def _shades(part: pd.DataFrame, width: int) -> alt.LayerChart:
    """A cell for each firm and market, dark where much is sold, with the number."""
    import altair as alt

    cells = part.groupby(["seller", "place"], sort=False)["average"].sum().reset_index()
    most = float(cells["average"].max())
    cells = cells.assign(
        number=[rounded(value, 2) for value in cells["average"]], dark=cells["average"] > _DARK * max(most, 1e-300)
    )
    sellers, places = list(dict.fromkeys(part["seller"])), list(dict.fromkeys(part["place"]))
    x = alt.X("place:N").title(None).scale(domain=places).axis(labelAngle=-30, labelLimit=110, labelOverlap=False)
    y = alt.Y("seller:N").title(None).scale(domain=sellers).axis(labelLimit=120)
    plain = alt.Chart(cells)
    colour = alt.Color("average:Q").scale(range=[blended(ACCENT, 0.06), ACCENT], domain=[0.0, most]).legend(None)
    shade = plain.mark_rect(stroke=PAPER, strokeWidth=1, aria=False).encode(x=x, y=y, color=colour)
    ink = alt.condition("datum.dark", alt.value(PAPER), alt.value(INK))
    words = plain.mark_text(fontSize=11, aria=False).encode(x=x, y=y, text="number:N", color=ink)
    spoken = alt.Chart(part[["seller", "place", "said"]]).mark_circle(size=260, opacity=0, color=ACCENT)
    layers: Any = alt.layer(shade, words, spoken.encode(x=x, y=y, description="said:N"))
    sized: alt.LayerChart = layers.properties(width=width, height=max(26 * len(sellers), 60))
    return sized


def _bands(part: pd.DataFrame, width: int) -> alt.LayerChart:
    """Firms on the left, markets on the right, and bands between them."""
    import altair as alt
    import pandas as pd

    whole = float(part["average"].sum())
    left, right = (_boxes(part, name, whole) for name in ("seller", "place"))
    x = alt.X("x:Q").scale(domain=[-0.02, 1.75], nice=False).axis(None)
    low = min(*(top - size for top, size in left.values()), *(top - size for top, size in right.values())) - 0.02
    domain = (low, 1.02)
    out, into = ({name: top for name, (top, _) in boxes.items()} for boxes in (left, right))
    layers: list[Any] = []
    middles = []
    bend = _STEPS * _STEPS * (3.0 - 2.0 * _STEPS)
    for row in part.itertuples():
        size = row.average / whole
        upper = out[row.seller] + (into[row.place] - out[row.seller]) * bend
        frame = pd.DataFrame({"x": 0.03 + 0.97 * _STEPS, "upper": upper, "lower": upper - size})
        area = alt.Chart(frame).mark_area(color=_SIDES[row.side], opacity=0.45, aria=False)
        layers.append(area.encode(x=x, y=height_axis("upper", domain), y2="lower:Q"))
        middles.append({"x": 0.5, "y": float(upper[len(upper) // 2] - size / 2), "said": row.said})
        out[row.seller] -= size
        into[row.place] -= size
    layers.append(speaking(pd.DataFrame(middles), x=x, y=height_axis("y", domain)))
    for boxes, place, named in ((left, 0.0, False), (right, 1.0, True)):
        layers += _drawn(boxes, place, x, domain, named=named)
    drawn: Any = alt.layer(*layers)
    sized: alt.LayerChart = drawn.properties(width=width, height=max(26 * len(left), 120))
    return sized


def _boxes(part: pd.DataFrame, column: str, whole: float) -> dict[str, tuple[float, float]]:
    """The upper edge and the height of each box of a column, one below the other."""
    sums = part.groupby(column, sort=False)["average"].sum() / whole
    edge, found = 1.0, {}
    for name, size in sums.items():
        found[str(name)] = (edge, float(size))
        edge -= float(size) + _GAP
    return found


def _drawn(
    boxes: dict[str, tuple[float, float]], place: float, x: alt.X, domain: tuple[float, float], *, named: bool
) -> list[Any]:
    """The boxes of one side; on the right with their names, as those on the left stand beside the shades."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(
        {
            "x": place,
            "right": place + 0.03,
            "low": [top - size for top, size in boxes.values()],
            "high": [top for top, _ in boxes.values()],
            "middle": [top - size / 2 for top, size in boxes.values()],
            "name": [name if len(name) <= 22 else f"{name[:21]}…" for name in boxes],
        }
    )
    plain = alt.Chart(frame)
    edges = {"y": height_axis("low", domain), "y2": "high:Q"}
    layers = [plain.mark_rect(color=INK, aria=False).encode(x=x, x2="right:Q", **edges)]
    align: Any = {"align": "left", "dx": 11} if named else {"align": "left", "dx": 8}
    text = plain.mark_text(fontSize=11, color=INK, aria=False, **align)
    layers.append(text.encode(x=x, y=height_axis("middle", domain), text="name:N"))
    return layers


def table(results: Results) -> pd.DataFrame:
    """The same sales in numbers."""
    frame = _flows(results).rename(columns={"seller": "firm", "place": "market", "side": "plants", "average": "mean"})
    return frame[["firm", "market", "plants", "term", "mean", "p10", "p90", "unit"]]
