"""What stands around a storage unit of a PyPSA network: the market, the connection to it, generation and load.

It is known by how the parts are joined, whatever their names. A *market* is a generator that gives and takes at one
marginal cost, or one that gives and one that takes, on the unit's bus or behind links without losses; two links that
charge as much for charging as discharging costs make a throughput cost. Where the network is more than that, nothing
around the unit is read. Each part that is not read is listed. The unit itself is read in ``pypsa/reading.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.study.pypsa.parts import Part

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.pypsa.tables import Tables

    Floats = NDArray[np.float64]

_ROUNDING = 1e-9
_STANDING = ("generators", "loads", "storage_units", "stores")
_BRANCHES = ("links", "lines", "transformers")
_FAR = "it stands elsewhere in the network; the prices of the unit's place are given apart"
# of parts that stand elsewhere in a large network, so many of a kind are named one by one
_MOST_NAMED = 100


@dataclass(slots=True, eq=False)
class Site:
    """``asset`` in keys of the dispatch engine, ``price`` of the market, and what was left out with its reason."""

    asset: dict[str, Any] = field(default_factory=dict)
    price: Floats | None = None
    ignored: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def site_of(tables: Tables, unit: Part, asset: Mapping[str, Any], where: str) -> Site:
    """What stands around a unit whose own numbers are ``asset``; nothing but lists where the joining is not plain.

    Raises
    ------
    InputError
        A part at the unit's bus has a field that is no number, or a series of another length.
    """
    net = _Network(tables, unit, where)
    site = Site()
    inner = _inner(net, asset)
    connection = _connection(net, inner)
    near = {unit.text("bus") or "", inner.bus}
    if connection is None:
        net.used |= {("buses", bus) for bus in near}
        reason = "it is joined to the unit's bus in a way that is not read: a market there, or behind links, is"
        reasons: dict[tuple[str, str], str] = {}
    else:
        reason = ""
        reasons = _taken(net, site, inner, connection, asset)
    _list_rest(net, site, near, reasons, reason)
    return site


@dataclass(slots=True, eq=False)
class _Inner:
    """The bus outside the links that make moving energy cost, and what they cost."""

    bus: str
    links: tuple[str, ...] = ()
    cost: float | None = None


@dataclass(slots=True, eq=False)
class _Market:
    """What is paid and earned at a bus [currency/MWh], and how much it gives and takes [MW]."""

    names: tuple[str, ...]
    buy: Floats
    sell: Floats
    gives: Floats
    takes: Floats
    priced: bool


@dataclass(slots=True, eq=False)
class _Connection:
    """The way to the market: what a MWh costs on it, and how much it lets through; None: no limit of its own."""

    bus: str
    market: _Market
    links: tuple[str, ...]
    buy_adder: Floats
    sell_adder: Floats
    inward: Floats | None
    outward: Floats | None


class _Network:
    """The parts that are switched on, by the buses at which they stand."""

    def __init__(self, tables: Tables, unit: Part, where: str) -> None:
        self.tables, self.unit, self.where, self.steps = tables, unit, where, unit.steps
        self.used: set[tuple[str, str]] = {("storage_units", unit.name)}

    def part(self, kind: str, name: str) -> Part:
        said = f"{self.where}: {_singular(kind)} '{name}'"
        return Part(kind, name, self.tables.components[kind], self.steps, said)

    def names(self, kind: str, column: str, bus: str) -> list[str]:
        component = self.tables.components.get(kind)
        if component is None or column not in component.static or not bus:
            return []
        rows = component.static[component.static[column].astype(str) == bus]
        if kind == "storage_units":
            return [str(name) for name in rows.index]
        return [str(name) for name in rows.index if self.on(kind, str(name))]

    def on(self, kind: str, name: str) -> bool:
        return bool(self.part(kind, name).numbers("active").all())

    def standing(self, kind: str, bus: str) -> list[str]:
        return self.names(kind, "bus", bus)

    def branches(self, bus: str) -> list[tuple[str, str]]:
        found = []
        for kind in _BRANCHES:
            component = self.tables.components.get(kind)
            columns = [] if component is None else [c for c in component.static if str(c).removeprefix("bus").isdigit()]
            for column in columns:
                found += [(kind, name) for name in self.names(kind, str(column), bus)]
        return list(dict.fromkeys(found))

    def ends(self, name: str) -> tuple[str, str] | None:
        """The two buses of a link; None where it has more, or says more than an asset can."""
        link = self.part("links", name)
        more = [c for c in link.given() if c.removeprefix("bus").isdigit() and c not in ("bus0", "bus1")]
        if more or link.odd() or "links marginal_cost" in self.tables.piecewise:
            return None
        return link.text("bus0") or "", link.text("bus1") or ""


def _inner(net: _Network, asset: Mapping[str, Any]) -> _Inner:
    """Where the unit stands; beyond two links of its own where charging costs on the way what discharging does."""
    own = _Inner(net.unit.text("bus") or "")
    branches = net.branches(own.bus)
    alone = [name for kind in _STANDING for name in net.standing(kind, own.bus)] == [net.unit.name]
    if not alone or len(branches) != 2 or any(kind != "links" for kind, _ in branches):
        return own
    ways = {name: net.ends(name) for _, name in branches}
    inward = [name for name, ends in ways.items() if ends is not None and ends[1] == own.bus]
    outward = [name for name, ends in ways.items() if ends is not None and ends[0] == own.bus]
    if len(inward) != 1 or len(outward) != 1 or inward == outward:
        return own
    to, back = net.part("links", inward[0]), net.part("links", outward[0])
    outside = to.text("bus0") or ""
    discharging = net.unit.over("marginal_cost")
    cost, paid = to.over("marginal_cost"), back.over("marginal_cost")
    other = paid + discharging
    same = bool(np.all(np.abs(cost - other) <= _ROUNDING * np.maximum(1.0, np.abs(cost)))) and np.ptp(cost) == 0.0
    free = bool(np.all(_room(to) >= asset["power"])) and bool(
        np.all(_room(back) >= asset.get("discharge_power", asset["power"]))
    )
    # the same two links may be the connection to a market: then the unit itself costs nothing
    between = _market(net, outside) is not None and not discharging.any()
    if (
        back.text("bus1") != outside
        or not same
        or not free
        or between
        or min(cost[0], discharging.min(), paid.min()) < 0.0
    ):
        return own
    return _Inner(outside, (inward[0], outward[0]), float(cost[0]))


def _room(link: Part) -> Floats:
    """What a link lets through one way [MW]; NaN where it is made to move or may turn round."""
    return np.where(link.power("p_min_pu") == 0.0, link.power("p_max_pu"), np.nan)


def _market(net: _Network, bus: str) -> _Market | None:
    """The generator that gives and takes at a bus, or the two of which one gives and one takes."""
    if "generators marginal_cost" in net.tables.piecewise:
        return None
    parts = [net.part("generators", name) for name in net.standing("generators", bus)]
    takers = [part for part in parts if (part.power("p_min_pu") < 0.0).any()]
    if len(takers) != 1 or takers[0].odd():
        return None
    taker = giver = takers[0]
    if not (taker.power("p_max_pu") > 0.0).any():
        givers = [part for part in parts if part is not taker and "marginal_cost" in part.component.series
                  and part.name in part.component.series["marginal_cost"]]  # fmt: skip
        if len(givers) != 1 or givers[0].odd() or (givers[0].power("p_min_pu") != 0.0).any():
            return None
        giver = givers[0]
    gives, takes = giver.power("p_max_pu"), -taker.power("p_min_pu")
    buy, sell = giver.over("marginal_cost"), taker.over("marginal_cost")
    if not (np.isfinite(buy) & np.isfinite(sell) & (gives >= 0.0) & (takes >= 0.0)).all():
        return None
    names = tuple(dict.fromkeys((giver.name, taker.name)))
    return _Market(names, buy, sell, gives, takes, "marginal_cost" in giver.given())


def _connection(net: _Network, inner: _Inner) -> _Connection | None:
    """The one market that the inner bus is joined to, on it or behind links, and nothing else."""
    branches = [branch for branch in net.branches(inner.bus) if branch not in {("links", n) for n in inner.links}]
    here = _market(net, inner.bus)
    nothing = np.zeros(net.steps)
    if not branches:
        return None if here is None else _Connection(inner.bus, here, (), nothing, here.sell - here.buy, None, None)
    if here is not None or any(kind != "links" for kind, _ in branches):
        return None
    return _linked(net, inner.bus, [name for _, name in branches])


def _linked(net: _Network, bus: str, names: Sequence[str]) -> _Connection | None:
    """A connection through links: at most one way in and one way out, both to the same market."""
    ways: dict[str, list[tuple[Floats, Floats]]] = {"in": [], "out": []}
    far = set()
    for name in names:
        ends, link = net.ends(name), net.part("links", name)
        if ends is None or ends[0] == ends[1]:
            return None
        far.add(ends[0] if ends[1] == bus else ends[1])
        forth, back = link.power("p_max_pu"), -link.power("p_min_pu")
        cost = link.over("marginal_cost")
        if not (np.isfinite(cost) & (forth >= 0.0) & (back >= 0.0)).all():
            return None
        # what goes backwards through a link is paid the cost instead of paying it
        along, against = ("in", "out") if ends[1] == bus else ("out", "in")
        ways[along].append((forth, cost))
        if back.any():
            ways[against].append((back, -cost))
    market = _market(net, far.pop()) if len(far) == 1 else None
    if market is None or max(map(len, ways.values())) > 1:
        return None
    shut = (np.zeros(net.steps), np.zeros(net.steps))
    (inward, buying), (outward, selling) = (ways[way][0] if ways[way] else shut for way in ("in", "out"))
    other = net.part("generators", market.names[0]).text("bus") or ""
    adder = market.sell - market.buy - selling
    return _Connection(other, market, tuple(names), buying, adder, inward, outward)


def _taken(
    net: _Network, site: Site, inner: _Inner, connection: _Connection, asset: Mapping[str, Any]
) -> dict[tuple[str, str], str]:
    """Put what can be said into the site; the reasons for what stands there and cannot."""
    reasons: dict[tuple[str, str], str] = {}
    net.used |= {("links", name) for name in (*inner.links, *connection.links)}
    net.used |= {("generators", name) for name in connection.market.names}
    net.used |= {("buses", bus) for bus in (net.unit.text("bus") or "", inner.bus, connection.bus)}
    if inner.cost:
        site.asset["throughput_cost"] = inner.cost
    for name in net.standing("generators", inner.bus):
        if name not in connection.market.names:
            _generator(net, site, name, reasons)
    for name in net.standing("loads", inner.bus):
        _load(net, site, name, reasons)
    for kind in ("storage_units", "stores"):
        reasons |= {
            (kind, n): "one unit is read at a time" for n in net.standing(kind, inner.bus) if n != net.unit.name
        }
    for key, adder in (("buy_adder", connection.buy_adder), ("sell_adder", connection.sell_adder)):
        if adder.any():
            site.asset[key] = _plain(adder + 0.0)
    load = site.asset.get("load", 0.0) + site.asset.get("auxiliary_load", 0.0)
    most_in = asset["power"] + load
    most_out = asset.get("discharge_power", asset["power"]) + site.asset.get("generation", 0.0)
    for key, way, far, most in (
        ("import_limit", connection.inward, connection.market.gives, most_in),
        ("export_limit", connection.outward, connection.market.takes, most_out),
    ):
        limit = _binding(way, far, most)
        if limit is not None:
            site.asset[key] = _plain(limit)
    site.price = connection.market.buy.copy() if connection.market.priced else None
    return reasons


def _binding(way: Floats | None, market: Floats, most: Any) -> Floats | None:
    """The limit of a way to the market; None where the market alone would set it and can never do so."""
    if way is None or np.array_equal(way, market):
        return market if bool(np.any(market < most)) else None
    if bool(np.any(market < most)):
        way = np.minimum(way, market)
    # a limit that is infinite in some steps alone is one that is never reached there
    reached: Floats = np.where(np.isinf(way), most, way)
    return None if np.isinf(way).all() else reached


def _generator(net: _Network, site: Site, name: str, reasons: dict[tuple[str, str], str]) -> None:
    """Add what a generator can give at no cost to the generation of the site."""
    part = net.part("generators", name)
    most = part.power("p_max_pu")
    reason = part.odd()
    if reason is None and (part.power("p_min_pu") != 0.0).any():
        reason = "it must run or takes power, and generation here may be curtailed to 0 (p_min_pu)"
    if reason is None and (part.over("marginal_cost").any() or "generators marginal_cost" in net.tables.piecewise):
        reason = "its energy costs, and generation here is free (marginal_cost)"
    if reason is None and not (np.isfinite(most) & (most >= 0.0)).all():
        reason = "its power is not a number from 0 in each snapshot (p_nom, p_max_pu)"
    _add(net, site, ("generators", name), "generation", most, reason, reasons)


def _load(net: _Network, site: Site, name: str, reasons: dict[tuple[str, str], str]) -> None:
    """Add a load to that of the site; in a network of this package the auxiliary load keeps its name."""
    part = net.part("loads", name)
    power = part.over("p_set")
    reason = part.odd()
    if reason is None and not (np.isfinite(power) & (power >= 0.0)).all():
        reason = "its power is not a number from 0 in each snapshot (p_set)"
    key = "auxiliary_load" if net.tables.ours and name == "auxiliary_load" else "load"
    _add(net, site, ("loads", name), key, power, reason, reasons)


def _add(
    net: _Network, site: Site, part: tuple[str, str], key: str, power: Floats, reason: str | None,
    reasons: dict[tuple[str, str], str],
) -> None:  # fmt: skip
    if reason is not None:
        reasons[part] = reason
        return
    net.used.add(part)
    site.asset[key] = _plain(site.asset.get(key, 0.0) + power)


def _plain(values: Floats) -> float | Floats:
    """One number where nothing changes with time."""
    return float(values[0]) if (values == values[0]).all() else np.array(values)


def _list_rest(net: _Network, site: Site, near: set[str], reasons: Mapping[tuple[str, str], str], unread: str) -> None:
    """List each part that is not used, and note those at the unit's own bus."""
    for kind, component in net.tables.components.items():
        if kind == "carriers":
            # mere names, as for the reader of files
            continue
        close = dict.fromkeys(_close(net, kind, near))
        known = net.used | _of(kind, close)
        far = [n for n in dict.fromkeys(map(str, component.static.index)) if (kind, n) not in known]
        left = {name: reasons.get((kind, name)) or unread for name in close if (kind, name) not in net.used}
        for name, reason in left.items():
            site.ignored[f"{_singular(kind)} '{name}'"] = reason
        for name in far[:_MOST_NAMED]:
            off = kind in _STANDING[:2] + _BRANCHES and not net.on(kind, name)
            site.ignored[f"{_singular(kind)} '{name}'"] = "it is switched off (active)" if off else _FAR
        if len(far) > _MOST_NAMED:
            site.ignored[f"{len(far) - _MOST_NAMED:,} more {kind.replace('_', ' ')}"] = _FAR
        if left:
            shown = ", ".join(f"'{name}'" for name in list(left)[:12]) + (", …" if len(left) > 12 else "")
            what, verb = (_singular(kind), "is") if len(left) == 1 else (kind.replace("_", " "), "are")
            why = "; ".join(dict.fromkeys(left.values()))
            site.notes.append(
                f"{what} {shown} at the unit's bus {verb} left out, which may change what the unit earns: {why}"
            )


def _of(kind: str, names: Iterable[str]) -> set[tuple[str, str]]:
    return {(kind, name) for name in names}


def _close(net: _Network, kind: str, near: set[str]) -> list[str]:
    """The parts of a kind that stand at, or lead to, the places of the unit."""
    if kind in _STANDING:
        return [name for bus in sorted(near) for name in net.standing(kind, bus)]
    return list(dict.fromkeys(name for bus in sorted(near) for k, name in net.branches(bus) if k == kind))


def _singular(kind: str) -> str:
    return {"buses": "bus"}.get(kind, kind.removesuffix("s")).replace("_", " ")
