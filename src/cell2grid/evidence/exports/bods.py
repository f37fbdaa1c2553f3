"""Stakes as statements of the Beneficial Ownership Data Standard, version 0.4: firms, and who holds how much of which.

A name that the gazetteer or a reviewer knows is one record under all its names. What pages say of one holder and one
company at different days is one relationship record, whose statements follow each other. Ids are hashes of what is
stated, so the same claims give the same statements. What cannot be a statement is left out and said so.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from cell2grid.evidence.exports.json_ld import web_address
from cell2grid.evidence.keeping.listing import Filed
from cell2grid.evidence.keeping.store_rows import folded
from cell2grid.evidence.naming.identities import Identities, Known
from cell2grid.evidence.records import Claim
from cell2grid.evidence.vocabulary.gazetteer import entities
from cell2grid.version import __version__

VERSION = "0.4"
_PERCENT = {"percent": 1.0, "ratio": 100.0}
# which ends of the interval that a word of degree allows are not in it (vocabulary/approximations.yaml has the words)
_OPEN_BELOW, _OPEN_ABOVE = frozenset({"over", "just over"}), frozenset({"under", "just under", "nearly"})
_TYPES = {"country": "state", "place": "stateBody", "body": "stateBody"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A claim that is no statement, and why."""

    claim: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """The statements, those about firms before those about who holds what, and what was left out."""

    statements: list[dict[str, Any]]
    left_out: list[LeftOut] = field(default_factory=list)


def ownership(filed: Iterable[Filed], identities: Identities, *, published: date) -> Ownership:
    """The statements that claims of stakes make.

    Parameters
    ----------
    filed
        Claims; those of another measure than ``stake`` are passed over.
    identities
        What names mean.
    published
        The day that the statements say they are published.
    """
    left_out: list[LeftOut] = []
    stakes: dict[tuple[str, str], list[_Stake]] = defaultdict(list)
    parties: dict[str, _Party] = {}
    for each in filed:
        if each.claim.measure != "stake":
            continue
        read = _stake(each, identities, published)
        if isinstance(read, str):
            left_out.append(LeftOut(each.claim.id, read))
            continue
        for party in (read.holder, read.company):
            parties.setdefault(party.record, party).joined(party, read)
        stakes[read.holder.record, read.company.record].append(read)
    statements = [_entity(parties[record], published) for record in sorted(parties)]
    for key in sorted(stakes):
        statements += _relationship(stakes[key], published)
    return Ownership(statements, left_out)


# --- what a claim says ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Party:
    """A firm, state or the like, with the names it has in claims and the stakes it takes part in."""

    record: str
    known: Known | None
    names: dict[str, None]
    stakes: list[_Stake] = field(default_factory=list)

    @classmethod
    def called(cls, name: str, identities: Identities, day: str) -> _Party:
        """The party that a name of a claim means on a day."""
        known = identities.meant(name, day=day)
        key = known.id if known is not None else f"name:{folded(' '.join(name.split()))}"
        return cls(f"entity-{_hash(key)[:32]}", known, {name: None})

    def joined(self, other: _Party, stake: _Stake) -> None:
        """Take the names of the same party in one more stake."""
        self.names.update(other.names)
        self.stakes.append(stake)

    @property
    def name(self) -> str:
        """What it is called: the name of its entry, else the first in the order of the alphabet."""
        return self.known.name if self.known is not None else min(self.names)


@dataclass(frozen=True, slots=True)
class _Stake:
    """One claim as a statement: who holds which share of which company, from the day on which it was said."""

    filed: Filed
    holder: _Party
    company: _Party
    share: dict[str, float]
    day: str

    @property
    def order(self) -> tuple[str, str, str]:
        return (self.day, self.filed.claim.period_end or "", self.filed.claim.id)


def _stake(filed: Filed, identities: Identities, published: date) -> _Stake | str:
    """The stake that a claim states, or why it states none."""
    claim = filed.claim
    if not claim.subject or not claim.object:
        return "no holder is named" if not claim.subject else "no company is named"
    if ";" in claim.subject or ";" in claim.object:
        return f"'{claim.subject}' and '{claim.object}' are several, and the share of each is not said"
    percent = share(claim)
    if percent is None:
        return f"'{claim.value_text}' is no share of 0 to 100 %"
    day = min(_said_on(filed), published.isoformat())
    holder, company = (_Party.called(name, identities, day) for name in (claim.subject, claim.object))
    if holder.record == company.record:
        return f"'{claim.subject}' would hold itself"
    return _Stake(filed, holder, company, percent, day)


def share(claim: Claim) -> dict[str, float] | None:
    """The share of a stake in the terms of BODS, in percent; None where it is none.

    >>> page = {"document": "d", "story": "s", "frame": "stake", "quote": "", "start": 0, "end": 9, "subject": "Vasa"}
    >>> said = {"value_text": "over 50%", "value_start": 0, "value_end": 8, "measure": "stake", "unit": "percent"}
    >>> share(Claim(**page, **said, value=50.0, low=50.0, high=None, approx="over"))
    {'exclusiveMinimum': 50.0}
    >>> share(Claim(**page, **said, value=51.0, low=51.0, high=51.0))
    {'exact': 51.0}
    """
    factor = _PERCENT.get(claim.unit)
    if factor is None:
        return None
    exact, low, high = (
        None if each is None else round(each * factor, 9) for each in (claim.value, claim.low, claim.high)
    )
    if claim.approx is None and exact is not None:
        low = high = exact
    if any(each is not None and not 0 <= each <= 100 for each in (exact, low)) or (low is None and high is None):
        return None
    if low is not None and low == high:
        return {"exact": low}
    bounds: dict[str, float] = {}
    # a share is always at least nothing and at most all
    if low:
        bounds["exclusiveMinimum" if claim.approx in _OPEN_BELOW else "minimum"] = low
    if high is not None and (high < 100 or not bounds):
        bounds["exclusiveMaximum" if claim.approx in _OPEN_ABOVE else "maximum"] = min(high, 100.0)
    return bounds


def _said_on(filed: Filed) -> str:
    try:
        return date.fromisoformat(filed.source.date or "").isoformat()
    except ValueError:
        return filed.recorded_at[:10]


# --- statements -----------------------------------------------------------------------------------------------------


def _entity(party: _Party, published: date) -> dict[str, Any]:
    first = min(party.stakes, key=lambda stake: stake.order)
    known, entry = party.known, party.known.entry if party.known is not None else None
    kind = _TYPES.get(known.kind if known is not None else "", "registeredEntity")
    details: dict[str, Any] = {
        "isComponent": False,
        "entityType": {"type": kind, "details": "as pages name it; not looked up in a register"},
        "name": party.name,
    }
    others = sorted(set(party.names) - {party.name})
    if others:
        details["alternateNames"] = others
    if entry is not None and entry.country is not None:
        details["jurisdiction"] = {"name": _country(entry.country), "code": entry.country}
    if entry is not None and entry.wikidata is not None:
        item = f"http://www.wikidata.org/entity/{entry.wikidata}"
        details["identifiers"] = [{"id": entry.wikidata, "schemeName": "Wikidata", "uri": item}]
    return _statement(first, details, published, record=party.record, kind="entity", status="new", about=party.record)


def _relationship(stakes: list[_Stake], published: date) -> Iterator[dict[str, Any]]:
    """What is said of one holder and one company, in the order of the days on which it was said."""
    for number, stake in enumerate(sorted(stakes, key=lambda each: each.order)):
        claim = stake.filed.claim
        interest: dict[str, Any] = {
            "type": "shareholding",
            "directOrIndirect": "unknown",
            "details": claim.quote,
            "share": stake.share,
        }
        if claim.period_start is not None and claim.period_end is None:
            interest["startDate"] = claim.period_start
        holder, company = stake.holder.record, stake.company.record
        details = {"isComponent": False, "subject": company, "interestedParty": holder, "interests": [interest]}
        record = f"relationship-{_hash([holder, company])[:32]}"
        status = "updated" if number else "new"
        made = _statement(stake, details, published, record=record, kind="relationship", status=status, about=company)
        said = {"statementPointerTarget": "/recordDetails/interests/0/share", "motivation": "commenting"}
        yield {**made, "annotations": [{**said, "description": f"claim {claim.id}: {claim.value_text}"}]}


def _statement(
    stake: _Stake, details: dict[str, Any], published: date, *, record: str, kind: str, status: str, about: str
) -> dict[str, Any]:
    stated = {
        "statementDate": stake.day,
        "declarationSubject": about,
        "recordId": record,
        "recordType": kind,
        "recordStatus": status,
        "recordDetails": details,
    }
    source = _source(stake.filed)
    # neither the day of publishing nor that of reading changes what is stated
    identity = _hash([stated, source, stake.filed.claim.id])
    return {
        "statementId": identity,
        **stated,
        "source": {**source, "retrievedAt": f"{stake.filed.recorded_at[:19]}Z"},
        "publicationDetails": {
            "publicationDate": published.isoformat(),
            "bodsVersion": VERSION,
            "publisher": {"name": f"cell2grid {__version__}"},
        },
    }


def _source(filed: Filed) -> dict[str, Any]:
    page = filed.source
    source: dict[str, Any] = {"type": ["thirdParty"], "description": page.title or page.path}
    if (address := web_address(page.url)) is not None:
        source["url"] = address
    if page.publisher:
        source["assertedBy"] = [{"name": page.publisher}]
    return source


@cache
def _country(code: str) -> str:
    """The name of a country by its two letters."""
    return next((each.name for each in entities() if each.kind == "country" and each.country == code), code)


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
