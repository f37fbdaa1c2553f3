"""The commands run and compare: one JSON document, exit statuses, nothing lost."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

STUDY = """
study: quay
horizon: {start: 2030-01, end: 2031-12}
members: 30
sources:
  gazette: {title: "Quay <script>alert(1)</script>", publisher: The Harbour Gazette, date: "2030-01-09"}
regions:
  DK: {}
  SE: {}
products:
  bus: {counted_in: bus}
firms:
  quay: {}
plants:
  yard:
    owner: quay
    region: DK
    makes: bus
    capacity: "100 .. 140 bus/year [gazette]"
    opens: "2030-01 [gazette]"
lanes:
- {origin: DK, destination: SE, lead_time: "10 day [gazette]"}
markets:
  swedes:
    region: SE
    product: bus
    demand: [{start: 2030-01, unlimited: "assumed: they wait for them"}]
shocks:
  ice: {plant: yard, leaves: "50 percent [gazette]", start: "2030-02-01 [gazette]", end: "2030-02-28 [gazette]"}
observations:
  winter: {variable: exports, of: yard, start: 2030-01, end: 2030-03, value: "26 bus [gazette]"}
counterfactuals:
  thaw: {without: [ice], plant: yard, start: 2030-01, end: 2030-03, total: "500 bus [gazette]", own: "26 bus [gazette]"}
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "quay.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def cell2grid(folder, *arguments, status=0):
    ran = subprocess.run(
        [sys.executable, "-m", "cell2grid", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "160"},
        check=False,
    )
    assert ran.returncode == status, ran.stderr
    return ran


def test_run_prints_one_document_and_leaves_a_folder(study):
    document = json.loads(cell2grid(study, "run", "quay.yaml", "--out", "d", "--json").stdout)
    assert document["study"] == "quay"
    assert document["out"] == str(study / "d")
    [seen] = document["observations"]
    assert (seen["name"], seen["observed"], seen["unit"]) == ("winter", 26.0, "bus")
    # 100 to 140 a year without February's half: 20.8 to 29.2
    assert 20.8 < seen["p10"] < seen["mean"] < seen["p90"] < 29.2
    assert seen["source"].endswith("The Harbour Gazette, 2030-01-09")
    case = document["counterfactual"]
    assert case["exports"]["mean"] == pytest.approx(seen["mean"] * 3 / 2.5)
    assert case["exports"]["unit"] == "bus"
    assert case["share"]["mean"] == pytest.approx(100 * 30 / 504, rel=0.05)
    assert case["share"]["unit"] == "percent"
    assert document["members"] == 30
    assert document["wall_seconds"] > 0
    assert (study / "d" / "manifest.json").is_file()


def test_words_go_to_the_terminal_without_json(study):
    ran = cell2grid(study, "run", "quay.yaml", "--members", "5")
    assert "Held against the record" in ran.stdout
    assert "Without the ice, plant yard would have exported" in ran.stdout
    assert "In 2031 the output of plant yard is" in ran.stdout
    assert f"next: cell2grid report {study / 'runs' / 'quay'}" in ran.stdout
    assert "members" in ran.stderr
    assert (study / "runs" / "quay" / "manifest.json").is_file()


def test_the_seed_and_members_of_the_call_count(study):
    one, other = (
        json.loads(
            cell2grid(study, "run", "quay.yaml", "--out", out, "--seed", seed, "--members", "7", "--json").stdout
        )
        for out, seed in (("a", "3"), ("b", "4"))
    )
    assert (one["members"], one["seed"]) == (7, 3)
    assert one["observations"][0]["mean"] != other["observations"][0]["mean"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "nowhere.yaml"), "nowhere.yaml"),
        (("run", "quay.yaml", "--members", "0"), "members is 0, expected 1 to"),
        (("run", "quay.yaml", "--workers", "-1"), "workers is -1"),
        (("run", "quay.yaml", "--out", "quay.yaml"), "is a file"),
        (("run", "quay.yaml", "--out", "papers"), "not a cell2grid run"),
        (("compare", "papers"), "expected at least 2|is not whole"),
        (("compare", "papers", "nowhere"), "is not whole"),
        (("run", "quay.yaml", "--store", "none.db"), "there is no store 'none.db'"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(study, arguments, message):
    (study / "papers").mkdir()
    (study / "papers" / "thesis.txt").write_text("years of work")
    ran = cell2grid(study, *arguments, status=2)
    [line] = [line for line in ran.stderr.splitlines() if line.startswith("error: ")]
    assert "Traceback" not in ran.stderr
    assert re.search(message, line)
    assert ran.stdout == ""
    assert (study / "papers" / "thesis.txt").exists()


def test_a_run_of_another_study_stays_without_force(study):
    cell2grid(study, "run", "quay.yaml", "--out", "d", "--members", "3", "--json")
    (study / "other.yaml").write_text(STUDY.replace("study: quay", "study: other"), encoding="utf-8")
    assert "--force" in cell2grid(study, "run", "other.yaml", "--out", "d", "--json", status=2).stderr
    cell2grid(study, "run", "other.yaml", "--out", "d", "--members", "3", "--force", "--json")
    assert json.loads((study / "d" / "manifest.json").read_text())["study"] == "other"


@pytest.mark.parametrize(
    ("number", "status", "said"), [(signal.SIGKILL, -9, ""), (signal.SIGINT, 130, "interrupted: what was stored")]
)
def test_an_interrupted_run_leaves_the_old_folder(study, number, status, said):
    cell2grid(study, "run", "quay.yaml", "--out", "d", "--members", "3", "--json")
    before = (study / "d" / "manifest.json").read_text()
    ran = subprocess.Popen(
        [sys.executable, "-m", "cell2grid", "run", "quay.yaml", "--out", "d", "--members", "200000", "--json"],
        cwd=study,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # a test run that was started in the background ignores interrupts, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(5.0)  # on a busy machine the program takes seconds to begin
    assert ran.poll() is None
    ran.send_signal(number)
    assert said in ran.communicate()[1]
    assert ran.returncode == status
    assert (study / "d" / "manifest.json").read_text() == before
    cell2grid(study, "run", "quay.yaml", "--out", "d", "--members", "3", "--json")
    assert sorted(path.name for path in study.iterdir()) == ["d", "quay.yaml"]


def test_compare_sets_two_runs_side_by_side(study):
    cell2grid(study, "run", "quay.yaml", "--out", "iced", "--json")
    (study / "quay.yaml").write_text(STUDY.replace("50 percent", "100 percent"), encoding="utf-8")
    cell2grid(study, "run", "quay.yaml", "--out", "free", "--json")
    ran = cell2grid(study, "compare", "iced", "free", "--out", "side.html", "--json")
    document = json.loads(ran.stdout)
    assert [run["folder"] for run in document["runs"]] == ["iced", "free"]
    output = next(
        row for row in document["rows"] if (row["variable"], row["entity"], row["period"]) == ("output", "yard", "2030")
    )
    # the same draws, so that the difference is half a month of each member
    assert output["unit"] == "bus"
    assert output["differences"][1] == pytest.approx(output["values"][1] / 24)
    page = (study / "side.html").read_text(encoding="utf-8")
    assert document["page"] == str(study / "side.html")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "Runs side by side" in page


def test_compare_says_it_in_words(study):
    for out in ("a", "b"):
        cell2grid(study, "run", "quay.yaml", "--out", out, "--members", "3", "--json")
    said = cell2grid(study, "compare", "a", "b").stdout
    assert "difference" in said
    assert re.search(r"│yard, SE +│ 2030 ", said[said.index("delivered [bus]") :]), "two destinations are told apart"


def test_the_commands_work_when_called_from_python(study, monkeypatch):
    from typer.testing import CliRunner

    from cell2grid.cli import app

    monkeypatch.chdir(study)
    runner = CliRunner()
    for out in ("a", "b"):
        ran = runner.invoke(app, ["run", "quay.yaml", "--out", out, "--members", "3"], catch_exceptions=False)
        assert "Held against the record" in ran.stdout
    ran = runner.invoke(app, ["run", "shanghai-megapack", "--members", "2"], catch_exceptions=False)
    assert "run folder:" in ran.stdout
    assert "Projects" in ran.stdout
    ran = runner.invoke(app, ["compare", "a", "b", "--out", "side.html"], catch_exceptions=False)
    assert "side.html" in ran.stdout
    ran = runner.invoke(app, ["compare", "a", "b", "--json"], catch_exceptions=False)
    assert all(row["differences"][1] in (0, None) for row in json.loads(ran.stdout)["rows"])
