"""The words of the industry as data files: magnitudes, units, counted nouns, approximations, names, furniture.

Each table is a YAML file beside this one; a reader of pages loads it once. The code that uses a table is named at its
head.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def table(name: str) -> Any:
    """The vocabulary file of that name, parsed; asked for twice, read once.

    >>> table("magnitudes")["billion"]
    1000000000
    """
    text = (resources.files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_Loader)


@cache
def sets(name: str) -> dict[str, Any]:
    """The vocabulary file of that name with its lists as sets, for asking whether a word is in one.

    >>> "GmbH" in sets("naming")["firm_suffixes"]
    True
    """
    return {key: frozenset(row) if isinstance(row, list) else row for key, row in table(name).items()}


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of words of ``words.yaml``.

    >>> "between" in word_list("prepositions")
    True
    """
    return frozenset(str(table("words")[name]).split())
