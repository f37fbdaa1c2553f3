"""What plants, orders, shocks, money and members may not say: the thing, the value, the bound and the next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study
from cell2grid.study.rules.landing import plant_currency

Refused = Callable[..., str]

RAMP = 'ramp: {curve: linear, months_to_nameplate: "6 .. 12 month [assumed: slow]"}'
LEARNING = 'ramp: {curve: learning, items_to_nameplate: "9000 vehicle [page]", starts_at: "10 percent [page]"}'
CURVE = 'yield: {start: "70 percent [page]", steady: "97 percent [page]", months_to_steady: "18 month [page]"}'
OUTAGES = 'outages: {every: "80 day [page]", lasts: "1 .. 3 day [page]", leaves: "20 percent [page]"}'
STOP = '{start: "2026-02-14 [page]", end: "2026-02-20 [page]", every_year: true}'
SHIFT = '{start: "2025-04 [page]", end: "2025-09 [page]", hours: "40 hour/week [page]"}'
HALF = "{quarter_half: first, first: NO}"
STORM = 'delay: "5 .. 9 day [page]"'
STRIKE = '{region: HU, what: output, leaves: "50 percent [page]", start: "2026-06-01 [page]", end: "2026-06-10 [page]"}'
SLUMP = '{market: drivers, leaves: "80 percent [page]", start: "2025-09 [page]", end: "2025-10 [page]"}'
CELLS = 'no-cells: {what: input, leaves: "45 percent [page]",'
FERRY = "  ferry:\n    region: NO\n"
DEALERS = "{market: drivers, plant: cars, product: car, quantity"
PAIR = "between: [plants.packs.yield, plants.packs.ramp.months_to_nameplate]"
CALIBRATION = 'on: [sold], tolerance: "10 percent [assumed: as far as pages differ]"'

PLANTS = [
    (RAMP, RAMP.replace("6 .. 12", "0"), "plants.packs.ramp.months_to_nameplate: '0 month' is not above 0"),
    (RAMP, RAMP.replace("6 .. 12", "-6 .. 12"), "-6 .. 12 month is below 0 month"),
    (RAMP, RAMP.replace("linear", "learning"), "curve 'learning' takes no months_to_nameplate: it goes by what was"),
    (RAMP, RAMP.replace("linear", "learning"), "plants.packs.ramp: curve 'learning' needs items_to_nameplate"),
    (RAMP, RAMP.replace("linear,", 'linear, starts_at: "5 percent [page]",'), "curve 'linear' takes no starts_at"),
    (LEARNING, LEARNING.replace('items_to_nameplate: "9000 vehicle [page]", ', ""), "needs items_to_nameplate"),
    (LEARNING, LEARNING.replace("10 p", "0 p"), "plants.cars.ramp.starts_at: '0 percent' is not above 0"),
    (LEARNING, LEARNING.replace("9000 v", "0 v"), "items_to_nameplate: '0 vehicle' is not above 0"),
    (LEARNING, LEARNING.replace("9000 v", "0 .. 9000 v"), "'0 .. 9000 vehicle' is not above 0"),
    (LEARNING, LEARNING.replace("vehicle", "pack"), "'9000 pack' counts in 'pack', and product 'car' is counted in"),
    (CURVE, CURVE.replace("70 p", "98 p"), "yield.start: '98 percent' is above 'steady', '97 percent'"),
    (CURVE, CURVE.replace("18 month", "0 month"), "yield.months_to_steady: '0 month' is not above 0"),
    (CURVE, CURVE.replace("97 p", "107 p"), "is above 100 percent"),
    (OUTAGES, OUTAGES.replace("1 .. 3", "0"), "outages.lasts: '0 day' is not above 0"),
    (OUTAGES, OUTAGES.replace("1 .. 3", "-1 .. 3"), "-1 .. 3 day is below 0 day"),
    (OUTAGES, OUTAGES.replace("80 day", "0 day"), "0 day is below 0.001 day"),
    ('process_time: "3 day', 'process_time: "0 day', "plants.packs.process_time: '0 day' is not above 0"),
    ('process_time: "3 day', 'process_time: "-3 day', "-3 day is below 0 day"),
    ('process_time: "3 day', 'process_time: "400 day', "400 day is above 365 day"),
    ('stock_limit: "5000 pack', 'stock_limit: "5000 vehicle', "plants.packs.stock_limit: '5000 vehicle' counts in"),
    ('stock_limit: "5000 pack', 'stock_limit: "-1 pack', "-1 pack is below 0"),
    (STOP, STOP.replace("2026-02-20", "2026-02-10"), "2026-02-10 is before its start, 2026-02-14"),
    (STOP, STOP.replace("2026", "2029"), "shutdowns.0.start: 2029-02-14 to 2029-02-20 is outside the horizon"),
    (STOP, STOP.replace("2026", "2024").replace(", every_year: true", ""), "outside the horizon, 2025-01 to 2027-12"),
    (STOP, STOP.replace("2026-02-20", "2027-02-20"), "comes again every year; shorten it"),
    ('    nameplate_hours: "80 hour/week [page]"\n', "", "plants.cars: has shifts, and no hours that its capacity"),
    (SHIFT, SHIFT.replace("2025-09", "2026-02"), "shifts.1.start: 2026-01 lies in shift 0, which begins 2025-04"),
    (SHIFT, SHIFT.replace("2025-04", "2026-01").replace("2025-09", "2026-02"), "keep one of the two"),
    (SHIFT, SHIFT.replace("2025-09", "2025-03"), "2025-03-31 is before its start, 2025-04-01"),
    (SHIFT, SHIFT.replace("2025", "2024"), "shifts.0.start: 2024-04-01 to 2024-09-30 is outside the horizon"),
    (SHIFT, SHIFT.replace("40 hour", "169 hour"), "169 hour/week is above 168 hour/week"),
    (HALF, HALF.replace("NO", "NE"), "allocation.0.first: 'NE' is neither home nor exports nor a region"),
    (HALF, HALF.replace("NO", "export"), "did you mean 'exports'?"),
    (HALF, HALF.replace("NO", "HU"), "no lane brings 'car' from 'NO' to 'HU', so that it is never served"),
    (HALF, HALF.replace("first,", "first, quarter_months: [3],"), "in quarter_months and in quarter_half; keep one"),
    (HALF, f"{HALF}\n      - {{quarter_months: [2], first: home}}", "speaks of the same months as rule 0"),
    (HALF, f"{HALF}\n      - {{quarter_half: first, first: home}}", "speaks of the same months as rule 0"),
    ("quarter_months: [1, 2]", "quarter_months: [1, 1]", "names a month twice"),
]
ORDERS = [
    (FERRY, "  dam:\n    region: NO\n", "orders.dam: project 'dam' has an order, which is called so too"),
    (FERRY, "  ferry:\n", "orders.ferry: has no buyer; write the market"),
    (FERRY, "  ferry:\n    region: NO\n    market: drivers\n", "has both 'market' and 'region'"),
    (FERRY, "  ferry:\n    market: drivers\n", "orders.ferry.market: 'drivers' buys 'car', and the order is of 'pack'"),
    (FERRY, "  ferry:\n    region: NE\n", "orders.ferry.region: 'NE' is not among the regions"),
    (DEALERS, DEALERS.replace("cars", "carts"), "orders.dealers.plant: 'carts' is not among the plants"),
    (DEALERS, DEALERS.replace("drivers", "driver"), "is not among the markets; did you mean 'drivers'?"),
    (
        DEALERS,
        "{region: NO, plant: cars, product: pack, quantity",
        "orders.dealers.product: 'pack' can never be delivered: plant 'cars' makes 'car', and packs would",
    ),
    (DEALERS, "{region: NO, plant: cars, product: cell, quantity", "and no plant of the study does; order what it"),
    (
        DEALERS,
        "{region: HU, plant: cars, product: car, quantity",
        "no lane goes from 'NO', where 'cars' stands, to 'HU'",
    ),
    ('quantity: "90 vehicle', 'quantity: "90 pack', "orders.dealers.quantity: '90 pack' counts in 'pack'"),
    ('quantity: "90 vehicle', 'quantity: "-90 vehicle', "-90 vehicle is below 0"),
    ('    quantity: "200 pack [page]"\n', "", "orders.ferry: says how much in 'quantity' or in 'energy'"),
    ('ordered: "2025-04-10', 'ordered: "2024-04-10', "orders.ferry.ordered: 2024-04-10 is outside the horizon"),
    ('wanted: "2025-09-30', 'wanted: "2025-04-09', "orders.ferry.wanted: 2025-04-09 is before its start, 2025-04-10"),
    ('    wanted: "2025-09-30 [page]"\n', "", "'40 EUR/pack/day' is for days after the one that is wanted; add"),
    ('    late_damages: "40 EUR/pack/day [page]"\n', "", "limits damages, and there are none; add 'late_damages'"),
    ("40 EUR/pack/day", "40 EUR/pack", "orders.ferry.late_damages: '40 EUR/pack' is no money per item and day"),
    ("40 EUR/pack/day", "40 EUR/vehicle/day", "'40 EUR/vehicle/day' counts in 'vehicle', and product 'pack'"),
    ("40 EUR/pack/day", "-4 EUR/pack/day", "'-4 EUR/pack/day' is below 0"),
    ("9000 EUR/pack", "9000 EUR/pack/day", "late_damages_most: '9000 EUR/pack/day' is no money per item; write"),
    ("9000 EUR/pack", "9000 HUF/pack", "'9000 HUF/pack' is in HUF, and '8800 EUR/pack' of the same plant 'packs'"),
    ("300000 NOK/vehicle", "300000 NOK", "markets.drivers.demand.1.price: '300000 NOK' is no money per item; write"),
    ("300000 NOK/vehicle", "300000 NOK/pack", "'300000 NOK/pack' counts in 'pack', and product 'car'"),
    ("300000 NOK/vehicle", "-3 NOK/vehicle", "'-3 NOK/vehicle' is below 0"),
]
SHOCKS = [
    (STRIKE, STRIKE.replace("region: HU", "plant: packs, region: HU"), "shocks.strike: hits plant and region; write"),
    (STRIKE, STRIKE.replace("region: HU, ", ""), "shocks.strike: hits nothing; write one of plant, region, lane"),
    (STRIKE, STRIKE.replace(', end: "2026-06-10 [page]"', ""), "shocks.strike: has no end; write one of 'end'"),
    (STRIKE, STRIKE.replace("start:", 'lasts: "3 day [page]", start:'), "has both 'end' and 'lasts'; write one of"),
    (STRIKE, STRIKE.replace('leaves: "50 percent [page]", ', ""), "says neither what it leaves nor what it delays"),
    (STRIKE, STRIKE.replace("leaves:", 'delay: "3 day [page]", leaves:'), "a shock on output of a region delays"),
    (STRIKE, STRIKE.replace("what: output", "what: input"), "'input' is not what a shock on a region scales; write"),
    (STRIKE, STRIKE.replace("what: output", "what: demand"), "no market is in 'HU', so that demand of region is"),
    (STRIKE, STRIKE.replace("region: HU", "region: HE"), "shocks.strike.region: 'HE' is not among the regions"),
    (STRIKE, STRIKE.replace("2026-06", "2028-06"), "shocks.strike.start: 2028-06-01 is outside the horizon"),
    (SLUMP, SLUMP.replace("drivers", "driver"), "shocks.slump.market: 'driver' is not among the markets"),
    (SLUMP, SLUMP.replace("leaves", "what: lane, leaves"), "'lane' is not what a shock on a market scales"),
    (SLUMP, SLUMP.replace('end: "2025', 'end: "2026'), "market 'drivers' takes all that is left from 2026-01 on"),
    (CELLS, CELLS.replace("what: input", "what: output"), "'output' is not what a shock on a product scales; write in"),
    ("product: cell}\n  slump", "product: car}\n  slump", "shocks.no-cells.product: no plant of the study takes 'car'"),
    (
        "lane: {origin: HU, destination: NO,",
        "lane: {origin: NO, destination: HU,",
        "no lane leads from 'NO' to 'HU' for",
    ),
    ("lane: {origin: HU, destination: NO,", "lane: {origin: HU, destination: NE,", "'NE' is not among the regions"),
    (STORM, STORM.replace("5 .. 9", "0"), "shocks.storm.delay: '0 day' is not above 0"),
    (STORM, STORM.replace("5 .. 9", "-5"), "-5 day is below 0 day"),
    ('lasts: "10 .. 30 day', 'lasts: "0 day', "shocks.storm.lasts: '0 day' is not above 0"),
    (
        'lasts: "10 .. 30 day',
        'lasts: "500 day',
        "'500 day' from 2026-11-02 ends outside the horizon, 2025-01 to 2027-12: 425 days are left",
    ),
    ('probability: "30 percent', 'probability: "130 percent', "130 percent is above 100 percent"),
]
MEMBERS = [
    (PAIR, PAIR.replace("packs.yield", "packs.yeild"), "'plants.packs.yeild' is no figure of the study; did you mean"),
    (PAIR, PAIR.replace("packs.yield", "packs.capacity"), "is one number, '120000 pack/year', and is not drawn"),
    (PAIR, "between: [plants.packs.yield, plants.packs.yield]", "is both figures, and goes with itself"),
    (
        f"- {{{PAIR}, value: -0.5}}",
        f"- {{{PAIR}, value: -0.5}}\n"
        "  - {between: [plants.packs.ramp.months_to_nameplate, plants.packs.yield], value: 0.5}",
        "correlations.1: plants.packs.ramp.months_to_nameplate and plants.packs.yield are correlated in row 0 already",
    ),
    ("value: -0.5}", "value: -1.5}", "-1.5 is below -1"),
    (CALIBRATION, CALIBRATION.replace("sold", "solt"), "calibration.on.0: 'solt' is not among the observations"),
    (CALIBRATION, CALIBRATION.replace("[sold]", "[sold, sold]"), "calibration.on.1: 'sold' is listed twice"),
    (CALIBRATION, CALIBRATION.replace("10 p", "0 p"), "calibration.tolerance: '0 percent' is not above 0"),
    (CALIBRATION, CALIBRATION.replace("10 p", "5 .. 10 p"), "is a range; one number belongs here"),
    ('least: "500 vehicle', 'least: "500 MWh', "'500 MWh' is in MWh, and observation 'sold' in vehicle"),
]


@pytest.mark.parametrize(("old", "new", "said"), [*PLANTS, *ORDERS, *SHOCKS, *MEMBERS])
def test_what_cannot_be_is_refused_by_name(refused: Refused, old: str, new: str, said: str) -> None:
    assert said in refused(old, new)


def test_a_refusal_names_line_and_column(refused: Refused) -> None:
    refused(SHIFT, SHIFT.replace("2025-09", "2026-02"), at='"2026-01 [page]", hours')
    refused(DEALERS, DEALERS.replace("cars", "carts"), at="carts")


def test_an_input_that_can_always_be_had_cannot_be_short(small_text: str) -> None:
    """Cells come from outside and from a plant of the study: a shock on them would change nothing."""
    rolls = "{owner: fjord, region: HU, makes: cell, capacity: '9 cell/year [page]', opens: '2025-02 [page]'}"
    with pytest.raises(StudyError, match=r"shocks.no-cells.product: 'cell' is made in the study and 'external' too"):
        parse_study(small_text.replace("plants:", f"plants:\n  rolls: {rolls}", 1))


def test_halves_of_a_quarter_may_follow_each_other_and_leave_a_month(small_text: str) -> None:
    both = f"{HALF}\n      - {{quarter_half: second, first: home}}"
    parse_study(small_text.replace(HALF, both))
    parse_study(small_text.replace(HALF, f"{HALF}\n      - {{quarter_months: [3], first: home}}"))


def test_shifts_may_be_written_in_any_order(small_text: str) -> None:
    rows = small_text[small_text.index(f"      - {SHIFT}") : small_text.index("    allocation:\n      - {quarter_half")]
    first, second = rows.splitlines(keepends=True)
    parse_study(small_text.replace(rows, second + first))


def test_the_money_of_a_plant_is_that_of_its_region_where_rates_lead_there(small_text: str) -> None:
    study = parse_study(small_text)
    assert (plant_currency(study, "packs"), plant_currency(study, "cars")) == ("EUR", "NOK")
    lane = 'lead_time: "10 .. 20 day [page]"}'
    freight = 'product: pack, cost: "5 USD/pack [page]", lead_time: "9 day [page]"}'
    rates = 'exchange_rates:\n  - {day: "2025-01-02 [page]", rate: "1.04 USD/EUR [page]"}\n'
    text = small_text.replace(lane, freight).replace("exchange_rates:\n", rates)
    assert plant_currency(parse_study(text), "packs") == "EUR", "no rate leads to the forint, so the first by its code"
    forints = '  - {day: "2025-01-02 [page]", rate: "410 HUF/EUR [page]"}\n'
    forints += '  - {day: "2025-01-02 [page]", rate: "395 HUF/USD [page]"}\n'
    assert plant_currency(parse_study(text.replace(rates, rates + forints)), "packs") == "HUF"
