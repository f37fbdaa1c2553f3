"""A command that is told to stop, or killed, leaves no process behind that waits for ever."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORK = ("run", "giga-shanghai-2022", "--out", "d", "--members", "400000", "--workers", "2", "--json")


@pytest.mark.parametrize(
    ("number", "status", "said"), [(signal.SIGKILL, -9, ""), (signal.SIGTERM, 130, "interrupted: what was stored")]
)
def test_workers_end_with_the_command_that_started_them(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "cell2grid", *WORK],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(4.0)
    assert ran.poll() is None
    ran.send_signal(number)
    # the workers hold the pipes too, so that this waits for the last of them
    out, err = ran.communicate(timeout=30)
    assert (ran.returncode, out) == (status, "")
    assert said in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
