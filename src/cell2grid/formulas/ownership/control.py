"""Who decides in a company: by votes above a threshold, its own and those of the firms it decides in.

A company's own shares carry no vote. What part of a company belongs to a firm is in ``attributable.py``, how often
votes tip a decision in ``voting.py``.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

MAJORITY = 0.5
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Control:
    """By holder, the companies it decides in, and those in which it may, were the unknown votes its own."""

    sure: Mapping[str, frozenset[str]]
    possible: Mapping[str, frozenset[str]]

    def holders(self, company: str) -> list[str]:
        """The firms that decide in the company, itself apart, in the order of the stakes."""
        return [holder for holder, companies in self.sure.items() if company in companies and holder != company]

    def ultimate(self, company: str) -> list[str]:
        """Those of them in which no other firm decides; all of them where they decide in one another."""
        deciding = self.holders(company)
        masters = [holder for holder in deciding if not self.holders(holder)]
        return masters or deciding


def control(graph: nx.DiGraph, *, threshold: float = MAJORITY) -> Control:
    """Who decides in whom: a firm with more than ``threshold`` [ratio] of the votes, counting firms it decides in.

    Control is consolidated: the votes of all firms that a holder decides in are its own, whether these are one chain
    or many (Claessens, Djankov and Lang 2000, doi:10.1016/S0304-405X(00)00067-2, on chains and cross-holdings).

    Parameters
    ----------
    graph
        Edges from holder to company with ``votes`` (``graph.held_on``).

    >>> import networkx as nx
    >>> from cell2grid.formulas.ownership.graph import Between
    >>> graph = nx.DiGraph()
    >>> for holder, company, votes in [("a", "b", 0.6), ("a", "c", 0.3), ("b", "c", 0.3), ("d", "c", 0.35)]:
    ...     graph.add_edge(holder, company, votes=Between(votes, votes, votes))
    >>> found = control(graph)
    >>> sorted(found.sure["a"]), found.ultimate("c"), sorted(found.possible["d"])
    (['b', 'c'], ['a'], [])
    """
    import networkx as nx

    sure, possible = {}, {}
    for holder in graph:
        if graph.out_degree(holder):
            below = nx.descendants(graph, holder) - {holder}
            sure[holder] = _closure(graph, holder, below, threshold, unknown=False)
            possible[holder] = _closure(graph, holder, below, threshold, unknown=True) - sure[holder]
    return Control(sure, possible)


def _closure(graph: nx.DiGraph, holder: str, below: set[str], threshold: float, *, unknown: bool) -> frozenset[str]:
    """The companies whose votes are above the threshold together with those of companies already found."""
    deciding, waiting = {holder}, set(below)
    while True:
        found = {company for company in waiting if _votes(graph, deciding, company, unknown) > threshold + _ROUNDING}
        if not found:
            return frozenset(deciding - {holder})
        deciding |= found
        waiting -= found


def _votes(graph: nx.DiGraph, deciding: set[str], company: str, unknown: bool) -> float:
    """The part of a company's votes that some firms have, or may have where the unknown ones are theirs."""
    votes = {
        holder: graph.edges[holder, company]["votes"].low for holder in graph.predecessors(company) if holder != company
    }
    cast = 1.0 - (graph.edges[company, company]["votes"].low if graph.has_edge(company, company) else 0.0)
    if cast <= 0.0:
        return 0.0
    theirs: float = sum(share for holder, share in votes.items() if holder in deciding)
    others: float = sum(share for holder, share in votes.items() if holder not in deciding)
    return (cast - others if unknown else theirs) / cast


def weakest_links(graph: nx.DiGraph, company: str) -> dict[str, float]:
    """The votes in a company that each firm above it commands by its chains [ratio], a chain being as its weakest link.

    Chains that end with different direct holders are added up; of those that end with the same one the strongest
    counts (Claessens, Djankov and Lang 2000, doi:10.1016/S0304-405X(00)00067-2).

    >>> import networkx as nx
    >>> from cell2grid.formulas.ownership.graph import Between
    >>> graph = nx.DiGraph()
    >>> for holder, owned, votes in [("family", "a", 0.11), ("a", "b", 0.21), ("family", "b", 0.05)]:
    ...     graph.add_edge(holder, owned, votes=Between(votes, votes, votes))
    >>> weakest_links(graph, "b")
    {'a': 0.21, 'family': 0.16}
    """
    found: dict[str, float] = {}
    for last in graph.predecessors(company):
        if last == company:
            continue
        link = graph.edges[last, company]["votes"].low
        for holder, width in _widths(graph, last, without=company).items():
            found[holder] = found.get(holder, 0.0) + min(width, link)
    return {holder: share for holder, share in found.items() if share > 0.0}


def _widths(graph: nx.DiGraph, firm: str, *, without: str) -> dict[str, float]:
    """For each firm above one, the weakest link of its strongest chain to it; 1 for the firm itself."""
    widths: dict[str, float] = {}
    waiting = [(-1.0, firm)]
    while waiting:
        width, name = heapq.heappop(waiting)
        if name in widths:
            continue
        widths[name] = -width
        for holder in graph.predecessors(name):
            if holder not in widths and holder != without:
                heapq.heappush(waiting, (max(width, -graph.edges[holder, name]["votes"].low), holder))
    return widths
