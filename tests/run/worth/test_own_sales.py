"""The price-taker assumption of a valuation: what a project's own sales leave of its revenue and its NPV."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import StudyError
from cell2grid.prices import PriceSeries
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.worth.own_sales import OwnSales, own_sales, slope_of
from cell2grid.run.worth.telling import document
from cell2grid.run.worth.terms import Subject, subject_of
from cell2grid.run.worth.valuing import Outcome, outcome, worth
from cell2grid.study.project_file import parse_project

PROJECT = """
project: two prices
power: 1 MW
energy: 1 MWh
prices: {{currency: EUR{slope}}}
finance: {{capital_cost: 100000 EUR, discount_rate: 0 percent/year, life: 2 year}}
"""


def alternating(low: float, high: float) -> PriceSeries:
    stamps = np.arange("2025-01-01T00", "2026-01-01T00", dtype="datetime64[h]").astype("datetime64[s]")
    return PriceSeries(
        timestep=stamps, step_hours=np.ones(8760), price=np.tile([low, high], 4380), name="alternating", currency="EUR"
    )


def subject(slope: str = "", low: float = 10.0, high: float = 50.0, folder: Path = Path()) -> Subject:
    return subject_of(parse_project(PROJECT.format(slope=slope)), [alternating(low, high)], folder=folder)


def own_sales_at(slope: float) -> tuple[OwnSales, Outcome]:
    one = subject()
    middle = outcome(one, MiddleFigures())
    return own_sales(one, middle, slope), middle


def test_a_slope_that_is_felt_at_both_ends_of_a_cycle() -> None:
    """A MWh is bought at 10 + 5 = 15 and sold at 50 - 5 = 45: 30 of the 40 EUR that a taker expects, each two hours.

    A schedule that knows moves x MW and earns x (40 - 2 * 5 x) each two hours, the most at x = 1 (the marginal
    40 - 20 x is 20 there): it does the same. Over two years of 4,380 cycles: 4380 * 30 * 2 - 100,000 = 162,800.
    """
    found, middle = own_sales_at(5.0)
    assert middle.arrays["npv"].item() == pytest.approx(4380 * 40 * 2 - 100_000)
    assert found.expected.sum() == pytest.approx(4380 * 40)
    assert found.earned.sum() == pytest.approx(4380 * 30)
    assert found.knowing.sum() == pytest.approx(4380 * 30, rel=2e-4)
    assert found.npv_earned == pytest.approx(162_800)
    assert found.kept == pytest.approx(0.75, rel=2e-4)


def test_what_own_sales_leave_is_told_with_its_net_present_value() -> None:
    told = document(worth(subject(", slope: 2 EUR/MWh/MW")))
    left = told["price_impact"]["npv_knowing"]
    assert left < told["npv"]
    assert any(f"for a net present value of {left:,.0f} EUR" in note for note in told["notes"])


def test_a_steep_slope_is_met_with_less_power() -> None:
    """At 20 EUR/MWh/MW a taker's full power earns 40 - 40 = 0; x (40 - 40 x) is the most at half power: 10 EUR."""
    found, _ = own_sales_at(20.0)
    assert found.earned.sum() == pytest.approx(0.0, abs=1e-6)
    assert found.knowing.sum() == pytest.approx(4380 * 10, rel=1e-3)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.0, 30.0), st.floats(0.0, 30.0))
def test_more_slope_never_leaves_more(one: float, other: float) -> None:
    less, more = (own_sales_at(slope)[0] for slope in sorted((one, other)))
    allowed = float(less.gap.sum()) + 1e-6 * float(less.expected.sum())
    assert more.knowing.sum() <= less.knowing.sum() + allowed
    assert more.earned.sum() <= less.earned.sum() + 1e-6
    assert more.knowing.sum() >= more.earned.sum() - 1e-6


def test_no_slope_takes_nothing() -> None:
    found, middle = own_sales_at(0.0)
    assert found.kept == pytest.approx(1.0)
    assert found.npv_knowing == pytest.approx(middle.arrays["npv"].item())


def test_without_a_slope_there_is_no_test() -> None:
    assert slope_of(subject()) is None
    assert worth(subject()).own_sales is None


def test_a_slope_in_kilowatts_is_one_in_megawatts() -> None:
    assert slope_of(subject(", slope: 0.005 EUR/MWh/kW")) == pytest.approx(5.0)


def test_a_slope_in_another_form_is_refused() -> None:
    with pytest.raises(StudyError, match="slope"):
        subject(", slope: 5 EUR/MWh")


def test_a_slope_is_estimated_from_a_load_beside_the_prices(tmp_path: Path) -> None:
    """Each MW of load is worth 2 EUR/MWh here: load alternates by 20 MW where prices alternate by 40 EUR/MWh."""
    rng = np.random.default_rng(1)
    load = np.tile([100.0, 120.0], 4380) + rng.normal(0.0, 0.5, 8760)
    stamps = np.datetime_as_string(np.arange("2025-01-01T00", "2026-01-01T00", dtype="datetime64[h]"))
    rows = [f"{stamp}:00Z,{mw:.6f}" for stamp, mw in zip(stamps, load, strict=True)]
    (tmp_path / "load.csv").write_text("\n".join(["timestep,load [MW]", *rows]), encoding="utf-8")
    one = subject(", slope_from: {file: load.csv, column: load}", folder=tmp_path)
    found = slope_of(one)
    assert found == pytest.approx(2.0, rel=0.02)
    assert worth(one).own_sales is not None
    with pytest.raises(StudyError, match="slope_from"):
        subject(", slope: 1 EUR/MWh/MW, slope_from: {file: load.csv, column: load}", folder=tmp_path)
