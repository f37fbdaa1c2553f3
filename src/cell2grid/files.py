"""Files that are whole or not there: written beside their place and renamed; and plain ones, which end, to be read.

What killed runs left beside a run folder is taken away in ``results/place.py``.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def plain_size(path: Path) -> int:
    """The bytes of a plain file; what is behind a link counts as itself.

    Raises
    ------
    OSError
        It cannot be read, or is a folder, or a pipe or a device, whose end might never come.

    >>> plain_size(Path("/dev/null"))
    Traceback (most recent call last):
    OSError: [Errno 22] it is no plain file but a pipe or a device, save it as one: '/dev/null'
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no plain file but a pipe or a device, save it as one", str(path))
    return found.st_size


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


def put_in_place(partial: Path, place: Path) -> None:
    """Rename a folder that was written beside its place to it; what stood there is put back where that fails.

    Raises
    ------
    OSError
        It cannot be renamed; what stood there before still stands.
    """
    old = place.with_name(f".{place.name}.old-{os.getpid()}")
    if place.exists():
        place.rename(old)
    try:
        partial.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
