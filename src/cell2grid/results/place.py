"""What killed runs left beside a run folder, taken away before another is put there."""

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
