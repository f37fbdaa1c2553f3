"""What a page may be, what is refused and how, and what HTML shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cell2grid.errors import PageError
from cell2grid.evidence.pages.extraction import Extractor
from cell2grid.evidence.pages.page import LARGEST, pages_in, read_document


def test_text_keeps_every_character_of_the_file(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_bytes("\ufeffFirst line\r\nzweite Zeile\r\n".encode())
    document = read_document(page, "a.txt")
    assert document.text == "\ufeffFirst line\r\nzweite Zeile\r\n"
    assert document.format == "text"
    assert len(document.id) == 64


def test_header_of_markdown_is_metadata(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("---\ntitle: A plant opens\npublisher: Cell Courier\ndate: 2024-05-06\n---\n# A plant opens\n")
    document = read_document(page, "a.md")
    assert (document.title, document.publisher, document.date) == ("A plant opens", "Cell Courier", "2024-05-06")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"text\x00text", "binary"),
        ("Größe".encode("latin-1"), "not UTF-8"),
    ],
)
def test_bad_content_is_named_with_the_next_step(tmp_path: Path, content: bytes, says: str) -> None:
    page = tmp_path / "bad.txt"
    page.write_bytes(content)
    with pytest.raises(PageError, match=says) as caught:
        read_document(page, "bad.txt")
    assert "bad.txt" in caught.value.message
    assert caught.value.exit_status == 2


def test_page_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    page = tmp_path / "large.txt"
    with page.open("wb") as file:
        file.truncate(100_000_000)  # a sparse file: reading it would show NULs, so a size error shows it was not read
    with pytest.raises(PageError, match=f"{LARGEST['text']:,}"):
        read_document(page, "large.txt")


def test_an_address_stands_for_itself_and_a_path_made_of_one_is_refused() -> None:
    assert pages_in(["https://example.org/news.html"]) == [("https://example.org/news.html",) * 2]
    with pytest.raises(PageError, match="has lost a stroke: write it as"):
        pages_in([Path("https://example.org/news.html")])


def test_office_files_are_refused_unopened(tmp_path: Path) -> None:
    page = tmp_path / "bomb.docx"
    page.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    with pytest.raises(PageError, match="office file or an archive: save it as PDF"):
        read_document(page, "bomb.docx")


def test_html_in_the_letters_it_declares(tmp_path: Path) -> None:
    page = tmp_path / "gb.html"
    page.write_bytes(HTML.replace("<head>", '<head><meta charset="gb2312">').replace("Oslo", "宁德").encode("gbk"))
    assert "Plant opens in 宁德" in read_document(page, "gb.html").text


def test_unreadable_page_is_named(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="cannot be read"):
        read_document(tmp_path / "none.txt", "none.txt")
    if os.geteuid() != 0:
        page = tmp_path / "locked.txt"
        page.write_text("text")
        page.chmod(0)
        with pytest.raises(PageError, match="cannot be read"):
            read_document(page, "locked.txt")


def test_folders_are_walked_sorted_with_relative_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/c.html", "a/picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [relative for _, relative in pages_in([tmp_path])] == ["a/c.html", "a/z.md", "b.txt"]
    assert [relative for _, relative in pages_in([tmp_path / "b.txt"])] == ["b.txt"]
    with pytest.raises(PageError, match="does not exist"):
        pages_in([tmp_path / "nowhere"])


HTML = """<html><head><title>Plant opens | Wire</title>
<meta property="article:published_time" content="2024-03-05T10:00">
<meta property="og:site_name" content="Wire"><script>var n = "99 GWh";</script></head><body>
<nav><a href="/">Home</a></nav><div id="cookie-consent">We use cookies from 700 partners.</div>
<article><h1>Plant opens in Oslo</h1><p>The plant   can make 12&nbsp;GWh of cells a year, its owner said
on Tuesday at the opening of the site near the port.</p><p>It cost &euro;300 million and employs 400 people
from the region around the city, most of whom came from the paper mill.</p></article>
<footer>Call +47 22 33 44 55</footer></body></html>"""


def test_html_shows_its_article_and_its_head(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(HTML)
    with Extractor() as extractor:
        document = read_document(page, "a.html", extractor)
    assert document.format == "html"
    assert (document.title, document.publisher, document.date) == ("Plant opens in Oslo", "Wire", "2024-03-05")
    assert "12 GWh of cells a year, its owner said on Tuesday" in document.text
    for gone in ("99 GWh", "700 partners", "+47"):
        assert gone not in document.text


def test_html_that_breaks_its_limits_is_refused_and_the_next_page_is_read(tmp_path: Path) -> None:
    bomb, page = tmp_path / "bomb.html", tmp_path / "a.html"
    bomb.write_text("<p " + " ".join(f"a{n}='{n}'" for n in range(60_000)) + ">" + "<b>" * 60_000 + "5 GWh")
    page.write_text(HTML)
    with Extractor(seconds=1) as extractor:
        with pytest.raises(PageError, match=r"bomb\.html"):
            read_document(bomb, "bomb.html", extractor)
        assert "12 GWh" in read_document(page, "a.html", extractor).text
    with Extractor(memory=30_000_000) as starved, pytest.raises(PageError, match=r"broke the limits|cannot be read"):
        read_document(page, "a.html", starved)


def test_a_link_out_of_a_folder_is_no_page_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The code is 5 GWh.")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("The plant makes 5 GWh.")
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "c.txt").symlink_to(folder / "a.txt")
    assert [name for _, name in pages_in([folder])] == ["a.txt", "c.txt"]


def test_letters_of_two_bytes(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_bytes("The plant makes 5 GWh.".encode("utf-16"))
    with pytest.raises(PageError, match=r"is UTF-16: convert it first"):
        read_document(page, "a.txt")
    html = tmp_path / "a.html"
    html.write_bytes(HTML.encode("utf-16"))
    assert "Plant opens in Oslo" in read_document(html, "a.html").text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("", "without a name"),
        ("ftp://example.org/a", "begins with https://"),
        ("file:///etc/hosts", "begins with https://"),
    ],
)
def test_what_is_neither_a_file_nor_an_address_is_said_so(asked: str, says: str) -> None:
    with pytest.raises(PageError, match=says):
        pages_in([asked])


def test_a_name_that_is_no_text_is_shown_with_a_mark(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/b\xff.txt"
    try:
        with open(place, "wb") as stream:
            stream.write(b"Kia exported 9,000 cars in May 2024.")
    except OSError:
        pytest.skip("this file system keeps names that are UTF-8 only")
    [(page, name)] = pages_in([tmp_path])
    assert name == "b\ufffd.txt"
    assert read_document(page, name).path == name
