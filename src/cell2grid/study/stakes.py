"""A study's stakes as rows that graphs are made of; and the plants and firms that its links of supply name.

What is found in these graphs is in ``cell2grid.run.owners``, what they must keep in ``rules/owners.py``.
"""

from __future__ import annotations

from datetime import date

from cell2grid.formulas.ownership.graph import Between, Holding
from cell2grid.study.model import Stake, Study, Supply
from cell2grid.study.quantity import Quantity


def holdings(study: Study) -> list[Holding]:
    """Each stake with its shares and votes as ratios and its days; votes are as the shares where nothing is said.

    >>> from cell2grid.study.loader import load_study
    >>> [round(row.share.middle, 4) for row in holdings(load_study("beijing-era").study)]
    [0.51, 0.39, 0.05]
    """
    found = []
    for stake in study.stakes:
        if not stake.share.unfilled:
            share = between(stake.share)
            votes = share if stake.votes is None or stake.votes.unfilled else between(stake.votes)
            found.append(Holding(stake.company, stake.holder, share, votes, *days_of(stake)))
    return found


def between(share: Quantity) -> Between:
    """The ends and the middle of a share as ratios."""
    magnitude = share.to("ratio")
    return Between(magnitude.low, magnitude.mode, magnitude.high)


def days_of(row: Stake | Supply) -> tuple[date, date]:
    """The first and the last day of a stake or a link."""
    since, until = row.since, row.until
    first = date.min if since is None else since.first
    return first, date.max if until is None or until.unfilled else until.last


def firm_of(study: Study, name: str) -> str:
    """The firm that a link of supply means: itself, or the owner of the plant."""
    return study.plants[name].owner if name in study.plants else name
