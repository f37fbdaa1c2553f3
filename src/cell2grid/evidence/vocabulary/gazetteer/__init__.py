"""The names of the industry: firms, ventures, bodies, plants, projects, products, countries and places, by kind.

The files beside this one hold one entry a line; ``README.md`` there says what a line may hold. Here they are read and
checked. Finding names in a text is ``naming/gazetteer.py``; what a reviewer decides about a name is
``naming/identities.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from cell2grid.errors import EvidenceError

KINDS = ("firm", "venture", "body", "plant", "project", "product", "country", "place")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIELDS = frozenset(
    (
        *("name", "id", "kind", "aliases", "short", "common", "country", "iso", "owner", "place", "says"),
        *("counted_in", "people", "wikidata", "from", "until", "was", "ambiguous", "settled"),
    )
)
_ALIAS_FIELDS = frozenset(("is", "from", "until", "near", "common", "ambiguous"))
_ALWAYS = ("0000-00-00", "9999-12-31")


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write an entity's name, and when and where it means this entity.

    ``since`` and ``until`` are ISO days, both included. ``near`` are words of which the sentence must have one;
    ``short`` is a name that needs the full one earlier in the story; ``common`` one that is an ordinary word too;
    ``people`` an adjective (Chinese). ``ambiguous`` says that another entity may bear the name at the same time.
    """

    text: str
    since: str | None = None
    until: str | None = None
    near: tuple[str, ...] = ()
    short: bool = False
    common: bool = False
    people: bool = False
    ambiguous: bool = False

    @property
    def dated(self) -> bool:
        """Whether it is a name of some years only."""
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class Entity:
    """One firm, venture, body, plant, project, product, country or place, with all its names.

    ``owner`` is whose a part, plant, project or product is; ``was`` what it came out of. ``country`` is ISO 3166 in
    two letters, ``iso`` the same in three, of a country. ``since`` and ``until`` bound its life, where known. Of a
    ``settled`` entity every claim uses the name, and a capital word behind it is no part of it; others are called as
    the page calls them, as far as the capital words go.
    """

    id: str
    name: str
    kind: str
    aliases: tuple[Alias, ...]
    country: str | None = None
    iso: str | None = None
    owner: str | None = None
    place: str | None = None
    says: tuple[str, ...] = ()
    counted_in: str | None = None
    wikidata: str | None = None
    since: str | None = None
    until: str | None = None
    was: str | None = None
    settled: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, and the other ways to write it, but no adjectives and no words that only point back."""
        return tuple(alias.text for alias in self.aliases if not (alias.people or alias.short))


@cache
def entities() -> tuple[Entity, ...]:
    """All entries of the gazetteer, in the order of their ids.

    >>> next(entity.name for entity in entities() if "宁德时代" in entity.names)
    'CATL'
    """
    folder = resources.files(__package__)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    found = [
        entity
        for file in files
        for entity in entities_of(yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader), file.name)
    ]
    return tuple(sorted(found, key=lambda entity: entity.id))


@cache
def of_kind(*kinds: str) -> tuple[Entity, ...]:
    """The entries of some kinds.

    >>> "Germany" in {entity.name for entity in of_kind("country")}
    True
    """
    return tuple(entity for entity in entities() if entity.kind in kinds)


@cache
def by_id() -> Mapping[str, Entity]:
    """The entries by their ids.

    >>> by_id()["firm:catl"].country
    'CN'
    """
    return {entity.id: entity for entity in entities()}


@cache
def named() -> Mapping[str, Entity]:
    """The entries by their own names; where a name is that of two kinds (Georgia), the first of ``KINDS``.

    >>> named()["Giga Shanghai"].owner
    'Tesla'
    """
    return {entity.name: entity for entity in sorted(entities(), key=lambda e: -KINDS.index(e.kind))}


def entities_of(content: Any, where: str) -> Iterator[Entity]:
    """The entries of one file's content.

    Raises
    ------
    EvidenceError
        An entry has no name, a field that is not known, or a value that cannot be; the file and the entry are named.
    """
    rows = content["entries"]
    common = {key: content[key] for key in ("kind", "settled") if key in content}
    for country, listed in rows.items() if isinstance(rows, dict) else [(content.get("country"), rows)]:
        for row in listed:
            for each in row if isinstance(row, list) else [row]:
                given = {"name": each} if isinstance(each, str) else each
                yield _entity({**common, "country": country, **given}, where)


def slug(name: str) -> str:
    """A name as the end of an id: small letters and digits of any script, joined by hyphens.

    >>> slug("Wärtsilä"), slug("Pacific Gas & Electric"), slug("宁德时代")
    ('wärtsilä', 'pacific-gas-electric', '宁德时代')
    """
    return "-".join(re.findall(r"[^\W_]+", name.casefold()))


def _entity(row: dict[str, Any], where: str) -> Entity:
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise EvidenceError(f"{where}: an entry has no name: {str(row)[:80]}; give it one")
    _require_known(row, _FIELDS, f"{where}: '{name}'")
    if row["kind"] not in KINDS:
        raise EvidenceError(f"{where}: '{name}' is of kind '{row['kind']}'; it is one of {', '.join(KINDS)}")
    own = Alias(name, common=bool(row.get("common")), ambiguous=bool(row.get("ambiguous")))
    aliases = [own, *(_alias(each, f"{where}: '{name}'") for each in row.get("aliases", ()))]
    aliases += [Alias(text, short=True) for text in row.get("short", ())]
    aliases += [Alias(text, people=True) for text in str(row.get("people") or "").split("|") if text]
    since, until = _day(row.get("from"), where), _day(row.get("until"), where)
    return Entity(
        settled=bool(row.get("settled") or row["kind"] == "country"),
        id=row.get("id") or f"{row['kind']}:{slug(name)}",
        name=name,
        kind=row["kind"],
        aliases=tuple(dict.fromkeys(aliases)),
        since=since,
        until=until,
        says=tuple(row.get("says", ())),
        **{field: row.get(field) for field in _PLAIN},
    )


_PLAIN = ("country", "iso", "owner", "place", "counted_in", "wikidata", "was")


def _alias(given: Any, where: str) -> Alias:
    if isinstance(given, str):
        return Alias(given)
    _require_known(given, _ALIAS_FIELDS, where)
    if not isinstance(given.get("is"), str):
        raise EvidenceError(f"{where}: an alias has no 'is': {str(given)[:80]}")
    return Alias(
        given["is"],
        _day(given.get("from"), where),
        _day(given.get("until"), where),
        tuple(given.get("near", ())),
        common=bool(given.get("common")),
        ambiguous=bool(given.get("ambiguous")),
    )


def _require_known(row: Mapping[str, Any], fields: frozenset[str], where: str) -> None:
    for field in row:
        if field not in fields:
            raise EvidenceError(f"{where} has the field '{field}'; known are {', '.join(sorted(fields))}")


def _day(given: Any, where: str) -> str | None:
    if given is None or type(given) is date:
        return None if given is None else given.isoformat()
    raise EvidenceError(f"{where}: '{given}' is no day; write it as 2021-10-01")


def overlap(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """Whether two spans of days, each open where it is None, have a day in common.

    >>> overlap((None, "2020-11-30"), ("2020-12-01", None)), overlap((None, None), ("2020-12-01", None))
    (False, True)
    """
    (first, last), (begins, ends) = ((span[0] or _ALWAYS[0], span[1] or _ALWAYS[1]) for span in (one, other))
    return first <= ends and begins <= last


def conflicts(known: Sequence[Entity]) -> list[str]:
    """What is wrong among entries: an id twice, or a name that two bear at the same time without saying so.

    A name may be shared where one of the two asks for words near it, where one is marked ``ambiguous``, or where it
    only points back; an adjective is no name.
    """
    bearers: dict[str, list[tuple[Alias, Entity]]] = defaultdict(list)
    for entity in known:
        for alias in entity.aliases:
            if not (alias.short or alias.people):
                bearers[alias.text].append((alias, entity))
    ids = [entity.id for entity in known]
    twice = [f"id '{each}' is that of two entries" for each in sorted({i for i in ids if ids.count(i) > 1})]
    return twice + [problem for text, shared in sorted(bearers.items()) for problem in _shared(text, shared)]


def _shared(text: str, bearers: Iterable[tuple[Alias, Entity]]) -> Iterator[str]:
    told = sorted(bearers, key=lambda each: each[1].id)
    for place, (alias, entity) in enumerate(told):
        for other_alias, other in told[place + 1 :]:
            spans = ((alias.since, alias.until), (other_alias.since, other_alias.until))
            marked = any(each.near or each.ambiguous for each in (alias, other_alias))
            if entity.id != other.id and not marked and overlap(*spans):
                yield f"'{text}' is both {entity.id} and {other.id}; give dates, words near it, or mark it ambiguous"
