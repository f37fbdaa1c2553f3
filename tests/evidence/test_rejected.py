"""What reviewers rejected or corrected is not read so again: each example is held to the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Document

FOLDER = Path(__file__).parent / "rejected"
EXAMPLES: list[dict[str, Any]] = [
    row for page in sorted(FOLDER.glob("*.yaml")) for row in yaml.safe_load(page.read_text(encoding="utf-8"))
]


def _has(claim: Any, slots: dict[str, Any]) -> bool:
    return all(getattr(claim, slot) == value for slot, value in slots.items())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: row["value_text"])
def test_no_claim_is_read_as_a_reviewer_refused(example: dict[str, Any]) -> None:
    told = read_page(Document("0" * 64, "page.txt", "text", example["sentence"]), date=example["date"])
    here = [claim for claim in told.claims if claim.value_text == example["value_text"]]
    assert not [claim for claim in here if _has(claim, example["read"])]
    if example["right"] is not None:
        assert [claim for claim in here if _has(claim, example["right"])], here
    else:
        assert not [claim for claim in told.claims if example["value_text"] in claim.value_text]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5
    assert all({"sentence", "date", "value_text", "read", "right", "why"} == row.keys() for row in EXAMPLES)
