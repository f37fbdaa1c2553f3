from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import load_study, parse_study, read_study
from cell2grid.study.model import Study

Refused = Callable[..., str]


def test_small_study_is_read_whole(small_text: str) -> None:
    study = parse_study(small_text)
    assert study.plants["packs"].yield_rate is not None
    assert study.plants["packs"].yield_rate.magnitude.low == 0.9
    assert [str(source) for source in study.plants["packs"].yield_rate.sources] == [
        "page",
        "assumed: a new line; so a range",
    ]
    assert study.plants["cars"].tranches[1].opens.month == "2026-04"
    assert study.shocks["fire"].end.last.isoformat() == "2025-08-31"


@pytest.mark.parametrize(
    ("old", "new", "at", "parts"),
    [
        (
            'capacity: "120000',
            'capcity: "120000',
            "capcity",
            ["plants.packs.capcity: this key is not known; did you mean 'capacity'?"],
        ),
        (
            '"120000 pack/year [page]"',
            '"120000 vehicle/year [page]"',
            '"120000 vehicle',
            ["'120000 vehicle/year' counts in 'vehicle'", "product 'pack' is counted in 'pack'", "write the product's"],
        ),
        (
            '"120000 pack/year [page]"',
            '"120 MW [page]"',
            '"120 MW',
            ["'120 MW' is in MW; a quantity in item/month or MWh/month belongs here"],
        ),
        (
            '"120000 pack/year [page]"',
            '"120000 packz/yeer [page]"',
            '"120000 packz',
            ["unit 'packz' is not known (did you mean 'pack'?)"],
        ),
        (
            '"120000 pack/year [page]"',
            '"-1 pack/year [page]"',
            '"-1 pack',
            ["plants.packs.capacity: -1 pack/year is below 0 item/month, the least it can be"],
        ),
        (
            '"120000 pack/year [page]"',
            '"120000 pack/year"',
            '"120000 pack',
            ["'120000 pack/year' has no source; add one in brackets, as in '120000 pack/year [source-key]'"],
        ),
        (
            '"120000 pack/year [page]"',
            '"120000 pack/year [pages]"',
            '"120000 pack',
            ["source 'pages' is not in sources; did you mean 'page'?"],
        ),
        (
            '"120000 pack/year [page]"',
            '"120000 pack/year [assumed:  ]"',
            '"120000 pack',
            ["source 'assumed:' has no known form", "'assumed: why'"],
        ),
        ('"120000 pack/year [page]"', "120000", "120000", ["120000 has no unit; write it as text with one"]),
        (
            '"120000 pack/year [page]"',
            '"150000 .. 120000 pack/year [page]"',
            '"150000',
            ["falls; write the lowest number first"],
        ),
        ('"120000 pack/year [page]"', '"1e999 pack/year [page]"', '"1e999', ["is not finite"]),
        ('"120000 pack/year [page]"', '"120000 item/year [page]"', '"120000 item', ["write the noun its product"]),
        (
            'share: "55 percent [page]"',
            'share: "65 percent [page]"',
            '"65 percent',
            ["stakes in 'danube' add up to 105 % from 2025-03-01 (fjord 40 %, holding 65 %), above 100 %"],
        ),
        (
            '"40 percent [page]"',
            '"140 percent [page]"',
            '"140',
            ["stakes.0.share: 140 percent is above 100 percent, the most it can be"],
        ),
        (
            'start: "2025-08-03 [page]"',
            'start: "2024-12-31 [page]"',
            '"2024-12-31',
            ["shocks.fire.start: 2024-12-31 is outside the horizon, 2025-01 to 2027-12"],
        ),
        ("owner: danube", "owner: Danube", "Danube\n", ["'Danube' is not among the firms; did you mean 'danube'?"]),
        ("    owner: danube\n", "", "packs:\n    region", ["plants.packs: 'owner' is missing; add it"]),
        ("curve: linear", "curve: lineal", "lineal", ["'lineal' is not one of", "did you mean 'linear'?"]),
        (
            "end: 2027-12}",
            "end: 2027-13}",
            "2027-13",
            ["horizon.end: '2027-13' is not a month; write it as 2025-02"],
        ),
        ("  packs:\n", "  'the packs':\n", "'the packs'", ["plants.the packs: this key is not a name; use letters"]),
        ("members: 20", "members: 20.5", "20.5", ["members: 20.5 is not a whole number"]),
        ("members: 20", "members: true", "true", ["members: True is not a whole number"]),
        ("seed: 3", "seed: -3", "-3", ["seed: -3 is below 0, the least it can be"]),
        ("makes: pack\n", "makes: 3\n", "3\n    construction", ["3 is not text; put it in quotes"]),
        ("stakes:\n", "stakes: 3\nx:\n", "3\nx", ["stakes: 3 is not a list"]),
        ("kind: storage,", "kind: stirage,", "{kind: stirage", ["'stirage' is not one of plant, storage"]),
        ("kind: storage, ", "", "{efficiency_charge", ["'kind' is missing; write 'kind: plant' or 'kind: storage'"]),
        (
            'opens: "2025-02 [page]"',
            'opens: "2025-02-30 [page]"',
            '"2025-02-30',
            ["'2025-02-30' is no day of the calendar"],
        ),
        ('opens: "2025-02 [page]"', "opens: 2025", "2025\n", ["2025 is not a date; write 2025-02 or 2025-02-11"]),
        (
            'capital_cost: "200 USD/kWh [page]"',
            'capital_cost: "200 NOK/MWh/year [page]"',
            '"200 NOK',
            ["'200 NOK/MWh/year' is in NOK/MWh/year; a cost in USD or USD/kWh or USD/kW belongs here"],
        ),
    ],
)
def test_bad_input_is_refused_with_place_value_bound_and_next_step(
    refused: Refused, old: str, new: str, at: str, parts: list[str]
) -> None:
    message = refused(old, new, at=at)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("study: small", "stduy: small", "stduy: this key is not known; did you mean 'study'?"),
        (
            "curve: linear,",
            "curve: linear, curv: 1,",
            "plants.packs.ramp.curv: this key is not known; did you mean 'curve'?",
        ),
        ("quarter_months: [3],", "quarter_month: [3],", "did you mean 'quarter_months'?"),
        (
            "kind: storage,",
            "kind: storage, fades: 1,",
            "technologies.store.fades: this key is not known; did you mean 'fade'?",
        ),
        (
            "firms:\n",
            "firms:\n  x: {zzz: 1}\n",
            "firms.x.zzz: this key is not known; the keys are aliases, capital, name, region",
        ),
        ("product: car\n", "product: car\n    wants: 3\n", "the keys are aliases, demand, name, product, region"),
    ],
)
def test_an_unknown_key_anywhere_brings_the_keys_of_that_place(refused: Refused, old: str, new: str, said: str) -> None:
    assert said in refused(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('steady: "97 percent [page]", ', "", "plants.cars.yield: 'steady' is missing; add it"),
        (
            'steady: "97',
            'steady: "197',
            "plants.cars.yield.steady: 197 percent is above 100 percent, the most it can be",
        ),
        (
            'yield: {start: "70',
            'yield: {begin: 1, start: "70',
            "plants.cars.yield.begin: this key is not known; the keys are months_to_steady, start, steady",
        ),
        ('yield: "0.9 ..', 'yield: "0.8 .. 0.6 ..', "plants.packs.yield: range '0.8 .. 0.6"),
    ],
)
def test_where_a_figure_or_keys_may_stand_only_the_form_that_was_written_is_spoken_of(
    refused: Refused, old: str, new: str, said: str
) -> None:
    message = refused(old, new)
    assert said in message
    assert message.count("plants.") == 1


def test_several_problems_come_in_the_order_of_the_file(small_text: str) -> None:
    text = small_text.replace("owner: danube", "owner: nobody").replace("makes: car\n", "makes: lorry\n")
    with pytest.raises(StudyError) as caught:
        parse_study(text, name="f")
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert "plants.packs.owner" in lines[0]
    assert "plants.cars.makes" in lines[1]


def test_only_the_first_ten_of_many_problems_are_shown(small_text: str) -> None:
    firms = "\n".join(f"  f{number}: {{region: nowhere}}" for number in range(14))
    with pytest.raises(StudyError) as caught:
        parse_study(small_text.replace("  holding: {}\n", f"  holding: {{}}\n{firms}\n"))
    lines = str(caught.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "and 4 more; mend these first"


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "7\n", "~\n"])
def test_what_is_no_mapping_is_no_study(text: str) -> None:
    with pytest.raises(StudyError, match="is no study; it begins with 'study: name'"):
        parse_study(text)


def test_open_figures_are_for_assemble_alone(small_text: str, tmp_path: Path) -> None:
    text = small_text.replace('"120000 pack/year [page]"', '"? pack/year"').replace(
        'construction_began: "2024-06 [page]"', 'construction_began: "?"'
    )
    path = tmp_path / "open.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="'cell2grid assemble'") as caught:
        load_study(path)
    assert "plants.packs.capacity: '? pack/year' is not filled in" in str(caught.value)
    loaded = load_study(path, unfilled=True)
    assert dict(loaded.unfilled()) == {
        ("plants", "packs", "capacity"): "? pack/year",
        ("plants", "packs", "construction_began"): "?",
    }
    mark = loaded.tree.marks[("plants", "packs", "capacity")]
    assert loaded.text[mark.start : mark.end] == '"? pack/year"'


def test_an_open_figure_still_needs_the_right_unit(small_text: str) -> None:
    with pytest.raises(StudyError, match="counts in 'vehicle'"):
        parse_study(small_text.replace('"120000 pack/year [page]"', '"? vehicle/year"'), unfilled=True)


def test_technology_of_the_library_comes_along_with_its_sources(small_text: str) -> None:
    study = parse_study(small_text.replace("technology: store\n", "technology: lfp-4h\n"))
    assert study.technologies["lfp-4h"].kind == "storage"
    assert "nrel-atb-2024" in study.sources
    again = Study.model_validate_json(study.model_dump_json(by_alias=True, exclude_none=True))
    assert again == study


def test_technology_of_the_study_comes_before_that_of_the_library(small_text: str) -> None:
    text = small_text.replace("  store: {", "  lfp-4h: {").replace("technology: store\n", "technology: lfp-4h\n")
    technology = parse_study(text).technologies["lfp-4h"]
    assert technology.kind == "storage"
    assert technology.efficiency_charge.value == 94.0


def test_a_source_of_the_library_is_not_mistaken_for_one_of_the_study(small_text: str) -> None:
    text = small_text.replace("technology: store\n", "technology: lfp-4h\n").replace(
        "sources:\n", "sources:\n  nrel-atb-2024: {title: Another page, publisher: P, date: 2020}\n"
    )
    with pytest.raises(StudyError, match="source 'nrel-atb-2024' is another one in the library's technology 'lfp-4h'"):
        parse_study(text)


def test_a_study_is_found_by_its_path_or_by_its_name(small_text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(small_text, encoding="utf-8")
    assert read_study(path).study == "small"
    assert read_study(str(path)).study == "small"
    assert read_study("shanghai-megapack").study == "shanghai-megapack"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shanghai-megapak", "did you mean 'shanghai-megapack'?"),
        ("absent.yaml", "there is no such file; check the path"),
        ("folder/absent", "there is no such file; check the path"),
        ("..", "there is no such file"),
        ("", "there is no such file"),
    ],
)
def test_what_is_neither_file_nor_name_says_so(name: str, said: str) -> None:
    with pytest.raises(StudyError) as caught:
        load_study(name)
    assert said in str(caught.value)
