"""Shocks, lanes, turns and queues as arrays, on a study of two plants in one region that sells to another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.calendar import months_between
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.inputs.lanes import around, lane_values, regions
from cell2grid.run.inputs.orders import order_values, placed_orders
from cell2grid.run.inputs.serving import serving_values
from cell2grid.run.inputs.shocks import Shocks
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.inputs.trade import supply_values
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

STUDY = """
study: two-mills
horizon: {start: 2030-01, end: 2030-12}
sources: {log: {title: A log, publisher: The mill, date: 2030-01-02}}
regions: {SE: {}, PL: {}, FI: {}}
products:
  salt: {counted_in: cell, external: "assumed: sold everywhere"}
  pack: {counted_in: pack}
firms: {mill: {}}
plants:
  old:
    {owner: mill, region: SE, makes: pack, capacity: "100 pack/month [log]", opens: "2030-01 [log]",
     inputs: [{product: salt, per_item: "2 cell/pack [log]"}],
     allocation: [{quarter_half: first, first: PL, export_share: "60 percent [log]"}]}
  new:
    {owner: mill, region: SE, makes: pack, capacity: "100 pack/month [log]", opens: "2030-01 [log]",
     priority: contract-date, allocation: [{quarter_months: [3], first: home}]}
lanes:
  - {origin: SE, destination: PL, lead_time: "24 day [log]", lead_time_deviation: "6 day [log]"}
  - {origin: SE, destination: FI, product: pack, lead_time: "3 .. 9 day [log]"}
markets:
  shops: {region: PL, product: pack, demand: [{start: 2030-01, quantity: "50 pack/month [log]"}]}
  yards: {region: SE, product: pack, demand: [{start: 2030-01, unlimited: "assumed: a queue"}]}
orders:
  late:
    {market: shops, plant: new, product: pack, quantity: "5 pack [log]", ordered: "2030-02 [log]",
     wanted: "2030-09 [log]"}
  soon:
    {region: FI, plant: new, product: pack, quantity: "5 pack [log]", ordered: "2030-03 [log]",
     wanted: "2030-06 [log]"}
  open: {region: FI, plant: new, product: pack, quantity: "5 pack [log]", ordered: "2030-01 [log]"}
  two:
    {region: FI, plant: old, product: pack, quantity: "5 pack [log]", ordered: "2030-03-02 [log]",
     wanted: "2030-04 [log]"}
  one: {region: FI, plant: old, product: pack, quantity: "5 pack [log]", ordered: "2030-03-01 [log]"}
shocks:
  ice: {lane: {origin: SE, destination: FI}, delay: "15 day [log]", start: "2030-02-15 [log]", end: "2030-03-31 [log]"}
  locks: {region: PL, what: lane, leaves: "50 percent [log]", start: "2030-06-16 [log]", end: "2030-06 [log]"}
  frost: {region: SE, leaves: "20 percent [log]", start: "2030-04-10 [log]", lasts: "3 .. 30 day [log]"}
  fire:
    {plant: old, leaves: "0 percent [log]", probability: "30 percent [log]", start: "2030-04 [log]",
     end: "2030-04 [log]"}
  no-salt: {product: salt, leaves: "25 percent [log]", start: "2030-05 [log]", end: "2030-05 [log]"}
  shut: {market: yards, leaves: "0 percent [log]", start: "2030-08 [log]", end: "2030-08-10 [log]"}
  closed: {market: yards, leaves: "0 percent [log]", start: "2030-10 [log]", end: "2030-10 [log]"}
  slack: {market: shops, leaves: "40 percent [log]", start: "2030-09-16 [log]", end: "2030-09 [log]"}
"""
MEMBERS = 400
DAYS = 365 / 12  # in a month


def _study(**changes: str) -> Study:
    text = STUDY
    for old, new in changes.items():
        text = text.replace(old, new)
    return parse_study(text)


def _figures(study: Study, *, first: int = 0, count: int = MEMBERS) -> Figures:
    return Figures(study.seed, first=first, count=count, rows=row_names(study))


def _periods(study: Study) -> list[str]:
    return months_between(study.horizon.start, study.horizon.end)


def _arrays(study: Study, without: Sequence[str] = (), **which: int) -> dict[str, np.ndarray]:
    figures = _figures(study, **which)
    periods = _periods(study)
    values = supply_values(study, figures, periods, Shocks(study, figures, periods, without))
    return {name: array for name, (_, array) in values.items()}


def test_scales_of_lanes_inputs_and_demand_by_hand() -> None:
    """The canal leaves half of the second half of June's 30 days: (15 + 15 × 0.5) / 30 = 0.75, also to Poland alone."""
    study = _study()
    found, places = _arrays(study), regions(study)
    lane = found["lane_scale"][:, 0, places.index("PL")]
    assert lane[:, 5] == pytest.approx(0.75)
    assert (np.delete(lane, 5, axis=1) == 1.0).all()
    assert (found["lane_scale"][:, :, [places.index("SE"), places.index("FI")]] == 1.0).all()
    salt = found["input_scale"][:, list(study.products).index("salt")]
    assert (salt[:, 4] == 0.25).all()
    assert (np.delete(salt, 4, axis=1) == 1.0).all()
    shops, yards = found["market_demand"][:, 0], found["market_demand"][:, 1]
    assert shops[:, 8] == pytest.approx(50 * (14 + 16 * 0 + 15 * 0.4 + 1) / 30)
    assert (shops[:, 7] == 50).all()
    assert np.isinf(yards[:, 7]).all(), "a part of all that is left is all of it while any day is open"
    assert (yards[:, 9] == 0.0).all(), "a market that is closed all month takes nothing"


def test_a_delay_holds_for_what_leaves_on_its_days() -> None:
    """In February 14 of 28 days are hit: half of 15 days longer; in March all of them."""
    study = _study()
    places = regions(study)
    ice, none = (_arrays(study, without)["lead_time"][:, 1, places.index("FI")] for without in ((), ("ice",)))
    assert (ice - none)[:, 1] == pytest.approx(7.5 / DAYS)
    assert (ice - none)[:, 2] == pytest.approx(15 / DAYS)
    assert (ice == none)[:, 3:].all()


def test_plants_are_hit_with_their_region_for_as_long_as_was_drawn() -> None:
    """Of April's 30 days, L from the tenth on keep 20 %, and nothing is left where the fire comes."""
    study = _study()
    figures = _figures(study)
    shocks = Shocks(study, figures, _periods(study))
    old, new = (shocks.of_plant(study.plants[name], name, "output") for name in ("old", "new"))
    lasts = figures.drawn("x", "shocks.frost.lasts", study.shocks["frost"].lasts, "day")  # type: ignore[arg-type]
    hit = np.minimum(lasts, 21)
    assert new[:, 3] == pytest.approx((30 - hit + 0.2 * hit) / 30)
    assert new[:, 4] == pytest.approx((31 - 0.8 * np.maximum(lasts - 21, 0)) / 31)
    burnt = old[:, 3] == 0.0
    assert (old[~burnt, 3] == new[~burnt, 3]).all()
    assert burnt.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / MEMBERS))


def test_chances_of_nothing_and_of_all_are_kept() -> None:
    for chance, share in (("0 percent", 0.0), ("100 percent", 1.0)):
        study = _study(**{'probability: "30 percent': f'probability: "{chance}'})
        figures = _figures(study)
        left = Shocks(study, figures, ["2030-04"], ["frost"]).of_plant(study.plants["old"], "old", "output")
        assert (left == 1.0 - share).all()


@pytest.mark.parametrize("name", ["ice", "locks", "frost", "fire", "no-salt", "shut", "slack"])
def test_leaving_a_shock_out_moves_no_other_draw(name: str) -> None:
    study = _study()
    whole, rest = _arrays(study), _arrays(study, [name])
    moved = {variable for variable in whole if not (whole[variable] == rest[variable]).all()}
    assert len(moved) == (0 if name in ("frost", "fire", "shut") else 1)
    figures, periods = _figures(study), _periods(study)
    for plant in ("old", "new"):
        left = [
            Shocks(study, figures, periods, out).of_plant(study.plants[plant], plant, "output") for out in ((), [name])
        ]
        assert (left[0] == left[1]).all() == (name not in ("frost", "fire") or (name == "fire" and plant == "new"))


def test_members_draw_alike_in_any_chunk() -> None:
    study = _study()
    whole, part = _arrays(study, count=9), _arrays(study, first=4, count=5)
    for name, dims in (("lead_time", 4), ("market_demand", 3), ("order_quantity", 2)):
        assert whole[name].ndim == dims
        assert np.array_equal(whole[name][4:], part[name], equal_nan=True)


def test_lead_times_differ_by_month_and_keep_their_mean_and_deviation() -> None:
    """24 days with a deviation of 6: the cut at four deviations takes less than a thousandth of the spread."""
    study = _study()
    lead = _arrays(study)["lead_time"][:, 0, regions(study).index("PL")] * DAYS
    few = np.sqrt(lead.size)
    assert lead.mean() == pytest.approx(24, abs=4 * 6 / few)
    assert lead.std() == pytest.approx(6, abs=4 * 6 / few)
    assert lead.min() > 0
    assert (np.diff(lead, axis=1) != 0).all()
    months = np.corrcoef(lead[:, 0], lead[:, 1])[0, 1]
    assert abs(months) < 4 / np.sqrt(MEMBERS), "each month is drawn anew"


@given(st.integers(0, 4096).map(lambda part: part / 4096), st.floats(0, 100), st.floats(0, 300))
def test_a_cut_normal_stays_between_nothing_and_twice_its_mean(share: float, mean: float, deviation: float) -> None:
    of = lambda part: around(np.array([part]), np.array([mean]), np.array([deviation]))[0]  # noqa: E731
    assert 0.0 <= of(share) <= 2 * mean
    assert of(share) + of(1 - share) == pytest.approx(2 * mean, abs=1e-6 + 1e-9 * mean), "even on both sides"


def test_half_a_quarter_splits_its_middle_month_into_two_turns() -> None:
    study = _study()
    found = {name: array for name, (_, array) in serving_values(study, _figures(study), _periods(study)).items()}
    places = regions(study)
    assert found["turn_share"][0, :3].tolist() == [[1, 0], [0.5, 0.5], [1, 0]]
    assert (found["turn_share"][1] == [1, 0]).all(), "a plant without halves has one turn"
    rank = found["serving_rank"][0]
    assert rank[places.index("PL"), :3].tolist() == [[0, 0], [0, 0], [0, 0]]
    assert rank[places.index("SE"), :3].tolist() == [[1, 1], [1, 0], [0, 0]]
    assert (found["export_share"][:, 0, 1] == [0.6, 1.0]).all()
    assert (found["export_share"][:, 0, 2] == 1.0).all()
    home = found["serving_rank"][1]
    assert home[places.index("SE"), 2, 0] == 0
    assert home[places.index("PL"), 2, 0] == 1
    assert (home[:, 1] == 0).all(), "where no rule speaks all are served together"


def test_queues_go_by_the_day_of_the_order_or_by_the_day_it_is_wanted() -> None:
    study = _study()
    values = {name: array for name, (_, array) in order_values(study, _figures(study), _periods(study)).items()}
    rank = dict(zip(placed_orders(study), values["order_rank"], strict=True))
    assert rank["one"] < rank["two"], "first come"
    assert rank["soon"] < rank["late"] < rank["open"], "by contract date, and those without one last"
    first = dict(zip(placed_orders(study), values["order_from"], strict=True))
    assert first == {"late": 1, "soon": 2, "open": 0, "two": 2, "one": 2}


def test_order_of_rows_changes_no_number() -> None:
    study = _study()
    other = study.changed(lanes=study.lanes[::-1], shocks=dict(reversed(study.shocks.items())))
    figures, periods = _figures(study), _periods(study)
    mine = lane_values(study, figures, periods, Shocks(study, figures, periods))
    figures = _figures(other)
    others = lane_values(other, figures, periods, Shocks(other, figures, periods))
    for name in mine:
        assert np.array_equal(mine[name][1], others[name][1], equal_nan=True)
