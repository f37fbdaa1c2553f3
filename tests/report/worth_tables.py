"""Tables of a valuation in depth, invented: one function a table, any number of projects, years, members and sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cell2grid.results import TABLES

SHARE, MONEY = "ratio", "EUR"


def framed(table: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(TABLES[table]))


def life(
    projects: Sequence[str] = ("heath",),
    *,
    years: int = 15,
    money: float = 1e6,
    added: int | None = 8,
    unit: str = MONEY,
) -> pd.DataFrame:
    """A store that loses 2.5 points a year and is filled up at the beginning of one of them; all kinds of money."""
    found = []
    for project in projects:
        health, energy = 1.0, 100.0
        for year in range(1, years + 1):
            if year == added:
                health = 0.98
            energy, health = 100.0 * health, health - 0.025
            served = 0.5 if year <= years // 2 else 0.0
            values = {
                "state_of_health": (health, SHARE),
                "capacity": (energy, "MWh"),
                "full_cycles": (320.0, "1/year"),
                "end_of_life": (0.7, SHARE),
                "market_revenue": (1.6 * money * health, unit),
                "contract_revenue": (0.4 * money, unit),
                "subsidy_revenue": (0.2 * money * (year < 6), unit),
                "operating_cost": (0.5 * money, unit),
                "augmentation_cost": (1.4 * money * (year == added), unit),
                "tax": (0.1 * money if year > 3 else -0.05 * money, unit),
                "debt_service": (served * money, unit),
                "debt_cover": (1.6 if served else np.nan, SHARE),
                "cash_flow": (money * (1.1 - 1.3 * (year == added)), unit),
                "equity_cash_flow": (money * (1.1 - served - 1.3 * (year == added)), unit),
                "wear_cost": (8.0, f"{unit}/MWh"),
            }
            for variable, (value, of) in values.items():
                spread = 0.0 if variable in {"capacity", "end_of_life"} and year == 1 else 0.02 * abs(value)
                edges = {"mean": value, "p10": value - spread, "p50": value, "p90": value + spread}
                found.append({"project": project, "variable": variable, "unit": of, "year": year, **edges})
    return framed("life", found)


def members(
    projects: Sequence[str] = ("heath",), *, npv: Sequence[float] | None = None, unit: str = MONEY
) -> pd.DataFrame:
    """Members whose net present values are given, or lie about 2 million; every tenth is never commissioned."""
    if npv is None:
        drawn = np.random.default_rng(3).normal(2e6, 3e6, 200)
        drawn[::10] = np.nan
        npv = drawn.tolist()
    return framed(
        "members",
        [
            {"project": project, "member": place, "commissioning": 6.0, "npv": value, "irr": np.nan,
             "equity_npv": value, "lcos": 90.0, "payback": np.nan, "debt_cover": 1.3, "price_year": "2024",
             "scale": 1.0, "capital_cost": 2e7, "unit": unit}
            for project in projects for place, value in enumerate(npv)
        ],
    )  # fmt: skip


def tornado(
    projects: Sequence[str] = ("heath",), *, figures: int = 9, npv: float = 1e6, spread: float | None = None
) -> pd.DataFrame:
    """Figures that move the worth less and less: up, down, only down, and not at all in turn."""
    found, swing = [], abs(npv) if spread is None else spread
    names = ("finance.capital_cost", "finance.discount_rate", "prices.factor", "cells.fade", "finance.fixed_cost")
    for project in projects:
        for place in range(figures):
            size = swing / (1 + place)
            low, high = ((size, -size), (-size, 1.5 * size), (-size, -size / 3), (0.0, 0.0))[place % 4]
            found.append(
                {"project": project, "figure": f"{names[place % 5]}{'_of_another_part' * (place // 5)}",
                 "text": "150 .. 210 EUR/kWh [tender]", "unit": ("EUR/kWh", "ratio/year", "ratio", "")[place % 4],
                 "low": (150.0, 0.06, 0.9, 3.0)[place % 4], "high": (210.0, 0.09, 1.1, 5.0)[place % 4],
                 "npv_low": npv + low, "npv_high": npv + high, "npv_middle": npv, "npv_unit": MONEY}
            )  # fmt: skip
    return framed("tornado", found)


def shares(
    projects: Sequence[str] = ("heath",), *, values: Mapping[str, tuple[float, float]] | None = None
) -> pd.DataFrame:
    """Shares of the variance by source, alone and with others; 4 points of interval on each side."""
    values = values or {
        "delivery": (0.05, 0.09), "prices": (0.55, 0.62), "ageing": (-0.01, 0.02), "capital_cost": (0.28, 0.31),
        "other": (0.0, 0.0),
    }  # fmt: skip
    return framed(
        "shares",
        [
            {"project": project, "source": source, "first": first, "first_low": first - 0.04,
             "first_high": first + 0.04, "total": total, "total_low": total - 0.04, "total_high": total + 0.04}
            for project in projects for source, (first, total) in values.items()
        ],
    )  # fmt: skip


def size_map(
    projects: Sequence[str] = ("heath",), *, powers: int = 10, hours: int = 10, money: float = 1e6, lift: float = 0.0
) -> pd.DataFrame:
    """A hill of worth over a grid of sizes, whose last size cannot serve its debt; the best is marked."""
    found = []
    for project in projects:
        grid = [(20.0 * (p + 1), 0.5 * (h + 1)) for p in range(powers) for h in range(hours)]
        worth = [
            money
            * (lift + 6.0 - (power / (8.0 * powers) - 1.0) ** 2 - (hour - 0.25 * hours) ** 2 - 0.05 * power * hour / 20)
            for power, hour in grid
        ]
        if len(grid) > 1:
            worth[-1] = np.nan
        best = int(np.nanargmax(worth))
        for place, ((power, hour), npv) in enumerate(zip(grid, worth, strict=True)):
            found.append(
                {"project": project, "power": power, "hours": hour, "energy": power * hour, "npv": npv,
                 "npv_low": npv - money, "npv_high": npv + money, "irr": np.nan if npv < 0 else 0.08,
                 "npv_per_capital": npv / (1e6 * power), "unit": MONEY, "best": place == best}
            )  # fmt: skip
    return framed("size_map", found)


def delay(
    projects: Sequence[str] = ("heath",), *, months: int = 13, npv: float = 1e6, cost: float = 4e4
) -> pd.DataFrame:
    """A worth that falls by the same with each month."""
    return framed(
        "delay",
        [
            {"project": project, "month": float(month), "npv": npv - cost * month, "unit": MONEY}
            for project in projects
            for month in range(months)
        ],
    )


def load(*, hours: int = 8760, minutes: int = 60, power: float = 900.0, saved: float = 60.0) -> pd.DataFrame:
    """A net load with a peak each evening and in winter, cut by so many MW where it is high."""
    steps = np.arange(hours * 60 // minutes)
    clock = steps * minutes / 60.0
    before = power * (1 + 0.2 * np.cos(clock * 2 * np.pi / 8760) + 0.3 * np.sin(clock * 2 * np.pi / 24) ** 3)
    moved = np.clip(0.2 * (before.mean() - before), -saved, saved)
    after = np.minimum(before + moved, before.max() - saved)
    stamps = np.datetime64("2030-01-01", "s") + steps * np.timedelta64(60 * minutes, "s")
    words = np.char.add(np.datetime_as_string(stamps, unit="s"), "Z").astype(object)
    return pd.DataFrame({"timestep": words, "before": before, "after": after})


def benefit() -> pd.DataFrame:
    return framed(
        "benefit",
        [
            {"variable": "peak_load", "unit": "MW", "before": 1300.0, "after": 1240.0, "change": -60.0},
            {"variable": "curtailed", "unit": "MWh", "before": 900.0, "after": 410.0, "change": -490.0},
        ],
    )


def stations(count: int = 5) -> pd.DataFrame:
    """Stations about one that holds the line back: those before it are blocked, those after it starve."""
    middle = count // 2
    return framed(
        "line",
        [
            {"station": f"station {place}", "machines": float(1 + place % 2),
             "working": 0.6 if place != middle else 0.9,
             "setup": 0.05, "down": 0.05, "blocked": 0.3 if place < middle else 0.0,
             "starved": 0.3 if place > middle else 0.0, "queue": 2.5, "rate": 70.0 if place != middle else 48.0,
             "one_more": 6.0 if place == middle else 0.0, "unit": "pack/hour", "bottleneck": place == middle}
            for place in range(count)
        ],
    )  # fmt: skip


def cost() -> pd.DataFrame:
    """Three rows of the cost of a kWh in two countries: one falls below zero."""
    rows = (("materials", "materials", 60.0), ("recycling of scrap", "recycling of scrap", -2.0),
            ("depreciation", "depreciation", 9.0))  # fmt: skip
    return framed(
        "cost",
        [
            {"technology": "olivine", "scope": "cells", "country": country, "component": component, "kind": kind,
             "mean": mean, "p10": mean - 1.0, "p50": mean, "p90": mean + 1.0, "unit": "EUR/kWh"}
            for country in ("Norway", "Poland")
            for component, kind, mean in rows
        ],
    )  # fmt: skip


def variance(*, figures: int = 4, results: int = 2, sure: int = 3) -> pd.DataFrame:
    """Figures of which each explains half as much as the one before it; the last do not stand out of noise."""
    return framed(
        "variance",
        [
            {"result": result, "entity": entity, "figure": f"plants.fjord.part_{place}", "share": 0.5 ** (place + 1),
             "low": 0.9 * 0.5 ** (place + 1), "high": min(1.0, 1.1 * 0.5 ** (place + 1)),
             "within_noise": place >= sure, "members": 400}
            for result, entity in (("output", "fjord"), ("npv", "heath"), ("exports", "fjord"))[:results]
            for place in range(figures)
        ],
    )  # fmt: skip


def worth_tables(projects: Sequence[str] = ("heath",)) -> dict[str, pd.DataFrame]:
    """A row in each table of a valuation in depth."""
    return {
        "life": life(projects),
        "members": members(projects),
        "tornado": tornado(projects),
        "shares": shares(projects),
        "size_map": size_map(projects),
        "delay": delay(projects),
        "load": load(),
        "cost": cost(),
        "benefit": benefit(),
        "variance": variance(),
        "line": stations(),
    }
