"""What a store knows of names: the decisions about them, what they mean by these, and how often claims use each.

A part of ``Store`` (``store.py``); the tables and queries are in ``names_decided.py`` and ``names_used.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping.names_decided import add_name_decision, decisions_on_names
from cell2grid.evidence.keeping.names_used import Use, quotes, uses
from cell2grid.evidence.keeping.recorded_times import known_by, stamp_of
from cell2grid.evidence.keeping.store_file import StoreFile
from cell2grid.evidence.naming.identities import Identities
from cell2grid.evidence.records import NameDecision


class NamesInStore:
    """The part of a store that has to do with names."""

    _file: StoreFile
    _now: Callable[[], datetime]

    def _moment(self, as_of: str | date | None) -> str | None:
        return None if as_of is None else known_by(as_of, self._now())

    def decide_name(
        self, name: str, decision: str, other: str | None, *, reviewer: str, note: str = ""
    ) -> NameDecision:
        """The decision about a name, after appending it; what may be decided is said in ``entities/deciding.py``.

        Raises
        ------
        EvidenceError
            There is no reviewer.
        """
        if not reviewer.strip():
            raise EvidenceError("a decision needs a reviewer; give one with --reviewer NAME")
        with self._file.writing() as connection:
            made = NameDecision(name, decision, other, reviewer, stamp_of(self._now()), note)
            add_name_decision(connection, made)
        return made

    def name_decisions(self, *, as_of: str | date | None = None) -> tuple[NameDecision, ...]:
        """All decisions about names in the order in which they were made, ``as_of`` a time or until now."""
        with self._file.reading() as connection:
            return decisions_on_names(connection, self._moment(as_of))

    def names_used(self) -> tuple[Use, ...]:
        """The subjects and objects of the claims that stand, with how many claims each has, page by page."""
        with self._file.reading() as connection:
            return tuple(uses(connection))

    def quotes(self, numbers: Iterable[int]) -> dict[int, str]:
        """The sentences of the claims with these numbers, which are those of ``names_used``."""
        with self._file.reading() as connection:
            return quotes(connection, numbers)

    def identities(self, *, as_of: str | date | None = None) -> Identities:
        """What names mean by the gazetteer and by the decisions, ``as_of`` a time or until now."""
        return Identities(self.name_decisions(as_of=as_of))

    def _made_one(self, filters: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """For the filters by name all names of the entities that they ask for, where a decision gave one a name."""
        asked = [name for name in ("subject", "object") if filters.get(name)]
        decided = self.name_decisions(as_of=filters.get("as_of")) if asked else ()
        return {f"{name}_too": Identities(decided).made_one(filters[name]) for name in asked} if decided else {}
