"""What stands around a unit in a PyPSA network: by hand, as a law of the way there and back, and what is left out."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.study.pypsa.reading import asset_of, read_pypsa
from cell2grid.study.pypsa.tables import Component, Tables
from cell2grid.study.pypsa.writing import SITE, network_of, write_pypsa

PRICES = np.array([10.0, 50.0, -10.0, 90.0, 10.0])
HOURS = np.array([1.0, 0.5, 0.5, 1.0, 2.0])
STAMPS = np.datetime64("2025-01-01", "s") + np.arange(5) * np.timedelta64(3600, "s")


def earned(asset: dict[str, Any], price: np.ndarray = PRICES) -> float:
    case = dispatch.checked(dispatch.asset_case(price, HOURS, **asset))
    return float(dispatch.outcome(dispatch.schedule(case), case)["objective"])


def whole(low: int, high: int) -> Any:
    """One number, or one a step; quarters have no rounding of their own."""
    one = st.integers(4 * low, 4 * high).map(lambda value: value / 4.0)
    return one | st.lists(one, min_size=5, max_size=5).map(np.array)


sites = st.fixed_dictionaries(
    {"power": st.sampled_from([2.0, 5.0]), "energy": st.just(8.0)},
    optional={
        "efficiency_charge": st.just(0.9),
        "efficiency_discharge": st.just(0.95),
        "throughput_cost": st.sampled_from([1.0, 3.7]),
        "terminal_value": st.sampled_from([-20.0, 33.0]),
        "start_fraction": st.sampled_from([0.25, 1.0]),
        "discharge_power": whole(1, 6),
        "buy_adder": whole(0, 20),
        "sell_adder": whole(-20, 0),
        "import_limit": whole(6, 30),
        "export_limit": whole(0, 8),
        "generation": whole(0, 9),
        "load": whole(0, 5),
        "auxiliary_load": st.just(0.125),
    },
)


def most_sent(asset: dict[str, Any]) -> np.ndarray:
    """The most that the site could ever send [MW]."""
    return np.broadcast_to(asset.get("generation", 0.0), 5) + asset.get("discharge_power", asset["power"])


def most_taken(asset: dict[str, Any]) -> np.ndarray:
    """The most that the site could ever take [MW]."""
    return np.broadcast_to(asset.get("load", 0.0), 5) + asset.get("auxiliary_load", 0.0) + asset["power"]


REACHED = {"export_limit": most_sent, "import_limit": most_taken}


@settings(max_examples=80, deadline=None)
@example({"power": 2.0, "energy": 8.0, "load": 0.0, "generation": 4.5, "export_limit": 7.5})
@given(sites)
def test_a_site_earns_after_the_way_there_and_back_what_it_earned(asset: dict[str, Any]):
    network, _ = network_of(asset, STAMPS, PRICES, HOURS)
    back = asset_of(network, None, "memory")
    assert earned(back.asset) == pytest.approx(earned(asset), rel=1e-9, abs=1e-9)
    assert back.price is not None
    assert back.price.tolist() == PRICES.tolist()
    for key in set(SITE) & set(asset):
        if key not in back.asset and key in REACHED and (asset[key] >= REACHED[key](asset)).all():
            # a limit that no power of the site can reach is none
            continue
        assert np.broadcast_to(back.asset.get(key, 0.0), 5) == pytest.approx(np.broadcast_to(asset[key], 5), rel=1e-12)
    assert list(back.ignored) == ["bus"]


FULL = {
    "power": 2.0, "energy": 4.0, "efficiency_charge": 0.9, "throughput_cost": 1.5, "buy_adder": 7.0, "sell_adder": -3.0,
    "import_limit": 7.0, "export_limit": np.array([1.0, 2.0, 1.0, 3.0, 1.0]),
    "load": np.array([1.0, 4.0, 2.0, 0.0, 3.0]),
    "generation": np.array([0.0, 5.0, 6.0, 1.0, 0.0]), "auxiliary_load": 0.1,
}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "nc"])
def test_a_site_that_pypsa_solved_and_wrote_again_is_read(tmp_path: Path, form: str):
    """The marginal price of the unit's own bus has the adders in it already; the market's is what they go onto."""
    price = np.abs(PRICES)
    write_pypsa(FULL, STAMPS, price, HOURS, tmp_path / "network")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pypsa

        network = pypsa.Network(str(tmp_path / "network"))
        assert network.optimize(solver_name="highs", log_to_console=False) == ("ok", "optimal")
        if form == "nc":
            network.export_to_netcdf(tmp_path / "again.nc")
        else:
            network.export_to_csv_folder(tmp_path / "again")
    back = read_pypsa(tmp_path / ("again.nc" if form == "nc" else "again"))
    assert set(back.asset) == set(FULL)
    assert back.price == pytest.approx(price)
    assert earned(back.asset, price) == pytest.approx(earned(FULL, price), rel=1e-9)
    assert earned(back.asset, price) == pytest.approx(-network.objective, rel=1e-7)


def foreign(**kinds: dict[str, dict[str, Any]]) -> Tables:
    """A network of other hands with a unit of 4 MW and two hours on the bus north; lists become series."""
    components = {}
    for kind, rows in {"storage_units": {"heath": {"bus": "north", "p_nom": 4.0, "max_hours": 2.0}}, **kinds}.items():
        static = {n: {k: v for k, v in row.items() if not isinstance(v, list)} for n, row in rows.items()}
        series: dict[str, dict[str, list[float]]] = {}
        for name, row in rows.items():
            for key in row.keys() - static[name].keys():
                series.setdefault(key, {})[name] = row[key]
        frames = {key: pd.DataFrame(columns) for key, columns in series.items()}
        components[kind] = Component(pd.DataFrame.from_dict(static, orient="index"), frames)
    return Tables(pd.DataFrame({"snapshot": STAMPS, "objective": HOURS, "stores": HOURS}), components, {})


GRID = {"bus": "south", "p_nom": float("inf"), "p_min_pu": -1.0, "marginal_cost": [20.0, 30.0, 40.0, 50.0, 60.0]}
SUN = {"bus": "north", "p_nom": 6.0, "p_max_pu": [0.0, 0.5, 1.0, 0.5, 0.0]}


def test_a_connection_of_other_hands_is_known_by_its_structure():
    """In: 5 MW at a fee of 4. Out: 2 MW at a cost of 1, so a sold MWh earns 1 less. Sun: 6 MW times its share."""
    network = foreign(
        generators={"slack": GRID, "roof": SUN},
        loads={"hall": {"bus": "north", "p_set": 1.5}, "oven": {"bus": "north", "p_set": 0.5}},
        links={
            "take": {"bus0": "south", "bus1": "north", "p_nom": 5.0, "marginal_cost": 4.0},
            "feed": {"bus0": "north", "bus1": "south", "p_nom": 2.0, "marginal_cost": 1.0},
        },
        buses={"north": {"v_nom": 1.0}, "south": {"v_nom": 1.0}},
    )
    found = asset_of(network, None, "net")
    assert {key: found.asset[key] for key in ("buy_adder", "sell_adder", "import_limit", "export_limit", "load")} == {
        "buy_adder": 4.0, "sell_adder": -1.0, "import_limit": 5.0, "export_limit": 2.0, "load": 2.0,
    }  # fmt: skip
    assert found.asset["generation"].tolist() == [0.0, 3.0, 6.0, 3.0, 0.0]
    assert found.price is not None
    assert found.price.tolist() == GRID["marginal_cost"]
    assert not any("left out" in note for note in found.notes)


def test_one_link_both_ways_and_two_markets_of_one_price_each():
    """A MWh is bought at 20 … 60 and sold at 5: the sale earns 5 minus the purchase price more than the price."""
    both = {"bus0": "south", "bus1": "north", "p_nom": 3.0, "p_min_pu": -0.5}
    supply = {"bus": "south", "p_nom": 90.0, "marginal_cost": GRID["marginal_cost"]}
    sink = {"bus": "south", "p_nom": 90.0, "p_min_pu": -1.0, "p_max_pu": 0.0, "marginal_cost": 5.0}
    found = asset_of(foreign(generators={"buy": supply, "sell": sink}, links={"cable": both}), None, "net")
    assert (found.asset["import_limit"], found.asset["export_limit"]) == (3.0, 1.5)
    assert found.asset["sell_adder"].tolist() == [-15.0, -25.0, -35.0, -45.0, -55.0]
    assert "buy_adder" not in found.asset


def test_a_small_market_on_the_bus_of_the_unit_is_a_limit():
    found = asset_of(foreign(generators={"slack": {**GRID, "bus": "north", "p_nom": 3.0}}), None, "net")
    assert (found.asset["import_limit"], found.asset["export_limit"]) == (3.0, 3.0)


@pytest.mark.parametrize(
    ("generator", "reason"),
    [
        ({"marginal_cost": 30.0}, "its energy costs"),
        ({"p_min_pu": 0.4}, "it must run"),
        ({"p_nom_extendable": True}, "its size is still to be chosen"),
        ({"ramp_limit_up": 0.1}, "it changes its power slowly"),
        ({"e_sum_max": 100.0}, "its energy over time has a cap"),
    ],
)
def test_a_generator_that_is_no_free_generation_is_listed_and_noted(generator: dict[str, Any], reason: str):
    network = foreign(
        generators={"slack": {**GRID, "bus": "north"}, "gas": {"bus": "north", "p_nom": 5.0, **generator}},
        loads={"hall": {"bus": "north", "p_set": -1.0}},
    )
    found = asset_of(network, None, "net")
    assert not {"generation", "load"} & set(found.asset)
    assert reason in found.ignored["generator 'gas'"]
    assert "p_set" in found.ignored["load 'hall'"]
    assert [note.split(" at the")[0] for note in found.notes if "left out" in note] == [
        "generator 'gas'",
        "load 'hall'",
    ]


@pytest.mark.parametrize("change", [{"efficiency": 0.97}, {"bus2": "east"}, {"bus1": "west"}])
def test_a_joining_that_is_not_plain_is_left_out_by_name(change: dict[str, Any]):
    links = {
        "feed": {"bus0": "north", "bus1": "south", "p_nom": 2.0},
        "take": {"bus0": "south", "bus1": "north", "p_nom": 5.0} | ({} if "bus1" in change else change),
    }
    links["feed"] |= change if "bus1" in change else {}
    far = {"mill": {"bus": "east", "p_set": 2.0}}
    found = asset_of(foreign(generators={"slack": GRID, "roof": SUN}, links=links, loads=far), None, "net")
    assert set(found.asset) == {"power", "energy"}
    assert {"generator 'roof'", "generator 'slack'", "link 'feed'", "link 'take'", "load 'mill'"} <= set(found.ignored)
    assert "elsewhere" in found.ignored["load 'mill'"]
    assert any(note.startswith("generator 'roof' at the unit's bus is left out") for note in found.notes)
    assert any(note.startswith("links 'feed', 'take' at") for note in found.notes)


def test_a_part_that_is_switched_off_is_listed_and_changes_nothing():
    network = foreign(generators={"slack": {**GRID, "bus": "north"}, "old": {**SUN, "active": False}})
    found = asset_of(network, None, "net")
    assert found.ignored["generator 'old'"].startswith("it is switched off")
    assert "generation" not in found.asset
    assert not any("left out" in note for note in found.notes)


def test_a_large_network_is_listed_by_name_up_to_a_number():
    loads = {f"l{number}": {"bus": "east", "p_set": 1.0} for number in range(130)}
    found = asset_of(foreign(loads=loads), None, "net")
    assert "load 'l99'" in found.ignored
    assert found.ignored["30 more loads"].startswith("it stands elsewhere")
