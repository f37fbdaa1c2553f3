"""Price files cut into years of twelve months, what is left over, and temperatures set beside them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import PriceError
from cell2grid.prices import PriceSeries, read_prices
from cell2grid.run.worth.price_years import PriceYears, years_of
from cell2grid.study.project_file import parse_project

BARE = (
    "{project: bare, power: 1 MW, energy: 1 MWh, "
    "finance: {capital_cost: 9 EUR/kWh, discount_rate: 0 percent/year, life: 2 year}"
)


def daily(folder: Path, first: str, days: int, *, name: str = "prices", unit: str = "EUR/MWh") -> PriceSeries:
    """A file with a price a day that is the number of the day, read."""
    start = datetime.fromisoformat(first)
    rows = [f"{start + timedelta(days=day):%Y-%m-%dT00:00}Z,{day}" for day in range(days)]
    path = folder / f"{name}.csv"
    path.write_text("\n".join([f"timestep,price [{unit}]", *rows, ""]), encoding="utf-8")
    return read_prices(path)


def cut(*series: PriceSeries, more: str = "", folder: Path = Path()) -> PriceYears:
    """The price years of the bare project."""
    return years_of(parse_project(f"{BARE}{more}}}"), series, folder)


def test_years_run_for_twelve_months_from_the_first_stamp(tmp_path: Path) -> None:
    """From March 2023, 366 days with 29 February 2024, then 365; 184 days are left over and said."""
    found = cut(daily(tmp_path, "2023-03-01", 366 + 365 + 184))
    assert [year.price.size for year in found.years] == [366, 365]
    assert [year.price[0] for year in found.years] == [0.0, 366.0]
    assert found.notes == ("the last 184 days of prices make no whole year and are left out",)
    assert found.years[0].label == "prices 2023-03 to 2024-02"


def test_a_year_from_29_february_ends_before_1_march(tmp_path: Path) -> None:
    found = cut(daily(tmp_path, "2024-02-29", 366 + 365))
    assert [year.price.size for year in found.years] == [366, 365]


@pytest.mark.parametrize(("days", "sizes"), [(366, [366]), (365, [365]), (364, [364]), (731, [366, 365])])
def test_a_year_that_lacks_a_day_or_two_is_a_year(tmp_path: Path, days: int, sizes: list[int]) -> None:
    found = cut(daily(tmp_path, "2024-01-01", days))
    assert [year.price.size for year in found.years] == sizes
    assert not found.notes
    assert found.years[0].label == "prices 2024"


def test_a_short_file_stands_for_the_whole_year_and_that_is_said(tmp_path: Path) -> None:
    found = cut(daily(tmp_path, "2024-01-01", 90))
    assert found.years[0].price.size == 90
    assert found.notes == ("prices of prices 2024-01 to 2024-03 cover 90 days, which stand for the whole year",)


def test_years_of_several_files_follow_one_another_and_are_told_apart(tmp_path: Path) -> None:
    one, two = (daily(tmp_path, f"{year}-01-01", 365, name="spot") for year in (2021, 2021))
    found = cut(one, two, daily(tmp_path, "2022-01-01", 365, name="spot"))
    assert [year.label for year in found.years] == ["spot 2021", "spot 2021 (2)", "spot 2022"]


def test_files_in_two_currencies_are_refused(tmp_path: Path) -> None:
    euros = daily(tmp_path, "2022-01-01", 9, name="one")
    dollars = daily(tmp_path, "2023-01-01", 9, name="two", unit="USD/MWh")
    with pytest.raises(PriceError, match="the prices are in EUR and USD; bring them to one currency"):
        cut(euros, dollars)


def test_more_years_than_are_taken_are_refused(tmp_path: Path) -> None:
    series = daily(tmp_path, "2022-01-01", 9)
    with pytest.raises(PriceError, match="the prices cover 201 years, more than 200"):
        cut(*[series] * 201)


WARM = ", ageing: {cells: naumann-2020-lfp-sony, temperature: {file: weather.csv, column: warmth}}"


def weather(folder: Path, first: str, days: int) -> None:
    """A file with a temperature a day: the day of the year, over ten."""
    start = datetime.fromisoformat(first)
    rows = []
    for day in range(days):
        now = start + timedelta(days=day)
        rows.append(f"{now:%Y-%m-%dT00:00}Z,{int(f'{now:%j}') / 10}")
    (folder / "weather.csv").write_text("\n".join(["timestep,warmth", *rows, ""]), encoding="utf-8")


def test_temperatures_of_the_same_days_stand_beside_the_prices_by_stamp(tmp_path: Path) -> None:
    weather(tmp_path, "2022-01-01", 2 * 365)
    found = cut(daily(tmp_path, "2022-01-01", 2 * 365), more=WARM, folder=tmp_path)
    np.testing.assert_allclose(found.years[1].celsius, np.arange(1, 366) / 10)
    assert not found.notes


def test_temperatures_of_another_year_stand_beside_the_prices_by_the_time_of_the_year(tmp_path: Path) -> None:
    weather(tmp_path, "2019-01-01", 365)
    found = cut(daily(tmp_path, "2022-07-01", 365), more=WARM, folder=tmp_path)
    beside = np.asarray(found.years[0].celsius)
    # 1 July is day 182 of a year with 365, and 1 January follows after 184 days
    assert beside[0] == pytest.approx(18.2)
    assert beside[184] == pytest.approx(0.1)
    assert any("by the time of the year" in note for note in found.notes)


def test_temperatures_of_some_other_days_are_refused(tmp_path: Path) -> None:
    weather(tmp_path, "2019-01-01", 30)
    with pytest.raises(PriceError, match=r"weather\.csv"):
        cut(daily(tmp_path, "2022-01-01", 365), more=WARM, folder=tmp_path)


def test_what_changes_with_time_is_cut_with_the_prices(tmp_path: Path) -> None:
    series = daily(tmp_path, "2022-01-01", 2 * 365)
    rows = [f"{stamp}Z,{place}" for place, stamp in enumerate(series.timestep.astype("datetime64[m]"))]
    (tmp_path / "sun.csv").write_text("\n".join(["timestep,pv [MW]", *rows, ""]), encoding="utf-8")
    found = cut(series, more=", generation: {file: sun.csv, column: pv}", folder=tmp_path)
    first, second = found.by_year["generation"]
    assert (first[0], first[-1], second[0], second[-1]) == (0.0, 364.0, 365.0, 729.0)
    assert "generation" not in found.asset
