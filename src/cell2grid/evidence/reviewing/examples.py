"""What reviewers rejected or corrected, as examples that a test of the reader can hold it to.

An example is a sentence, what was read in it, and what is right; the reader's tests read such files
(``tests/evidence/rejected``).
"""

from __future__ import annotations

from typing import Any

import yaml

from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.records import Claim
from cell2grid.evidence.reviewing.corrections import SLOTS


def examples(store: Store) -> list[dict[str, Any]]:
    """The rejected and the edited claims of a store, one row each, in the order of the pages.

    A row has ``sentence``, ``date`` (the anchor of the story), ``read`` (the slots that differ or all of a rejected
    claim), ``right`` (what an edit made of them, None for a rejection) and ``why``.
    """
    made = {decision.claim: decision for decision in store.decisions()}
    anchors = {(story.document, story.id): story.anchor_date for story in store.stories()}
    rows = []
    for status in ("rejected", "edited"):
        for claim in store.claims(status=status):
            decision = made[claim.id]
            right = None if decision.replaced_by is None else store.claim(decision.replaced_by)
            rows.append(_row(claim, right, decision.note, anchors.get((claim.document, claim.story))))
    return rows


def _row(claim: Claim, right: Claim | None, why: str, date: str | None) -> dict[str, Any]:
    read, meant = _slots(claim), None if right is None else _slots(right)
    if meant is not None:
        changed = {slot for slot in SLOTS if read.get(slot) != meant.get(slot)}
        meant = {slot: meant.get(slot) for slot in SLOTS if slot in changed}
    row = {"sentence": claim.quote, "date": date, "value_text": claim.value_text, "read": read, "right": meant}
    return {**row, "why": why}


def _slots(claim: Claim) -> dict[str, Any]:
    return {slot: getattr(claim, slot) for slot in SLOTS if getattr(claim, slot) is not None}


def as_yaml(rows: list[dict[str, Any]]) -> str:
    """The examples as a YAML file.

    >>> print(as_yaml([{"sentence": "It has 5 GWh.", "right": None}]), end="")
    - sentence: It has 5 GWh.
      right: null
    """
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=120)
