"""Findings: plain sentences that follow from the tables, each with its source."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cell2grid.report.findings import findings
from cell2grid.results import Results, read_results
from cell2grid.study.shipped import shipped_studies


@pytest.fixture(scope="module")
def texts(results: Results) -> list[str]:
    return [finding.text for finding in findings(results)]


def test_a_run_with_every_part_has_at_least_five_findings_of_different_kinds(texts: list[str]):
    assert len(texts) >= 8
    assert len(set(texts)) == len(texts)


def test_each_finding_is_a_sentence_with_a_source(results: Results):
    for finding in findings(results):
        assert finding.text[0].isupper()
        assert finding.text.endswith(".")
        assert len(finding.source) > 10


def test_the_counterfactual_comes_first_with_its_range_and_what_was_reported(results: Results):
    first = findings(results)[0]
    assert first.text == (
        "Without the winter storm, plant fjord would have exported 271 containers"
        " (80 % of cases: 262 to 280 containers) from January to February 2032;"
        " 221 containers were reported. That is 28.5 % of what all exporters shipped"
        " (80 % of cases: 27.8 to 29.2 %) instead of 24.6 % of 900 containers."
    )
    assert first.source == (
        "Battery trade, Customs Office, 2032-02; modelled by cell2grid from Fjord works opens, The Harbour Gazette,"
        " 2031-01-09, and 1 assumption of ours"
    )


def test_a_product_of_two_figures_is_told_with_the_page_it_is_from(results: Results):
    found = {finding.text: finding.source for finding in findings(results)}
    told = "Fjord works: 2,400 containers a year at 2.5 MWh a container make 6 GWh a year."
    assert found[told] == "Fjord works opens, The Harbour Gazette, 2031-01-09"


def test_a_sum_that_is_exact_is_told_as_exact(texts: list[str]):
    assert "Fjord works: 2 figures for exports add up to 221 containers, exactly as stated." in texts


def test_output_of_the_last_year_has_the_spread_of_the_yearly_sum(texts: list[str], results: Results):
    made = results.arrays["output"].sel(plant="fjord").values[:, -12:].sum(axis=1)
    low, high = np.quantile(made, (0.1, 0.9))
    told = next(text for text in texts if text.startswith("In 2032 the output of plant fjord is"))
    assert f"{made.mean():,.0f}"[:3] in told
    assert low > made.min()
    assert high < made.max()
    assert "5.53 GWh of storage" in told


def _with_money(results: Results, **changes: object) -> Results:
    frame = results.tables["projects"].assign(**changes)
    return dataclasses.replace(results, tables={**results.tables, "projects": frame})


def test_money_says_in_how_many_cases_it_is_unknown(results: Results):
    """The mean is that of the members that have a value, and a reader is told how many have none."""
    note = "prices are synthetic; not delivered within the horizon in 5.0% of members"
    told = next(f.text for f in findings(_with_money(results, note=note)) if "net present value" in f.text)
    assert told.endswith("; not delivered within the horizon in 5.0% of members.")
    assert told.count("not delivered") == 1


def test_a_spread_of_nothing_is_not_told(results: Results):
    changed = _with_money(results, p10=1.0, p90=1.0)
    told = next(f.text for f in findings(changed) if "net present value" in f.text)
    assert "80 % of cases" not in told
    assert "80 % of cases" in findings(changed)[0].text


def test_money_never_goes_without_its_caveats(texts: list[str]):
    told = next(text for text in texts if "net present value" in text)
    assert "EUR −2.4 million" in told
    assert "3.1 % a year" in told
    assert "synthetic prices" in told
    assert "illustrative: prices of another region" in told


def test_delivery_names_the_middle_case_the_range_and_what_is_never_delivered(texts: list[str]):
    told = next(text for text in texts if "ordered" in text)
    assert told == (
        "The 40 containers that project heath ordered have all arrived in June 2031 in the middle case, in May 2031 to"
        " August 2031 in 80 % of cases; in 5 % of cases not before the study ends. The project begins to operate in"
        " September 2031."
    )


def test_of_two_orders_one_may_never_be_delivered(results: Results):
    """A column of months with one missing holds no text there, but a number that is none."""
    tables = {name: frame.copy() for name, frame in results.tables.items()}
    rows = tables["deliveries"].to_dict("records")
    lost = dict(rows[0], project="a-late-one", undelivered=1.0)
    lost |= dict.fromkeys(name for name in lost if name.startswith(("delivered_", "commissioning_")))
    tables["deliveries"] = pd.DataFrame([*rows, lost])
    two = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    texts = [finding.text for finding in findings(two)]
    assert (
        "The 40 containers of order a-late-one are not all delivered before the study ends in 100 % of cases." in texts
    )
    assert [text for text in texts if "project heath ordered have all arrived in June 2031" in text]


def test_an_order_of_no_project_begins_to_operate_nowhere(results: Results):
    tables = {name: frame.copy() for name, frame in results.tables.items()}
    tables["deliveries"]["project"] = "shops-in-spring"
    placed = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    told = [finding.text for finding in findings(placed) if "of order shops-in-spring have all arrived" in finding.text]
    assert told
    assert not [text for text in told if "operate" in text]


def test_an_order_that_is_never_delivered_is_told_as_such(results: Results):
    tables = {name: frame.copy() for name, frame in results.tables.items()}
    late = tables["deliveries"]
    for edge in ("p10", "p50", "p90"):
        late[f"delivered_{edge}"] = late[f"commissioning_{edge}"] = None
    late["undelivered"] = 1.0
    never = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    texts = [finding.text for finding in findings(never)]
    told = "The 40 containers that project heath ordered are not all delivered before the study ends in 100 % of cases."
    assert told in texts


def test_the_record_counts_hits_and_names_the_widest_miss(texts: list[str]):
    told = (
        "The modelled range holds 1 of 2 reported figures; the widest miss is exports, plant fjord, February 2032:"
        " 160 containers reported, 131 containers modelled."
    )
    assert told in texts


def test_stakes_leave_what_is_unknown_unknown(texts: list[str]):
    assert "Fjord works: the stakes that are named add up to 90 %; 10 % is unknown." in texts


def test_a_run_without_anything_has_no_findings(empty_folder: Path):
    assert findings(read_results(empty_folder, with_arrays=True)) == ()


def test_findings_without_arrays_leave_out_what_needs_them(run_folder: Path):
    texts = [finding.text for finding in findings(read_results(run_folder))]
    assert len(texts) >= 5
    assert not [text for text in texts if text.startswith("In 2032 the output of plant fjord is")]


def test_two_runs_of_one_study_do_not_say_the_same_twice(results: Results):
    assert findings(results, results) == findings(results)


def test_what_other_runs_say_of_the_same_kind_waits_for_the_other_kinds(results: Results):
    plants = dataclasses.replace(
        results, arrays=results.arrays.assign(output=results.arrays["output"] * 0.5), manifest=dict(results.manifest)
    )
    alone, both = findings(results), findings(results, plants)
    made = [finding.text for finding in both if "the output of" in finding.text and " of capacity" in finding.text]
    assert len(made) == 2, "both runs say what the plant makes"
    first_round = [finding.text for finding in alone[:5]]
    assert [finding.text for finding in both[:5]] == first_round
    assert both.index(next(row for row in both if row.text == made[1])) >= 5


def test_no_shipped_study_is_named_in_the_code_of_the_report():
    source = Path(__file__).parents[2] / "src" / "cell2grid" / "report"
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(source.rglob("*.*")) if path.suffix != ".pyc")
    for name in shipped_studies():
        assert str(name) not in text


def test_a_sum_of_which_a_part_is_missing_is_no_finding(results: Results):
    checks = [{**row, "verdict": "incomplete"} if row["kind"] == "sum" else row for row in results.evidence["checks"]]
    evidence = {**results.evidence, "checks": checks}
    partial = Results(results.study_json, results.tables, results.manifest, evidence, results.arrays)
    assert not [finding for finding in findings(partial) if "add up to 221" in finding.text]
