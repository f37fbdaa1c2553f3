"""A graph as boxes in columns joined by lines, from those that come first to those that follow.

Columns follow the longest way to each box, and firms of a loop stand one after the other; networkx finds the loops and
places the boxes. A line that passes a column has a place of its own in it, so that it crosses no box. Where the width
has no room for the columns, boxes stand below one another and lines run beside them. What is drawn this way is in
``charts/ownership.py`` and ``charts/supply_links.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cell2grid.report.theme import FAINT, INK, PAPER, QUIET

if TYPE_CHECKING:
    import altair as alt

Point = tuple[float, float]
Key = str | tuple[int, int]  # a box, or the place of a line in a column that it passes

MOST_BOXES = 30
_ROW, _BOX, _WIDEST, _NARROWEST = 54, 40, 178, 150  # pixels
_LETTER, _LINES = 6.3, 2
_SWEEPS = 6
_TRIED = (0.5, 0.36, 0.64, 0.24, 0.76)  # places on a line for its words, the best first


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one box to another: what stands on it, what a reader who points at it is told, and how it looks.

    One that is ``loose`` moves no box.
    """

    first: str
    second: str
    label: str
    said: str
    colour: str
    thick: float = 1.4
    dashed: bool = False
    loose: bool = False


def boxes(
    names: Mapping[str, str], lines: Sequence[Line], *, width: int, notes: Mapping[str, str] | None = None
) -> alt.LayerChart:
    """The picture.

    Parameters
    ----------
    names
        What stands in each box, by its key; at most ``MOST_BOXES`` are readable.
    notes
        What stands below the name in some of the boxes, in grey.
    """
    import altair as alt

    inner = width - 14
    drawn = [line for line in lines if line.first != line.second]
    columns, passed = _columns(list(names), drawn)
    if len(columns) <= max(inner // _NARROWEST, 2):
        middles, box, height = _middles(columns, inner)
        ways = [
            _way(middles[line.first], [middles[key] for key in keys], middles[line.second], box)
            for line, keys in zip(drawn, passed, strict=True)
        ]
    else:
        below = [key for column in columns for key in column if isinstance(key, str)]
        middles, box, height = _middles([below], min(inner, _WIDEST), across=False)
        ways = _beside(drawn, middles, box, inner)
    size = (float(inner), height)
    layers = [
        *_lines(drawn, ways, size),
        *_heads(drawn, ways, size),
        *_frames(names, notes or {}, middles, box, size),
        *_labels(drawn, ways, size),
    ]
    whole: Any = alt.layer(*layers)
    sized: alt.LayerChart = whole.properties(width=inner, height=height)
    return sized


def _across(field: str, size: Point) -> alt.X:
    """A place from the left [pixel]."""
    import altair as alt

    return alt.X(f"{field}:Q").axis(None).scale(domain=[0, size[0]], nice=False, zero=False)


def _down(field: str, size: Point) -> alt.Y:
    """A place from the top [pixel]."""
    import altair as alt

    return alt.Y(f"{field}:Q").axis(None).scale(domain=[size[1], 0], nice=False, zero=False)


def _columns(names: Sequence[str], lines: Sequence[Line]) -> tuple[list[list[Key]], list[list[Key]]]:
    """The keys of each column in an order in which few lines cross, and the places that each line passes."""
    depth = columns_of(names, [(line.first, line.second) for line in lines if not line.loose])
    columns: list[list[Key]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in names:
        columns[depth[name]].append(name)
    passed: list[list[Key]] = []
    near: dict[Key, list[Key]] = {}
    for place, line in enumerate(lines):
        begin, end = depth[line.first], depth[line.second]
        between = range(begin + 1, end) if end > begin else range(begin - 1, end, -1)
        keys: list[Key] = [(place, number) for number in between]
        for number, key in zip(between, keys, strict=True):
            columns[number].append(key)
        passed.append(keys)
        chain: list[Key] = [line.first, *keys, line.second]
        for one, other in pairwise(chain):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    for _ in range(_SWEEPS):
        rows = {key: row - len(column) / 2 for column in columns for row, key in enumerate(column)}
        for column in columns:
            means = {
                key: sum(map(rows.__getitem__, near.get(key, [key]))) / len(near.get(key, [key])) for key in column
            }
            column.sort(key=means.__getitem__)
            rows |= {key: row - len(column) / 2 for row, key in enumerate(column)}
    return columns, passed


def columns_of(names: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The column of each box: after all that lead to it; one to which nothing leads stands beside what it leads to.

    >>> columns_of(["bolt", "engine", "steel", "car"], [("steel", "bolt"), ("bolt", "car"), ("engine", "car")])
    {'bolt': 1, 'engine': 1, 'steel': 0, 'car': 2}
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(pairs)
    knots = nx.condensation(graph)
    depth: dict[str, int] = {}
    begin: dict[int, int] = {}
    for knot in nx.topological_sort(knots):
        before = [begin[other] + len(knots.nodes[other]["members"]) for other in knots.predecessors(knot)]
        begin[knot] = max(before, default=0)
        for further, name in enumerate(sorted(knots.nodes[knot]["members"], key=names.index)):
            depth[name] = begin[knot] + further
    for name in names:
        after = [depth[other] for other in graph.successors(name)]
        if after and not graph.in_degree(name):
            depth[name] = max(min(after) - 1, 0)
    used = sorted(set(depth.values()))
    return {name: used.index(depth[name]) for name in names}


def _middles(
    columns: Sequence[Sequence[Key]], width: int, *, across: bool = True
) -> tuple[dict[Key, Point], float, float]:
    """The middle of each box and place [pixel], the width of boxes, and the height of the picture."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(key for column in columns for key in column)
    # keys in lists: networkx makes sets of what it groups itself, and their order is not that of the next run
    placed = nx.multipartite_layout(graph, subset_key=dict(enumerate(columns))) if len(graph) else {}
    most = max(map(len, columns), default=1)
    box = min(_WIDEST, width / max(len(columns), 1) * (0.6 if len(columns) > 1 else 1.0 if across else 0.8))
    step = (width - box) / max(len(columns) - 1, 1)
    tall = max((abs(y) for _, y in placed.values()), default=0.0)
    scale = _ROW * (most - 1) / 2 / tall if tall > 0 else 0.0
    height = float(_ROW * most + 4)
    middles: dict[Key, Point] = {}
    for number, column in enumerate(columns):
        x = box / 2 + step * number if len(columns) > 1 or not across else width / 2
        middles |= {key: (x, height / 2 + scale * float(placed[key][1])) for key in column}
    return middles, box, height


def _way(first: Point, passed: Sequence[Point], second: Point, box: float) -> list[Point]:
    """The points of a line: from the side of one box past others to the side of the last."""
    half = box / 2
    turn = 1 if second[0] > first[0] else -1
    points = [(first[0] + turn * half, first[1])]
    for x, y in passed:
        points += [(x - turn * half, y), (x + turn * half, y)]
    return [*points, (second[0] - turn * half, second[1])]


def _beside(lines: Sequence[Line], middles: Mapping[Key, Point], box: float, width: int) -> list[list[Point]]:
    """The points of lines between boxes below one another: each runs down a lane of its own, short ones the nearest."""
    lanes: list[list[Point]] = []
    lane_of: dict[int, int] = {}
    spans = [sorted((middles[line.first][1], middles[line.second][1])) for line in lines]
    for place in sorted(range(len(lines)), key=lambda place: spans[place][1] - spans[place][0]):
        top, bottom = spans[place]
        free = (lane for lane, taken in enumerate(lanes) if all(bottom < a or top > b for a, b in taken))
        lane_of[place] = next(free, len(lanes))
        if lane_of[place] == len(lanes):
            lanes.append([])
        lanes[lane_of[place]].append((top, bottom))
    room = (width - box - 34) / max(len(lanes), 1)
    ways = []
    for place, line in enumerate(lines):
        (x, begin), (_, end) = middles[line.first], middles[line.second]
        side, lane = x + box / 2, x + box / 2 + 14 + min(room, 44.0) * (lane_of[place] + 0.3)
        # lines leave below the middle of a box and come in above it
        ways.append([(side, begin + 8), (lane, begin + 8), (lane, end - 8), (side, end - 8)])
    return ways


def _lines(lines: Sequence[Line], ways: Sequence[Sequence[Point]], size: Point) -> list[Any]:
    import altair as alt

    layers = []
    for line, way in zip(lines, ways, strict=True):
        points = [{"x": x, "y": y, "order": order} for order, (x, y) in enumerate(way)]
        mark = alt.Chart(alt.InlineData(values=points)).mark_line(
            color=line.colour, strokeWidth=line.thick, strokeDash=[4, 3] if line.dashed else [1, 0], aria=False
        )
        layers.append(mark.encode(x=_across("x", size), y=_down("y", size), order="order:Q"))
    return layers


def _heads(lines: Sequence[Line], ways: Sequence[Sequence[Point]], size: Point) -> list[Any]:
    """A small arrow where each line ends."""
    import altair as alt

    layers = []
    for line, way in zip(lines, ways, strict=True):
        rightwards = way[-1][0] > way[-2][0]
        tip = {"x": way[-1][0] - (3 if rightwards else -3), "y": way[-1][1]}
        mark = alt.Chart(alt.InlineData(values=[tip])).mark_point(
            shape="triangle-right" if rightwards else "triangle-left", size=34 + 14 * line.thick, filled=True,
            color=line.colour, opacity=1, aria=False,
        )  # fmt: skip
        layers.append(mark.encode(x=_across("x", size), y=_down("y", size)))
    return layers


def _frames(
    names: Mapping[str, str], notes: Mapping[str, str], middles: Mapping[Key, Point], box: float, size: Point
) -> list[Any]:
    """The boxes with their words."""
    import altair as alt

    framed, words, below = [], [], []
    for key, name in names.items():
        x, y = middles[key]
        half, tall = box / 2, _BOX / 2
        framed.append({"left": x - half, "right": x + half, "top": y - tall, "bottom": y + tall})
        lines = _wrapped(name, box, 1 if key in notes else _LINES)
        first = y - (7 if key in notes else 7 * (len(lines) - 1))
        words += [{"x": x, "y": first + 14 * place, "words": line} for place, line in enumerate(lines)]
        below += [{"x": x, "y": y + 9, "words": notes[key]}] if key in notes else []
    rect = alt.Chart(alt.InlineData(values=framed)).mark_rect(
        fill=PAPER, stroke=FAINT, strokeWidth=1.2, cornerRadius=4, aria=False
    )
    layers: list[Any] = [
        rect.encode(x=_across("left", size), x2="right:Q", y=_down("top", size), y2="bottom:Q"),
    ]
    for rows, colour, letters in ((words, INK, 11.5), (below, QUIET, 10)):
        if rows:
            text = alt.Chart(alt.InlineData(values=rows)).mark_text(color=colour, fontSize=letters, aria=False)
            layers.append(text.encode(x=_across("x", size), y=_down("y", size), text="words:N"))
    return layers


def _wrapped(name: str, box: float, most: int = _LINES) -> list[str]:
    """The name in at most so many lines that fit the box.

    >>> _wrapped("Beijing Era New Energy Technology", 120)
    ['Beijing Era New', 'Energy Technology']
    >>> _wrapped("Beijing Era New Energy Technology", 120, 1)
    ['Beijing Era New…']
    """
    import textwrap

    letters = max(int((box - 10) / _LETTER), 6)
    lines = textwrap.wrap(" ".join(name.split()), letters) or ["–"]
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: letters - 1]}…"]
    return [line if len(line) <= letters else f"{line[: letters - 1]}…" for line in lines]


def _labels(lines: Sequence[Line], ways: Sequence[Sequence[Point]], size: Point) -> list[Any]:
    """Words on the first stretch of each line, on paper so that no line crosses the letters."""
    import altair as alt

    rows: list[dict[str, Any]] = []
    for line, way in zip(lines, ways, strict=True):
        begin, end = way[:2] if len(way) != 4 or way[1][0] != way[2][0] else way[1:3]
        half = len(line.label) * 3.1
        places = [(begin[0] + part * (end[0] - begin[0]), begin[1] + part * (end[1] - begin[1])) for part in _TRIED]
        free = [at for at in places if not any(_touch(at, half, row) for row in rows)]
        x, y = (free or places)[0]
        x = min(max(x, half), size[0] - half)
        rows.append({"x": x, "y": y, "label": line.label, "said": line.said, "half": half})
    if not rows:
        return []
    data = alt.Chart(alt.InlineData(values=[{key: row[key] for key in ("x", "y", "label", "said")} for row in rows]))
    data = data.encode(x=_across("x", size), y=_down("y", size))
    shared: dict[str, Any] = {"fontSize": 11, "aria": False}
    return [
        data.mark_text(color=PAPER, stroke=PAPER, strokeWidth=7, **shared).encode(text="label:N"),
        data.mark_text(color=INK, **shared).encode(text="label:N"),
        data.mark_circle(size=420, opacity=0).encode(description="said:N"),
    ]


def _touch(at: Point, half: float, row: Mapping[str, Any]) -> bool:
    return bool(abs(at[0] - row["x"]) < half + row["half"] + 3 and abs(at[1] - row["y"]) < 14)
