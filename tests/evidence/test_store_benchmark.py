"""The benchmark of the store runs, and what it invents is what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import store as benchmark

from cell2grid.evidence.keeping.store import open_store


def test_each_part_runs_once(capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main(["--quick"])
    said = capsys.readouterr().out
    assert "2,000 claims" in said
    assert all(name in said for name in (*benchmark.LISTINGS, *benchmark.SUMS))


def test_the_claims_are_invented_the_same_each_time(tmp_path: Path) -> None:
    assert benchmark.page(7) == benchmark.page(7) != benchmark.page(8)
    assert len(benchmark.page(7).claims) == benchmark.A_PAGE
    benchmark.fill(tmp_path / "claims.db", 400)
    with open_store(tmp_path / "claims.db") as store:
        statuses = {status: store.count(status=status) for status in ("open", "accepted", "rejected", "superseded")}
        days = {each.recorded_at[:10] for each in store.filed(status="all")}
    assert sum(statuses.values()) == 401
    assert all(statuses.values())
    assert len(days) == benchmark.DAYS + 1
    for claim in benchmark.page(7).claims:
        assert claim.quote[(claim.value_start or 0) - (claim.start or 0) :].startswith(claim.value_text)
