"""What a project costs, in the units that people give, and the rate between two currencies."""

from types import SimpleNamespace

import pytest

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.told.tables import projects
from cell2grid.run.value import valued
from cell2grid.run.worth.exchange import exchange_rate
from cell2grid.study.quantity import Quantity


class Earned:
    """A schedule that sells a MWh a year for 1,000."""

    currency = "EUR"
    reasons = ()
    prices = SimpleNamespace(name="a year")

    def yearly(self, variable):
        return {"revenue": 1000.0, "charging_cost": 0.0, "discharged_energy": 1.0}[variable]


# the project has 1 MW and 1 MWh
@pytest.mark.parametrize(
    ("capital", "fixed", "expected"),
    [
        ("100 EUR/kWh", "1 EUR/kW/year", (100_000, 1000)),
        ("100 EUR/kW", "2 EUR/kWh/year", (100_000, 2000)),
        ("5000 EUR", "10 EUR/year", (5000, 10)),
        ("0.5 EUR/Wh", "2 percent/year", (500_000, 10_000)),
        ("100 EUR/kW", "2 EUR/year/kWh", (100_000, 2000)),
        ("100 EUR/kW", "1 EUR/month/kW", (100_000, 12_000)),
    ],
)
def test_costs_are_those_of_the_whole_project(changed, capital, fixed, expected):
    study = changed(("100 EUR/kWh", capital), ("1 EUR/kW/year", fixed))
    arrays = valued(study, {"heath": Earned()}, {}, Figures(1, first=0, count=2)).arrays
    assert arrays["capital_cost"].values[:, 0].tolist() == pytest.approx([expected[0]] * 2)
    assert arrays["fixed_cost"].values[:, 0].tolist() == pytest.approx([expected[1]] * 2)


def _with_finance(study, **parts):
    project = study.projects["heath"]
    finance = project.finance.changed(**{name: Quantity.model_validate(text) for name, text in parts.items()})
    return study.changed(projects={"heath": project.changed(finance=finance)})


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"capital_cost": "5 MWh [g]"}, "capital_cost: is in no currency"),
        ({"capital_cost": "5 EUR/container [g]"}, "give it as EUR/kWh, EUR/kW or EUR"),
        ({"fixed_cost": "5 MWh [g]"}, "fixed_cost: '5 MWh' is in no currency"),
        ({"fixed_cost": "5 EUR/kWh [g]"}, "give it as EUR/kWh/year"),
        ({"fixed_cost": "5 EUR [g]"}, "give it as EUR/kWh/year"),
        ({"capital_cost": "5 EUR/kW/year [g]"}, "give it as EUR/kWh, EUR/kW or EUR"),
        ({"capital_cost": "5 EUR/year [g]"}, "give it as EUR/kWh, EUR/kW or EUR"),
    ],
)
def test_a_cost_of_another_kind_is_refused_with_the_kinds_that_are_not(changed, parts, message):
    study = _with_finance(changed(), **parts)
    with pytest.raises(StudyError, match=message):
        valued(study, {"heath": Earned()}, {}, Figures(1, first=0, count=1))


MORE = """finance:
      debt: {rate: "5 percent/year [gazette]", tenor: "2 year [gazette]", cover: "1.25 ratio [gazette]"}
      tax: {rate: "20 percent [gazette]"}
      inflation: "10 percent/year [gazette]"
      insurance: "1 percent/year [gazette]"
"""


def test_debt_tax_inflation_and_contracts_of_a_study_are_counted(changed):
    """1 MW is paid 80 EUR/kW in year 1 alone: 88,000 after 10 % of inflation. Sold: 1,100 and 1,210.

    Paid: 1 EUR/kW and 1 % of 100,000 for insurance, 2,000 before inflation. Profit of year 1: 88,000 + 1,100 - 2,200
    less half of 100,000. Debt: the service of both years, the cash over 1.25, discounted at 5 %.
    """
    contract = '{kind: capacity, price: "80 EUR/kW/year [gazette]", years: "1 year [gazette]"}'
    study = changed(
        ("finance:\n", MORE), ("    region: DE\n    power", f"    region: DE\n    contracts: [{contract}]\n    power")
    )
    arrays = valued(study, {"heath": Earned()}, {}, Figures(1, first=0, count=1)).arrays
    assert arrays["contract_revenue"].values[0, 0].tolist() == pytest.approx([0.0, 88_000.0, 0.0])
    assert arrays["market_revenue"].values[0, 0].tolist() == pytest.approx([0.0, 1100.0, 1210.0])
    assert arrays["operating_cost"].values[0, 0].tolist() == pytest.approx([0.0, 2200.0, 2420.0])
    profit = 88_000.0 + 1100.0 - 2200.0 - 50_000.0
    assert arrays["tax"].values[0, 0, 1] == pytest.approx(0.2 * profit)
    service = arrays["debt_service"].values[0, 0]
    assert arrays["debt"].item() == pytest.approx(service[1] / 1.05 + service[2] / 1.1025)
    assert arrays["debt_cover_least"].item() == pytest.approx(1.25)
    row = projects({"heath": Earned()}, valued(study, {"heath": Earned()}, {}, Figures(1, first=0, count=1)))
    assert row.set_index("variable").loc["debt_cover_least", "mean"] == pytest.approx(1.25)


def test_a_project_without_an_order_operates_from_the_start_and_says_so(changed):
    found = valued(changed(), {"heath": Earned()}, {}, Figures(1, first=0, count=1))
    assert found.arrays["operation_start"].values.tolist() == [[0.0]]
    assert found.notes == {"heath": "no order: taken to operate from the start of the horizon"}


def test_a_missing_rate_is_refused_with_the_line_that_gives_one(changed):
    with pytest.raises(StudyError, match="no rate between EUR and JPY; add one, as in"):
        exchange_rate(changed().exchange_rates, "EUR", "JPY", Figures(1, first=0, count=1), "capital_cost")


def test_a_study_whose_projects_have_no_finance_has_no_money(changed):
    study = changed()
    study = study.changed(projects={"heath": study.projects["heath"].changed(finance=None)})
    assert valued(study, {"heath": Earned()}, {}, Figures(1, first=0, count=1)) is None
