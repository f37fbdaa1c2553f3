"""What a study with distributions, correlations and ways to spread members is told on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = """study: works
horizon: {start: 2030-01, end: 2030-06}
members: 128
correlations:
  - {between: [plants.works.yield, plants.works.availability], value: 0.6}
regions: {NO: {}}
firms: {fjord: {}}
products: {pack: {counted_in: pack}}
plants:
  works:
    owner: fjord
    region: NO
    makes: pack
    opens: "2020-01 [assumed: long ago]"
    capacity: "normal(40000, 3000) pack/year [assumed: two reports]"
    yield: "0.85 .. 0.9 .. 0.97 ratio [assumed: a range]"
    availability: "pert(85, 92, 95) percent [assumed: a range]"
"""


def asked(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    path = folder / "works.yaml"
    path.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "cell2grid", "run", "works.yaml", "--out", "run", "--json", *options],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_document_says_how_members_were_spread_and_what_the_spread_comes_from(tmp_path):
    done = asked(tmp_path, STUDY, "--sampling", "sobol", "--variance")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["sampling"] == "sobol"
    assert {row["figure"].split(".")[-1] for row in told["variance"] if row["result"] == "output"} == {
        "capacity",
        "yield",
        "availability",
    }
    assert any("drawn together" in note for note in told["notes"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "normal(40000, 3000)",
            "normal(40000, -3000)",
            "works.yaml:15:15: plants.works.capacity: 'normal(40000, -3000)",
        ),
        (
            "normal(40000, 3000)",
            "normal(40000, 30000)",
            "give it bounds, as in 'normal(40000, 30000, low, high) pack/year'",
        ),
        ("value: 0.6", "value: 1.6", "works.yaml:5:71: correlations.0.value: 1.6 is above 1.0"),
    ],
)
def test_what_cannot_be_is_refused_at_its_line(tmp_path, old, new, said):
    done = asked(tmp_path, STUDY.replace(old, new))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_way_to_spread_that_is_not_known_is_refused(tmp_path):
    done = asked(tmp_path, STUDY, "--sampling", "halton")
    assert done.returncode == 2
    assert "sampling is 'halton', expected random, sobol, latin-hypercube" in done.stderr
