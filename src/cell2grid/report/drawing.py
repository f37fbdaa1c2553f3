"""A chart as SVG that may stand inside a page: drawn without a browser, then cut down to what a picture needs.

The names and sentences in a chart come from pages and studies. The picture is parsed as XML and only elements and
attributes on a short list survive, so no text of a page becomes markup or script.
"""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

from cell2grid.report.theme import WIDE, themed

if TYPE_CHECKING:
    import altair as alt

_ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "title", "defs", "clipPath"}
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "width", "height", "viewBox", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "d", "dx", "dy",
        "transform", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
        "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "opacity", "text-anchor", "font-family",
        "font-size", "font-weight", "font-style", "display", "id", "clip-path",
    }
)  # fmt: skip
_MOST_THREADS = 4
_DECIMALS = re.compile(r"(\.\d{2})\d+")
_UNPRINTABLE = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOCAL = re.compile(r"url\(#([A-Za-z0-9_-]+)\)")
_PAINTED = frozenset({"fill", "stroke", "clip-path"})
_SPEAKING = frozenset({"point", "circle", "bar", "symbol", "rect mark"})


def drawn(chart: alt.TopLevelMixin, *, name: str, label: str, width: int = WIDE) -> str:
    """The chart as inline SVG.

    Parameters
    ----------
    name
        A word that is unique on the page; the ids inside the picture begin with it.
    label
        What the picture shows, for those who do not see it.
    """
    return begun(chart, name=name, label=label, width=width)()


def begun(chart: alt.TopLevelMixin, *, name: str, label: str, width: int = WIDE) -> Callable[[], str]:
    """What gives the chart as ``drawn`` does; drawing goes on in a thread of its own while the next is made."""
    import vl_convert

    svg = _threads().submit(vl_convert.vegalite_to_svg, _printable(themed(chart, width=width)))
    return lambda: picture(svg.result(), name=name, label=_printable(label))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS), thread_name_prefix="drawing")


def _printable(part: Any) -> Any:
    """The same text, list or mapping without the characters that XML has no place for."""
    if isinstance(part, str):
        return _UNPRINTABLE.sub("�", part)
    if isinstance(part, dict):
        return {_printable(key): _printable(value) for key, value in part.items()}
    return [_printable(value) for value in part] if isinstance(part, list) else part


def picture(svg: str, *, name: str, label: str) -> str:
    """The SVG with nothing left in it but shapes, text and titles, and a label for those who do not see it.

    >>> picture('<svg><script>alert(1)</script><rect onload="x" width="3"/></svg>', name="a", label="one bar")
    '<svg role="img" aria-label="one bar"><rect width="3" /></svg>'
    """
    drawing = ET.fromstring(svg)
    # the ids that come with a picture count all pictures before it, in whatever order they were drawn
    names = [element.attrib["id"] for element in drawing.iter() if "id" in element.attrib]
    ids = {old: f"{name}-{number}" for number, old in enumerate(names)}
    root = _kept(drawing, ids)
    if root is None or root.tag != "svg":
        raise ValueError("a chart was drawn that is not an SVG picture")
    root.attrib = {"role": "img", "aria-label": label, **root.attrib}
    return ET.tostring(root, encoding="unicode")


def _kept(element: ET.Element, ids: Mapping[str, str]) -> ET.Element | None:
    """The element with what is allowed in it, or None where it is not allowed itself."""
    tag = str(element.tag).rpartition("}")[2]
    if tag not in _ELEMENTS or _is_background(element):
        return None
    attributes = {key: _value(key, text, ids) for key, text in element.attrib.items() if key in _ATTRIBUTES}
    kept = ET.Element(tag, {key: text for key, text in attributes.items() if text is not None})
    kept.text = element.text if tag in {"text", "tspan", "title"} else None
    spoken = element.get("aria-label")
    if spoken and element.get("aria-roledescription") in _SPEAKING:
        ET.SubElement(kept, "title").text = spoken
    for inner in element:
        child = _kept(inner, ids)
        if child is not None:
            kept.append(child)
    return None if _is_nothing(kept) else kept


def _is_background(element: ET.Element) -> bool:
    """Whether the element is one of the empty frames that Vega draws around every group."""
    return element.get("class") in {"background", "foreground"} and element.get("stroke") is None


def _is_nothing(element: ET.Element) -> bool:
    """Whether nobody sees the element, and it says nothing to who points at it: most of a line's points are so."""
    return element.get("opacity") == "0" and len(element) == 0 and "id" not in element.attrib


def _value(key: str, text: str, ids: Mapping[str, str]) -> str | None:
    """The attribute's value with local names made unique; None where it points outside the picture."""
    if key == "id":
        return ids[text]
    if key in {"d", "transform"}:
        return _DECIMALS.sub(r"\1", text)
    if key not in _PAINTED or "url" not in text.lower():
        return text
    match = _LOCAL.fullmatch(text.strip())
    return f"url(#{ids[match[1]]})" if match and match[1] in ids else None
