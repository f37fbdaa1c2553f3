"""Whole valuations beside a second program of the same equations: npv, debt, levelised cost and the yearly table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worth_oracle import valued
from worth_projects import projects

from cell2grid.prices import PriceSeries
from cell2grid.run.worth.telling import document
from cell2grid.run.worth.terms import subject_of
from cell2grid.run.worth.valuing import worth
from cell2grid.study.project_file import parse_project


def of_text(text: str, prices: list[np.ndarray]) -> dict:
    """The document of a project on hourly prices."""
    stamps = np.arange("2025-01-01T00", "2026-01-01T00", dtype="datetime64[h]").astype("datetime64[s]")
    series = [
        PriceSeries(
            timestep=stamps[: len(price)], step_hours=np.ones(len(price)), price=price, name=f"prices {place}",
            currency="EUR",
        )
        for place, price in enumerate(prices)
    ]  # fmt: skip
    subject = subject_of(parse_project(text), series, folder=Path())
    return document(worth(subject))


@pytest.mark.parametrize("seed", range(24))
def test_a_drawn_project_is_worth_what_a_second_program_finds(seed: int) -> None:
    case, text = projects(seed)
    figures, flows = valued(case)
    found = of_text(text, case["prices"])
    for name, value in figures.items():
        assert found[name] == (None if value is None else pytest.approx(value, rel=1e-7, abs=1e-7 * case["capital"]))
    for name in set(flows) & set(found["yearly"][0]):
        told = [row[name] for row in found["yearly"]]
        assert told == pytest.approx(list(flows[name]), rel=1e-7, abs=1e-8 * case["capital"]), name


def test_the_cost_of_throughput_is_money_by_hand() -> None:
    """10 MWh at 10 and at 50 EUR/MWh in turn, 4,380 times a year: 87,600 MWh pass the meter, at 1 EUR each.

    At 50 % of inflation a year they cost 131,400 at the end of the first year, or 87,600 where prices are nominal. The
    market leaves 4380 * 10 * 40 = 1,752,000, raised alike.
    """
    text = (
        "{{project: bare, power: 10 MW, energy: 10 MWh, throughput_cost: 1 EUR/MWh, prices: {{basis: {basis}}},"
        " finance: {{capital_cost: 100 EUR/kWh, discount_rate: 0 percent/year, inflation: 50 percent/year,"
        " life: 1 year}}}}"
    )
    price = [np.tile([10.0, 50.0], 4380)]
    for basis, raised in (("real", 1.5), ("nominal", 1.0)):
        found = of_text(text.format(basis=basis), price)
        assert found["yearly"][1]["operating_cost"] == pytest.approx(87_600 * raised)
        assert found["npv"] == pytest.approx((1_752_000 - 87_600) * raised - 1_000_000)
        assert found["lcos"] == pytest.approx((1_000_000 + (438_000 + 87_600) * raised) / 43_800)
