"""The process that turns HTML into visible text; ``markup.py`` starts it and speaks with it over its pipes.

A page comes in as eight bytes of length and its bytes, the answer goes out as eight bytes of length and JSON. The
process limits its own memory once and its processor time before each page: a page that breaks them kills it.
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

DEEPEST = 250  # nested elements; deeper pages are cut off there
_BLOCKS = {"p", "head", "item", "quote", "row", "list", "table", "ab", "lb", "code", "fw"}
_HIDDEN = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "nav",
    "footer",
    "aside",
    "header",
    "form",
    "button",
    "iframe",
}


def main(arguments: list[str]) -> None:
    """Serve pages until the caller closes the pipe."""
    seconds, memory = float(arguments[0]), int(arguments[1])
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while header := source.read(8):
        content = source.read(int.from_bytes(header, "big"))
        _allow(seconds)
        _send(sink, _answer(content))


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


def _answer(content: bytes) -> dict[str, Any]:
    try:
        return extract(content)
    except MemoryError:
        return {"error": "it needs more memory than a page may"}
    except RecursionError:
        return {"error": "its elements are nested too deep"}
    except Exception as error:  # any fault of a page is the page's: the caller reports it and goes on
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def extract(content: bytes) -> dict[str, Any]:
    """The visible text of a page of HTML, one paragraph a line, with its title, publisher, date and address."""
    from lxml import html as lxml_html  # type: ignore[import-untyped,unused-ignore]
    from trafilatura import bare_extraction

    markup = content.decode("utf-8", errors="replace")
    parser = lxml_html.HTMLParser(huge_tree=False, remove_comments=True, encoding="utf-8")
    tree = lxml_html.document_fromstring(markup.encode("utf-8", errors="replace"), parser=parser)
    found: Any = bare_extraction(
        markup, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
    )
    head = _head(tree)
    lines = _lines(found.body) if found is not None and found.body is not None else []
    if sum(map(len, lines)) < 0.25 * len(" ".join(_plain(tree))):
        lines = _plain(tree)
    title = (found.title if found is not None else None) or head["title"]
    heading = _first_heading(tree)
    if heading:
        lines = [f"# {heading}", *(line for line in lines if line.lstrip("# ") != heading)]
    return {
        "text": "\n\n".join(lines),
        "title": heading or title,
        "publisher": head["publisher"] or (found.sitename if found is not None and found.sitename != title else None),
        "date": head["date"] or (found.date if found is not None else None),
        "url": found.url if found is not None else None,
    }


def _lines(body: Any) -> list[str]:
    """The paragraphs, headings, list items and table rows of an extracted body, white space folded."""
    lines: list[str] = []
    for element in body.iter():
        if element.tag not in _BLOCKS or any(
            parent.tag in {"p", "item", "row", "head", "quote"} for parent in element.iterancestors()
        ):
            continue
        if element.tag in {"list", "table"} or (element.tag == "quote" and len(element)):
            continue
        parts = (
            [" ".join("".join(cell.itertext()).split()) for cell in element.iter("cell")]
            if element.tag == "row"
            else []
        )
        text = " | ".join(parts) if parts else " ".join("".join(element.itertext()).split())
        if text:
            lines.append(f"## {text}" if element.tag == "head" else text)
    return [line for index, line in enumerate(lines) if index == 0 or line != lines[index - 1]]


def _plain(tree: Any) -> list[str]:
    """The text of a page's own blocks, where the extractor finds too little: navigation and scripts left out."""
    lines: list[str] = []
    for element in tree.iter("h1", "h2", "h3", "h4", "p", "li", "td", "blockquote", "figcaption"):
        ancestors = list(element.iterancestors())
        if len(ancestors) > DEEPEST or any(
            parent.tag in _HIDDEN or parent.tag in {"p", "li", "td"} for parent in ancestors
        ):
            continue
        text = " ".join(" ".join(part for part in element.itertext()).split())
        if text:
            lines.append(f"## {text}" if str(element.tag).startswith("h") else text)
    return lines


def _first_heading(tree: Any) -> str | None:
    for element in tree.iter("h1"):
        text = " ".join("".join(element.itertext()).split())
        if len(text) > 8:
            return text
    return None


def _head(tree: Any) -> dict[str, str | None]:
    """What the head of a page says: the names of its meta elements differ, their meaning does not."""
    found: dict[str, str | None] = {"title": None, "publisher": None, "date": None}
    names = {
        "article:published_time": "date", "date": "date", "pubdate": "date", "publish-date": "date", "dc.date": "date",
        "datepublished": "date", "parsely-pub-date": "date", "sailthru.date": "date", "og:site_name": "publisher",
        "og:title": "title",
    }  # fmt: skip
    for element in tree.iter("meta"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        value = " ".join((element.get("content") or "").split())[:300]
        if key in names and value and found[names[key]] is None:
            found[names[key]] = value[:10] if names[key] == "date" else value
    for element in tree.iter("time"):
        stamp = (element.get("datetime") or "")[:10]
        if found["date"] is None and len(stamp) == 10 and stamp[:4].isdigit():
            found["date"] = stamp
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
