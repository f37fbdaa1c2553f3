"""One key at a time from the terminal, or one line at a time where the input is a pipe."""

from __future__ import annotations

import sys
from typing import TextIO


def next_key(stream: TextIO | None = None) -> str:
    """The next key in small letters, at once on a terminal; of a pipe the first letter of the next line.

    Empty at the end of the input. A line without a letter is a space, so that it is not taken for the end.
    """
    stream = sys.stdin if stream is None else stream
    if stream.isatty():
        return _pressed(stream).lower()
    line = stream.readline()
    return (line.strip()[:1].lower() or " ") if line else ""


def next_line(stream: TextIO | None = None) -> str:
    """The next line without its end; empty at the end of the input."""
    return (sys.stdin if stream is None else stream).readline().rstrip("\r\n")


def _pressed(stream: TextIO) -> str:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.getwch()
    import termios
    import tty

    before = termios.tcgetattr(stream)
    try:
        tty.setcbreak(stream)
        key = stream.read(1)
    finally:
        termios.tcsetattr(stream, termios.TCSADRAIN, before)
    return "" if key == "\x04" else key
