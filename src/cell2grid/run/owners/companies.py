"""A study's companies on a day: each holder's share, attributable share, control and power in a vote.

The formulas are in ``cell2grid.formulas.ownership``; here they are asked for the stakes of one study.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cell2grid.errors import InputError
from cell2grid.formulas.ownership.attributable import Attributable, attributable
from cell2grid.formulas.ownership.control import Control, control, weakest_links
from cell2grid.formulas.ownership.graph import Between, held_on
from cell2grid.formulas.ownership.voting import MOST_HOLDERS, power, whole_votes
from cell2grid.study.stakes import holdings

if TYPE_CHECKING:
    import networkx as nx

    from cell2grid.study.model import Study

Ends = tuple[float, float]
MOST_PAIRS = 300_000
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder of a company, direct or through others; shares, votes and power are ratios.

    ``chain`` are the votes that it commands by its chains, each as strong as its weakest link. Power is None for a
    holder without votes of its own in the company, and where there are too many holders to count.
    """

    holder: str
    direct: Between | None
    attributable: Ends
    votes: Between | None
    chain: float
    control: str
    banzhaf: Ends | None
    shapley: Ends | None


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its holders, what nobody named holds of it, and who decides in it.

    ``unknown`` is what the direct stakes leave, ``unattributed`` what belongs to no named firm in the end.
    """

    company: str
    holders: tuple[Holder, ...]
    unknown: Ends
    unattributed: float
    controllers: tuple[str, ...]
    ultimate: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Stakes:
    """The stakes of a study on a day as a graph, and what follows from them, each worked out once.

    ``threshold`` and ``quota`` are the parts of the votes above which a firm controls, and a vote is carried [ratio].
    """

    graph: nx.DiGraph
    threshold: float
    quota: float
    _found: Attributable | None = field(default=None, repr=False)
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @property
    def shares(self) -> Attributable:
        """Attributable shares of all firms that are part of a stake."""
        if self._found is None:
            self._found = attributable(self.graph)
        return self._found

    def share(self, holder: str, company: str) -> Ends:
        """A holder's attributable share in a company; all of itself, and nothing where no stakes lead there."""
        if holder == company:
            return 1.0, 1.0
        # what is unknown could be anybody's: it is told once for the company, and not of every firm there is
        return self.shares.share(holder, company) if holder in self.above(company) else (0.0, 0.0)

    def above(self, company: str) -> frozenset[str]:
        """All firms from which stakes lead to the company."""
        import networkx as nx

        if company not in self._above:
            known = company in self.graph
            self._above[company] = frozenset(nx.ancestors(self.graph, company)) if known else frozenset()
        return self._above[company]

    def ultimate(self, company: str) -> dict[str, float]:
        """The shares of the firms that nobody owns in a company, itself where nobody owns it [ratio]."""
        if company not in self.graph:
            return {company: 1.0}
        found, place = self.shares, self.shares.firms.index(company)
        return {
            firm: float(found.low[row, place])
            for row, firm in enumerate(found.firms)
            if found.ultimate[row] and found.low[row, place] > 0.0
        }


def stakes_on(study: Study, day: date, *, threshold: float, quota: float) -> Stakes:
    """The stakes of a study on a day."""
    return Stakes(held_on(holdings(study), day), threshold, quota)


def companies(stakes: Stakes) -> Iterator[Company]:
    """Each company of which stakes are named, in the order of the study.

    Raises
    ------
    InputError
        Stakes lead from so many firms to so many companies that telling of each pair would take gigabytes.
    """
    pairs = sum(len(stakes.above(company)) for company in stakes.graph)
    if pairs > MOST_PAIRS:
        raise InputError(
            f"the stakes lead from holders to companies in {pairs:,} pairs, at most {MOST_PAIRS:,} can be told; "
            "keep the part of the stakes that is asked about"
        )
    found = control(stakes.graph, threshold=stakes.threshold)
    for company in stakes.graph:
        if stakes.graph.in_degree(company):
            yield _company(stakes, found, company)


def _company(stakes: Stakes, found: Control, company: str) -> Company:
    direct = {holder: stakes.graph.edges[holder, company] for holder in stakes.graph.predecessors(company)}
    voting = _Vote.of({holder: parts["votes"] for holder, parts in direct.items() if holder != company}, stakes.quota)
    chains = weakest_links(stakes.graph, company)
    rows = []
    for holder in [*direct, *sorted(stakes.above(company) - {*direct, company})]:
        own = direct.get(holder)
        rows.append(
            Holder(
                holder=holder,
                direct=None if own is None else own["share"],
                # what a company holds in itself belongs to its other owners
                attributable=stakes.share(holder, company) if holder != company else (0.0, 0.0),
                votes=None if own is None else own["votes"],
                chain=min(chains.get(holder, 0.0), 1.0),
                control=_control(found, holder, company),
                banzhaf=voting.power("banzhaf", holder),
                shapley=voting.power("shapley", holder),
            )
        )
    rows.sort(key=lambda row: (row.direct is None, -(row.direct.middle if row.direct else 0.0), -row.attributable[0]))
    shares = [parts["share"] for parts in direct.values()]
    unknown = (max(1.0 - sum(s.high for s in shares), 0.0), max(1.0 - sum(s.low for s in shares), 0.0))
    unattributed = float(stakes.shares.unknown[stakes.shares.firms.index(company)])
    return Company(
        company,
        tuple(rows),
        (_near_nothing(unknown[0]), _near_nothing(unknown[1])),
        _near_nothing(unattributed),
        tuple(found.holders(company)),
        tuple(found.ultimate(company)),
        (*voting.notes, *_joint(found, list(direct), company)),
    )


def _near_nothing(share: float) -> float:
    return share if share > _ROUNDING else 0.0


def _control(found: Control, holder: str, company: str) -> str:
    if company == holder:
        return "no"
    if company in found.sure.get(holder, ()):
        return "yes"
    return "possible" if company in found.possible.get(holder, ()) else "no"


def _joint(found: Control, direct: Sequence[str], company: str) -> list[str]:
    """Direct holders that one firm decides in: each is counted for itself in a vote."""
    masters: dict[str, list[str]] = {}
    for holder in direct:
        for master in [holder, *found.ultimate(holder)]:
            masters.setdefault(master, []).append(holder)
    return [
        f"in {company} {', '.join(holders)} vote as {master} says: power counts each holder for itself"
        for master, found_holders in masters.items()
        if len(found_holders) > 1 and (holders := [holder for holder in found_holders if holder != master])
    ]


@dataclass(slots=True)
class _Vote:
    """The vote of a company: power of its direct holders with the unknown votes as one block, or as countless ones."""

    holders: tuple[str, ...]
    shares: tuple[float, ...]
    unknown: float
    quota: float
    notes: tuple[str, ...]
    _ends: dict[str, list[Ends]] | None = None

    @classmethod
    def of(cls, votes: dict[str, Between], quota: float) -> _Vote:
        notes = []
        total = sum(share.middle for share in votes.values())
        if any(share.low < share.high for share in votes.values()):
            notes.append("power is that of the middle of each range of votes")
        # the middles of ranges may add up to more than all votes
        scale = 1.0 / total if total > 1.0 else 1.0
        shares = tuple(share.middle * scale for share in votes.values())
        unknown = _near_nothing(1.0 - sum(shares)) if votes else 0.0
        if len(votes) >= MOST_HOLDERS:
            notes.append(f"power is not counted: {len(votes)} holders vote, and up to {MOST_HOLDERS - 1} are counted")
        return cls(tuple(votes), shares, unknown, quota, tuple(notes))

    def power(self, measure: str, holder: str) -> Ends | None:
        """The least and the most of a holder's power over the two cases; None where it has no votes."""
        if holder not in self.holders or len(self.holders) >= MOST_HOLDERS:
            return None
        if self._ends is None:
            self._ends = self._counted()
        return self._ends[measure][self.holders.index(holder)]

    def _counted(self) -> dict[str, list[Ends]]:
        votes, _ = whole_votes([*self.shares, self.unknown])
        total = sum(votes)
        block = power(votes, quota=int(self.quota * total + _ROUNDING) + 1)
        ocean = power(votes[:-1], quota=self.quota * total, rest=votes[-1]) if votes[-1] else block
        found = {}
        for measure in ("banzhaf", "shapley"):
            pairs = zip(getattr(block, measure), getattr(ocean, measure), strict=False)
            found[measure] = [(float(min(pair)), float(max(pair))) for pair in pairs]
        return found
