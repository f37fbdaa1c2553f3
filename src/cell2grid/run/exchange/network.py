"""A study's markets as a PyPSA network: who could make what where, at which cost, for whom.

Buses are products in regions, and one for each plant; plants are generators, lanes links that cost freight and duties,
markets loads, or steps of what buyers would pay (``network_demand.py``). Power [MW] stands for items a year and an hour
for a year, so that energy stands for items. What could be built is a generator that may be extended by whole blocks.
The costs are those of ``run/plan``, so that a network without choices in time costs what the plan costs. What is lost
is told in ``network_lost.py``; a storage asset as a network is ``study/pypsa``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.exchange.network_demand import Buyers, buyers_of
from cell2grid.run.exchange.network_lost import lost_of
from cell2grid.run.plan.arrays import Inputs, plan_inputs
from cell2grid.run.plan.options import plan_of
from cell2grid.study.model import Investment, Study
from cell2grid.study.pypsa.tables import Tables, write_tables
from cell2grid.study.pypsa.writing import component
from cell2grid.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_PARTS = 200_000  # links and generators of a network


@dataclass(frozen=True, slots=True)
class StudyNetwork:
    """A network in tables, what it counts in, and what of the study it does not have."""

    tables: Tables
    currency: str
    item: str
    elastic: bool
    lost: tuple[str, ...]

    def write(self, place: Path, *, name: str) -> Path:
        """The absolute path at which it now lies: a folder of CSV files, or a file that ends in .nc.

        Raises
        ------
        InputError
            The place holds something else, or cannot be written.
        """
        return write_tables(self.tables, place, name=name)

    def count(self, kind: str) -> int:
        """How many components of a kind it has."""
        found = self.tables.components.get(kind)
        return 0 if found is None else len(found.static)


@dataclass(slots=True)
class _Parts:
    """Rows and series of each kind of component, as they are put together."""

    steps: int
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    series: dict[str, dict[str, dict[str, Floats]]] = field(default_factory=dict)

    def add(self, kind: str, name: str, **columns: Any) -> None:
        """A component; what changes with time becomes a series."""
        row: dict[str, Any] = {}
        for attribute, value in columns.items():
            if isinstance(value, np.ndarray) and not (value == value.flat[0]).all():
                self.series.setdefault(kind, {}).setdefault(attribute, {})[name] = np.asarray(value, np.float64)
            else:
                row[attribute] = float(value.flat[0]) if isinstance(value, np.ndarray) else value
        self.rows.setdefault(kind, {})[name] = row


def study_network(study: Study, *, demand_steps: int = 0) -> StudyNetwork:
    """The network of a study's markets.

    Parameters
    ----------
    demand_steps
        In how many steps markets with an elasticity answer to prices; 0 for what they take at the reference price.

    Raises
    ------
    StudyError
        The study has no market that says how much it takes, or does not say what its plants' items cost; figures have
        no common currency; the network would be too large.
    """
    planned = _with_plan(study)
    inputs = plan_inputs(planned)
    buyers = buyers_of(planned, inputs, demand_steps)
    parts = _Parts(len(inputs.terms.labels))
    _check_size(inputs)
    for place in range(len(inputs.markets)):
        _market(parts, inputs, place, buyers)
    for place in range(len(inputs.plants)):
        _plant(parts, inputs, place)
    elastic = any(buyers)
    lost = [*lost_of(study, elastic=elastic), *(note.removeprefix("plan: ") for note in inputs.notes)]
    tables = Tables(
        _snapshots(inputs),
        {kind: component(rows, parts.series.get(kind, {}), parts.steps) for kind, rows in parts.rows.items()},
        {"cell2grid": __version__, "study": study.study, "currency": inputs.currency, "item": inputs.labels.item},
    )
    return StudyNetwork(tables, inputs.currency, inputs.labels.item, elastic, tuple(dict.fromkeys(lost)))


def _with_plan(study: Study) -> Study:
    """The study with the plan that a network is made of; one without choices where it has none."""
    if not any(row.quantity is not None for market in study.markets.values() for row in market.demand):
        raise StudyError(
            f"study '{study.study}' has no market that says how much it takes; write the 'quantity' of its demand"
        )
    if study.investment is not None:
        return study
    if study.competition is None:
        raise StudyError(
            f"study '{study.study}' has neither 'competition' nor 'investment', and so no currency to count costs in;"
            " add 'competition: {currency: EUR}'"
        )
    plan = {"currency": study.competition.currency, "discount_rate": "0 percent/year [assumed: nothing is built]"}
    return study.changed(investment=Investment.model_validate(plan))


def _check_size(inputs: Inputs) -> None:
    count = int(np.isfinite(inputs.plan.freight[0]).any(axis=2).sum()) * inputs.plan.step_cost.shape[2]
    if count > MOST_PARTS:
        raise StudyError(f"the network would have {count:,} links, at most {MOST_PARTS:,} are written; split the study")


def _snapshots(inputs: Inputs) -> Any:
    """The begin of each term with its weights: years, and what money of the term is worth at the horizon's begin."""
    import pandas as pd

    begin = np.datetime64(inputs.study.horizon.start, "M")
    stamps = (begin + np.array(inputs.terms.starts)).astype("datetime64[ns]")
    years = inputs.plan.years
    return pd.DataFrame(
        {"snapshot": stamps, "objective": years * inputs.plan.discount, "stores": years, "generators": years}
    )


def _bus(parts: _Parts, name: str, carrier: str) -> str:
    if name not in parts.rows.get("buses", {}):
        parts.add("carriers", carrier)
        parts.add("buses", name, carrier=carrier)
    return name


def _market_bus(parts: _Parts, inputs: Inputs, place: int) -> str:
    market = inputs.study.markets[inputs.markets[place]]
    return _bus(parts, f"{market.region} {market.product}", market.product)


def _market(parts: _Parts, inputs: Inputs, place: int, buyers: Buyers) -> None:
    """What a market takes, or would take at which price; and what it costs to leave it without."""
    name, bus = inputs.markets[place], _market_bus(parts, inputs, place)
    product, demand = inputs.study.markets[name].product, inputs.plan.demand[0, place]
    steps = buyers.get(name)
    if steps is not None:
        for number, (width, value) in enumerate(zip(*steps, strict=True), start=1):
            most, share = _scaled(width)
            parts.add("generators", f"{name} buys {number}", bus=bus, carrier=product, sign=-1.0, p_nom=most,
                      p_max_pu=share, marginal_cost=-value)  # fmt: skip
        return
    parts.add("loads", name, bus=bus, carrier=product, p_set=demand)
    missing = inputs.plan.unserved_cost[0, place]
    if np.isfinite(missing).any():
        most, share = _scaled(np.where(np.isfinite(missing), demand, 0.0))
        parts.add("generators", f"{name} unserved", bus=bus, carrier=product, p_nom=most, p_max_pu=share,
                  marginal_cost=np.nan_to_num(missing))  # fmt: skip


def _scaled(quantity: Floats) -> tuple[float, Floats]:
    """The most of a series, and each as a part of it."""
    most = float(quantity.max(initial=0.0))
    return most, quantity / most if most > 0.0 else np.zeros_like(quantity)


def _plant(parts: _Parts, inputs: Inputs, place: int) -> None:
    """A plant's generators, a step of cost each, and the links over which it sells.

    Where customs are charged on the cost of making, each step has a bus of its own: what crosses the border then knows
    what it cost.
    """
    name, plan = inputs.plants[place], inputs.plan
    if name in inputs.options:
        _option(parts, inputs, place)
        return
    product = inputs.study.plants[name].makes
    steps, apart = _steps(inputs, place, plan.standing_capacity[0, place])
    for number, (label, usable, cost) in enumerate(steps, start=1):
        bus = _bus(parts, f"{label} out" if apart else f"{name} out", product)
        most, share = _scaled(usable)
        parts.add("generators", label, bus=bus, carrier=product, p_nom=most, p_max_pu=share, marginal_cost=cost)
        if apart or number == 1:
            whole = most if apart else float(plan.standing_capacity[0, place].max())
            _links(parts, inputs, place, label if apart else name, bus, cost, whole)


def _steps(inputs: Inputs, place: int, capacity: Floats | float) -> tuple[list[tuple[str, Floats, Floats]], bool]:
    """What each step of a plant's cost is called, how much can be made on it and at which cost (term).

    Also whether customs tell the steps apart.
    """
    name, plan = inputs.plants[place], inputs.plan
    above = np.cumsum(plan.step_width[0, place], axis=0)
    below = np.vstack([np.zeros_like(above[:1]), above[:-1]])
    # steps rise in cost, so that each is used up before the next
    usable = np.clip(np.minimum(above, capacity) - below, 0.0, None)
    used = [step for step in range(len(usable)) if usable[step].any()]
    found = [
        (name if len(used) == 1 else f"{name} step {number}", usable[step], plan.step_cost[0, place, step])
        for number, step in enumerate(used, start=1)
    ]
    return found, len(used) > 1 and bool((plan.duty_on_cost[0, place] > 0.0).any())


def _links(parts: _Parts, inputs: Inputs, place: int, label: str, bus: str, making: Floats, most: float) -> None:
    """A link to each market that the plant can reach; it costs freight and duties."""
    plan = inputs.plan
    for column, market in enumerate(inputs.markets):
        freight = plan.freight[0, place, column]
        open_to = np.isfinite(freight)
        if not open_to.any():
            continue
        rate, amount = plan.duty_on_cost[0, place, column], plan.duty_amount[0, place, column]
        cost = (1.0 + rate) * (making + np.nan_to_num(freight)) + amount - making
        parts.add("links", f"{label} to {market}", bus0=bus, bus1=_market_bus(parts, inputs, column), p_nom=most,
                  p_max_pu=open_to.astype(np.float64), marginal_cost=cost,
                  carrier=inputs.study.markets[market].product)  # fmt: skip


def _option(parts: _Parts, inputs: Inputs, place: int) -> None:
    """What could be built, as decided on the first time that it can be: blocks, and what one costs over the horizon.

    Where its cost has steps, links behind the generator let each through at its cost.
    """
    plan, name, terms = inputs.plan, inputs.plants[place], len(inputs.terms.labels)
    number, product = inputs.options.index(name), plan_of(inputs.study).options[name].makes
    decided = np.flatnonzero(plan.most_at_once[number] > 0)
    if not len(decided) or plan.block[number] <= 0.0:
        return
    first = int(decided[0])
    by_age = (plan.ready[number, : terms - first], plan.opened[number, : terms - first])
    ready, opened = (np.concatenate([np.zeros(first), each]) for each in by_age)
    money = plan.block_cost[0, number, first] * plan.discount[first]
    money += float((plan.fixed_cost[0, number, first] * opened * plan.years * plan.discount).sum())
    money -= plan.salvage[0, number, first] * float(plan.end_discount)
    most = float(plan.most[number] * plan.block[number])
    steps, apart = _steps(inputs, place, most)
    gate = _bus(parts, f"{name} out" if len(steps) == 1 else f"{name} made", product)
    parts.add("generators", name, bus=gate, carrier=product, p_nom=0.0, p_nom_extendable=True,
              p_nom_mod=float(plan.block[number]), p_nom_max=most, p_max_pu=ready,
              marginal_cost=steps[0][2] if len(steps) == 1 else 0.0,
              capital_cost=money / float(plan.block[number]))  # fmt: skip
    if len(steps) == 1:
        _links(parts, inputs, place, name, gate, steps[0][2], most)
        return
    for step, (label, usable, cost) in enumerate(steps, start=1):
        # what is built makes along its steps: each lets through as much as is made at its cost
        bus = _bus(parts, f"{label} out" if apart else f"{name} out", product)
        width, share = _scaled(usable)
        parts.add("links", label, bus0=gate, bus1=bus, p_nom=width, p_max_pu=share, marginal_cost=cost, carrier=product)
        if apart or step == 1:
            _links(parts, inputs, place, label if apart else name, bus, cost, width if apart else most)
