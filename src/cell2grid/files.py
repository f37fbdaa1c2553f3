"""Files that are whole or not there: written beside their place and renamed. Run folders have ``results.py``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(place: Path, text: str) -> Path:
    """The absolute path of a text file, after it was written beside its place and renamed; its folder is made.

    Raises
    ------
    OSError
        It cannot be written; what stood there before still stands.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "new" / "page.html", "é\\n").read_bytes()
    b'\\xc3\\xa9\\n'
    """
    with made_whole(place) as partial:
        partial.write_text(text, encoding="utf-8", newline="")
    return place.absolute()


@contextmanager
def made_whole(place: Path) -> Iterator[Path]:
    """A path beside the place to write to; what is there at the end of the block is renamed to the place.

    Raises
    ------
    OSError
        It cannot be written; what stood there before still stands, as it does after any error in the block.
    """
    place = place.absolute()
    partial = place.with_name(f".{place.name}.partial-{os.getpid()}")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield partial
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
