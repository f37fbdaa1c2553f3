"""Project files: what is read, and every refusal with the field, the value, the bound and its line and column."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study
from cell2grid.study.project_file import ProjectFile, parse_project, read_project

FULL = """project: hill
sources:
  desk: {title: Our desk, publisher: Fabrikam, date: 2026-01}
power: 50 MW [desk]
energy: 200 MWh
technology: lfp-4h
throughput_cost: 1 EUR/MWh
valuation: 2026-01-01
commissioning: 2026-07-01
prices: {file: prices.csv, currency: EUR, growth: 1 percent/year, slope: 0.01 EUR/MWh/MW}
finance:
  capital_cost: 250 .. 280 USD/kWh [desk]
  power_cost: 40 USD/kW
  site_cost: 2000000 USD
  fixed_cost: 8 USD/kW/year
  variable_cost: 1 USD/MWh
  residual_value: -5 USD/kWh
  discount_rate: 7 percent/year
  life: 20 year
  debt: {rate: 5 percent/year, tenor: 12 year, share: 60 percent}
  tax: {rate: 25 percent, depreciation: macrs-5}
  subsidy: {grant: 10 percent, tax_credit: 30 percent, credit_basis: 50 percent, per_energy: 2 USD/MWh, years: 10 year}
ageing: {cells: gasper-2023-lfp-250ah, temperature: 20 .. 25 degC}
augmentation:
  - {year: 8 year, to: 100 percent, cost: 90 USD/kWh}
warranty:
  cycles_per_year: 365 ratio/year
  retention: [{year: 5 year, share: 85 percent}, {year: 10 year, share: 70 percent}]
contracts:
  - {kind: capacity, price: 30 USD/kW/year, begins: 2026-10-01, ends: 2036-09-30}
  - {kind: tolling, price: 6000 USD/MW/month, share: 40 percent, years: 5 year}
exchange_rates:
  - {day: 2026-01-01, rate: 1.1 USD/EUR}
"""


def refused(old: str, new: str) -> str:
    """What is said once ``old`` is ``new``; every line of it has a place in the file, or says how many more."""
    assert FULL.count(old) == 1, f"{old!r} is {FULL.count(old)} times in the project"
    with pytest.raises(StudyError) as caught:
        parse_project(FULL.replace(old, new), name="hill.yaml")
    assert caught.value.exit_status == 2
    said = str(caught.value)
    assert all(re.match(r"hill\.yaml:\d+:\d+: |and \d+ more", line) for line in said.splitlines()), said
    return said


def test_a_project_with_every_part_is_read() -> None:
    project = parse_project(FULL)
    assert project.finance.debt is not None
    assert project.contracts[1].share is not None
    assert project.exchange_rates[0].rate.value == 1.1


def test_six_lines_are_a_project() -> None:
    project = parse_project(
        "project: hill\npower: 10 MW\nenergy: 20 MWh\n"
        "finance:\n  {capital_cost: 300 EUR/kWh, discount_rate: 7 percent/year, life: 15 year}\n"
    )
    assert (project.commissioning, project.ageing, project.contracts) == (None, None, ())


FORMS = [
    # sizes
    ("power: 50 MW [desk]", "power: 0 MW", "power: '0 MW' is not above 0 MW"),
    ("power: 50 MW [desk]", "power: -5 MW", "power: -5 MW is below 0 MW, the least it can be"),
    ("power: 50 MW [desk]", "power: 40 .. 50 MW", "power: '40 .. 50 MW' is not one number"),
    ("power: 50 MW [desk]", "power: {file: a.csv, column: power}", "power: is a column; a project has one power"),
    ("power: 50 MW [desk]", "power: 50", "power: 50 has no unit"),
    ("energy: 200 MWh", "energy: 0 MWh", "energy: '0 MWh' is not above 0 MWh"),
    # money in its forms
    ("250 .. 280 USD/kWh [desk]", "-250 USD/kWh", "finance.capital_cost: '-250 USD/kWh' is below 0"),
    ("250 .. 280 USD/kWh [desk]", "-10 .. 280 USD/kWh", "finance.capital_cost: '-10 .. 280 USD/kWh' is below 0"),
    ("250 .. 280 USD/kWh [desk]", "250 USD/kW/year", "a cost in USD or USD/kWh or USD/kW belongs here"),
    ("250 .. 280 USD/kWh [desk]", "250 MWh", "finance.capital_cost: '250 MWh' is in MWh; a cost in"),
    ("250 .. 280 USD/kWh [desk]", "250 XYZ/kWh", "finance.capital_cost: unit 'XYZ' is not known"),
    (
        "power_cost: 40 USD/kW",
        "power_cost: 40 USD/kWh",
        "finance.power_cost: '40 USD/kWh' is in USD/kWh; a cost in USD/kW",
    ),
    ("site_cost: 2000000 USD", "site_cost: -1 USD", "finance.site_cost: '-1 USD' is below 0"),
    (
        "fixed_cost: 8 USD/kW/year",
        "fixed_cost: 8 USD/kW",
        "finance.fixed_cost: '8 USD/kW' is in USD/kW; a cost in USD/year",
    ),
    ("fixed_cost: 8 USD/kW/year", "fixed_cost: -1 percent/year", "finance.fixed_cost: '-1 percent/year' is below 0"),
    (
        "variable_cost: 1 USD/MWh",
        "variable_cost: 1 USD/MW",
        "finance.variable_cost: '1 USD/MW' is in USD/MW; a cost in USD/MWh",
    ),
    ("residual_value: -5 USD/kWh", "residual_value: 5 USD/year", "finance.residual_value: '5 USD/year' is in USD/year"),
    ("residual_value: -5 USD/kWh", "residual_value: 120 percent", "'120 percent' is above 100 percent, all of the"),
    ("grant: 10 percent", "grant: 130 percent", "finance.subsidy.grant: '130 percent' is above 100 percent"),
    ("per_energy: 2 USD/MWh", "per_energy: 2 USD/kW", "finance.subsidy.per_energy: '2 USD/kW' is in USD/kW"),
    (
        "price: 30 USD/kW/year",
        "price: 30 USD/kWh",
        "contracts.0.price: '30 USD/kWh' is in USD/kWh; a cost in USD/kW/year",
    ),
    ("price: 6000 USD/MW/month", "price: -6 USD/MW/month", "contracts.1.price: '-6 USD/MW/month' is below 0"),
    ("cost: 90 USD/kWh", "cost: 90 USD", "augmentation.0.cost: '90 USD' is in USD; a cost in USD/kWh belongs here"),
    (
        "slope: 0.01 EUR/MWh/MW",
        "slope: 0.01 EUR/MWh",
        "prices.slope: '0.01 EUR/MWh' is in EUR/MWh; a cost in USD/MWh/MW",
    ),
    ("slope: 0.01 EUR/MWh/MW", "slope: 0.01 EUR/MWh/MWh", "prices.slope: '0.01 EUR/MWh/MWh' is in EUR/MWh/MWh"),
    ("slope: 0.01 EUR/MWh/MW", "slope: -0.01 EUR/MWh/MW", "prices.slope: '-0.01 EUR/MWh/MW' is below 0"),
    # rates and spans
    (
        "discount_rate: 7 percent/year",
        "discount_rate: -150 percent/year",
        "finance.discount_rate: -150 percent/year is below -99",
    ),
    ("discount_rate: 7 percent/year", "discount_rate: 7 USD", "finance.discount_rate: '7 USD' is in USD"),
    ("life: 20 year", "life: 0 year", "finance.life: 0 year is below 1 year, the least it can be"),
    ("life: 20 year", "life: -3 year", "finance.life: -3 year is below 1 year"),
    ("growth: 1 percent/year", "growth: -60 percent/year", "prices.growth: -60 percent/year is below -50"),
]


@pytest.mark.parametrize(("old", "new", "said"), FORMS)
def test_a_figure_of_another_kind_or_outside_its_bounds_is_refused(old: str, new: str, said: str) -> None:
    assert said in refused(old, new)


TOGETHER = [
    # currencies
    ("currency: EUR", "currency: EUX", "prices.currency: 'EUX' is no currency of units.txt; did you mean 'EUR'?"),
    ("rate: 1.1 USD/EUR", "rate: 1.1 USD/GBP", "prices.currency: 'EUR' is not the currency of the capital cost, USD"),
    ("rate: 1.1 USD/EUR", "rate: 1.1 USD/GBP", "add a dated rate in USD/EUR to exchange_rates"),
    ("rate: 1.1 USD/EUR", "rate: 0 USD/EUR", "exchange_rates.0.rate: '0 USD/EUR' is not above 0"),
    ("rate: 1.1 USD/EUR", "rate: 1.1 USD", "exchange_rates.0.rate: '1.1 USD' is no rate"),
    (
        "cost: 90 USD/kWh",
        "cost: 90 GBP/kWh",
        "augmentation.0.cost: '90 GBP/kWh' is in GBP, and the capital cost in USD",
    ),
    ("cost: 90 USD/kWh", "cost: 90 GBP/kWh", "add a dated rate in USD/GBP to exchange_rates"),
    ("price: 30 USD/kW/year", "price: 30 CNY/kW/year", "contracts.0.price: '30 CNY/kW/year' is in CNY, and"),
    (
        "throughput_cost: 1 EUR/MWh",
        "throughput_cost: 1 GBP/MWh",
        "the costs of the asset are in GBP, and the prices in EUR",
    ),
    (
        "slope: 0.01 EUR/MWh/MW",
        "slope: 0.01 GBP/MWh/MW",
        "prices.slope: '0.01 GBP/MWh/MW' is in GBP, and the prices in EUR",
    ),
    # sources and what is not filled in
    ("power: 50 MW [desk]", "power: 50 MW [desc]", "power: 'desc' is not in sources; did you mean 'desk'?"),
    ("life: 20 year", 'life: "20 year [maker]"', "finance.life: 'maker' is not in sources"),
    ("life: 20 year", 'life: "? year"', "finance.life: '? year' is not filled in; write the figure"),
    ("valuation: 2026-01-01", 'valuation: "?"', "valuation: '?' is not filled in"),
    ("tenor: 12 year", 'tenor: "? year"', "finance.debt.tenor: '? year' is not filled in"),
    # debt and tax
    (", share: 60 percent}", "}", "finance.debt: has neither 'share' nor 'cover'"),
    (
        "tenor: 12 year",
        "tenor: 25 year",
        "finance.debt.tenor: '25 year' is longer than the life of the project, '20 year'",
    ),
    (
        "tenor: 12 year",
        "tenor: 2.5 year",
        "finance.debt.tenor: '2.5 year' is no whole year; a debt is served at the end",
    ),
    ("life: 20 year", "life: 10 .. 20 year", "finance.debt.tenor: '12 year' is longer than the life of the project"),
    ("macrs-5", "macrs-6", "finance.tax.depreciation: 'macrs-6' is no depreciation; did you mean 'macrs-"),
    (
        "  tax: {rate: 25 percent, depreciation: macrs-5}\n",
        "",
        "finance.subsidy.tax_credit: '30 percent' is taken off a tax",
    ),
    (
        "per_energy: 2 USD/MWh, ",
        "",
        "finance.subsidy.years: '10 year' says something of 'per_energy', which is missing",
    ),
    # contracts and dates
    (
        "begins: 2026-10-01, ends: 2036-09-30",
        "begins: 2026-10-01, years: 10 year",
        "contracts.0.years: counts operating years, and the contract has dates of its own",
    ),
    ("ends: 2036-09-30", "ends: 2026-09-30", "contracts.0.ends: 2026-09-30 is before it begins, 2026-10-01"),
    (
        "valuation: 2026-01-01\ncommissioning: 2026-07-01",
        "commissioning: 6 month",
        "contracts.0.begins: 2026-10-01 is a date, and the project has none to count it from",
    ),
    (
        "commissioning: 2026-07-01",
        "commissioning: 2025-07-01",
        "commissioning: 2025-07-01 is before the valuation, 2026-01-01",
    ),
    (
        "commissioning: 2026-07-01",
        "commissioning: soon",
        "commissioning: 'soon' is not a date; write 2025-02 or 2025-02-11",
    ),
    ("commissioning: 2026-07-01", "commissioning: -2 month", "commissioning: -2 month is below 0 month"),
    # names
    (
        "technology: lfp-4h",
        "technology: lfp-4",
        "technology: 'lfp-4' is no technology of kind storage of the library; did you mean 'lfp-4h'?",
    ),
    ("technology: lfp-4h", "technology: car-plant", "technology: 'car-plant' is no technology of kind storage"),
    (
        "cells: gasper-2023-lfp-250ah",
        "cells: gasper-2023-lfp",
        "ageing.cells: no cells 'gasper-2023-lfp' ship; did you mean 'gasper-2023-lfp-250ah'?",
    ),
    (
        "fixed_cost: 8 USD/kW/year",
        "fix_cost: 8 USD/kW/year",
        "finance.fix_cost: this key is not known; did you mean 'fixed_cost'?",
    ),
    # wear
    ("year: 8 year", "year: 8.5 year", "augmentation.0.year: '8.5 year' is no whole year"),
    ("year: 8 year", "year: 25 year", "augmentation.0.year: '25 year' is beyond the life of the project, '20 year'"),
    ("year: 8 year, to: 100", "below: 90 percent, to: 50", "augmentation.0.to: '50 percent' is less than there is"),
    (
        "to: 100 percent",
        "energy: 0 MWh",
        "augmentation.0.energy: '0 MWh' is not above 0, so that nothing is ever added",
    ),
    ("year: 8 year", "year: 8 .. 9 year", "augmentation.0.year: '8 .. 9 year' is a range; one number belongs here"),
    ("year: 8 year", "below: 80 percent, year: 8 year", "augmentation.0: an augmentation has either 'year' or 'below'"),
    ("365 ratio/year", "300 .. 365 ratio/year", "warranty.cycles_per_year: '300 .. 365 ratio/year' is a range"),
    (
        "{year: 10 year, share: 70 percent}",
        "{year: 5 year, share: 70 percent}",
        "warranty.retention.1.year: '5 year' is not after the row before, '5 year'",
    ),
    (
        "{year: 10 year, share: 70 percent}",
        "{year: 10 year, share: 90 percent}",
        "warranty.retention.1.share: '90 percent' is more than is promised for an earlier year",
    ),
    (
        "{year: 5 year, share: 85 percent}",
        "{year: 4.5 year, share: 85 percent}",
        "warranty.retention.0.year: '4.5 year' is no whole year",
    ),
    # keys that say one thing twice
    (
        "technology: lfp-4h",
        "efficiency_charge: 0.9\nefficiency_charge_by_power: [[1, 0.9]]",
        "efficiency_charge_by_power: says again what efficiency_charge says",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), TOGETHER)
def test_parts_that_do_not_fit_together_are_refused(old: str, new: str, said: str) -> None:
    assert said in refused(old, new)


def test_all_that_is_wrong_is_said_in_the_order_of_the_file() -> None:
    text = FULL.replace("tenor: 12 year", "tenor: 25 year").replace("macrs-5", "macrs-6")
    with pytest.raises(StudyError) as caught:
        parse_project(text.replace("power: 50 MW [desk]", "power: 0 MW"), name="hill.yaml")
    lines = [int(line.split(":")[1]) for line in str(caught.value).splitlines()]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_a_list_is_no_project() -> None:
    with pytest.raises(StudyError, match="is no project; write its keys, as in 'power: 100 MW'"):
        parse_project("- power: 100 MW")


def test_a_study_that_is_not_there_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "hill.yaml"
    when = "commissioning: {study: shanghai-megapak, project: assumed-project}"
    path.write_text(FULL.replace("commissioning: 2026-07-01", when), encoding="utf-8")
    with pytest.raises(StudyError, match=r"hill.yaml:9:\d+: commissioning.study: 'shanghai-megapak' is neither a file"):
        read_project(path)
    (tmp_path / "shanghai-megapak").write_text("study: mine", encoding="utf-8")
    assert read_project(path).project == "hill"


SAME = [
    (
        'power_cost: "40 USD/kWh [page]"',
        "finance.power_cost: '40 USD/kWh' is in USD/kWh; a cost in USD/kW belongs here",
    ),
    ('site_cost: "-200 USD [page]"', "finance.site_cost: '-200 USD' is below 0"),
    ('debt: {rate: "5 percent/year [page]", tenor: "9 year [page]"}', "finance.debt: has neither"),
    ('tax: {rate: "25 percent [page]", depreciation: macr-5}', "finance.tax.depreciation: 'macr-5' is no"),
]


@pytest.mark.parametrize(("part", "said"), SAME)
def test_the_money_of_a_study_is_held_to_the_same(small_text: str, part: str, said: str) -> None:
    old = 'capital_cost: "200 USD/kWh [page]"'
    with pytest.raises(StudyError, match=re.escape(f"projects.dam.{said}")):
        parse_study(small_text.replace(old, f"{old}, {part}"))


WORN = [
    ("augmentation: [{year: '3.5 year [page]'}]", "projects.dam.augmentation.0.year: '3.5 year' is no whole year"),
    ("ageing: {cells: nobody-2020}", "projects.dam.ageing.cells: no cells 'nobody-2020' ship"),
    (
        "contracts: [{kind: capacity, price: '9 USD/kW [page]'}]",
        "projects.dam.contracts.0.price: '9 USD/kW' is in USD/kW",
    ),
    (
        "contracts: [{kind: capacity, price: '9 EUR/kW/year [page]'}]",
        "projects.dam.contracts.0.price: '9 EUR/kW/year' is in EUR, and the capital cost in USD; add a dated rate in",
    ),
    (
        "warranty: {retention: [{year: '9 year [page]', share: '70 % [page]'},"
        " {year: '5 year [page]', share: '60 % [page]'}]}",
        "projects.dam.warranty.retention.1.year: '5 year' is not after",
    ),
]


@pytest.mark.parametrize(("part", "said"), WORN)
def test_wear_and_contracts_of_a_study_are_held_to_the_same(small_text: str, part: str, said: str) -> None:
    text = small_text.replace("    prices: north\n", f"    prices: north\n    {part}\n")
    with pytest.raises(StudyError, match=re.escape(said)):
        parse_study(text)


KEYS = sorted(ProjectFile.model_fields)


PLAIN = st.one_of(st.text(max_size=12), st.integers(), st.none(), st.booleans())


@given(st.dictionaries(st.sampled_from(KEYS), PLAIN, max_size=6))
def test_whatever_is_written_is_read_or_refused(parts: dict[str, object]) -> None:
    with contextlib.suppress(StudyError):
        assert isinstance(parse_project(json.dumps(parts)), ProjectFile)
