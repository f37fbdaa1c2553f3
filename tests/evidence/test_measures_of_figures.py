"""Which measure a figure has by the words around it and the sentences before: invented firms and places throughout."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.evidence.reading import read_pages
from cell2grid.evidence.records import Claim


def _read(folder: Path, text: str) -> dict[str, Claim]:
    (folder / "page.txt").write_text(f"Oulu, 3 June 2025\n\n{text}\n", encoding="utf-8")
    (pages,) = read_pages([folder])
    return {claim.value_text: claim for claim in pages.claims}


@pytest.mark.parametrize(
    ("text", "value", "measure", "number"),
    [
        ("Polarcell let go and dismissed 240 people in Vaasa.", "240 people", "jobs", 240),
        ("Polarcell employs 130 people in Vaasa; a year ago it was 230.", "230", "jobs", 230),
        ("Polarcell employs 800 people. That number is to reach 1,200 by 2027.", "1,200", "jobs", 1200),
        ("Planned cost: €430 million", "€430 million", "investment", 43e7),
        ("Capital cost: A$405 million", "A$405 million", "investment", 405e6),
        ("Between 2022 and 2024 firms announced $90 billion for plants in Peru.", "$90 billion", "investment", 9e10),
        ("A coating line, ordered in Graz for €17 million, will arrive soon.", "€17 million", "investment", 17e6),
        ("Its share capital will rise from €2.0 million to €48 million.", "€2.0 million", "capital", 2e6),
        ("A pack from Lahti costs 92 euros per kilowatt-hour, one from Riga 61 euros.", "61 euros", "price", 61),
        ("Material for a pack came to NOK 14.20.", "NOK 14.20", "price", 14.2),
        ("In May the tariff in a tender by Sarayu was ₹2.37 lakh.", "₹2.37 lakh", "price", 237e3),
        ("It counts on revenue of more than €400,000 per station by 2030.", "€400,000 per station", "revenue", 4e5),
        ("Its storage arm lost $1.4 billion in May and $3.6 billion in the year.", "$3.6 billion", "profit", -3.6e9),
        ("Its net loss grew to VND20.3 trillion ($812 million).", "$812 million", "profit", -812e6),
        ("The net loss was $222 million, which includes $163 million of adjustments.", "$163 million", "other", 163e6),
        ("We raise our 2027 estimate of operating profit by 22%.", "22%", "change", 22),
        ("Polarcell deployed 4.6 GWh, an increase of 1.9 GWh or 70% on the year.", "70%", "change", 70),
        ("Polarcell sees revenue of $2.5 billion, a cut of about $90 million.", "$90 million", "change", -9e7),
        ("Polarcell's exports grew 14.2%, and those of Ilmari 15.5%.", "15.5%", "change", 15.5),
        ("Market share in 2024: Polarcell 36.8%, Ilmari 18.0%", "18.0%", "share", 18),
        ("Planned output: 25,000 tonnes a year from 2029.", "25,000 tonnes a year", "capacity", 25e3),
        ("An assembly line for 15,000 buses a year opens in June.", "15,000 buses a year", "capacity", 15e3),
        ("Ilmari's plant is able to treat 40,000 tonnes of scrap.", "40,000 tonnes", "capacity", 4e4),
        ("Its new hall will have capacity for 4,500 GridCubes a year.", "4,500 GridCubes a year", "capacity", 4500),
        ("The Oulu factory built 1,310 GridCubes in May.", "1,310 GridCubes", "production", 1310),
        ("It will start trial production in May with 5 GWh and reach 20 GWh in 2029.", "20 GWh", "capacity", 20),
        ("It can make 20 GWh a year. At first 40 GWh had been planned.", "40 GWh", "capacity", 40),
        ("It made barely 6 MWh in 2024, although its line in Biel could do 120 MWh a year.", "6 MWh", "production", 6),
        ("Plants made 9.3 GWh in 2024, with the plant in Lahti responsible for 6.2 GWh.", "6.2 GWh", "production", 6.2),
        ("Supply will exceed demand by 76,000 tonnes.", "76,000 tonnes", "other", 76e3),
        ("In Spain 3,936 electric trucks over 3.5 tonnes were registered.", "3.5 tonnes", "other", 3.5),
        ("The port shipped 4,118, 3,960 and 5,207 electric vans abroad.", "3,960", "exports", 3960),
        ("Leap delivered 70,327 cars in May. It will aim for 1 million in 2026.", "1 million", "deliveries", 1e6),
        ("The carmaker has a target of at least 200,000 deliveries.", "200,000 deliveries", "deliveries", 2e5),
        ("Leap delivered 362 cars. Onda, which sells the L6, contributed 79 units.", "79 units", "deliveries", 79),
        ("Owners: Ilmari 40%, Polarcell 35%, Sarayu the rest.", "35%", "stake", 35),
        ("Ilmari, Sarayu and Polarcell will hold 51%, 34% and 15% of Voltaro respectively.", "34%", "stake", 34),
        ("Ilmari bought 6% from the parent for €96 million.", "6%", "stake", 6),
        ("Sarayu lifts its holding to 37 percent.", "37 percent", "stake", 37),
        ("Electric cars held a record 10.5 percent share of the U.S. market in May.", "10.5 percent", "share", 10.5),
        ("Owning 100% of it is a luxury, said Mia Aho, who cut her target by a tenth.", "a tenth", "change", -10),
        ("At least 55% of the value of a project must come from others.", "55%", "share", 55),
        ("Peru charges a combined 57.4% on Chinese battery cells.", "57.4%", "duty", 57.4),
        ("Peru cut the import duty to 0 per cent for Chile instead of 17.5.", "17.5", "duty", 17.5),
        ("Utilisation of the network was 13.2%. A year ago it was 11.4%.", "11.4%", "utilisation", 11.4),
        ("It will idle the second line, stop building a third and add 20 staff.", "20 staff", "jobs", 20),
        ("Polarcell takes on 60 more people in Oulu.", "60 more people", "jobs", 60),
        ("Ilmari assembled 4,318 electric buses and cars.", "4,318 electric buses and cars", "production", 4318),
        ("It plans storage systems with a total capacity of 700 MW in Peru.", "700 MW", "power", 700),
        ("Gen 4, its new enclosure, holds 7.1 MWh in 20 feet.", "7.1 MWh", "unit_energy", 7.1),
        ("Some 60 sites will get a battery of 2 MWh made by Ilmari.", "2 MWh", "unit_energy", 2),
        ("Its share of 20.9% slid by 1.8 percentage points to 19.1%.", "19.1%", "share", 19.1),
        ("Ilmari had 8 percent of the market in May. Zephyr forecasts 6 percent for June.", "6 percent", "share", 6),
        ("Ilmari sold 11,870 cars in the Gulf. Oman 6,200, Qatar 4,100, and Kuwait 570.", "4,100", "sales", 4100),
        ("Ilmari sold 700 cars, ahead of Leap with 540 and Onda with 377.", "377", "sales", 377),
        ("They make 3.9 billion square metres of film. Ilmari contributes 2.3 billion.", "2.3 billion", "area", 2.3e9),
        ("Its cell holds 148 Wh/kg. Target for next autumn: 165.", "165", "unit_energy", 165),
        ("Peru exported cells worth $9 billion. In May alone the value was $7 billion.", "$7 billion", "exports", 7e9),
    ],
)  # fmt: skip
def test_the_words_around_a_figure_say_what_it_measures(
    tmp_path: Path, text: str, value: str, measure: str, number: float
) -> None:
    claim = _read(tmp_path, text)[value]
    assert (claim.measure, claim.value) == (measure, number)


def test_a_third_line_is_no_third(tmp_path: Path) -> None:
    found = _read(tmp_path, "Ilmari will idle the second line and stop building a third, it said.")
    assert "a third" not in found


def test_material_for_one_is_no_count(tmp_path: Path) -> None:
    assert set(_read(tmp_path, "Material for one pack came to €14.20.")) == {"€14.20"}


def test_a_sum_in_brackets_behind_a_name_is_in_the_money_of_its_paragraph(tmp_path: Path) -> None:
    found = _read(tmp_path, "Exports to Chile were $4.3 billion. Oman (1.9 billion) and Peru (1.5 billion) rose by 9%.")
    assert (found["1.9 billion"].unit, found["1.5 billion"].value) == ("USD", 1.5e9)
