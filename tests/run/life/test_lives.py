"""Many lives at once: as each by itself, whatever the number of processes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from cell2grid.errors import InputError
from cell2grid.run.life.case import Life, LifeCase, PriceYear
from cell2grid.run.life.cells import cells_named
from cell2grid.run.life.life import live, lives
from cell2grid.run.life.parcels import packed, unpacked

HOURS = np.arange(336)
PRICES = PriceYear(
    "two weeks",
    40.0 + 30.0 * np.sin(HOURS * np.pi / 12.0) + 5.0 * np.cos(HOURS * 1.7),
    np.ones(336),
    np.full(336, 20.0),
)


def a_case(scale: float = 1.0, **changes: Any) -> LifeCase:
    """Four years of a two-hour store of LFP cells."""
    said: dict[str, Any] = {
        "asset": {"power": 10.0, "energy": 20.0, "efficiency_charge": 0.93, "efficiency_discharge": 0.93},
        "price_years": (PRICES,),
        "order": (0,) * 4,
        "price_factor": np.ones(4),
        "life": 4.0,
        "discount_rate": 0.06,
        "cells": cells_named("gasper-2023-lfp-250ah"),
        "scale": scale,
    }
    return LifeCase(**{**said, **changes})


def assert_same(one: Life, other: Life) -> None:
    """Every figure to the last digit, but for the first schedule."""
    for field in fields(Life):
        if field.name != "first_schedule":
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), err_msg=field.name)


def test_the_number_of_workers_changes_nothing() -> None:
    cases = [a_case(scale) for scale in (1.0, 2.0, 0.5, 1.0, 3.0)]
    told: list[int] = []
    alone = lives(cases, on_progress=told.append)
    together = lives(cases, workers=2)
    for one, other in zip(alone, together, strict=True):
        assert_same(one, other)
    assert told == [2, 3, 4, 5]
    assert alone[0] is alone[3], "cases that say the same are run once"
    assert alone[0].first_schedule is not None
    assert alone[1].first_schedule is None


def test_each_life_is_that_of_its_case_from_the_wear_of_the_first_at_its_scale() -> None:
    cases = [a_case(1.0), a_case(2.0), a_case(1.0, order=(0,) * 2, price_factor=np.ones(2), life=2.0)]
    found = lives(cases)
    assert_same(found[0], live(cases[0]))
    for case, life in zip(cases[1:], found[1:], strict=True):
        assert_same(life, live(case, wear_from=found[0].wear_cost * case.scale))
    assert found[1].state_of_health[-1] < found[0].state_of_health[-1]
    assert len(found[2].operated) == 2


def test_a_wear_cost_of_a_neighbour_leads_to_the_same_life_within_the_tolerance() -> None:
    from_first, by_itself = lives([a_case(1.0), a_case(1.5)])[1], live(a_case(1.5))
    assert from_first.settled
    assert by_itself.settled
    revenue = by_itself.sales - by_itself.charging_cost
    np.testing.assert_allclose(from_first.sales - from_first.charging_cost, revenue, rtol=0.01)


def test_no_cases_are_no_lives() -> None:
    assert lives([]) == []


def test_a_case_that_cannot_be_is_refused_from_a_process_too() -> None:
    with pytest.raises(InputError, match="scale is -1"):
        lives([a_case(1.0), a_case(-1.0), a_case(2.0)], workers=2)


def test_long_series_are_sent_once_and_cases_come_out_as_they_went_in() -> None:
    twin = PriceYear("two weeks", PRICES.price.copy(), PRICES.step_hours.copy(), PRICES.celsius)
    cases = [a_case(1.0), a_case(2.0), a_case(1.0, price_years=(twin,))]
    parcels, arrays = packed(cases)
    assert parcels[0] == parcels[2]
    assert sum(array is PRICES.price for array in arrays.values()) == 1
    assert max(map(len, parcels)) < PRICES.price.nbytes
    back = unpacked(parcels[1], arrays)
    assert back.scale == 2.0
    np.testing.assert_array_equal(back.price_years[0].price, PRICES.price)
    np.testing.assert_array_equal(back.price_years[0].celsius, PRICES.celsius)


def test_ranges_that_the_paper_did_not_fit_are_named() -> None:
    """The cells of the paper were not cycled at 70 degC."""
    hot = replace(PRICES, celsius=70.0)
    notes = live(a_case(1.0, price_years=(hot,))).notes
    assert any("temperature of 70" in note and "doi.org" in note for note in notes)
