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
        ("The share capital of Polarcell will rise from €2.0 million to €48 million.", "€2.0 million", "capital", 2e6),
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
    ],
)  # fmt: skip
def test_the_words_around_a_figure_say_what_it_measures(
    tmp_path: Path, text: str, value: str, measure: str, number: float
) -> None:
    claim = _read(tmp_path, text)[value]
    assert (claim.measure, claim.value) == (measure, number)
