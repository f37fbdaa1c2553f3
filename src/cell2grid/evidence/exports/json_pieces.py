"""A JSON document in pieces, so that a list in it may be longer than memory.

The pieces are together what ``json.dumps`` with an indent of two would give. A list of which items come before its turn
is a ``KeptList``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from tempfile import TemporaryFile
from typing import Any

_READ_AT_ONCE = 1 << 20


class KeptList:
    """A list of a document that is kept as text in a file until its turn comes; use it in a ``with`` block.

    >>> with KeptList() as kept:
    ...     kept.add({"id": 1})
    ...     print("".join(pieces({"claims": kept, "added": 1})))
    {
      "claims": [
        {
          "id": 1
        }
      ],
      "added": 1
    }
    """

    def __init__(self) -> None:
        self._file = TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - closed in __exit__
        self._length = 0

    def __enter__(self) -> KeptList:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._length

    def add(self, value: Any) -> None:
        """Put one more item at the end."""
        self._file.write(",\n    " if self._length else "[\n    ")
        self._file.write(_spelled(value, "    "))
        self._length += 1

    def text(self) -> Iterator[str]:
        """The list as it stands in a document; nothing can be added afterwards."""
        if not self._length:
            yield "[]"
            return
        self._file.seek(0)
        while block := self._file.read(_READ_AT_ONCE):
            yield block
        yield "\n  ]"


def pieces(document: Mapping[str, Any]) -> Iterator[str]:
    """The text of the document; a value that is an iterator becomes a list, an item at a time.

    >>> print("".join(pieces({"claims": iter([{"id": "8f3a"}]), "gaps": iter([]), "status": None})))
    {
      "claims": [
        {
          "id": "8f3a"
        }
      ],
      "gaps": [],
      "status": null
    }
    """
    before = "{\n  "
    for key, value in document.items():
        yield f"{before}{json.dumps(key, ensure_ascii=False)}: "
        if isinstance(value, KeptList):
            yield from value.text()
        elif isinstance(value, Iterator):
            yield from listed(value, "  ")
        else:
            yield _spelled(value, "  ")
        before = ",\n  "
    yield "{}" if before.startswith("{") else "\n}"


def listed(values: Iterator[Any], margin: str = "") -> Iterator[str]:
    """The text of a list, an item at a time, in lines behind a ``margin``.

    >>> "".join(listed(iter([1, "a"])))
    '[\\n  1,\\n  "a"\\n]'
    """
    opened = False
    for value in values:
        yield f",\n{margin}  " if opened else f"[\n{margin}  "
        opened = True
        yield _spelled(value, f"{margin}  ")
    yield f"\n{margin}]" if opened else "[]"


def _spelled(value: Any, margin: str) -> str:
    # no line end stands inside a string of JSON
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False).replace("\n", f"\n{margin}")
