"""Plants of a plan that open as late as their lead time is drawn, member by member, in the ledger and the markets."""

from __future__ import annotations

import numpy as np
import pytest
from test_built import STUDY

from cell2grid.errors import StudyError
from cell2grid.run import run_study
from cell2grid.run.compared.running import compared
from cell2grid.run.plan.built import with_plan
from cell2grid.run.varied import variation
from cell2grid.study.loader import parse_study

SPREAD = STUDY.replace('lead_time: "12 month [log]"', 'lead_time: "8 .. 12 .. 17 month [log]"')


def _opening(found, plant: str = "dock") -> np.ndarray:
    """The month, from the horizon's first, in which a plant first makes something, by member."""
    assert found.arrays is not None
    made = found.arrays["output"].sel(plant=plant).transpose("member", "period").values > 0.0
    return np.where(made.any(axis=1), made.argmax(axis=1), made.shape[1])


def test_each_member_has_its_plants_as_late_as_they_are_drawn() -> None:
    """The dock is decided on in 2022, twelve months from the start: it opens from month 20 to month 29, as drawn.

    The plan's own table has the same members: its 10 to 90 % are those of the months in which the dock begins to make.
    """
    study = parse_study(SPREAD)
    found = run_study(study, members=40)
    opens = _opening(found)
    assert opens.min() >= 20
    assert opens.max() <= 29
    assert len(set(opens.tolist())) > 4
    (row,) = found.tables["builds"].to_dict("records")
    low, high = np.quantile(opens, (0.1, 0.9), method="inverted_cdf")
    months = {key: (int(row[key][:4]) - 2021) * 12 + int(row[key][5:]) - 1 for key in ("opens_p10", "opens_p90")}
    assert abs(months["opens_p10"] - low) <= 1
    assert abs(months["opens_p90"] - high) <= 1
    notes = found.manifest["notes"]
    assert any("as late as its lead times are drawn" in note for note in notes)
    # more members are the same ones and others
    assert _opening(run_study(study, members=50))[:40].tolist() == opens.tolist()


def test_the_draws_are_those_of_both_sides_of_a_comparison() -> None:
    """What a duty of another figure changes is not when the dock opens: every member has the same day in both runs."""
    study = parse_study(SPREAD)
    frame = compared(study, variation(study, change={"duties.wall.rate": "800 percent [log]"}), members=30).frame
    made = frame.query("entity == 'dock' and variable == 'output' and period == '2023'")
    assert made["with_it"].iloc[0] == pytest.approx(made["without_it"].iloc[0], rel=1e-12)
    assert (made[["p10", "p90", "error"]].to_numpy() == 0.0).all()


def test_without_a_spread_a_run_is_as_it_was_to_the_last_byte() -> None:
    """One number, and a range that comes to the same month for all, make the same ledger."""
    study = parse_study(STUDY)
    assert with_plan(study, members=2, seed=1).study.streams is None
    same = parse_study(STUDY.replace('"12 month [log]"', '"11.9 .. 12 .. 12.1 month [log]"'))
    one, other = (run_study(each, members=5).arrays for each in (study, same))
    assert one is not None
    assert other is not None
    for name in ("output", "capacity", "stock_at_plant" if "stock_at_plant" in one else "output"):
        assert one[name].values.tobytes() == other[name].values.tobytes(), name


def test_who_may_open_after_the_horizon_opens_for_some() -> None:
    """Decided on in 2024 at the latest a lead time of 6 to 30 months ends within the horizon for some members only."""
    study = parse_study(
        STUDY.replace("2023-01 [log]\"}", "2024-01 [log]\"}").replace(
            'lead_time: "12 month [log]"', 'start: 2023-06, lead_time: "2 .. 9 .. 40 month [log]"'
        ).replace("900 percent", "9000 percent")
    )  # fmt: skip
    planned = with_plan(study, members=4, seed=1)
    (block,) = planned.study.plants["dock"].tranches
    assert block.opens.month <= "2024-12"
    opens = _opening(run_study(study, members=30))
    assert (opens == 48).any()
    assert (opens < 48).any()


@pytest.mark.parametrize("said", ["decided: 2021-01", 'lead_time: "3 .. 5 month [log]"'])
def test_a_drawn_opening_says_both_of_its_figures(said: str) -> None:
    text = STUDY.replace(
        'capacity: "120 vehicle/year [log]", opens: "2019-01 [log]"',
        'tranches: [{capacity: "120 vehicle/year [log]", opens: "2021-05 [log]", ' + said + "}]",
    )
    with pytest.raises(StudyError, match="needs both 'decided' and 'lead_time'"):
        parse_study(text)
