"""Processes that work for this one are gone when their block is left by an error, whatever they are at."""

from __future__ import annotations

import subprocess
import sys
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
