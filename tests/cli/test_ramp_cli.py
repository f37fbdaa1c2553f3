"""The command ``ramp`` as a user calls it: its page, its JSON, and what it refuses."""

import json
import math

import pytest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["c.csv", "--plant", "fjord"], "--plant names a plant of a study"),
        (["shanghai-megapack", "--opens", "2030-01-01"], "--opens and --nameplate are for a file of counts"),
        (["c.csv", "--opens", "soon"], "--opens 'soon' is no day"),
        (["c.csv", "--nameplate", "10 GW"], "--nameplate '10 GW'"),
        (["c.csv", "--nameplate", "0 system/year"], "is not above 0"),
        (["c.csv", "--page", "ramp.pdf"], "is no page"),
    ],
)
def test_calls_that_cannot_be_end_with_status_two(arguments, message, called, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text("end,cumulative\n168,1000\n323,2000\n", encoding="utf-8")
    status, _, err = called("ramp", *arguments)
    assert status == 2
    assert message in err


def test_the_command_prints_json_and_writes_its_page(called, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text("end,cumulative\n168,1000\n323,2000\n", encoding="utf-8")
    arguments = ["ramp", "c.csv", "--nameplate", "10000 system/year", "--page", "ramp.html", "--json"]
    status, out, _ = called(*arguments)
    assert status == 0
    document = json.loads(out)
    assert document["nameplate"] == pytest.approx(10_000 / 12)
    assert math.isclose(document["curves"][5]["parameters"][0]["value"], 0.226, abs_tol=0.001)
    page = (tmp_path / "ramp.html").read_text(encoding="utf-8")
    assert "cannot tell supply from demand" in page
    assert "<script" not in page
