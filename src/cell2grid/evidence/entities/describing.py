"""What is known of one entity, as a row of plain values: names with their days, codes, owner, parts, decisions."""

from __future__ import annotations

from typing import Any

from cell2grid.evidence.naming.gazetteer import gazetteer
from cell2grid.evidence.naming.identities import Identities, Known
from cell2grid.evidence.vocabulary.gazetteer import Alias, entities


def entity_row(known: Known, identities: Identities) -> dict[str, Any]:
    """The entity as a row.

    >>> from cell2grid.evidence.naming.identities import Identities
    >>> row = entity_row(Identities().entity("firm:sk-on"), Identities())
    >>> row["was"], row["since"], row["country"]
    ('SK Innovation', '2021-10-01', 'KR')
    """
    entry = known.entry
    fields = ("country", "iso", "owner", "was", "place", "since", "until", "wikidata")
    return {
        "id": known.id,
        "name": known.name,
        "kind": known.kind,
        **{field: None if entry is None else getattr(entry, field) for field in fields},
        "names": [
            *(_name_row(alias) for alias in (() if entry is None else entry.aliases)),
            *(_decided_row(name, identities) for name in known.decided),
        ],
        "parts": [] if entry is None else [part.id for part in entities() if part.owner == entry.name],
    }


def others_called(name: str, known: Known) -> list[str]:
    """The ids of other entities that bear a name, on other days or beside other words."""
    return [each.id for each in gazetteer().bearers(name) if each.id != known.id]


def _name_row(alias: Alias) -> dict[str, Any]:
    return {
        "name": alias.text,
        "since": alias.since,
        "until": alias.until,
        "near": list(alias.near),
        "use": "adjective" if alias.people else "short" if alias.short else "name",
        "by": "gazetteer",
    }


def _decided_row(name: str, identities: Identities) -> dict[str, Any]:
    made = identities.decided(name)[-1]
    by = f"{made.reviewer}, {made.decided_at}"
    return {"name": name, "since": None, "until": None, "near": [], "use": "name", "by": by}
