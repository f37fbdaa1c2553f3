"""Pages: files turned into documents of text, and folders walked for them.

Text and Markdown keep every character of the file, so that offsets point into it. HTML goes through ``markup.py`` in
a process of its own with limits. What is on a page is read by ``stories.py`` and the files below it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from cell2grid.errors import PageError
from cell2grid.evidence.pages.markup import Extracted, Extractor
from cell2grid.evidence.records import Document

LARGEST = {"text": 5_000_000, "markdown": 5_000_000, "html": 20_000_000}  # bytes of a page that is read at all
_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}


def pages_in(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Every page under the paths with its name relative to the path asked for, sorted; a file goes by its own name.

    Raises:
        PageError: a path is missing, or holds no page at all.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in _FORMATS and p.is_file())
            if not inside:
                raise PageError(f"folder '{path}' holds no page: expected files that end in {', '.join(_FORMATS)}")
            found += [(page, page.relative_to(path).as_posix()) for page in inside]
        elif path.exists():
            found.append((path, path.name))
        elif path.parts[:1] in (("http:",), ("https:",)):
            raise PageError(f"'{path}' is an address, and nothing is fetched: save the page and give the file")
        else:
            raise PageError(f"page '{path}' does not exist: check the path, relative to {Path.cwd()}")
    return found


def read_document(path: Path, relative: str, extractor: Extractor | None = None) -> Document:
    """The document that a file holds: its text, the hash of its bytes, and the title, publisher and date it shows.

    ``extractor`` is the process that reads HTML; one is started and stopped where none is handed in.

    Raises:
        PageError: the file cannot be opened, is larger than the limit, is empty, binary or not UTF-8, or breaks the
            reader of HTML.
    """
    content = _content(path)
    kind = _FORMATS.get(path.suffix.lower(), "text")
    identity = hashlib.sha256(content).hexdigest()
    if kind == "html" or (kind == "text" and content.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))):
        return _html_document(identity, relative, path, content, extractor)
    text = _decoded(path, content)
    header = _header(text)
    return Document(
        identity,
        relative,
        kind,
        text,
        header.get("title"),
        header.get("publisher"),
        header.get("date"),
        header.get("url"),
    )


def _content(path: Path) -> bytes:
    """The bytes of a page, after a look at its size: a file that is too large is not opened."""
    try:
        size = path.stat().st_size
        largest = LARGEST[_FORMATS.get(path.suffix.lower(), "text")]
        if size > largest:
            raise PageError(
                f"page '{path}' has {size:,} bytes, more than the {largest:,} that a page of its kind may have: "
                f"split it, or leave it out"
            )
        if not path.is_file():
            raise PageError(f"page '{path}' is no regular file: give a text or HTML file, or a folder of them")
        content = path.read_bytes()
    except OSError as error:
        raise PageError(
            f"page '{path}' cannot be read ({error.strerror or error}): check that it exists and may be read"
        ) from error
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x0b\x0c"):
        raise PageError(f"page '{path}' is empty ({size} bytes): save the page again, or leave it out")
    zero = content.find(b"\x00")
    if zero >= 0:
        raise PageError(
            f"page '{path}' is binary (byte {zero} is NUL): give text, Markdown or HTML in UTF-8; "
            f"convert PDF and office files first"
        )
    return content


def _decoded(path: Path, content: bytes) -> str:
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


def _html_document(identity: str, relative: str, path: Path, content: bytes, extractor: Extractor | None) -> Document:
    if extractor is None:
        with Extractor() as own:
            extracted = own.extracted(path, content)
    else:
        extracted = extractor.extracted(path, content)
    return _from_extracted(identity, relative, path, extracted)


def _from_extracted(identity: str, relative: str, path: Path, extracted: Extracted) -> Document:
    if not extracted.text.strip():
        raise PageError(
            f"page '{path}' shows no text: it may be drawn by a script; save the page as a browser shows it"
        )
    return Document(
        identity, relative, "html", extracted.text, extracted.title, extracted.publisher, extracted.date, extracted.url
    )
