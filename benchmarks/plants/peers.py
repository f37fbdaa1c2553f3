"""The same case in numpy: the plain form in float64, and one in float32 that works in place, both chunk by chunk.

Random outages are drawn by numpy's own generator there, so that means agree only as far as members spread; the fast
form in float32 is what a careful hand would write without a compiler.
"""

from __future__ import annotations

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.plants.subject import Subject, processor, subject
from cell2grid.engines.capability.plain import fill_plainly
from cell2grid.engines.supply.streaming import plain_summary
from cell2grid.formulas.ramp import AT_NAMEPLATE

PLANTS, MONTHS, MEMBERS = 200, 120, 10_000
CHUNK = 50


def rows(report: Report) -> None:
    """Each program on a part of the members, as seconds for all of them on one thread."""
    plants, months, members = (10, 24, 60) if report.quick else (PLANTS, MONTHS, 200)
    whole = MEMBERS / members
    case = subject(plants, months, members)
    plain_summary(case.given, case.world, threads=1)
    larger = subject(plants, months, members if report.quick else 2000)
    own, _ = processor(lambda: plain_summary(larger.given, larger.world, threads=1))
    own *= members / larger.size[2]
    plain, mean = processor(lambda: plain_numpy(case))
    light, light_mean = processor(lambda: in_place(case))
    report.part(
        f"{plants} plants x {months} months x {MEMBERS:,} members, one thread", f"  {'':<44}{'s':>9}{'ratio':>9}"
    )
    for name, seconds in (
        ("cell2grid, compiled, float64", own),
        ("numpy float32 in place, own random numbers", light),
        ("numpy float64, the reference", plain),
    ):
        report.line(f"  {name:<44}{seconds * whole:>9,.1f}{seconds / own:>9,.1f}")
    exact = plain_summary(case.given, case.world)["output"].mean.mean()
    report.judge("mean output, compiled and reference", float(exact), mean)
    report.judge("mean output, compiled and numpy float32", float(exact), light_mean, 0.05)


def plain_numpy(case: Subject) -> float:
    """The reference of ``capability`` and the ledger of plain plants in numpy with quantiles; the mean output."""
    plants, months, members = case.size
    able = [np.empty((members, plants, months)) for _ in range(4)]
    fill_plainly(case.given, *able)
    output = able[0] * able[1] * able[2] * able[3] * case.world.scale * case.world.scale_by_member[:, :, None]
    sold, stock = np.empty_like(output), np.zeros((members, plants))
    demand = case.world.demand * case.world.demand_by_member[:, :, None]
    of_market = np.equal.outer(case.world.market, np.arange(len(case.world.demand))).astype(float)
    for month in range(months):
        has = stock + output[:, :, month]
        total = has @ of_market
        part = np.minimum(np.divide(demand[:, :, month], total, out=np.ones_like(total), where=total > 0), 1.0)
        sold[:, :, month] = has * part[:, case.world.market]
        stock = has - sold[:, :, month]
    for values in (output, sold):
        np.quantile(values, (0.1, 0.5, 0.9), axis=0)
    return float(output.mean())


def in_place(case: Subject) -> float:
    """Ramp, yield, outage and demand in float32, into arrays that are there already; the mean output."""
    plants, months, members = case.size
    random, total = np.random.default_rng(1), 0.0
    steep = np.float32(2.0 * np.log(AT_NAMEPLATE / (1.0 - AT_NAMEPLATE)))
    age = case.given.tranche_age[:, 0].astype(np.float32)
    opened = case.given.tranche_open[:, 0].astype(np.float32)
    made = np.empty((CHUNK, plants, months), np.float32)
    room = np.empty_like(made)
    every, lasts = case.given.outage_every[0, 0], case.given.outage_lasts[0, 0]
    sums = np.zeros((2, plants, months))
    for first in range(0, members, CHUNK):
        count = min(CHUNK, members - first)
        chosen, out, work = slice(first, first + count), made[:count], room[:count]
        length = case.given.months_to_nameplate[chosen].astype(np.float32)[:, :, None]
        np.divide(age, length, out=out)
        np.minimum(out, 20.0, out=out)
        out -= np.float32(0.5)
        out *= -steep
        np.exp(out, out=out)
        out += np.float32(1.0)
        np.reciprocal(out, out=out)
        out *= opened
        out *= case.given.tranche_capacity[chosen].astype(np.float32)
        out *= case.world.scale_by_member[chosen].astype(np.float32)[:, :, None]
        np.divide(np.maximum(age, 0.0), case.given.yield_months[chosen].astype(np.float32)[:, :, None], out=work)
        work *= np.float32(-np.log(100.0))
        np.exp(work, out=work)
        start, steady = (case.given.yield_start[chosen], case.given.yield_steady[chosen])
        work *= (start - steady).astype(np.float32)[:, :, None]
        work += steady.astype(np.float32)[:, :, None]
        out *= work
        # one outage a month at most, as likely as on average
        random.random(out=work, dtype=np.float32)
        np.less(work, np.float32(30.4375 / (every + lasts)), out=work)
        work *= np.float32(-lasts / 30.4375)
        work += np.float32(1.0)
        out *= work
        sums[0] += out.sum(axis=0)
        sums[1] += _sold(case, out, chosen).sum(axis=0)
        total += float(out.sum(dtype=np.float64))
    return total / (plants * months * members)


def _sold(case: Subject, made: np.ndarray, chosen: slice) -> np.ndarray:
    demand = case.world.demand.astype(np.float32) * case.world.demand_by_member[chosen].astype(np.float32)[:, :, None]
    total = np.zeros_like(demand)
    for market in range(len(demand[0])):
        total[:, market] = made[:, case.world.market == market].sum(axis=1)
    part = np.minimum(np.divide(demand, total, out=np.ones_like(total), where=total > 0), 1.0)
    return made * part[:, case.world.market]
