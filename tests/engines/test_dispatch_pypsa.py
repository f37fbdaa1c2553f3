"""The dispatch against PyPSA, on cases that both can state: the objective and the energy.

PyPSA has one mode, in which a store may charge and discharge at once: ``relaxed``. It is built twice, as a StorageUnit
and as a Store between two Links, for no one of them has all of the features.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cell2grid.engines import dispatch

pypsa = pytest.importorskip("pypsa")
STEPS = 48
RANDOM = np.random.default_rng(4)
PRICE = 45.0 + 35.0 * np.sin(np.arange(STEPS) * np.pi / 12.0) + RANDOM.normal(0.0, 12.0, STEPS).round(2)
HOURS = np.tile([1.0, 0.5, 0.25, 2.0], STEPS // 4)
SUN = np.maximum(0.0, 30.0 * np.sin((np.arange(STEPS) % 24 - 6) * np.pi / 12.0)).round(2)
LOAD = 8.0 + RANDOM.uniform(0.0, 6.0, STEPS).round(2)
ASSET: dict[str, Any] = {
    "power": 10.0,
    "energy": 40.0,
    "efficiency_charge": 0.93,
    "efficiency_discharge": 0.96,
    "start_fraction": 0.5,
    "mode": "relaxed",
}
# where the sun has more than the connection takes, more than one energy is best
TIES = ("hybrid plant", "no export")
CASES: dict[str, tuple[np.ndarray, Any, dict[str, Any]]] = {
    "negative prices": (PRICE - 55.0, 1.0, {}),
    "limits that change": (PRICE - 20.0, HOURS, {"power": 4.0 + SUN / 4.0, "discharge_power": 12.0 - SUN / 4.0}),
    "standing loss": (PRICE, HOURS, {"self_discharge": 0.01}),
    "two prices": (PRICE, 1.0, {"buy_adder": 12.0, "sell_adder": -3.0, "import_limit": 6.0, "export_limit": 5.0}),
    "hybrid plant": (PRICE - 20.0, 1.0, {"generation": SUN, "export_limit": 18.0, "import_limit": 0.0}),
    "load behind the meter": (PRICE, HOURS, {"load": LOAD, "buy_adder": 25.0, "import_limit": 16.0}),
    "no export": (PRICE, 1.0, {"load": LOAD, "generation": SUN, "export_limit": 0.0, "buy_adder": 30.0}),
    "all at once": (
        PRICE - 20.0,
        HOURS,
        {
            "power": 4.0 + SUN / 4.0,
            "self_discharge": 0.001,
            "throughput_cost": 2.0,
            "cyclic": True,
            "load": LOAD,
            "generation": SUN,
            "import_limit": 20.0,
            "export_limit": 9.0,
            "buy_adder": 8.0,
        },
    ),
}


@pytest.fixture(autouse=True)
def strings_of_pandas() -> Iterator[None]:
    """PyPSA asks to be told which kind of text column is meant."""
    with pypsa.option_context("api.legacy_string_dtype", False):
        yield


def series(asset: dict[str, Any], name: str, absent: float) -> np.ndarray:
    return np.array(np.broadcast_to(np.asarray(asset.get(name, absent), float), STEPS))


def start(asset: dict[str, Any], hours: Any) -> float:
    """What PyPSA takes as the energy at the start [MWh]: it takes no standing loss of the first step off it."""
    kept = (1.0 - asset.get("self_discharge", 0.0)) ** np.broadcast_to(hours, STEPS)[0]
    return float(kept * asset["start_fraction"] * asset["energy"])


def site(price: np.ndarray, hours: Any, asset: dict[str, Any]) -> pypsa.Network:
    """Market, connection, sun and load; the store is added by the caller between "site" and "store"."""
    network = pypsa.Network()
    network.set_snapshots(range(STEPS))
    for column in network.snapshot_weightings:
        network.snapshot_weightings[column] = np.broadcast_to(hours, STEPS)
    for name in ("market", "site", "store"):
        network.add("Bus", name)
    buy, sell = price + series(asset, "buy_adder", 0.0), price + series(asset, "sell_adder", 0.0)
    network.add("Generator", "purchase", bus="market", p_nom=1e3, marginal_cost=buy)
    network.add("Generator", "sale", bus="market", sign=-1.0, p_nom=1e3, marginal_cost=-sell)
    for name, ends in (("import", ("market", "site")), ("export", ("site", "market"))):
        limit = series(asset, f"{name}_limit", 100.0)
        network.add("Link", name, bus0=ends[0], bus1=ends[1], p_nom=1.0, p_max_pu=limit)
    network.add("Generator", "sun", bus="site", p_nom=1.0, p_max_pu=series(asset, "generation", 0.0))
    network.add("Load", "load", bus="site", p_set=series(asset, "load", 0.0))
    return network


def with_storage_unit(price: np.ndarray, hours: Any, asset: dict[str, Any]) -> tuple[pypsa.Network, np.ndarray]:
    """The network, solved, and the energy of a StorageUnit whose sales bear the cost; purchases bear it on a Link."""
    network, cost = site(price, hours, asset), asset.get("throughput_cost", 0.0)
    network.add("Link", "charge", bus0="site", bus1="store", p_nom=100.0, marginal_cost=cost)
    network.add("Link", "discharge", bus0="store", bus1="site", p_nom=100.0)
    power = series(asset, "power", 0.0)
    network.add(
        "StorageUnit",
        "asset",
        bus="store",
        p_nom=1.0,
        p_min_pu=-power,
        p_max_pu=series(asset, "discharge_power", 0.0) if "discharge_power" in asset else power,
        max_hours=asset["energy"],
        efficiency_store=asset["efficiency_charge"],
        efficiency_dispatch=asset["efficiency_discharge"],
        standing_loss=asset.get("self_discharge", 0.0),
        marginal_cost=cost,
        state_of_charge_initial=start(asset, hours),
        cyclic_state_of_charge=asset.get("cyclic", False),
    )
    solve(network)
    return network, network.storage_units_t.state_of_charge["asset"].to_numpy()


def with_store(price: np.ndarray, hours: Any, asset: dict[str, Any]) -> tuple[pypsa.Network, np.ndarray]:
    """The network, solved, and the energy of a Store between two Links, which has a floor and a ceiling."""
    network, cost = site(price, hours, asset), asset.get("throughput_cost", 0.0)
    power, efficiency = series(asset, "power", 0.0), asset["efficiency_discharge"]
    ends = {"efficiency": asset["efficiency_charge"], "p_nom": 1.0, "p_max_pu": power, "marginal_cost": cost}
    network.add("Link", "charge", bus0="site", bus1="store", **ends)
    limit = (series(asset, "discharge_power", 0.0) if "discharge_power" in asset else power) / efficiency
    ends = {"efficiency": efficiency, "p_nom": 1.0, "p_max_pu": limit, "marginal_cost": cost * efficiency}
    network.add("Link", "discharge", bus0="store", bus1="site", **ends)
    floor = series(asset, "energy_floor", 0.0)
    floor[-1] = max(floor[-1], asset.get("end_fraction", 0.0))
    network.add(
        "Store",
        "asset",
        bus="store",
        e_nom=asset["energy"],
        e_min_pu=floor,
        e_max_pu=series(asset, "energy_ceiling", 1.0),
        e_initial=start(asset, hours),
        e_cyclic=asset.get("cyclic", False),
        standing_loss=asset.get("self_discharge", 0.0),
    )
    solve(network)
    return network, network.stores_t.e["asset"].to_numpy()


def solve(network: pypsa.Network) -> None:
    options = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9, "threads": 1}
    status = network.optimize(solver_name="highs", include_objective_constant=False, log_to_console=False, **options)
    assert status == ("ok", "optimal")


def agree(name: str, price: np.ndarray, hours: Any, asset: dict[str, Any], network: Any, energy: np.ndarray) -> None:
    best = dispatch.schedule(dispatch.checked(dispatch.asset_case(price, hours, **asset)))
    assert best.value == pytest.approx(-network.objective, rel=1e-8)
    if name not in TIES:
        assert best.energy == pytest.approx(energy, abs=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_a_storage_unit_of_pypsa_earns_the_same_with_the_same_energy(name: str) -> None:
    price, hours, change = CASES[name]
    asset = ASSET | change
    agree(name, price, hours, asset, *with_storage_unit(price, hours, asset))


def test_a_store_of_pypsa_between_two_links_earns_the_same() -> None:
    price, hours, change = CASES["all at once"]
    asset = ASSET | change
    agree("all at once", price, hours, asset, *with_store(price, hours, asset))


def test_a_floor_a_ceiling_and_an_end_are_those_of_pypsa() -> None:
    floor, ceiling = np.where(np.arange(STEPS) % 24 < 6, 0.3, 0.05), np.where(np.arange(STEPS) % 24 > 18, 0.7, 0.95)
    asset = ASSET | {"energy_floor": floor, "energy_ceiling": ceiling, "end_fraction": 0.4}
    agree("floor", PRICE, HOURS, asset, *with_store(PRICE, HOURS, asset))
