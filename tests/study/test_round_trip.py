"""Laws of reading: YAML to model to JSON and back changes nothing, and neither does the order of keys."""

from __future__ import annotations

import random
import re
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)
NUMBERS = st.integers(1, 10**6)


def _is_a_number(text: str) -> bool:
    """Whether our reader of YAML takes the bare text for a number, which the writer of these trees does not know."""
    return re.fullmatch(r"[-+]?[\d.,_]*([eE][-+]?\d+)?", text, re.ASCII) is not None and text != ""


# control characters may stand in JSON, and not in YAML
TITLES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20).filter(
    lambda text: not _is_a_number(text)
)
MONTHS = st.integers(0, 47).map(lambda number: f"{2024 + number // 12}-{number % 12 + 1:02d}")


def _figure(unit: str) -> st.SearchStrategy[str]:
    ranges = st.tuples(NUMBERS, NUMBERS).map(lambda pair: f"{min(pair)} .. {max(pair)} {unit} [page]")
    return NUMBERS.map(lambda number: f"{number} {unit} [page]") | ranges


@st.composite
def studies(draw: st.DrawFn) -> dict[str, Any]:
    """Plain trees of valid studies: plants in regions that lanes join, markets, projects that order from the plants."""
    regions = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    noun = draw(st.sampled_from(["system", "pack", "vehicle", "cell"]))
    plants = {
        name: {
            "owner": "owner",
            "region": draw(st.sampled_from(regions)),
            "makes": "thing",
            "capacity": draw(_figure(f"{noun}/year") | _figure("GWh/year")),
            "opens": f"{draw(MONTHS)} [page]",
            **draw(st.sampled_from([{}, {"yield": "90 percent [page]"}, {"ramp": {"curve": "immediate"}}])),
        }
        for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    }
    lanes = [
        {"origin": origin, "destination": other, "lead_time": "30 day [assumed: by ship; or by train]"}
        for origin in regions
        for other in regions
        if origin != other
    ]
    order = {"plant": next(iter(plants)), "product": "thing", "energy": "9 MWh [page]", "ordered": "2025-06 [page]"}
    return {
        "study": "drawn",
        "horizon": {"start": "2024-01", "end": "2027-12"},
        "seed": draw(st.integers(0, 10**9)),
        "sources": {"page": {"title": draw(TITLES), "publisher": "p", "date": "2025"}},
        "regions": {name: {} for name in regions},
        "firms": {"owner": {}},
        "products": {"thing": {"counted_in": noun, "energy": f"2 MWh/{noun} [page]"}},
        "plants": plants,
        "lanes": lanes,
        "markets": {
            "buyers": {
                "region": draw(st.sampled_from(regions)),
                "product": "thing",
                "demand": [{"start": "2024-01", "quantity": draw(_figure(f"{noun}/month"))}],
            }
        },
        "projects": {"store": {"region": regions[0], "power": "1 MW [page]", "energy": "9 MWh [page]", "order": order}},
    }


def _shuffled(part: Any, order: random.Random) -> Any:
    if isinstance(part, dict):
        items = list(part.items())
        order.shuffle(items)
        return {key: _shuffled(value, order) for key, value in items}
    return [_shuffled(value, order) for value in part] if isinstance(part, list) else part


@settings(deadline=None)
@given(studies())
def test_a_study_round_trips_through_yaml_and_json(tree: dict[str, Any]) -> None:
    study = parse_study(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))
    text = study.model_dump_json(by_alias=True, exclude_none=True)
    assert Study.model_validate_json(text) == study
    assert parse_study(text) == study, "JSON is YAML too"


@settings(deadline=None)
@given(studies(), st.integers())
def test_order_of_keys_never_matters(tree: dict[str, Any], seed: int) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    other = yaml.safe_dump(_shuffled(tree, random.Random(seed)), allow_unicode=True, sort_keys=False)
    assert parse_study(text) == parse_study(other)


def test_every_part_of_the_small_study_round_trips(small_text: str) -> None:
    study = parse_study(small_text)
    # the run of a variant writes 'streams', and nobody by hand: tests/run/test_varied_draws.py holds what it writes
    parts = set(Study.model_fields) - {"title", "store", "streams"}
    assert sorted(name for name in parts if not getattr(study, name)) == [], "no part is left out"
    assert Study.model_validate_json(study.model_dump_json(by_alias=True, exclude_none=True)) == study
