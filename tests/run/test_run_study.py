"""The whole chain on a study that can be done by hand."""

import json

import numpy as np
import pytest

from cell2grid.engines import engine
from cell2grid.errors import InputError, PriceError
from cell2grid.report.caveats import caveats
from cell2grid.results import read_results, write_results
from cell2grid.run import STAGES, run_study, run_summary
from cell2grid.run.manifest import reads_of
from cell2grid.run.memory import BYTES, FEWEST, members_that_fit


@pytest.fixture
def results(changed, folder):
    return run_study(changed(), study_folder=folder)


def rows(results, table, **wanted):
    frame = results.tables[table]
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame


def test_output_by_hand(results):
    # 1,200 a year are 100 a month, 90 of them good; in April the storm leaves half
    output = rows(results, "monthly", variable="output")["mean"].tolist()
    assert output == pytest.approx([90.0] * 3 + [45.0] + [90.0] * 8)
    assert rows(results, "monthly", variable="output")["unit"].unique().tolist() == ["container/month"]
    # 90 containers of 2 MWh are 0.18 GWh
    assert rows(results, "monthly", variable="output_energy")["mean"].iloc[0] == pytest.approx(0.18)


def test_deliveries_by_hand(results):
    # 399 MWh are 199.5 containers: 200. Orders come before markets: 90 + 90 + 20, complete in March; the market gets
    # 30 in March, and 40 of the 90 stay
    [order] = results.tables["deliveries"].to_dict("records")
    assert (order["items"], order["unit"]) == (200.0, "container")
    assert order["delivered_p50"] == "2030-03"
    assert order["commissioning_p50"] == "2030-05"
    assert order["undelivered"] == 0.0
    share = rows(results, "monthly", variable="order_share", entity="heath")["mean"].tolist()
    assert share[:4] == pytest.approx([0.45, 0.9, 1.0, 1.0])
    assert rows(results, "monthly", variable="stock")["mean"].tolist()[:4] == pytest.approx([0.0, 0.0, 40.0, 55.0])


def test_money_by_hand(results):
    # each day 1 MWh is bought at 10, with losses 1/0.9 MWh, and 0.9 MWh sold at 100: 90 - 11.11 = 78.89 a day
    yearly = (90 - 10 / 0.9) * 365
    found = {row["variable"]: row for row in results.tables["projects"].to_dict("records")}
    assert found["revenue"]["mean"] == pytest.approx(yearly)
    assert found["revenue"]["unit"] == "EUR/year"
    # 1 MWh costs 100,000 and 1 MW 1,000 a year, over two years without discount
    assert found["npv"]["mean"] == pytest.approx(-100_000 + 2 * (yearly - 1000))
    assert found["npv"]["unit"] == "EUR"
    assert results.tables["cash_flow"]["mean"].tolist() == pytest.approx([-100_000, yearly - 1000, yearly - 1000])
    assert "never pays back in 100.0% of members" in found["payback"]["note"]


def test_dispatch_table_is_the_schedule(results):
    table = results.tables["dispatch"]
    assert len(table) == 48
    assert table["timestep"].iloc[0] == "2030-01-01T00:00:00Z"
    assert table["price"].iloc[[0, 12]].tolist() == [10.0, 100.0]
    assert table["charge"].sum() == pytest.approx(2 / 0.9)
    assert table["discharge"].sum() == pytest.approx(2 * 0.9)


def test_observation_by_hand(results):
    [row] = results.tables["observations"].to_dict("records")
    assert row["mean"] == pytest.approx(3 * 90 + 45)
    assert row["residual"] == pytest.approx(5.0)
    assert row["source"] == "Packs from the fjord, The Harbour Gazette, 2030-01-09"
    assert row["reference"] == "320 container [gazette]"


def test_counterfactual_by_hand(results):
    # March: 20 for the order, 30 for the market. April without the storm 30: X = 80, and X / (1000 - 100 + X)
    found = {row["quantity"]: row for row in results.tables["counterfactuals"].to_dict("records")}
    assert found["exports"]["mean"] == pytest.approx(80.0)
    assert found["share"]["mean"] == pytest.approx(100 * 80 / 980)
    assert found["share"]["unit"] == "percent"
    assert found["share"]["without"] == "storm"


def test_summary_is_one_json_document(results, tmp_path):
    document = json.loads(json.dumps(run_summary(results, tmp_path), allow_nan=False))
    assert document["counterfactual"] == document["counterfactuals"]["calm"]
    assert set(document["observations"][0]) >= {"name", "observed", "mean", "p10", "p90", "unit", "source"}
    assert document["members"] == 40
    payback = next(row for row in document["projects"] if row["variable"] == "payback")
    assert payback["mean"] is None


def test_a_study_without_counterfactuals_has_none(changed, folder, tmp_path):
    study = changed().changed(counterfactuals={})
    assert run_summary(run_study(study, study_folder=folder), tmp_path)["counterfactual"] is None


def test_manifest_says_what_was_run(results):
    manifest = results.manifest
    assert (manifest["study"], manifest["seed"], manifest["members"]) == ("fjord-packs", 7, 40)
    assert set(manifest["wall_seconds"]) == set(STAGES)
    assert set(manifest["inputs"]) == {"study.json", "prices.csv"}
    assert "plants.fjord.capacity" in manifest["reads"]["output"]
    assert "products.pack.energy" in manifest["reads"]["output_energy"]
    assert "products.pack.energy" not in manifest["reads"]["output"]
    assert "projects.heath.finance.capital_cost" in manifest["reads"]["npv"]
    assert not [path for paths in manifest["reads"].values() for path in paths if path.startswith("observations")]
    assert manifest["defaults"][0] == (
        "plants.fjord: availability is not given, taken as 100 % (no stop but those that the study names)"
    )


def test_members_and_seed_of_the_call_stand_in_the_study_that_is_kept(changed, folder):
    results = run_study(changed(), members=3, seed=99, study_folder=folder)
    kept = json.loads(results.study_json)
    assert (kept["members"], kept["seed"], kept["study"]) == (3, 99, "fjord-packs")
    assert kept["plants"]["fjord"]["yield"] == "90 percent [gazette]"
    assert results.arrays.sizes["member"] == 3


def test_the_folder_keeps_all_of_it(results, tmp_path):
    back = read_results(write_results(results, tmp_path / "run"), with_arrays=True)
    assert back.arrays["npv"].dims == ("member", "project")
    assert np.isfinite(back.arrays["output"].values).all()
    for name, frame in results.tables.items():
        assert len(back.tables[name]) == len(frame)


def test_a_run_of_which_no_spread_has_room_is_refused_before_it_begins(changed):
    study, each = changed(), 12 * BYTES
    assert members_that_fit(study, 1000, memory=1000 * each) == 1000
    assert members_that_fit(study, 1000, memory=1000 * each - 1) == 499
    assert members_that_fit(study, 1000, memory=2 * FEWEST * each) == FEWEST
    with pytest.raises(InputError, match=r"1,000 members of 1 plant\(s\) over 12 months need about .* GB"):
        members_that_fit(study, 1000, memory=2 * FEWEST * each - 1)


def test_a_project_in_another_region_than_its_prices_is_illustrative(changed, folder):
    results = run_study(changed(("nordic: {region: DE", 'nordic: {region: "NO"')), study_folder=folder)
    assert results.tables["projects"]["illustrative"].all()
    assert "heath: prices are of region NO, the project stands in DE" in results.manifest["illustrative"]


def test_prices_of_less_than_a_year_are_illustrative(changed, folder):
    """Two days of prices, and a year of them: only the year's money is no illustration."""
    results = run_study(changed(), members=2, study_folder=folder)
    assert results.manifest["illustrative"] == ["heath: prices cover 2 days, which stand for the whole year"]
    assert caveats(results, "heath") == ("illustrative: prices cover 2 days, which stand for the whole year",)
    year = "".join(f"{stamp}:00Z,{hour % 24}\n" for hour, stamp in enumerate(np.arange("2030", "2031", dtype="M8[h]")))
    (folder / "prices.csv").write_text("timestep,price\n" + year, encoding="utf-8")
    assert run_study(changed(), members=2, study_folder=folder).manifest["illustrative"] == []


def test_a_synthetic_price_year_is_illustrative(changed):
    results = run_study(changed(("file: prices.csv", "synthetic: 3")), members=2)
    assert results.manifest["illustrative"] == ["heath: prices are synthetic and no market's"]
    assert len(results.tables["dispatch"]) == 8760


def test_an_order_that_is_never_complete_is_reported_and_no_error(changed, folder):
    results = run_study(changed(("399 MWh", "399000 MWh")), study_folder=folder)
    [order] = results.tables["deliveries"].to_dict("records")
    assert order["undelivered"] == 1.0
    assert order["commissioning_p10"] is None
    npv = rows(results, "projects", variable="npv").iloc[0]
    assert np.isnan(npv["mean"])
    assert "not delivered within the horizon in 100.0% of members" in npv["note"]


def test_a_missing_price_file_is_refused(changed, tmp_path):
    with pytest.raises(PriceError, match="cannot be read"):
        run_study(changed(), study_folder=tmp_path)


@pytest.mark.parametrize(
    ("argument", "value"), [("members", 0), ("members", 2_000_000), ("seed", -1), ("workers", 0), ("workers", 5000)]
)
def test_a_number_out_of_range_is_refused_with_the_range(changed, argument, value):
    with pytest.raises(InputError, match=f"{argument} is {value}, expected"):
        run_study(changed(), **{argument: value})


def test_money_is_counted_in_the_currency_of_the_capital_at_the_latest_rate(changed, folder):
    rates = """
exchange_rates:
- {day: "2030-02-01 [gazette]", rate: "10 NOK/EUR [gazette]"}
- {day: "2030-01-01 [gazette]", rate: "5 NOK/EUR [gazette]"}
"""
    study = changed(("100 EUR/kWh", "1000 NOK/kWh"), ("counterfactuals:", rates.strip() + "\ncounterfactuals:"))
    found = rows(run_study(study, study_folder=folder), "projects", variable="yearly_revenue").iloc[0]
    assert found["mean"] == pytest.approx(10 * (90 - 10 / 0.9) * 365)
    assert found["unit"] == "NOK/year"


def test_a_rate_the_other_way_round_is_turned(changed, folder):
    rates = 'exchange_rates:\n- {day: "2030-02-01 [gazette]", rate: "0.1 EUR/NOK [gazette]"}\ncounterfactuals:'
    study = changed(("100 EUR/kWh", "1000 NOK/kWh"), ("counterfactuals:", rates))
    found = rows(run_study(study, study_folder=folder), "projects", variable="yearly_revenue").iloc[0]
    assert found["mean"] == pytest.approx(10 * (90 - 10 / 0.9) * 365)


def test_a_study_of_a_project_alone_is_dispatched_and_valued(changed, folder, tmp_path):
    study = changed()
    heath = study.projects["heath"].changed(order=None, construction=None)
    nothing = {"plants": {}, "markets": {}, "lanes": (), "shocks": {}, "observations": {}, "counterfactuals": {}}
    alone = study.changed(**nothing, products={}, projects={"heath": heath})
    back = read_results(write_results(run_study(alone, study_folder=folder), tmp_path / "run"), with_arrays=True)
    npv = rows(back, "projects", variable="npv").iloc[0]
    assert npv["mean"] == pytest.approx(-100_000 + 2 * ((90 - 10 / 0.9) * 365 - 1000))
    assert npv["note"].endswith("no order: taken to operate from the start of the horizon")
    assert back.tables["monthly"].empty


def test_what_was_read_is_told_in_one_order_however_words_are_hashed():
    supply = engine("supply").READS
    reads = reads_of({"cost_step": ("cost",), **{name: (f"of {name}",) for name in supply}})
    wanted = [f"of {name}" for name in supply if name not in ("item_energy", "construction")]
    assert [path for path in reads["sales_capacity"] if path != "of capacity"] == [
        path for path in wanted if path != "of capacity"
    ]
