"""Processes that work for this one are gone when their block is left by an error, whatever they are at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

LEAVING = """
import sys, time
from cell2grid.run.processes import worker_processes

if __name__ == "__main__":
    try:
        with worker_processes(2) as pool:
            pool.submit(bytes, 1).result()
            for _ in range(4):
                pool.submit(bytes, 50_000_000)
            time.sleep(float(sys.argv[1]))
            raise RuntimeError
    except RuntimeError:
        print("left")
"""


def test_a_worker_that_is_ended_while_it_hands_back_what_it_found_holds_nobody_up(tmp_path: Path) -> None:
    script = tmp_path / "leaving.py"
    script.write_text(LEAVING, encoding="utf-8")
    # what is handed back takes longer to write than these are apart, so that one of them falls within it
    for seconds in ("0", "0.02", "0.04", "0.06", "0.08", "0.1"):
        ended = subprocess.run([sys.executable, str(script), seconds], capture_output=True, text=True, timeout=30)
        assert (ended.returncode, ended.stdout) == (0, "left\n"), ended.stderr


TOLD_TO_STOP = """
import signal, sys, time
from concurrent.futures.process import BrokenProcessPool
from cell2grid.run.processes import worker_processes

def stop(*_):
    raise KeyboardInterrupt

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    try:
        with worker_processes(2) as pool:
            list(pool.map(bytes, [1] * 8))
            print(*pool._processes, flush=True)
            list(pool.map(time.sleep, [60] * 2000))
    except KeyboardInterrupt:
        print("left")
    except BrokenProcessPool:
        print("broken")
"""


def _told(tmp_path: Path) -> subprocess.Popen[str]:
    """A process with two workers that were told to stop while it was not."""
    script = tmp_path / "told.py"
    script.write_text(TOLD_TO_STOP, encoding="utf-8")
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, str(script)], stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    workers = process.stdout.readline().split()
    for worker in workers:
        os.kill(int(worker), signal.SIGTERM)
    return process


def test_a_whole_group_that_is_told_to_stop_ends_without_a_word_of_its_workers(tmp_path: Path) -> None:
    """The workers hear of it first, the worst case: nothing is broken, and the interrupt is all that is said."""
    process = _told(tmp_path)
    time.sleep(0.3)
    process.terminate()
    told, errors = process.communicate(timeout=20)
    assert (told, errors) == ("left\n", "")


def test_workers_that_alone_are_told_to_stop_do_so(tmp_path: Path) -> None:
    process = _told(tmp_path)
    told, errors = process.communicate(timeout=20)
    assert (told, errors) == ("broken\n", "")
