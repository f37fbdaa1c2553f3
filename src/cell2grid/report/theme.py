"""How charts look: one accent, a palette that colour-blind readers can tell apart, type that reads in print.

Colours are those of Okabe and Ito (2008), https://jfly.uni-koeln.de/color/. What a chart shows is in ``charts/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cell2grid.nomenclature import variable

if TYPE_CHECKING:
    import altair as alt

INK, QUIET, FAINT, PAPER = "#1d1d1b", "#57595b", "#d9dadb", "#ffffff"
ACCENT = "#0072b2"
VERMILLION, GREEN, ORANGE, SKY, PURPLE = "#d55e00", "#009e73", "#e69f00", "#56b4e9", "#cc79a7"
YELLOW = "#f0e442"
PALETTE = (ACCENT, VERMILLION, GREEN, ORANGE, PURPLE, SKY, INK)
BAND_OPACITY = 0.22
WIDE, NARROW = 680, 330
_FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"


def themed(chart: alt.TopLevelMixin, *, width: int = WIDE) -> dict[str, Any]:
    """The chart's specification with our type, colours and margins, ready to be drawn."""
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["config"] = {**specification.get("config", {}), **_config(width)}
    specification["background"] = None
    specification["padding"] = {"left": 2, "right": 10, "top": 4, "bottom": 4}
    return specification


def _config(width: int) -> dict[str, Any]:
    axis = {
        "labelColor": QUIET, "titleColor": QUIET, "labelFontSize": 11.5, "titleFontSize": 11.5,
        "titleFontWeight": "normal", "domainColor": QUIET, "tickColor": FAINT, "gridColor": FAINT,
        "labelFont": _FONT, "titleFont": _FONT, "labelLimit": 220, "titlePadding": 8,
    }  # fmt: skip
    title = {"font": _FONT, "subtitleFont": _FONT, "anchor": "start", "frame": "bounds", "color": INK}
    return {
        "font": _FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "labelFlush": False, "labelOverlap": "greedy", "labelSeparation": 8,
                  "tickCount": 5 if width < WIDE else 8},
        "axisY": {"domain": False, "ticks": False, "tickCount": 5},
        "legend": {"orient": "top", "title": None, "labelColor": INK, "labelFontSize": 12, "labelFont": _FONT,
                   "symbolStrokeWidth": 3, "symbolOpacity": 1, "offset": 6,
                   "columns": 2 if width < WIDE else 4, "labelLimit": 200},
        "title": {**title, "fontSize": 13, "subtitleColor": QUIET, "subtitleFontSize": 12, "offset": 8},
        "header": {"labelFont": _FONT, "labelColor": INK, "labelFontSize": 12.5, "labelFontWeight": "bold",
                   "labelAnchor": "start", "title": None, "labelPadding": 4},
        "range": {"category": list(PALETTE)},
    }  # fmt: skip


def axis_title(name: str, unit: str) -> str:
    """The label of an axis: the variable's name in the nomenclature, and the unit of what is drawn.

    >>> axis_title("at_sea", "system")
    'at sea [system]'
    """
    return f"{variable(name).label} [{unit}]" if unit else variable(name).label


def blended(colour: str, share: float) -> str:
    """The colour thinned with paper to this share of itself.

    >>> blended("#0072b2", 1.0), blended("#000000", 0.5)
    ('#0072b2', '#808080')
    """
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def palette(names: Sequence[str]) -> list[str]:
    """A colour for each name; they repeat when they run out."""
    return [PALETTE[index % len(PALETTE)] for index in range(len(names))]
