"""Pages: files and addresses turned into documents of text, and folders walked for files.

Text and Markdown keep every character of the file, so that offsets point into it. HTML and PDF go through
``extraction.py`` in a process of its own with limits; an address is ``fetching.py``. What is on a page is read by
``stories.py`` and the files below it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cell2grid.errors import PageError
from cell2grid.evidence.pages.extraction import Extractor
from cell2grid.evidence.pages.fetching import fetched, is_address
from cell2grid.evidence.records import Document

LARGEST = {"text": 60_000_000, "markdown": 60_000_000, "html": 20_000_000, "pdf": 50_000_000}  # bytes of a page
_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
Source = Path | str  # a file, or an address of the web


def pages_in(paths: Sequence[Source]) -> list[tuple[Source, str]]:
    """Every page under the paths with its name relative to the path asked for, sorted; a file goes by its own name.

    An address stands for itself. Nothing is opened or fetched here.

    Raises:
        PageError: a path is missing, or holds no page at all.
    """
    found: list[tuple[Source, str]] = []
    for asked in paths:
        if is_address(str(asked)):
            found.append((str(asked), str(asked)))
            continue
        path = Path(asked)
        if not str(asked).strip():
            raise PageError("a page without a name was given: give a file, a folder or an address")
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in _FORMATS and _lies_in(path, p))
            if not inside:
                raise PageError(f"folder '{path}' holds no page: expected files that end in {', '.join(_FORMATS)}")
            found += [(page, _named(page.relative_to(path).as_posix())) for page in inside]
        elif path.exists():
            found.append((path, _named(path.name)))
        elif path.parts[:1] in (("http:",), ("https:",)):
            raise PageError(f"'{path}' is an address that has lost a stroke: write it as https://host/page")
        elif _SCHEME.match(str(asked)):
            raise PageError(f"'{asked}' is not read: an address begins with https:// or http://, a file has none")
        else:
            raise PageError(f"page '{path}' does not exist: check the path, relative to {Path.cwd()}")
    return found


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def _named(name: str) -> str:
    """The name of a file as text; bytes in it that are no UTF-8 are shown as a mark, since no store could keep them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _lies_in(folder: Path, page: Path) -> bool:
    """Whether a page is a file of the folder, and no link that leads out of it."""
    return page.is_file() and (not page.is_symlink() or page.resolve().is_relative_to(folder.resolve()))


def read_document(source: Source, relative: str, extractor: Extractor | None = None) -> Document:
    """The document that a file or an address holds: its text, the hash of its bytes, its title, publisher and date.

    ``extractor`` is the process that reads HTML and PDF; one is started and stopped where none is handed in.

    Raises:
        PageError: the file cannot be opened, is larger than the limit, is empty, binary or not UTF-8, or breaks the
            reader of HTML or PDF; the address is no public page.
    """
    if isinstance(source, str) and is_address(source):
        page = fetched(source)
        kind, content, url = page.kind, page.content, page.url
    else:
        source, url = Path(source), None
        kind = _FORMATS.get(source.suffix.lower(), "text")
        content = _content(source, LARGEST[kind])
    kind = _kind(kind, content)
    _refuse_binary(source, kind, content)
    identity = hashlib.sha256(content).hexdigest()
    if kind in {"html", "pdf"}:
        document = _extracted(identity, relative, source, content, kind, extractor)
    else:
        text = _decoded(source, content)
        header = _header(text)
        document = Document(identity, relative, kind, text, **{key: header.get(key) for key in _HEADER_KEYS})
    return document if url is None else replace(document, url=url)


_HEADER_KEYS = ("title", "publisher", "date", "url")


def _kind(named: str, content: bytes) -> str:
    """The kind of a page by its first bytes where they are plain, else by its name."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if named == "text" and head[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    return named


def _content(path: Path, largest: int) -> bytes:
    """The bytes of a page, after a look at its size: a file that is too large is not opened."""
    try:
        size = path.stat().st_size
        if size > largest:
            raise PageError(
                f"page '{path}' has {size:,} bytes, more than the {largest:,} that a page of its kind may have: "
                f"split it, or leave it out"
            )
        if not path.is_file():
            raise PageError(f"page '{path}' is no regular file: give a text, HTML or PDF file, or a folder of them")
        return path.read_bytes()
    except OSError as error:
        raise PageError(
            f"page '{path}' cannot be read ({error.strerror or error}): check that it exists and may be read"
        ) from error


def _refuse_binary(source: Source, kind: str, content: bytes) -> None:
    """Refuse what is empty or no text; a packed office file is never opened, so that nothing in it unpacks."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x0b\x0c"):
        raise PageError(f"page '{source}' is empty ({len(content)} bytes): save the page again, or leave it out")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise PageError(f"page '{source}' is an office file or an archive: save it as PDF, HTML or text first")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and kind != "html":
        raise PageError(f"page '{source}' is UTF-16: convert it first, for example with: iconv -f UTF-16 -t UTF-8")
    zero = -1 if kind in {"pdf", "html"} else content.find(b"\x00")
    if zero >= 0:
        raise PageError(
            f"page '{source}' is binary (byte {zero} is NUL): give text, Markdown or HTML in UTF-8, or a PDF"
        )


def _decoded(path: Source, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PageError(
            f"page '{path}' is not UTF-8: byte {error.start} is 0x{content[error.start]:02x}; "
            f"convert it first, for example with: iconv -f LATIN1 -t UTF-8"
        ) from error


_HEADER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<body>.{0,4000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_ROW = re.compile(
    r"^(?P<key>title|publisher|site|source|date|url|link)\s*:\s*[\"']?(?P<value>[^\r\n]*?)[\"']?\s*$", re.M
)


def _header(text: str) -> dict[str, str]:
    """Title, publisher, date and address of a YAML header; a plain look, since a header is no study."""
    found = _HEADER.match(text)
    if found is None:
        return {}
    names = {"site": "publisher", "source": "publisher", "link": "url"}
    rows: dict[str, str] = {}
    for row in _ROW.finditer(found.group("body")):
        rows.setdefault(names.get(row.group("key"), row.group("key")), row.group("value"))
    if not re.match(r"\d{4}-\d{2}-\d{2}", rows.get("date", "")):
        rows.pop("date", None)
    return {key: value for key, value in rows.items() if value}


def _extracted(
    identity: str, relative: str, source: Source, content: bytes, kind: str, extractor: Extractor | None
) -> Document:
    if extractor is None:
        with Extractor() as own:
            found = own.extracted(source, content, kind)
    else:
        found = extractor.extracted(source, content, kind)
    if not found.text.strip():
        why = "it may be a scan; recognise its letters first" if kind == "pdf" else "it may be drawn by a script"
        raise PageError(f"page '{source}' shows no text: {why}, or save the page as a browser shows it")
    return Document(identity, relative, kind, found.text, found.title, found.publisher, found.date, found.url)
