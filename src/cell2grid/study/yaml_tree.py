"""A YAML text as plain values, with the place of every one of them; nothing is built before its size is known.

Scalars are read as YAML 1.2 says (``NO`` and ``12:30`` stay text, ``2025-01`` too), sequences become tuples, keys are
always text. Duplicate keys, tags, several documents and anchors that multiply are refused. What the values mean is
not known here: ``loader.py`` gives them to the models.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from cell2grid.errors import StudyError
from cell2grid.files import plain_size

KeyPath = tuple[str | int, ...]

MOST_BYTES = 1_000_000
MOST_DEPTH = 50
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
MOST_NODES = 100_000
MOST_REPEATED = 1_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,30}")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a node is written: line and column count from 1, ``start`` and ``end`` are offsets of the text.

    The quotes of a quoted scalar lie inside, and its anchor if it has one. ``repeated`` is true where the node came in
    by an alias, so that its place is that of the anchor.
    """

    line: int
    column: int
    start: int
    end: int
    repeated: bool = False


@dataclass(frozen=True)
class Tree:
    """The values of a YAML text and the marks of every value and every key, by path from the root."""

    name: str
    text: str
    value: Any
    marks: Mapping[KeyPath, Mark]
    keys: Mapping[KeyPath, Mark]

    def where(self, path: KeyPath, *, key: bool = False) -> str:
        """``file:line:column`` of the value (or of its key); of the nearest part around it where it is absent."""
        if key and path in self.keys:
            mark = self.keys[path]
        else:
            while path and path not in self.marks:
                path = path[:-1]
            mark = self.marks[path]
        return f"{self.name}:{mark.line}:{mark.column}"


def load_tree(path: Path, *, name: str | None = None) -> Tree:
    """The tree of a YAML file, read as UTF-8.

    Raises
    ------
    StudyError
        The file cannot be read, is not UTF-8, is empty or too large, or is not plain YAML.
    """
    shown = name or str(path)
    try:
        plain_size(path)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror or error}; check the path", where=shown) from None
    if len(data) > MOST_BYTES:
        raise StudyError(f"is larger than {MOST_BYTES:,} bytes, the most a file may have; split it", where=shown)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StudyError(
            f"byte {error.start} is not UTF-8 (0x{data[error.start]:02x}); save the file as UTF-8",
            where=f"{shown}:{line}",
        ) from None
    return parse_tree(text, name=shown)


def parse_tree(text: str, *, name: str = "study") -> Tree:
    """The tree of a YAML text; ``name`` stands for the file in messages.

    Raises
    ------
    StudyError
        The text is empty or not plain YAML, or passes a cap on size, depth, nodes or repeated anchors.

    >>> tree = parse_tree("regions: {NO: {since: 2025-01}}")
    >>> tree.value, tree.where(("regions", "NO", "since"))
    ({'regions': {'NO': {'since': '2025-01'}}}, 'study:1:23')
    """
    if len(text) > MOST_BYTES:
        raise StudyError(f"is longer than {MOST_BYTES:,} characters, the most a file may have; split it", where=name)
    if not text.strip("\ufeff \t\r\n"):
        raise StudyError("is empty; write at least one key", where=name)
    if "\0" in text:
        raise StudyError("holds a NUL byte and is no text file; check the path", where=name)
    builder = _Builder(name, text)
    try:
        builder.build()
    except yaml.YAMLError as error:
        raise builder.syntax_error(error) from None
    if not builder.marks:
        raise StudyError("is empty; write at least one key", where=name)
    return Tree(name, text, builder.root, builder.marks, builder.keys)


@dataclass
class _Open:
    """A mapping or sequence whose end has not come yet."""

    path: KeyPath
    value: dict[str, Any] | list[Any]
    start: int
    anchor: str | None
    first: int
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that has an anchor: the paths of it and all below it are ``order[first:last]`` of the builder."""

    path: KeyPath
    value: Any
    first: int
    last: int


@dataclass
class _Builder:
    """Walks the events of the parser with a stack of its own, so that no depth of the input can exhaust Python's."""

    name: str
    text: str
    root: Any = None
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Anchored] = field(default_factory=dict)
    order: list[KeyPath] = field(default_factory=list)
    repeated: int = 0

    def __post_init__(self) -> None:
        # the parser does not count a byte-order mark
        self.skipped = 1 if self.text.startswith("\ufeff") else 0
        self.lines = [self.skipped, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]

    def build(self) -> None:
        documents = 0
        for event in self._events():
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error("a second document begins; write one document a file", event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.ScalarEvent):
                self._no_tag(event)
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._no_tag(event)
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)

    def _events(self) -> Iterator[yaml.Event]:
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        yield from yaml.parse(self.text[self.skipped :], Loader=loader)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        path = self._path(event)
        if len(self.stack) >= MOST_DEPTH:
            raise self._error(f"is nested deeper than {MOST_DEPTH} levels, the most a file may have", event)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(path, value, self._start(event), event.anchor, len(self.order)))

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        part = self.stack.pop()
        value = part.value if isinstance(part.value, dict) else tuple(part.value)
        self._put(part.path, value, self._mark(part.start, self._end(event)), part.anchor, part.first)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        found = _CONTROL.search(event.value)
        if found:
            # a terminal that shows the text would obey it
            raise self._error(f"holds the control character U+{ord(found[0]):04X}; take it out", event)
        mark = self._mark(self._start(event), self._end(event))
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._key(event, mark)
            return
        plain = event.implicit[0] and event.style in (None, "")
        self._put(self._path(event), _plain_value(event.value) if plain else event.value, mark, event.anchor)

    def _key(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        part = self.stack[-1]
        assert isinstance(part.value, dict)
        path = (*part.path, event.value)
        if event.value in part.value:
            first = self.keys[path]
            raise self._error(f"key '{event.value[:60]}' comes twice, first in line {first.line}; keep one", event)
        self.keys[path] = mark
        part.key = event.value

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self.anchors:
            raise self._error(f"'*{event.anchor}' has no anchor that is complete before it", event)
        anchored, path = self.anchors[event.anchor], self._path(event)
        self.repeated += anchored.last - anchored.first
        if self.repeated > MOST_REPEATED:
            raise self._error(f"aliases repeat more than {MOST_REPEATED:,} values; write them out", event)
        first = len(self.order)
        for known in self.order[anchored.first : anchored.last - 1]:
            below = (*path, *known[len(anchored.path) :])
            self._note(below, replace(self.marks[known], repeated=True))
            if known in self.keys:
                self.keys[below] = self.keys[known]
        self._put(path, anchored.value, replace(self.marks[anchored.path], repeated=True), None, first)

    def _note(self, path: KeyPath, mark: Mark) -> None:
        self.marks[path] = mark
        self.order.append(path)
        if len(self.order) > MOST_NODES:
            where = f"{self.name}:{mark.line}:{mark.column}"
            raise StudyError(f"has more than {MOST_NODES:,} values, the most a file may have; split it", where=where)

    def _put(self, path: KeyPath, value: Any, mark: Mark, anchor: str | None, first: int | None = None) -> None:
        self._note(path, mark)
        if anchor is not None:
            last = len(self.order)
            self.anchors[anchor] = _Anchored(path, value, last - 1 if first is None else first, last)
        if not self.stack:
            self.root = value
            return
        part = self.stack[-1]
        if isinstance(part.value, dict):
            assert part.key is not None
            part.value[part.key] = value
            part.key = None
        else:
            part.value.append(value)

    def _path(self, event: yaml.Event) -> KeyPath:
        """The path of the value that begins here."""
        if not self.stack:
            return ()
        part = self.stack[-1]
        if isinstance(part.value, list):
            return (*part.path, len(part.value))
        if part.key is None:
            raise self._error("a key must be plain text", event)
        return (*part.path, part.key)

    def _no_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise self._error(f"tag '{event.tag[:60]}' is not allowed; write the plain value", event)

    def _start(self, event: yaml.Event) -> int:
        return int(event.start_mark.index) + self.skipped if event.start_mark else 0

    def _end(self, event: yaml.Event) -> int:
        return int(event.end_mark.index) + self.skipped if event.end_mark else 0

    def _mark(self, start: int, end: int) -> Mark:
        line = bisect_right(self.lines, start)
        return Mark(max(line, 1), start - self.lines[max(line, 1) - 1] + 1, start, end)

    def _error(self, message: str, event: yaml.Event) -> StudyError:
        mark = self._mark(self._start(event), self._start(event))
        return StudyError(message, where=f"{self.name}:{mark.line}:{mark.column}")

    def syntax_error(self, error: yaml.YAMLError) -> StudyError:
        """What the parser found wrong, and where."""
        found = getattr(error, "problem_mark", None)
        if found is None:
            position = getattr(error, "position", None)
            reason = str(getattr(error, "reason", error)).splitlines()[0]
            mark = self._mark((position or 0) + self.skipped, 0)
            return StudyError(f"is not YAML: {reason}", where=f"{self.name}:{mark.line}:{mark.column}")
        mark = self._mark(int(found.index) + self.skipped, 0)
        parts = (getattr(error, "problem", None) or "cannot be read", getattr(error, "context", None))
        problem = ", ".join(part for part in parts if part)
        return StudyError(f"is not YAML: {problem}", where=f"{self.name}:{mark.line}:{mark.column}")


def _plain_value(text: str) -> Any:
    """The value of an unquoted scalar by the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text
