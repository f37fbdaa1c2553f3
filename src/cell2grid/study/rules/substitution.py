"""Rules on products that stand in for each other: markets of one region, strengths that can be together, shares.

What else competition must keep is in ``rules/market.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cell2grid.study.competing import Cross, Substitution
from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.market import priced
from cell2grid.study.yaml_tree import KeyPath

LEAST_APART = 1e-6  # of the smallest eigenvalue: nearer to 0 prices say nothing of who buys what
_ROUNDING = 1e-9


def substitutes_can_be(study: Study) -> Iterator[Problem]:
    """A market is in one group; its group is of one region, of markets that make their price, and says one thing."""
    competition = study.competition
    groups: dict[str, int] = {}
    for row, rule in enumerate(competition.substitution if competition is not None else ()):
        path: KeyPath = ("competition", "substitution", row)
        region = study.markets[rule.markets[0]].region
        for place, name in enumerate(rule.markets):
            where = (*path, "markets", place)
            if name not in priced(study):
                yield Problem(where, f"'{name}' does not make its own price; give its demand 'price' and 'elasticity'")
            if name in groups:
                again = "twice in the group" if groups[name] == row else f"in substitution.{groups[name]} already"
                yield Problem(where, f"'{name}' is {again}; a market stands in one group, once")
            groups[name] = row
            if study.markets[name].region != region:
                text = f"'{name}' is in '{study.markets[name].region}', and '{rule.markets[0]}' in '{region}'"
                yield Problem(where, f"{text}; buyers choose within a region")
        if rule.form == "logit":
            yield from _logit(rule, path)
            yield from _plants_of_logit(study, rule, path)
        else:
            yield from _matrix(study, rule, path)


def _matrix(study: Study, rule: Substitution, path: KeyPath) -> Iterator[Problem]:
    if rule.shares:
        yield Problem((*path, "shares"), "shares belong to form 'logit'; write 'cross', or the other form", key=True)
    if rule.outside is not None:
        yield Problem((*path, "outside"), "belongs to form 'logit'; write 'cross', or the other form", key=True)
    for place, name in enumerate(rule.markets):
        if any(row.form == "isoelastic" for row in study.markets[name].demand):
            text = f"'{name}' has a curve of one elasticity, and a matrix is of straight ones; leave out its form"
            yield Problem((*path, "markets", place), text)
    said: dict[frozenset[str], int] = {}
    for number, cross in enumerate(rule.cross):
        here = (*path, "cross", number)
        pair = frozenset(cross.between)
        if len(pair) < 2:
            yield Problem((*here, "between"), f"names '{cross.between[0]}' twice; name two markets")
        elif said.setdefault(pair, number) != number:
            text = f"'{cross.between[0]}' and '{cross.between[1]}' are cross.{said[pair]} already; keep one"
            yield Problem((*here, "between"), text)
    filled = [cross for cross in rule.cross if not cross.strength.unfilled]
    if rule.cross and all(len(set(cross.between)) == 2 for cross in filled) and len(said) == len(rule.cross):
        yield from _together(rule.markets, filled, path)


def _together(markets: Sequence[str], cross: Sequence[Cross], path: KeyPath) -> Iterator[Problem]:
    """The strengths leave demand that falls with every price, at the top of their ranges too."""
    import numpy as np

    slopes = np.eye(len(markets))
    for one in cross:
        first, second = (markets.index(name) for name in one.between)
        slopes[first, second] = slopes[second, first] = one.strength.to("ratio").high
    least = float(np.linalg.eigvalsh(slopes)[0])
    if least < LEAST_APART:
        pairs = ", ".join(f"{one.between[0]} and {one.between[1]} {one.strength.text}" for one in cross[:5])
        text = f"the strengths cannot be together ({pairs}): some mix of the markets would buy more at a higher price"
        yield Problem((*path, "cross"), f"{text}; write smaller ones, or below 1 for a single pair")


def _logit(rule: Substitution, path: KeyPath) -> Iterator[Problem]:
    if rule.cross:
        yield Problem((*path, "cross"), "belongs to form 'matrix'; write 'shares' and 'outside', or the other form")
    if not rule.shares:
        text = "form 'logit' needs each firm's part of sales at the reference price; add 'shares'"
        yield Problem(path, text, key=True)
    if rule.outside is None:
        text = "form 'logit' needs the part of buyers who buy nothing at the reference price; add 'outside'"
        yield Problem(path, text, key=True)
    elif not rule.outside.unfilled and not 0.0 < rule.outside.to("ratio").low <= rule.outside.to("ratio").high < 1.0:
        text = f"'{rule.outside.text}' is not above 0 and below 100 percent; some buy, and some do not"
        yield Problem((*path, "outside"), text)
    known = {name: share for name, share in rule.shares.items() if not share.unfilled}
    total = sum(share.to("ratio").mode for share in known.values())
    if known and len(known) == len(rule.shares):
        if total > 1.0 + _ROUNDING:
            yield Problem((*path, "shares"), f"the shares add up to {100 * total:.6g} percent, above 100; correct one")
        for name, share in known.items():
            if share.to("ratio").low <= 0.0:
                yield Problem((*path, "shares", name), f"'{share.text}' is not above 0; leave out who sells nothing")


def _plants_of_logit(study: Study, rule: Substitution, path: KeyPath) -> Iterator[Problem]:
    """What plants that sell in the group cannot do besides: sell elsewhere, undertake a least price, fight a war."""
    competition = study.competition
    apart = {
        name for one in (competition.substitution if competition else ()) if one.form == "logit" for name in one.markets
    }
    products = {study.markets[name].product for name in rule.markets}
    for name in priced(study):
        if name not in apart and study.markets[name].product in products:
            text = f"'{study.markets[name].product}' is also sold in '{name}', which is in no group of form 'logit'"
            yield Problem((*path, "markets"), f"{text}; put it into one of its own")
    regions = {study.markets[name].region for name in rule.markets}
    for row, duty in enumerate(study.duties):
        if duty.minimum_price is not None and duty.destination in regions and duty.product in (None, *products):
            text = f"'{duty.minimum_price.text}' holds in a group of form 'logit', whose firms set prices"
            yield Problem(("duties", row, "minimum_price"), f"{text}; write a rate or an amount, or form 'matrix'")
    if competition is not None and competition.price_war is not None:
        text = "a price war is of goods that are alike, and there is a group of form 'logit'; leave one of them out"
        yield Problem(("competition", "price_war"), text, key=True)
