"""Correlations of a study: what cannot be is refused at its line, with what could be instead."""

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import load_study, parse_study

WRITTEN = "  - {between: [plants.packs.yield, plants.packs.ramp.months_to_nameplate], value: -0.5}\n"
YIELD, RAMP, LEAD = "plants.packs.yield", "plants.packs.ramp.months_to_nameplate", "lanes.0.lead_time"


@pytest.fixture
def study_with(request):
    text = (request.path.parent / "small_study.yaml").read_text(encoding="utf-8")
    assert WRITTEN in text

    def parse(*rows):
        said = "".join(f"  - {{between: [{one}, {other}], value: {value}}}\n" for one, other, value in rows)
        return parse_study(text.replace(WRITTEN, said))

    return parse


def test_correlations_that_can_be_are_read(study_with, request):
    assert load_study(request.path.parent / "small_study.yaml").study.correlations[0].value == -0.5
    assert len(study_with((YIELD, RAMP, 0.9), (YIELD, LEAD, 0.9), (RAMP, LEAD, 0.9)).correlations) == 3
    assert study_with((YIELD, RAMP, 1), (YIELD, LEAD, -0.3), (RAMP, LEAD, -0.3)).correlations[0].value == 1.0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # 0.9 * 0.9 - 0.19 = 0.62 is the least that a third can have
        ([(YIELD, RAMP, 0.9), (YIELD, LEAD, 0.9), (RAMP, LEAD, -0.2)], r"9:82: .* leave 0.62 to 1; write 0.63"),
        # beside 0.9, and 0 for the pair that is not listed, at most sqrt(1 - 0.81) = 0.436
        ([(YIELD, RAMP, 0.9), (YIELD, LEAD, 0.9)], r"8:\d+: .* leave -0.436 to 0.436; write 0.43"),
        ([(YIELD, RAMP, 1), (YIELD, LEAD, 0.9), (RAMP, LEAD, 0.8)], r"2: 'lanes.0.lead_time' cannot be correlated"),
        ([(YIELD, "plants.packs.capacity", 0.5)], r"'plants.packs.capacity' is one number"),
        ([(YIELD, "plants.packs.yeild", 0.5)], r"did you mean 'plants.packs.yield'"),
        ([(YIELD, RAMP, 1.5)], r"1.5 is above 1.0, the most it can be"),
        ([(YIELD, RAMP, ".nan")], r"correlations.0.value"),
        ([(YIELD, YIELD, 0.5)], r"goes with itself"),
    ],
)  # fmt: skip
def test_correlations_that_cannot_be_are_refused_with_what_can(study_with, rows, said):
    with pytest.raises(StudyError, match=said):
        study_with(*rows)
