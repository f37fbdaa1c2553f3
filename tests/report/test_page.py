"""The page: one file without network or script, in which no word of a page or study is markup."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from cell2grid.errors import RunFolderError
from cell2grid.report.charts import charts
from cell2grid.report.page import html, write_report
from cell2grid.report.provenance import provenance_of
from cell2grid.results import OPTIONAL, Results, read_results

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Outline(HTMLParser):
    """Elements, attributes and visible text of a page, and whether every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return html([results])


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_every_element_is_closed_and_every_id_is_used_once(outline: Outline):
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_contents_lead_to_parts_of_the_page(outline: Outline):
    targets = [str(attributes.get("href", "")) for tag, attributes in outline.elements if tag == "a"]
    inside = {target[1:] for target in targets if target.startswith("#")}
    assert len(inside) >= 8
    assert inside <= set(outline.ids)


def test_nothing_is_fetched_and_nothing_runs(page: str, outline: Outline):
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & outline.tags
    for tag, attributes in outline.elements:
        assert not [name for name in attributes if name.startswith("on") or name in {"src", "style", "xlink:href"}]
        if tag == "a":
            assert re.match(r"https?://|#", str(attributes["href"]))
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_content_policy_allows_our_style_alone(page: str, outline: Outline):
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = [a["content"] for tag, a in outline.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == [
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


def test_page_is_light_enough_to_send(page: str):
    assert len(page.encode()) < 3_000_000


def test_page_fits_a_telephone_and_paper(page: str, outline: Outline):
    viewport = [a["content"] for tag, a in outline.elements if a.get("name") == "viewport"]
    assert viewport == ["width=device-width, initial-scale=1"]
    assert "@media print" in page
    assert "break-inside:avoid" in page
    assert "@media (max-width" in page


def test_each_picture_has_a_label_and_its_numbers_beside_it(outline: Outline):
    pictures = [attributes for tag, attributes in outline.elements if tag == "svg"]
    assert len(pictures) == 2 * len(charts())
    assert all(picture["role"] == "img" and len(str(picture["aria-label"])) > 30 for picture in pictures)
    assert sum(tag == "table" for tag, _ in outline.elements) == len(charts())


def test_headings_go_down_one_step_at_a_time(outline: Outline):
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_an_observation_opens_to_its_sentence_with_the_value_marked(page: str):
    rows = re.findall(r'<details class="observation">(.*?)</details>', page, re.DOTALL)
    assert len(rows) == 2
    assert "Abroad went <mark>61</mark> containers in January." in rows[0]
    assert "within the range" in rows[0]
    assert "20 containers above the range" in rows[1]
    assert "<summary>" in rows[0]


def test_claims_checks_and_documents_are_shown(page: str, outline: Outline):
    assert "Fjord works can fill <mark>2,400 containers a year</mark>." in page
    assert "the stakes that are named add up to 90 %; 10 % is unknown." in outline.words
    assert "computed, stated nowhere" in outline.words
    assert 'href="https://gazette.example/fjord"' in page
    assert "javascript:" not in page


def test_every_assumption_is_listed_with_its_reason(outline: Outline, results: Results):
    reasons = [reason for figure in provenance_of(results).figures.values() for reason in figure.assumptions]
    assert len(reasons) == 7
    assert "a ferry and a train; no strikes" in reasons
    for reason in reasons:
        assert reason in outline.words


def test_the_page_says_how_it_was_made(outline: Outline):
    for words in ("20 members drawn with seed 1", "numpy 2.4.0", "ab" * 32, "production", "0.1.0"):
        assert words in outline.words


def test_hostile_words_stay_words(hostile_folder: Path):
    text = html([read_results(hostile_folder, with_arrays=True)])
    outline = Outline(text)
    assert not {"script", "img"} & outline.tags
    assert all(not name.startswith("on") for _, attributes in outline.elements for name in attributes)
    links = [str(attributes["href"]) for tag, attributes in outline.elements if tag == "a"]
    assert all(link.startswith("#") for link in links if not link.startswith("https://gazette.example"))
    assert "</script></title><img src=x onerror=alert(1)>" in outline.words


def test_several_runs_share_a_page_and_their_findings(results: Results, empty_folder: Path):
    outline = Outline(html([results, read_results(empty_folder, with_arrays=True), results]))
    assert {"run-1", "run-2", "run-3"} <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    assert "Findings of 3 studies" in outline.words


def test_a_run_without_anything_still_makes_a_page(empty_folder: Path):
    words = Outline(html([read_results(empty_folder, with_arrays=True)])).words
    assert "nothing to report" in words
    assert "The study assumes nothing of its own." in words


def test_the_same_run_gives_the_same_bytes(page: str, results: Results):
    assert html([results]) == page


def test_report_is_written_beside_and_renamed(run_folder: Path, tmp_path: Path):
    out = tmp_path / "deep" / "report.html"
    assert write_report([run_folder], out) == out
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_report_that_cannot_be_written_leaves_nothing_behind(run_folder: Path, tmp_path: Path):
    (tmp_path / "report.html").mkdir()
    with pytest.raises(RunFolderError, match=r"cannot be written.*--out"):
        write_report([run_folder], tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_report_needs_a_run(tmp_path: Path):
    with pytest.raises(RunFolderError, match="needs a run folder"):
        write_report([], tmp_path / "report.html")
    with pytest.raises(RunFolderError, match="there is no run folder"):
        write_report([tmp_path / "nothing"], tmp_path / "report.html")


def test_a_reported_figure_keeps_its_last_digit_in_the_table(results: Results):
    tables = {name: frame.copy() for name, frame in results.tables.items()}
    tables["observations"]["observed"] = 40499.0
    exact = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    page = html([exact])
    assert "40,499" in page
    assert "40,500" not in page


def test_what_no_member_has_is_said_and_not_drawn(results: Results):
    tables = {name: frame.copy() for name, frame in results.tables.items() if name not in OPTIONAL}
    for table in ("projects", "observations", "cash_flow", "counterfactuals"):
        tables[table][["mean", "p10", "p90"]] = float("nan")
    without = Results(results.study_json, tables, results.manifest, results.evidence, results.arrays)
    words = Outline(html([without])).words
    assert "no member has one" in words
    assert "nan" not in words.lower().split()
    assert "net present value" not in words


def test_a_page_over_two_runs_tells_each_unused_claim_and_each_check_once(run_folder: Path, tmp_path: Path) -> None:
    run = read_results(run_folder, with_arrays=True)
    once, twice = html([run]), html([run, run])
    used = {claim for claims in run.evidence["used"].values() for claim in claims}
    unused = [row for row in run.evidence["claims"] if row["id"] not in used]
    assert run.evidence["checks"]
    for section in ('<li><span class="mark"', 'role="listitem"'):
        assert once.count(section) > 0
    assert twice.count('<li><span class="mark"') == once.count('<li><span class="mark"')
    assert twice.count('role="listitem"') == 2 * once.count('role="listitem"') - len(unused)
