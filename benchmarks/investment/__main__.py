"""Prints the table: ``python -m benchmarks.investment [--quick] [PART ...]``.

``--quick`` runs every part once on fewer months and judges the values alone.
"""

from __future__ import annotations

import sys

from benchmarks.dispatch.table import Report, printed
from benchmarks.investment import whole
from benchmarks.investment.expansion import MONTHS
from benchmarks.investment.process import Ran, measured
from benchmarks.investment.programs import PROGRAMS

OWN, CALL, BARE = "cell2grid", "cell2grid, whole call", "bare highspy"
ROUNDS = {OWN: 3, CALL: 3, BARE: 3}
VALUES = 1e-6


def expansion(report: Report) -> None:
    """The expansion in all programs, in turn, each in a process of its own."""
    months = 3 if report.quick else MONTHS
    report.part(
        f"expansion of {1700 * months:,} columns; seconds (CPU seconds)",
        f"  {'':<24}{'build':>16}{'solve':>16}{'whole CPU':>12}{'MB':>8}{'value':>18}",
    )
    runs: dict[str, list[Ran]] = {name: [] for name in PROGRAMS}
    for number in range(1 if report.quick else max(ROUNDS.values())):
        for name in PROGRAMS:
            if number < ROUNDS.get(name, 2):
                runs[name].append(measured(name, months))
    for name, each in runs.items():
        build = f"{_least(each, 'build'):.3f} ({_least(each, 'build_cpu'):.3f})"
        solve = f"{_least(each, 'solve'):.2f} ({_least(each, 'solve_cpu'):.2f})"
        figures = f"{build:>16}{solve:>16}{_least(each, 'cpu'):>12.2f}{_least(each, 'megabytes'):>8.0f}"
        report.line(f"  {name:<24}{figures}{each[-1].value:>18,.4f}")
        report.judge(f"{name}: value", each[-1].value, runs[BARE][-1].value, VALUES)
    _wishes(report, runs)


def _wishes(report: Report, runs: dict[str, list[Ran]]) -> None:
    report.wish("built", _least(runs[OWN], "build"), 0.5, most=True, unit=" s")
    report.wish("solve beside bare highspy", _beside(runs, OWN, BARE, "solve_cpu"), 1.0, most=True)
    report.wish("memory beside bare highspy", _beside(runs, CALL, BARE, "megabytes"), 2.0, most=True)
    report.wish("whole call beside bare highspy", _beside(runs, CALL, BARE, "cpu"), 1.5, most=True)
    report.wish("whole call beside linopy", _beside(runs, CALL, "linopy", "cpu"), 0.75, most=True)
    in_memory = _beside(runs, CALL, "linopy, in memory", "cpu")
    report.line(f"    whole call beside linopy, in memory: {in_memory:.3g}")
    report.wish("whole call beside PyPSA", _beside(runs, CALL, "PyPSA", "cpu"), 0.35, most=True)


def _least(runs: list[Ran], field: str) -> float:
    return min(float(getattr(run, field)) for run in runs)


def _beside(runs: dict[str, list[Ran]], name: str, other: str, field: str) -> float:
    return _least(runs[name], field) / _least(runs[other], field)


PARTS = {"expansion": expansion, "whole": whole.rows}


def main(arguments: list[str] | None = None) -> int:
    return printed("investment", __doc__ or "", PARTS, arguments)


if __name__ == "__main__":
    sys.exit(main())
