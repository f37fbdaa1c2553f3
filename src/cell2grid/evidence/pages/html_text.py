"""HTML to visible text: the article, its headings, lists and tables, and what the head of the page says of it.

It runs in the process of ``extraction_worker.py``, which limits its time and memory; PDF is ``pdf_text.py``.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

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


def extract(content: bytes) -> dict[str, Any]:
    """The visible text of a page of HTML, one paragraph a line, with its title, publisher, date and address."""
    from lxml import html as lxml_html  # type: ignore[import-untyped,unused-ignore]
    from trafilatura import bare_extraction

    markup = decoded(content)
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


_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)


def decoded(content: bytes) -> str:
    """The letters of a page: UTF-8 where they are that, else as the page declares, else as they look.

    >>> decoded('<meta charset="gb2312"><p>电池'.encode("gb2312"))[-2:]
    '电池'
    """
    from trafilatura.utils import decode_file

    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    declared = _DECLARED.search(content[:4096])
    for name in ("utf-8", declared.group(1).decode() if declared else "utf-8"):
        # a page that says gb2312 uses the letters of its superset
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return content.decode("gb18030" if name.lower() in {"gb2312", "gbk"} else name)
    return str(decode_file(content))


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
