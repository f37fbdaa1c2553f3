"""Rules on owners and on who supplies whom: shares and votes that add up on every day, loops, capital, links.

Which names must be known is in ``rules/names.py``; links of supply are looked at here as a whole, since they may name a
firm or a plant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter

from cell2grid.formulas.ownership.graph import Holding, change_days, closed_loops, held_on, loop_words
from cell2grid.study.model import Stake, Study, Supply
from cell2grid.study.quantity import Quantity, references
from cell2grid.study.refusals import Problem, near
from cell2grid.study.rules.money import currencies
from cell2grid.study.stakes import days_of, firm_of, holdings
from cell2grid.study.yaml_tree import KeyPath

_ROUNDING = 1e-9
_SHOWN = 12


def stakes_add_up(study: Study) -> Iterator[Problem]:
    """On no day do shares or votes in a company add up to more than 100 percent.

    A holder's later row replaces the earlier; each day on which a row begins is looked at, since sums only grow there.
    """
    rows: dict[str, list[tuple[date, int, Stake]]] = {}
    for index, stake in enumerate(study.stakes):
        since = days_of(stake)[0]
        if any(held.holder == stake.holder and day == since for day, _, held in rows.get(stake.company, [])):
            text = f"'{stake.holder}' already has a stake in '{stake.company}' from that day; keep one row"
            yield Problem(("stakes", index), text)
        rows.setdefault(stake.company, []).append((since, index, stake))
    for company, held in rows.items():
        held.sort(key=lambda row: row[:2])
        yield from _above_all(held, lambda stake: stake.share, "share", f"stakes in '{company}'", "a share")
        if any(stake.votes is not None for _, _, stake in held):
            words = "; votes that are not given are as the shares"
            yield from _above_all(held, _votes, "votes", f"votes in '{company}'", f"the votes of a stake{words}")


def _votes(stake: Stake) -> Quantity:
    return stake.share if stake.votes is None else stake.votes


def _above_all(
    rows: Sequence[tuple[date, int, Stake]], part: Callable[[Stake], Quantity], key: str, what: str, mend: str
) -> Iterator[Problem]:
    """The first day on which the parts add up to more than the whole; ``rows`` are those of a company by their day."""
    held: dict[str, tuple[float, date]] = {}
    for position, (day, index, stake) in enumerate(rows):
        if not part(stake).unfilled:
            held[stake.holder] = part(stake).to("percent").low, days_of(stake)[1]
        if position + 1 < len(rows) and rows[position + 1][0] == day:
            continue  # more begin on that day
        held = {holder: (share, last) for holder, (share, last) in held.items() if day <= last}
        total = sum(share for share, _ in held.values())
        if total > 100 + _ROUNDING:
            parts = ", ".join(f"{holder} {share:g} %" for holder, (share, _) in [*held.items()][:_SHOWN])
            parts += ", …" if len(held) > _SHOWN else ""
            when = "" if day == date.min else f" from {day}"
            path = ("stakes", index, key if getattr(stake, key) is not None else "share")
            yield Problem(path, f"{what} add up to {total:g} %{when} ({parts}), above 100 %; correct {mend}")
            return


def stakes_end_after_they_begin(study: Study) -> Iterator[Problem]:
    """A stake, or a link of supply, does not end before it begins."""
    parts: tuple[tuple[str, Sequence[Stake | Supply]], ...] = (("stakes", study.stakes), ("supplies", study.supplies))
    for part, rows in parts:
        for index, row in enumerate(rows):
            since, until = row.since, row.until
            if since is not None and until is not None and not until.unfilled and until.last < since.first:
                text = f"{until.text} is before its first day, {since.text}; correct one of the two"
                yield Problem((part, index, "until"), text)


def nobody_owns_itself_whole(study: Study) -> Iterator[Problem]:
    """On no day do firms own one another completely, so that there is no owner outside."""
    rows = _in_loops(holdings(study))
    said: set[tuple[str, ...]] = set()
    for day in [date.min, *change_days(rows)] if rows else ():
        for loop in closed_loops(held_on(rows, day)):
            if tuple(loop) not in said:
                said.add(tuple(loop))
                index = next(place for place, stake in enumerate(study.stakes) if stake.company == loop[0])
                when = "" if day == date.min else f"from {day} "
                yield Problem(("stakes", index), f"{when}{loop_words(loop)}")


def _in_loops(rows: Sequence[Holding]) -> list[Holding]:
    """The stakes that are part of a loop, all days taken together; most studies have none, and need no graph."""
    owned: dict[str, set[str]] = {}
    for row in rows:
        owned.setdefault(row.company, set()).add(row.holder)
    try:
        TopologicalSorter(owned).prepare()
    except CycleError:
        import networkx as nx

        graph = nx.DiGraph([(row.holder, row.company) for row in rows])
        knot = {firm: number for number, firms in enumerate(nx.strongly_connected_components(graph)) for firm in firms}
        return [row for row in rows if knot[row.holder] == knot[row.company]]
    return []


def capital_is_money(study: Study) -> Iterator[Problem]:
    """A company's capital is an amount in a currency, and not below nothing."""
    for name, firm in study.firms.items():
        capital = firm.capital
        if capital is None or capital.unfilled:
            continue
        path: KeyPath = ("firms", name, "capital")
        if capital.unit not in currencies():
            text = f"'{capital.text}' is in {capital.unit}; an amount of money belongs here, as in '1000000000 CNY'"
            yield Problem(path, text)
        elif capital.magnitude.low < 0:
            yield Problem(path, f"'{capital.text}' is below 0, the least a capital can be; correct it")


def supplies_are_links(study: Study) -> Iterator[Problem]:
    """A link of supply leads from one firm or plant to another, for a product that the supplier can make."""
    known = {*study.firms, *study.plants}
    for index, row in enumerate(study.supplies):
        wrong = False
        for key, name in (("supplier", row.supplier), ("customer", row.customer)):
            wrong = wrong or name not in known
            if name not in known:
                text = f"'{name}' is not among the firms and plants; {near(name, known, what='firms and plants')}"
                yield Problem(("supplies", index, key), text)
            elif name in study.firms and name in study.plants:
                text = f"'{name}' is a firm and a plant of the study; give one of them another name"
                yield Problem(("supplies", index, key), text)
        if row.product not in study.products:
            text = f"'{row.product}' is not among the products; {near(row.product, study.products, what='products')}"
            yield Problem(("supplies", index, "product"), text)
        elif row.supplier in study.plants and study.plants[row.supplier].makes != row.product:
            made = study.plants[row.supplier].makes
            text = f"plant '{row.supplier}' makes '{made}', not '{row.product}'; correct one of the two"
            yield Problem(("supplies", index, "product"), text)
        if not wrong and row.supplier == row.customer:
            text = f"'{row.customer}' supplies itself; name another firm or plant"
            yield Problem(("supplies", index, "customer"), text)
    yield from _supply_sources(study)
    yield from _supply_shares(study)


def _supply_sources(study: Study) -> Iterator[Problem]:
    """A link is known from somewhere: by its own source, or by that of one of its figures."""
    for index, row in enumerate(study.supplies):
        path: KeyPath = ("supplies", index, "source")
        if row.source is None:
            if row.share is None and row.since is None and row.until is None:
                yield Problem(path[:-1], "has no source; add 'source: source-key', or 'source: \"assumed: why\"'")
            continue
        try:
            found = references(row.source)
        except ValueError as error:
            yield Problem(path, f"{error}")
            continue
        for reference in found:
            if reference.source is not None and reference.source not in study.sources:
                hint = near(reference.source, study.sources, what="sources")
                yield Problem(path, f"source '{reference.source}' is not in sources; {hint}")


def _supply_shares(study: Study) -> Iterator[Problem]:
    """On no day do suppliers cover more than all of what a customer takes of a product."""
    rows: dict[tuple[str, str], list[tuple[date, date, int, str, float]]] = {}
    for index, row in enumerate(study.supplies):
        if row.share is not None and not row.share.unfilled:
            least = row.share.to("percent").low
            found = rows.setdefault((row.customer, row.product), [])
            found.append((*days_of(row), index, firm_of(study, row.supplier), least))
    for (customer, product), links in rows.items():
        for day in sorted({since for since, *_ in links}):
            held = [(index, firm, share) for since, until, index, firm, share in links if since <= day <= until]
            total = sum(share for _, _, share in held)
            if total > 100 + _ROUNDING:
                parts = ", ".join(f"{firm} {share:g} %" for _, firm, share in held[:_SHOWN])
                when = "" if day == date.min else f" from {day}"
                text = f"supplies of '{product}' to '{customer}' add up to {total:g} %{when} ({parts}), above 100 %"
                yield Problem(("supplies", held[-1][0], "share"), f"{text}; correct a share")
                break
