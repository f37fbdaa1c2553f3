"""The charts of a valuation in depth: what they count, what they say in words, and that nothing is too odd to draw."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
from worth_tables import benefit, framed, life, load, members, shares, tornado, variance, worth_tables
from worth_tables import delay as delays
from worth_tables import size_map as sizes

from cell2grid.report.alone import Tables
from cell2grid.report.charts import charts, delay, drawable, life_years, npv_distribution, size_map, state_of_health
from cell2grid.report.charts import load_before_after as load_chart
from cell2grid.report.charts import tornado as tornado_chart
from cell2grid.report.drawing import drawn
from cell2grid.report.theme import NARROW, WIDE
from cell2grid.report.wording import told_apart

NAN = float("nan")
LONG = "a storage project with a name that goes on and on, phase two of the northern extension " * 3


def said(chart: str, tables: Mapping[str, pd.DataFrame], **known: object) -> str:
    """What the titles of a chart say, as one line."""
    specification = charts()[chart].chart(Tables(tables, **known)).to_dict()  # type: ignore[arg-type]
    lines: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("title"), dict):
                for key in ("text", "subtitle"):
                    text = part["title"].get(key, [])
                    lines.extend([text] if isinstance(text, str) else text)
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(specification)
    return " ".join(lines)


def changed(frame: pd.DataFrame, columns: list[str], value: object) -> pd.DataFrame:
    return frame.assign(**dict.fromkeys(columns, value))


# state of health


def test_an_addition_is_an_upright_piece_of_the_line():
    """Year 7 ends with 100 - 7·2.5 = 82.5 %, and what is added makes the eighth begin with 98 %."""
    corners = state_of_health._corners(life())
    at = corners[corners["time"] == 7.0]
    assert at["mean"].round(6).tolist() == [82.5, 98.0]
    assert at["at_end"].tolist() == [True, False]
    assert corners["mean"].iloc[0] == 100.0


def test_without_an_addition_each_year_begins_as_the_one_before_ended():
    corners = state_of_health._corners(life(added=None))
    ends, begins = corners.loc[corners["at_end"], "mean"], corners.loc[~corners["at_end"], "mean"]
    assert np.allclose(ends.to_numpy()[:-1], begins.to_numpy()[1:])


def test_members_whose_life_has_ended_are_no_loss_of_those_that_are_left():
    """Half of the members hold nothing from year 5 on: the mean energy halves, the state of health of the rest not."""
    frame = life(added=None)
    gone = (frame["variable"] == "capacity") & (frame["year"] >= 5)
    frame.loc[gone, ["mean", "p10"]] *= 0.5
    corners = state_of_health._corners(frame)
    assert corners["mean"].min() == pytest.approx(100.0 - 15 * 2.5)


def test_the_end_of_life_is_drawn_where_it_is_known():
    text = json.dumps(charts()["state_of_health"].chart(Tables({"life": life()})).to_dict())
    assert "end of life, 70 %" in text
    frame = life()
    unknown = frame[frame["variable"] != "end_of_life"]
    assert "end of life" not in json.dumps(charts()["state_of_health"].chart(Tables({"life": unknown})).to_dict())


# money of the years


def test_what_is_paid_is_below_zero_and_the_year_of_building_is_in_the_table_alone():
    built = framed("life", [{"project": "heath", "variable": "cash_flow", "unit": "EUR", "year": 0, "mean": -2e7,
                             "p10": -2e7, "p50": -2e7, "p90": -2e7}])  # fmt: skip
    tables = {"life": pd.concat([life(), built], ignore_index=True)}
    table = life_years.table(Tables(tables))
    assert table["year"].tolist() == list(range(16))
    assert table.loc[table["year"] == 0, "cash flow"].tolist() == [-2e7]
    assert table["operation"].dropna().tolist() == [-5e5] * 15
    assert table["augmentation"].min() == -1.4e6
    text = json.dumps(life_years.chart(Tables(tables)).to_dict())
    assert "year 0, in which the project is built" in text
    assert "million EUR" in text
    assert not re.search(r'"year": 0[,}]', text)


def test_a_tax_that_is_paid_back_is_above_zero():
    assert life_years.table(Tables({"life": life()}))["tax"].tolist()[:4] == [5e4, 5e4, 5e4, -1e5]


def test_equity_is_drawn_only_where_debt_is_served():
    frame = life()
    frame.loc[frame["variable"] == "debt_service", ["mean", "p10", "p90"]] = 0.0
    assert "cash flow to equity" in said("life_years", {"life": life()})
    assert "cash flow to equity" not in said("life_years", {"life": frame})


# tornado


def test_the_widest_figure_comes_first_and_the_rest_is_counted():
    tables = {"tornado": tornado(figures=18).sample(frac=1.0, random_state=2)}
    swing = tornado_chart.table(Tables(tables))["swing"]
    assert len(swing) == 18
    assert swing.is_monotonic_decreasing
    assert "3 further figures move it by" in said("tornado", tables)
    assert "further figure" not in said("tornado", {"tornado": tornado(figures=15)})


def test_both_ends_on_one_side_are_written_at_the_far_end():
    """Low gives -0.5 and high -0.2 of a middle of 1: both bars lie to the left, and the text is that of both."""
    row = tornado(figures=1).iloc[0].to_dict() | {"npv_low": 0.5, "npv_high": 0.8, "npv_middle": 1.0}
    found = tornado_chart._numbers("0", row, 1.0, 1.0)
    assert found == [{"name": "0", "side": "left", "to": 0.5, "words": "150 · 210"}]


def test_an_end_without_a_value_has_no_bar_and_is_counted():
    frame = tornado(figures=3)
    frame.loc[1, "npv_high"] = NAN
    assert "1 of them has no value at one end" in said("tornado", {"tornado": frame})


# distribution


def test_each_member_is_counted_once_and_no_bar_lies_on_both_sides_of_zero():
    value = np.random.default_rng(1).normal(1.0, 3.0, 500)
    counts, edges = npv_distribution._bins(np.append(value, [9e9, -9e9]))
    assert counts.sum() == 502
    assert len(counts) <= 42
    assert np.abs(edges).min() < 1e-9
    table = npv_distribution.table(Tables({"members": members(npv=value.tolist())}))
    assert table["members"].sum() == 500
    assert table["share of members [%]"].sum() == pytest.approx(100.0)
    assert (table.loc[table["NPV to"] <= 1e-9, "members"]).sum() == (value < 0).sum()


def test_below_zero_and_without_value_are_told_in_words():
    """Of five members one is never built; one of the four others loses."""
    text = said("npv_distribution", {"members": members(npv=[-1e6, 1e6, 2e6, 3e6, NAN])})
    assert "below zero in 25 % of members" in text
    assert "1 of 5 members have no net present value" in text
    assert "below zero in none of the members" in said("npv_distribution", {"members": members(npv=[1.0])})


def test_an_outlier_is_told_and_not_drawn():
    value = [*np.linspace(1e6, 2e6, 300), 9e9]
    assert "the highest EUR 9 billion" in said("npv_distribution", {"members": members(npv=value)})


def test_all_the_same_is_one_bar():
    counts, edges = npv_distribution._bins(np.full(7, 5e6))
    assert counts.tolist() == [7.0]
    assert edges[0] < 5e6 < edges[1]


# sizes


def test_the_best_size_is_named_with_its_price_years():
    text = said("size_map", {"size_map": sizes()})
    best = sizes().loc[lambda frame: frame["best"]].iloc[0]
    assert f"the best, {best['power']:.0f} MW for {best['hours']:g} hours" in text
    assert "price years: EUR" in text
    assert "grey: 1 size has no net present value" in text


def test_no_size_that_pays_is_said():
    assert "no size is worth more than it costs" in said("size_map", {"size_map": sizes(lift=-100.0)})


def test_red_is_below_zero_and_blue_above_whatever_the_other_side_holds():
    for values in ([1.0, 9.0], [-9.0, -1.0], [-100.0, 0.1], [0.0]):
        low, high = size_map._ends(np.array(values))
        assert low < 0.0 < high
        assert low <= min(values) or min(values) >= 0.0
        assert high >= max(values)


def test_sizes_that_are_near_each_other_are_told_apart():
    assert told_apart([100.0, 100.04, 100.0]) == ["100", "100.04", "100"]


# shares, delay, load


def test_half_a_megawatt_is_no_rounding_of_a_size():
    map_of = sizes(powers=2, hours=2).assign(power=[162.5, 162.5, 200.0, 200.0])
    text = json.dumps(charts()["size_map"].chart(Tables({"size_map": map_of})).to_dict())
    assert '"162.5"' in text
    assert '"162"' not in text


def test_shares_that_do_not_add_up_are_told_as_what_sources_do_together():
    assert "alone they make 60 %" in said("npv_shares", {"shares": shares(values={"prices": (0.6, 1.0)})})
    assert "alone they make" not in said("npv_shares", {"shares": shares(values={"prices": (1.0, 1.0)})})
    without = shares(values={"prices": (NAN, NAN)})
    assert "there is no spread to share" in said("npv_shares", {"shares": without})


def test_a_month_of_delay_has_a_price():
    assert "a month later costs EUR 40,000 on average over 12 months" in said("delay", {"delay": delays()})
    assert "a month later gains EUR 40,000" in said("delay", {"delay": delays(cost=-4e4)})
    lost = delay.table(Tables({"delay": delays(months=3)}))["less than without delay"]
    assert lost.tolist() == [0.0, 4e4, 8e4]


def test_peak_and_strongest_ramp_are_those_of_the_series():
    """One step of 900 MW in a day of 100 MW, beside it a fall of 300 MW in half an hour."""
    before = np.full(480, 100.0)
    before[40], before[300:] = 900.0, 60.0
    stamps = np.datetime64("2030-06-01", "m") + 30 * np.arange(480) * np.timedelta64(1, "m")
    frame = pd.DataFrame({"timestep": np.char.add(stamps.astype(str), "Z"), "before": before, "after": before / 2})
    text = said("load_before_after", {"load": frame})
    assert "peak 900 MW before, 450 MW after" in text
    assert "strongest ramp 1,600 MW an hour before, 800 MW an hour after" in text
    table = load_chart.table(Tables({"load": frame, "benefit": benefit()}))
    assert table["what"].tolist()[-1] == "peak of 2030-06"
    assert table["change"].tolist()[-1] == -450.0
    assert table["unit"].tolist()[:2] == ["MW", "MWh"]
    undated = {"load": frame.assign(hour=np.arange(480) / 2.0), "benefit": benefit()}
    assert "hours 0 to 56 of a series without stamps" in said("load_before_after", undated)
    assert not load_chart.table(Tables(undated))["what"].str.contains("20").any(), "hours have no months"


# whatever the numbers


ODD: Mapping[str, tuple[str, Callable[[], Mapping[str, pd.DataFrame]]]] = {
    "one year": ("state_of_health", lambda: {"life": life(years=1, added=None)}),
    "forty years": ("state_of_health", lambda: {"life": life(years=40)}),
    "no health": ("state_of_health", lambda: {"life": changed(life(), ["mean", "p10", "p90"], NAN)}),
    "one year of money": ("life_years", lambda: {"life": life(years=1, added=None)}),
    "forty years of money": ("life_years", lambda: {"life": life(years=40, money=3e11)}),
    "hardly any money": ("life_years", lambda: {"life": life(money=1e-3, unit="currency")}),
    "no money": ("life_years", lambda: {"life": changed(life(), ["mean", "p10", "p90"], 0.0)}),
    "money unknown": ("life_years", lambda: {"life": changed(life(), ["mean", "p10", "p90"], NAN)}),
    "many figures": ("tornado", lambda: {"tornado": tornado(figures=60, npv=-4e12)}),
    "figures that do nothing": ("tornado", lambda: {"tornado": tornado(figures=3, spread=0.0)}),
    "no middle": ("tornado", lambda: {"tornado": changed(tornado(), ["npv_middle"], NAN)}),
    "one member": ("npv_distribution", lambda: {"members": members(npv=[5e6])}),
    "all the same": ("npv_distribution", lambda: {"members": members(npv=[0.0] * 9)}),
    "no member": ("npv_distribution", lambda: {"members": members(npv=[NAN, NAN])}),
    "all lose": ("npv_distribution", lambda: {"members": members(npv=np.linspace(-9e12, -1e9, 99).tolist())}),
    "two by two": ("size_map", lambda: {"size_map": sizes(powers=2, hours=2)}),
    "twenty by twenty": ("size_map", lambda: {"size_map": sizes(powers=20, hours=20)}),
    "one row": ("size_map", lambda: {"size_map": sizes(powers=1, hours=9)}),
    "one size": ("size_map", lambda: {"size_map": sizes(powers=1, hours=1)}),
    "no grid": ("size_map", lambda: {"size_map": sizes(powers=40, hours=40).sample(50, random_state=1)}),
    "no worth": ("size_map", lambda: {"size_map": changed(sizes(powers=3, hours=3), ["npv"], NAN)}),
    "no interval": ("npv_shares", lambda: {"shares": changed(shares(), ["first_low", "total_high"], NAN)}),
    "no delay": ("delay", lambda: {"delay": delays(months=1)}),
    "one step of load": ("load_before_after", lambda: {"load": load(hours=1)}),
    "three months of five minutes": ("load_before_after", lambda: {"load": load(hours=24 * 70, minutes=5)}),
    "no load": ("load_before_after", lambda: {"load": load(power=0.0, saved=0.0)}),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_numbers_are_drawn_within_the_width(case):
    name, made = ODD[case]
    tables = Tables(made(), {"heath": LONG}, ("synthetic prices",))
    assert drawable(tables, name)
    assert len(charts()[name].table(tables)) or case == "no health"
    picture = ET.fromstring(drawn(charts()[name].chart(tables, width=NARROW), name="a", label="a", width=NARROW))
    assert float(picture.get("width", "0")) <= NARROW + 30
    words = " ".join(element.text or "" for element in picture.iter("text"))
    assert "NaN" not in words
    assert "undefined" not in words


BY_PROJECT = ("state_of_health", "life_years", "tornado", "npv_distribution", "size_map", "npv_shares", "delay")


@pytest.mark.parametrize("name", BY_PROJECT)
def test_each_project_has_a_panel_under_the_name_that_readers_know(name):
    tables = worth_tables(("heath", "moor"))
    text = said(name, tables, names={"moor": "The great moor"}, notes=("synthetic prices",))
    assert "heath" in text
    assert "The great moor" in text
    assert text.count("synthetic prices") == 2
    assert set(charts()[name].table(Tables(tables))["project"]) == {"heath", "moor"}


def test_the_same_file_draws_the_run_and_the_page(results):
    wide, alone = (charts()["delay"].chart(shown, width=WIDE) for shown in (results, Tables({"delay": delays()})))
    assert wide.to_dict()["vconcat"][0]["layer"][0]["encoding"] == alone.to_dict()["vconcat"][0]["layer"][0]["encoding"]


# variance


def test_figures_that_stand_out_are_drawn_and_the_rest_is_counted():
    text = said("variance", {"variance": variance(figures=6, sure=3)})
    assert "3 figures with less are in the table" in text
    assert "together they make 88 %" in text
    assert "from 400 members" in text
    assert "npv" not in said("variance", {"variance": variance(results=1)})


def test_where_nothing_stands_out_it_is_said():
    text = said("variance", {"variance": variance(sure=0)})
    assert "no figure stands out of what chance alone gives" in text
