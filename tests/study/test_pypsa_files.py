"""The way to PyPSA and back: by hand, against PyPSA itself, and as a law; and each field that is not taken over."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.errors import InputError
from cell2grid.study.pypsa.reading import asset_of, fields, read_pypsa
from cell2grid.study.pypsa.writing import CANNOT, network_of, write_pypsa

PRICES = np.array([10.0, 50.0, 10.0, 5000.0, 10.0])


def stamps(count: int, minutes: int = 60) -> np.ndarray:
    return np.datetime64("2025-01-01", "s") + np.arange(count) * np.timedelta64(60 * minutes, "s")


def written(folder: Path, asset: dict[str, Any], price: np.ndarray = PRICES, **more: Any) -> Path:
    hours = more.pop("hours", np.ones(len(price)))
    return write_pypsa(asset, stamps(len(price)), price, hours, folder / more.pop("to", "network"), **more)[0]


def loaded(path: Path) -> Any:
    """The network as PyPSA itself reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pypsa

        return pypsa.Network(str(path))


def solved(path: Path) -> Any:
    """The network, and PyPSA's own solution of it."""
    network = loaded(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        status, condition = network.optimize(solver_name="highs", log_to_console=False)
    assert (status, condition) == ("ok", "optimal")
    return network


def test_a_storage_unit_by_hand(tmp_path: Path):
    """4 MW and 6 MWh are 1.5 hours of 4 MW; half of 6 MWh are 3 MWh; 3 MW of charging are −0.75 of 4 MW."""
    asset = {"power": 3.0, "discharge_power": 4.0, "energy": 6.0, "start_fraction": 0.5, "efficiency_charge": 0.9}
    folder = written(tmp_path, asset, name="heath")
    unit = pd.read_csv(folder / "storage_units.csv", index_col="name").loc["heath"]
    assert (unit["p_nom"], unit["max_hours"], unit["p_min_pu"], unit["p_max_pu"]) == (4.0, 1.5, -0.75, 1.0)
    assert (unit["state_of_charge_initial"], unit["efficiency_store"]) == (3.0, 0.9)
    prices = pd.read_csv(folder / "generators-marginal_cost.csv", index_col=0)
    assert prices["market"].tolist() == PRICES.tolist()


def test_pypsa_moves_as_the_known_small_answer_does(tmp_path: Path):
    """Prices 10, 50, 10, 5000, 10 with 4 MW and 6 MWh: buy, sell, buy, sell; 4 · (50 + 5000 − 20) = 20,120."""
    network = solved(written(tmp_path, {"power": 4.0, "energy": 6.0}))
    assert network.storage_units_t.p["asset"].round(6).tolist() == [-4.0, 4.0, -4.0, 4.0, 0.0]
    assert -network.objective == pytest.approx(20_120.0)


LOSSY = {"power": 4.0, "energy": 6.0, "efficiency_charge": 0.93, "efficiency_discharge": 0.95}
VARYING = np.array([4.0, 2.0, 3.0, 1.0, 4.0])


@pytest.mark.parametrize(
    "asset",
    [
        LOSSY,
        {**LOSSY, "discharge_power": 2.5, "start_fraction": 0.5},
        {**LOSSY, "power": VARYING, "discharge_power": VARYING[::-1].copy()},
        {**LOSSY, "self_discharge": 0.02, "start_fraction": 1.0},
        {**LOSSY, "throughput_cost": 3.0},
        {**LOSSY, "cyclic": True},
        {**LOSSY, "terminal_value": 45.0},
        {**LOSSY, "terminal_value": -45.0, "start_fraction": 1.0},
        {**LOSSY, "end_fraction": 0.5, "start_fraction": 0.5},
        {**LOSSY, "buy_adder": 5.0, "sell_adder": -2.0},
        {**LOSSY, "buy_adder": VARYING, "throughput_cost": 1.0},
        {**LOSSY, "export_limit": 1.5, "import_limit": VARYING},
        {**LOSSY, "generation": VARYING, "export_limit": 3.0, "throughput_cost": 2.0},
        {**LOSSY, "load": VARYING, "auxiliary_load": 0.1, "buy_adder": 20.0},
        {**LOSSY, "generation": 2.0 * VARYING, "load": VARYING[::-1].copy(), "export_limit": 0.0, "mode": "relaxed"},
    ],
    ids=lambda asset: "+".join(sorted(set(asset) - {"energy", "efficiency_charge", "efficiency_discharge"})),
)
def test_pypsa_earns_what_the_dispatch_earns(tmp_path: Path, asset: dict[str, Any]):
    hours = np.array([1.0, 0.5, 0.5, 1.0, 2.0])
    case = dispatch.checked(dispatch.asset_case(PRICES, hours, **asset))
    ours = dispatch.outcome(dispatch.schedule(case), case)["objective"]
    network = solved(written(tmp_path, asset, hours=hours))
    assert -network.objective == pytest.approx(ours, rel=1e-7, abs=1e-5)


def test_negative_prices_are_used_both_ways_by_pypsa_and_by_the_relaxed_mode_alone(tmp_path: Path):
    price = np.array([-50.0, -60.0, 40.0, -5.0])
    folder = tmp_path / "network"
    _, notes = write_pypsa(LOSSY, stamps(4), price, np.ones(4), folder)
    assert any("prices turn negative" in note for note in notes)
    earned = {}
    for mode in ("relaxed", "exclusive"):
        case = dispatch.checked(dispatch.asset_case(price, 1.0, **LOSSY, mode=mode))
        earned[mode] = dispatch.outcome(dispatch.schedule(case), case)["objective"]
    assert -solved(folder).objective == pytest.approx(earned["relaxed"], rel=1e-7)
    assert earned["exclusive"] < earned["relaxed"] - 1.0


def test_what_pypsa_exports_is_read_from_either_form(tmp_path: Path):
    """PyPSA leaves out what has its default, and writes results beside the rest."""
    network = solved(written(tmp_path, {**LOSSY, "start_fraction": 0.25}, name="heath"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.export_to_csv_folder(tmp_path / "again")
        network.export_to_netcdf(tmp_path / "again.nc")
    for place in ("again", "again.nc"):
        found = read_pypsa(tmp_path / place, unit="heath")
        assert found.asset == pytest.approx({**LOSSY, "start_fraction": 0.25})
        assert found.timestep.tolist() == stamps(5).tolist()
        assert found.step_hours.tolist() == [1.0] * 5
        assert found.price == pytest.approx(PRICES)
        assert found.ignored["p_dispatch"] == "a result of PyPSA"
        assert found.ignored["bus"].startswith("where the unit stands")


def test_pypsa_and_this_list_have_the_same_fields():
    """A field that a later PyPSA adds has to be placed in the list before it is passed over in silence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pypsa

        attributes = set(pypsa.Network().components["StorageUnit"].defaults.index) - {"name"}
    rules = fields()
    listed = [*rules["used"], *rules["ignored"], *rules["refused"]]
    assert len(listed) == len(set(listed))
    assert attributes == {name for name in listed if not name.startswith("cell2grid_")}


shares = st.floats(0.0, 1.0)
series = st.lists(st.floats(0.0, 100.0), min_size=5, max_size=5).filter(lambda values: max(values) > 0.01).map(np.array)
assets = st.fixed_dictionaries(
    {"power": st.floats(0.1, 1000.0) | series, "energy": st.floats(0.1, 5000.0)},
    optional={
        "discharge_power": st.floats(0.1, 1000.0) | series,
        "efficiency_charge": st.floats(0.1, 0.99),
        "efficiency_discharge": st.floats(0.1, 0.99),
        "self_discharge": st.floats(1e-6, 0.1),
        "throughput_cost": st.floats(0.01, 50.0),
        "terminal_value": st.floats(-90.0, 90.0).filter(lambda value: abs(value) > 1e-6),
        "mode": st.sampled_from(["exclusive", "relaxed"]),
    },
)
ends = st.fixed_dictionaries(
    {}, optional={"start_fraction": st.floats(0.01, 1.0), "end_fraction": st.floats(0.01, 1.0)}
)


@settings(max_examples=60, deadline=None)
@given(assets, ends | st.just({"cyclic": True}))
def test_an_asset_comes_back_as_it_went(asset: dict[str, Any], ends: dict[str, Any]):
    asset = {**asset, **ends}
    network, _ = network_of(asset, stamps(5), PRICES, np.full(5, 0.5))
    back = asset_of(network, None, "memory")
    # limits that are equal in both directions are said once
    wanted = dict(asset)
    if "discharge_power" in asset and np.array_equal(*np.broadcast_arrays(asset["power"], asset["discharge_power"])):
        wanted.pop("discharge_power")
    assert set(back.asset) == set(wanted)
    for key, value in wanted.items():
        if isinstance(value, (float, np.ndarray)):
            assert np.broadcast_to(back.asset[key], 5) == pytest.approx(np.broadcast_to(value, 5), rel=1e-12), key
        else:
            assert back.asset[key] == value
    assert back.price is not None
    assert back.price.tolist() == PRICES.tolist()


@settings(max_examples=12, deadline=None)
@given(assets, st.sampled_from(["network", "network.nc"]))
def test_files_say_what_the_tables_say(tmp_path_factory: pytest.TempPathFactory, asset: dict[str, Any], place: str):
    folder = tmp_path_factory.mktemp("pypsa")
    network, _ = network_of(asset, stamps(5), PRICES, np.ones(5), name="1")
    tables, files = asset_of(network, "1", "memory"), read_pypsa(written(folder, asset, to=place, name="1"), unit="1")
    assert set(tables.asset) == set(files.asset)
    for key, value in tables.asset.items():
        assert np.array_equal(files.asset[key], value), key
    assert files.timestep.tolist() == stamps(5).tolist()


@pytest.mark.parametrize("key", sorted(CANNOT))
def test_what_pypsa_cannot_say_is_refused_unless_left_out(tmp_path: Path, key: str):
    asset = {**LOSSY, key: ((0.5, 0.9), (1.0, 0.8)) if "by" in key or key == "terminal_worth" else 0.5}
    with pytest.raises(InputError, match=f"{key} cannot be said of a storage unit.*--leave-out {key}"):
        written(tmp_path, asset)
    _, notes = write_pypsa(asset, stamps(5), PRICES, np.ones(5), tmp_path / "network", leave_out=(key,))
    assert f"{key} is left out" in notes


def test_a_sale_dearer_than_a_purchase_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="in timestep 2 a MWh is bought at the price \\+1 and sold at it \\+3"):
        written(tmp_path, {**LOSSY, "buy_adder": 1.0, "sell_adder": np.array([0.0, 0.0, 3.0, 0.0, 0.0])})


def foreign(**columns: Any) -> Any:
    """A network with one unit of 4 MW and two hours, and these fields besides."""
    from cell2grid.study.pypsa.tables import Component, Tables

    static = {"bus": "north", "p_nom": 4.0, "max_hours": 2.0}
    over = {name: value for name, value in columns.items() if isinstance(value, list)}
    static |= {name: value for name, value in columns.items() if name not in over}
    units = Component(
        pd.DataFrame([static], index=["heath"]), {name: pd.DataFrame({"heath": value}) for name, value in over.items()}
    )
    snapshots = pd.DataFrame({"snapshot": stamps(3), "objective": 1.0, "stores": 1.0, "generators": 1.0})
    return Tables(snapshots, {"storage_units": units}, {}, ("lines",))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"inflow": [0.0, 2.0, 0.0]}, "heath.*inflow is 2 in snapshot 1: water that flows in"),
        ({"p_set": 3.0}, "p_set is 3: a schedule that is fixed"),
        ({"sign": -1.0}, "sign is -1: the unit is turned round"),
        ({"active": False}, "active is 0: the unit is switched off"),
        ({"marginal_cost_quadratic": 0.1}, "marginal_cost_quadratic is 0.1"),
        ({"p_nom": 0.0}, "p_nom 0 MW and max_hours 2 give 0 MWh, expected above 0"),
        ({"p_nom": "many"}, "p_nom is no number"),
        ({"p_nom": float("inf")}, "p_nom is infinite"),
        ({"p_nom_extendable": True}, "still to be chosen"),
        ({"p_min_pu": 0.2}, "p_min_pu is 0.2 in snapshot 0: the unit would have to move"),
        ({"p_max_pu": [1.0, -0.5, 1.0]}, "p_max_pu is -0.5 in snapshot 1"),
        ({"p_max_pu": [1.0, 1.0]}, "p_max_pu has 2 steps, the network 3 snapshots"),
        ({"efficiency_store": [0.9, 0.8, 0.9]}, r"efficiency_store changes with time \(0.9, then 0.8 in snapshot 1\)"),
        ({"state_of_charge_set": [2.0, float("nan"), 1.0]}, "fixes the level in snapshot 0"),
        ({"state_of_charge_set": 2.0}, "fixes the level of every snapshot"),
        ({"standing_loss": 2.0}, "standing_loss is 2, expected from 0 to 1"),
        ({"state_of_charge_initial": 9.0}, "state_of_charge_initial is 9 MWh, expected from 0 to 8"),
        ({"marginal_cost_storage": [0.1, 0.1, 0.1]}, "marginal_cost_storage charges for every snapshot"),
        ({"marginal_cost": 3.0, "cell2grid_throughput_cost": 2.0}, "one was changed without the other"),
    ],
)
def test_a_field_that_an_asset_cannot_say_is_refused_by_name(columns: dict[str, Any], words: str):
    with pytest.raises(InputError, match=words):
        asset_of(foreign(**columns), None, "net")


def test_a_cost_of_discharging_is_taken_off_the_sale():
    found = asset_of(foreign(marginal_cost=3.0), None, "net")
    assert found.asset["sell_adder"] == -3.0
    assert any("discharging alone" in note for note in found.notes)


def test_what_is_not_understood_is_listed():
    found = asset_of(foreign(capital_cost=100.0, colour="red"), None, "net")
    assert found.ignored["capital_cost"] == "of building, not of dispatch"
    assert found.ignored["colour"] == "not a field of storage units in PyPSA 1.4"
    assert found.ignored["lines"] == "another part of the network"
    assert found.price is None


def test_a_full_store_that_pypsa_does_not_let_leak_at_first_is_noted():
    """8 MWh before a step that leaves 90 % of them: PyPSA begins with 8, which here would be 8.9 of 8 MWh."""
    found = asset_of(foreign(standing_loss=0.1, state_of_charge_initial=8.0), None, "net")
    assert found.asset["start_fraction"] == 1.0
    assert any("a full store has it too" in note for note in found.notes)


def test_a_size_that_pypsa_chose_is_taken_with_a_note():
    found = asset_of(foreign(p_nom_extendable=True, p_nom_opt=7.0), None, "net")
    assert (found.asset["power"], found.asset["energy"]) == (7.0, 14.0)
    assert "p_nom is the 7 MW that PyPSA chose (p_nom_opt)" in found.notes


def test_one_of_several_units_is_named(tmp_path: Path):
    tables = foreign()
    units = tables.components["storage_units"]
    two = pd.concat([units.static, units.static.set_axis(["moor"])])
    tables.components["storage_units"] = type(units)(two)
    with pytest.raises(InputError, match="2 storage units: 'heath', 'moor'; name one with --unit"):
        asset_of(tables, None, "net")
    with pytest.raises(InputError, match="no storage unit 'mor'; did you mean 'moor'"):
        asset_of(tables, "mor", "net")
    assert asset_of(tables, "moor", "net").name == "moor"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "snapshots.csv: cannot be read: it has no snapshots"),
        ({"snapshots.csv": "name,snapshot\n0,2025-01-01\n"}, "has no storage unit"),
        ({"snapshots.csv": "a,snapshot\n0,2025-01-01\n", "storage_units.csv": '"name\n'}, "is no CSV table"),
        (
            {"snapshots.csv": ",period,timestep\n0,2030,2025-01-01\n", "storage_units.csv": "name,p_nom\na,1\n"},
            "investment periods",
        ),
    ],
)
def test_a_folder_that_is_no_network_is_refused(tmp_path: Path, files: dict[str, str], words: str):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=words):
        read_pypsa(tmp_path)


def test_places_that_will_not_do_are_refused(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="holds something that cell2grid did not write"):
        written(tmp_path, LOSSY, to=".")
    with pytest.raises(InputError, match="is a file; name a folder"):
        written(tmp_path, LOSSY, to="letter.txt")
    with pytest.raises(InputError, match="there is no such folder or file"):
        read_pypsa(tmp_path / "none")
    with pytest.raises(InputError, match="is no network that is read here"):
        read_pypsa(tmp_path / "letter.txt")
    (tmp_path / "broken.nc").write_text("dear")
    with pytest.raises(InputError, match="cannot be read"):
        read_pypsa(tmp_path / "broken.nc")
    # its own folder is replaced
    written(tmp_path, {"power": 1.0, "energy": 1.0})
    assert read_pypsa(written(tmp_path, {"power": 2.0, "energy": 1.0})).asset["power"] == 2.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.nc", "letter.txt", "network"]
