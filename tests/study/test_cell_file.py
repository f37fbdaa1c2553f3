from __future__ import annotations

import pytest

from cell2grid.errors import StudyError
from cell2grid.run.life.cells import cells_named
from cell2grid.study import cell_file
from cell2grid.study.cell_file import cell_set, cell_sets

SET = """
cells:
  title: Own cells
  chemistry: LFP
  cell: made for this test
  paper: Nobody 2020
  doi: 10.1000/own
  law: anode-power
  parameters: {calendar_rate: 1.0}
  parameters_from: [paper]
  fitted: {depth: "20 .. 90 percent [paper]", charge_rate: "0 .. 2 ratio/day [paper]"}
sources:
  paper: {title: A paper, publisher: A journal, date: 2020}
"""


def _read(tmp_path, text):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return cell_file._read(path)


def test_lfp_and_nmc_sets_ship_and_fit_their_laws():
    assert {file.cells.chemistry for file in cell_sets().values()} == {"LFP", "NMC"}
    assert len(cell_sets()) >= 8
    for name, file in cell_sets().items():
        cells = cells_named(name)
        assert cells.doi in str(file.sources[file.cells.parameters_from[0]].url) or len(file.cells.parameters_from) > 2
        assert set(file.cells.ranges) == {"temperature", "depth", "level", "charge_rate", "discharge_rate"}
        assert file.cells.limits
        assert any(str(source.url).endswith(cells.doi) for source in file.sources.values())


def test_ranges_come_in_plain_units(tmp_path):
    found = _read(tmp_path, SET).cells.ranges
    assert found["depth"] == pytest.approx((0.2, 0.9))
    assert found["charge_rate"] == pytest.approx((0.0, 2 / 24))


def test_a_name_that_is_none_is_refused_with_the_near_ones():
    with pytest.raises(StudyError, match="did you mean 'naumann-2020-lfp-sony'"):
        cell_set("naumann-2020-lfp")
    with pytest.raises(StudyError, match="the cells that ship are gasper-2023-lfp-250ah"):
        cells_named("../services/fcr")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("chemistry: LFP", "chemistry: lead", "'lead' is not one of LFP, NMC"),
        ("doi: 10.1000/own", "doi: own", "own"),
        ("{calendar_rate: 1.0}", "{calendar_rate: .nan}", "nan"),
        ("parameters_from: [paper]", "parameters_from: [book]", "'book' is not in sources"),
        (' percent [paper]"', ' percent"', "has no source"),
        ("20 .. 90 percent [paper]", "20 .. 90 percent [book]", "'book' is not in sources"),
        ("20 .. 90 percent", "20 .. 190 percent", "above"),
        ("law: anode-power", "law: anode-power\n  knee: 3", "knee"),
    ],
)
def test_a_set_that_is_wrong_is_refused(tmp_path, old, new, words):
    with pytest.raises(StudyError, match=words):
        _read(tmp_path, SET.replace(old, new))
