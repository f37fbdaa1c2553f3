"""The stakes that hold on a day, as a graph from holder to company.

A share is a number or a range; what the shares of a company leave of the whole is unknown and stays so. Who may be
named, and that shares do not exceed the whole, is checked where stakes are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cell2grid.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

WHOLE = 1.0 - 1e-9  # shares that add up to this are all of a company, roundings apart


class Between(NamedTuple):
    """The low end, the likeliest value and the high end of a share [ratio]."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Holding:
    """What part of a company a holder owns [ratio], and of its votes, from ``since`` to ``until``, both included."""

    company: str
    holder: str
    share: Between
    votes: Between
    since: date = date.min
    until: date = date.max


def held_on(holdings: Sequence[Holding], day: date) -> nx.DiGraph:
    """The stakes of a day: an edge from holder to company with ``share`` and ``votes`` as ``Between``.

    A later row of the same holder replaces the earlier one, also where the later one has ended by then.

    >>> rows = [Holding("b", "a", Between(0.2, 0.2, 0.2), Between(0.2, 0.2, 0.2), date(2024, 1, 1)),
    ...         Holding("b", "a", Between(0.6, 0.6, 0.6), Between(0.6, 0.6, 0.6), date(2025, 1, 1), date(2025, 12, 31))]
    >>> [list(held_on(rows, date(year, 6, 1)).edges(data="share")) for year in (2023, 2024, 2025, 2026)]
    [[], [('a', 'b', Between(low=0.2, middle=0.2, high=0.2))], [('a', 'b', Between(low=0.6, middle=0.6, high=0.6))], []]
    """
    import networkx as nx

    graph = nx.DiGraph()
    latest: dict[tuple[str, str], Holding] = {}
    for row in sorted(holdings, key=lambda row: row.since):
        if row.since <= day:
            latest[row.holder, row.company] = row
    for row in holdings:
        graph.add_nodes_from((row.holder, row.company))
    for (holder, company), row in latest.items():
        if day <= row.until and row.share.high > 0.0:
            graph.add_edge(holder, company, share=row.share, votes=row.votes)
    return graph


def change_days(holdings: Iterable[Holding]) -> list[date]:
    """The days on which the stakes are not those of the day before, in order.

    >>> change_days([Holding("b", "a", *[Between(0.2, 0.2, 0.2)] * 2, date(2024, 1, 1), date(2024, 12, 31))])
    [datetime.date(2024, 1, 1), datetime.date(2025, 1, 1)]
    """
    days = set()
    for row in holdings:
        if row.since > date.min:
            days.add(row.since)
        if row.until < date.max:
            days.add(row.until + timedelta(days=1))
    return sorted(days)


def closed_loops(graph: nx.DiGraph) -> list[list[str]]:
    """Firms that own one another to the last share, so that nobody outside owns them; each loop in its order.

    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_edge("a", "b", share=Between(1.0, 1.0, 1.0))
    >>> graph.add_edge("b", "a", share=Between(1.0, 1.0, 1.0))
    >>> closed_loops(graph)
    [['a', 'b']]
    """
    import networkx as nx

    held = nx.DiGraph([(holder, company) for holder, company, share in graph.edges(data="share") if share.low > 0.0])
    found = []
    for firms in nx.strongly_connected_components(held):
        inside = held.subgraph(firms)
        if inside.number_of_edges() and all(
            sum(graph.edges[holder, company]["share"].low for holder in inside.predecessors(company)) >= WHOLE
            for company in inside
        ):
            loop = nx.find_cycle(inside, source=min(firms))
            # the shortest way to say it: firms off the cycle are part of the same knot
            found.append([edge[0] for edge in loop] if len(loop) == len(firms) else sorted(firms))
    return sorted(found)


def refuse_closed_loops(graph: nx.DiGraph) -> None:
    """Refuse stakes of which nobody outside is the owner.

    Raises
    ------
    InputError
        Some firms own one another completely; the message names them.
    """
    for loop in closed_loops(graph):
        raise InputError(loop_words(loop))


def loop_words(loop: Sequence[str]) -> str:
    """A closed loop in words, with the next step.

    >>> loop_words(["a"])
    "'a' owns all of itself, so that nobody owns it; correct a share, or name the holder outside"
    """
    if len(loop) == 1:
        said = f"'{loop[0]}' owns all of itself, so that nobody owns it"
    else:
        names = " → ".join(f"'{name}'" for name in [*loop, loop[0]])
        said = f"{names} own one another completely, so that nobody outside owns them"
    return f"{said}; correct a share, or name the holder outside"
