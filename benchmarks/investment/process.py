"""One program on the expansion in a process of its own: ``python -m benchmarks.investment.process NAME MONTHS``.

It prints seconds and CPU seconds of building and solving, the memory above what the process had after its imports, and
the value found. The imports are done on a problem of two months, and are not counted.
"""

from __future__ import annotations

import gc
import json
import logging
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from benchmarks.dispatch.memory import kilobytes
from benchmarks.investment.expansion import expansion
from benchmarks.investment.programs import PROGRAMS


@dataclass(frozen=True)
class Ran:
    """What a program took, and what it found."""

    build: float  # s
    build_cpu: float
    solve: float
    solve_cpu: float
    megabytes: float
    value: float

    @property
    def cpu(self) -> float:
        """CPU seconds of both."""
        return self.build_cpu + self.solve_cpu


def measured(name: str, months: int) -> Ran:
    """The named program in a process of its own."""
    call = [sys.executable, "-m", __name__, name, str(months)]
    ran = subprocess.run(call, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{name}: the measured process failed\n{ran.stderr[-2000:]}")
    return Ran(**json.loads(ran.stdout.splitlines()[-1]))


def main(name: str, months: int) -> None:
    logging.disable(logging.WARNING)
    program = PROGRAMS[name]
    program(expansion(2))()
    gc.collect()
    given = expansion(months)
    before = kilobytes("VmRSS")
    with open("/proc/self/clear_refs", "w", encoding="ascii") as peak:
        peak.write("5")
    wall, cpu = time.perf_counter(), time.process_time()
    solve = program(given)
    build, build_cpu = time.perf_counter() - wall, time.process_time() - cpu
    wall, cpu = time.perf_counter(), time.process_time()
    value = solve()
    took = (time.perf_counter() - wall, time.process_time() - cpu)
    memory = (kilobytes("VmHWM") - before) / 1024.0
    print(json.dumps(asdict(Ran(build, build_cpu, *took, memory, value))))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
