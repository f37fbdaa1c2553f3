from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Stake, Study
from cell2grid.study.rules import NAMES, RULES, check, problems
from cell2grid.study.rules.owners import stakes_add_up

Refused = Callable[..., str]


def test_the_small_study_breaks_no_rule(small_text: str) -> None:
    assert list(problems(parse_study(small_text))) == []


def test_each_rule_is_listed_once_and_says_what_it_holds() -> None:
    rules = [*NAMES, *RULES]
    assert len({rule.__name__ for rule in rules}) == len(rules)
    assert all(rule.__doc__ for rule in rules)


def test_a_study_built_in_python_is_checked_too(small_text: str) -> None:
    study = parse_study(small_text)
    check(study)
    broken = study.changed(regions={})
    with pytest.raises(StudyError, match=r"plants.packs.region: 'HU' is not among the regions; there are no regions"):
        check(broken)


NAMED = [
    ("danube: {name: Danube Cells, region: HU}", "danube: {region: HX}", "regions"),
    ("{company: danube, holder: fjord,", "{company: danub, holder: fjord,", "firms"),
    ("holder: holding", "holder: holdin", "firms"),
    ("    region: HU\n", "    region: HI\n", "regions"),
    ("    makes: car\n    tranches", "    makes: cart\n    tranches", "products"),
    ("    owner: fjord\n", "    owner: fjord\n    technology: store\n", "technologies of plants"),
    ("product: cell,", "product: cel,", "products"),
    ("- {origin: HU, destination: NO, lead", "- {origin: HO, destination: NO, lead", "regions"),
    ("- {origin: HU, destination: NO, lead", "- {origin: HU, destination: NI, lead", "regions"),
    ("- {origin: HU, destination: NO, lead", "- {origin: HU, product: pac, destination: NO, lead", "products"),
    ("- {destination: NO, origin: HU,", "- {destination: N, origin: HU,", "regions"),
    ("- {destination: NO, origin: HU,", "- {destination: NO, firm: danub, origin: HU,", "firms"),
    ("    product: car\n", "    product: cars\n", "products"),
    ("north: {region: NO,", "north: {region: N,", "regions"),
    ("technology: store\n", "technology: stor\n", "technologies of storage"),
    ("{plant: packs, product: pack, energy", "{plant: pack, product: pack, energy", "plants"),
    ("prices: north\n", "prices: nort\n", "prices"),
    ("fire: {plant: packs,", "fire: {plant: pucks,", "plants"),
    ("variable: output,", "variable: outputs,", "monthly results"),
    ("variable: output,", "variable: npv,", "monthly results"),
    ("of: packs,", "of: pakcs,", "plants, projects, regions and firms"),
    ("without: [fire]", "without: [fires]", "shocks"),
    ("no-fire: {without: [fire], plant: packs", "no-fire: {without: [fire], plant: pack", "plants"),
]


@pytest.mark.parametrize(("old", "new", "what"), NAMED)
def test_a_name_that_stands_for_nothing_is_refused(refused: Refused, old: str, new: str, what: str) -> None:
    assert f"is not among the {what}; " in refused(old, new)


SEEN = 'variable: output, of: packs, start: 2025-02, end: 2025-06, value: "30000 pack [page]"'
OBSERVED = [
    'variable: utilisation, of: packs, start: 2025-02, end: 2025-06, value: "40 percent [page]"',
    'variable: utilisation, of: danube, start: 2025-02, end: 2025-06, value: "0.4 ratio [page]"',
    'variable: output_energy, of: HU, start: 2025-02, end: 2025-06, value: "2 GWh/year [page]"',
    'variable: output, of: HU, start: 2025-02, end: 2025-06, value: "3000 pack/month [page]"',
    'variable: delivered, of: NO, start: 2025-02, end: 2025-06, value: "3000 pack [page]"',
    'variable: stock, of: fjord, start: 2025-02, end: 2025-06, value: "3000 vehicle [page]"',
    'variable: order_share, of: dam, start: 2025-07, end: 2025-07, value: "30 percent [page]"',
]


@pytest.mark.parametrize("seen", OBSERVED)
def test_what_can_be_observed(small_text: str, seen: str) -> None:
    assert SEEN in small_text
    assert "made" in parse_study(small_text.replace(SEEN, seen)).observations


CASES = [
    # dates
    ("end: 2027-12}", "end: 2024-12}", "2024-12 is before horizon.start, 2025-01"),
    ("end: 2027-12}", "end: 2075-01}", "are 601 months, above 600"),
    ('opens: "2025-02 [page]"', 'opens: "2028-01 [page]"', "plants.packs.opens: 2028-01 is outside the horizon"),
    ('opens: "2026-04 [page]"', 'opens: "2028-04 [page]"', "plants.cars.tranches.1.opens: 2028-04 is outside"),
    ('"2024-06 [page]"', '"2025-03 [page]"', "2025-02 is before construction began, 2025-03"),
    ('end: "2025-08 [page]"', 'end: "2025-07 [page]"', "shocks.fire.end: 2025-07 is before its start, 2025-08-03"),
    ('end: "2025-08 [page]"', 'end: "2028-01 [page]"', "shocks.fire.end: 2028-01 is outside the horizon"),
    ('ordered: "2025-06-01 [page]"', 'ordered: "2024-06-01 [page]"', "projects.dam.order.ordered: 2024-06-01 is out"),
    (
        'ordered: "2025-06-01 [page]"',
        'ordered: "2025-06-01 [page]", wanted: "2025-05 [page]"',
        "projects.dam.order.wanted: 2025-05 is before its start, 2025-06-01",
    ),
    (
        "- {start: 2025-05, quantity",
        "- {start: 2024-12, quantity",
        "markets.drivers.demand.0.start: 2024-12 is outside",
    ),
    ("- {start: 2026-01, unlimited", "- {start: 2025-05, unlimited", "2025-05 is not after the row before, 2025-05"),
    ("start: 2025-02, end: 2025-06, value", "start: 2025-02, end: 2028-01, value", "observations.made.end: 2028-01"),
    ("start: 2025-02, end: 2025-06, value", "start: 2025-07, end: 2025-06, value", "2025-06 is before its start"),
    ("start: 2025-02, end: 2025-12, total", "start: 2024-02, end: 2025-12, total", "counterfactuals.no-fire.start"),
    ('start: "2024-01-01 [page]"}', 'start: "2024-01-01 [page]", end: "2023 [page]"}', "'2023' is not a date"),
    (
        'start: "2024-01-01 [page]"}',
        'start: "2024-01-01 [page]", end: "2023-12 [page]"}',
        "duties.0.end: 2023-12 is before its start, 2024-01-01",
    ),
    # what counts what
    (
        "car: {counted_in: vehicle}",
        "car: {counted_in: vehicel}",
        "is no noun of units.txt in the singular; did you mean",
    ),
    ("car: {counted_in: vehicle}", "car: {counted_in: vehicles}", "did you mean 'vehicle'?"),
    ("car: {counted_in: vehicle}", "car: {counted_in: MWh}", "'MWh' is no noun of units.txt"),
    ("car: {counted_in: vehicle}", "car: {counted_in: item}", "'item' is no noun of units.txt"),
    ('energy: "0.08 MWh/pack [page]"', 'energy: "0.08 MWh/cell [page]"', "counts in 'cell', and product 'pack'"),
    ('energy: "0.08 MWh/pack [page]"', 'energy: "0.08 MWh [page]"', "a quantity in MWh/item belongs here"),
    ('"2000 vehicle/month [page]"', '"2 GWh/month [page]"', "product 'car' has no energy per item"),
    ('"100 cell/pack [page]"', '"100 pack/cell [page]"', "'cell' for 'pack' is in cell/pack"),
    ('"100 cell/pack [page]"', '"100 ratio [page]"', "'cell' for 'pack' is in cell/pack"),
    ('"1000 vehicle/month [page]"}\n', '"1000 pack/month [page]"}\n', "counts in 'pack', and product 'car'"),
    ('energy: "40 MWh [page]", ordered', 'quantity: "40 vehicle [page]", ordered', "counts in 'vehicle'"),
    ('lead_time: "10 .. 20 day [page]"', 'lead_time: "1e12 day [page]"', "is above 3650 day"),
    ('lead_time: "10 .. 20 day [page]"', 'lead_time: "9 day [page]", cost: "5 USD [page]"', "is no money per item"),
    (
        'lead_time: "10 .. 20 day [page]"',
        'lead_time: "9 day [page]", cost: "5 USD/kWh [page]"',
        "say 'product' in a row",
    ),
    ('value: "30000 pack [page]"', 'value: "30000 vehicle [page]"', "counts in 'vehicle', and product 'pack'"),
    ('value: "30000 pack [page]"', 'value: "30000 MWh [page]"', "'output' is observed in item"),
    ('value: "30000 pack [page]"', 'value: "1 .. 2 pack [page]"', "is a range; one number belongs here"),
    ("of: packs,", "of: fjord,", "'30000 pack' counts in 'pack', and plants of 'fjord' make vehicle"),
    ("of: packs,", "of: NO,", "'30000 pack' counts in 'pack', and plants of 'NO' make vehicle"),
    ("of: packs,", "of: holding,", "observations.made.of: no plant belongs to 'holding'"),
    (
        'variable: output, of: packs, start: 2025-02, end: 2025-06, value: "30000 pack',
        'variable: delivered, of: NO, start: 2025-02, end: 2025-06, value: "30000 cell',
        "and plants of 'NO' make pack, vehicle",
    ),
    ("of: packs,", "of: dam,", "'output' is known by plant, and 'dam' is none"),
    ('total: "90000 pack [page]"', 'total: "20000 pack [page]"', "'30000 pack' is more than the total, '20000 pack'"),
    ('total: "90000 pack [page]"', 'total: "90000 vehicle [page]"', "counts in 'vehicle'"),
    ('power: "10 MW [page]"', 'power: "10 .. 12 MW [page]"', "projects.dam.power: '10 .. 12 MW' is a range"),
    ('power: "10 MW [page]"', 'power: "0 MW [page]"', "projects.dam.power: '0 MW' is not above 0"),
    # money
    ("currency: NOK}\n", "currency: NKK}\n", "regions.NO.currency: 'NKK' is no currency of units.txt"),
    ('rate: "11.2 NOK/USD [page]"', 'rate: "11.2 NOK [page]"', "is no rate; write it as '7.25 CNY/USD"),
    ('rate: "11.2 NOK/USD [page]"', 'rate: "0 NOK/USD [page]"', "'0 NOK/USD' is not above 0"),
    ('rate: "11.2 NOK/USD [page]"', 'rate: "11.2 NOK/EUR [page]"', "add a dated rate in NOK/USD to exchange_rates"),
    ('capital_cost: "200 USD/kWh', 'capital_cost: "-200 USD/kWh', "'-200 USD/kWh' is below 0"),
    ('life: "15 year [page]"', 'life: "0 year [page]"', "0 year is below 1 year, the least it can be"),
    ('discount_rate: "8 percent/year', 'discount_rate: "-100 percent/year', "is below -99 percent/year"),
    ('discount_rate: "8 percent/year', 'discount_rate: "2000 percent/year', "is above 1000 percent/year"),
    ('power: "10 MW [page]"', 'power: "1e200 MW [page]"', "1e200 MW is above 1e+09 MW, the most it can be"),
    ('life: "15 year', 'fixed_cost: "3 USD/MWh [page]", life: "15 year', "a cost in USD/year or USD/kWh/year"),
    (
        'capital_cost: "200 USD/kWh',
        'capital_cost: "200 USD/kW/year',
        "'200 USD/kW/year' is in USD/kW/year; a cost in USD or",
    ),
    ('life: "15 year', 'fixed_cost: "3 USD/kWh [page]", life: "15 year', "a cost in USD/year or"),
    # supply
    ('    opens: "2025-02 [page]"\n', "", "plants.packs: has no opening; add 'opens'"),
    ('    capacity: "120000 pack/year [page]"\n', "", "plants.packs: has no capacity; add 'capacity' or 'tranches'"),
    ("    tranches:\n", '    opens: "2025-04 [page]"\n    tranches:\n', "has tranches and a capacity or opening"),
    (
        "  cars:\n    owner: fjord\n",
        "  far:\n    {owner: fjord, region: NO, makes: pack, capacity: '9 pack/year [page]', opens: '2025-04 [page]'}\n"
        "  near:\n    {owner: danube, region: HU, makes: car, capacity: '9 vehicle/year [page]',\n"
        "     opens: '2025-04 [page]',\n"
        "     inputs: [{product: pack, per_item: '1 pack/vehicle [page]'}]}\n"
        "  cars:\n    owner: fjord\n",
        "plants.near.inputs.0.product: 'pack' is also made by far, and no lane leads from there to 'HU'",
    ),
    ("curve: linear", "curve: immediate", "curve 'immediate' takes no months_to_nameplate"),
    (', months_to_nameplate: "6 .. 12 month [assumed: slow]"', "", "curve 'linear' needs months_to_nameplate"),
    ("quarter_months: [3], first", "quarter_months: [3, 2], first", "speaks of the same months as rule 0"),
    ("quarter_months: [3], first", "quarter_months: [], first", "quarter_months is empty"),
    ("first: home}", "first: home, start: 2028-01}", "2028-01 to … is outside the horizon"),
    ("first: home}", "first: home, start: 2026-02, end: 2026-01}", "2026-01 is before its start, 2026-02"),
    ('{counted_in: cell, external: "assumed: sold everywhere"}', "{counted_in: cell}", "no plant of the study makes"),
    ('external: "assumed: sold everywhere"', "external: everywhere at all", "has no known form"),
    ('external: "assumed: sold everywhere"', "external: nobody", "source 'nobody' is not in sources"),
    (
        "{plant: packs, product: pack, energy",
        "{plant: cars, product: pack, energy",
        "can never be delivered: plant 'cars'",
    ),
    ('energy: "40 MWh [page]", ordered', 'energy: "40 MWh [page]", quantity: "2 pack [page]", ordered', "write one of"),
    ('energy: "40 MWh [page]", ordered', "ordered", "says how much in 'quantity' or in 'energy'"),
    (
        'unlimited: "assumed: a waiting list"',
        'quantity: "1 vehicle/year [page]", unlimited: "assumed: x"',
        "write one of",
    ),
    ("    technology: store\n", "", "has prices and no technology"),
    ("    prices: north\n", "", "has finance and no prices"),
    ("synthetic: 1}", "file: a.csv, synthetic: 1, source: page}", "write one of them"),
    ("synthetic: 1}", "file: a.csv}", "file 'a.csv' has no source"),
    (
        "    region: NO\n    product: car\n",
        "    region: HU\n    product: car\n",
        "no plant of the study can bring 'car' to",
    ),
    (
        '"120000 pack/year [page]"',
        '"1e308 pack/year [page]"',
        "'1e308 pack/year' is above 1e+15, the most a figure can be",
    ),
    (
        '"0.08 MWh/pack [page]"',
        '"1e-300 MWh/pack [page]"',
        "'1e-300 MWh/pack' is below 1e-12 MWh, the least that an item",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), CASES)
def test_what_cannot_be_is_refused(refused: Refused, old: str, new: str, said: str) -> None:
    assert said in refused(old, new)


def test_an_order_without_a_lane_can_never_be_delivered(small_text: str) -> None:
    text = small_text.replace("- {origin: HU, destination: NO, lead", "- {origin: NO, destination: HU, lead")
    with pytest.raises(StudyError) as caught:
        parse_study(text)
    assert "projects.dam.order.plant: can never be delivered: no lane goes from 'HU', where 'packs' stands" in str(
        caught.value
    )
    assert "plants.cars.inputs.0.product: no lane brings 'pack' from packs to 'NO'" in str(caught.value)


def test_inputs_that_run_in_a_loop_are_refused(small_text: str) -> None:
    text = small_text.replace(
        '- {product: cell, per_item: "100 cell/pack', '- {product: car, per_item: "1 vehicle/pack'
    )
    text = text.replace("lanes:\n", 'lanes:\n  - {origin: NO, destination: HU, lead_time: "1 day [page]"}\n')
    with pytest.raises(StudyError, match=r"inputs run in a loop: (car needs pack needs car|pack needs car needs pack)"):
        parse_study(text)


def test_a_market_without_rows_is_refused(small_text: str) -> None:
    rows = small_text[small_text.index("    demand:\n") : small_text.index("duties:\n")]
    with pytest.raises(StudyError, match=r"markets.drivers.demand: demand has no row"):
        parse_study(small_text.replace(rows, "    demand: []\n"))


def test_cost_of_a_lane_is_money_for_an_item_of_its_product(small_text: str) -> None:
    lane = 'lead_time: "10 .. 20 day [page]"}'
    parse_study(small_text.replace(lane, 'product: pack, cost: "5 EUR/pack [page]", lead_time: "9 day [page]"}'))
    with pytest.raises(StudyError, match="counts in 'vehicle', and product 'pack' is counted in 'pack'"):
        parse_study(small_text.replace(lane, 'product: pack, cost: "5 EUR/vehicle [page]", lead_time: "9 day [page]"}'))


def test_two_lanes_and_two_markets_for_one_thing_are_refused(small_text: str) -> None:
    text = small_text.replace("markets:\n", '  - {origin: HU, destination: NO, lead_time: "1 day [page]"}\nmarkets:\n')
    with pytest.raises(StudyError, match=r"lane from 'HU' to 'NO' is there already as lanes.0"):
        parse_study(text)
    market = '  more: {region: NO, product: car, demand: [{start: 2025-01, unlimited: "assumed: x"}]}\nduties:\n'
    with pytest.raises(StudyError, match="'car' in 'NO' is the market 'drivers' already"):
        parse_study(small_text.replace("duties:\n", market))


def test_a_plant_may_count_its_capacity_in_energy(small_text: str) -> None:
    study = parse_study(small_text.replace('"120000 pack/year [page]"', '"9.6 GWh/year [page]"'))
    assert study.plants["packs"].capacity is not None
    assert study.plants["packs"].capacity.to("MWh/year").mode == 9600.0


def test_a_holder_has_one_stake_in_a_company_from_a_day(small_text: str) -> None:
    twice = '  - {company: danube, holder: holding, share: "2 percent [page]", since: "2025-03 [page]"}\n'
    with pytest.raises(StudyError, match=r"stakes.2: 'holding' already has a stake in 'danube' from that day"):
        parse_study(small_text.replace("plants:\n", twice + "plants:\n", 1))


def test_a_later_stake_replaces_the_earlier_one_of_the_same_holder(small_text: str) -> None:
    sold = '  - {company: danube, holder: fjord, share: "5 percent [page]", since: "2026-01 [page]"}\n'
    bought = '  - {company: danube, holder: holding, share: "95 percent [page]", since: "2026-01 [page]"}\n'
    parse_study(small_text.replace("plants:\n", sold + bought + "plants:\n", 1))
    with pytest.raises(StudyError, match=r"add up to 135 % from 2026-01-01 \(fjord 40 %, holding 95 %\)"):
        parse_study(small_text.replace("plants:\n", bought + "plants:\n", 1))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.randoms())
def test_stakes_are_refused_exactly_where_their_sum_is_above_all(shares: list[int], random: object) -> None:
    stakes = [
        Stake.model_validate(
            {"company": "a", "holder": f"h{n}", "share": f"{share} percent [p]", "since": f"20{10 + n}-01"}
        )
        for n, share in enumerate(shares)
    ]
    random.shuffle(stakes)  # type: ignore[attr-defined]
    study = Study.model_construct(stakes=tuple(stakes))
    sums = [sum(shares[: n + 1]) for n in range(len(shares))]
    found = list(stakes_add_up(study))
    assert bool(found) == any(total > 100 for total in sums)
    if found:
        first = next(n for n, total in enumerate(sums) if total > 100)
        assert f"{sums[first]} % from {date(2010 + first, 1, 1)}" in found[0].message
