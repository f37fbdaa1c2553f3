"""What every engine must do, whatever it computes. A new engine is held to it by one small case of its own."""

import numpy as np
import pytest
import xarray as xr
from capability_at_hand import capability_arrays
from investment_at_hand import one_plant
from landing_at_hand import landing_arrays
from market_at_hand import market_arrays
from plants_at_hand import supply_arrays
from projects_at_hand import finance_arrays

from cell2grid.engines import ENGINES, ageing, dispatch, engine, reserves
from cell2grid.errors import Cell2gridError, EngineError
from cell2grid.nomenclature import variable
from cell2grid.run.life.cells import cells_named


def _dispatch():
    return dispatch.asset_arrays(
        np.array([10.0, 50.0]),
        np.array([1.0, 1.0]),
        power=1.0,
        energy=2.0,
        efficiency_charge=0.9,
        efficiency_discharge=0.9,
        start_fraction=0.0,
        end_fraction=0.0,
        throughput_cost=0.0,
    )


def _finance():
    income = {"market_revenue": [0.0, 60.0, 60.0, 60.0], "yearly_discharged_energy": [0.0, 10.0, 10.0, 10.0]}
    lent = {"debt_share": 0.5, "debt_rate": 0.05, "debt_tenor": 2.0, "debt_repayment": 1.0}
    return finance_arrays({**income, **lent, "life": 3.0, "tax_rate": 0.2}).assign_coords(member=[0])


def _line():
    return xr.Dataset(
        {
            "service_mean": ("station", [2.0, 4.0]),
            "service_deviation": ("station", [0.0, 0.0]),
            "service_distribution": ("station", ["deterministic", "deterministic"]),
            "buffer": ("gap", [1]),
            "items": ((), 1000),
            "seed": ((), 1),
        }
    )


def _supply():
    orders = [("p", 0, "ABROAD", 5.0, 0)]
    return supply_arrays([[10.0, 10.0]], markets=[("HOME", 3.0)], orders=orders, lead_time={(0, "ABROAD"): 0.5})


def _reserves():
    arrays = _dispatch()
    case = dispatch.asset_case(arrays["price"].values, power=1.0, energy=2.0)
    up = reserves.product(case, "up", up=True, capacity_price=3.0, duration_up=1.0, activation_up=0.1)
    return arrays.merge(reserves.product_arrays([up]))


def _adequacy():
    generators = {
        "generator_capacity": [60.0, 50.0],
        "generator_count": [1.0, 2.0],
        "forced_outage_rate": [0.1, 0.05],
        "repair_time": [10.0, 20.0],
        "generator_credited": [0.0, 0.0],
    }
    stores = {
        "store_charge_power": 10.0,
        "store_discharge_power": 10.0,
        "store_energy": 20.0,
        "store_efficiency_charge": 1.0,
        "store_efficiency_discharge": 1.0,
        "store_start": 1.0,
        "store_credited": 1.0,
    }
    return xr.Dataset(
        {
            "net_load": ("timestep", [80.0] * 16 + [110.0] * 8),
            "step_hours": ("timestep", [1.0] * 24),
            "credited_output": ("timestep", [0.0] * 24),
            "firm_capacity": ((), 0.0),
            "seed": ((), 1),
            **{name: ("generator", values) for name, values in generators.items()},
            **{name: ("store", [value]) for name, value in stores.items()},
        },
        coords={"generator": ["old", "new"], "store": ["heath"]},
    )


def _ageing():
    cells = cells_named("smith-2017-nmc111-kokam")
    return ageing.duty_arrays(cells, [0.0, 1.0, 0.0], [4.0, 20.0], years=2)


CASES = {
    "adequacy": _adequacy,
    "ageing": _ageing,
    "capability": lambda: capability_arrays([[[0.5, 1.5, 2.5]]], members=2, outage_every=20.0, outage_lasts=5.0),
    "dispatch": _dispatch,
    "finance": _finance,
    "investment": one_plant,
    "landing": landing_arrays,
    "line": _line,
    "market": lambda: market_arrays(cost_step=[[10.0], [20.0]]).assign_coords(member=[3], term=[2027]),
    "reserves": _reserves,
    "supply": _supply,
}

pytestmark = pytest.mark.parametrize("name", ENGINES)


def test_names_stand_in_the_nomenclature_and_nothing_read_is_written(name):
    reads, writes = engine(name).READS, engine(name).WRITES
    for listed in (reads, writes):
        assert len(set(listed)) == len(listed)
        assert all(variable(row).sentence for row in listed)
    assert not set(reads) & set(writes)


def test_what_comes_back_has_the_names_dims_and_units_of_the_nomenclature(name):
    solved = engine(name).solve(CASES[name]())
    assert set(map(str, solved.data_vars)) == set(engine(name).WRITES)
    for written in engine(name).WRITES:
        row = variable(written)
        assert set(solved[written].dims) == set(row.dims)
        assert solved[written].attrs["units"] == row.unit
        assert solved[written].attrs["long_name"] == row.sentence


def test_labels_of_what_is_read_are_kept(name):
    arrays = CASES[name]()
    solved = engine(name).solve(arrays)
    for dim in set(solved.dims) & set(arrays.coords):
        assert list(solved[dim].values) == list(arrays[dim].values)


def test_a_missing_variable_is_refused_by_name(name):
    for missing in engine(name).READS:
        with pytest.raises(EngineError, match=f"'{missing}' is missing"):
            engine(name).solve(CASES[name]().drop_vars(missing))


def test_another_unit_is_refused(name):
    arrays = CASES[name]()
    read = engine(name).READS[0]
    arrays[read].attrs["units"] = "parsec"
    with pytest.raises(EngineError, match="parsec"):
        engine(name).solve(arrays)


def test_another_dim_is_refused(name):
    read = engine(name).READS[0]
    arrays = CASES[name]()
    arrays[read] = arrays[read].expand_dims("harbour")
    with pytest.raises(EngineError, match="harbour"):
        engine(name).solve(arrays)


def test_what_is_handed_in_is_left_as_it_was(name):
    arrays = CASES[name]()
    before = arrays.copy(deep=True)
    engine(name).solve(arrays)
    assert arrays.identical(before)


def test_the_same_arrays_give_the_same_bytes(name):
    first, second = (engine(name).solve(CASES[name]()) for _ in range(2))
    for written in engine(name).WRITES:
        assert first[written].values.tobytes() == second[written].values.tobytes()


def test_errors_of_an_engine_are_of_our_tree(name):
    with pytest.raises(Cell2gridError):
        engine(name).solve(xr.Dataset())
