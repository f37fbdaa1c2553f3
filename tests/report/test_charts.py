"""Every chart of the report, found by itself, is held to the same rules."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cell2grid.report.charts import charts, drawable
from cell2grid.report.drawing import drawn
from cell2grid.report.theme import NARROW, WIDE
from cell2grid.results import TABLES, Results, read_results

NAMES = tuple(charts())


def test_there_is_a_chart_for_each_question():
    assert {"output", "home_and_abroad", "destinations", "observations", "counterfactual"} <= set(NAMES)
    assert {"dispatch_week", "cash_flow", "commissioning"} <= set(NAMES)
    assert {"state_of_health", "life_years", "tornado", "npv_distribution", "npv_shares", "delay"} <= set(NAMES)
    assert {"size_map", "load_before_after", "line_utilisation", "variance"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_needs_name_tables_of_a_run(name):
    assert charts()[name].NEEDS
    assert set(charts()[name].NEEDS) <= set(TABLES)


@pytest.mark.parametrize("name", NAMES)
def test_title_and_docstring_are_words(name):
    assert len(charts()[name].TITLE) > 5
    assert (charts()[name].__doc__ or "").startswith("Chart: ")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_picture_is_drawn_within_its_width(name, width, results: Results):
    assert drawable(results, name)
    svg = drawn(charts()[name].chart(results, width=width), name=name, label="a chart", width=width)
    root = ET.fromstring(svg)
    assert root.tag == "svg"
    assert root.get("aria-label") == "a chart"
    assert float(root.get("width", "0")) <= width + 30
    assert len(svg) < 250_000


@pytest.mark.parametrize("name", NAMES)
def test_table_beside_the_picture_has_rows_and_units(name, results: Results):
    frame = charts()[name].table(results)
    assert len(frame)
    assert not frame.columns.duplicated().any()
    if {"mean", "p10", "p90"} <= set(frame.columns):
        assert (frame["p10"] <= frame["mean"]).all()
        assert "unit" in frame.columns


@pytest.mark.parametrize("name", NAMES)
def test_specification_is_plain_json_with_no_address_in_it(name, results: Results):
    text = json.dumps(charts()[name].chart(results).to_dict())
    addresses = set(re.findall(r"https?://[^\"]+", text))
    assert all(address.startswith("https://vega.github.io/schema/") for address in addresses)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_of_a_run_without_rows(name, empty_folder: Path):
    assert not drawable(read_results(empty_folder), name)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_stay_text(name, hostile_folder: Path):
    hostile = read_results(hostile_folder)
    svg = drawn(charts()[name].chart(hostile), name=name, label=name)
    allowed = {"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "title", "defs", "clipPath"}
    assert {element.tag for element in ET.fromstring(svg).iter()} <= allowed
    assert not re.search(r"<(?:script|img|svg onload)", svg[4:])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_run_gives_the_same_picture(name, results: Results):
    first, second = (drawn(charts()[name].chart(results), name=name, label=name) for _ in range(2))
    assert first == second


def test_dispatch_and_money_say_on_themselves_that_prices_are_made_up(results: Results):
    for name in ("dispatch_week", "cash_flow"):
        svg = drawn(charts()[name].chart(results), name=name, label=name)
        assert "synthetic prices" in svg
        assert "illustrative: prices of another region" in svg


def test_axes_carry_the_unit_of_the_run(results: Results):
    svg = drawn(charts()["output"].chart(results), name="o", label="o")
    assert "items [container/month]" in svg


def test_pointing_at_an_observation_tells_its_sentence(results: Results):
    svg = drawn(charts()["observations"].chart(results), name="o", label="o")
    titles = [element.text or "" for element in ET.fromstring(svg).iter("title")]
    assert any("Abroad went 61 containers in January." in text and "Customs Office" in text for text in titles)


def test_names_of_near_places_stand_one_below_the_other():
    """Three places within a degree at 10 pixels a degree: 13 pixels are 1.3 degrees; one far off stays at its mark."""
    from cell2grid.report.charts.map import _apart

    rows = [("north", 101.0, 15.0), ("south", 101.5, 15.2), ("home", 100.9, 14.9), ("far", 140.0, 15.0)]
    lines = pd.DataFrame([{"called": name, "x": x, "first": x, "latitude": y} for name, x, y in rows])
    places = dict(zip(lines["called"], _apart(lines, 0.0, 10.0), strict=True))
    assert places["far"] == 15.0
    assert places["south"] == 15.2
    assert places["north"] == pytest.approx(15.2 - 1.3)
    assert places["home"] == pytest.approx(15.2 - 2.6)


def test_the_map_says_what_is_not_on_it(results: Results):
    said = json.dumps(charts()["map"].chart(results).to_dict()["title"])
    assert "not on the map" not in said
    places = results.tables["places"]
    fewer = replace(results, tables={**results.tables, "places": places[places["region"] != "DE"]})
    told = charts()["map"].chart(fewer).to_dict()["title"]
    assert "not on the map" in json.dumps(told)


def test_the_calendar_shows_parts_of_what_was_ordered(results: Results):
    """An order a thousand times as large is as much fainter, however little of it arrives."""
    from cell2grid.report.charts.delivery_calendar import _arrivals

    tables = {name: frame.copy() for name, frame in results.tables.items()}
    tables["deliveries"]["items"] = 1000 * tables["deliveries"]["items"]
    more = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    before, after = _arrivals(results)["share"], _arrivals(more)["share"]
    assert before.max() > 0
    assert after.to_numpy() == pytest.approx(before.to_numpy() / 1000)


def test_orders_of_no_project_are_not_shown_as_projects(results: Results):
    study = json.loads(results.study_json)
    order = {"plant": "fjord", "product": "cube", "quantity": "9 container [assumed: x]", "ordered": "2031-03"}
    study["orders"] = {"spring-order": {**order, "region": next(iter(study["regions"]))}}
    to_heath = results.tables["deliveries"].to_dict("records")
    placed = dict(to_heath[0], project="spring-order")

    def shown(rows: list[dict[str, object]]) -> Results:
        tables = {**results.tables, "deliveries": pd.DataFrame(rows)}
        return Results(json.dumps(study), tables, results.manifest, results.evidence, results.arrays)

    assert set(charts()["commissioning"].table(shown([*to_heath, placed]))["project"]) == {"heath"}
    assert drawable(shown([*to_heath, placed]), "commissioning")
    assert not drawable(shown([placed]), "commissioning")


def test_narrow_labels_of_assumptions_show_the_end_that_tells_them_apart(results: Results):
    paths = [f"plants.a-plant-of-a-long-name.tranches.{place}.capacity" for place in range(2)]
    tables = {**results.tables, "calibration": results.tables["calibration"].head(2).assign(figure=paths)}
    long = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    drawn_from = json.dumps(charts()["calibration"].chart(long, width=NARROW).to_dict(), ensure_ascii=False)
    assert "tranches 0 capacity" in drawn_from
    assert "tranches 1 capacity" in drawn_from
    assert "plants a-plant" not in drawn_from


def test_destinations_have_a_colour_each_and_those_that_get_nothing_none(results: Results):
    """Nine destinations for seven colours, of which one gets nothing: the seven that get most are drawn."""
    first = results.tables["monthly"].query("variable == 'delivered'").head(1)
    rows = [
        first.assign(destination=f"place-{place}", mean=float(place), p10=float(place), p90=float(place))
        for place in range(9)
    ]
    tables = {**results.tables, "monthly": pd.concat(rows, ignore_index=True)}
    many = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    said = json.dumps(charts()["destinations"].chart(many, width=WIDE).to_dict())
    assert [place for place in range(9) if f'"place-{place}"' in said] == [2, 3, 4, 5, 6, 7, 8]
    assert "the 7 destinations that get most; 1 more in the table" in said
    assert len(charts()["destinations"].table(many)) == 9


def test_counterfactuals_with_other_totals_share_a_picture_of_exports_and_name_their_totals(results: Results):
    """The same stop held against 900 and against 5,000 containers: one panel of exports, and two shares by name."""
    study = json.loads(results.study_json)
    study["counterfactuals"]["of-all"] = study["counterfactuals"]["no-storm"] | {"total": "5000 container [customs]"}
    rows = results.tables["counterfactuals"]
    again = rows.assign(name="of-all")
    again.loc[again["quantity"] == "share", ["mean", "p10", "p90"]] /= 4.0
    both = {**results.tables, "counterfactuals": pd.concat([rows, again], ignore_index=True)}
    changed = Results(json.dumps(study), both, results.manifest, results.evidence, results.arrays)
    told = charts()["counterfactual"].table(changed)["what"].drop_duplicates()
    before = charts()["counterfactual"].table(results)["what"].drop_duplicates()
    assert len(before) == 2
    assert [what.split(":")[0] for what in told] == ["exports", "share of 900 containers", "share of 5,000 containers"]
