"""One key at a time from the terminal, or one line at a time where the input is a pipe."""

from __future__ import annotations

import sys
from typing import TextIO

_OTHER = "\x1b"
# Ctrl-D, and what a Linux terminal makes of one that was typed ahead
_ENDS = "\x04\x00"


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

        key = msvcrt.getwch()
        # the first half of an arrow or function key
        return _OTHER + msvcrt.getwch()[:0] if key in "\x00\xe0" else key
    import os
    import select
    import termios
    import tty

    terminal = stream.fileno()
    before = termios.tcgetattr(terminal)
    try:
        # what was typed ahead is kept
        tty.setcbreak(terminal, termios.TCSADRAIN)
        key = os.read(terminal, 1).decode("ascii", "replace")
        # an arrow key comes as ESC [ A, and its last letter is no answer
        while key == _OTHER and select.select([terminal], [], [], 0)[0]:
            os.read(terminal, 1)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    return "" if key in _ENDS else key
