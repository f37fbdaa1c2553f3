"""The checks on pages: what is wrong in them is found, and what only looks wrong is not.

The figures of the invented pages are chosen so that some contradict each other; beside them stand figures of other
places, phases, goods and times, which contradict nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.evidence.arithmetic.checks import check
from cell2grid.evidence.reading import read_pages
from cell2grid.evidence.records import Check, Claim, Verdict

WRONG = {
    "halden.txt": """Halden Cells opens Moss factory
Published March 4, 2026

Norwegian battery maker Halden Cells has opened a factory in Moss, Norway, with an annual capacity of 4,000 storage
containers. Each container holds 5.0 MWh, giving the factory a capacity of 26 GWh a year, the company said.

Halden Cells shipped 310 containers in the first quarter of 2025, 420 in the second quarter, 505 in the third quarter
and 610 in the fourth quarter. For the whole of 2025 deliveries came to 1,945 containers, up 30% from 1,400 in 2024.

The company invested 900 million kroner ($84 million) in Moss, and 300 million kroner ($40 million) in a test centre.

Equinor holds 45% of Halden Cells, Hydro 35% and the founders 25%.
""",
    "pyhajoki.txt": """Aurora Grid switches on Pyhajoki battery
HELSINKI, Jan. 20, 2026 - Finnish utility Aurora Grid has switched on its 120 MW / 240 MWh Pyhajoki battery, a
four-hour system, after investing 70 million euros.

The Turku plant of Aurora Grid ran at 108% of capacity in 2025.

Exports of electric buses from Finland reached 12,000 in 2025. Aurora Grid exported 3,000 electric buses in 2025, which
is 40% of Finland's electric bus exports.

Construction of Aurora Grid's Oulu plant began in May 2025. Aurora Grid's Oulu plant started production in March 2024.

In 2025 its market share rose 5 percentage points to 25% from 18% in 2024.
""",
    "plans.txt": """Volta Nord sees 2025 deliveries at 50,000 vans
Feb. 10, 2025
Swedish van maker Volta Nord expects to deliver 50,000 vans in 2025. Its Kalmar plant is to reach a capacity of 80,000
vehicles a year by the end of 2025.
""",
    "outcome.txt": """Volta Nord delivers fewer vans
Jan. 15, 2026
Swedish van maker Volta Nord delivered 41,300 vans in 2025, the company said. Its Kalmar plant now has a capacity of
65,000 vehicles a year.
""",
    "registry.txt": """Vans: Volta Nord sold well abroad
January 17, 2026
Volta Nord handed over 43,100 vans last year, according to the registration office in Stockholm.
""",
}
NOT_COMPARABLE = {
    "orkla.txt": """Orkla Motor sells more buses
Published April 2, 2026
Orkla Motor sold 12,400 buses in 2025, 3,100 of them abroad. In Norway it sold 9,300. In the first quarter of 2026 sales
came to 2,900 buses, of which 1,200 were electric. Cumulative sales since 2015 have reached 80,000.
Orkla Motor sold 700 trucks in January, 650 in February and 690 in March. In Denmark it sold 1,500 trucks in the first
quarter.
The first phase of its Drammen plant has a capacity of 5,000 buses a year; the second phase will add 10,000 buses a
year. The Drammen plant made 4,700 buses in 2025. After the expansion the plant will be able to make 15,000 buses a
year.
Exports rose 20% to 3,100 buses. Revenue was up 12% at 4.1 billion kroner, and operating profit fell 8% to 300 million
kroner; net profit was 190 million kroner.
""",
    "year.txt": """Orkla's year
Published January 20, 2026
OSLO, Jan. 20 (Nordic Wire) - Orkla Motor sold 12,100 electric buses and trucks in 2025, industry data show. Orkla Motor
registered 9,300 buses in Norway in 2025. In Sweden Orkla Motor sold 2,200 buses in 2025. Worldwide sales of Orkla Motor
were 14,000 vehicles in 2025.
The Drammen plant will have a capacity of 15,000 buses a year from 2027. Statens Fond holds 51% of Orkla Motor, down
from 60% a year ago, and plans to sell another 10%.
A 100 MW / 400 MWh battery and a 300 MW solar park stand next to each other; the battery has a grid connection of 80 MW.
""",
    "voltra.txt": """Voltra plans
Voltra had a 20% share of the European market and a 9% share of the world market in 2025; Kvant had 30% in Europe. In
China, local firms had 95%.
The plant ran at 60% of capacity in 2024 and 75% in 2025. Voltra delivered 2 GWh of cells in 2025, 1.5 GWh of them for
cars and 0.4 GWh for ships.
Each rack holds 2.5 MWh and Voltra shipped 300 racks. A project in Hammerfest with 40 racks holds 90 MWh.
""",
}


def checked(pages: dict[str, str], folder: Path) -> tuple[list[Check], dict[str, Claim]]:
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    read = list(read_pages([folder]))
    claims = {claim.id: claim for page in read for claim in page.claims}
    stories = [story for page in read for story in page.stories]
    return list(check(claims.values(), stories)[0]), claims


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> list[Check]:
    return [each for each in checked(WRONG, tmp_path_factory.mktemp("wrong"))[0] if each.verdict is Verdict.FAILS]


@pytest.mark.parametrize(
    ("kind", "stated", "computed"),
    [
        ("product", 26, 20),
        ("sum", 1945, 1845),
        ("change", 30, 38.92857),
        ("currency", 7.5, 10.7142857),
        ("stakes", 100, 105),
        ("duration", 4, 2),
        ("impossible", 108, 100),
        ("impossible", None, None),
        ("ratio", 40, 25),
        ("change", 5, 7),
        ("plan", 50_000, 41_300),
        ("plan", 80_000, 65_000),
        ("agreement", 41_300, 43_100),
    ],
)
def test_what_contradicts_itself_fails(
    wrong: list[Check], kind: str, stated: float | None, computed: float | None
) -> None:
    found = [(each.stated, each.computed) for each in wrong if each.kind == kind]
    wanted = tuple(None if side is None else pytest.approx(side) for side in (stated, computed))
    assert any(pair == wanted or pair[::-1] == wanted for pair in found), found


def test_nothing_else_fails(wrong: list[Check]) -> None:
    assert len(wrong) == 13, [each.note for each in wrong]


def test_figures_of_other_places_phases_goods_and_times_contradict_nothing(tmp_path: Path) -> None:
    found, claims = checked(NOT_COMPARABLE, tmp_path)
    failing = [each for each in found if each.verdict is Verdict.FAILS]
    assert len(claims) > 40
    assert [(each.kind, each.note) for each in failing] == []


# what is wrong on the held-out pages themselves: figures that a reader would also find to differ
_TRUE_ALARMS = {
    ("duration", 5.0),  # 638 MWh / 147 MW are 4.3 hours
    ("impossible", 101.6),  # plants that ran above their capacity
    ("change", 53.6),  # 30,093 over 19,583 are 53.67 % more: cut off
    ("agreement", 5.7e12),  # two invented pages tell two revenues of one firm and quarter
}


def test_few_alarms_on_the_held_out_pages_are_false() -> None:
    pages = list(read_pages([Path(__file__).parent / "held_out"]))
    claims = [claim for page in pages for claim in page.claims]
    found, _ = check(claims, [story for page in pages for story in page.stories])
    failing = [each for each in found if each.verdict is Verdict.FAILS]
    false = [each for each in failing if (each.kind, each.stated) not in _TRUE_ALARMS]
    assert len(failing) > len(false)
    # one for forty pages; a page that is read wrongly may give one
    assert len(false) <= len(pages) // 40, [(each.kind, each.note) for each in false]
