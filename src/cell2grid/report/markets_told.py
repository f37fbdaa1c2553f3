"""What a run's markets and plans have to say, in sentences: use of capacity, money for plants, prices, who sells most.

Sentences alone; their sources are put to them in ``findings.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cell2grid.report.market_terms import overtaken, when
from cell2grid.report.marks import rows
from cell2grid.report.provenance import called
from cell2grid.report.wording import amount, between, sentence

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.report.provenance import Provenance
    from cell2grid.results import Results

MOST = 6  # markets or products that are told of
_MUCH = 0.01  # of a ratio: two that are as near say the same
_Told = Iterator[tuple[str, str, str]]


def use_sentences(results: Results, provenance: Provenance) -> _Told:
    """What part of capacity is sold, at home where some plants are abroad: sentence, variable, product."""
    frame = rows(results, "market_groups", ("nameplate_utilisation", "sales_utilisation"))
    if frame.empty:
        return
    kinds = frame["kind"].astype(str)
    for product in frame[kinds == "product"]["entity"].unique()[:MOST]:
        mine = frame["entity"] == product
        split = bool((mine & (kinds == "product at home")).any() and (mine & (kinds == "product abroad")).any())
        part = frame[mine & (kinds == ("product at home" if split else "product"))]
        who = f"{called(provenance.study, product)}: plants{' where their firm is at home' if split else ''}"
        yield sentence(f"{who} sell {_used(part)}."), "nameplate_utilisation", product


def _used(part: pd.DataFrame) -> str:
    """The use in the last term, in the first, and in the term in which it is highest or lowest between."""
    nameplate = part[part["variable"] == "nameplate_utilisation"]
    first, last = nameplate.iloc[0], nameplate.iloc[-1]
    text = f"{amount(last['mean'], 'ratio')}{_range(last)} of their nameplate capacity in {when(str(last['term']))}"
    standing = part[(part["variable"] == "sales_utilisation") & (part["term"] == last["term"])]
    if len(standing) and standing["mean"].iloc[0] - last["mean"] > _MUCH:
        text += f" ({amount(standing['mean'].iloc[0], 'ratio')} of what is open)"
    if last["term"] == first["term"]:
        return text
    text += f", after {amount(first['mean'], 'ratio')} in {when(str(first['term']))}"
    most, least = nameplate.loc[nameplate["mean"].idxmax()], nameplate.loc[nameplate["mean"].idxmin()]
    ends = {first["term"], last["term"]}
    turns = [
        f"{amount(row['mean'], 'ratio')} in {when(str(row['term']))} at {word}"
        for row, word in ((most, "the most"), (least, "the least"))
        if row["term"] not in ends and abs(row["mean"] - last["mean"]) > _MUCH
    ]
    return text + (f" and {' and '.join(turns)}" if turns else "")


def money_sentences(results: Results) -> _Told:
    """What is spent on plants at home and abroad, and when more goes abroad: sentence, variable, nothing."""
    frame = rows(results, "investment_totals")
    frame = frame if frame.empty else frame[frame["stage"].astype(str) == "spent"]
    for unit in frame["unit"].unique() if not frame.empty else []:
        part = frame[frame["unit"] == unit]
        sums = part.groupby(part["side"].astype(str))["mean"].sum()
        home, abroad = (float(sums.get(side, 0.0)) for side in ("home", "abroad"))
        if home + abroad <= 0.0:
            continue
        years = sorted({int(year) for year in part["year"]})
        text = f"On plants, {amount(home, unit)} is spent at home and {amount(abroad, unit)} abroad, "
        text += f"{years[0]} to {years[-1]}" if len(years) > 1 else f"in {years[0]}"
        yield f"{text}{_crossed(part, str(unit))}.", "plant_spending", ""


def _crossed(part: pd.DataFrame, unit: str) -> str:
    year = overtaken(part)
    if year is None:
        return "; in no year does more go abroad after more has stayed at home"
    of_year = part[part["year"].astype(int) == year]
    by_side = {str(row["side"]): row for row in of_year.to_dict("records")}
    home, abroad = (by_side.get(side, {"mean": 0.0})["mean"] for side in ("home", "abroad"))
    return f"; more goes abroad than stays at home first in {year}, {amount(abroad, unit)} against {amount(home, unit)}"


def price_sentences(results: Results, provenance: Provenance) -> _Told:
    """The price of each market and who sells most there: sentence, variable, market."""
    prices = rows(results, "market", ("market_price",))
    for market in prices["market"].unique()[:MOST] if not prices.empty else []:
        part = prices[prices["market"] == market]
        last = part.iloc[-1]
        text = f"{called(provenance.study, str(market))}: the price in {when(str(last['term']))} is "
        text += f"{amount(last['mean'], last['unit'])}{_range(last)}"
        largest = _largest(results, market, last["term"])
        if largest is not None:
            text += f"; of what is sold, {amount(largest['mean'], 'ratio')} is of "
            text += f"{called(provenance.study, str(largest['firm']))}"
        yield sentence(f"{text}."), "market_price", market


def _largest(results: Results, market: str, term: str) -> pd.Series[Any] | None:
    shares = rows(results, "market_firms", ("share",))
    part = shares[(shares["market"] == market) & (shares["term"] == term)] if not shares.empty else shares
    return None if part.empty else part.loc[part["mean"].idxmax()]


def _range(row: Any) -> str:
    if row["p90"] - row["p10"] <= 1e-6 * abs(row["mean"]):
        return ""
    return f" (80 % of cases: {between(row['p10'], row['p90'], row['unit'])})"
