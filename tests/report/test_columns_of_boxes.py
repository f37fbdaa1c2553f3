"""A graph as boxes: nothing overlaps, whatever leads to whatever, and the same graph is drawn the same."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.report.columns_of_boxes import Line, boxes
from cell2grid.report.theme import ACCENT, NARROW, WIDE

graphs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=25, unique=True)


def drawn(pairs, width: int) -> dict:
    names = {str(end): f"firm {end}" for pair in pairs for end in pair}
    lines = [Line(str(one), str(other), "5 %", "said", ACCENT) for one, other in pairs]
    return boxes(names, lines, width=width).to_dict(validate=False)


def frames(picture: dict) -> list[dict]:
    layer = next(each for each in picture["layer"] if each["mark"]["type"] == "rect")
    values = layer["data"].get("values") or picture["datasets"][layer["data"]["name"]]
    return list(values)


@given(graphs, st.sampled_from([WIDE, NARROW]))
@settings(max_examples=60, deadline=None)
def test_boxes_lie_within_the_picture_and_never_overlap(pairs, width) -> None:
    picture = drawn(pairs, width)
    found = frames(picture)
    assert len(found) == len({end for pair in pairs for end in pair})
    for box in found:
        assert box["left"] >= -1e-6
        assert box["right"] <= width
        assert box["top"] >= -1e-6
        assert box["bottom"] <= picture["height"] + 1e-6
    for one, other in combinations(found, 2):
        apart = (
            one["right"] <= other["left"]
            or other["right"] <= one["left"]
            or one["bottom"] <= other["top"]
            or other["bottom"] <= one["top"]
        )
        assert apart, (one, other)


@given(graphs)
@settings(max_examples=20, deadline=None)
def test_the_same_graph_gives_the_same_picture(pairs) -> None:
    assert drawn(pairs, WIDE) == drawn(pairs, WIDE)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_holder_stands_before_what_it_holds(width: int) -> None:
    found = frames(drawn([(1, 2), (3, 2)], width))
    lefts = sorted(box["left"] for box in found)
    assert lefts[0] == lefts[1] < lefts[2]
