"""Chart: what a storage project earns and pays in each year of its life, by kind, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.report.alone import by_project
from cell2grid.report.marks import entities, money_title, nothing, rows
from cell2grid.report.theme import ACCENT, GREEN, INK, ORANGE, PAPER, PURPLE, QUIET, SKY, VERMILLION, WIDE, YELLOW
from cell2grid.report.wording import amount, between, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"life": ("market_revenue", "cash_flow")}
TITLE = "Revenue, cost and cash flow of each year"
PLACE = ("life", 2)
EARNED = {
    "market_revenue": ("market", ACCENT),
    "contract_revenue": ("contracts", SKY),
    "subsidy_revenue": ("subsidy", GREEN),
    "residual_value": ("residual value", YELLOW),
}
PAID = {
    "operating_cost": ("operation", ORANGE),
    "augmentation_cost": ("augmentation", PURPLE),
    "tax": ("tax", QUIET),
    "debt_service": ("debt service", VERMILLION),
}
LEFT = {"cash_flow": ("cash flow", INK), "equity_cash_flow": ("cash flow to equity", INK)}
KINDS = {**EARNED, **PAID, **LEFT}


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Bars of the mean of each kind, what is earned up and what is paid down, and lines of what is left."""
    names = _with_years(results)
    frame = rows(results, "life", list(KINDS))
    return by_project(results, frame[frame["project"].astype(str).isin(names)], width, _panel)


def table(results: Shown) -> pd.DataFrame:
    """The same means, one column a kind; what is paid has the sign that it has in the cash flow."""
    import pandas as pd

    parts = []
    for project in _with_years(results):
        frame = rows(results, "life")
        part = frame[frame["project"].astype(str) == project]
        money = _signed(part)
        if money.empty:
            continue
        columns = {name: words for name, (words, _) in KINDS.items() if name in set(money["name"])}
        wide = money.pivot_table(index="year", columns="name", values="mean", sort=True)[list(columns)]
        flow = money[money["name"] == "cash_flow"].set_index("year")
        # sums of kinds are no mean with its spread, so the spread names whose it is
        wide = wide.rename(columns=columns).assign(
            **{"cash flow, p10": flow["p10"], "cash flow, p90": flow["p90"], "unit": str(money["unit"].iloc[0])}
        )
        wide.insert(0, "project", project)
        parts.append(wide.reset_index()[["project", "year", *wide.columns[1:]]])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"project": _with_years(results)})


def _with_years(results: Shown) -> list[str]:
    """The projects that have a cash flow by year."""
    frame = rows(results, "life", ["cash_flow"])
    return entities(frame, "project") if len(frame) else []


def _signed(part: pd.DataFrame) -> pd.DataFrame:
    """Rows of money with ``name``, ``year``, ``mean``, ``p10``, ``p90``, ``unit``; kinds that are never other than zero
    are left out, as is a cash flow to equity where no debt is served."""
    money = part[part["variable"].isin(list(KINDS))].rename(columns={"variable": "name"})
    money = money.dropna(subset=["mean"]).sort_values("year", kind="stable")
    sign = np.where(money["name"].isin(list(PAID)), -1.0, 1.0)
    money = money.assign(**{edge: sign * money[edge] for edge in ("mean", "p10", "p90")})
    moved = set(money.loc[money["mean"] != 0.0, "name"])
    kept = (moved | {"cash_flow"}) - (set() if "debt_service" in moved else {"equity_cash_flow"})
    return money[money["name"].isin(kept)].reset_index(drop=True)


def _panel(part: pd.DataFrame, width: int) -> tuple[alt.TopLevelMixin, list[str]]:
    money = _signed(part[part["year"] >= 1])
    if money.empty:
        return nothing(width), ["no member has a cash flow"]
    notes = ["bars and lines: mean of the members; upright lines: 10 to 90 % of the cash flow"]
    if (part["year"] < 1).any():
        # the capital would dwarf every year after it
        notes.append("year 0, in which the project is built, is in the table alone")
    if (money["name"] == "equity_cash_flow").any():
        notes.append("broken line: the cash flow to equity, after debt service")
    return _years(money, width), notes


def _years(money: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    unit = str(money["unit"].iloc[0])
    stacks = money[~money["name"].isin(LEFT)].groupby(["year", money["mean"] > 0])["mean"].sum()
    scale, word = scaled(float(max([*stacks.abs(), *money["mean"].abs()])))
    said = [
        f"year {row.year}, {KINDS[row.name][0]}: {amount(row.mean, unit)}, range {between(low, high, unit)}"
        for row in money[["year", "name", "mean", "p10", "p90"]].itertuples(index=False, name="Row")
        for low, high in [sorted((row.p10, row.p90))]
    ]
    kinds = [name for name in KINDS if name in set(money["name"])]
    drawn = money[["year", "name"]].assign(
        kind=money["name"].map(lambda name: KINDS[name][0]),
        rank=money["name"].map(kinds.index),
        said=said,
        **{edge: money[edge] / scale for edge in ("mean", "p10", "p90")},
    )
    # the line of equity is told by its dashes
    words = {KINDS[name][0]: KINDS[name][1] for name in kinds if name != "equity_cash_flow"}
    colour = alt.Color("kind:N").scale(alt.Scale(domain=list(words), range=list(words.values()))).sort(list(words))
    years = sorted({int(year) for year in money["year"]})
    inner = min(width - 70, max(180, 60 * len(years)))
    year = alt.X("year:O").title("year of operation").axis(_axis(years, inner)).scale(paddingInner=0.25)
    axis = money_title(word, unit, "money of the year")
    y = alt.Y("mean:Q").title(axis)
    bars = alt.Chart(drawn[~drawn["name"].isin(LEFT)]).mark_bar()
    flow, equity = (drawn[drawn["name"] == name] for name in LEFT)
    spread = alt.Chart(flow).mark_rule(color=INK, aria=False)
    layers: list[alt.Chart] = [
        bars.encode(x=year, y=y.stack("zero"), color=colour, order="rank:Q", description="said:N"),
        alt.Chart().mark_rule(color=QUIET, aria=False).encode(y=alt.datum(0)),
        spread.encode(x=year, y=alt.Y("p10:Q").title(axis), y2="p90:Q"),
    ]
    # dots that would touch each other are left to the line
    size = 46 if inner >= 20 * len(years) else 0
    for lines, dash, ink in ((flow, [1, 0], colour), (equity, [4, 3], alt.value(INK))):
        base = alt.Chart(lines)
        layers.append(base.mark_line(strokeDash=dash, strokeWidth=1.8, aria=False).encode(x=year, y=y, color=ink))
        dots = base.mark_circle(size=size or 60, opacity=1.0 if size else 0.0, stroke=PAPER, strokeWidth=1)
        layers.append(dots.encode(x=year, y=y, color=ink, description="said:N"))
    return alt.layer(*layers).properties(width=inner, height=250)


def _axis(years: list[int], inner: int) -> alt.Axis:
    import altair as alt

    every = -(-len(years) * 26 // inner)
    shown = [year for year in years if year % every == 0] or years[:1]
    return alt.Axis(values=shown, tickCount=len(shown), labelAngle=0, domain=False, ticks=False, labelOverlap=False)
