"""A study's markets as a PyPSA network: PyPSA loads it, and finds what the plan and the market find."""

from __future__ import annotations

import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import two_coasts
import yaml
from study_fields import fields_of

from cell2grid.errors import InputError, StudyError
from cell2grid.run.chain import run_study
from cell2grid.run.exchange.network import study_network
from cell2grid.run.exchange.network_lost import rules, takes_prices
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.loader import parse_study, read_study
from cell2grid.study.model import Study
from cell2grid.study.shipped import shipped_studies

TAKING = ("competition: {currency: EUR}", "competition: {currency: EUR, conduct: [{value: price-taking}]}")
STIFF = ('elasticity: "1 ratio', 'elasticity: "0.001 ratio')
# the west makes 600 packs cheaply, and the rest of 2,000 at more; the east at 45
APART = (
    ('capacity: "12000 pack/year [page]"  # as the page says', 'capacity: "1400 pack/year [page]"'),
    (
        '    opens: "2029-01 [page]"\n    marginal_cost: "20 EUR/pack [page]"\n  mole',
        '    opens: "2029-01 [page]"\n    marginal_cost: {steps: [{cost: "20 EUR/pack [page]", up_to: "600 pack/year '
        '[page]"}, {cost: "32 EUR/pack [page]"}]}\n  mole',
    ),
    ('marginal_cost: "20 EUR/pack [page]"\nlanes', 'marginal_cost: "45 EUR/pack [page]"\nlanes'),
)
DUTY = (
    "markets:\n",
    'duties:\n  - {destination: east, rate: "20 percent [page]", start: "2030-01-01 [page]"}\nmarkets:\n',
)
TOWN = """
study: one-town
horizon: {start: 2026-01, end: 2028-12}
sources: {page: {title: Packs for one town, publisher: The Harbour Gazette, date: 2025-11-20}}
regions: {NO: {currency: EUR}}
products: {pack: {counted_in: pack}}
firms: {heron: {region: "NO"}}
plants:
  old: {owner: heron, region: "NO", makes: pack, capacity: "60 pack/year [page]", opens: "2020-01 [page]",
        marginal_cost: "5 EUR/pack [page]"}
markets:
  town: {region: "NO", product: pack, demand: [{start: 2026-01, quantity: "130 pack/year [page]"}]}
investment:
  currency: EUR
  discount_rate: "8 percent/year [page]"
  unserved_cost: "20 EUR/pack [page]"
  options:
    new: {firm: heron, region: "NO", makes: pack, block: "40 pack/year [page]", most: 3, lead_time: "9 month [page]",
          capital_cost: "300 EUR [page]", marginal_cost: "4 EUR/pack [page]", fixed_cost: "3 percent/year [page]",
          salvage: "50 percent [page]", start: 2026-01, end: 2026-12}
"""


def _optimised(study: Study, place: Path, **options: int) -> Any:
    """The network as PyPSA reads it from the files, optimised with HiGHS."""
    found = study_network(study, **options).write(place, name=study.study)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pypsa

        network = pypsa.Network(found)
        status, words = network.optimize(solver_name="highs", log_to_console=False)
    assert (status, words) == ("ok", "optimal")
    return network


@pytest.mark.parametrize("place", ["network", "network.nc"])
def test_flows_and_costs_by_hand(tmp_path: Path, place: str) -> None:
    """West: 600 at 20, 800 at 32; its own 1,000 first, for the lane costs 10: 42 in the east is less than 45 there.

    So 400 cross, 600 are made in the east: 600 x 20 + 800 x 32 + 400 x 10 + 600 x 45 = 68,600 EUR a year.
    """
    network = _optimised(parse_study(two_coasts.changed(*APART)), tmp_path / place)
    flows = network.links_t.p0.iloc[0]
    assert flows["quay to western"] == pytest.approx(1000.0)
    assert flows["quay to eastern"] == pytest.approx(400.0)
    assert flows["mole to eastern"] == pytest.approx(600.0)
    assert network.objective == pytest.approx(2 * 68_600.0)
    assert network.buses_t.marginal_price.iloc[0]["east storage-pack"] == pytest.approx(45.0)
    assert [str(day)[:10] for day in network.snapshots] == ["2030-01-01", "2031-01-01"]


@pytest.mark.parametrize("more", [(), (DUTY,)])
def test_price_takers_sell_what_the_network_ships(tmp_path: Path, more: tuple[tuple[str, str], ...]) -> None:
    """Where demand hardly answers to prices, an equilibrium of price takers is the plan of least cost.

    With customs of 20 percent nothing crosses: a pack more of the west is 1.2 x 42 in the east.
    """
    study = parse_study(two_coasts.changed(*APART, TAKING, STIFF, *more))
    assert takes_prices(study)
    network = _optimised(study, tmp_path / "network")
    shipped = network.links_t.p0.iloc[0]
    flows = run_study(study, members=1).tables["market_flows"]
    for row in flows[flows["term"] == "2030"].to_dict("records"):
        sent = sum(shipped[name] for name in shipped.index if _is(name, row["plant"], row["market"]))
        assert sent == pytest.approx(row["mean"], rel=2e-3, abs=0.5), row


def _is(link: str, plant: str, market: str) -> bool:
    start, _, end = link.partition(" to ")
    return end == market and start.partition(" step ")[0] == plant


def test_customs_know_what_each_step_cost(tmp_path: Path) -> None:
    """At 5 percent a pack of the first step is 1.05 x 30 = 31.5 in the east, one of the second 1.05 x 42 = 44.1.

    A first one that crosses costs 11.5 more and one of the second at home 32: 43.5, which is less than the east's 45.
    """
    low = (DUTY[0], DUTY[1].replace("20 percent", "5 percent"))
    network = _optimised(parse_study(two_coasts.changed(*APART, low)), tmp_path / "network")
    costs = network.links["marginal_cost"]
    assert costs["quay step 1 to eastern"] == pytest.approx(11.5)
    assert costs["quay step 2 to eastern"] == pytest.approx(12.1)
    # 400 of the first step cross; 200 of it and 800 of the second stay
    assert network.links_t.p0.iloc[0]["quay step 1 to eastern"] == pytest.approx(400.0)
    assert network.objective == pytest.approx(2 * (400 * 31.5 + 200 * 20 + 800 * 32 + 600 * 45))


def test_blocks_that_are_built_cost_what_the_plan_says(tmp_path: Path) -> None:
    study = parse_study(TOWN)
    network = _optimised(study, tmp_path / "network")
    told = plan_study(study, members=1).document
    assert sum(row["blocks"] for row in told["builds"]) * 40.0 == pytest.approx(network.generators.p_nom_opt["new"])
    assert network.objective == pytest.approx(told["objective"], rel=1e-9)


STEPS = (
    'marginal_cost: "4 EUR/pack [page]", fixed_cost',
    'marginal_cost: {steps: [{cost: "4 EUR/pack [page]", up_to: "30 pack/year [page]"}, {cost: "11 EUR/pack [page]"}]},'
    " fixed_cost",
)
ACROSS = (
    ("regions: {NO: {currency: EUR}}", "regions: {NO: {currency: EUR}, SE: {}}"),
    ('new: {firm: heron, region: "NO"', "new: {firm: heron, region: SE"),
    (
        "markets:\n",
        'lanes: [{origin: SE, destination: "NO", lead_time: "0 day [page]", cost: "1 EUR/pack [page]"}]\n'
        'duties: [{destination: "NO", rate: "20 percent [page]", start: "2020-01-01 [page]"}]\nmarkets:\n',
    ),
)


@pytest.mark.parametrize("more", [(), ACROSS])
def test_an_option_makes_along_its_steps(tmp_path: Path, more: tuple[tuple[str, str], ...]) -> None:
    """70 packs of 130 are left to what is built: 30 of them at 4 EUR and 40 at 11; as dear as the plan has it.

    Across a border with customs of 20 percent they cost 1.2 x 5 = 6 and 1.2 x 12 = 14.4 EUR in town.
    """
    text = TOWN
    for old, new in (STEPS, *more):
        assert old in text
        text = text.replace(old, new)
    study = parse_study(text)
    network = _optimised(study, tmp_path / "network")
    told = plan_study(study, members=1).document
    assert network.generators.p_nom_opt["new"] == pytest.approx(80.0)
    last = network.links_t.p0.iloc[-1]
    assert (last["new step 1"], last["new step 2"]) == pytest.approx((30.0, 40.0))
    assert network.objective == pytest.approx(told["objective"], rel=1e-9)


@pytest.mark.parametrize("form", ["linear", "isoelastic"])
def test_demand_in_steps_finds_the_price_of_price_takers(tmp_path: Path, form: str) -> None:
    shaped = ('elasticity: "1 ratio [page]"}', f'elasticity: "1 ratio [page]", form: {form}}}')
    text = two_coasts.changed(*APART, TAKING, shaped)
    study = parse_study(text)
    network = _optimised(study, tmp_path / "network", demand_steps=200)
    prices = run_study(study, members=1).tables["market"]
    prices = prices[(prices["variable"] == "market_price") & (prices["term"] == "2030")].set_index("market")["mean"]
    found = network.buses_t.marginal_price.iloc[0]
    # a step is a part of 200 of what is bought at a price of 0, or of four times the reference
    assert found["west storage-pack"] == pytest.approx(prices["western"], rel=0.02)
    assert found["east storage-pack"] == pytest.approx(prices["eastern"], rel=0.02)


def test_what_is_lost_is_named() -> None:
    lost = study_network(parse_study(two_coasts.changed(DUTY))).lost
    assert any(words.startswith("conduct") for words in lost)
    assert any(words.startswith("elasticity") for words in lost)
    assert any(words.startswith("lead times") for words in lost)
    assert not any("quotas" in words for words in lost)
    taken = study_network(parse_study(two_coasts.changed(TAKING)), demand_steps=5).lost
    assert not any(words.startswith(("conduct", "elasticity")) for words in taken)


def test_conduct_is_that_of_the_last_row_for_all() -> None:
    def taking(rows: str) -> bool:
        said = f"competition: {{currency: EUR, conduct: {rows}}}"
        return takes_prices(parse_study(two_coasts.changed((TAKING[0], said))))

    assert taking('[{value: "0 ratio [page]"}]')
    assert not taking("[{value: price-taking}, {value: cournot, firm: gull}]")
    assert taking("[{value: cournot, firm: gull}, {value: price-taking}]")
    assert not taking("[{value: price-taking, firm: gull}]")


def test_every_field_of_a_study_is_in_the_network_or_told_as_lost() -> None:
    """A new field is in neither list: say in ``fields_of_networks.yaml`` or ``lost.yaml`` what becomes of it."""
    written = yaml.safe_load(Path(__file__).with_name("fields_of_networks.yaml").read_text(encoding="utf-8"))
    known = [path for paths in written.values() for path in paths.split()]
    told = [".".join(path).removesuffix(".*") + ".**" for path, _ in rules()]
    every = {".".join(path) for path in fields_of(Study)}
    leaves = {path for path in every if not any(other.startswith(f"{path}.") for other in every)}
    decided = {path for path in leaves if any(_covers(rule, path) for rule in (*known, *told))}
    assert leaves - decided == set()
    # and nothing is said of what no study has, or said twice
    assert [rule for rule in (*known, *told) if not any(_covers(rule, path) for path in leaves)] == []
    assert [path for path in known if any(_covers(rule, path) for rule in told)] == []


def _covers(rule: str, path: str) -> bool:
    """Whether a rule is of a field: of this one, or with ``**`` at its end of all that lies in it."""
    whole = rule.removesuffix(".**")
    return path == whole or (rule != whole and path.startswith(f"{whole}."))


def test_a_study_without_demand_is_refused() -> None:
    with pytest.raises(StudyError, match="no market that says how much it takes"):
        study_network(parse_study("study: empty\nhorizon: {start: 2030-01, end: 2030-12}\n"))
    with pytest.raises(InputError, match="expected 0 to 1,000"):
        study_network(parse_study(two_coasts.COASTS), demand_steps=-1)


def test_studies_that_ship_go_out_or_say_why_not(tmp_path: Path) -> None:
    written = []
    for name in shipped_studies():
        with suppress(StudyError):
            written.append(study_network(read_study(name)).write(tmp_path / name, name=name))
    assert written
    assert all((place / "links.csv").is_file() for place in written)
