"""The rolling horizon beside a loop of linear programs on HiGHS, in one run: ``python -m benchmarks.foresight``.

Prices are those of the synthetic year, cut off at zero so that a linear program has the exact answer; each hour plans
the 48 hours ahead on the forecast ``yesterday``. The peers solve a sample of the same windows, from the level that the
rolling horizon has there: one builds each program anew, one keeps it, changes its prices and start, and goes on from
the last basis. Every window's objective must be the same. Then come the other methods, each on the same year.
``--quick`` runs everything once, shortened, without judging the times.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array, eye_array, hstack

from cell2grid.engines.dispatch import Case, asset_case, checked, schedule
from cell2grid.engines.dispatch.kernel import plan
from cell2grid.engines.foresight import naive, rolling, stochastic
from cell2grid.engines.foresight.store import store_of
from cell2grid.prices import PriceSeries, synthetic_year
from cell2grid.prices.forecasts import Forecast, forecast, known_prices

WINDOW = 48
BATTERY = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.94,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}


@dataclass(frozen=True)
class Window:
    """One plan: the prices that a step expects, and the level that it starts from [MWh]."""

    price: np.ndarray
    level: float


def year_of(steps: int | None) -> PriceSeries:
    year = synthetic_year(1)
    cut = slice(0, steps)
    return PriceSeries(
        timestep=year.timestep[cut],
        price=np.maximum(year.price[cut], 0.0),
        step_hours=year.step_hours[cut],
        name=year.name,
        synthetic=True,
    )


def sample(case: Case, told: Forecast, count: int) -> list[Window]:
    """Whole windows, evenly over the year, with the levels that the rolling horizon has there."""
    energy = rolling(case, told, window_hours=WINDOW, end_value="none").energy
    windows = []
    for step in np.linspace(1, len(case.price) - WINDOW - 1, count).astype(int):
        price = told.prices(step, step + 1, WINDOW)[0]
        price[0] = case.price[step]
        windows.append(Window(price, float(energy[step - 1])))
    return windows


def by_kernel(windows: list[Window], case: Case) -> list[float]:
    store = store_of(case)
    part = [series[:WINDOW] for series in (store.most_in, store.most_out, store.kept)]
    low, high = np.zeros(WINDOW), np.full(WINDOW, case.energy_capacity)
    nothing, full = np.zeros(1), np.full(1, case.energy_capacity)
    found = []
    for window in windows:
        buy, sell = window.price / case.efficiency_charge, window.price * case.efficiency_discharge
        found.append(plan(buy, sell, *part, low, high, window.level, nothing, full)[1])
    return found


def program(case: Case, window: Window) -> highspy.HighsLp:
    """Charge, discharge and energy of each hour; the rows are the balance of the store."""
    one = eye_array(WINDOW, format="csc")
    carried = eye_array(WINDOW, k=-1, format="csc")
    matrix = csc_array(hstack([-case.efficiency_charge * one, one / case.efficiency_discharge, one - carried]))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.concatenate([window.price, -window.price, np.zeros(WINDOW)])
    lp.col_lower_ = np.zeros(3 * WINDOW)
    most = [case.charge_limit[:WINDOW], case.discharge_limit[:WINDOW], np.full(WINDOW, case.energy_capacity)]
    lp.col_upper_ = np.concatenate(most)
    right = np.zeros(WINDOW)
    right[0] = window.level
    lp.row_lower_ = lp.row_upper_ = right
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return lp


def solver() -> highspy.Highs:
    found = highspy.Highs()
    found.silent()
    assert found.setOptionValue("threads", 1) == highspy.HighsStatus.kOk
    return found


def objective(found: highspy.Highs) -> float:
    assert found.run() == highspy.HighsStatus.kOk
    assert found.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return -float(found.getInfo().objective_function_value)


def by_highs_anew(windows: list[Window], case: Case) -> list[float]:
    values = []
    for window in windows:
        found = solver()
        assert found.passModel(program(case, window)) == highspy.HighsStatus.kOk
        values.append(objective(found))
    return values


def by_highs_warm(windows: list[Window], case: Case) -> list[float]:
    found, columns = solver(), np.arange(2 * WINDOW, dtype=np.int32)
    assert found.passModel(program(case, windows[0])) == highspy.HighsStatus.kOk
    values = []
    for window in windows:
        cost = np.concatenate([window.price, -window.price])
        assert found.changeColsCost(len(columns), columns, cost) == highspy.HighsStatus.kOk
        assert found.changeRowBounds(0, window.level, window.level) == highspy.HighsStatus.kOk
        values.append(objective(found))
    return values


PEERS: dict[str, Callable[[list[Window], Case], list[float]]] = {
    "highspy, kept and warm": by_highs_warm,
    "highspy, built anew": by_highs_anew,
}


def per_window(windows: list[Window], case: Case) -> dict[str, float]:
    """Seconds a window of each peer, once all find the same objectives."""
    own = np.array(by_kernel(windows, case))
    seconds = {}
    for name, solve in PEERS.items():
        began = time.perf_counter()
        found = np.array(solve(windows, case))
        seconds[name] = (time.perf_counter() - began) / len(windows)
        apart = np.abs(found - own) / np.maximum(1.0, np.abs(own))
        assert apart.max() <= 1e-7, f"{name} and cell2grid differ by {apart.max():.2g}"
    return seconds


def timed(work: Callable[[], float]) -> tuple[float, float]:
    """Seconds of the second of two runs, and what it finds: the first compiles."""
    work()
    began = time.perf_counter()
    value = work()
    return time.perf_counter() - began, value


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="everything once, shortened")
    quick = parser.parse_args(arguments).quick
    series = year_of(24 * 28 if quick else None)
    case = checked(asset_case(series.price, series.step_hours, **BATTERY))  # type: ignore[arg-type]
    # an error carried on would expect negative prices, for which the linear program is not exact
    told = forecast("yesterday", known_prices(series), carry_error=False)
    print(f"{platform.machine()}, Python {platform.python_version()}, highspy {highspy.Highs().version()}")

    rolled, value = timed(lambda: rolling(case, told, window_hours=WINDOW).value)
    windows = sample(case, told, 20 if quick else 400)
    own = rolled / len(case.price)
    print(f"\nplan of {WINDOW} h{'':<25}{'windows':>9}{'us a window':>14}{'ratio':>9}")
    print(f"{'cell2grid, with the forecasts':<34}{len(case.price):>9,}{own * 1e6:>14,.1f}{1:>8}x")
    for name, seconds in per_window(windows, case).items():
        print(f"{name:<34}{len(windows):>9,}{seconds * 1e6:>14,.1f}{seconds / own:>8,.0f}x")

    past = 24 * 14 if quick else len(series.price) // 2
    rest = checked(asset_case(series.price[past:], series.step_hours[past:], **BATTERY))  # type: ignore[arg-type]
    best, late = schedule(case).value, schedule(rest).value
    learnt = series.price[:past], series.timestep
    methods = {"stochastic": lambda: stochastic(rest, *learnt).value, "naive": lambda: naive(rest, *learnt).value}
    print(f"\n{'method':<34}{'steps':>9}{'seconds':>9}{'of perfect':>12}")
    print(f"{'rolling, 48 h, every hour':<34}{len(case.price):>9,}{rolled:>9.3f}{value / best:>12.1%}")
    for name, method in methods.items():
        seconds, value = timed(method)
        print(f"{name:<34}{len(rest.price):>9,}{seconds:>9.3f}{value / late:>12.1%}")


if __name__ == "__main__":
    main()
