"""What a reviewer may decide about a name, and the entity that a name or id leads to, or an error that says why not.

Nothing is merged here by itself. Decisions are appended to the store, and the last about a name counts; a claim keeps
its own words whatever is decided.
"""

from __future__ import annotations

from cell2grid.errors import EvidenceError
from cell2grid.evidence.entities.suggestions import nearest
from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.naming.identities import Identities, Known
from cell2grid.evidence.records import NameDecision
from cell2grid.evidence.vocabulary.gazetteer import slug

NEW_KINDS = ("firm", "venture", "plant", "project", "place", "product", "body")


def mean(store: Store, name: str, other: str, *, reviewer: str, note: str = "") -> NameDecision:
    """The decision that a name means an entity, which is given by its id or one of its names.

    Raises
    ------
    EvidenceError
        No claim has the name, it means something already, or there is no such entity.
    """
    identities = _open(store, name)
    known = entity(identities, other)
    _require_no_dependants(identities, name)
    return store.decide_name(name, "is", known.id, reviewer=reviewer, note=note)


def begin(store: Store, name: str, kind: str, *, reviewer: str, note: str = "") -> NameDecision:
    """The decision that a name is that of a new entity.

    Raises
    ------
    EvidenceError
        No claim has the name, it means something already, the kind is none, or the id is taken.
    """
    if kind not in NEW_KINDS:
        raise EvidenceError(f"--new '{kind}' is no kind of entity; it is one of {', '.join(NEW_KINDS)}")
    identities = _open(store, name)
    id_ = f"{kind}:{slug(name)}"
    taken = identities.entity(id_)
    if taken is not None:
        raise EvidenceError(f"'{name}' would get the id {id_}, which '{taken.name}' has; if it is that: --is {id_}")
    return store.decide_name(name, "new", id_, reviewer=reviewer, note=note)


def part(store: Store, name: str, other: str, *, reviewer: str, note: str = "") -> NameDecision:
    """The decision that a name does not mean an entity, or not what another name does.

    Raises
    ------
    EvidenceError
        No claim has the name, both are the same, or it was decided that they are.
    """
    _require_in_store(store, name)
    identities = store.identities()
    known = identities.entity(other) or identities.meant(other)
    decided = [made.other for made in identities.decided(name) if made.decision in ("is", "new")]
    if other == name or (known is not None and decided and decided[-1] == known.id):
        raise EvidenceError(f"'{name}' and '{other}' are one; take that back first: --name '{name}' --undo")
    return store.decide_name(name, "apart", other if known is None else known.id, reviewer=reviewer, note=note)


def undo(store: Store, name: str, *, reviewer: str, note: str = "") -> NameDecision:
    """The decision that takes the last one about a name back.

    Raises
    ------
    EvidenceError
        Nothing about the name stands, or other names were decided to mean the entity that it made.
    """
    identities = store.identities()
    made = identities.decided(name)
    if not made:
        raise EvidenceError(f"nothing was decided about '{name}' in store '{store.path}'; there is nothing to undo")
    if made[-1].decision == "new":
        _require_no_dependants(identities, name)
    return store.decide_name(name, "undo", None, reviewer=reviewer, note=note)


def entity(identities: Identities, name: str) -> Known:
    """The entity with this id or name.

    Raises
    ------
    EvidenceError
        There is none; the message names those that are called much the same.
    """
    known = identities.entity(name) or identities.meant(name)
    if known is None:
        near = ", ".join(f"'{each.name}' ({each.entity})" for each in nearest(name, identities))
        said = f"near are {near}" if near else "'--new firm' makes a new one of a name in the store"
        raise EvidenceError(f"no entity is called '{name}'; {said}")
    return known


def _open(store: Store, name: str) -> Identities:
    """What names mean, where this one may be decided about."""
    _require_in_store(store, name)
    identities = store.identities()
    known = identities.meant(name)
    if known is not None and not any(made.decision != "apart" for made in identities.decided(name)):
        raise EvidenceError(
            f"'{name}' is {known.id} by the gazetteer; if it is not: --name '{name}' --apart '{known.id}' first"
        )
    return identities


def _require_in_store(store: Store, name: str) -> None:
    for field in ("subject", "object"):
        for filed in store.each_filed(status="all", **{field: name}):
            if name in (getattr(filed.claim, field) or "").split(";"):
                return
    raise EvidenceError(
        f"no claim of store '{store.path}' names '{name}'; 'cell2grid entities --store {store.path}' lists the names"
    )


def _require_no_dependants(identities: Identities, name: str) -> None:
    made = [each.other for each in identities.decided(name) if each.decision == "new"]
    known = identities.entity(made[-1]) if made and made[-1] is not None else None
    others = [] if known is None else [each for each in known.decided if each != name]
    if others:
        raise EvidenceError(f"'{name}' stands for {', '.join(others)} too; take those back first with --undo")
