"""Excel books of runs and of a study's figures, and what comes back of them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import two_coasts
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError, StudyError
from cell2grid.run.chain import run_study
from cell2grid.run.exchange.figures_book import changed_text, changes_in, write_figures_book
from cell2grid.run.exchange.run_book import write_run_book
from cell2grid.study.loader import LoadedStudy, load_study, parse_study, read_study
from cell2grid.study.quantity import figures
from cell2grid.study.shipped import shipped_studies


def _loaded(folder: Path, text: str = two_coasts.COASTS) -> LoadedStudy:
    place = folder / "study.yaml"
    place.write_text(text, encoding="utf-8")
    return load_study(place)


def _book(loaded: LoadedStudy, place: Path, changes: dict[str, Any], *, heading: str = "text") -> Path:
    """The book of a study with the cells of some paths written over."""
    write_figures_book(loaded, place)
    book = openpyxl.load_workbook(place)
    sheet = book["figures"]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        path = row[names.index("path")].value
        if path in changes:
            row[names.index(heading)].value = changes[path]
    book.save(place)
    book.close()
    return place


def test_a_run_as_a_book(tmp_path: Path) -> None:
    results = run_study(parse_study(two_coasts.changed(("tern: {", 'tern: {name: "=1+1", '))), members=2)
    place = tmp_path / "run.xlsx"
    rows = write_run_book(results, place)
    book = openpyxl.load_workbook(place)
    assert book.sheetnames[:3] == ["contents", "notes", "sources"]
    assert set(book.sheetnames[3:]) == {name for name, frame in results.tables.items() if len(frame)}
    market, frame = book["market"], results.tables["market"]
    assert [cell.value for cell in market[1]] == list(frame.columns)
    assert market.freeze_panes == "A2"
    column = list(frame.columns).index("mean")
    cells = [row[column].value for row in market.iter_rows(min_row=2)]
    assert cells == pytest.approx(frame["mean"].tolist())
    assert all(isinstance(value, (int, float)) for value in cells)
    listed = {row[0].value: (row[1].value, row[2].value) for row in book["contents"].iter_rows(min_row=2)}
    assert listed["market"][0] == len(frame)
    assert "EUR/pack" in listed["market"][1]
    assert [cell.value for cell in book["sources"][2]][:3] == ["page", "Two makers", "The Harbour Gazette"]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert rows == sum(sheet.max_row - 1 for sheet in book)
    book.close()


def test_changed_figures_come_back_where_they_stand(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path)
    after = {
        "plants.quay.capacity": "9000 .. 11000 pack/year [page]",
        "lanes.1.cost": '12 EUR/pack [assumed: a "new" quay]',
    }
    book = _book(loaded, tmp_path / "book.xlsx", after)
    changes = changes_in(book, loaded)
    assert [(row.before, row.after) for row in changes] == [
        ("12000 pack/year [page]", after["plants.quay.capacity"]),
        ("10 EUR/pack [page]", after["lanes.1.cost"]),
    ]
    text = changed_text(loaded, changes, book)
    assert "# as the page says" in text
    study = parse_study(text)
    assert str(study.plants["quay"].capacity) == after["plants.quay.capacity"]
    assert str(study.lanes[1].cost) == after["lanes.1.cost"]
    changed = [at for at, line in enumerate(text.splitlines()) if line != loaded.text.splitlines()[at]]
    assert len(changed) == 2


@pytest.mark.parametrize("name", sorted(shipped_studies()))
def test_a_book_that_nobody_touched_changes_nothing(tmp_path: Path, name: str) -> None:
    loaded = load_study(name)
    rows = write_figures_book(loaded, tmp_path / "book.xlsx")
    own = [path for path, _ in figures(read_study(name)) if path in loaded.tree.marks]
    assert rows == len(own) + len(loaded.study.sources)
    assert changes_in(tmp_path / "book.xlsx", loaded) == ()
    assert changed_text(loaded, (), tmp_path / "book.xlsx") == loaded.text


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"plants.quay.capacity": "fast"}, r"cell B\d+: .*fast"),
        ({"plants.quay.capacity": "5 EUR [page]"}, "cannot be.*belongs here"),
        ({"plants.quay.capacity": "5 pack/year [nowhere]"}, "cannot be.*nowhere"),
        ({"plants.quay.capacity": 9000}, r"cell B\d+: .*'9000', expected text"),
        ({"plants.quay.capacity": None}, "is nothing .*, expected text"),
        ({"plants.quay.capacity": "=1+1"}, "is a formula"),
        ({"plants.quay.capacity": "1 pack/year [assumed: " + "x" * 3000 + "]"}, "more than 2,000 characters"),
    ],
)
def test_a_text_that_cannot_stand_is_refused_with_its_cell(tmp_path: Path, after: dict[str, Any], words: str) -> None:
    loaded = _loaded(tmp_path)
    book = _book(loaded, tmp_path / "book.xlsx", after)
    with pytest.raises(StudyError, match=words) as refused:
        changed_text(loaded, changes_in(book, loaded), book)
    assert "figures" in str(refused.value)
    assert refused.value.exit_status == 2


def test_a_number_that_is_changed_beside_its_text_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path)
    for heading, value in (("middle", 9000), ("unit", "pack/month"), ("high", "=2*6000"), ("low", "9000")):
        book = _book(loaded, tmp_path / "book.xlsx", {"plants.quay.capacity": value}, heading=heading)
        with pytest.raises(
            StudyError, match=rf"cell [A-H]\d+: '{heading}' of 'plants.quay.capacity' is .*write it into"
        ):
            changes_in(book, loaded)
    # the same number, as some programs write it
    book = _book(loaded, tmp_path / "book.xlsx", {"plants.quay.capacity": 12000.0000000001}, heading="middle")
    assert changes_in(book, loaded) == ()


def test_a_text_that_a_cell_breaks_into_lines_is_one_line(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path)
    book = _book(loaded, tmp_path / "book.xlsx", {"plants.quay.capacity": "9000\u00a0pack/year\n  [page] "})
    assert [row.after for row in changes_in(book, loaded)] == ["9000 pack/year [page]"]
    same = _book(loaded, tmp_path / "same.xlsx", {"plants.quay.capacity": "12000 pack/year\n[page]"})
    assert changes_in(same, loaded) == ()


def test_paths_that_are_unknown_or_come_twice_are_refused(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path)
    paths = {"plants.quay.capacity": "plants.quay.capacty"}
    with pytest.raises(StudyError, match=r"no figure 'plants.quay.capacty'.*did you mean 'plants.quay.capacity'"):
        changes_in(_book(loaded, tmp_path / "book.xlsx", paths, heading="path"), loaded)
    twice = {"plants.quay.capacity": "plants.mole.capacity"}
    with pytest.raises(StudyError, match="stands in B"):
        changes_in(_book(loaded, tmp_path / "book.xlsx", twice, heading="path"), loaded)
    other = openpyxl.Workbook()
    other.active.title = "figures"
    other.save(tmp_path / "other.xlsx")
    with pytest.raises(StudyError, match="0 columns 'path'"):
        changes_in(tmp_path / "other.xlsx", loaded)


def test_figures_that_stand_by_an_alias_are_left_alone(tmp_path: Path) -> None:
    text = two_coasts.changed(
        ('capacity: "12000 pack/year [page]"  # as', 'capacity: &much "12000 pack/year [page]"  # as'),
        ('makes: storage-pack\n    capacity: "12000 pack/year [page]"\n', "makes: storage-pack\n    capacity: *much\n"),
    )
    loaded = _loaded(tmp_path, text)
    book = _book(loaded, tmp_path / "book.xlsx", {"plants.mole.capacity": "1 pack/year [page]"})
    with pytest.raises(StudyError, match="by an alias"):
        changes_in(book, loaded)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04no", b"path,text\n"])
def test_what_is_no_book_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "book.xlsx").write_bytes(data)
    with pytest.raises(StudyError, match="not a workbook"):
        changes_in(tmp_path / "book.xlsx", _loaded(tmp_path))
    with pytest.raises(StudyError, match="cannot be read"):
        changes_in(tmp_path / "absent.xlsx", _loaded(tmp_path))


def test_a_book_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path)
    write_figures_book(loaded, tmp_path / "book.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "book.xlsx") as old,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                cell = b'<c r="A9" t="inlineStr"><is><t>' + b"x" * 30_000_000 + b"</t></is></c>"
                data = data.replace(b"</sheetData>", b'<row r="999">' + cell + b"</row></sheetData>")
            new.writestr(name, data)
    assert (tmp_path / "bomb.xlsx").stat().st_size < 200_000
    with pytest.raises(StudyError, match="too large"):
        changes_in(tmp_path / "bomb.xlsx", loaded)


def test_a_name_without_its_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.xlsx"):
        write_figures_book(_loaded(tmp_path), tmp_path / "book.csv")


WORDS = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="[]"), min_size=1)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**9), WORDS)
def test_any_reason_comes_back(tmp_path_factory: pytest.TempPathFactory, number: int, why: str) -> None:
    folder = tmp_path_factory.mktemp("book")
    loaded = _loaded(folder)
    after = f"{number} pack/year [assumed: {why}]"
    book = _book(loaded, folder / "book.xlsx", {"plants.quay.capacity": after})
    study = parse_study(changed_text(loaded, changes_in(book, loaded), book))
    assert str(study.plants["quay"].capacity) == after
