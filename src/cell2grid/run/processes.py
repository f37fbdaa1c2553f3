"""Processes that work for this one: started fresh, and gone when it is. What they do is said in ``ensemble.py``
and ``fleet/working.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from types import FrameType, TracebackType
from typing import Any

_CANCELLING = 1.0  # seconds that the work which waits is given to be taken back
_TOLD = 3.0  # seconds after which a worker that was told to stop does so by itself


def worker_processes(
    workers: int, begin: Callable[..., object] | None = None, beginning: tuple[Any, ...] = ()
) -> Workers:
    """An executor of so many processes, none of which outlives this one, be it killed.

    ``begin`` is called with ``beginning`` once in each, before its first work. Where its block is left by an error or
    an interrupt, what was still to be done is not waited for.
    """
    import multiprocessing

    # a forked copy of a process that has threads can lock up
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return Workers(workers, multiprocessing.get_context(kind), initializer=_begin, initargs=(begin, beginning))


class Workers(ProcessPoolExecutor):
    """Processes that are ended, and not waited for, where their block is left by an error or an interrupt."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        if kind is not None:
            self.end_at_once()
        return super().__exit__(kind, error, trace)

    def end_at_once(self) -> None:
        """End the processes with what they are at; what was still to be done is taken back."""
        import time

        # the base class has no way to end what is under way before Python 3.14
        inner: Any = self
        started, queue, results = list((inner._processes or {}).values()), inner._call_queue, inner._result_queue
        # what no process will take any more; a full pipe would hold up the exit for ever
        queue.cancel_join_thread()
        self.shutdown(wait=False, cancel_futures=True)
        latest = time.monotonic() + _CANCELLING
        while started and inner._cancel_pending_futures and time.monotonic() < latest:
            time.sleep(0.005)
        for process in started:
            process.kill()
        # one that is killed while it hands back what it found leaves half of it in the pipe: the thread that reads
        # there waits for the rest for ever while this end, which nobody writes to, is open
        results._writer.close()


def _begin(begin: Callable[..., object] | None, beginning: tuple[Any, ...]) -> None:
    """Let this worker end when the process that started it is gone: it waits for work, and would wait for ever."""
    import signal
    import threading

    # Ctrl-C reaches every process of a terminal; the one that started this one ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # so may a request to stop; were the workers gone before it acts, its executor would take them for crashed, and
    # its thread fail on work that has been taken back
    signal.signal(signal.SIGTERM, _end_soon)
    threading.Thread(target=_wait_and_end, daemon=True).start()
    if begin is not None:
        begin(*beginning)


def _end_soon(number: int, frame: FrameType | None) -> None:
    """End a moment later, unless the process that started this one ends it before."""
    import os
    import threading

    later = threading.Timer(_TOLD, os._exit, (1,))
    later.daemon = True
    later.start()


def _wait_and_end() -> None:
    import multiprocessing
    import os

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
