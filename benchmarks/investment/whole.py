"""A thousand decisions in whole blocks: each of 100 plants can be enlarged in each of ten years."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.investment.expansion import PRODUCTS, REGIONS, STEPS, UNSERVED, expansion
from cell2grid.engines.investment.plan import Plan, plan
from cell2grid.engines.investment.planned import best

WANTED = 10.0
GAP = 0.01
CASES = {  # items a year of a block, and the exponent of blocks that are built at once
    "blocks of 10": (10.0, 1.0),
    "blocks of 25": (25.0, 1.0),
    "blocks of 50": (50.0, 1.0),
    "blocks of 25, exponent 0.7": (25.0, 0.7),
}


def enlarging(years: int, block: float, exponent: float) -> Plan:
    """The expansion by the year: a block opens in the year after its decision; up to three are decided on in a year."""
    given, places = expansion(12 * years), REGIONS * PRODUCTS
    lanes = np.full((REGIONS, PRODUCTS, REGIONS, PRODUCTS), np.nan)
    for product in range(PRODUCTS):
        lanes[:, product, :, product] = given.freight
    cost = np.random.default_rng(11).uniform(300.0, 600.0, (places, 1)) * block / 10.0
    term = np.arange(years)
    ready = (term >= 1).astype(np.float64)
    return plan(
        years=np.ones(years),
        discount=1.08**-term,
        end_discount=1.08**-years,
        demand=given.demand.reshape(1, places, years, 12).mean(axis=3),
        unserved_cost=UNSERVED,
        standing_capacity=given.standing.reshape(1, places, 1),
        step_width=given.width.reshape(1, places, STEPS, 1),
        step_cost=given.cost.reshape(1, places, STEPS, 1),
        freight=lanes.reshape(1, places, places, 1),
        option_plant=np.arange(places),
        block=np.full(places, block),
        ready=ready,
        opened=ready,
        most=np.full(places, 10),
        most_at_once=np.full((places, years), 3),
        block_cost=cost[None],
        fixed_cost=0.02 * cost[None],
        salvage=(cost * np.clip(1.0 - (years - 1.0 - term) / 15.0, 0.0, 1.0))[None],
        scale_exponent=np.full(places, exponent),
    )


def rows(report: Report) -> None:
    years = 3 if report.quick else 10
    report.part(
        f"{100 * years:,} whole-numbered decisions to a gap of 1 %", f"  {'':<32}{'s':>8}{'CPU s':>8}{'gap':>9}"
    )
    for name, (block, exponent) in CASES.items():
        case = enlarging(years, block, exponent)
        wall, cpu = time.perf_counter(), time.process_time()
        found = best(case, gap=GAP, seconds=120.0, any_gap=True)
        took, used = time.perf_counter() - wall, time.process_time() - cpu
        report.line(f"  {name:<32}{took:>8.2f}{used:>8.2f}{found.gap:>9.2%}")
        report.judge_between(f"{name}: the bound", found.bound, -np.inf, found.objective)
        if found.gap > GAP:
            report.missed.append(f"{name}: a gap of {found.gap:.2%}")
        report.wish(f"{name}", took, WANTED, most=True, unit=" s")
        parts = best(case, whole=False).objective
        report.judge_between(f"{name}: parts of blocks beside whole ones", parts, -np.inf, found.objective)
