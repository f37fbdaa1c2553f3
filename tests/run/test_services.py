"""Services over the steps of a price series: blocks on local clocks, prices from columns, calls and their prices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cell2grid.engines.dispatch import asset_case
from cell2grid.engines.reserves import Product, co_optimised
from cell2grid.errors import InputError, PriceError
from cell2grid.prices import PriceSeries
from cell2grid.run.services import product_of, products_of_file
from cell2grid.study.service_file import parse_services


def hours(
    first: str, count: int, *, step: float = 1.0, offsets: bool = True, currency: str | None = "EUR"
) -> PriceSeries:
    begins = np.datetime64(first, "s") + (np.arange(count) * round(step * 3600)).astype("timedelta64[s]")
    return PriceSeries(
        timestep=begins,
        price=np.arange(count, dtype=float),
        step_hours=np.full(count, step),
        name="hours",
        offsets=offsets,
        currency=currency,
    )


def made(text: str, series: PriceSeries, folder: Path = Path()) -> Product:
    service = parse_services(f"services: [{{{text}}}]", folder=folder)[0]
    return product_of(service, asset_case(series.price, series.step_hours, power=10.0, energy=20.0), series)


def test_blocks_are_those_of_local_clocks_and_an_hour_more_where_clocks_go_back() -> None:
    """Berlin goes back on 2025-10-26 at 01:00 UTC: 22:00 UTC is local midnight, and 00-04 lasts five hours."""
    one = made("service: fcr, price: 8 EUR/MW/hour", hours("2025-10-25T22:00", 24))
    assert np.bincount(one.block - one.block[0]).tolist() == [5, 4, 4, 4, 4, 3]
    spring = made("service: fcr, price: 8 EUR/MW/hour", hours("2025-03-29T23:00", 24))
    assert np.bincount(spring.block - spring.block[0]).tolist() == [3, 4, 4, 4, 4, 4, 1]


def test_blocks_begin_where_the_service_says() -> None:
    one = made("service: dynamic-containment-low, price: 5 EUR/MW/hour", hours("2025-01-01T21:00", 8))
    assert np.bincount(one.block - one.block[0]).tolist() == [2, 4, 2]


def test_stamps_without_an_offset_are_taken_as_the_clock_showed_them() -> None:
    one = made("service: fcr, price: 8 EUR/MW/hour", hours("2025-07-01T00:00", 8, offsets=False))
    assert np.bincount(one.block - one.block[0]).tolist() == [4, 4]


def test_the_price_of_a_block_is_spread_over_its_hours() -> None:
    series = hours("2025-01-01T00:00", 4)
    assert made("service: fcr, price: 32 EUR/MW", series).capacity_price.tolist() == [8.0] * 4
    assert made("service: fcr, price: 0.008 EUR/kW/hour", series).capacity_price == pytest.approx([8.0] * 4)


def test_performance_and_mileage_make_the_price() -> None:
    """0.9 x (10 + 5 x 0.8 x 0.5) = 10.8 a MW and hour."""
    one = made(
        "service: us-regulation-up, price: 10 USD/MW/hour, performance: 90 percent, "
        "mileage: {ratio: 5 ratio/hour, price: 0.5 USD/MW, accuracy: 80 percent}",
        hours("2025-01-01T00:00", 2, currency="USD"),
    )
    assert one.capacity_price == pytest.approx([10.8, 10.8])


def test_calls_have_the_price_of_the_market_an_adder_their_own_or_none() -> None:
    series = hours("2025-01-01T00:00", 3)
    market = made("service: afrr-up, price: 8 EUR/MW/hour", series)
    adder = made("service: afrr-up, price: 8 EUR/MW/hour, called_up: {adder: 20 EUR/MWh}", series)
    own = made("service: afrr-up, price: 8 EUR/MW/hour, called_up: {price: 0.1 EUR/kWh, share: 25 percent}", series)
    none = made("service: fcr, price: 8 EUR/MW/hour", series)
    assert market.activation_price_up.tolist() == [0.0, 1.0, 2.0]
    assert adder.activation_price_up.tolist() == [20.0, 21.0, 22.0]
    assert own.activation_price_up == pytest.approx([100.0] * 3)
    assert own.activation_up.tolist() == [0.25] * 3
    assert none.activation_price_up.tolist() == none.activation_price_down.tolist() == [0.0] * 3
    assert market.activation_up == pytest.approx([0.1] * 3)
    assert market.activation_down.tolist() == [0.0] * 3


def test_a_column_of_blocks_serves_hours_and_one_of_quarters_is_averaged(tmp_path: Path) -> None:
    (tmp_path / "fcr.csv").write_text("timestep,eur\n2025-01-01T00:00Z,40\n2025-01-01T04:00Z,80\n", encoding="utf-8")
    quarters = "".join(f"2025-01-01T0{h}:{m:02d}Z,{h * 10 + m}\n" for h in range(8) for m in (0, 15, 30, 45))
    (tmp_path / "quarters.csv").write_text(f"timestep,up,down\n{quarters.replace(',', ',0,')}", encoding="utf-8")
    series = hours("2025-01-01T00:00", 8)
    blocks = made("service: fcr, prices: {file: fcr.csv, column: eur, unit: EUR/MW}", series, tmp_path)
    assert blocks.capacity_price.tolist() == [10.0] * 4 + [20.0] * 4
    mean = made("service: afrr-up, prices: {file: quarters.csv, column: down}", series, tmp_path)
    assert mean.capacity_price == pytest.approx([h * 10 + 22.5 for h in range(8)])


def test_a_column_that_does_not_cover_the_prices_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("timestep,eur\n2025-01-01T00:00Z,40\n2025-01-01T01:00Z,80\n", encoding="utf-8")
    with pytest.raises(PriceError, match=r"short\.csv: the prices of energy go from 2025-01-01 00:00 to"):
        made("service: fcr, prices: {file: short.csv, column: eur}", hours("2025-01-01T00:00", 8), tmp_path)
    with pytest.raises(PriceError, match="have no offset and the others do"):
        made(
            "service: fcr, prices: {file: short.csv, column: eur}",
            hours("2025-01-01T00:00", 2, offsets=False),
            tmp_path,
        )
    with pytest.raises(PriceError, match="no column 'down'"):
        made("service: fcr, prices: {file: short.csv, column: down}", hours("2025-01-01T00:00", 2), tmp_path)


def test_another_currency_is_refused() -> None:
    with pytest.raises(PriceError, match="'fcr' is paid in GBP and energy in EUR"):
        made("service: fcr, price: 8 GBP/MW/hour", hours("2025-01-01T00:00", 2))
    assert made("service: fcr, price: 8 GBP/MW/hour", hours("2025-01-01T00:00", 2, currency=None)).least == 1.0


def test_steps_longer_than_blocks_are_refused() -> None:
    with pytest.raises(InputError, match="a time step of 24 h is longer than its blocks of 4 h"):
        made("service: fcr, price: 8 EUR/MW/hour", hours("2025-01-01T00:00", 3, step=24.0))


def test_a_service_is_sold_within_its_hours_only() -> None:
    series = hours("2025-01-01T00:00", 24)
    day = made("service: us-regulation-up, price: 8 EUR/MW/hour, available: {begins: '08:00', ends: '20:00'}", series)
    assert np.flatnonzero(day.most > 0.0).tolist() == list(range(8, 20))
    night = made("service: us-regulation-up, price: 8 EUR/MW/hour, available: {begins: '22:00', ends: '02:00'}", series)
    assert np.flatnonzero(night.most > 0.0).tolist() == [0, 1, 22, 23]
    late = made("service: us-regulation-up, price: 8 EUR/MW/hour, available: {begins: '22:00', ends: '24:00'}", series)
    assert np.flatnonzero(late.most > 0.0).tolist() == [22, 23]


def test_a_file_of_services_becomes_a_plan(tmp_path: Path) -> None:
    """20 MWh and 10 MW: FCR of at most 4 MW, aFRR down of the rest; both are awarded over flat prices."""
    file = tmp_path / "reserve.yaml"
    file.write_text(
        "services:\n- {service: fcr, price: 20 EUR/MW/hour, maximum: 4 MW}\n"
        "- {service: afrr-down, price: 9 EUR/MW/hour}\n",
        encoding="utf-8",
    )
    series = hours("2025-01-01T00:00", 24)
    case = asset_case(np.full(24, 50.0), 1.0, power=10.0, energy=20.0, start_fraction=0.5, end_fraction=0.5)
    found = co_optimised(case, products_of_file(file, case, series))
    assert found.names == ("fcr", "afrr-down")
    assert found.award[:, 0].max() == pytest.approx(4.0)
    assert found.value > 20.0 * 4.0 * 20.0
