"""A year of hours for the cells, beside BLAST-Lite's update of the same battery on the same duty cycle."""

from __future__ import annotations

import warnings

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.value.subject import of_tests, timed
from cell2grid.engines.ageing import age, fresh
from cell2grid.run.life.cells import cells_named

NAMES = ("gasper-2023-lfp-250ah", "naumann-2020-lfp-sony", "smith-2021-nmc622-denso")
# what a state of health may differ by: the two part a year into chunks alike, but for the last
POINTS = 0.002


def rows(report: Report) -> None:
    """The same irregular year through both."""
    peer = of_tests("blast_at_hand.py")
    hours, level, celsius = peer["duty"]("irregular", 1.0)
    if report.quick:
        hours, level, celsius = hours[:721], level[:721], celsius[:721]
    report.part(f"cells over {len(hours) - 1:,} hours of irregular use")
    for name in NAMES[: 1 if report.quick else len(NAMES)]:
        cells = cells_named(name)
        arguments = (cells, fresh(cells), level, np.diff(hours), (celsius[1:] + celsius[:-1]) / 2.0)
        age(*arguments, fading=True)
        seconds, found = timed(lambda arguments=arguments: age(*arguments, fading=True), 1 if report.quick else 20)
        slow, health = timed(lambda name=name: blast(peer, name, hours, level, celsius), 1 if report.quick else 2)
        report.line(
            f"  {name:<28}{seconds * 1e3:>10,.3f} ms, BLAST-Lite {slow * 1e3:>10,.1f} ms, ratio {slow / seconds:,.0f}; "
            f"health {found.health:.5f} and {health:.5f}"
        )
        apart = abs(found.health - health)
        report.judge_between(f"{name}: points apart from BLAST-Lite", apart, 0.0, POINTS)


def blast(peer: dict, name: str, hours: np.ndarray, level: np.ndarray, celsius: np.ndarray) -> float:  # type: ignore[type-arg]
    """The state of health that BLAST-Lite has when the duty cycle is over."""
    battery = peer["blast_model"](name)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        battery.simulate_battery_life(
            {"Time_s": hours * 3600.0, "SOC": level.copy(), "Temperature_C": celsius},
            threshold_time=float(hours[-1]) / 8760.0,
            is_conserve_energy_throughput=False,
        )
    return float(np.interp(hours[-1] / 24.0, battery.stressors["t_days"], battery.outputs["q"]))
