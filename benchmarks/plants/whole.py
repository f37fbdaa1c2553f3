"""The whole case: 200 plants, 120 months, 10,000 members, and how the time grows with each of the three."""

from __future__ import annotations

import resource

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.plants.subject import Subject, processor, subject, timed
from cell2grid.engines.capability.kernel import fill
from cell2grid.engines.supply.streaming import plain_summary

PLANTS, MONTHS, MEMBERS = 200, 120, 10_000
WANTED_SECONDS, WANTED_BYTES = 3.0, 2e9
STEPS = (0.25, 0.5, 1.0)


def rows(report: Report) -> None:
    """The case and its phases, then a quarter and a half of each of its sizes."""
    plants, months, members = (20, 24, 300) if report.quick else (PLANTS, MONTHS, MEMBERS)
    case = subject(plants, months, members)
    plain_summary(case.given, case.world)
    seconds, found = timed(lambda: plain_summary(case.given, case.world), rounds=1 if report.quick else 3)
    used, _ = processor(lambda: plain_summary(case.given, case.world))
    report.part(f"{plants} plants x {months} months x {members:,} members: output, sales and stock of every month")
    cells = plants * months * members
    report.line(f"  {seconds:,.2f} s on all cores, {1e9 * seconds / cells:,.1f} ns a plant, month and member")
    report.line(f"  {used:,.2f} s of processor time, of which")
    report.line(f"    {_capability(case):,.2f} s what plants could start, by itself")
    report.wish("seconds", seconds, WANTED_SECONDS, most=True, unit=" s")
    report.wish("peak memory", _peak() / 1e9, WANTED_BYTES / 1e9, most=True, unit=" GB")
    report.judge("output of a member, mean", float(found["output"].mean.mean()), _mean_output(case))
    for name, place in (("plants", 0), ("months", 1), ("members", 2)):
        report.part(f"processor time by {name}")
        each = []
        for step in STEPS:
            sizes = [plants, months, members]
            sizes[place] = max(int(sizes[place] * step), 1)
            one = subject(*sizes)
            took, _ = processor(lambda one=one: plain_summary(one.given, one.world))
            each.append(took / (sizes[0] * sizes[1] * sizes[2]))
            report.line(f"  {sizes[place]:>8,} {name}: {took:,.3f} s, {1e9 * each[-1]:,.1f} ns a cell")
        report.wish(f"of a cell, all to a quarter of the {name}", each[-1] / each[0], 1.3, most=True)


def _capability(case: Subject) -> float:
    """What ``capability`` takes by itself [second on one thread], from a part of the members."""
    import numba

    part = case.members(min(200, case.size[2]))
    plants, months, members = part.size
    rows = [np.empty((members, plants, months)) for _ in range(4)]
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        fill(part.given, *rows)
        took, _ = processor(lambda: fill(part.given, *rows))
    finally:
        numba.set_num_threads(before)
    return took * case.size[2] / members


def _mean_output(case: Subject) -> float:
    """The mean output by the engine's arrays, chunk by chunk."""
    plants, months, members = case.size
    total = 0.0
    for first in range(0, members, 500):
        given, world = case.given, case.world
        chosen = slice(first, min(first + 500, members))
        part = given._replace(
            **{
                name: np.ascontiguousarray(values[chosen])
                for name, values in given._asdict().items()
                if values.shape[:1] == (members,) and name not in ("month_of_day", "stream", "curve")
            }
        )
        rows = [np.empty((part.draw.size, plants, months)) for _ in range(4)]
        fill(part, *rows)
        made = rows[0] * rows[1] * rows[2] * rows[3] * world.scale[None] * world.scale_by_member[chosen][:, :, None]
        total += made.sum()
    return total / (plants * months * members)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0
