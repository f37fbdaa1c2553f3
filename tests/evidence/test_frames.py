"""The shared suite of all frames: each reads its own examples, of at least three firms or countries."""

from __future__ import annotations

from typing import Any

import pytest

from cell2grid.evidence.frames import Example, Frame, frames
from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document, Tier

CASES = [(frame, example) for frame in frames() for example in frame.examples]
ASKED = (
    "capacity",
    "unit_energy",
    "exports",
    "share",
    "stake",
    "storage_project",
    "utilisation",
    "investment",
    "capital",
    "supplies",
    "milestone",
)


def _claims(example: Example) -> tuple[Claim, ...]:
    document = Document("e" * 64, "example.txt", "text", example.sentence)
    return read_page(document, date=example.date).claims


@pytest.mark.parametrize(("frame", "example"), CASES, ids=[f"{f.name}-{e.sentence[:28]}" for f, e in CASES])
def test_a_frame_reads_its_examples(frame: Frame, example: Example) -> None:
    claims = _claims(example)
    for row in example.claims:
        wanted: dict[str, Any] = {"frame": frame.name, **row}
        told = [claim for claim in claims if claim.value_text == row["value_text"]]
        found = [claim for claim in told if claim.frame == frame.name or len(told) == 1]
        assert len(found) == 1, [claim.value_text for claim in claims]
        slots = {key: getattr(found[0], key) for key in wanted}
        assert slots == {key: pytest.approx(v) if isinstance(v, float) else v for key, v in wanted.items()}
        assert found[0].measure in frame.measures


def test_every_frame_has_three_examples_and_a_measure_of_its_own() -> None:
    measures = [measure for frame in frames() for measure in frame.measures]
    assert len(measures) == len(set(measures))
    assert all(len(frame.examples) >= 3 for frame in frames())
    assert set(ASKED) <= {frame.name for frame in frames()}


def test_no_example_is_about_the_studies_that_ship() -> None:
    for frame in frames():
        assert not any("Shanghai" in example.sentence for example in frame.examples)


def test_a_quantity_without_a_frame_is_in_tier_c() -> None:
    claims = _claims(Example("The hall has 14 doors and weighs 300 tonnes.", ()))
    assert [(c.measure, c.tier, c.frame, c.unit) for c in claims] == [
        ("count", Tier.C, "", "door"),
        ("other", Tier.C, "", "tonne"),
    ]


def test_what_is_carried_over_is_named() -> None:
    text = "Kia exported 9,000 cars in May 2024. The figure dropped to 6,000 in June."
    first, second = _claims(Example(text, ()))
    assert (first.tier, first.inherited) == (Tier.A, ())
    assert second.tier is Tier.B
    assert (second.measure, second.value, second.unit, second.subject) == ("exports", 6000.0, "vehicle", "Kia")
    assert (second.period_start, second.period_end) == ("2024-06-01", "2024-06-30")
    assert "subject" in second.inherited


def test_both_readings_of_a_multiple_are_kept() -> None:
    (claim,) = _claims(Example("Exports of Kia were up 1.3x in 2024.", ()))
    assert (claim.value, claim.unit, claim.measure) == (1.3, "ratio", "change")
    assert [reading["value"] for reading in claim.alternatives] == [130.0, 30.0]


def test_a_converted_value_goes_with_the_one_before_it() -> None:
    yuan, dollar = _claims(Example("Acme Cells has a registered capital of 1 billion yuan (about $140 million).", ()))
    assert (yuan.measure, dollar.measure, dollar.unit, dollar.approx) == ("capital", "capital", "USD", "about")
    assert yuan.subject == dollar.subject == "Acme Cells"
