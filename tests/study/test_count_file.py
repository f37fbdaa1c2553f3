"""Files of counts: what their rows say, and each thing that is refused at its line."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.study.count_file import MOST_BYTES, CountRow, parse_counts, read_counts


def test_rows_are_counts_of_days_or_all_since_the_opening():
    rows = parse_counts("name,start,end,count,cumulative\nspring,2030-01-01,2030-03-31,118,\n,,2030-06-30,,500\n")
    assert rows == [
        CountRow("spring", 2, date(2030, 1, 1), date(2030, 3, 31), 118.0),
        CountRow("row 2", 3, None, date(2030, 6, 30), 500.0),
    ]


def test_days_are_numbers_too_and_semicolons_and_marks_of_encoding_are_read(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_bytes("\ufeffend;cumulative\n168;1000\n\n323;2 000\n".encode())
    assert [(row.end, row.items, row.line) for row in read_counts(path)] == [(168.0, 1000.0, 2), (323.0, 2000.0, 4)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "counts: is empty"),
        ("end,cumulative\n", "counts: has a header and no row"),
        ("end,cumulative,colour\n1,2,red\n", "counts:1: column 'colour' is not one of name, start, end, count"),
        ("end,end,count\n", "counts:1: column 'end' is there twice"),
        ("start,count\n1,2\n", "counts:1: needs a column 'end'"),
        ("end,count\n1,2\n", "counts:1: has 'count' and no 'start'"),
        ("end,cumulative\n168\n", "counts:2: has 1 cells, expected 2"),
        ("end,cumulative\n168,many\n", "counts:2: cumulative 'many' is no number"),
        ("end,cumulative\n168,-1\n", "counts:2: cumulative '-1' is not from 0 to"),
        ("end,cumulative\n168,nan\n", "counts:2: cumulative 'nan' is not from 0 to"),
        ("end,cumulative\n168,1e400\n", "counts:2: cumulative '1e400' is not from 0 to"),
        ("end,cumulative\n2030-02-30,1\n", "counts:2: end '2030-02-30' is no day of the calendar"),
        ("end,cumulative\nsoon,1\n", "counts:2: end 'soon' is neither a date such as 2025-07-31 nor a number of days"),
        ("end,cumulative\n1e9,1\n", "counts:2: end '1e9' is neither"),
        ("end,cumulative\n,1\n", "counts:2: has no end"),
        ("start,end,count\n2030-05-01,2030-04-01,1\n", "counts:2: end 2030-04-01 is before start 2030-05-01"),
        ("start,end,count\n20,10,1\n", "counts:2: end 10 is before start 20"),
        ("start,end,count\n,10,1\n", "counts:2: has a count and no start"),
        ("start,end,count\n2030-05-01,10,1\n", "counts:2: has one day as a date and one as a number"),
        ("end,cumulative\n168,1\n2030-05-01,2\n", "counts: has days as dates and as numbers"),
        ("start,end,count,cumulative\n1,2,3,4\n", "counts:2: says how many in 'count' or in 'cumulative'"),
        ("start,end,count,cumulative\n1,2,,\n", "counts:2: says how many in 'count' or in 'cumulative'"),
        ('end,cumulative\n"168,1\n', "counts:2: is no CSV"),
    ],
)
def test_what_cannot_be_is_refused_at_its_line(text, message):
    with pytest.raises(InputError, match=message):
        parse_counts(text)


def test_files_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_counts(tmp_path / "none.csv")
    binary, large = tmp_path / "binary.csv", tmp_path / "large.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    large.write_bytes(b"1" * (MOST_BYTES + 1))
    with pytest.raises(InputError, match="is not text in UTF-8"):
        read_counts(binary)
    with pytest.raises(InputError, match="above 1,000,000; join days to months"):
        read_counts(large)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text):
    for lines in (text, f"start,end,count\n{text}", f"end,cumulative\n{text}"):
        with suppress(InputError):
            assert parse_counts(lines)
