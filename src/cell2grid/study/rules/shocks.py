"""Rules on shocks: one target that is there, what can be scaled of it, and when.

That a shock begins and ends inside the horizon is in ``rules/dates.py`` where its end is written, and here where it is
told by how long it lasts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from cell2grid.formulas.calendar import days_in, first_day
from cell2grid.study.model import Shock, Study
from cell2grid.study.refusals import Problem
from cell2grid.study.yaml_tree import KeyPath

TARGETS: Mapping[str, tuple[str, ...]] = {
    "plant": ("output", "exports"),
    "region": ("output", "exports", "lane", "demand"),
    "lane": ("lane",),
    "product": ("input",),
    "market": ("demand",),
}
"""What a shock may scale of each kind of target; the first where it does not say."""


def target(shock: Shock) -> str:
    """The kind of what the shock hits: plant, region, lane, product or market.

    >>> target(Shock.model_validate({"market": "homes", "start": "2025-02"}))
    'market'
    """
    return next(kind for kind in TARGETS if getattr(shock, kind) is not None)


def scaled(shock: Shock) -> str:
    """What the shock scales: what it says, or what its kind of target has.

    >>> scaled(Shock.model_validate({"product": "cell", "start": "2025-02"}))
    'input'
    """
    return shock.what or TARGETS[target(shock)][0]


def shocks_say_one_thing(study: Study) -> Iterator[Problem]:
    """A shock has one target, one end, and something that it leaves or delays."""
    for name, shock in study.shocks.items():
        path: KeyPath = ("shocks", name)
        named = [kind for kind in TARGETS if getattr(shock, kind) is not None]
        if len(named) != 1:
            said = f"hits {' and '.join(named)}" if named else "hits nothing"
            yield Problem(path, f"{said}; write one of plant, region, lane, product, market", key=True)
            continue
        if (shock.end is None) == (shock.lasts is None):
            said = "has no end" if shock.end is None else "has both 'end' and 'lasts'"
            yield Problem(path, f"{said}; write one of 'end' and 'lasts'", key=True)
        yield from _effect_problems(shock, path)
        yield from _lasting_problems(study, shock, path)
        if scaled(shock) in TARGETS[named[0]]:
            yield from _hits_something(study, shock, path)
        if scaled(shock) == "demand":
            yield from _part_of_all_that_is_left(study, shock, path)


def _effect_problems(shock: Shock, path: KeyPath) -> Iterator[Problem]:
    kind, what = target(shock), scaled(shock)
    if what not in TARGETS[kind]:
        text = f"'{what}' is not what a shock on a {kind} scales; write {' or '.join(TARGETS[kind])}"
        yield Problem((*path, "what"), text)
    if shock.leaves is None and shock.delay is None:
        kinds = "'leaves' or 'delay'" if what == "lane" else "'leaves', as in '0 percent' for a stop"
        yield Problem(path, f"says neither what it leaves nor what it delays; add {kinds}", key=True)
    if shock.delay is not None and what != "lane":
        text = f"'{shock.delay.text}': a shock on {what} of a {kind} delays nothing; only lanes take longer"
        yield Problem((*path, "delay"), f"{text}: take it out, or write 'lane' or 'what: lane'")
    for key in ("delay", "lasts"):
        figure = getattr(shock, key)
        if figure is not None and not figure.unfilled and figure.magnitude.high <= 0:
            text = f"'{figure.text}' is not above 0; write how many days, or take the shock out"
            yield Problem((*path, key), text)


def _lasting_problems(study: Study, shock: Shock, path: KeyPath) -> Iterator[Problem]:
    if shock.lasts is None or shock.lasts.unfilled or shock.start.unfilled:
        return
    end = study.horizon.end
    left = (first_day(end) + timedelta(days=days_in(end)) - shock.start.first).days
    if shock.lasts.to("day").mode > left > 0:
        text = f"'{shock.lasts.text}' from {shock.start.text} ends outside the horizon, {study.horizon.start} to {end}"
        yield Problem((*path, "lasts"), f"{text}: {left} days are left; shorten it or widen the horizon")


def _hits_something(study: Study, shock: Shock, path: KeyPath) -> Iterator[Problem]:
    """Where the shock looks there is something to hit."""
    kind, what = target(shock), scaled(shock)
    if shock.lane is not None:
        way = shock.lane
        if not any(
            (lane.origin, lane.destination) == (way.origin, way.destination)
            and (None in (lane.product, way.product) or lane.product == way.product)
            for lane in study.lanes
        ):
            carried = f" for '{way.product}'" if way.product else ""
            text = f"no lane leads from '{way.origin}' to '{way.destination}'{carried}; name one of lanes, or add it"
            yield Problem((*path, "lane"), text)
    elif shock.product is not None:
        if not any(need.product == shock.product for plant in study.plants.values() for need in plant.inputs):
            text = f"no plant of the study takes '{shock.product}' in; name an input, or the plant that is hit"
            yield Problem((*path, "product"), text)
        elif study.products[shock.product].external is not None and shock.product in {
            plant.makes for plant in study.plants.values()
        }:
            text = f"'{shock.product}' is made in the study and 'external' too, so that it can always be had"
            yield Problem((*path, "product"), f"{text}; take 'external' out of the product, or hit the plants")
    elif shock.region is not None and not _touched(study, shock.region, what):
        there = {"demand": "no market is in", "lane": "no lane touches"}.get(what, "no plant stands in")
        text = f"{there} '{shock.region}', so that {what} of {kind} is nothing; name another region or 'what'"
        yield Problem((*path, "region"), text)


def _touched(study: Study, region: str, what: str) -> bool:
    if what == "demand":
        return any(market.region == region for market in study.markets.values())
    if what == "lane":
        return any(region in (lane.origin, lane.destination) for lane in study.lanes)
    return any(plant.region == region for plant in study.plants.values())


def _part_of_all_that_is_left(study: Study, shock: Shock, path: KeyPath) -> Iterator[Problem]:
    """A market that takes all that is left for it may stop, but a part of that is not known."""
    leaves = shock.leaves
    if leaves is None or leaves.unfilled or leaves.magnitude.high <= 0:
        return
    last = study.horizon.end if shock.end is None else shock.end.month
    for name, market in study.markets.items():
        if not (name == shock.market or market.region == shock.region):
            continue
        ends = [*(row.start for row in market.demand[1:]), "9999-12"]
        for row, until in zip(market.demand, ends, strict=False):
            if row.unlimited is not None and row.start <= last and shock.start.month < until:
                text = (
                    f"'{leaves.text}': market '{name}' takes all that is left from {row.start} on, and a part of that"
                )
                yield Problem((*path, "leaves"), f"{text} is not known; write its quantity, or 0 percent for a stop")
                break
