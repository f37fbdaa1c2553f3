"""A trace leads from a result to its equation, the study's values, and the sentences they were read from."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from cell2grid.errors import InputError, RunFolderError
from cell2grid.report.trace import Trace, names, trace
from cell2grid.report.trace_tree import tree
from cell2grid.report.traced_values import ResultValue


def printed(folder: Path, name: str) -> str:
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        console.print(tree(trace(folder, name)))
    return console.export_text()


def test_output_leads_to_its_equation_values_and_sentence(run_folder: Path):
    found = trace(run_folder, "output")
    assert found.formula is not None
    assert found.formula.startswith("yield_rate × what was started")
    values = {value.path: value for value in found.steps[0].values}
    capacity = values["plants.fjord.capacity"]
    assert capacity.text == "2400 container/year"
    assert capacity.sources == ("Fjord works opens, The Harbour Gazette, 2031-01-09",)
    assert capacity.sentences[0].quote == "Fjord works can fill 2,400 containers a year."
    assert capacity.sentences[0].value_text == "2,400 containers a year"
    assert capacity.sentences[0].publisher == "The Harbour Gazette"


def test_values_of_a_result_carry_their_spread_and_unit(run_folder: Path):
    found = trace(run_folder, "output/fjord")
    assert len(found.results) == 24
    last = found.results[-1]
    assert (last.of, last.when, last.unit) == ("fjord", "2032-12", "container/month")
    assert last.p10 <= last.mean <= last.p90


def test_a_project_s_figure_and_a_date_are_traced(run_folder: Path):
    assert trace(run_folder, "npv/heath").results[0].unit == "EUR"
    dates = trace(run_folder, "commissioning").results
    assert dates[0].text == "2031-09 (p10 2031-08, p90 2031-11)"


def test_an_observation_shows_what_was_reported_and_its_sentence(run_folder: Path):
    found = trace(run_folder, "exports-2032-01")
    assert [(value.label, value.mean) for value in found.results] == [
        ("reported", 61.0),
        ("modelled", 66.0),
        ("residual", -5.0),
    ]
    assert found.reported[0].sentences[0].quote == "Abroad went 61 containers in January."
    assert found.steps[0].variable == "exports"


def test_a_counterfactual_shows_its_share_and_the_figures_it_is_held_against(run_folder: Path):
    found = trace(run_folder, "no-storm")
    assert {value.label for value in found.results} == {
        "exports without winter-storm",
        "share without winter-storm",
    }
    assert found.formula is not None
    assert "total − own + exports" in found.formula
    assert [value.path for value in found.reported] == [
        "counterfactuals.no-storm.own",
        "counterfactuals.no-storm.total",
    ]


def test_an_engine_s_reads_become_steps_of_their_own(hierarchy: Path):
    found = trace(hierarchy, "npv")
    step = found.steps[0]
    assert step.engine == "finance"
    assert [read.variable for read in step.inputs] == ["capital_cost", "commissioning"]
    commissioning = step.inputs[1]
    assert commissioning.engine == "deliveries"
    assert [read.variable for read in commissioning.inputs] == ["capacity"]
    assert commissioning.inputs[0].values[0].path == "plants.fjord.capacity"


def test_a_variable_is_followed_once(hierarchy: Path):
    def variables(step):
        yield (step.variable, step.seen)
        for inner in step.inputs:
            yield from variables(inner)

    followed = [name for name, seen in variables(trace(hierarchy, "npv").steps[0]) if not seen]
    assert len(followed) == len(set(followed))


def test_figures_of_other_plants_are_left_out(hierarchy: Path):
    paths = [value.path for value in trace(hierarchy, "commissioning/heath").steps[0].inputs[0].values]
    assert "projects.moor.finance.capital_cost" not in paths


@pytest.mark.parametrize(("value", "unit"), [(-4.7, "percent"), (-0.047, "ratio")])
def test_shares_differ_by_percentage_points(value: float, unit: str):
    residual = ResultValue("residual", "fjord", "2032", value, None, None, unit)
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(
        tree(
            Trace(
                name="seen", kind="observation", study="fjord", results=(residual,), formula=None, reported=(), steps=()
            )
        )
    )
    assert "residual fjord 2032: −4.7 percentage points" in console.export_text()


@pytest.fixture(scope="session")
def hierarchy(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run with a manifest in which one engine reads what another writes."""
    import shutil

    folder = tmp_path_factory.mktemp("runs") / "hierarchy"
    shutil.copytree(run_folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["engines"] = {
        "deliveries": {"reads": ["capacity", "item_energy"], "writes": ["commissioning"]},
        "finance": {"reads": ["capital_cost", "commissioning"], "writes": ["npv"]},
    }
    cost, capacity = "projects.heath.finance.capital_cost", "plants.fjord.capacity"
    manifest["reads"] = {
        "capacity": [capacity],
        "item_energy": ["products.cube.energy"],
        "capital_cost": [cost],
        "commissioning": [capacity],
        "npv": [capacity, cost],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["outpt", "output/nowhere", "npv/", "exports-2032", ""])
def test_an_unknown_name_is_refused_with_the_names_there_are(name: str, run_folder: Path):
    if name == "npv/":
        # nothing behind the stroke is the variable itself
        assert trace(run_folder, name).results
        return
    with pytest.raises(InputError, match="has no result") as caught:
        trace(run_folder, name)
    assert "output" in str(caught.value)
    assert "no-storm" in str(caught.value)


def test_a_near_name_is_offered(run_folder: Path):
    with pytest.raises(InputError, match="did you mean 'output'"):
        trace(run_folder, "outptu")


def test_every_name_that_is_listed_can_be_traced(run_folder: Path):
    from cell2grid.report.provenance import provenance_of
    from cell2grid.results import read_results

    results = read_results(run_folder, with_arrays=True)
    for name in names(results, provenance_of(results)):
        assert trace(run_folder, name).results


def test_a_trace_is_plain_json(run_folder: Path):
    document = trace(run_folder, "no-storm").document()
    assert json.loads(json.dumps(document, allow_nan=False))["kind"] == "counterfactual"


def test_the_tree_shows_result_equation_value_and_sentence(run_folder: Path):
    text = printed(run_folder, "output")
    for words in ("output fjord 2032-12", "yield_rate × what", "2400 container/year", "Fjord works can fill"):
        assert words in text
    assert "23 more values" in text


def test_words_of_a_page_are_no_markup_of_the_terminal(hostile_folder: Path):
    assert "[" in printed(hostile_folder, "npv")
    assert "onerror" in printed(hostile_folder, "output")


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path):
    with pytest.raises(RunFolderError):
        trace(tmp_path, "output")
