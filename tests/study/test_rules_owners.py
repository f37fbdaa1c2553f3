"""What a study may say of owners and links of supply, and what it is told where it cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study

Refused = Callable[..., str]
FJORD = '{company: danube, holder: fjord, share: "40 percent [page]", since: "2025-02 [page]"}'
LINK = '  - {supplier: packs, customer: holding, product: pack, since: "2025-02 [page]"}\n'


def supplies(*rows: str) -> str:
    return "".join(f"  - {row}\n" for row in rows)


GIVEN = [
    (FJORD, FJORD[:-1] + ', until: "2026-01 [page]"}'),
    (FJORD, FJORD[:-1] + ', votes: "45 percent [page]"}'),
    ("holding: {}", 'holding: {capital: "1000000000 NOK [page]"}'),
    (LINK, supplies('{supplier: packs, customer: cars, product: pack, share: "60 .. 90 percent [page]"}')),
    (LINK, supplies('{supplier: danube, customer: fjord, product: pack, since: "2020-01 [page]"}')),
    # one follows the other
    (
        LINK,
        supplies(
            '{supplier: danube, customer: fjord, product: pack, share: "70 percent [page]", until: "2025-06 [page]"}',
            '{supplier: holding, customer: fjord, product: pack, share: "70 percent [page]", since: "2025-07 [page]"}',
        ),
    ),
]


@pytest.mark.parametrize(("old", "new"), GIVEN)
def test_what_can_be_said(small_text: str, old: str, new: str) -> None:
    assert small_text.count(old) == 1
    assert parse_study(small_text.replace(old, new)).firms


LOOP = """{company: fjord, holder: danube, share: "100 percent [page]", since: "2026-05 [page]"}
  - {company: danube, holder: holding, share: "0 percent [page]", since: "2026-03 [page]"}
  - {company: danube, holder: fjord, share: "100 percent [page]", since: "2026-04 [page]"}
  - """
WRONG = [
    (FJORD, FJORD[:-1] + ', until: "2025-01 [page]"}', "stakes.0.until: 2025-01 is before its first day, 2025-02"),
    (
        FJORD,
        FJORD[:-1] + ', votes: "46 percent [page]"}',
        "votes in 'danube' add up to 101 % from 2025-03-01 (fjord 46 %, holding 55 %), above 100 %",
    ),
    (FJORD, FJORD[:-1] + ', votes: "40 MW [page]"}', "'40 MW' is in MW; a quantity in percent belongs here"),
    (FJORD, LOOP + FJORD, "from 2026-05-01 'danube' → 'fjord' → 'danube' own one another completely"),
    (
        FJORD,
        '{company: holding, holder: holding, share: "100 percent [page]"}\n  - ' + FJORD,
        "stakes.0: 'holding' owns all of itself",
    ),
    ("holding: {}", 'holding: {capital: "5 MW [page]"}', "firms.holding.capital: '5 MW' is in MW; an amount of money"),
    ("holding: {}", 'holding: {capital: "-5 USD [page]"}', "firms.holding.capital: '-5 USD' is below 0"),
    (
        LINK,
        supplies("{supplier: danub, customer: fjord, product: pack, source: page}"),
        "supplies.0.supplier: 'danub' is not among the firms and plants; did you mean 'danube'?",
    ),
    (
        LINK,
        supplies("{supplier: danube, customer: cras, product: pack, source: page}"),
        "supplies.0.customer: 'cras' is not among",
    ),
    (
        LINK,
        supplies("{supplier: danube, customer: fjord, product: packs, source: page}"),
        "supplies.0.product: 'packs' is not amo",
    ),
    (
        LINK,
        supplies("{supplier: danube, customer: danube, product: pack, source: page}"),
        "supplies.0.customer: 'danube' supplies i",
    ),
    (
        LINK,
        supplies("{supplier: packs, customer: fjord, product: car, source: page}"),
        "plant 'packs' makes 'pack', not 'car'",
    ),
    (
        LINK,
        supplies('{supplier: danube, customer: fjord, product: pack, since: "2026 [page]"}'),
        "'2026' is not a date",
    ),
    (
        LINK,
        supplies(
            '{supplier: danube, customer: fjord, product: pack, share: "70 percent [page]"}',
            '{supplier: holding, customer: fjord, product: pack, share: "31 percent [page]", since: "2025-07 [page]"}',
        ),
        "supplies of 'pack' to 'fjord' add up to 101 % from 2025-07-01 (danube 70 %, holding 31 %), above 100 %",
    ),
    (LINK, supplies("{supplier: danube, customer: fjord, product: pack}"), "supplies.0: has no source; add 'source: s"),
    (
        LINK,
        supplies("{supplier: danube, customer: fjord, product: pack, source: pge}"),
        "source 'pge' is not in sources",
    ),
    (LINK, supplies("{supplier: danube, customer: fjord, product: pack, part: 3}"), "this key is not known"),
]


@pytest.mark.parametrize(("old", "new", "words"), WRONG)
def test_what_cannot_be_is_refused_at_its_line(refused: Refused, old: str, new: str, words: str) -> None:
    said = refused(old, new)
    assert words in said
    assert said.startswith("small.yaml:")


def test_a_stake_that_has_ended_is_not_added(small_text: str) -> None:
    bought = '  - {company: danube, holder: holding, share: "95 percent [page]", since: "2026-01 [page]"}\n'
    more = small_text.replace("plants:\n", bought + "plants:\n", 1)
    with pytest.raises(StudyError, match=r"add up to 135 % from 2026-01-01"):
        parse_study(more)
    parse_study(more.replace(FJORD, FJORD[:-1] + ', until: "2025-12-31 [page]"}'))
    with pytest.raises(StudyError, match=r"add up to 135 % from 2026-01-01"):
        parse_study(more.replace(FJORD, FJORD[:-1] + ', until: "2026-01-01 [page]"}'))


def test_a_firm_and_a_plant_of_one_name_are_told_apart(small_text: str) -> None:
    text = small_text.replace("  holding: {}", "  holding: {}\n  packs: {}")
    with pytest.raises(StudyError, match="'packs' is a firm and a plant of the study"):
        parse_study(text.replace(LINK, supplies("{supplier: packs, customer: cars, product: pack, source: page}")))
