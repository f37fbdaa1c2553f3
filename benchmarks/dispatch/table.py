"""Timing programs in turn, printing them as a table, and judging what they found."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

# two exact methods may differ by rounding only
EXACT = 1e-9


@dataclass(frozen=True)
class Run:
    """Seconds of one solve, the value found, and whether a time limit ended it."""

    seconds: float
    value: float
    stopped: bool = False


Program = Callable[[], Run]


@dataclass(frozen=True)
class Timed:
    """The runs of one program on one series."""

    runs: tuple[Run, ...]

    @property
    def best(self) -> float:
        return min(run.seconds for run in self.runs)

    @property
    def median(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def value(self) -> float:
        return self.runs[-1].value

    @property
    def stopped(self) -> bool:
        return self.runs[-1].stopped


def in_turn(programs: dict[str, Program], *, rounds: int = 7, slow: float = 0.5) -> dict[str, Timed]:
    """Each program in turn, round after round, so that a noisy machine is noisy for all.

    A program whose first run took longer than ``slow`` [second] runs twice, and one that took ten times as long once.
    """
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    for number in range(rounds):
        for name, program in programs.items():
            first = runs[name][0].seconds if number else 0.0
            if first > 10.0 * slow or (first > slow and number > 1):
                continue
            runs[name].append(program())
    return {name: Timed(tuple(each)) for name, each in runs.items()}


@dataclass
class Report:
    """What is printed, and every disagreement and every wish so far."""

    quick: bool = False
    full: bool = False
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def part(self, title: str, columns: str = "") -> None:
        print(f"\n{title}" + (f"\n{columns}" if columns else ""), flush=True)

    def line(self, text: str) -> None:
        print(text, flush=True)

    def programs(self, title: str, timed: dict[str, Timed], *, own: str, exact: float = float("nan")) -> None:
        """One line a program: times, how many times longer than ``own`` it takes, and what it found."""
        columns = f"  {'':<40}{'best ms':>12}{'median ms':>12}{'ratio':>10}{'value':>18}{'from exact':>12}"
        self.part(title, columns)
        for name, each in timed.items():
            mark = ">" if each.stopped else ""
            best, median = f"{mark}{each.best * 1e3:,.3f}", f"{mark}{each.median * 1e3:,.3f}"
            ratio = f"{mark}{each.best / timed[own].best:,.1f}"
            value = "" if each.stopped else f"{each.value:,.4f}"
            away = "" if each.stopped or exact != exact else f"{difference(each.value, exact):.1e}"
            self.line(f"  {name:<40}{best:>12}{median:>12}{ratio:>10}{value:>18}{away:>12}")

    def judge(self, what: str, found: float, expected: float, tolerance: float = EXACT) -> None:
        """Two values that must agree, relative to the larger; a disagreement ends the run with an error."""
        away = difference(found, expected)
        if not away <= tolerance:
            self.wrong.append(f"{what}: {found!r} beside {expected!r}, {away:.1e} apart, allowed {tolerance:.0e}")

    def judge_between(self, what: str, found: float, low: float, high: float, tolerance: float = EXACT) -> None:
        """A value that must lie between what was found and what was proved, up to ``tolerance`` of it."""
        slack = tolerance * max(1.0, abs(found))
        if not low - slack <= found <= high + slack:
            self.wrong.append(f"{what}: {found!r} is not between {low!r} and {high!r}")

    def wish(self, what: str, found: float, bound: float, *, most: bool, unit: str = "") -> None:
        """A figure and what is wanted of it; only whole runs are judged, and a miss is no error."""
        met = found <= bound if most else found >= bound
        verdict = "" if self.quick else (", met" if met else ", MISSED")
        if not (met or self.quick):
            self.missed.append(what)
        self.line(f"    {what}: {found:,.4g}{unit}, wanted {'<=' if most else '>='} {bound:,g}{unit}{verdict}")

    def end(self) -> int:
        """The exit status: 1 where values disagree."""
        for text in self.missed:
            self.line(f"missed: {text}")
        for text in self.wrong:
            self.line(f"DISAGREES: {text}")
        self.line("" if self.wrong else "\nall values agree")
        return 1 if self.wrong else 0


def difference(found: float, expected: float) -> float:
    """The relative difference of two values; absolute below one."""
    return abs(found - expected) / max(1.0, abs(found), abs(expected))


def least(timed: dict[str, Timed], names: Sequence[str]) -> float:
    """The best time among some programs [second]."""
    return min(timed[name].best for name in names if name in timed)


def printed(
    name: str, description: str, parts: Mapping[str, Callable[[Report], object]], arguments: list[str] | None
) -> int:
    """Print the table of the parts that ``python -m benchmarks.NAME`` is asked for; 0 where all values agree."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(parts)}")
    parser.add_argument("--quick", action="store_true", help="each part once, smaller")
    asked = parser.parse_args(arguments)
    unknown = set(asked.parts) - set(parts)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    report = Report(quick=asked.quick)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for part, rows in parts.items():
        if not asked.parts or part in asked.parts:
            rows(report)
    return report.end()
