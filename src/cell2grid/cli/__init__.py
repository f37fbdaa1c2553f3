"""The command line: one file per group of commands, each of which registers itself on the one app."""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn, TextIO

import typer

from cell2grid.cli.output import plain
from cell2grid.errors import Cell2gridError
from cell2grid.version import __version__

GROUPS = (
    *("demo", "reading", "checking", "proposing", "reviewing", "claims", "entities", "exporting", "assembling"),
    *("running", "reporting", "dispatch", "line", "adequacy", "value", "size", "pricing", "fleet", "pypsa"),
    *("studies", "cells", "owners", "backtest", "cost", "market", "plan", "ramp", "comparing", "fit", "exchanging"),
)
# no room, no permission, a folder for a file and the like: what the caller can mend
_NOT_OURS = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    *(errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG),
}
_HERE = os.path.dirname(__file__)
_AGAIN = 0.01  # seconds
_LOST = 4.0  # seconds after which an interrupt that ended nothing is sent again
_ending = threading.Event()
_sent_again = threading.Event()
_HANDED_BACK_BY = ("namedtuple_", "numba.core.serialize")
_INTERRUPTED = 130  # 128 and the number of the signal, as shells have it

app = typer.Typer(
    name="cell2grid",
    help="From the cell plant to the grid: a sourced, executable model of the battery and electric-vehicle industry.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"cell2grid {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    """Options before the command."""


for _group in GROUPS:
    importlib.import_module(f"cell2grid.cli.{_group}").register(app)


def main() -> None:
    """Run the command line; an error is one message on standard error and the exit status of its kind."""
    _ending.clear()
    if threading.current_thread() is threading.main_thread():
        # told to stop, a command ends as it does on Ctrl-C: what it began is cleared away
        signal.signal(signal.SIGTERM, _stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _stop)
    sys.unraisablehook = _not_raised
    _write_utf8(sys.stdout)
    _write_utf8(sys.stderr)
    debug = "--debug" in sys.argv
    # --debug is accepted before and after the command
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, prog_name="cell2grid")
    except Cell2gridError as error:
        if debug:
            raise
        sys.stderr.write(f"error: {plain(str(error))}\n")
        sys.exit(error.exit_status)
    except (KeyboardInterrupt, SystemExit) as stop:
        _ending.set()
        # typer makes an exit with this status of an interrupt
        if isinstance(stop, SystemExit) and stop.code != _INTERRUPTED:
            raise
        sys.stderr.write("interrupted: what was stored before stays\n")
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        place = error.filename2 or error.filename
        # a folder that cannot be made is "no such file"; what the program brings with it is not the caller's to mend
        theirs = error.errno == errno.ENOENT and bool(place) and not str(place).startswith(os.path.dirname(_HERE))
        if debug or not (theirs or error.errno in _NOT_OURS):
            _say_fault(error, debug=debug)
        named = f"'{place}': " if place else ""
        sys.stderr.write(f"error: {plain(named)}{error.strerror}; check the path, its permissions and the disk\n")
        sys.exit(2)
    except Exception as error:
        _say_fault(error, debug=debug)


def _say_fault(error: Exception, *, debug: bool) -> NoReturn:
    """The end of a call that nothing foresaw."""
    if debug:
        raise error
    words = plain(f"{type(error).__name__}: {error}")
    sys.stderr.write(f"error: a fault of cell2grid: {words}; run again with --debug\n")
    sys.exit(1)


def _write_utf8(stream: TextIO) -> None:
    """Let a stream write every character: UTF-8 into a file or pipe, marks for what a terminal cannot show."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _stop(number: int, frame: FrameType | None) -> None:
    """Interrupt the command, or ask again a moment later where compiled code is handing back what it found.

    It calls Python then, to make named tuples, without a look at whether that failed: the process would crash.
    Where the command ends already, what was sent again comes too late; who asks once more is obeyed at once.
    """
    again_only = _sent_again.is_set()
    _sent_again.clear()
    if _ending.is_set():
        if not again_only:
            os._exit(_INTERRUPTED)
        return
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith(_HANDED_BACK_BY):
            _ask_again(_AGAIN, number)
            return
        frame = frame.f_back
    # a compiler that calls back into Python loses what is raised there
    _ask_again(_LOST, number)
    raise KeyboardInterrupt


def _ask_again(seconds: float, number: int) -> None:
    again = threading.Timer(seconds, _stop_again, (number,))
    again.daemon = True
    again.start()


def _stop_again(number: int) -> None:
    if not _ending.is_set():
        _sent_again.set()
        os.kill(os.getpid(), number)


def _not_raised(lost: sys.UnraisableHookArgs) -> None:
    """An interrupt that a compiler lost where it called back into Python is sent again, and nothing is said of it."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
    elif not _ending.is_set():
        _ask_again(_AGAIN, signal.SIGINT)
