"""What is on the map and what flows, from arrays worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from cell2grid.run import run_study
from cell2grid.run.told.places import flows, places
from cell2grid.study.loader import load_study
from cell2grid.study.model import Study

MONTHS = ["2030-01", "2030-02", "2030-03", "2030-04", "2030-05", "2030-06"]


@pytest.fixture
def chain() -> Study:
    return Study.model_validate(
        {
            "study": "two-cell-works",
            "horizon": {"start": "2030-01", "end": "2030-06"},
            "regions": {
                "SE": {},
                "north": {"name": "Norway"},
                "sea": {"location": {"latitude": "58 degree", "longitude": "3 degree"}},
                "rest": {},
            },
            "products": {"cell": {"counted_in": "cell"}, "pack": {"counted_in": "pack"}},
            "firms": {"orsa": {}},
            "plants": {
                name: {"owner": "orsa", "region": region, "makes": made, "capacity": "1000 " + made + "/month"}
                for name, region, made in (("east", "SE", "cell"), ("west", "north", "cell"), ("packs", "SE", "pack"))
            },
            "markets": {
                "rig": {
                    "region": "sea",
                    "product": "pack",
                    "demand": ({"start": "2030-01", "unlimited": "assumed: a"},),
                },
                "world": {
                    "region": "rest",
                    "product": "pack",
                    "demand": ({"start": "2030-01", "unlimited": "assumed: a"},),
                },
            },
        }
    )


@pytest.fixture
def arrays() -> xr.Dataset:
    monthly, plants, products = ("member", "plant", "period"), ["east", "west", "packs"], ["cell", "pack"]
    made = np.array([[[60.0], [20.0], [10.0]], [[60.0], [60.0], [10.0]]]) * np.ones(6)
    consumed = np.array([[[60.0], [20.0], [0.0]], [[40.0], [40.0], [0.0]]]) * np.ones(6)
    needs = np.zeros((2, 3, 2))
    needs[:, 2, 0] = 8.0
    shipped = np.zeros((2, 3, 4, 6))
    shipped[:, 2, 0], shipped[0, 2, 2], shipped[1, 2, 2] = 4.0, 6.0, 5.0
    arrived = np.zeros((2, 1, 6))
    arrived[:, 0, 3] = 5.0
    return xr.Dataset(
        {
            "output": (monthly, made),
            "started": (monthly, made),
            "consumed": (monthly, consumed),
            "input_per_item": (("member", "plant", "product"), needs),
            "shipped": (("member", "plant", "destination", "period"), shipped),
            "delivered": (("member", "plant", "destination", "period"), shipped),
            "order_delivered": (("member", "order", "period"), arrived),
            "order_plant": ("order", ["packs"]),
            "order_region": ("order", ["sea"]),
        },
        coords={
            "member": [0, 1],
            "plant": plants,
            "product": products,
            "destination": ["SE", "north", "sea", "rest"],
            "order": ["rig-7"],
            "period": MONTHS,
        },
    )


def test_inputs_are_told_apart_by_what_each_maker_gave(chain: Study, arrays: xr.Dataset) -> None:
    # packs take 8 cells for each of 10 a month, so 480 in six months: 360 and 120 in one member, 240 each in the other
    found = {(row["kind"], row["origin"], row["target"]): row for row in flows(chain, arrays)}
    assert found["input", "east", "packs"]["mean"] == pytest.approx(300.0)
    assert found["input", "west", "packs"]["mean"] == pytest.approx(180.0)
    assert found["input", "west", "packs"]["unit"] == "cell"
    assert found["home", "packs", "SE"]["mean"] == pytest.approx(24.0)
    assert found["abroad", "packs", "sea"]["mean"] == pytest.approx(33.0)
    assert found["order", "sea", "rig-7"]["mean"] == pytest.approx(5.0)
    assert len(found) == 5  # nothing flows to the rest of the world


def test_places_stand_where_the_study_says_or_in_their_country(chain: Study, arrays: xr.Dataset) -> None:
    found = {row["entity"]: row for row in places(chain, arrays)}
    assert set(found) == {"east", "west", "packs", "rig"}  # 'rest' is no place on the map
    assert (found["rig"]["latitude"], found["rig"]["longitude"]) == (58.0, 3.0)
    assert found["west"]["latitude"] > 58  # Norway, by the name of its region
    assert found["west"]["of_region"] is True
    # 10 packs a month, half a year: 120 a year
    assert found["packs"]["mean"] == pytest.approx(120.0)
    assert found["packs"]["unit"] == "pack/year"
    assert found["rig"]["mean"] == pytest.approx(66.0)


def test_wide_regions_are_on_the_map(chain: Study, arrays: xr.Dataset) -> None:
    assert not any(row["entity"] == "world" for row in places(chain, arrays))
    named = chain.changed(regions={**chain.regions, "rest": chain.regions["SE"].changed(name="South America")})
    world = next(row for row in places(named, arrays) if row["entity"] == "world")
    assert (world["latitude"], world["longitude"], world["of_region"]) == (-12.0, -57.0, True)


def test_plants_that_were_announced_are_on_the_map_unless_given_up(chain: Study, arrays: xr.Dataset) -> None:
    said = {"firm": "orsa", "region": "SE", "product": "cell", "announced": "2030-01 [assumed: a]"}
    announced = {
        "second": {**said, "money": "500 EUR [assumed: a]"},
        "third": {**said, "money": "700 EUR [assumed: a]", "capacity": "90 cell/month [assumed: a]"},
        "fourth": {**said, "money": "900 EUR [assumed: a]", "cancelled": "2030-03 [assumed: a]"},
    }
    tree = chain.model_dump(by_alias=True, exclude_none=True)
    planned = places(Study.model_validate({**tree, "announced": announced}), arrays)
    found = {row["entity"]: (row["mean"], row["unit"]) for row in planned if row["kind"] == "planned"}
    assert found == {"second": (500.0, "EUR"), "third": (90.0, "cell/month")}


def test_a_plant_that_a_plan_may_build_is_a_planned_one() -> None:
    """Of the shipped study with options, those that were built are diamonds on the map and the others triangles."""
    found = run_study(load_study("going-global").study, members=2).tables["places"]
    kinds = dict(zip(found["entity"], found["kind"], strict=True))
    assert kinds["car-plants"] == "plant"
    assert kinds["car-plants-home"] == "planned"
