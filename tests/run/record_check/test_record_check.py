"""Rules for the operating date against records: made-up ones with known answers, and the public tracker's."""

import re
from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import InputError
from cell2grid.run.record_check import check_record, read_record
from cell2grid.run.record_check.rules import RULES, last_begun, nearest_in_size, site_time

HEAD = "name,type,power_mw,capacity_mwh,estimate_mwh,no_of_battery_units,start_construction,start_operation\n"
PAGE = Path(__file__).resolve().parents[3] / "docs/reference/megapack-record.md"
# 100 days and one more for each MW, in three years
LINE = [("fen", 10, 2020, 110), ("moss", 50, 2020, 150), ("heath", 20, 2021, 120), ("dune", 90, 2021, 190)]
LINE += [("cliff", 30, 2022, 130), ("marsh", 70, 2022, 170)]


def _row(name, power, year, days, kind="box"):
    end = np.datetime64(f"{year}-01-01") + days
    return f"{name},{kind},{power},{2 * power},,,{year}-01-01,{end}\n"


@pytest.fixture
def record(tmp_path):
    def make(*rows):
        path = tmp_path / "projects.csv"
        path.write_text(HEAD + "".join(rows), encoding="utf-8")
        return read_record(path)

    return make


def test_a_record_that_follows_the_rule_is_met_to_the_day(record):
    check = check_record(record(*(_row(*one) for one in LINE)))
    assert site_time(check.record.projects) == pytest.approx((100, 1))
    assert check.misses["site and power"] == pytest.approx(np.zeros(6), abs=1e-6)
    document = check.document()
    assert document["rules"][0]["mean_absolute_error"] == pytest.approx(0, abs=1e-6)
    assert document["verdict"] == "better"
    assert [row["missed"] for row in document["projects"]] == pytest.approx([0] * 6, abs=1e-6)


def test_naive_rules_by_hand(record):
    """Known are 2021 and 2022: 120, 190, 130 and 170 days, with a median of 150.

    Fen has 10 MW, heath's 20 are nearest: 120. No project began before 2020, so the first to begin after stands in.
    """
    projects = record(*(_row(*one) for one in LINE)).projects
    asked, known = [p for p in projects if p.name == "fen"], [p for p in projects if p.start.year > 2020]
    assert RULES["median"](known, asked).tolist() == [150]
    assert nearest_in_size(known, asked).tolist() == [120]
    assert last_begun(known, asked).tolist() == [190]
    cliff = [p for p in projects if p.name == "cliff"]
    early = [p for p in projects if p.start.year < 2022]
    assert last_begun(early, cliff).tolist() == [120]


def test_no_year_sees_itself(record):
    """A project that takes ten times as long changes what is said of other years, and nothing of its own."""
    rows = [_row(*one) for one in LINE]
    before = check_record(record(*rows)).said["median"]
    after = check_record(record(*rows[:4], *(_row(n, p, y, 10 * d) for n, p, y, d in LINE[4:]))).said["median"]
    assert (before[4:] == after[4:]).all()
    assert (before[:4] < after[:4]).all()


def test_the_order_of_rows_changes_nothing(record):
    rows = [_row(*one) for one in LINE]
    one, two = (check_record(record(*order)).document() for order in (rows, rows[::-1]))
    assert one == two


def test_the_naive_rule_wins_where_size_does_not_matter_and_it_is_said(record):
    rows = [_row(f"p{number}", 1 + number * 13 % 97, 2015 + number % 6, 200 + number % 3) for number in range(30)]
    document = check_record(record(*rows)).document()
    assert document["verdict"] == "not told apart"
    assert document["days_per_megawatt"] == pytest.approx(0, abs=0.05)


def test_each_row_that_is_left_out_is_named(record):
    good = [_row(*one) for one in LINE]
    bad = [
        "planned,box,10,20,,,,\n",
        "begun,box,10,20,,,2021-01-01,\n",
        "backwards,box,10,20,,,2021-01-01,2020-01-01\n",
        "sameday,box,10,20,,,2021-01-01,2021-01-01\n",
        "vague,box,10,20,,,2021,2022-01-01\n",
        "never,box,10,20,,,2021-02-30,2022-01-01\n",
        "sizeless,box,,20,,,2021-01-01,2022-01-01\n",
        "endless,box,inf,20,,,2021-01-01,2022-01-01\n",
        "month,box,10,,20,,2021-01-01,2022-03\n",
        ",box,-5,20,,,2021-01-01,2022-01-01\n",
    ]
    found = record(*good, *bad)
    assert found.rows == 16
    assert {left.reason: left.names for left in found.left_out} == {
        "neither date": ("planned",),
        "no start_operation": ("begun",),
        "operates before its construction begins, or on the same day": ("backwards", "sameday"),
        "a date that is no day or month": ("vague", "never"),
        "no power above nought": ("sizeless", "endless", "a row without a name"),
    }
    (month,) = [project for project in found.projects if project.month_only]
    assert (month.operation.isoformat(), month.energy) == ("2022-03-15", 20)
    assert check_record(found).document()["month_only"] == ["month"]


def test_a_type_is_told_of_and_all_are_fitted(record):
    rows = [_row(*one) for one in LINE[:4]] + [_row(*one, kind="Crate XL") for one in LINE[4:]]
    check = check_record(record(*rows), kind="crate")
    assert [project.name for project in check.asked] == ["cliff", "marsh"]
    assert check.misses["site and power"] == pytest.approx([0, 0], abs=1e-6)
    assert check.document()["typed"] == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,power_mw,start_construction\nfen,1,2020-01-01\n", "no column 'start_operation'"),
        ("", "no column 'name'"),
        (HEAD, "0 project"),
        (HEAD + _row("fen", 1, 2020, 9) + _row("moss", 1, 2020, 9), "of 1 year"),
        (HEAD + _row("fen", 1, 2020, 9) + _row("moss", 1, 2021, 9), "only 1 project"),
        ('name,"power_mw\n', "is no CSV file"),
        ("name," + HEAD, "the column 'name' twice"),
    ],
)
def test_files_that_say_too_little_are_refused(tmp_path, content, said):
    path = tmp_path / "few.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        check_record(read_record(path))


def test_what_is_no_file_and_no_type_is_refused(tmp_path, record):
    with pytest.raises(InputError, match="cannot be read"):
        read_record(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no text in UTF-8"):
        read_record(tmp_path / "bytes.csv")
    with pytest.raises(InputError, match="begins with 'sphere'; known types: box"):
        check_record(record(*(_row(*one) for one in LINE)), kind="sphere")


def test_the_public_record_of_megapack_projects(shared):
    """48 of 1,649 rows have both dates, two of them backwards; of 85 typed Megapack nine have both.

    What the page says of it is what the record gives.
    """
    record = read_record(shared / "data/megapack-projects.csv")
    assert (record.rows, len(record.projects), record.typed("megapack")) == (1649, 46, 85)
    (backwards,) = [left for left in record.left_out if "before" in left.reason]
    assert len(backwards.names) == 2
    found = check_record(record, kind="megapack").document()
    assert found["tested"] == 9
    rules = {row["rule"]: row["mean_absolute_error"] for row in found["rules"]}
    assert rules["site and power"] < min(rules["median"], rules["nearest in size"], rules["last begun"])
    everything = check_record(record).document()
    assert everything["verdict"] == "not told apart"
    assert everything["differences"][0]["low"] < 0 < everything["differences"][0]["high"]
    text = PAGE.read_text(encoding="utf-8").replace("−", "-")
    for place, document in ((1, everything), (2, found)):
        cells = {row["rule"]: [row["mean_absolute_error"], row["low"], row["high"]] for row in document["rules"]}
        cells |= {
            f"against {row['against']}": [row["mean"], row["low"], row["high"]] for row in document["differences"]
        }
        section = text.split("## Misses")[1].split("By how much")
        for name, numbers in cells.items():
            if name == "site and energy":
                continue
            part = section[1 if name.startswith("against ") else 0]
            (line,) = re.findall(rf"^\| {name.removeprefix('against ')}\b.*$", part, re.MULTILINE)
            shown = [float(number) for number in re.findall(r"-?\d+", line.split("|")[place + 1])]
            assert shown == pytest.approx(numbers, abs=0.6)
