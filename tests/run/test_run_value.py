"""What a project costs, in the units that people give, and the rate between two currencies."""

import pytest

from cell2grid.errors import StudyError
from cell2grid.run.figures import Figures
from cell2grid.run.value import valued
from cell2grid.run.worth.exchange import exchange_rate
from cell2grid.study.quantity import Quantity


class Earned:
    """A schedule that sells a MWh a year for 1,000."""

    currency = "EUR"

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


def test_a_project_without_an_order_operates_from_the_start_and_says_so(changed):
    found = valued(changed(), {"heath": Earned()}, {}, Figures(1, first=0, count=1))
    assert found.arrays["commissioning"].values.tolist() == [[0.0]]
    assert found.notes == {"heath": "no order: taken to operate from the start of the horizon"}


def test_a_missing_rate_is_refused_with_the_line_that_gives_one(changed):
    with pytest.raises(StudyError, match="no rate between EUR and JPY; add one, as in"):
        exchange_rate(changed().exchange_rates, "EUR", "JPY", Figures(1, first=0, count=1), "capital_cost")


def test_a_study_whose_projects_have_no_finance_has_no_money(changed):
    study = changed()
    study = study.changed(projects={"heath": study.projects["heath"].changed(finance=None)})
    assert valued(study, {"heath": Earned()}, {}, Figures(1, first=0, count=1)) is None
