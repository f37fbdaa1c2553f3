from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cost_plant import small

from cell2grid.errors import InfeasibleError, InputError, StudyError
from cell2grid.run.costing import SCOPES, cell_cost
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.told.cost_told import cost_table, told_baseline, told_cost
from cell2grid.study.cost_file import cost_case, cost_technologies, parse_cost


def test_a_small_plant_by_hand():
    """1000 kWh at the baseline's rates but mass: 1 kg/kWh at a yield of 50 % of cells is 2000 kg, the base.

    Cells: 2.5 / 0.5 × 1000 = 5000, the base. Powder 2 kg × 4 = 8 USD/kWh, scrap 1 kg × 0.5 × 0.4 × 4 = 0.8; cans
    2.5 / 0.5 × 1 = 5. Labour 120 h × 10 = 1.2 a kWh; equipment 11,000 / 10 and floor 10 m2 × 100 × 5 % = 50: 1.15.
    Overhead 0.4 × 1.2 + 0.2 × 1.15 = 0.71; general 0.25 × 1.91 + 0.25 × 1.15 = 0.765; research 0.46. Invested a kWh:
    11 + 1 + launch 0.05 × 13 + 0.1 × 1.91 + working 0.15 × (13 − 0.8 + 1.91) = 14.9575, profit 0.747875.
    """
    cost = cell_cost(parse_cost(small()))
    rows = {name: float(row[0]) for name, row in cost.rows.items()}
    warranty = rows.pop("warranty")
    assert rows == pytest.approx(
        {
            "materials": 8, "purchased_items": 5, "scrap_credit": -0.8, "energy": 0, "direct_labour": 1.2,
            "variable_overhead": 0.71, "general": 0.765, "research": 0.46, "depreciation": 1.15, "profit": 0.747875,
        }
    )  # fmt: skip
    assert warranty == pytest.approx(0.05 * sum(rows.values()))
    assert float(cost.capital[0]) == 11_000


def test_four_times_the_plant_by_hand():
    """Four times 1000 kWh: labour of mixing × 2, capital × 4^0.5 = 2, and a can costs half."""
    cost = cell_cost(parse_cost(small(exponent=0.5)), volume=4000.0)
    assert float(cost.steps["mixing"].labour[0]) == pytest.approx(200)
    assert float(cost.steps["mixing"].capital[0]) == pytest.approx(20_000)
    assert float(cost.rows["purchased_items"][0]) == pytest.approx(2.5)


def test_another_country_pays_its_wages_and_its_capital():
    case = parse_cost(small())
    home, away = cell_cost(case, country="AA"), cell_cost(case, country="BB")
    assert float(away.rows["direct_labour"][0]) == pytest.approx(2.0 * float(home.rows["direct_labour"][0]))
    assert float(away.capital[0]) == pytest.approx(2.0 * float(home.capital[0]))
    assert float(away.rows["materials"][0]) == float(home.rows["materials"][0])


def test_scopes_have_their_own_steps_and_parts():
    case = parse_cost(small())
    found = {scope: cell_cost(case, scope=scope) for scope in SCOPES}  # type: ignore[arg-type]
    assert set(found["cells"].steps) == {"mixing"}
    assert set(found["packs"].steps) == {"packing"}
    assert float(found["packs"].rows["materials"][0]) == 0.0
    assert float(found["cells"].capital[0] + found["packs"].capital[0]) == float(found["whole"].capital[0])


def test_learning_takes_a_fifth_with_each_doubling():
    case = parse_cost(small())
    plain, learned = cell_cost(case), cell_cost(case, cumulative=4e6)
    assert float(learned.total[0]) == pytest.approx(0.64 * float(plain.total[0]))


def test_the_published_baseline_comes_out_row_by_row():
    case = cost_case("nmc811-graphite")
    found = told_baseline(case, countries=["US"], volume=50e6)
    assert abs(found["capital"]["difference"]) < 0.01
    assert found["capital"]["published"] == 4207e6
    assert abs(found["capital_cells"]["difference"]) < 0.01
    assert len(found["rows"]) == 20
    for row in found["rows"]:
        for kind in ("capital", "labour"):
            pair = row[kind]
            assert pair["computed"] == pytest.approx(pair["published"], rel=0.01), row["title"]
    steps = [step for row in case.published.rows for step in row.steps]  # type: ignore[union-attr]
    assert sorted(steps) == sorted(case.plant.steps)
    assert sum(row["capital"]["published"] for row in found["rows"]) == pytest.approx(4207e6, rel=1e-3)


def test_the_share_of_assembly_alone_is_small():
    """Equipment of assembly is 188 of 4,207 million USD, so that a plant without cells is another scope."""
    case = cost_case("nmc811-graphite")
    assert float(cell_cost(case, scope="packs").capital[0]) == pytest.approx(188e6, rel=0.01)


@pytest.mark.parametrize("name", cost_technologies())
def test_rows_sum_to_the_total_in_every_member(name: str):
    for scope in SCOPES:
        cost = cell_cost(cost_case(name), scope=scope, figures=Figures(3, first=0, count=50))  # type: ignore[arg-type]
        assert np.allclose(sum(cost.rows.values()), cost.total)
        bought = cost.rows["materials"] + cost.rows["purchased_items"]
        assert np.allclose(sum(cost.materials.values()), bought)
        paid = cost.rows["direct_labour"] + cost.rows["depreciation"]
        assert np.allclose(sum(step.cost for step in cost.steps.values()), paid)


@settings(max_examples=25, deadline=None)
@given(volume=st.floats(1e6, 1e9), more=st.floats(1.0, 50.0), name=st.sampled_from(cost_technologies()))
def test_a_larger_plant_is_never_dearer(volume: float, more: float, name: str):
    case = cost_case(name)
    small_one, large = cell_cost(case, volume=volume), cell_cost(case, volume=volume * more)
    assert float(large.total[0]) <= float(small_one.total[0]) * (1 + 1e-9)


@settings(max_examples=25, deadline=None)
@given(low=st.floats(10, 100), high=st.floats(10, 100))
def test_a_higher_yield_is_never_dearer(low: float, high: float):
    low, high = sorted((low, high))
    worse, better = (float(cell_cost(parse_cost(small(mixing=one))).total[0]) for one in (low, high))
    assert better <= worse * (1 + 1e-9)


def test_the_same_seed_gives_the_same_draws_in_every_country():
    case = parse_cost(small(price="2 .. 6 USD/kg"))
    told = told_cost(case, countries=["AA", "BB"], members=200)
    ends = [next(row for row in one["rows"] if row["component"] == "materials") for one in told["countries"]]
    assert ends[0] == ends[1]
    assert ends[0]["p10"] < ends[0]["mean"] < ends[0]["p90"]
    assert told == told_cost(case, countries=["AA", "BB"], members=200)


def test_the_table_has_every_row_of_every_country():
    told = told_cost(parse_cost(small()), countries=["AA", "BB"], members=5)
    frame = cost_table(told)
    assert len(frame) == 22
    total = sum(one["total"]["mean"] for one in told["countries"])
    assert float(frame["mean"].sum()) == pytest.approx(total)


def test_what_is_not_the_baseline_is_not_held_against_it():
    with pytest.raises(InputError, match="the published baseline is 'nmc811-graphite' in US at 50 GWh"):
        told_cost(cost_case("lfp-graphite"), compare=True, members=5)
    with pytest.raises(InputError, match="nothing is published of the plant"):
        told_cost(parse_cost(small()), compare=True, members=5)


def test_what_cannot_be_costed_is_refused():
    case = parse_cost(small())
    with pytest.raises(StudyError, match="country 'ZZ' is not there in USD"):
        cell_cost(case, country="ZZ")
    with pytest.raises(InputError, match="volume is 0 kWh, expected from 1 to 1e18"):
        cell_cost(case, volume=0.0)
    with pytest.raises(InputError, match="members is 0"):
        told_cost(case, members=0)
    with pytest.raises(StudyError, match="says nothing of learning"):
        cell_cost(parse_cost(small().replace("  learning:", "  #")), cumulative=1e9)


def test_a_cost_that_overflows_has_no_answer():
    text = small().replace('land_and_building: "100 USD/m2"', 'land_and_building: "9e17 USD/m2"')
    text = text.replace('area: "10 m2", area_exponent: "1 ratio"', 'area: "1e10 m2", area_exponent: "2 ratio"')
    text = text.replace('base: "2000 kg/year"', 'base: "1e-290 kg/year"')
    with pytest.raises(InfeasibleError, match="is no finite number"):
        cell_cost(parse_cost(text))


def test_a_volume_far_from_the_baseline_is_noted():
    notes = told_cost(cost_case("lfp-graphite"), volume=1e6, members=2)["notes"]
    assert any("0.02 times the baseline plant's" in note for note in notes)


def test_the_page_of_the_baseline_says_what_is_computed():
    page = Path(__file__).resolve().parents[2] / "docs/reference/cost-baseline.md"
    text = page.read_text(encoding="utf-8")
    found = told_baseline(cost_case("nmc811-graphite"), countries=["US"], volume=50e6)
    for row in found["rows"]:
        cells = [f"{row[kind][key] / scale:,.4g}" for kind, scale in (("capital", 1e6), ("labour", 1e3))
                 for key in ("published", "computed")]  # fmt: skip
        line = next(line for line in text.splitlines() if line.startswith(f"| {row['title']} |"))
        assert [line.split(" | ")[place] for place in (1, 2, 4, 5)] == cells


def test_an_overhead_that_holds_less_than_the_energy_is_said_to_be_nothing():
    """Of cells of iron phosphate 20 % of the depreciation and 40 % of the labour are less than the energy in China."""
    case = cost_case("lfp-graphite")
    notes = told_cost(case, countries=["CN", "US"], members=10)["notes"]
    assert [note for note in notes if note.startswith("In China the variable overhead is less than the energy")]
    assert not [note for note in told_cost(case, countries=["US"], members=10)["notes"] if "held at 0" in note]


def test_a_world_that_made_less_than_at_the_prices_day_is_noted():
    case = cost_case("lfp-graphite")
    assert case.technology.learning is not None
    made = case.technology.learning.cumulative.to("kWh")
    notes = told_cost(case, cumulative=made.low / 2, members=10)["notes"]
    assert [note for note in notes if "the cost is that of an earlier day" in note]
    assert not [note for note in told_cost(case, cumulative=made.high * 2, members=10)["notes"] if "earlier" in note]
