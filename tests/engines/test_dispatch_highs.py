"""The whole problem on HiGHS: each feature by hand, cases without a schedule, and a lattice that knows no solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.dispatch.case import Case, CycleCap, Table, asset_case
from cell2grid.engines.dispatch.highs import Whole, whole
from cell2grid.engines.dispatch.highs.curves import level_lines
from cell2grid.engines.dispatch.highs.problem import build, nothing, question
from cell2grid.engines.dispatch.highs.solver import minimum, proved
from cell2grid.errors import InfeasibleError, InputError, NotConvergedError
from cell2grid.prices import synthetic_year

Step = tuple[float, float]


def best(price: list[float], step_hours: Any = 1.0, **asset: Any) -> Whole:
    chosen = {"power": 4.0, "energy": 4.0, **asset}
    return whole(asset_case(np.array(price), step_hours, **chosen))  # type: ignore[arg-type]


def curve(case: Case, charging: bool) -> tuple[list[float], list[float]]:
    """Power at the grid and in the store, point by point."""
    table = case.efficiency_charge_by_power if charging else case.efficiency_discharge_by_power
    table = table or ((1.0, case.efficiency_charge if charging else case.efficiency_discharge),)
    most = float((case.charge_limit if charging else case.discharge_limit).max())
    power = [0.0, *(most * share for share, _ in table)]
    return power, [0.0, *(most * share * (e if charging else 1.0 / e) for share, e in table)]


def assert_a_schedule(case: Case, found: Whole) -> None:
    """Every limit of the model holds, and the bound is where the value is."""
    size = case.energy_capacity
    start = found.energy[-1] if case.cyclic else case.start
    before = np.concatenate([[start], found.energy[:-1]])
    stored = np.interp(found.charge, *curve(case, True)) * case.step_hours
    drawn = np.interp(found.discharge, *curve(case, False)) * case.step_hours
    np.testing.assert_allclose(found.energy, case.kept * before + stored - drawn, rtol=0.0, atol=1e-9 * max(size, 1.0))
    assert (found.energy >= case.lowest - 1e-9).all()
    assert (found.energy <= case.highest + 1e-9).all()
    assert (found.charge >= 0.0).all()
    assert (found.discharge >= 0.0).all()
    assert (found.charge <= case.charge_limit).all()
    assert (found.discharge <= case.discharge_limit).all()
    if case.mode == "exclusive":
        assert (found.charge * found.discharge == 0.0).all()
    for table, power, limit in (
        (case.charge_by_level, found.charge, case.charge_limit),
        (case.discharge_by_level, found.discharge, case.discharge_limit),
    ):
        if table is not None:
            share = np.interp(found.energy / size, *zip(*table, strict=True))
            assert (power <= limit * share + 1e-8).all()
    for cap in case.cycle_caps:
        assert drawn[cap.first : cap.last + 1].sum() <= cap.energy + 1e-8
    assert -1e-9 <= found.bound - found.value <= 1e-9 * max(1.0, abs(found.value)) * 1e3


# ------------------------------------------------------------------------------------------------- features by hand


def test_a_charge_limit_that_falls_toward_full_holds_at_the_end_of_the_step() -> None:
    """10 MW up to half full, then falling to 0: c <= 10 * 2 * (1 - c / 10), so c = 20/3; sold at 100, bought at 1."""
    found = best([1.0, 100.0], power=10.0, energy=10.0, charge_by_level=((0.0, 1.0), (0.5, 1.0), (1.0, 0.0)))
    np.testing.assert_allclose(found.charge, [20.0 / 3.0, 0.0], rtol=1e-12)
    assert found.value == pytest.approx(660.0, rel=1e-12)
    assert found.method == "highs lp"


def test_a_discharge_limit_that_falls_toward_empty_holds_at_the_end_of_the_step() -> None:
    """Full 10 MWh; d <= 10 * 2 * (10 - d) / 10, so d = 20/3 at 100."""
    table = ((0.0, 0.0), (0.5, 1.0), (1.0, 1.0))
    found = best([100.0], power=10.0, energy=10.0, start_fraction=1.0, discharge_by_level=table)
    assert found.value == pytest.approx(2000.0 / 3.0, rel=1e-12)


def test_a_level_limit_that_no_linear_limits_say_is_refused() -> None:
    with pytest.raises(InputError, match=r"charge_by_level bends upwards at level 0\.5"):
        best([1.0, 2.0], charge_by_level=((0.0, 1.0), (0.5, 0.2), (1.0, 0.1)))


def test_lines_of_a_level_table_are_the_table() -> None:
    table = ((0.0, 1.0), (0.4, 1.0), (0.7, 0.8), (1.0, 0.1))
    level = np.linspace(0.0, 1.0, 101)
    least = np.min([a + b * level for a, b in level_lines("charge_by_level", table)], axis=0)
    np.testing.assert_allclose(np.minimum(least, 1.0), np.interp(level, *zip(*table, strict=True)), atol=1e-12)


@pytest.mark.parametrize(("sold", "bought", "value"), [(15.0, 2.0, 10.0), (25.0, 4.0, 35.0)])
def test_efficiency_that_falls_with_power_is_used_as_far_as_it_pays(sold: float, bought: float, value: float) -> None:
    """2 MW store 2 MWh and 4 MW store 3: the second half costs 20 a stored MWh at a price of 10.

    At 15 only the first half pays: 2 * 15 - 2 * 10 = 10. At 25 both do: 3 * 25 - 4 * 10 = 35.
    """
    found = best([10.0, sold], energy=3.0, efficiency_charge_by_power=((0.5, 1.0), (1.0, 0.75)))
    np.testing.assert_allclose(found.charge, [bought, 0.0], atol=1e-12)
    assert (found.value, found.method) == (pytest.approx(value, rel=1e-12), "highs lp")


def test_efficiency_that_rises_with_power_is_not_used_backwards() -> None:
    """2 MW store 1 MWh and 4 MW store 3, 2 MWh of room: 3 MW store 2, which costs 30 and earns 2 * 16 = 32.

    The better half alone would store 2 MWh for 20.
    """
    found = best([10.0, 16.0], energy=2.0, efficiency_charge_by_power=((0.5, 0.5), (1.0, 0.75)))
    np.testing.assert_allclose(found.charge, [3.0, 0.0], rtol=1e-12)
    assert found.value == pytest.approx(2.0, rel=1e-12)


def test_efficiency_that_rises_with_power_is_not_mixed_from_its_ends() -> None:
    """Of 3 MWh only 1 can be sold, at 16: storing it costs 2 MWh at 10, and all 3 cost 40. Nothing is best.

    A third of the 4 MW that store 3 would cost 13.33, but there is no such third.
    """
    table = ((0.5, 0.5), (1.0, 0.75))
    found = best([10.0, 16.0], energy=3.0, discharge_power=1.0, efficiency_charge_by_power=table)
    assert (found.value, found.method) == (pytest.approx(0.0, abs=1e-12), "highs milp")


def test_efficiency_that_falls_with_power_is_not_wasted_at_a_negative_price() -> None:
    """1 MWh of room at a price of -10: 1 MW in the efficient half fills it and earns 10.

    The wasteful half alone would take 2 MW to fill it and earn 20.
    """
    found = best([-10.0], energy=1.0, efficiency_charge_by_power=((0.5, 1.0), (1.0, 0.75)))
    assert found.value == pytest.approx(10.0, rel=1e-12)


def test_a_cap_of_one_cycle_a_day_leaves_one_sale_a_day() -> None:
    """1 MW, 1 MWh: the first day sells at 10 or 12 and the second at 20 or 15, bought at 0: 12 + 20."""
    price = [0.0, 10.0, 0.0, 12.0, 0.0, 20.0, 0.0, 15.0]
    day = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    found = best(price, power=1.0, energy=1.0, cycles_per_day=1.0, day=day)
    assert found.value == pytest.approx(32.0, rel=1e-12)
    np.testing.assert_allclose(found.discharge, [0, 0, 0, 1, 0, 1, 0, 0], atol=1e-12)


def test_a_cyclic_store_chooses_the_level_it_begins_with() -> None:
    """Dear before cheap: begins full, sells 4 at 50, buys 4 back at 10."""
    found = best([50.0, 10.0], cyclic=True)
    assert found.value == pytest.approx(160.0, rel=1e-12)
    np.testing.assert_allclose(found.energy, [0.0, 4.0], atol=1e-12)
    # one more MWh after the first step saves 10 at the end; one less is one that was not there to be sold at 50
    assert 10.0 - 1e-9 <= found.water_value[0] <= 50.0 + 1e-9
    assert found.water_value[1] == pytest.approx(50.0, rel=1e-9)


def test_a_hybrid_plant_stores_what_the_export_limit_would_curtail() -> None:
    """10 MW of sun, 4 MW of export: 4 sold at 20, 4 stored, 2 curtailed; then 4 sold at 30."""
    found = best([20.0, 30.0], generation=np.array([10.0, 0.0]), export_limit=4.0)
    assert found.value == pytest.approx(200.0, rel=1e-12)
    np.testing.assert_allclose(found.charge, [4.0, 0.0], rtol=1e-12)


def test_a_site_that_may_not_export_buys_ahead_for_its_load_only() -> None:
    """2 MW of load: in the hour at 10 it buys 2 and stores 2 more, in the hour at 50 nothing: -40."""
    found = best([10.0, 50.0], load=2.0, export_limit=0.0)
    assert found.value == pytest.approx(-40.0, rel=1e-12)
    np.testing.assert_allclose(found.discharge, [0.0, 2.0], rtol=1e-12)


def test_one_meter_never_sells_and_buys_at_once() -> None:
    """4 MW of sun on 4 MW of load net to nothing, though selling pays 15 and buying costs 10.

    1 MWh is bought at 10 and sold at 15 an hour later: 5.
    """
    found = best([10.0, 10.0], power=1.0, energy=1.0, generation=4.0, load=4.0, sell_adder=5.0)
    assert (found.value, found.method) == (pytest.approx(5.0, rel=1e-12), "highs milp")


def test_stored_energy_is_kept_as_far_as_its_terminal_worth_pays() -> None:
    """Two MWh are worth 30 and two are worth 5 at the end, and a MWh costs 10: 2 * 30 - 2 * 10 = 40."""
    found = best([10.0], terminal_worth=((2.0, 30.0), (2.0, 5.0)))
    assert found.value == pytest.approx(40.0, rel=1e-12)
    assert 5.0 - 1e-9 <= found.water_value[0] <= 30.0 + 1e-9


def test_energy_beyond_a_terminal_worth_below_zero_is_worth_nothing() -> None:
    """The first MWh left over costs 10 and the other three nothing; of 4 MWh only 1 can be sold, at -2.

    3 left: -10 - 2 = -12; 4 left: -10.
    """
    kept = best([-2.0], power=np.array([0.0]), discharge_power=1.0, start_fraction=1.0, terminal_worth=((1.0, -10.0),))
    assert (kept.value, kept.method) == (pytest.approx(-10.0, rel=1e-12), "highs milp")


def test_both_directions_at_once_are_paid_for_in_the_relaxed_mode_only() -> None:
    """Full, efficiencies 0.5: taking 4 stores 2, which 1 MW drains: 3 MWh net at -10 earn 30."""
    asset: dict[str, Any] = {"efficiency_charge": 0.5, "efficiency_discharge": 0.5, "start_fraction": 1.0}
    assert best([-10.0], mode="relaxed", **asset).value == pytest.approx(30.0, rel=1e-12)
    assert best([-10.0], **asset).value == pytest.approx(0.0, abs=1e-12)


def test_standing_loss_makes_it_dear_to_hold_energy() -> None:
    """Half is lost in an hour: of 4 MWh 2 are left and sold at 20; 4 must be there at the end, bought at 20: -40.

    Holding the 2 would leave 1 of them and save 20 where selling them earns 40: a MWh held is worth 10.
    """
    found = best([20.0, 20.0], start_fraction=1.0, end_fraction=1.0, self_discharge=0.5)
    assert found.value == pytest.approx(-40.0, rel=1e-12)
    np.testing.assert_allclose(found.energy, [0.0, 4.0], atol=1e-12)
    assert found.water_value[0] == pytest.approx(10.0, rel=1e-9)


def test_a_floor_and_a_ceiling_that_change_with_time_hold() -> None:
    """At least 3 MWh after the first hour and at most 1 after the second: 3 bought at 50, 2 sold at 10, 1 at 10."""
    floor, ceiling = np.array([0.75, 0.0, 0.0]), np.array([1.0, 0.25, 1.0])
    found = best([50.0, 10.0, 10.0], energy_floor=floor, energy_ceiling=ceiling)
    assert found.value == pytest.approx(-120.0, rel=1e-12)


# ---------------------------------------------------------------------------------------------------- no schedule


@pytest.mark.parametrize(
    ("price", "asset", "message"),
    [
        (
            [1.0, 1.0, 1.0],
            {"load": np.array([1.0, 5.0, 1.0]), "import_limit": 1.0, "power": 2.0, "start_fraction": 1.0},
            r"load of timestep 1 is 5 MW and cannot be served: .* at least 3 MW must come",
        ),
        # 2 MWh a step are drawn beside the import: the store of 4 MWh lasts two steps
        (
            [1.0] * 4,
            {"load": 3.0, "import_limit": 1.0, "start_fraction": 1.0},
            r"load of timestep 2 is 3 MW and cannot be served",
        ),
        # a full store is asked for in the step in which the load needs it
        (
            [1.0, 1.0],
            {"load": 2.0, "import_limit": 1.0, "start_fraction": 1.0, "energy_floor": np.array([1.0, 0.0])},
            r"load of timestep 0 is 2 MW and cannot be served: .* at least 2 MW must come",
        ),
        (
            [1.0, 1.0],
            {"power": 1.0, "end_fraction": 1.0},
            r"after timestep 1 at most 2 MWh can be stored, and end_fraction 1 asks for 4 MWh",
        ),
        (
            [1.0, 1.0, 1.0],
            {"power": 1.0, "energy_floor": np.array([0.0, 0.75, 0.0])},
            r"after timestep 1 at most 2 MWh can be stored, and energy_floor asks for 3 MWh",
        ),
        (
            [1.0, 1.0],
            {"start_fraction": 1.0, "power": 1.0, "energy_ceiling": np.array([1.0, 0.25])},
            r"after timestep 1 at least 2 MWh are stored, and energy_ceiling allows 1 MWh",
        ),
        (
            [1.0, 1.0],
            {"start_fraction": 1.0, "energy_ceiling": np.array([1.0, 0.25]), "cycles_per_day": 0.5},
            r"cycle cap of timesteps 0 to 1 allows 2 MWh to be drawn from the store, and 3 MWh must be",
        ),
        (
            [1.0, 1.0],
            {"cyclic": True, "load": 1.0, "import_limit": 0.5, "power": 1.0},
            r"cyclic: no level is the same before the first and after the last timestep; at most 3 MWh",
        ),
        (
            [1.0, 1.0],
            {"charge_by_level": ((0.0, 1.0), (1.0, 0.0)), "power": 1.0, "end_fraction": 0.5},
            r"after timestep 1 at most 1\.4\d* MWh can be stored, and end_fraction 0\.5 asks for 2 MWh",
        ),
        (
            [1.0],
            {"start_fraction": 1.0, "end_fraction": 0.0, "energy_ceiling": np.array([0.5]), "export_limit": 1.0},
            r"after timestep 0 at least 3 MWh are stored, and energy_ceiling allows 2 MWh",
        ),
    ],
)
def test_the_limit_that_cannot_be_met_and_its_timestep_are_named(
    price: list[float], asset: dict[str, Any], message: str
) -> None:
    with pytest.raises(InfeasibleError, match=message):
        best(price, **asset)


def test_only_both_directions_at_once_would_empty_a_store_that_may_not_export() -> None:
    """Nothing leaves the site, and the ceiling falls: the exclusive mode has no way, the relaxed one burns 1.5 MWh.

    With d = c, 0.5 c is stored and 2 c is drawn: c = 1 takes 1.5 MWh away.
    """
    asset: dict[str, Any] = {"efficiency_charge": 0.5, "efficiency_discharge": 0.5, "start_fraction": 1.0}
    asset |= {"export_limit": 0.0, "energy_ceiling": np.array([0.625])}
    with pytest.raises(InfeasibleError, match=r"after timestep 0 at least 4 MWh are stored"):
        best([10.0], **asset)
    found = best([10.0], mode="relaxed", **asset)
    assert found.charge[0] >= 1.0 - 1e-9
    assert found.discharge[0] == pytest.approx(found.charge[0], rel=1e-9)


def test_a_time_limit_that_passes_names_what_was_found() -> None:
    with pytest.raises(NotConvergedError, match="the time limit passed with 0 choices in 500 timesteps: found"):
        whole(asset_case(np.arange(500.0) % 7.0, power=1.0, energy=2.0), time_limit=0.0)


def test_a_number_that_is_not_finite_is_named() -> None:
    with pytest.raises(InputError, match="price of timestep 1 is nan"):
        best([1.0, float("nan")])
    with pytest.raises(InputError, match="throughput_cost is inf"):
        best([1.0], throughput_cost=float("inf"))


def test_more_power_that_stores_less_is_refused() -> None:
    with pytest.raises(InputError, match=r"efficiency_charge_by_power at share 1 and efficiency 0\.4"):
        best([1.0, 2.0], efficiency_charge_by_power=((0.5, 0.9), (1.0, 0.4)))


# ------------------------------------------------------------------------------------------------------------- laws


def test_any_duals_give_a_bound_and_the_best_give_the_value() -> None:
    problem, _ = build(*(asked := (question(asset_case(np.arange(20.0) % 6, power=1.0, energy=3.0)),)), nothing(*asked))
    answer = minimum(problem, np.inf)
    assert answer.bound == pytest.approx(answer.found, rel=1e-12)
    noise = np.random.default_rng(0)
    for _ in range(20):
        assert proved(problem, answer.dual + noise.normal(size=len(answer.dual))) <= answer.found + 1e-12


YEAR: dict[str, dict[str, Any]] = {
    "relaxed": {"mode": "relaxed"},
    "levels": {"charge_by_level": ((0.0, 1.0), (0.8, 1.0), (1.0, 0.2)), "mode": "relaxed"},
    "site": {"load": 60.0, "import_limit": 90.0, "export_limit": 0.0, "buy_adder": 10.0},
    "exclusive": {"self_discharge": 0.0005, "cycles_per_day": 1.5},
}


@pytest.mark.parametrize("feature", YEAR)
def test_a_year_of_hours_is_a_schedule_within_its_bound(feature: str) -> None:
    year = synthetic_year(3)
    asset: dict[str, Any] = {"power": 100.0, "energy": 400.0, "efficiency_charge": 0.94, "efficiency_discharge": 0.94}
    asset |= {"start_fraction": 0.5, "end_fraction": 0.5, **YEAR[feature]}
    case = asset_case(year.price, year.step_hours, **asset)
    found = whole(case)
    assert_a_schedule(case, found)
    assert found.method == ("highs milp" if feature == "exclusive" else "highs lp")


def test_an_asset_of_another_size_earns_in_proportion() -> None:
    price = 40.0 + 60.0 * np.sin(np.arange(72) * 0.7)
    asset: dict[str, Any] = {"efficiency_charge": 0.9, "efficiency_discharge": 0.95, "cycles_per_day": 1.2}
    small, large = (
        whole(asset_case(price, power=size, energy=2.0 * size, **asset)).value / size for size in (1e-4, 1e6)
    )
    assert small == pytest.approx(large, rel=1e-9)


# ---------------------------------------------------------------------------------------- a lattice without a solver


def ways(case: Case, t: int, before: float, after: float) -> list[Step]:
    """Every way from one level to another in a step: the money it earns and the energy it draws."""
    hours, change = case.step_hours[t], after - case.kept[t] * before
    if case.mode == "relaxed":
        taken = np.arange(0.0, case.charge_limit[t] + 0.25, 0.5)
        pairs = [(c, (np.interp(c, *curve(case, True)) * hours - change) / hours) for c in taken]
        pairs = [(c, np.interp(w, *curve(case, False)[::-1]), w) for c, w in pairs if w >= 0.0]
    else:
        into, out = max(change, 0.0) / hours, max(-change, 0.0) / hours
        pairs = [(np.interp(into, *curve(case, True)[::-1]), np.interp(out, *curve(case, False)[::-1]), out)]
        if into > curve(case, True)[1][-1] + 1e-9:
            return []
    found = []
    for charge, discharge, drawn in pairs:
        if charge > case.charge_limit[t] + 1e-9 or discharge > case.discharge_limit[t] + 1e-9:
            continue
        if drawn > curve(case, False)[1][-1] + 1e-9:
            continue
        if over(case.charge_by_level, case.charge_limit[t], charge, after / case.energy_capacity):
            continue
        if over(case.discharge_by_level, case.discharge_limit[t], discharge, after / case.energy_capacity):
            continue
        money = at_the_meter(case, t, charge, discharge)
        if money is not None:
            cost = case.throughput_cost * (charge + discharge)
            found.append((float((money - cost) * hours), float(drawn * hours)))
    return found


def over(table: Table | None, limit: float, power: float, level: float) -> bool:
    return table is not None and bool(power > limit * np.interp(level, *zip(*table, strict=True)) + 1e-9)


def at_the_meter(case: Case, t: int, charge: float, discharge: float) -> float | None:
    """The most money an hour over every quarter of a MW curtailed; None where the connection allows none."""
    sun = 0.0 if case.generation is None else case.generation[t]
    load = 0.0 if case.load is None else case.load[t]
    money = []
    for curtailed in np.arange(0.0, sun + 0.1, 0.25):
        net = sun - curtailed - load + discharge - charge
        if case.export_limit is not None and net > case.export_limit[t] + 1e-9:
            continue
        if case.import_limit is not None and net < -case.import_limit[t] - 1e-9:
            continue
        money.append(net * (case.sell_price[t] if net >= 0.0 else case.buy_price[t]))
    return max(money, default=None)


def worth_at_the_end(case: Case, level: float) -> float:
    edges = np.cumsum([0.0, *(length for length, _ in case.terminal_worth or ())])
    return sum(
        worth * (min(level, high) - low)
        for (_, worth), low, high in zip(case.terminal_worth or (), edges[:-1], edges[1:], strict=True)
        if level > low
    )


def by_lattice(case: Case) -> float:
    """The most that any path over levels half a MWh apart earns; -inf where there is none."""
    levels = np.arange(0.0, case.energy_capacity + 0.25, 0.5).tolist()
    most = -np.inf
    for start in levels if case.cyclic else [case.start]:
        states: dict[tuple[float, tuple[float, ...]], float] = {(start, (0.0,) * len(case.cycle_caps)): 0.0}
        for t in range(len(case.price)):
            states = step_on(case, t, states, levels)
        for (level, _), money in states.items():
            if not case.cyclic or level == start:
                most = max(most, money + worth_at_the_end(case, level))
    return most


def step_on(
    case: Case, t: int, states: dict[tuple[float, tuple[float, ...]], float], levels: list[float]
) -> dict[tuple[float, tuple[float, ...]], float]:
    later: dict[tuple[float, tuple[float, ...]], float] = {}
    allowed = [level for level in levels if case.lowest[t] - 1e-9 <= level <= case.highest[t] + 1e-9]
    found = {(before, after): ways(case, t, before, after) for before in {s[0] for s in states} for after in allowed}
    for (before, drawn), money in states.items():
        for after in allowed:
            for earned, more in found[before, after]:
                total = tuple(
                    sum_ + (more if cap.first <= t <= cap.last else 0.0)
                    for sum_, cap in zip(drawn, case.cycle_caps, strict=True)
                )
                if any(sum_ > cap.energy + 1e-9 for sum_, cap in zip(total, case.cycle_caps, strict=True)):
                    continue
                key = (after, total)
                later[key] = max(later.get(key, -np.inf), money + earned)
    return later


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Cases whose every kink lies on whole MWh in the store, so that the lattice of halves holds the best schedule.

    Powers are even, efficiencies 1 or a half (or tables that pass through whole numbers), levels whole; one cap makes
    halves.
    """
    steps = draw(st.integers(1, 4))
    relaxed = draw(st.booleans())
    energy = float(draw(st.integers(2, 4)))

    def series(numbers: list[float]) -> np.ndarray:
        return np.array([draw(st.sampled_from(numbers)) for _ in range(steps)])

    asset: dict[str, Any] = {
        "power": np.maximum(series([0.0, 2.0, 4.0]), 4.0 * np.eye(steps)[0]),
        "discharge_power": np.maximum(series([0.0, 2.0, 4.0]), 4.0 * np.eye(steps)[0]),
        "energy": energy,
        "efficiency_charge": draw(st.sampled_from([0.5, 1.0])),
        "efficiency_discharge": 1.0 if relaxed else draw(st.sampled_from([0.5, 1.0])),
        "start_fraction": draw(st.integers(0, int(energy))) / energy,
        "end_fraction": draw(st.integers(0, int(energy))) / energy,
        "throughput_cost": draw(st.sampled_from([0.0, 1.0])),
        "mode": "relaxed" if relaxed else "exclusive",
        "cyclic": draw(st.booleans()),
    }
    whole_levels = [level / energy for level in range(int(energy) + 1)]
    optional: dict[str, Any] = {
        "generation": lambda: series([0.0, 2.0, 4.0]),
        "load": lambda: series([0.0, 2.0]),
        "import_limit": lambda: series([0.0, 2.0, 4.0]),
        "export_limit": lambda: series([0.0, 2.0, 4.0]),
        "buy_adder": lambda: float(draw(st.integers(-3, 6))),
        "sell_adder": lambda: float(draw(st.integers(-6, 3))),
        "energy_floor": lambda: np.minimum(series(whole_levels), 0.5 if energy != 3 else 1.0 / 3.0),
        "terminal_worth": lambda: ((1.0, float(draw(st.integers(0, 20)))), (1.0, float(draw(st.integers(-9, 0))))),
    }
    if not relaxed:
        optional["efficiency_charge_by_power"] = lambda: draw(
            st.sampled_from([((0.5, 0.5), (1.0, 0.75)), ((0.5, 1.0), (1.0, 0.75))])
        )
        optional["efficiency_discharge_by_power"] = lambda: draw(
            st.sampled_from([((0.5, 0.5), (1.0, 0.8)), ((0.5, 1.0), (1.0, 0.8))])
        )
    for name in draw(st.sets(st.sampled_from(sorted(optional)), max_size=5)):
        asset[name] = optional[name]()
    case = asset_case(series([float(p) for p in range(-20, 31, 5)]), **asset)
    if not relaxed and not case.cyclic and draw(st.booleans()):
        first = draw(st.integers(0, steps - 1))
        cap = CycleCap(first, draw(st.integers(first, steps - 1)), float(draw(st.integers(0, 5))))
        object.__setattr__(case, "cycle_caps", (cap,))
    return case


@settings(max_examples=100, deadline=None)
@given(cases())
def test_any_tiny_case_earns_what_the_lattice_finds(case: Case) -> None:
    expected = by_lattice(case)
    if expected == -np.inf:
        with pytest.raises(InfeasibleError):
            whole(case)
        return
    found = whole(case)
    assert_a_schedule(case, found)
    assert found.value == pytest.approx(expected, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_limits_by_level_earn_no_less_than_the_lattice_and_no_more_than_without_them(case: Case) -> None:
    """The lattice holds some of the schedules only: kinks of a limit by level fall between its levels."""
    falling, rising = ((0.0, 1.0), (0.5, 1.0), (1.0, 0.25)), ((0.0, 0.25), (0.5, 1.0), (1.0, 1.0))
    free = by_lattice(case)
    object.__setattr__(case, "charge_by_level", falling)
    object.__setattr__(case, "discharge_by_level", rising)
    least = by_lattice(case)
    try:
        found = whole(case)
    except InfeasibleError:
        assert least == -np.inf
        return
    assert_a_schedule(case, found)
    assert least - 1e-7 <= found.value <= free + 1e-7
