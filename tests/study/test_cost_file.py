from __future__ import annotations

from pathlib import Path

import pytest
from small_cost_plant import small

from cell2grid.errors import StudyError
from cell2grid.study.cost_file import cost_case, cost_technologies, parse_cost
from cell2grid.study.quantity import figures


@pytest.mark.parametrize("name", cost_technologies())
def test_every_figure_that_ships_has_a_source(name: str):
    case = cost_case(name)
    parts = {"technology": case.technology, "plant": case.plant, "countries": dict(case.countries)}
    for key, part in parts.items():
        for path, figure in figures(part, (key,)):
            assert figure.sources, path


def test_sources_that_share_a_key_are_one_document():
    cases = [cost_case(name) for name in cost_technologies()]
    for key in set.intersection(*(set(case.sources) for case in cases)):
        assert len({case.sources[key].title for case in cases}) == 1, key


def test_a_file_is_read_as_a_shipped_one(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text(small(), encoding="utf-8")
    case = cost_case(file)
    assert case.name == "mine"
    assert case.reference.name == "Aland"
    assert "technology.materials.powder.price" in case.unsourced


def _refused(text: str) -> str:
    with pytest.raises(StudyError) as caught:
        parse_cost(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('price: "4 USD/kg"', 'price: "4 EUR/kg"', "'4 EUR/kg' is in EUR/kg; a quantity in USD/kg belongs here"),
        ('price: "4 USD/kg"', 'price: "-4 USD/kg"', "'-4 USD/kg' is not from 0 to 1e+18"),
        ('price: "4 USD/kg"', 'price: "? USD/kg"', "still to be filled"),
        ('price: "4 USD/kg"', 'price: "4 USD/kg [nobody]"', "'nobody' is not in sources"),
        ('amount: "1 kg/kWh"', 'amount: "1 kg"', "is no amount in each kWh"),
        ('amount: "1 kg/kWh"', 'amount: "1 m2/kWh"', "a quantity in USD/m2 belongs here"),
        ("stream: paste", "stream: pasta", "'pasta' is none of the plant's streams; did you mean 'paste'?"),
        ("drives: mass", "drives: mas", "'mas' is none of the plant's rates; did you mean 'mass'?"),
        ("rate: mass", "rate: masses", "'masses' is none of the plant's rates"),
        ('cell_yield: "50 percent"', 'cell_yield: "0 percent"', "0 percent is below 1 percent"),
        ('cell_yield: "50 percent"', 'cell_yield: "120 percent"', "120 percent is above 100 percent"),
        ('capital_exponent: "0.9 ratio"', 'capital_exponent: "9 ratio"', "9 ratio is above 2 ratio"),
        ('capital: "10000 USD"', 'capital: "10000 CNY"', "a quantity in USD belongs here"),
        ('base: "2000 kg/year"', 'base: "0 kg/year"', "'0 kg/year' is no yearly rate above 0"),
        ('labour: "100 hour/year"', 'labour: "-1 hour/year"', "-1 hour/year is below 0 hour/year"),
        ("    reference: AA", "    reference: ZZ", "no country 'ZZ' of the plant"),
        ('design: {cells: "2.5 cell/kWh"}', 'design: {cells: "0 cell/kWh"}', "'0 cell/kWh' is not above 0"),
        ('design: {cells: "2.5 cell/kWh"}', "", "nothing says how much of 'cells' a kWh has"),
        ('      exponent: "0.5 ratio"\n', "", "needs 'cheaper_with' and 'exponent' together"),
        ('wage: "20 USD/hour"', 'wage: "20 USD/kWh"', "a quantity in USD/hour belongs here"),
        ("title: Small cells", "titel: Small cells", "this key is not known; did you mean 'title'?"),
        ('volume: "1000.0 kWh/year"', 'volume: "1 .. 2 GWh/year"', "is a range; write one number"),
        ('volume: "1000.0 kWh/year"', 'volume: "1000 cell/year"', "a quantity in kWh/year belongs here"),
        ("  currency: USD\n  volume", "  currency: EUR\n  volume", "'EUR' is not 'USD', the plant's"),
        ("energy: {base", "power: {base", "'energy' is missing"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_line(old: str, new: str, said: str):
    text = small()
    assert old in text
    message = _refused(text.replace(old, new, 1))
    assert said in message
    assert message.startswith("cost:")
    assert message.split(":")[1].isdigit()


def test_what_is_no_cost_file_is_refused():
    assert "is no cost file" in _refused("[1, 2]")
    assert "'technology' is missing" in _refused("sources: {}")


def test_names_that_are_not_there_are_refused():
    with pytest.raises(StudyError, match="did you mean 'lfp-graphite'"):
        cost_case("lfp-graphit")
    with pytest.raises(StudyError, match="there is no such file"):
        cost_case("nowhere.yaml")
    text = (
        "technology: {title: x, plant: batpac-6, currency: USD, volume: 1 GWh/year, "
        "materials: {a: {title: a, amount: 1 kg/kWh, price: 1 USD/kg}}}"
    )
    assert "no plant 'batpac-6' ships; did you mean 'batpac-5'?" in _refused(text)
