"""Processes that work for this one: started fresh, and gone when it is. What they do is said in ``ensemble.py``
and ``fleet/working.py``.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor


def worker_processes(workers: int) -> ProcessPoolExecutor:
    """An executor of so many processes, none of which outlives this one, be it killed."""
    import multiprocessing

    # a forked copy of a process that has threads can lock up
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(workers, multiprocessing.get_context(kind), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Let this worker end when the process that started it is gone: it waits for work, and would wait for ever."""
    import threading

    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    import multiprocessing
    import os

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
