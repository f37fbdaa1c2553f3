"""Fits that cannot be are refused at their line, with what to write instead."""

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study

STUDY = """study: works
horizon: {start: 2030-01, end: 2030-12}
sources: {page: {title: A plant, publisher: The Gazette, date: 2031}}
regions: {"NO": {}}
products: {pack: {counted_in: pack}}
firms: {north: {}}
plants:
  fjord:
    {owner: north, region: "NO", makes: pack, capacity: "9000 pack/year [page]", opens: "2030-01 [page]",
     yield: "90 percent [page]"}
  reef: {owner: north, region: "NO", makes: pack, capacity: "0 pack/year [page]", opens: "2030-01 [page]"}
markets:
  buyers: {region: "NO", product: pack, demand: [{start: 2030-01, unlimited: "assumed: buyers queue"}]}
observations:
  year: {variable: output, of: fjord, start: 2030-01, end: 2030-12, value: "8000 pack [page]"}
  none: {variable: output, of: reef, start: 2030-01, end: 2030-12, value: "0 pack [page]"}
fit:
  unknowns:
    plants.fjord.capacity:
      low: "5000 pack/year [page]"
      high: "20000 pack/year [page]"
  on: [year]
  tolerance: "2 percent [page]"
"""
NAME, ON, LOW = "plants.fjord.capacity:", "on: [year]", 'low: "5000 pack/year'
TOLERANCE, HIGH = '"2 percent [page]"', 'high: "20000 pack/year [page]"'
_MORE = f"{HIGH}\n      "

REFUSED = [
    (NAME, "plants.fjord.capcity:", "is no figure that can be fitted; did you mean 'plants.fjord.capacity'"),
    (NAME, "observations.year.value:", "'observations.year.value' is no figure that can be fitted"),
    (NAME, "plants.fjord.opens:", "'plants.fjord.opens' is no figure that can be fitted"),
    (LOW, 'low: "50 percent', "is in percent, and 'plants.fjord.capacity' in pack/year"),
    (LOW, 'low: "50000 pack/year', "'20000 pack/year' is not above low, '50000 pack/year'"),
    (LOW, 'low: "50 .. 60 pack/year', "is a range; one number belongs here"),
    (LOW, 'low: "-5 pack/year', "is below 0"),
    (ON, "on: [yaer]", "'yaer' is no observation; did you mean 'year'?"),
    (ON, "on: [year, year]", "'year' is listed twice; keep one"),
    (ON, "on: [year, none]", "a part of nothing is no deviation; give 'least' in pack"),
    (TOLERANCE, '"0 percent [page]"', "is not above 0, so that nothing is near enough"),
    (TOLERANCE, '"1 .. 2 percent [page]"', "is a range; one number belongs here"),
    (HIGH, f"{_MORE}also: [plants.reef]", "'plants.reef' is no figure"),
    (HIGH, f"{_MORE}also: [plants.fjord.capacity]", "is an unknown itself; name it once"),
    (HIGH, f"{_MORE}against: plants.fjord.yield", "'plants.fjord.yield' is in percent"),
    (HIGH, f'{_MORE}prior: "7000 pack/year [page]"', "is one number; write a distribution"),
    (HIGH, f'{_MORE}prior: "1 .. 2 pack/year [page]"', "is nowhere between"),
    (NAME, "plants.reef.capacity:\n      also: [plants.fjord.capacity]", "nothing is in proportion to that"),
]


def test_the_study_itself_is_right():
    assert parse_study(STUDY).fit is not None


@pytest.mark.parametrize(("old", "new", "words"), REFUSED)
def test_what_cannot_be_is_refused_with_the_next_step(old, new, words):
    assert old in STUDY
    with pytest.raises(StudyError) as refused:
        parse_study(STUDY.replace(old, new))
    assert words in str(refused.value)
    assert "study:" in str(refused.value)


def test_a_least_deviation_lets_nothing_be_observed():
    study = parse_study(STUDY.replace("on: [year]", 'on: [year, none]\n  least: "50 pack [page]"'))
    assert study.fit is not None
    assert study.fit.least is not None


def test_a_bound_that_the_figure_cannot_have_is_refused():
    """A yield of 150 percent is none, whatever is observed."""
    text = STUDY.replace(NAME, "plants.fjord.yield:").replace(LOW, 'low: "50 percent')
    with pytest.raises(StudyError, match="150 percent is above 100"):
        parse_study(text.replace(HIGH, 'high: "150 percent [page]"'))
