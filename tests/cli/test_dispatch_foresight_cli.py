"""The command ``dispatch`` without foresight: methods alone and side by side, forecasts, and hours of publication."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cell2grid.prices import synthetic_year

ASSET = ["--power", "4MW", "--energy", "6MWh", "--start", "0", "--end", "0"]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight weeks of the synthetic year."""
    path = tmp_path_factory.mktemp("weeks") / "weeks.csv"
    year = synthetic_year(3).part(0, 24 * 56)
    rows = zip(year.timestep, year.price, strict=True)
    path.write_text("timestep,price\n" + "".join(f"{stamp}Z,{price}\n" for stamp, price in rows))
    return path


def test_all_methods_run_on_the_same_steps_and_none_beats_perfect_foresight(called, weeks: Path) -> None:
    document = json.loads(called("dispatch", weeks, *ASSET, "--foresight", "compare", "--train", "21", "--json")[1])
    rows = document["foresight"]["methods"]
    assert document["timesteps"] == 24 * 35
    assert document["foresight"]["train_days"] == 21.0
    assert rows[0]["method"] == "perfect"
    assert rows[0]["value"] == pytest.approx(document["objective"])
    assert {"stochastic", "naive, fixed hours", "rolling, yesterday, 48 h"} <= {row["method"] for row in rows}
    assert all(row["share_of_perfect"] <= 1.0 + 1e-9 for row in rows)


@pytest.mark.parametrize("method", ["rolling", "stochastic", "naive"])
def test_a_method_alone_is_the_row_of_the_comparison(called, weeks: Path, tmp_path: Path, method: str) -> None:
    out, page = tmp_path / "done.parquet", tmp_path / "done.html"
    call = ["dispatch", weeks, *ASSET, "--train", "21", "--foresight"]
    rows = json.loads(called(*call, "compare", "--json")[1])["foresight"]["methods"]
    alone = json.loads(called(*call, method, "--out", out, "--report", page, "--json")[1])
    same = next(row for row in rows if row["method"] == alone["method"])
    assert alone["objective"] == pytest.approx(same["value"])
    assert alone["bound"] == pytest.approx(rows[0]["value"])
    assert alone["water_value"] is None
    assert out.stat().st_size > 0
    assert "</html>" in page.read_text()


def test_prices_that_are_published_ahead_are_worth_more(called, weeks: Path) -> None:
    call = ["dispatch", weeks, *ASSET, "--foresight", "rolling", "--json", "--timezone", "Europe/Berlin"]
    blind, ahead = (json.loads(called(*call, *more)[1]) for more in ([], ["--published", "13:00"]))
    assert blind["timesteps"] == ahead["timesteps"] == 24 * 56
    assert blind["objective"] < ahead["objective"] <= ahead["bound"] * (1.0 + 1e-9)


def test_a_forecast_may_come_from_a_column_of_a_file(called, weeks: Path) -> None:
    """The prices themselves as a forecast with the day before known: as good as perfect foresight within two days."""
    call = ["dispatch", weeks, *ASSET, "--train", "2", "--json", "--foresight", "rolling"]
    told = json.loads(called(*call, "--forecast", f"{weeks}:price")[1])["foresight"]["methods"]
    assert told[1]["method"] == "rolling, weeks, price, 48 h"
    assert told[1]["share_of_perfect"] > 0.97


def _first_days(weeks: Path, days: int) -> Path:
    path = weeks.with_name(f"days_{days}.csv")
    path.write_text("".join(weeks.read_text().splitlines(keepends=True)[: 1 + 24 * days]))
    return path


def test_forty_days_are_enough_for_a_comparison_without_saying_how_many_are_learnt_from(called, weeks: Path) -> None:
    """A quarter of 40 days is 10, and the stochastic method needs 14: 26 days of 24 hours are left to run in."""
    document = json.loads(called("dispatch", _first_days(weeks, 40), *ASSET, "--foresight", "compare", "--json")[1])
    assert document["foresight"]["train_days"] == 14.0
    assert document["timesteps"] == 26 * 24
    assert "stochastic" in {row["method"] for row in document["foresight"]["methods"]}


def test_too_few_days_are_refused_with_a_number_that_the_prices_have(called, weeks: Path) -> None:
    call = ["dispatch", _first_days(weeks, 20), *ASSET, "--foresight", "stochastic"]
    status, _, err = called(*call)
    assert (status, "'--train 14'" in err) == (2, True)
    assert called(*call, "--train", "14")[0] == 0
    status, _, err = called("dispatch", _first_days(weeks, 8), *ASSET, "--foresight", "compare")
    assert (status, "--train" in err) == (2, False)
    assert "28 days of prices or more" in err


def test_a_rule_learns_from_a_day_of_a_short_series(called, weeks: Path) -> None:
    document = json.loads(called("dispatch", _first_days(weeks, 3), *ASSET, "--foresight", "naive", "--json")[1])
    assert document["foresight"]["train_days"] == 1.0


def test_methods_are_timed_after_all_have_run_on_a_small_case(
    called, weeks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cell2grid.engines import foresight

    steps, once = [], foresight.compared
    monkeypatch.setattr(
        foresight, "compared", lambda case, *more, **named: steps.append(len(case.price)) or once(case, *more, **named)
    )
    assert called("dispatch", _first_days(weeks, 30), *ASSET, "--foresight", "compare", "--json")[0] == 0
    assert steps == [2, 16 * 24]
