"""HTML and PDF to text in a process of its own: limits on time and memory, one process for a folder of pages.

This is the caller's side; ``extraction_worker.py`` is the process, ``html_text.py`` and ``pdf_text.py`` are what it
runs. A page that breaks its limits kills the process, which is started again for the next page.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from cell2grid.errors import PageError

SECONDS = 20  # of work on one page
MEMORY = 1_500_000_000  # bytes of address space


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page shows: its text, one paragraph a line, and what its head or its properties say about it."""

    text: str
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None


class Extractor:
    """The process that reads HTML and PDF, started at the first page and kept for the next ones.

    Used as a context; at its end the process is stopped.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Extractor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extracted(self, path: Path | str, content: bytes, kind: str = "html") -> Extracted:
        """The visible text of a page; ``kind`` is html or pdf.

        Raises:
            PageError: the page takes more time or memory than a page may, or the reader gives up on it.
        """
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(kind[:1].encode() + len(content).to_bytes(8, "big") + content)
            process.stdin.flush()
            answer = self._answer(process)
        except (BrokenPipeError, EOFError, TimeoutError) as error:
            self.close()
            raise PageError(
                f"page '{path}' ({len(content):,} bytes of {kind.upper()}) broke the limits of {self._seconds:g} s and "
                f"{self._memory // 1_000_000} MB for one page: save its text instead, or leave it out"
            ) from error
        if "error" in answer:
            raise PageError(
                f"page '{path}' cannot be read as {kind.upper()} ({answer['error']}): save its text instead, "
                f"or leave it out"
            )
        return Extracted(**answer)

    def close(self) -> None:
        """Stop the process, if one runs."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            room = Path(__file__).resolve().parents[2]
            environment = {
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(room), *filter(None, sys.path)]),
                "PYTHONUTF8": "1",
            }
            worker = "cell2grid.evidence.pages.extraction_worker"
            self._process = subprocess.Popen(
                [sys.executable, "-m", worker, str(self._seconds), str(self._memory)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
        return self._process

    def _answer(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        deadline = time.monotonic() + self._seconds + 15  # the first page waits for the imports as well
        size = int.from_bytes(self._exactly(process, 8, deadline), "big")
        answer: dict[str, Any] = json.loads(self._exactly(process, size, deadline))
        return answer

    def _exactly(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout is not None
        parts: list[bytes] = []
        while size > 0:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(process.stdout.fileno(), min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
