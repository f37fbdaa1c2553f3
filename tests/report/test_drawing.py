"""A picture keeps shapes and text, and nothing that a browser would run or fetch."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.report.drawing import begun, drawn, picture


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="http://example.org/a.png"/>',
        '<use href="#a"/>',
        "<style>@import 'x'</style>",
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<animate attributeName="x"/>',
    ],
)
def test_elements_that_are_no_shape_or_text_are_dropped(inner: str):
    assert picture(f"<svg>{inner}<rect/></svg>", name="n", label="l") == '<svg role="img" aria-label="l"><rect /></svg>'


@pytest.mark.parametrize("attribute", ["onload", "onclick", "href", "style", "class", "xmlns:x"])
def test_attributes_that_are_no_shape_are_dropped(attribute: str):
    svg = picture(f'<svg><rect width="1" {attribute}="a"/></svg>', name="n", label="l")
    assert svg == '<svg role="img" aria-label="l"><rect width="1" /></svg>'


def test_paint_from_elsewhere_is_dropped_and_local_names_are_made_unique():
    svg = '<svg><defs><clipPath id="a"/></defs><g clip-path="url(#a)"/><g fill="url(http://example.org/x)"/></svg>'
    kept = picture(svg, name="run", label="l")
    assert 'id="run-0"' in kept
    assert 'clip-path="url(#run-0)"' in kept
    assert "example" not in kept


def test_a_picture_is_the_same_whatever_was_drawn_before_and_beside_it():
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame({"x": [1, 2, 3], "y": [1, 4, 9]})
    clipped = alt.Chart(frame).mark_line(clip=True).encode(x="x:Q", y="y:Q")
    begin = [begun(clipped, name="n", label="l") for _ in range(6)]
    pictures = {finished() for finished in begin} | {drawn(clipped, name="n", label="l")}
    assert len(pictures) == 1
    assert 'id="n-0"' in pictures.pop()


def test_a_name_that_nothing_in_the_picture_has_paints_nothing():
    assert "url" not in picture('<svg><g fill="url(#elsewhere)"/></svg>', name="run", label="l")


def test_what_a_mark_says_becomes_its_title():
    svg = '<svg><path d="M0,0" aria-roledescription="circle" aria-label="May: 3 &lt;b&gt;"/></svg>'
    assert "<title>May: 3 &lt;b&gt;</title>" in picture(svg, name="n", label="l")


def test_points_that_nobody_sees_stay_only_where_they_say_something():
    silent, speaking = '<path d="M0,0" opacity="0"/>', '<path d="M1,1" opacity="0" aria-label="3 in May"'
    kept = picture(f'<svg>{silent}{speaking} aria-roledescription="point"/></svg>', name="n", label="l")
    assert "M0,0" not in kept
    assert '<path d="M1,1" opacity="0"><title>3 in May</title></path>' in kept


def test_what_is_not_a_picture_is_refused():
    with pytest.raises(ValueError, match="not an SVG"):
        picture("<html/>", name="n", label="l")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_drawn_as_text(series: str, said: str):
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame({"x": [1], "series": [series], "said": [said]})
    chart = alt.Chart(frame).mark_circle().encode(x="x:Q", y="series:N", description="said:N")
    root = ET.fromstring(drawn(chart, name="n", label=said))
    assert {element.tag for element in root.iter()} <= {"svg", "g", "path", "rect", "line", "text", "title", "tspan"}
