"""Who decides over the plants of a study's markets, what else each firm earns of the others, and how each sells.

A firm decides over a plant of a company in which it has more than a part of the votes, also through others; of several
such firms the one in which none of the others decides. The formulas are in ``formulas/ownership``; stakes of a day come
from ``study/stakes.py``. The stakes are those of the middle of each term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.ownership.attributable import attributable
from cell2grid.formulas.ownership.control import MAJORITY, control, weakest_links
from cell2grid.formulas.ownership.graph import held_on
from cell2grid.study.quantity import Quantity
from cell2grid.study.stakes import holdings

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.market.terms import Terms
    from cell2grid.study.model import ConductOf, Study

WORDS = {"cournot": 1.0, "price-taking": 0.0}


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides over each plant in the terms from ``first`` up to ``after``, and what firms earn of one another.

    ``interest`` (firm, other_firm): 1 of its own; of another firm's the mean over the plants that this decides over.
    """

    first: int
    after: int
    decides: tuple[str, ...]
    firms: tuple[str, ...]
    interest: NDArray[np.float64]


def deciding(study: Study, plants: Sequence[str], terms: Terms) -> list[Deciding]:
    """Who decides over the plants, in stretches of terms that do not differ; all with the same firms in one order."""
    found = [_on(study, plants, day) for day in terms.middles()]
    firms = tuple(name for name in study.firms if any(name in names for names, _ in found))
    stretches: list[Deciding] = []
    for term, (names, shares) in enumerate(found):
        interest = _interest(firms, names, shares)
        last = stretches[-1] if stretches else None
        if last is not None and last.decides == names and np.array_equal(last.interest, interest):
            stretches[-1] = Deciding(last.first, term + 1, names, firms, interest)
        else:
            stretches.append(Deciding(term, term + 1, names, firms, interest))
    return stretches


def _on(study: Study, plants: Sequence[str], day: date) -> tuple[tuple[str, ...], dict[tuple[str, int], float]]:
    """The firm that decides over each plant on a day, and the parts of plants that belong to firms."""
    owners = [study.plants[name].owner for name in plants]
    graph = held_on(holdings(study), day)
    if not graph:
        return tuple(owners), {}
    threshold = MAJORITY
    if study.competition is not None and study.competition.control is not None:
        threshold = study.competition.control.to("ratio").mode
    found, names = control(graph, threshold=threshold), []
    for owner in owners:
        above = found.ultimate(owner) if owner in graph else []
        if len(above) > 1:
            links = weakest_links(graph, owner)
            above = sorted(above, key=lambda firm: (-links.get(firm, 0.0), firm))
        names.append(above[0] if above else owner)
    held = attributable(graph)
    shares = {
        (firm, place): held.share(firm, owner)[0]
        for place, owner in enumerate(owners)
        if owner in graph
        for firm in held.firms
        if firm != owner
    }
    return tuple(names), {key: share for key, share in shares.items() if share > 0.0}


def _interest(
    firms: Sequence[str], decides: Sequence[str], shares: dict[tuple[str, int], float]
) -> NDArray[np.float64]:
    interest = np.eye(len(firms))
    for row, firm in enumerate(firms):
        for column, other in enumerate(firms):
            theirs = [place for place, name in enumerate(decides) if name == other]
            if row != column and theirs:
                interest[row, column] = sum(shares.get((firm, place), 0.0) for place in theirs) / len(theirs)
    return interest


def conduct_values(
    study: Study, figures: Figures, terms: Terms, firms: Sequence[str], markets: Sequence[str]
) -> Values:
    """How each firm sells in each market (member, firm, market, term): 1 Cournot, which is taken where nothing is said.

    A term in which several rows hold has their mean over its months; in those of a price war nobody who fights holds
    back.
    """
    months = np.ones((figures.count, len(firms), len(markets), len(terms.periods)))
    competition = study.competition
    if competition is not None:
        for number, row in enumerate(competition.conduct):
            path = f"competition.conduct.{number}.value"
            value = WORDS.get(row.value, 1.0) if isinstance(row.value, str) else _drawn(figures, path, row.value)
            _put(months, _where(row, firms, markets), _inside(terms, row.start, row.end), value)
        war = competition.price_war
        if war is not None:
            who = np.ix_(
                [not war.firms or firm in war.firms for firm in firms],
                [not war.markets or market in war.markets for market in markets],
            )
            _put(months, who, _inside(terms, war.start, war.end), 0.0)
    return {"conduct": (("member", "firm", "market", "term"), terms.mean(months))}


def _drawn(figures: Figures, path: str, value: Quantity) -> NDArray[np.float64]:
    return figures.drawn("conduct", path, value, "ratio")[:, None, None, None]


def _where(row: ConductOf, firms: Sequence[str], markets: Sequence[str]) -> tuple[NDArray[np.int64], ...]:
    return np.ix_(
        [row.firm in (None, firm) for firm in firms],
        [row.market in (None, market) for market in markets],
    )


def _inside(terms: Terms, start: str | None, end: str | None) -> NDArray[np.bool_]:
    return np.array([(start is None or month >= start) and (end is None or month <= end) for month in terms.periods])


def _put(
    months: NDArray[np.float64],
    who: tuple[NDArray[np.int64], ...],
    inside: NDArray[np.bool_],
    value: NDArray[np.float64] | float,
) -> None:
    """Set the conduct of some firms in some markets in some months."""
    members = np.arange(months.shape[0])[:, None, None, None]
    firms, markets = who[0][None, :, :, None], who[1][None, :, :, None]
    months[members, firms, markets, np.flatnonzero(inside)[None, None, None, :]] = value
