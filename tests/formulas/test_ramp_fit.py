"""Ramp fits: counts apart by hand, integrals against sums, known ramps found again, and what must not be claimed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from cell2grid.errors import EngineError, InputError
from cell2grid.formulas.ramp import learned_share, ramp_share
from cell2grid.formulas.ramp_fit import CURVES, Count, Part, fit, fits, named, parts_of, ramping, verdict
from cell2grid.formulas.ramp_fit.counts import DAYS
from cell2grid.formulas.ramp_fit.growth import day_of_opened, made, opened

ONE = np.ones(1)
TWO = [Count("1,000th", 0, 168, 1000), Count("2,000th", 0, 323, 2000)]


def months(number, *, items=None, capacity=(800.0,), opens=(0.0,), steps=()):
    """A plant counted in months of 30 days."""
    items = np.zeros(number) if items is None else items
    parts = [Part(f"month {i}", ((30.0 * i, 30.0 * i + 30.0),), float(items[i])) for i in range(number)]
    return ramping(parts, opens=opens, capacity=capacity, steps=steps)


def drawn(curve, length, number=24, *, noise=15.0, seed=0, level=1.0, start=ONE, **plant):
    expected = level * made(months(number, **plant), curve, np.array([length]), start)[0]
    items = np.maximum(np.round(expected + np.random.default_rng(seed).normal(0, noise, number)), 0)
    return months(number, items=items, **plant)


def test_a_count_that_lies_in_another_is_taken_out_of_it():
    """1,000 by day 168 and 2,000 by day 323: 1,000 in 168 days, then 1,000 in 155."""
    parts, notes = parts_of(TWO)
    assert parts == [Part("1,000th", ((0, 168),), 1000), Part("2,000th", ((168, 323),), 1000)]
    assert [part.days for part in parts] == [168, 155]
    assert notes == []


def test_a_hole_in_a_longer_count_leaves_two_stretches():
    parts, _ = parts_of([Count("year", 0, 360, 100), Count("summer", 150, 210, 40)])
    assert parts[0] == Part("year", ((0, 150), (210, 360)), 60)


def test_a_sum_of_other_counts_is_left_out_and_told():
    halves = [Count("first", 0, 180, 40), Count("second", 180, 360, 60)]
    assert parts_of([*halves, Count("year", 0, 360, 100)])[1] == [
        "'year' is the sum of other counts and is left out; they have as many"
    ]
    assert parts_of([*halves, Count("year", 0, 360, 90)])[1] == [
        "'year' is the sum of other counts and is left out; they have 100"
    ]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([Count("a", 0, 100, 10), Count("b", 50, 160, 10)], "count 'b' lies across count 'a'; keep one of the two"),
        ([Count("a", 0, 100, 10), Count("b", 0, 200, 5)], "count 'b' is 5, and counts that lie in it have 10"),
        ([Count("a", 10, 10, 1)], "count 'a' ends on day 10, and begins on day 10"),
        ([Count("a", 0, 10, -1)], "count 'a' is -1 .* expected 0 or more items"),
        ([Count("a", 0, float("inf"), 1)], "expected 0 or more items between days that are known"),
        ([Count("a", i, i + 1, 1) for i in range(2001)], "2,001 counts, above 2,000; join days to months"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts, message):
    with pytest.raises(InputError, match=message):
        parts_of(counts)


def test_items_before_the_opening_and_no_counts_are_refused():
    with pytest.raises(InputError, match="count 'early' ends before the plant opens, on day 0"):
        ramping(parts_of([Count("early", -50, -10, 3)])[0], opens=[0], capacity=[1])
    with pytest.raises(InputError, match="there is no count to fit"):
        ramping([], opens=[0], capacity=[1])


@given(st.sampled_from(["immediate", "linear", "tranches", "logistic"]), st.floats(0.2, 60), st.floats(0, 300))
@settings(deadline=None, max_examples=60)
def test_what_a_curve_makes_is_the_integral_of_its_share(curve, length, second):
    case = months(12, opens=(0.0, second), capacity=(800.0, 300.0))
    found = made(case, curve, np.array([length]), ONE)[0]

    def rate(day):
        return sum(
            each * float(ramp_share(curve, (day - first) / DAYS, length)) / DAYS
            for first, each in ((0.0, 800.0), (second, 300.0))
        )

    # blocks step at quarters and openings; there the sum over short steps is enough
    days = np.linspace(0, 360, 360 * 20, endpoint=False) + 1 / 40
    expected = np.array([rate(day) for day in days[::10]]).repeat(1)
    coarse = expected.reshape(12, -1).mean(axis=1) * 30
    assert found == pytest.approx(coarse, rel=2e-2, abs=6.0)


def test_what_learning_makes_is_that_of_its_equation_step_by_step():
    """dQ/dt = K s(Q) with the share of ``formulas.ramp``, by Runge and Kutta; 99 % is reached at the length."""
    case = months(18)
    length, start = 6000.0, 0.1
    c = np.log(99 * (1 - start) / start) / length
    items = np.log(100 * (1 - start)) / c

    def rate(day, total):
        return 800.0 / DAYS * learned_share(total, items, start)

    solved = integrate.solve_ivp(rate, (0, 540), [0.0], t_eval=30.0 * np.arange(19), rtol=1e-9, atol=1e-9)
    found = made(case, "learning", np.array([length]), np.array([start]))[0]
    assert found == pytest.approx(np.diff(solved.y[0]), rel=1e-6)
    total = found.cumsum()
    at = np.searchsorted(opened(case), length)
    assert float(learned_share(total[at - 1], items, start)) == pytest.approx(0.99, abs=0.01)


def test_stops_scale_what_a_curve_makes_and_hold_up_what_is_learned():
    stopped = months(6, steps=[(60.0, 0.5), (90.0, 1.0)])
    whole = months(6)
    for curve in ("linear", "logistic"):
        half = made(stopped, curve, np.array([12.0]), ONE)[0] / made(whole, curve, np.array([12.0]), ONE)[0]
        assert half == pytest.approx([1, 1, 0.5, 1, 1, 1])
    learned = [made(case, "learning", np.array([3000.0]), np.array([0.1]))[0] for case in (stopped, whole)]
    assert learned[0][5] < learned[1][5]


def test_the_day_by_which_so_much_was_open():
    """800 a month from day 0 and 300 from day 600, after the counts: 8,000 by ten months, then both together."""
    case = months(3, opens=(0.0, 600.0), capacity=(800.0, 300.0))
    assert day_of_opened(case, 800.0) == pytest.approx(DAYS)
    assert day_of_opened(case, 8000.0) == pytest.approx(10 * DAYS)
    by_600 = 800 * 600 / DAYS
    assert day_of_opened(case, by_600 + 1100.0) == pytest.approx(600 + DAYS)


@pytest.mark.parametrize(
    ("curve", "length", "parameter"),
    [("linear", 15.0, "months_to_nameplate"), ("logistic", 18.0, "months_to_nameplate")],
)
def test_a_known_ramp_is_found_again_within_its_interval(curve, length, parameter):
    found = fit(drawn(curve, length, seed=1), curve, "nameplate")
    one = found.parameters[parameter]
    assert one.low < length < one.high
    assert one.value == pytest.approx(length, rel=0.05)
    assert found.spare == 23


def test_learning_and_a_plateau_are_found_again_within_their_intervals():
    start = np.array([0.2])
    learned = fit(drawn("learning", 6000.0, start=start), "learning", "nameplate").parameters
    items = np.log(80) / (np.log(99 * 0.8 / 0.2) / 6000)
    assert learned["starts_at"].low < 0.2 < learned["starts_at"].high
    assert learned["items_to_nameplate"].low < items < learned["items_to_nameplate"].high
    below = fit(drawn("linear", 6.0, level=0.4), "linear", "plateau").parameters
    assert below["level"].low < 0.4 < below["level"].high
    assert below["months_to_nameplate"].low < 6.0 < below["months_to_nameplate"].high


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    held = 0
    for seed in range(200):
        one = fit(drawn("linear", 12.0, 12, noise=30.0, seed=seed), "linear", "nameplate").parameters
        months_to = one["months_to_nameplate"]
        held += months_to.low <= 12.0 <= (months_to.high or np.inf)
    # 190 of 200 at 95 %, and outside 179 to 198 once in a thousand
    assert stats.binom.ppf(0.0005, 200, 0.95) <= held <= stats.binom.ppf(0.9995, 200, 0.95)


def test_the_interval_of_a_level_is_that_of_a_line_through_the_origin():
    """A steady level is linear in its parameter: its interval is that of least squares, b ± t s / sqrt(sum w x²)."""
    case = drawn("immediate", 1.0, 10, level=0.5, noise=40.0)
    x, n, w = made(case, "immediate", ONE, ONE)[0], case.items, case.weights
    value = (w * x * n).sum() / (w * x**2).sum()
    spread = np.sqrt((w * (n - value * x) ** 2).sum() / 9 / (w * x**2).sum())
    level = fit(case, "immediate", "free").parameters["level"]
    half = stats.t.ppf(0.975, 9) * spread
    assert (level.value, level.low, level.high) == pytest.approx((value, value - half, value + half))


@pytest.mark.parametrize("level", ["nameplate", "plateau", "free"])
@pytest.mark.parametrize("curve", CURVES)
def test_there_is_no_interval_from_no_degree_of_freedom(curve, level):
    for number in (1, 2, 3):
        found = fit(drawn("linear", 10.0, number), curve, level)
        known = {estimate.known for estimate in found.parameters.values()}
        assert known <= {found.spare > 0}
        if found.spare <= 0:
            assert all(e.low is None and e.high is None for e in found.parameters.values())
        assert (found.aicc is None) == (number <= found.number + 2)


def test_two_counts_cannot_tell_supply_from_demand():
    case = ramping(parts_of(TWO)[0], opens=[0.0], capacity=[10_000 / 12])
    told = verdict(fits(case, nameplate=True), nameplate=True, last=323.0)
    assert told.best is None
    assert told.supply_or_demand == "cannot be told"
    assert {"linear", "plateau below nameplate"} <= set(told.cannot_be_told_apart)
    assert "immediate" not in told.cannot_be_told_apart
    assert "learning to a plateau" in told.more_parameters_than_counts
    assert "linear to a plateau" in told.as_many_parameters_as_counts
    assert any("2 counts cannot tell supply from demand" in sentence for sentence in told.sentences)
    assert any("too few for AICc" in sentence for sentence in told.sentences)


def test_many_counts_tell_a_plateau_from_a_ramp_and_say_so():
    settled = drawn("linear", 4.0, 20, level=0.3)
    told = verdict(fits(settled, nameplate=True), nameplate=True, last=600.0)
    assert told.supply_or_demand == "settled below nameplate"
    assert any("does not say whether orders or the plant hold it there" in sentence for sentence in told.sentences)
    growing = drawn("linear", 40.0, 20)
    assert verdict(fits(growing, nameplate=True), nameplate=True, last=600.0).supply_or_demand == "still growing"
    done = drawn("linear", 8.0, 20)
    found = verdict(fits(done, nameplate=True), nameplate=True, last=600.0)
    assert found.supply_or_demand == "at nameplate"
    # a plateau at all but nameplate is the same curve with a parameter more
    assert found.best in {"linear", "linear to a plateau"}
    assert set(found.cannot_be_told_apart) <= {"linear", "linear to a plateau"}


def test_an_s_curve_and_learning_from_its_foot_cannot_be_told_apart():
    """Over the time worked, learning by making is an S-curve: from 1 % the two are one, and no count tells them."""
    told = verdict(fits(drawn("logistic", 18.0), nameplate=True), nameplate=True, last=720.0)
    assert {"logistic", "learning"} <= set(told.cannot_be_told_apart)


def test_counts_that_no_curve_tells_are_said_to_be_so():
    case = months(8, items=[900, 0, 900, 0, 900, 0, 900, 0])
    told = verdict(fits(case, nameplate=False), nameplate=False, last=240.0)
    assert any(sentence.startswith("No curve tells the") for sentence in told.sentences)


def test_weights_add_up_to_one_and_the_best_has_most():
    told = verdict(fits(drawn("linear", 15.0), nameplate=True), nameplate=True, last=720.0)
    assert sum(told.weights.values()) == pytest.approx(1.0)
    assert max(told.weights, key=told.weights.get) == told.best


def test_more_counts_never_widen_and_the_order_of_rows_never_matters():
    few, many = (drawn("linear", 20.0, number, noise=10.0) for number in (8, 16))
    widths = [
        (one.high - one.low)
        for one in (fit(case, "linear", "nameplate").parameters["months_to_nameplate"] for case in (few, many))
    ]
    assert widths[1] < widths[0]
    assert parts_of(TWO[::-1])[0] == parts_of(TWO)[0]


def test_unknown_names_are_refused():
    with pytest.raises(EngineError, match="'cubic' to 'nameplate' is none of"):
        fit(months(3), "cubic", "nameplate")
    assert named("logistic", "free") == "logistic"
