"""Who decides in a company: by votes above a threshold, its own and those of the firms it decides in.

A company's own shares carry no vote. What part of a company belongs to a firm is in ``attributable.py``, how often
votes tip a decision in ``voting.py``.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    _deciding: dict[str, list[str]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Turn the holders' companies round once, as each company is asked for its holders many times."""
        for holder, companies in self.sure.items():
            for company in companies - {holder}:
                self._deciding.setdefault(company, []).append(holder)

    def holders(self, company: str) -> list[str]:
        """The firms that decide in the company, itself apart, in the order of the stakes."""
        return list(self._deciding.get(company, ()))

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

    votes = _Votes(graph)
    sure, possible = {}, {}
    for holder in graph:
        if graph.out_degree(holder):
            below = nx.descendants(graph, holder) - {holder}
            sure[holder] = votes.closure(holder, below, threshold, unknown=False)
            possible[holder] = votes.closure(holder, below, threshold, unknown=True) - sure[holder]
    return Control(sure, possible)


class _Votes:
    """What each firm can cast in the companies it has votes in, a company's own shares apart, read once of a graph."""

    def __init__(self, graph: nx.DiGraph) -> None:
        self.held: dict[str, list[tuple[str, float]]] = {firm: [] for firm in graph}
        self.named = dict.fromkeys(graph, 0.0)
        self.cast = dict.fromkeys(graph, 1.0)
        for holder, company, parts in graph.edges(data=True):
            share = float(parts["votes"].low)
            if holder == company:
                self.cast[company] -= share
            else:
                self.held[holder].append((company, share))
                self.named[company] += share

    def closure(self, holder: str, below: set[str], threshold: float, *, unknown: bool) -> frozenset[str]:
        """The companies whose votes are above the threshold together with those of companies already found.

        Each firm that is found is asked once for what it holds, so that the work grows with the stakes and no faster.
        """
        theirs = dict.fromkeys(below, 0.0)
        found, waiting = {holder}, [holder]
        for company in below if unknown else ():
            if self._decides(company, 0.0, threshold, unknown):
                found.add(company)
                waiting.append(company)
        while waiting:
            for company, share in self.held[waiting.pop()]:
                if company in theirs:
                    theirs[company] += share
                    if company not in found and self._decides(company, theirs[company], threshold, unknown):
                        found.add(company)
                        waiting.append(company)
        return frozenset(found - {holder})

    def _decides(self, company: str, theirs: float, threshold: float, unknown: bool) -> bool:
        """Whether some votes are enough, those that nobody is named for added to them where they may be theirs."""
        cast = self.cast[company]
        if cast <= 0.0:
            return False
        votes = cast - (self.named[company] - theirs) if unknown else theirs
        return votes / cast > threshold + _ROUNDING


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
