"""The process that turns HTML and PDF into text; ``extraction.py`` starts it and speaks with it over its pipes.

A page comes in as one letter for its kind, eight bytes of length and its bytes; the answer goes out as eight bytes of
length and JSON. The process limits its own memory once and its processor time before each page: a page that breaks
them kills it.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any, BinaryIO

try:
    import resource
except ImportError:  # a system without limits by process: the caller's clock alone stops a page
    resource = None  # type: ignore[assignment]


def main(arguments: list[str]) -> None:
    """Serve pages until the caller closes the pipe."""
    seconds, memory = float(arguments[0]), int(arguments[1])
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while header := source.read(9):
        content = source.read(int.from_bytes(header[1:], "big"))
        _allow(seconds)
        _send(sink, _answer(header[:1], content))


def _allow(seconds: float) -> None:
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _send(sink: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    sink.write(len(body).to_bytes(8, "big") + body)
    sink.flush()


def _answer(kind: bytes, content: bytes) -> dict[str, Any]:
    try:
        if kind == b"p":
            from cell2grid.evidence.pages.pdf_text import extract as extract_pdf

            return extract_pdf(content)
        from cell2grid.evidence.pages.html_text import extract

        return extract(content)
    except MemoryError:
        return {"error": "it needs more memory than a page may"}
    except RecursionError:
        return {"error": "its elements are nested too deep"}
    except Exception as error:  # any fault of a page is the page's: the caller reports it and goes on
        return {"error": f"{type(error).__name__}: {error}"[:200]}


if __name__ == "__main__":
    main(sys.argv[1:])
