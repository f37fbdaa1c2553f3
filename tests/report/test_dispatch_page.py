"""The page of one schedule: it stands alone, runs nothing, and says what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from cell2grid.errors import InputError
from cell2grid.report.dispatch_page import Told, html, write_dispatch_page

HOSTILE = '</style><script>alert(1)</script>"><img src=x onerror=alert(2)>'


def schedule(steps: int = 72, *, minutes: int = 60, moves: bool = True) -> xr.Dataset:
    stamps = np.datetime64("2025-06-01", "s") + np.arange(steps) * np.timedelta64(60 * minutes, "s")
    price = 40.0 + 60.0 * np.sin(np.arange(steps) / 4.0)
    columns = {
        "price": price,
        "charge": np.where(price < 0.0, 5.0, 0.0) * moves,
        "discharge": np.where(price > 80.0, 4.0, 0.0) * moves,
        "energy": np.zeros(steps),
    }
    arrays = xr.Dataset({name: ("timestep", values) for name, values in columns.items()}, {"timestep": stamps})
    return arrays.assign(revenue=12_345.0, charged_energy=90.0).assign_attrs(method="dynamic programming")


def test_it_holds_four_charts_each_in_two_widths_with_its_numbers():
    page = html(schedule(), name="Three days", currency="EUR")
    assert len(re.findall("<svg", page)) == 8
    assert len(re.findall("<table", page)) == 4
    for heading in ("The hours in which", "Prices, dearest hour first", "Revenue by month", "Price capture"):
        assert f"<h4>{heading}" in page


def test_figures_assumptions_findings_and_method_are_on_it():
    page = html(
        schedule(), name="Three days", currency="EUR", findings=("It buys low.",),
        assumptions=(Told("power", "100 MW", "Most power from and to the grid."),), zone="Europe/Berlin",
    )  # fmt: skip
    assert "12,345.00 EUR" in page
    assert "Energy taken from the grid over the horizon." in page
    assert "<code>power</code> <span>100 MW</span>" in page
    assert "It buys low." in page
    assert "Method: dynamic programming." in page
    assert "2025-06-01 02:00 to 2025-06-04 01:00, Europe/Berlin" in page


def test_money_without_a_currency_is_called_currency_units():
    page = html(schedule(), name="Three days")
    assert "12,345.00 currency units" in page
    assert "price [currency/MWh]" in page


def test_a_revenue_that_is_not_the_assets_own_is_told_beside_its_money():
    arrays = schedule()
    own = float(np.sum(arrays["price"] * (arrays["discharge"] - arrays["charge"])))
    assert "with its site and fees the revenue is 12,300 EUR" in html(arrays, name="Site", currency="EUR")
    assert "with its site" not in html(arrays.assign(revenue=own), name="Alone", currency="EUR")


def test_it_runs_nothing_and_asks_for_nothing():
    page = html(
        schedule(), name=HOSTILE, notes=(HOSTILE,), findings=(HOSTILE,), assumptions=(Told(HOSTILE, HOSTILE, HOSTILE),)
    )
    assert not re.search(r"<(?:script|img|iframe|link|object)", page)
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "default-src &#39;none&#39;" in page
    assert "&lt;script&gt;" in page


def test_a_note_is_on_the_page_and_on_every_chart():
    page = html(schedule(), name="Three days", notes=("synthetic prices",))
    assert page.count("synthetic prices") >= 1 + 8


def test_an_asset_that_never_moves_says_so():
    assert "it stands still from the first step to the last" in html(schedule(moves=False), name="Idle")


def test_one_step_makes_a_page():
    assert "1 time step<" in html(schedule(1), name="One hour")


def test_days_of_two_months_stand_in_the_order_of_time():
    """April comes after March, though "1 Apr" is before "30 Mar" as a word."""
    stamps = np.datetime64("2025-03-29", "s") + np.arange(96) * np.timedelta64(3600, "s")
    page = html(schedule(96).assign_coords(timestep=stamps), name="Four days")
    months = page[page.index("<h4>Revenue by month") : page.index("<h4>Price capture")]
    wide = months.split("<svg")[1]
    found = re.findall(r"translate\(([0-9.]+),[^>]*>(\d+ (?:Mar|Apr))</text>", wide)
    days = [day for _, day in sorted(found, key=lambda one: float(one[0]))]
    assert days == ["29 Mar", "30 Mar", "31 Mar", "1 Apr"]


def test_a_year_of_five_minutes_makes_a_page_that_can_be_sent():
    assert len(html(schedule(105_120, minutes=5), name="A year")) < 1_000_000


def test_the_same_schedule_gives_the_same_page():
    assert html(schedule(), name="Three days") == html(schedule(), name="Three days")


def test_it_is_written_whole_or_not_at_all(tmp_path: Path):
    path = write_dispatch_page(schedule(), tmp_path / "page.html", name="Three days")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match="cannot be written"):
        write_dispatch_page(schedule(), tmp_path, name="Three days")
