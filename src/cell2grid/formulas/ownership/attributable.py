"""Attributable ownership: what part of a company belongs to a holder directly, through holdings, and through loops.

Shares in votes, and who decides, are in ``control.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import InputError
from cell2grid.formulas.ownership.graph import refuse_closed_loops

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

MOST_FIRMS = 3000  # a dense matrix of so many takes a few seconds and 0.2 GB


@dataclass(frozen=True, slots=True, eq=False)
class Attributable:
    """Attributable shares [ratio] of all firms in all firms, dims (holder, company) in the order of ``firms``.

    ``low`` counts the unknown rest of a company as nobody's who is named, ``high`` as the holder's. ``unknown`` is, by
    company, what belongs to no named firm that is itself nobody's; ``ultimate`` says which firms those are.
    """

    firms: tuple[str, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    unknown: NDArray[np.float64]
    ultimate: NDArray[np.bool_]

    def share(self, holder: str, company: str) -> tuple[float, float]:
        """The low and the high end of a holder's attributable share in a company."""
        row, column = self.firms.index(holder), self.firms.index(company)
        return float(self.low[row, column]), float(self.high[row, column])


def attributable(graph: nx.DiGraph) -> Attributable:
    r"""What part of each company belongs to each holder, directly and through others, with an end for what is unknown.

    With S[h, j] the low end of the share of h in j and V = (I - S)^-1, the low end is V[h, j] / V[h, h]: the sum over
    all chains from h to j that do not come back to h. The high end gives the unknown rest of every company on the way
    to h: one less what the firms that nobody owns reach j with on chains that do not pass through h. A firm of which
    no stake is named is taken as its own master, so that its rest is no unknown.

    Parameters
    ----------
    graph
        Edges from holder to company with ``share`` (``graph.held_on``).

    Raises
    ------
    InputError
        Firms own one another completely, so that I - S cannot be inverted; the message names them. There are more
        than ``MOST_FIRMS`` firms.

    References
    ----------
    Brioschi, Buzzacchi and Colombo 1989, Journal of Banking and Finance 13, 747-772, for V; Baldone, Brioschi and
    Paleari 1998 for the division by V[h, h]; Vitali, Glattfelder and Battiston 2011,
    doi:10.1371/journal.pone.0025995, for why loops must not be counted twice.

    >>> import networkx as nx
    >>> from cell2grid.formulas.ownership.graph import Between
    >>> graph = nx.DiGraph()
    >>> graph.add_edge("parent", "holding", share=Between(0.6, 0.6, 0.6))
    >>> graph.add_edge("holding", "works", share=Between(0.5, 0.5, 0.5))
    >>> graph.add_edge("other", "works", share=Between(0.5, 0.5, 0.5))
    >>> low, high = attributable(graph).share("parent", "works")
    >>> round(low, 9), round(high, 9)
    (0.3, 0.5)
    """
    firms = tuple(graph.nodes)
    if len(firms) > MOST_FIRMS:
        raise InputError(f"{len(firms):,} firms have stakes, above {MOST_FIRMS:,}; leave some of them out")
    refuse_closed_loops(graph)
    place = {firm: index for index, firm in enumerate(firms)}
    shares = np.zeros((len(firms), len(firms)))
    ultimate = np.ones(len(firms), dtype=bool)
    for holder, company, share in graph.edges(data="share"):
        shares[place[holder], place[company]] = share.low
        ultimate[place[company]] = False
    chains = np.linalg.inv(np.eye(len(firms)) - shares) if firms else shares
    own = np.diagonal(chains)
    low = np.clip(chains / own[:, None], 0.0, 1.0)
    named = np.where(ultimate[:, None], chains, 0.0).sum(axis=0)  # what the firms that nobody owns have of each company
    # of it, what does not pass through the holder
    past = named[None, :] - np.where(ultimate[:, None], chains, named[:, None] * low)
    high = np.clip(1.0 - past, low, 1.0)
    return Attributable(firms, low, high, np.clip(1.0 - named, 0.0, 1.0), ultimate)
