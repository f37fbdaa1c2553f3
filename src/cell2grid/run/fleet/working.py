"""The pairs of a fleet at work: threads for what is compiled, processes for what goes to HiGHS, never more than asked.

Each of the ``workers`` threads takes the next pair. The compiled kernels run without Python's lock, so that threads
share the cores; a case for HiGHS goes to a process while its thread waits. Pairs come back in their order, and only a
window of them is under way, so that the number of workers changes nothing but the time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from cell2grid.errors import Cell2gridError
from cell2grid.run.fleet.pairs import Pair, Solve
from cell2grid.run.processes import Workers, worker_processes

if TYPE_CHECKING:
    from cell2grid.engines.dispatch import Case, Schedule

# how many pairs, and time steps in them, are under way at once
WINDOW_PAIRS = 256
WINDOW_STEPS = 4_000_000


class Task(NamedTuple):
    """One pair to be found: its time steps, and what finds it with the schedules of ``Solve``."""

    steps: int
    find: Callable[[Solve], Pair]


@contextmanager
def workshop(workers: int, *, time_limit: float) -> Iterator[Callable[[Iterable[Task]], Iterator[Pair]]]:
    """What turns tasks into their pairs, in order, on so many workers; 1 works in this thread alone."""

    def alone(case: Case) -> Schedule:
        from cell2grid.engines.dispatch import schedule

        return schedule(case, time_limit=time_limit)

    if workers == 1:
        yield lambda tasks: (task.find(alone) for task in tasks)
        return
    threads = ThreadPoolExecutor(workers)
    solvers = _Solvers(workers, time_limit)
    stopped = True
    try:
        yield lambda tasks: _in_order(threads, workers, solvers.solve, tasks)
        stopped = False
    finally:
        # after an error nobody waits for the minutes that HiGHS may still take
        solvers.close(at_once=stopped)
        threads.shutdown(cancel_futures=True)


def _in_order(
    threads: ThreadPoolExecutor, workers: int, solve: Solve, tasks: Iterable[Task]
) -> Generator[Pair, None, None]:
    under_way: deque[tuple[int, Future[Pair]]] = deque()
    steps = 0
    for task in tasks:
        under_way.append((task.steps, threads.submit(task.find, solve)))
        steps += task.steps
        while len(under_way) > 2 * workers and (len(under_way) >= WINDOW_PAIRS or steps >= WINDOW_STEPS):
            done, pair = under_way.popleft()
            steps -= done
            yield pair.result()
    while under_way:
        yield under_way.popleft()[1].result()


class _Solvers:
    """Processes for HiGHS, which are started when the first case needs one."""

    def __init__(self, workers: int, time_limit: float) -> None:
        self._workers = workers
        self._time_limit = time_limit
        self._lock = Lock()
        self._pool: Workers | None = None

    def solve(self, case: Case) -> Schedule:
        """The best schedule: by the kernels in this thread, or by HiGHS in a process of its own."""
        from cell2grid.engines import dispatch
        from cell2grid.engines.dispatch.schedule import reason_for_highs

        # HiGHS keeps Python's lock and has threads of its own
        if reason_for_highs(case) is None:
            return dispatch.schedule(case, time_limit=self._time_limit)
        with self._lock:
            if self._pool is None:
                self._pool = worker_processes(self._workers)
        try:
            return self._pool.submit(dispatch.schedule, case, time_limit=self._time_limit).result()
        except BrokenExecutor:
            raise Cell2gridError(
                "a process in which HiGHS worked has ended, as where memory is short; "
                "make the same call with fewer --workers: it goes on where it stopped"
            ) from None

    def close(self, *, at_once: bool) -> None:
        """End the processes, with what they are at where that is asked."""
        if self._pool is None:
            return
        if at_once:
            self._pool.end_at_once()
        self._pool.shutdown(cancel_futures=True)
