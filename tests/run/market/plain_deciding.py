"""Who decides over the plants of a study and what deciders earn of each other, in plain loops: a part of an oracle.

Written from docs/formulation/owners.md and competition.md alone, for ``plain_market.py``.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from plain_reading import number_of

from cell2grid.study.model import Study


def _stakes(study: Study, day: date) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Shares and votes of a day: a holder's later row replaces its earlier one."""
    shares: dict[tuple[str, str], float] = {}
    votes: dict[tuple[str, str], float] = {}
    begun = [row for row in study.stakes if row.since is None or row.since.first <= day]
    for row in sorted(begun, key=lambda row: date.min if row.since is None else row.since.first):
        key = row.holder, row.company
        ended = row.until is not None and row.until.last < day
        shares[key] = 0.0 if ended else number_of(row.share, "ratio")
        votes[key] = shares[key] if row.votes is None or ended else number_of(row.votes, "ratio")
    return shares, votes


def _controlled(firm: str, firms: list[str], votes: dict[tuple[str, str], float], bound: float) -> set[str]:
    held: set[str] = set()
    while True:
        more = set()
        for company in firms:
            if company in held or company == firm:
                continue
            cast = votes.get((firm, company), 0.0)
            cast += sum(votes.get((other, company), 0.0) for other in held if other != company)
            if cast / (1 - votes.get((company, company), 0.0)) > bound + 1e-12:
                more.add(company)
        if not more:
            return held
        held |= more


def deciders(study: Study, day: date) -> tuple[dict[str, str], dict[tuple[str, str], float]]:
    """Who decides over each plant on a day, and what each decider earns of another."""
    shares, votes = _stakes(study, day)
    bound = number_of(study.competition.control, "ratio", 0.5)
    firms = list(study.firms)
    holds = {firm: _controlled(firm, firms, votes, bound) for firm in firms}
    free = [firm for firm in firms if not any(firm in companies for companies in holds.values())]
    decides = {}
    for name, plant in study.plants.items():
        over = [firm for firm in free if plant.owner in holds[firm]]
        decides[name] = over[0] if over else plant.owner
    matrix = np.zeros((len(firms), len(firms)))
    for (holder, company), share in shares.items():
        matrix[firms.index(holder), firms.index(company)] = share
    chains = np.linalg.inv(np.eye(len(firms)) - matrix)
    interest = {}
    for one in set(decides.values()):
        for other in set(decides.values()):
            owners = [study.plants[name].owner for name, by in decides.items() if by == other]
            row = firms.index(one)
            parts = [chains[row, firms.index(owner)] / chains[row, row] for owner in owners]
            interest[one, other] = 1.0 if one == other else float(sum(parts) / len(parts))
    return decides, interest
