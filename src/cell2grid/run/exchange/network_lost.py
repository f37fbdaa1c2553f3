"""What of a study a PyPSA network of its markets cannot say, in words; most of it is a row of ``lost.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cell2grid.run.inputs.shocks import HELD_UP
from cell2grid.study.quantity import ranges
from cell2grid.study.rules.shocks import scaled

if TYPE_CHECKING:
    from cell2grid.study.model import Study


@cache
def rules() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Where something stands in a study, and what is said of it where it does."""
    import yaml

    text = files("cell2grid.run.exchange").joinpath("lost.yaml").read_text(encoding="utf-8")
    return tuple((tuple(row["at"].split(".")), row["lost"]) for row in yaml.safe_load(text))


def lost_of(study: Study, *, elastic: bool) -> Iterator[str]:
    """Sentences on what the network does not have, the weightiest first.

    Parameters
    ----------
    elastic
        Whether demand answers to prices in the network.
    """
    if study.competition is not None and not takes_prices(study):
        yield "conduct: firms of the network take prices as they are, and hold nothing back to keep them up"
    if not elastic and any(row.elasticity is not None for market in study.markets.values() for row in market.demand):
        yield "elasticity: what is asked for is what is asked for at the reference price"
    if any(duty.base == "price" and duty.rate is not None for duty in study.duties):
        yield "duties on the selling price: they are an amount for each item, at the reference price"
    if any(one.delay is not None or scaled(one) in HELD_UP for one in study.shocks.values()):
        yield "shocks on lanes and exports: goods leave and arrive in the term in which they are made"
    if study.investment is not None:
        yield from _of_investment(study)
    tree = study.model_dump(by_alias=True, exclude_none=True)
    yield from dict.fromkeys(words for path, words in rules() if _stands(tree, path))
    drawn = len(list(ranges(study)))
    if drawn:
        yield f"ranges: {drawn} figure{'s' if drawn > 1 else ''} stand{'s' if drawn == 1 else ''} at the middle"


def takes_prices(study: Study) -> bool:
    """Whether all firms take prices as they are in all markets and months."""
    rows = () if study.competition is None else study.competition.conduct
    taking = [row.value == "price-taking" or getattr(row.value, "value", None) == 0.0 for row in rows]
    for_all = [row.firm is None and row.market is None and row.start is None and row.end is None for row in rows]
    last = max((place for place, whole in enumerate(for_all) if whole), default=None)
    return last is not None and all(taking[last:])


def _of_investment(study: Study) -> Iterator[str]:
    assert study.investment is not None
    if study.investment.options:
        yield "when one builds: what is built is decided on the first time that it can be, and stands from then on"
    if study.investment.objective == "profit":
        yield "profit of each firm: the network meets demand at the least cost of all"
    if study.investment.foresight == "myopic":
        yield "short sight: the network knows the whole horizon"


def _stands(node: Any, path: Sequence[str]) -> bool:
    """Whether a part stands at a path in which ``*`` is any name or row.

    >>> _stands({"lanes": ({"cost": "1 EUR"},)}, ("lanes", "*", "cost"))
    True
    """
    if not path:
        return True
    head, rest = path[0], path[1:]
    if head == "*":
        below = node.values() if isinstance(node, dict) else node if isinstance(node, (list, tuple)) else ()
        return any(_stands(part, rest) for part in below)
    return isinstance(node, dict) and head in node and _stands(node[head], rest)
