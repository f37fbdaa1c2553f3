"""The study that ships of four carmakers: what advantage it takes, held against cases by hand and what was held out."""

import re
from pathlib import Path

import numpy as np
import pytest

from cell2grid.run.fitted import fit_document, fit_of
from cell2grid.run.fitted.tornado import market_tornado, wanted_of
from cell2grid.run.varied import variant
from cell2grid.study.loader import load_study

PAGE = Path(__file__).resolve().parents[3] / "docs/formulation/fit.md"
FOUR = ("byd", "geely", "chery", "changan")
BEFORE, AFTER = "plants.byd-2024.marginal_cost", "plants.byd-2025.marginal_cost"


@pytest.fixture(scope="module")
def study():
    return load_study("consolidation").study


@pytest.fixture(scope="module")
def fitted(study):
    return fit_of(study, members=60)


@pytest.fixture(scope="module")
def document(fitted):
    return fit_document(fitted)


def by(document, part, key):
    return {row[key]: row for row in document[part]}


def test_the_shares_are_met_and_no_other_report_is_used(document):
    seen = by(document, "observations", "name")
    assert [name for name, row in seen.items() if row["used"]] == ["four-2024", "four-2025-01"]
    # eight percentage points, and not eight percent of 38
    assert (seen["four-2024"]["observed"], seen["four-2025-01"]["observed"]) == (38.0, 46.0)
    assert seen["four-2024"]["modelled"] == pytest.approx(38.0, abs=1e-4)
    assert seen["four-2025-01"]["modelled"] == pytest.approx(46.0, abs=1e-4)
    assert document["identifiability"]["told"] == 2


def test_the_costs_in_the_file_are_those_that_are_fitted(study, document):
    found = by(document, "unknowns", "figure")
    for path in (BEFORE, AFTER):
        assert found[path]["written"] == pytest.approx(found[path]["value"], rel=1e-4)
    for name in FOUR:
        was, now = (study.plants[f"{name}-{year}"].marginal_cost.value for year in (2024, 2025))
        assert now / was == pytest.approx(found[AFTER]["value"] / found[BEFORE]["value"], rel=1e-4)


def test_the_costs_are_those_of_cournot_by_hand(study, fitted):
    """q_i = (P - c_i) / (θ_i b), P = a - b Q: with the shares of the four s_i = q_i / Q, in closed form.

    The four sell with θ = 0.8 and the others with 0.05 at the middle, demand of elasticity 1.2 through 205,000 CNY:
    a = 205000 (1 + 1/1.2) and b Q0 = 205000/1.2, so that in units of Q0 all is told by P.
    """
    theta, rival, reference, elasticity = 0.8, 0.05, 205_000.0, 1.2
    costs = study.plants["others"].marginal_cost.value
    for year, share in ((2024, 0.38), (2025, 0.46)):
        level = fitted.estimate.values[fitted.asked.paths.index(f"plants.byd-{year}.marginal_cost")]
        written = study.plants[f"byd-{year}"].marginal_cost.value
        own = np.array([study.plants[f"{name}-{year}"].marginal_cost.value * level / written for name in FOUR])
        b = reference / elasticity
        a = reference + b
        weight = 4.0 / theta + 1.0 / rival
        price = (a + (own.sum() / theta + costs / rival)) / (1.0 + weight)
        four = (price - own).sum() / (theta * b)
        assert four / ((a - price) / b) == pytest.approx(share, abs=2e-5)


def test_the_advantage_is_told_with_its_interval(document):
    against = by(document, "unknowns", "figure")[AFTER]["against"]
    assert against["title"] == by(document, "unknowns", "figure")[BEFORE]["title"]
    assert 0.01 < against["share"] < 0.03
    assert 1500 < against["below_low"] < against["below"] < against["below_high"] < 7000
    sentence = document["findings"][0]
    assert sentence.startswith("cost of a car of the four in January 2025")
    assert re.search(r"[\d,]+ CNY/vehicle \([\d,]+ to [\d,]+ with all other ranges drawn\) below", sentence)


def test_other_ranges_tell_more_than_the_reports_do(document):
    """Elasticity and conduct leave the advantage several times as uncertain as the rounding of the reports does."""
    row = by(document, "unknowns", "figure")[AFTER]
    assert row["p97_5"] - row["p2_5"] > 3.0 * (row["high"] - row["low"])
    assert set(document["varied"]) >= {"competition.conduct.0.value", "markets.cars.demand.1.elasticity"}


def test_no_advantage_in_common_explains_who_gained(document):
    """BYD's own part fell while Geely's rose by more than half: one factor for all four cannot do that."""
    seen = by(document, "observations", "name")
    assert all(seen[f"{name}-2024"]["inside_95"] for name in FOUR)
    assert not seen["byd-2025-01"]["inside_95"]
    assert seen["byd-2025-01"]["residual"] < 0 < seen["geely-2025-01"]["residual"]
    assert not seen["geely-2025-01"]["inside_95"]
    assert not seen["price-2025-01"]["inside_95"]


def test_the_page_tells_what_the_study_finds(document):
    listed = dict(
        re.findall(r"^\| (\S+) \| [\d.,]+ \| (yes|no) \| (?:yes|no) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    )
    found = {
        name: {True: "yes", False: "no"}[row["inside_95"]] for name, row in by(document, "observations", "name").items()
    }
    assert listed == found


def test_as_price_it_takes_a_part_of_the_mark_up(study):
    told = fit_document(fit_of(variant(study, "as-price").study, members=0))
    row = by(told, "unknowns", "figure")["competition.conduct.1.value"]
    assert row["against"]["share"] == pytest.approx(0.219, abs=0.01)
    assert 0.0 < row["low"] < row["value"] < row["high"] < 0.8


def test_the_tornado_moves_one_figure_at_a_time(study):
    found = market_tornado(study, wanted_of(study, "market_share:four:2025"))
    assert (found.unit, found.middle) == ("percent", pytest.approx(46.0, abs=0.01))
    bars = {bar.figure: bar for bar in found.bars}
    # what holds in 2024 moves nothing of 2025, and its own terms do
    assert bars["markets.cars.demand.0.elasticity"].at_low == found.middle
    elastic = bars["markets.cars.demand.1.elasticity"]
    assert (elastic.low, elastic.high) == (0.8, 1.6)
    assert elastic.at_low < found.middle < elastic.at_high
    widths = [abs(bar.at_high - bar.at_low) for bar in found.bars]
    assert widths[0] == max(widths)
    assert any("moves nothing" in note for note in found.notes)
    price = market_tornado(study, wanted_of(study, "market_price:cars"), swing=0.1)
    assert price.unit == "CNY/vehicle"
    assert {bar.figure for bar in price.bars if bar.swung} >= {"plants.others.marginal_cost"}
    others = next(bar for bar in price.bars if bar.figure == "plants.others.marginal_cost")
    assert others.at_low < price.middle < others.at_high
