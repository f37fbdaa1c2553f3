"""Each test of the command line writes to a console of its own, as wide as a pipe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cell2grid.cli import output


@pytest.fixture(autouse=True)
def _fresh_console(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("COLUMNS", raising=False)
    output.console.cache_clear()
    yield
    output.console.cache_clear()
