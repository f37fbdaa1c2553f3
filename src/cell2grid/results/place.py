"""A folder put into its place whole: written beside it and renamed, and what killed runs left taken away."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def clear_partial(place: Path) -> None:
    """Take away what killed runs left beside the place, and put back a folder that one had moved aside."""
    for left in place.parent.glob(f".{place.name}.old-*"):
        if not place.exists():
            left.rename(place)
        else:
            shutil.rmtree(left, ignore_errors=True)
    for left in place.parent.glob(f".{place.name}.partial-*"):
        if not _alive(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return int(process) != os.getpid()


def put_in_place(partial: Path, place: Path) -> None:
    """Rename what was written to its place; what stood there is put back where that fails."""
    old = place.parent / f".{place.name}.old-{os.getpid()}"
    if place.exists():
        place.rename(old)
    try:
        partial.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
