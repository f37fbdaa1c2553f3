"""A PDF is read as its reader sees it: paragraphs whole, running heads gone; what is hostile or no text is refused."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from cell2grid.errors import PageError
from cell2grid.evidence.pages.extraction import Extractor
from cell2grid.evidence.pages.page import read_document
from cell2grid.evidence.reading import read_pages

FIRST = (
    "Voltara Energy said on Tuesday that its plant in Zaragoza made 1,250 MWh of cells in the third quarter of 2025, "
    "up from 610 MWh a year earlier. The owners of Zaragoza have put 1.4 billion euros into the site."
)
PLACES = [
    first + last for first in ("Alt", "Nor", "Vin", "Ost") for last in ("burg", "dal", "heim", "mark", "stad", "vik")
]
SECOND = "The plant employs 900 people, and will be able to make 12 GWh a year by the end of 2027."


class _Report(FPDF):
    def header(self) -> None:
        self._line("Nordic Storage Review - Issue 14", 8)
        self.ln(8)

    def footer(self) -> None:
        self.set_y(-12)
        self._line(f"Page {self.page_no()} of 3", 8)

    def _line(self, text: str, size: float) -> None:
        self.set_font("helvetica", size=size)
        self.cell(0, 5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def paragraph(self, text: str, size: float = 11) -> None:
        self.set_font("times", size=size)
        self.multi_cell(0, size / 2, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)


@pytest.fixture(scope="module")
def extractor() -> object:
    with Extractor() as started:
        yield started


def _written(pdf: FPDF, folder: Path) -> Path:
    path = folder / "report.pdf"
    pdf.output(str(path))
    return path


def test_paragraphs_heading_and_running_heads(tmp_path: Path, extractor: Extractor) -> None:
    pdf = _Report()
    pdf.add_page()
    pdf.paragraph("Voltara doubles output at its plant in Zaragoza", 18)
    pdf.paragraph("14 October 2025", 9)
    told = [FIRST.replace("Zaragoza", place) for place in PLACES]
    for text in told:
        pdf.paragraph(text)
    pdf.paragraph(SECOND)
    document = read_document(_written(pdf, tmp_path), "report.pdf", extractor)
    lines = document.text.split("\n\n")
    assert document.format == "pdf"
    assert document.title == "Voltara doubles output at its plant in Zaragoza"
    assert lines == [f"# {document.title}", "14 October 2025", *told, SECOND]


def test_columns_are_read_one_after_the_other(tmp_path: Path, extractor: Extractor) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    with pdf.text_columns(ncols=2, gutter=6) as columns:
        for text in [FIRST, SECOND] * 12:
            columns.write(text + "\n\n")
    document = read_document(_written(pdf, tmp_path), "report.pdf", extractor)
    assert document.text.split("\n\n") == [FIRST, SECOND] * 12


def test_claims_of_a_pdf_have_no_offsets_and_its_own_words(tmp_path: Path) -> None:
    pdf = _Report()
    pdf.add_page()
    pdf.paragraph("14 October 2025", 9)
    pdf.paragraph(FIRST)
    (pages,) = read_pages([_written(pdf, tmp_path)])
    (story,) = {each for each in pages.stories if each.label == "core"}
    assert (story.anchor_date, story.anchor_from, pages.documents[0].date) == ("2025-10-14", "byline", "2025-10-14")
    found = {claim.value_text: claim for claim in pages.claims}
    assert found["1,250 MWh"].value == 1250
    assert found["1,250 MWh"].quote in FIRST
    assert {claim.value_start for claim in pages.claims} == {None}


def test_a_file_without_text_is_named(tmp_path: Path, extractor: Extractor) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50)
    with pytest.raises(PageError, match="shows no text: it may be a scan"):
        read_document(_written(pdf, tmp_path), "report.pdf", extractor)


def test_a_password_is_not_asked_for(tmp_path: Path, extractor: Extractor) -> None:
    pdf = _Report()
    pdf.set_encryption(owner_password="owner", user_password="user")
    pdf.add_page()
    pdf.paragraph(FIRST)
    with pytest.raises(PageError, match="protected by a password"):
        read_document(_written(pdf, tmp_path), "report.pdf", extractor)


def test_a_bomb_ends_itself_and_the_next_page_is_read(tmp_path: Path) -> None:
    """A file of which a few kilobytes unpack to fifty megabytes of letters."""
    stream = zlib.compress(b"BT /F1 9 Tf " + b"(99999999999999) Tj " * 2_500_000 + b" ET", 9)
    stream = zlib.compress(stream, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, part) for n, part in enumerate(parts, start=1))
    (tmp_path / "bomb.pdf").write_bytes(body + b"trailer<</Root 1 0 R>>\n%%EOF")
    pdf = _Report()
    pdf.add_page()
    pdf.paragraph(SECOND)
    good = _written(pdf, tmp_path)
    with Extractor(seconds=3, memory=600_000_000) as started:
        with pytest.raises(PageError, match=r"bomb\.pdf"):
            read_document(tmp_path / "bomb.pdf", "bomb.pdf", started)
        assert SECOND in read_document(good, "report.pdf", started).text


@pytest.mark.parametrize("content", [b"%PDF-1.7\n%%EOF", b"%PDF-1.4\n" + b"1 0 obj<<" * 20_000, b"%PDF-" + bytes(2000)])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes, extractor: Extractor) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(PageError, match="damaged, or no PDF"):
        read_document(tmp_path / "a.pdf", "a.pdf", extractor)
