"""How well pages are read that are not the training set: invented pages of other firms, countries and styles.

The pages and what they must give were put away before the reader was tuned. The thresholds are below what was
measured (docs/reference/reading-quality.md), so that a change which loses ground is seen; what the reader found on
first sight, before anything was changed for a page, stands there too.
"""

from __future__ import annotations

import pytest
import yaml
from benchmarks.held_out import HELD_OUT, Judged, judged, tables

SETS = tuple(name for name in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
             if name == "first" or (HELD_OUT / name).is_dir())  # fmt: skip
SHARES = (
    ("found", "asked", 0.93),
    ("found", "claims", 0.95),
    ("measure right", "measure", 0.93),
    ("subject right", "subject", 0.86),
    ("period right", "period", 0.85),
    ("tier A right", "tier A", 0.86),
    ("tier A", "found", 0.30),
    ("letters right", "letters", 0.95),
)


@pytest.fixture(scope="module")
def judgement() -> Judged:
    return judged(SETS)


def test_all_pages_were_read(judgement: Judged) -> None:
    folders = [HELD_OUT if name == "first" else HELD_OUT / name for name in SETS]
    rows = [yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8")) for folder in folders]
    assert judgement.counts["asked"] == sum(len(page) for expected in rows for page in expected.values())


@pytest.mark.parametrize(("right", "of", "share"), SHARES)
def test_share_right(judgement: Judged, right: str, of: str, share: float) -> None:
    assert judgement.share(right, of) >= share, judgement.faults


def test_hardly_a_trap_is_taken(judgement: Judged) -> None:
    assert judgement.counts["traps"] <= 2, [fault for fault in judgement.faults if "trap" in fault]


def test_the_tables_of_the_docs_can_be_made(judgement: Judged) -> None:
    printed = tables(judgement)
    assert "| tier A right in every slot |" in printed
    assert printed.count("\n| ") > 25
