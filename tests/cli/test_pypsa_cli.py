"""The commands that go to PyPSA and back, and the asset they are given, set beside prices in time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.cli.assets import given_asset
from cell2grid.errors import InputError, PriceError
from cell2grid.prices import PriceSeries, read_prices

PRICES = "timestep,price [EUR/MWh]\n" + "".join(f"2025-03-01T{hour:02d}:00Z,{hour * 5 - 10}\n" for hour in range(6))


def call(*arguments: str | Path) -> Any:
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def series(tmp_path: Path) -> PriceSeries:
    (tmp_path / "prices.csv").write_text(PRICES)
    return read_prices(tmp_path / "prices.csv")


def write(folder: Path, text: str, name: str = "heath.yaml") -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize("network", ["network", "network.nc"])
def test_an_asset_that_changes_with_time_goes_out_and_comes_back(tmp_path: Path, series: PriceSeries, network: str):
    limits = "".join(f"2025-03-01T{hour:02d}:00Z,{100 * (hour + 1)}\n" for hour in range(6))
    write(tmp_path, f"timestep,limit [kW]\n{limits}", "limits.csv")
    asset = write(
        tmp_path, 'power: {file: limits.csv, column: "limit [kW]"}\nenergy: 2 MWh\nthroughput_cost: 1 EUR/MWh\n'
    )
    out = call("pypsa", "export", asset, tmp_path / "prices.csv", tmp_path / network)
    assert (out["unit"], out["timesteps"]) == ("heath", 6)
    back = call(
        "pypsa", "import", tmp_path / network, tmp_path / "again.yaml", "--currency", "EUR",
        "--prices", tmp_path / "again.csv",
    )  # fmt: skip
    assert Path(back["series"]).name == "again-series.csv"
    assert [row["field"] for row in back["ignored"]] == ["bus"]
    assert read_prices(tmp_path / "again.csv").price.tolist() == series.price.tolist()
    first, second = (given_asset(tmp_path / name, series).numbers for name in ("heath.yaml", "again.yaml"))
    assert set(first) == set(second)
    assert second["power"] == pytest.approx(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))
    assert second["throughput_cost"] == 1.0
    # the network may be given as it is, too
    given = given_asset(tmp_path / network, series)
    assert given.numbers["power"] == pytest.approx(first["power"])
    assert list(given.ignored) == ["bus"]


def test_a_site_goes_out_and_its_network_earns_as_much(tmp_path: Path, series: PriceSeries):
    """Load, generation, limits and adders are not asked for again where the network has them."""
    rows = "".join(f"2025-03-01T{hour:02d}:00Z,{hour},{6 - hour}\n" for hour in range(6))
    write(tmp_path, f"timestep,sun [MW],need [MW]\n{rows}", "site.csv")
    asset = write(
        tmp_path,
        "power: 2 MW\nenergy: 4 MWh\nbuy_adder: 7 EUR/MWh\nsell_adder: -3 EUR/MWh\nexport_limit: 3 MW\n"
        "import_limit: 7 MW\nthroughput_cost: 1 EUR/MWh\n"
        'generation: {file: site.csv, column: "sun [MW]"}\nload: {file: site.csv, column: "need [MW]"}\n',
    )
    call("pypsa", "export", asset, tmp_path / "prices.csv", tmp_path / "network")
    call("pypsa", "import", tmp_path / "network", tmp_path / "again.yaml", "--currency", "EUR")
    earned = [
        call("dispatch", tmp_path / "prices.csv", "--asset", given)["objective"]
        for given in (asset, tmp_path / "network", tmp_path / "again.yaml")
    ]
    assert earned[1:] == pytest.approx([earned[0]] * 2, rel=1e-9)


def test_a_column_of_a_year_is_cut_to_the_prices_and_converted(tmp_path: Path, series: PriceSeries):
    days = "".join(f"2025-0{month}-28T23:00Z,{month}\n" for month in (1, 2))
    write(tmp_path, "timestep,fee\n" + "".join(f"2025-02-28T{hour}:00Z,0\n" for hour in (22, 23)) + "".join(
        f"2025-03-01T{hour:02d}:00Z,{hour}\n" for hour in range(8)), "fees.csv")  # fmt: skip
    asset = "power: 1 MW\nenergy: 2 MWh\nbuy_adder: {file: fees.csv, column: fee, unit: ct/kWh}\n"
    given = given_asset(write(tmp_path, asset), series)
    assert np.asarray(given.numbers["buy_adder"]).tolist() == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    assert given.columns["buy_adder"].file == "fees.csv"
    write(tmp_path, f"timestep,fee\n{days}", "fees.csv")
    with pytest.raises(PriceError):
        given_asset(tmp_path / "heath.yaml", series)


def test_a_floor_is_a_column_of_shares(tmp_path: Path, series: PriceSeries):
    write(tmp_path, "timestep,floor\n" + "".join(f"2025-03-01T{h:02d}:00Z,0.{h}\n" for h in range(6)), "floor.csv")
    given = given_asset(
        write(tmp_path, "power: 1 MW\nenergy: 2 MWh\nenergy_floor: {file: floor.csv, column: floor}\n"), series
    )
    assert np.asarray(given.numbers["energy_floor"]).tolist() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]


def test_costs_in_another_currency_than_the_prices_are_refused(tmp_path: Path, series: PriceSeries):
    with pytest.raises(InputError, match=r"heath\.yaml: costs are in USD and the prices in EUR"):
        given_asset(write(tmp_path, "{power: 1 MW, energy: 2 MWh, throughput_cost: 2 USD/MWh}"), series)


def test_a_unit_of_an_asset_file_is_refused(tmp_path: Path, series: PriceSeries):
    with pytest.raises(InputError, match="this is an asset file"):
        given_asset(write(tmp_path, "{power: 1 MW, energy: 2 MWh}"), series, unit="heath")


def test_a_network_without_prices_says_so_before_anything_is_written(tmp_path: Path):
    (tmp_path / "net").mkdir()
    write(tmp_path, ",snapshot\n0,2025-01-01\n1,2025-01-02\n", "net/snapshots.csv")
    write(tmp_path, "name,p_nom,max_hours\na,1,2\n", "net/storage_units.csv")
    arguments = [
        "pypsa",
        "import",
        str(tmp_path / "net"),
        str(tmp_path / "a.yaml"),
        "--prices",
        str(tmp_path / "p.csv"),
    ]
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, InputError)
    assert "solve it in PyPSA" in str(done.exception)
    assert not (tmp_path / "a.yaml").exists()
    assert call(*arguments[:4])["unit"] == "a"
