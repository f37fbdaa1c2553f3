"""A JSON document in pieces, so that a list in it may be longer than memory.

The pieces are together what ``json.dumps`` with an indent of two would give.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


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
        if isinstance(value, Iterator):
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
