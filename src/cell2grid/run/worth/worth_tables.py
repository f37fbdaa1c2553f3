"""The tables of a valuation: one function a table, with the columns that ``cell2grid.results.TABLES`` lists.

Years of operation are counted from 1; year 0 is commissioning. What is shown over members is their spread, and the
middle of all ranges where there is one member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.results import TABLES
from cell2grid.run.told.spread import spreads

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cell2grid.run.worth.valuing import Outcome, Worth

Floats = npt.NDArray[np.float64]

# by operating year: of the lives, and of the money, with the year of the money's axis that belongs to the year
LIFE = {
    "state_of_health": "ratio",
    "capacity": "MWh",
    "full_cycles": "cycle",
    "discharged_energy": "MWh",
    "wear_cost": "currency/MWh",
}
MONEY = (
    "market_revenue", "contract_revenue", "subsidy_revenue", "operating_cost", "augmentation_cost", "residual_value",
    "tax", "interest", "debt_service", "debt_cover", "cash_flow", "equity_cash_flow",
)  # fmt: skip
MEMBERS = ("npv", "irr", "equity_npv", "lcos", "payback", "debt_cover_least")


def tables(worth: Worth) -> Mapping[str, pd.DataFrame]:
    """Every table of the valuation by its name."""
    outcome = worth.spread or worth.middle
    name, money = worth.subject.project.project, worth.subject.currency
    return {
        "life": life_table(outcome, name, money),
        "cash_flow": cash_flow_table(outcome, name, money),
        "members": members_table(outcome, name, money),
        "delay": delay_table(worth.delay, name, money),
    }


def by_year(outcome: Outcome, name: str) -> Floats:
    """A variable by (member, year): operating years of lives, year 0 first for money."""
    if name in LIFE:
        return outcome.by_year(name)
    found: Floats = np.asarray(outcome.arrays[name].values[:, 0], np.float64)
    return found


def unit_of(name: str, money: str) -> str:
    """The unit of a variable of the life table."""
    if name == "debt_cover":
        return "ratio"
    return LIFE.get(name, "currency").replace("currency", money)


def life_table(outcome: Outcome, project: str, money: str) -> pd.DataFrame:
    """Each variable by operating year, its spread over the members."""
    import pandas as pd

    parts = []
    for name in (*LIFE, *MONEY):
        values = by_year(outcome, name)
        first = 1 if name in LIFE else 0
        if name == "wear_cost":
            values = values * outcome.members.price_rate[:, None]
        if name in LIFE and name != "capacity":
            operated = outcome.by_year("operated") > 0.0
            values = np.where(operated, values, np.nan)
        mean, quantiles = spreads(values)
        frame = pd.DataFrame({"year": np.arange(values.shape[1]) + first, "mean": mean})
        for label, quantile in zip(_QUANTILES, quantiles, strict=True):
            frame[label] = quantile
        frame = frame.assign(project=project, variable=name, unit=unit_of(name, money))
        # what is paid at the beginning of the first operating year is paid at commissioning
        parts.append(frame[frame["year"] >= 1] if name not in _AT_COMMISSIONING else frame)
    parts += _end_of_life(outcome, project)
    return pd.concat(parts, ignore_index=True)[list(TABLES["life"])].dropna(subset=["mean"])


def _end_of_life(outcome: Outcome, project: str) -> list[pd.DataFrame]:
    """The share at which stores end their lives, the same in every year; nothing where they have none."""
    import pandas as pd

    ends = np.array([outcome.members.cases[int(place)].end_of_life for place in outcome.members.case_of])
    if not (ends > 0.0).any():
        return []
    mean, quantiles = spreads(ends)
    years = np.arange(1, outcome.by_year("operated").shape[1] + 1)
    columns: dict[str, Any] = {"project": project, "variable": "end_of_life", "unit": "ratio", "year": years}
    columns |= {"mean": float(mean), **{name: float(q) for name, q in zip(_QUANTILES, quantiles, strict=True)}}
    return [pd.DataFrame(columns)]


_QUANTILES = ("p10", "p50", "p90")
_AT_COMMISSIONING = ("cash_flow", "equity_cash_flow", "augmentation_cost")


def cash_flow_table(outcome: Outcome, project: str, money: str) -> pd.DataFrame:
    """The project's cash flow by year from commissioning."""
    import pandas as pd

    mean, quantiles = spreads(by_year(outcome, "cash_flow"))
    columns: dict[str, Any] = {
        "project": project, "year": np.arange(len(mean)), "mean": mean, "p10": quantiles[0], "p90": quantiles[2],
        "unit": money,
    }  # fmt: skip
    return pd.DataFrame(columns)[list(TABLES["cash_flow"])]


def members_table(outcome: Outcome, project: str, money: str) -> pd.DataFrame:
    """What each member came to."""
    import pandas as pd

    count = len(outcome.members.case_of)

    def one(name: str) -> Floats:
        return np.asarray(outcome.arrays[name].values[:, 0], np.float64)

    columns: dict[str, Any] = {"project": project, "member": np.arange(count)}
    columns |= {name.removesuffix("_least"): one(name) for name in MEMBERS}
    columns |= {"commissioning": one("operation_start"), "capital_cost": one("capital_cost")}
    columns["price_year"] = [outcome.life_of(member).price_year[0] for member in range(count)]
    columns |= {"scale": outcome.members.scale, "unit": money}
    return pd.DataFrame(columns)[list(TABLES["members"])]


def delay_table(delay: Floats, project: str, money: str) -> pd.DataFrame:
    """The NPV after each month of delay."""
    import pandas as pd

    return pd.DataFrame({"project": project, "month": np.arange(len(delay)), "npv": delay, "unit": money})
