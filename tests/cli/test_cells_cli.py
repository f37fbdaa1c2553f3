"""The command ``cells``."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from cell2grid import state_of_health
from cell2grid.study.cell_file import cell_sets


def _run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "cell2grid", "cells", *arguments], capture_output=True, text=True, check=False
    )


def test_all_sets_are_listed_with_their_papers():
    listed = json.loads(_run("--json").stdout)["cells"]
    assert [one["name"] for one in listed] == sorted(cell_sets())
    for one in listed:
        assert one["doi"].startswith("10.")
        assert one["fitted"]["temperature"][0] < one["fitted"]["temperature"][1]


def test_one_set_comes_with_an_example_life():
    shown = json.loads(_run("smith-2017-nmc111-kokam", "--years", "5", "--temperature", "35", "--json").stdout)
    day = [0, 0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25, 0, 0]
    aged = state_of_health(day, [1.0] * 9 + [15.0], cells="smith-2017-nmc111-kokam", years=5, temperature=35.0)
    example = shown["example"]
    assert [row["state_of_health"] for row in example["years"]] == aged["state_of_health"].values.tolist()
    assert shown["parameters"]["calendar_rate"] == 2.66e7
    hot = json.loads(_run("gasper-2023-lfp-250ah", "--temperature", "60", "--years", "1", "--json").stdout)["example"]
    assert "temperature of 60 degC is outside 10 to 45 degC" in hot["notes"][0]
    assert hot["years"][0]["resistance"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lead-acid"], "no cells 'lead-acid' ship"),
        (["smith-2017-nmc111-kokam", "--years", "0"], "years is 0, expected a whole number from 1 to 100"),
        (["smith-2017-nmc111-kokam", "--temperature", "nan"], "celsius is nan"),
    ],
)
def test_a_wrong_call_ends_with_status_2(arguments, words):
    done = _run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_states_of_health_come_by_year_with_notes():
    day = np.append(0.5, np.tile([0.8, 0.5], 30))
    kept = state_of_health(day, 12.0, cells="gasper-2023-lfp-250ah", years=8, conserve_throughput=True)
    faded = state_of_health(day, 12.0, cells="gasper-2023-lfp-250ah", years=8)
    assert kept["year"].values.tolist() == list(range(1, 9))
    assert float(kept["full_cycles"].sum()) == pytest.approx(8 * 365 * 0.3, rel=1e-6)
    assert float(faded["full_cycles"].sum()) < float(kept["full_cycles"].sum())
    assert "depth of 0.3 is outside 0.8 to 1" in faded.attrs["notes"][0]
    assert faded["state_of_health"].attrs["units"] == "ratio"
