"""Who supplies whom on a day: links that a study names, those that its plants' inputs make, and two steps away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cell2grid.study.stakes import days_of, firm_of

if TYPE_CHECKING:
    import networkx as nx

    from cell2grid.study.model import Study, Supply


@dataclass(frozen=True, slots=True)
class Link:
    """A supplier and a customer as the study names them, with their firms; ``share`` in what the customer takes."""

    supplier: str
    customer: str
    supplier_firm: str
    customer_firm: str
    product: str
    share: tuple[float, float] | None
    since: str | None
    until: str | None
    basis: str
    sources: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The firms that a firm has to do with, and those that these have to do with, itself apart."""

    firm: str
    suppliers: tuple[str, ...]
    customers: tuple[str, ...]
    suppliers_of_suppliers: tuple[str, ...]
    customers_of_customers: tuple[str, ...]


def links(study: Study, day: date) -> list[Link]:
    """The links of a day: those that are named, then those of plants that take in what others of the study make."""
    found = [_named(study, row) for row in study.supplies if days_of(row)[0] <= day <= days_of(row)[1]]
    said = {(link.supplier, link.customer, link.product) for link in found}
    for customer, plant in study.plants.items():
        for need in plant.inputs:
            for supplier, maker in study.plants.items():
                if maker.makes == need.product and (supplier, customer, need.product) not in said:
                    sources = "; ".join(map(str, need.per_item.sources))
                    firms = (maker.owner, plant.owner)
                    found.append(Link(supplier, customer, *firms, need.product, None, None, None, "inputs", sources))
    return found


def _named(study: Study, row: Supply) -> Link:
    share = None if row.share is None else row.share.to("ratio")
    told = [source for figure in (row.share, row.since, row.until) if figure is not None for source in figure.sources]
    sources = dict.fromkeys([*([row.source] if row.source else []), *map(str, told)])
    return Link(
        row.supplier,
        row.customer,
        firm_of(study, row.supplier),
        firm_of(study, row.customer),
        row.product,
        None if share is None else (share.low, share.high),
        None if row.since is None else row.since.text,
        None if row.until is None else row.until.text,
        "named",
        "; ".join(sources),
    )


def firms_graph(found: list[Link]) -> nx.DiGraph:
    """The links between firms, from supplier to customer; what stays within a firm is left out."""
    import networkx as nx

    graph = nx.DiGraph()
    for link in found:
        if link.supplier_firm != link.customer_firm:
            graph.add_edge(link.supplier_firm, link.customer_firm)
    return graph


def neighbours(found: list[Link]) -> list[Neighbours]:
    """For each firm of the links its suppliers and customers, and theirs in turn.

    >>> from cell2grid.study.loader import load_study
    >>> rows = neighbours(links(load_study("beijing-era").study, date(2026, 6, 1)))
    >>> [(row.firm, row.suppliers) for row in rows if row.suppliers]
    [('xiaomi-auto', ('catl', 'beijing-era')), ('baic', ('beijing-era',))]
    """
    graph = firms_graph(found)
    rows = []
    for firm in graph:
        before, after = list(graph.predecessors(firm)), list(graph.successors(firm))
        further = dict.fromkeys(name for near in before for name in graph.predecessors(near))
        beyond = dict.fromkeys(name for near in after for name in graph.successors(near))
        rows.append(
            Neighbours(
                firm,
                tuple(before),
                tuple(after),
                tuple(name for name in further if name != firm and name not in before),
                tuple(name for name in beyond if name != firm and name not in after),
            )
        )
    return rows
