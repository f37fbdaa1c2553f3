"""The benchmark runs, its judge catches a value that disagrees, and its oracle is right where a hand can check it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.dispatch import fltoptim, growth, highs, lattice, series
from benchmarks.dispatch.__main__ import PARTS, main
from benchmarks.dispatch.table import Report, Run, Timed, in_turn

from cell2grid.engines import dispatch

ROOT = Path(__file__).parents[2]


def test_each_part_runs_once_without_judging_the_times() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.dispatch", "--quick", *PARTS],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for program in ("cell2grid schedule", "kernel alone", "HiGHS MILP", "HiGHS LP", "scipy", "PyPSA", "FLToptim"):
        assert program in ran.stdout
    assert "all values agree" in ran.stdout
    assert "MISSED" not in ran.stdout


def test_the_lattice_finds_what_a_hand_finds() -> None:
    """1 MW, 1 MWh, no losses, prices 10, 50: buy 1 MWh at 10 and sell it at 50, 40 in all.

    At prices -50, -10, 20 and losses of one half each way: 1 MW for an hour stores 0.5 MWh and earns 50; one more hour
    stores the other 0.5 MWh and earns 10; 1 MWh gives 0.5 MWh back, which earns 10: 70 in all.
    """
    plain = dispatch.checked(dispatch.asset_case(np.array([10.0, 50.0]), power=1.0, energy=1.0))
    assert lattice.exact_value(plain) == pytest.approx(40.0, abs=1e-12)
    lossy = dispatch.asset_case(
        np.array([-50.0, -10.0, 20.0]), power=1.0, energy=1.0, efficiency_charge=0.5, efficiency_discharge=0.5
    )
    assert lattice.exact_value(dispatch.checked(lossy)) == pytest.approx(70.0, abs=1e-12)


def test_the_lattice_lies_between_what_the_mixed_integer_program_finds_and_proves() -> None:
    asset = series.case(np.random.default_rng(2).normal(0.0, 40.0, 60), 0.5)
    low, high = highs.proved(highs.model(asset, exclusive=True))
    assert low - 1e-6 <= lattice.exact_value(asset) <= high + 1e-6


def test_both_ways_of_calling_fltoptim_find_the_linear_program() -> None:
    asset = series.case(np.random.default_rng(3).choice([0.0, 5.0, 20.0, 60.0], 80), 1.0)
    limits = fltoptim.bounds(asset)
    expected = highs.solved(highs.model(asset, exclusive=False), highs.SIMPLEX).value
    for run in (fltoptim.fused(asset, limits), fltoptim.two_calls(asset, limits)):
        assert run.value <= expected + 1e-6
        assert run.value == pytest.approx(expected, rel=2e-2)


def test_a_value_that_disagrees_ends_in_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.judge("same", 1e7, 1e7 + 1e-3)
    report.judge_between("within", 5.0, 4.0, 6.0)
    assert report.end() == 0
    report.judge("apart", 1e7, 1e7 + 1.0)
    report.judge("no number", float("nan"), 1.0)
    report.judge_between("outside", 7.0, 4.0, 6.0)
    assert report.end() == 1
    printed = capsys.readouterr().out
    assert all(f"DISAGREES: {name}" in printed for name in ("apart", "no number", "outside"))


def test_a_slow_program_is_not_run_again() -> None:
    """Seven rounds of a quick one; two of one that takes a second; one of one that takes ten."""
    timed = in_turn(
        {name: lambda seconds=seconds: Run(seconds, 1.0) for name, seconds in {"a": 0.01, "b": 1.0, "c": 10.0}.items()},
        rounds=7,
        slow=0.5,
    )
    assert {name: len(each.runs) for name, each in timed.items()} == {"a": 7, "b": 2, "c": 1}
    assert Timed((Run(3.0, 1.0), Run(1.0, 1.0), Run(2.0, 1.0))).best == 1.0


def test_the_exponent_of_a_square_is_two() -> None:
    assert growth.exponent([1.0, 10.0, 100.0], [3.0, 300.0, 30_000.0]) == pytest.approx(2.0)


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["decade"])
    assert "no part decade" in capsys.readouterr().err
