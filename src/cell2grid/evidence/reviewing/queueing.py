"""Which claims wait for a decision, and in which order they are asked.

The sitting that asks is ``sitting.py``; what it shows of a claim ``showing.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.records import Check, Claim, Label, Tier, Verdict

_TIERS = (Tier.B, Tier.A, Tier.C)


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim to decide on, with the checks that did not hold for it."""

    claim: Claim
    trouble: tuple[Check, ...] = ()


def queue(store: Store) -> tuple[Asked, ...]:
    """The claims that are open or that a model proposes, without those of copies.

    Those whose checks failed come first, then those with an inherited slot.
    """
    copies = {(story.document, story.id) for story in store.stories() if story.label == Label.COPY}
    trouble: dict[str, list[Check]] = {}
    for check in store.checks():
        if check.verdict == Verdict.FAILS:
            for identity in check.claims:
                trouble.setdefault(identity, []).append(check)
    asked = [
        Asked(claim, tuple(trouble.get(claim.id, ())))
        for claim in (*store.claims(status="open"), *store.claims(status="proposed"))
        if (claim.document, claim.story) not in copies
    ]
    return tuple(sorted(asked, key=lambda each: (not each.trouble, _TIERS.index(each.claim.tier))))
