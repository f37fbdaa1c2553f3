"""Processes that work for this one: started fresh, and gone when it is. What they do is said in ``ensemble.py``
and ``fleet/working.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any


def worker_processes(
    workers: int, begin: Callable[..., object] | None = None, beginning: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """An executor of so many processes, none of which outlives this one, be it killed.

    ``begin`` is called with ``beginning`` once in each, before its first work.
    """
    import multiprocessing

    # a forked copy of a process that has threads can lock up
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(
        workers, multiprocessing.get_context(kind), initializer=_begin, initargs=(begin, beginning)
    )


def _begin(begin: Callable[..., object] | None, beginning: tuple[Any, ...]) -> None:
    """Let this worker end when the process that started it is gone: it waits for work, and would wait for ever."""
    import threading

    threading.Thread(target=_wait_and_end, daemon=True).start()
    if begin is not None:
        begin(*beginning)


def _wait_and_end() -> None:
    import multiprocessing
    import os

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
