from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import StudyError
from cell2grid.study import yaml_tree
from cell2grid.study.yaml_tree import load_tree, parse_tree


def test_every_node_has_its_line_and_column_and_its_exact_text() -> None:
    text = "a: 1\nb:\n  - 'x é'\n  - {c: \"d\"}\n"
    tree = parse_tree(text, name="f.yaml")
    assert tree.value == {"a": 1, "b": ("x é", {"c": "d"})}
    assert tree.where(("b", 1, "c")) == "f.yaml:4:9"
    assert tree.where(("b", 1, "c"), key=True) == "f.yaml:4:6"
    mark = tree.marks[("b", 0)]
    assert text[mark.start : mark.end] == "'x é'"
    mark = tree.marks[("b", 1, "c")]
    assert text[mark.start : mark.end] == '"d"'


@pytest.mark.parametrize("escaped", ["\\e[31m", "\\0", "\\a", "\\x7f", "\\x9b"])
def test_control_characters_are_refused_at_their_place(escaped: str) -> None:
    with pytest.raises(StudyError, match=r"f\.yaml:2:4: holds the control character U\+00"):
        parse_tree(f'a: 1\nb: "red{escaped}"\n', name="f.yaml")
    with pytest.raises(StudyError, match=r"f\.yaml:2:1: holds the control character"):
        parse_tree(f'a: 1\n"red{escaped}": 1\n', name="f.yaml")
    assert parse_tree('a: "one\\n\\ttwo \\u0627"').value == {"a": "one\n\ttwo \u0627"}


def test_place_of_what_is_absent_is_that_of_the_part_around_it() -> None:
    tree = parse_tree("plants:\n  north: {owner: a}\n", name="f.yaml")
    assert tree.where(("plants", "north", "region")) == "f.yaml:2:10"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_offsets_hold_for_every_line_end_and_a_byte_order_mark(mark: str, end: str) -> None:
    text = mark + end.join(["a: 1", "", "b: 'two'", "c: 3"])
    tree = parse_tree(text, name="f")
    place = tree.marks[("b",)]
    assert text[place.start : place.end] == "'two'"
    assert (place.line, place.column) == (3, 4)
    assert tree.where(("a",)) == "f:1:4"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2025-01", "2025-01"),
        ("2025-01-31", "2025-01-31"),
        ("1_000", "1_000"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("true", True),
        ("~", None),
        ("", None),
        ("null", None),
        ("-7", -7),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("9" * 31, "9" * 31),
    ],
)
def test_scalars_are_read_as_yaml_1_2_says(written: str, value: object) -> None:
    read = parse_tree(f"k: {written}").value["k"]
    assert read == value
    assert type(read) is type(value)


def test_keys_are_always_text() -> None:
    assert parse_tree("1: a\nNO: b\nnull: c\n").value == {"1": "a", "NO": "b", "null": "c"}


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3:1", "key 'a' comes twice, first in line 1"),
        ("a: {b: 1, b: 2}\n", "f:1:11", "key 'b' comes twice"),
        ("a: !!python/object:os.system x\n", "f:1:4", "is not allowed"),
        ("a: !b x\n", "f:1:4", "tag '!b'"),
        ("a: [1\nb: 2\n", "f:2:2", "is not YAML"),
        ("a: 'b\n", "f:2:1", "is not YAML"),
        ("a: 1\n---\nb: 2\n", "f:2:1", "a second document begins"),
        ("? [a]\n: 1\n", "f:1:3", "a key must be plain text"),
        ("a: *b\n", "f:1:4", "no anchor"),
        ("a: &a [*a]\n", "f:1:8", "no anchor that is complete before it"),
        ("a: b\x07\n", "f:1:5", "control characters"),
        ("a: b\0\n", "f", "NUL byte"),
        ("", "f", "is empty"),
        ("  \n\t\n", "f", "is empty"),
        ("# a remark\n", "f", "is empty"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(text: str, where: str, said: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_tree(text, name="f")
    assert caught.value.where == where
    assert said in caught.value.message


@pytest.mark.parametrize("text", ["[" * 300_000, "{a: " * 200_000, "- " * 400_000, "a: " + "[" * 51 + "]" * 51])
def test_depth_is_capped_before_anything_is_built(text: str, within) -> None:
    with within(6), pytest.raises(StudyError, match=r"deeper than 50|is not YAML"):
        parse_tree(text)


def test_fifty_levels_are_allowed() -> None:
    value = parse_tree("a: " + "[" * 49 + "7" + "]" * 49).value["a"]
    for _ in range(49):
        (value,) = value
    assert value == 7


def test_anchors_that_multiply_are_refused_before_they_are_built(within) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 30)]
    with within(3), pytest.raises(StudyError, match="aliases repeat more than 1,000 values") as caught:
        parse_tree("\n".join(rows), name="bomb.yaml")
    assert caught.value.where is not None
    assert caught.value.where.startswith("bomb.yaml:3:")


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12))
def test_a_document_with_aliases_never_grows_beyond_the_cap(width: int, times: int, levels: int) -> None:
    rows = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * times)}]" for n in range(1, levels + 1)]
    text = "\n".join(rows)
    try:
        tree = parse_tree(text)
    except StudyError:
        return
    assert len(tree.marks) <= len(text) + yaml_tree.MOST_REPEATED


def test_an_alias_stands_for_its_value_and_says_that_it_is_repeated() -> None:
    tree = parse_tree("a: &x {b: 1}\nc: *x\n", name="f")
    assert tree.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert tree.where(("c", "b")) == "f:1:11"
    assert tree.marks[("c", "b")].repeated
    assert not tree.marks[("a", "b")].repeated


def test_number_of_values_is_capped() -> None:
    with pytest.raises(StudyError, match="more than 100,000 values"):
        parse_tree("a: [" + "1," * 100_001 + "]")


def test_files_that_are_not_text_are_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: 1\ntitle: Größe\n".encode("latin-1"))
    with pytest.raises(StudyError, match=r"is not UTF-8 \(0xf6\); save the file as UTF-8") as caught:
        load_tree(latin)
    assert caught.value.where == f"{latin}:2"
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (yaml_tree.MOST_BYTES + 1))
    with pytest.raises(StudyError, match="is larger than 1,000,000 bytes"):
        load_tree(large)
    for path in (tmp_path, tmp_path / "absent.yaml"):
        with pytest.raises(StudyError, match="cannot be read"):
            load_tree(path)


@given(st.text(max_size=200))
def test_any_text_gives_a_tree_or_a_study_error(text: str) -> None:
    try:
        tree = parse_tree(text)
    except StudyError:
        return
    for path, mark in tree.marks.items():
        assert 0 <= mark.start <= mark.end <= len(text), path
