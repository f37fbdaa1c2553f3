"""A file that has no size of its own, such as a device or a pipe, is read no further than any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.errors import PriceError
from cell2grid.prices import csv_file, read_prices


def test_a_file_without_end_is_refused_at_the_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("no file without an end on this system")
    monkeypatch.setattr(csv_file, "MOST_BYTES", 1_000_000)
    with pytest.raises(PriceError, match="more than 1,000,000 bytes; cut it into years"):
        read_prices(endless)
