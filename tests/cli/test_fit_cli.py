"""The commands fit and tornado: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cell2grid.study.loader import load_study

Called = Callable[..., tuple[int, str, str]]
STUDY = """study: works
horizon: {start: 2030-01, end: 2030-12}
sources: {page: {title: A plant, publisher: The Gazette, date: 2031}}
regions: {"NO": {}}
products: {pack: {counted_in: pack}}
firms: {north: {}}
plants:
  # of unknown size
  fjord: {owner: north, region: "NO", makes: pack, capacity: "9000 pack/year [page]", opens: "2029-01 [page]"}
markets:
  buyers: {region: "NO", product: pack, demand: [{start: 2030-01, unlimited: "assumed: buyers queue"}]}
observations:
  year: {variable: output, of: fjord, start: 2030-01, end: 2030-12, value: "8000 pack [page]"}
  spring: {variable: output, of: fjord, start: 2030-01, end: 2030-06, value: "3000 pack [page]"}
fit:
  unknowns: {plants.fjord.capacity: {low: "5000 pack/year [page]", high: "20000 pack/year [page]"}}
  on: [year]
  tolerance: "2 percent [page]"
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study in a file."""
    place = tmp_path / "works.yaml"
    place.write_text(STUDY, encoding="utf-8")
    return place


def test_fit_says_what_is_told_and_writes_it(called: Called, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "fitted.yaml"
    status, printed, _ = called("fit", study, "--members", 20, "--out", out)
    assert status == 0
    assert "1 unknown, of which what was reported tells 1" in printed
    assert "What was held out" in printed
    # 4,000 packs in half a year, where 3,000 were counted
    assert "1 of 1 held-out observations lie outside the 95 % range: spring" in printed
    text = out.read_text(encoding="utf-8")
    assert 'capacity: "8000 pack/year [assumed: fitted to year]"' in text
    assert "# of unknown size" in text
    assert load_study(out).study.plants["fjord"].capacity is not None


def test_fit_prints_one_json_document(called: Called, study: Path) -> None:
    status, printed, err = called("fit", study, "--members", 0, "--json")
    assert status == 0
    document = json.loads(printed)
    assert document["unknowns"][0]["value"] == pytest.approx(8000, rel=1e-6)
    assert document["out"] is None
    assert document["effective"] is None
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fit", "shanghai-megapack"), "study 'shanghai-megapack' has nothing to fit; add 'fit'"),
        (("fit", "consolidation", "--members", "-1"), "members is -1, expected 0 to 100,000"),
        (("fit", "consolidation", "--variant", "as-price", "--out", "x.yaml"), "leave one of the two out"),
        (("fit", "consolidation", "--variant", "as-prise"), "as-price"),
        (("tornado", "consolidation", "--of", "market_prise:cars"), "did you mean 'market_price'?"),
        (("tornado", "consolidation", "--of", "market_price:car-s"), "there is no 'car-s'"),
        (("tornado", "consolidation", "--of", "market_price"), "it does not say of what; write market_price:NAME"),
        (("tornado", "consolidation", "--of", "market_price:cars:2031"), "there is no term '2031'"),
        (
            ("tornado", "consolidation", "--of", "market_price:cars", "--swing", "0"),
            "--swing is 0, expected above 0 to 90 percent",
        ),
        (
            ("tornado", "consolidation", "--of", "market_price:cars", "--swing", "500"),
            "--swing is 500, expected above 0 to 90 percent",
        ),
        (("tornado", "beijing-era", "--of", "market_price:car-makers"), "has no market that makes its own price"),
    ],
)
def test_what_cannot_be_asked_is_one_line(called: Called, arguments: tuple[str, ...], words: str) -> None:
    status, printed, err = called(*arguments)
    assert (status, printed) == (2, "")
    assert err.startswith("error: ")
    assert words in err


def test_tornado_prints_one_json_document(called: Called) -> None:
    status, printed, _ = called("tornado", "consolidation", "--of", "market_share:four:2025", "--json")
    assert status == 0
    (found,) = json.loads(printed)["tornados"]
    assert found["result"] == "market_share:four:2025"
    assert {bar["figure"] for bar in found["bars"]} >= {"markets.cars.demand.1.elasticity"}
