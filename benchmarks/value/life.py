"""One valuation: twenty years of hourly prices, yearly ageing, wear fed back until it settles, and the money."""

from __future__ import annotations

from benchmarks.dispatch.table import Report
from benchmarks.value.subject import example, timed
from cell2grid.run.life.life import live
from cell2grid.run.worth.valuing import worth


def rows(report: Report) -> None:
    """The whole valuation warm, the life alone, and with five price years in turn."""
    report.part("one project over 20 years of 8,760 hours")
    for count in (1, 5):
        if report.quick and count > 1:
            continue
        subject = example(count)
        cold, first = timed(lambda subject=subject: worth(subject))
        warm, found = timed(lambda subject=subject: worth(subject), 1 if report.quick else 7)
        case = found.middle.members.cases[0]
        alone, life = timed(lambda case=case: live(case), 1 if report.quick else 7)
        report.line(
            f"  {count} price year(s): first call {cold:,.2f} s, warm {warm:,.3f} s, of which the life {alone:,.3f} s "
            f"({life.rounds} rounds, wear cost settled to {life.residual:.1e})"
        )
        if count == 1:
            report.wish("one valuation, warm", warm, 0.5, most=True, unit=" s")
        npvs = [float(each.middle.arrays["npv"].values[0, 0]) for each in (first, found)]
        report.judge(f"{count} price year(s), the NPV of two calls", npvs[1], npvs[0], 0.0)
        if not life.settled:
            report.wrong.append(f"{count} price year(s): the wear cost has not settled")
