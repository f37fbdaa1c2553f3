"""How much memory a schedule needs above its price array: the peak of a process of its own.

``python -m benchmarks.dispatch.memory NAME`` prints it. Compiled code allocates past Python's tracing, so the peak is
the operating system's, set back after the compiling and read again after the call.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.dispatch import series
from benchmarks.dispatch.series import case
from cell2grid.engines import dispatch

SERIES = {
    "five minutes, exclusive": lambda: (series.year(1, 5, negative=True), 1.0 / 12.0),
    "five minutes, prices >= 0": lambda: (series.year(1, 5, negative=False), 1.0 / 12.0),
    "solar trough of 60 days by the minute": lambda: (series.solar_trough(60), 1.0 / 60.0),
}


@dataclass(frozen=True)
class Used:
    """What one schedule took."""

    steps: int
    seconds: float
    megabytes: float
    value: float
    method: str


def measured(name: str) -> Used:
    """The named series in a process of its own."""
    ran = subprocess.run([sys.executable, "-m", __name__, name], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{name}: the measured process failed\n{ran.stderr}")
    return Used(**json.loads(ran.stdout.splitlines()[-1]))


def kilobytes(key: str) -> int:
    """A line of what Linux knows of this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key):
            return int(line.split()[1])
    raise RuntimeError(f"no {key} in /proc/self/status; memory is measured on Linux")


def main(name: str) -> None:
    price, hours = SERIES[name]()
    small = case(price[:600], hours)
    dispatch.outcome(dispatch.schedule(small), small)
    gc.collect()
    before = kilobytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    asset = case(price, hours)
    began = time.perf_counter()
    best = dispatch.schedule(asset)
    seconds = time.perf_counter() - began
    peak = (kilobytes("VmHWM") - before) / 1024.0
    print(json.dumps(asdict(Used(len(price), seconds, peak, best.value, best.method))))


if __name__ == "__main__":
    main(sys.argv[1])
