"""Lanes between plants of a study: what they take in from one another is there at once, and the run says so."""

from __future__ import annotations

from cell2grid.run.inputs.lanes import lanes_of_inputs
from cell2grid.run.manifest import not_used
from cell2grid.study.loader import parse_study

STUDY = """
study: up-the-river
horizon: {start: 2030-01, end: 2030-12}
sources: {log: {title: A log, publisher: The mill, date: 2030-01-02}}
regions: {SE: {}, PL: {}, FI: {}}
products:
  salt: {counted_in: cell}
  cell: {counted_in: cell}
  pack: {counted_in: pack}
firms: {mill: {}}
plants:
  salts: {owner: mill, region: PL, makes: salt, capacity: "9 cell/month [log]", opens: "2030-01 [log]"}
  cells: {owner: mill, region: PL, makes: cell, capacity: "9 cell/month [log]", opens: "2030-01 [log]",
    inputs: [{product: salt, per_item: "1 cell/cell [log]"}]}
  packs: {owner: mill, region: SE, makes: pack, capacity: "9 pack/month [log]", opens: "2030-01 [log]",
    inputs: [{product: cell, per_item: "1 cell/pack [log]"}]}
lanes:
  - {origin: PL, destination: SE, lead_time: "24 day [log]"}
  - {origin: SE, destination: PL, lead_time: "24 day [log]"}
  - {origin: PL, destination: SE, product: cell, lead_time: "9 day [log]"}
"""


def test_the_lane_that_inputs_would_take_is_told() -> None:
    """Cells go from PL to SE by the lane that names them; salt stays in its region, and packs feed no plant."""
    study = parse_study(STUDY)
    assert lanes_of_inputs(study) == [2]
    said = [row for row in not_used(study) if row.startswith("lanes.")]
    assert len(said) == 1
    assert said[0].startswith("lanes.2: inputs are at hand in the month in which they are made")


def test_what_comes_from_outside_takes_no_lane_of_the_study() -> None:
    outside = STUDY.replace("cell: {counted_in: cell}", 'cell: {counted_in: cell, external: "assumed: sold by all"}')
    assert lanes_of_inputs(parse_study(outside)) == []
