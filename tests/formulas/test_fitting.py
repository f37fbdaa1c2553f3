"""Unknown figures fitted to reported ones: known ones are found again, and what cannot be told is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from cell2grid.errors import NotConvergedError
from cell2grid.formulas.fitting import Prior, Problem, estimated, least_squares, posterior, profiles, told_apart
from cell2grid.formulas.fitting.profile import mark


def problem(observed, *, low, high, deviation=1.0, priors=(), names=None):
    low = np.asarray(low, float)
    return Problem(
        tuple(names or "abcdefgh"[: len(low)]),
        low,
        np.asarray(high, float),
        np.asarray(observed, float),
        np.broadcast_to(np.asarray(deviation, float), len(observed)).copy(),
        tuple(priors) or (None,) * len(low),
    )


def linear(matrix):
    return lambda values: values @ np.asarray(matrix, float).T


TIMES = np.array([1.0, 2.0, 4.0, 8.0])


def saturating(values):
    """y = a (1 - exp(-b t))."""
    return values[:, :1] * (1.0 - np.exp(-values[:, 1:2] * TIMES))


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_a_mean_by_hand():
    """Three reports 1, 2, 6 of one figure, σ = 2: the mean 3, deviation 2/√3, χ² = (4 + 1 + 9)/4 = 3.5."""
    asked = problem([1.0, 2.0, 6.0], low=[0.0], high=[10.0], deviation=2.0)
    found = estimated(asked, linear([[1], [1], [1]]))
    assert found.values == pytest.approx([3.0], abs=1e-7)
    assert found.deviations(asked.width) == pytest.approx([2.0 / np.sqrt(3.0)], rel=1e-6)
    assert found.chi_square == pytest.approx(3.5, rel=1e-9)
    profile = profiles(asked, linear([[1], [1], [1]]), found)[0]
    # a straight model's profile is a parabola: 3 ± 1.959964 x 2/√3
    assert (profile.low, profile.high) == pytest.approx((3 - 2.263172, 3 + 2.263172), abs=1e-5)
    assert profile.identified


def test_a_prior_counts_as_one_more_report():
    """A report 4 ± 1 and a prior 10 ± 2: (4 x 1 + 10 / 4) / (1 + 1/4) = 5.2."""
    asked = problem([4.0], low=[0.0], high=[20.0], priors=[Prior(10.0, 2.0)])
    found = estimated(asked, linear([[1]]))
    assert found.values == pytest.approx([5.2], abs=1e-6)
    # χ² of the report alone is 1.2²; the prior's (5.2 - 10)² / 4 comes on top
    assert (found.chi_square, found.total) == pytest.approx((1.44, 1.44 + 5.76), rel=1e-6)


def test_a_logarithmic_prior_is_met_at_its_centre_where_nothing_is_told():
    asked = problem([1.0], low=[1.0], high=[100.0], priors=[Prior(20.0, 0.3, logarithmic=True)])
    assert estimated(asked, linear([[0.0]])).values == pytest.approx([20.0], rel=1e-6)


def test_linear_case_is_the_closed_form():
    rng = np.random.Generator(np.random.PCG64(7))
    matrix, truth = rng.normal(size=(9, 3)), np.array([1.0, -2.0, 0.5])
    deviation = rng.uniform(0.5, 2.0, 9)
    observed = matrix @ truth + deviation * rng.normal(size=9)
    asked = problem(observed, low=[-50.0] * 3, high=[50.0] * 3, deviation=deviation)
    found = estimated(asked, linear(matrix))
    scaled = matrix / deviation[:, None]
    covariance = np.linalg.inv(scaled.T @ scaled)
    assert found.values == pytest.approx(covariance @ scaled.T @ (observed / deviation), abs=1e-7)
    assert found.deviations(asked.width) == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)
    for profile, value, one in zip(
        profiles(asked, linear(matrix), found), found.values, np.sqrt(np.diag(covariance)), strict=True
    ):
        assert profile.low == pytest.approx(value - 1.959964 * one, abs=1e-4)
        assert profile.high == pytest.approx(value + 1.959964 * one, abs=1e-4)


def test_known_figures_are_found_again():
    truth = np.array([[40.0, 0.3]])
    asked = problem(saturating(truth)[0], low=[1.0, 0.01], high=[200.0, 3.0], deviation=0.5)
    found = estimated(asked, saturating)
    assert found.values == pytest.approx(truth[0], rel=1e-6)
    assert found.agreeing >= 4
    assert not found.at_bound
    assert told_apart(found.names, ("t", "1"), found.values, asked.width, found.slopes).told == 2


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_a_bound_that_holds_is_named():
    asked = problem([9.0], low=[0.0], high=[5.0])
    found = estimated(asked, linear([[1]]))
    assert found.values == pytest.approx([5.0])
    assert found.at_bound == ("a",)
    profile = profiles(asked, linear([[1]]), found)[0]
    # (9 - 5)² = 16 at the bound, 16 + 3.84 at 9 - √19.84
    assert profile.low == pytest.approx(9.0 - np.sqrt(16.0 + mark(0.95)), abs=1e-4)
    assert (profile.high, profile.open_high) == (5.0, True)


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=2),
    st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    st.integers(0, 1000),
)
@settings(max_examples=30, deadline=None)
def test_bounded_least_squares_is_that_of_scipy(truth, noise, seed):
    """The bounded linear problem has one least sum: scipy's active-set method is the oracle."""
    matrix = np.random.Generator(np.random.PCG64(seed)).normal(size=(3, 2))
    observed = matrix @ np.array(truth) + np.array(noise)
    asked = problem(observed, low=[-2.0, -2.0], high=[2.0, 2.0])
    theirs = optimize.lsq_linear(matrix, observed, bounds=(-2.0, 2.0), method="bvls", tol=1e-12)
    found = estimated(asked, linear(matrix), starts=3)
    assert found.total == pytest.approx(2.0 * theirs.cost, rel=1e-6, abs=1e-8)


def test_a_curved_fit_is_that_of_scipy():
    observed = np.array([9.0, 19.0, 26.0, 36.0])
    asked = problem(observed, low=[1.0, 0.01], high=[200.0, 3.0])
    theirs = optimize.least_squares(
        lambda values: saturating(values[None, :])[0] - observed, [50.0, 0.5], bounds=([1.0, 0.01], [200.0, 3.0]),
        xtol=1e-12, ftol=1e-12, gtol=1e-12,
    )  # fmt: skip
    assert estimated(asked, saturating).values == pytest.approx(theirs.x, rel=1e-5)


# --- what cannot be told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "truth", "words"),
    [
        (lambda values: values.sum(axis=1, keepdims=True), [3.0, 4.0], "a and b only as a sum"),
        (lambda values: values[:, :1] - values[:, 1:], [3.0, 4.0], "a and b only as a difference"),
        (lambda values: values.prod(axis=1, keepdims=True), [2.0, 4.0], "a and b only as a product"),
        (lambda values: values[:, :1] / values[:, 1:], [2.0, 4.0], "a and b only as a ratio"),
        (lambda values: values[:, :1] + 3.0 * values[:, 1:], [3.0, 4.0], "a and b only as a + 3 x b"),
        (lambda values: 5.0 * values[:, :1], [3.0, 4.0], "b not at all"),
    ],
)
def test_a_pair_that_cannot_be_told_apart_is_said(model, truth, words):
    asked = problem(model(np.array([truth]))[0], low=[1.0, 1.0], high=[10.0, 10.0], deviation=0.05)
    found = estimated(asked, model, first=np.array(truth))
    told = told_apart(found.names, ("t", "t"), found.values, asked.width, found.slopes)
    assert (told.rank, told.told) == (1, 1)
    assert [blind.words for blind in told.blind] == [words]
    # one of them goes to its bound; where it does, the other may stop before its own
    lost = [profile for profile in profiles(asked, model, found) if profile.name in told.blind[0].names]
    assert not all(profile.identified for profile in lost)


def test_three_of_which_two_combinations_are_told():
    def model(values):
        return np.column_stack([values[:, 0] + values[:, 1] + values[:, 2], values[:, 0] + 2.0 * values[:, 1]])

    asked = problem([9.0, 8.0], low=[0.0] * 3, high=[10.0] * 3, deviation=0.1)
    found = estimated(asked, model)
    told = told_apart(found.names, ("t",) * 3, found.values, asked.width, found.slopes)
    assert told.told == 2
    assert [blind.words for blind in told.blind] == ["a, b and c only together: 2 of 3 combinations"]
    assert np.isinf(found.deviations(asked.width)).all()


def test_what_moves_within_the_noise_alone_is_not_told():
    """The whole range moves the report by half a deviation: a rank of one, and nothing told."""
    asked = problem([5.0], low=[0.0], high=[10.0], deviation=2.0)
    found = estimated(asked, lambda values: 4.5 + 0.1 * values)
    told = told_apart(found.names, ("t",), found.values, asked.width, found.slopes)
    assert (told.rank, told.told, told.singular[0]) == (1, 0, pytest.approx(0.5))
    profile = profiles(asked, lambda values: 4.5 + 0.1 * values, found)[0]
    assert (profile.low, profile.high, profile.open_low, profile.open_high) == (0.0, 10.0, True, True)


def test_two_places_that_are_as_good_are_both_named():
    asked = problem([4.0], low=[-3.0], high=[5.0], deviation=0.1)
    found = estimated(asked, lambda values: values**2, first=np.array([4.0]))
    assert found.values == pytest.approx([2.0], abs=1e-6)
    assert found.elsewhere == pytest.approx(np.array([[-2.0]]), abs=1e-6)


def test_a_model_without_an_answer_is_no_estimate():
    asked = problem([4.0], low=[0.0], high=[5.0])
    with pytest.raises(NotConvergedError, match=r"no answer at any of 8 starts, the first at a 2\.5"):
        estimated(asked, lambda values: np.full_like(values, np.nan))


def test_a_model_without_an_answer_on_one_side_is_fitted_on_the_other():
    """Nothing above 3 is known: the estimate stays below, however near the report lies."""
    asked = problem([2.9], low=[0.0], high=[5.0], deviation=0.1)
    found = estimated(asked, lambda values: np.where(values < 3.0, values, np.nan))
    assert found.values == pytest.approx([2.9], abs=1e-6)


# --- laws ------------------------------------------------------------------------------------------------------------


@given(st.permutations(range(3)), st.permutations(range(5)))
@settings(max_examples=15, deadline=None)
def test_order_never_matters(unknowns, reports):
    rng = np.random.Generator(np.random.PCG64(3))
    matrix = rng.normal(size=(5, 3))
    observed = matrix @ np.array([1.0, 2.0, 3.0]) + 0.1 * rng.normal(size=5)

    def model(values):
        return np.exp(0.2 * values @ matrix.T)

    names = "abc"
    plain = problem(np.exp(0.2 * observed), low=[0.0] * 3, high=[6.0] * 3, deviation=0.05)
    turned = problem(
        plain.observed[reports], low=[0.0] * 3, high=[6.0] * 3, deviation=0.05, names=[names[i] for i in unknowns]
    )

    def turned_model(values):
        back = np.empty_like(values)
        back[:, unknowns] = values
        return model(back)[:, reports]

    one, other = estimated(plain, model), estimated(turned, turned_model)
    assert dict(zip(other.names, other.values, strict=True)) == pytest.approx(
        dict(zip(one.names, one.values, strict=True)), rel=1e-5
    )


def test_rows_do_not_touch_each_other():
    """A row by itself ends where it ends among others."""

    def residuals(places):
        return saturating(places * np.array([200.0, 3.0])) - np.array([9.0, 19.0, 26.0, 36.0])

    start = np.array([[0.2, 0.2], [0.5, 0.1], [0.9, 0.9]])
    together = least_squares(residuals, start)
    for row, place in enumerate(start):
        alone = least_squares(residuals, place[None, :])
        assert alone.places[0] == pytest.approx(together.places[row], abs=1e-9)


# --- draws -----------------------------------------------------------------------------------------------------------


def test_draws_of_a_straight_model_are_its_normal():
    asked = problem([1.0, 2.0, 6.0], low=[-20.0], high=[20.0], deviation=2.0)
    model = linear([[1], [1], [1]])
    drawn = posterior(asked, model, members=4000, first=np.array([3.0]), alike=True)
    assert drawn.effective > 2000
    assert drawn.values.mean() == pytest.approx(3.0, abs=0.06)
    assert drawn.values.std() == pytest.approx(2.0 / np.sqrt(3.0), rel=0.05)


def test_draws_at_a_bound_are_a_cut_normal():
    asked = problem([9.0], low=[0.0], high=[8.0], deviation=2.0)
    drawn = posterior(asked, linear([[1]]), members=4000, first=np.array([8.0]), alike=True)
    law = stats.truncnorm((0 - 9) / 2, (8 - 9) / 2, loc=9.0, scale=2.0)
    assert drawn.values.max() <= 8.0
    assert np.quantile(drawn.values, [0.1, 0.5, 0.9]) == pytest.approx(law.ppf([0.1, 0.5, 0.9]), abs=0.15)


def test_members_with_other_figures_widen_the_draws():
    """A report 10 ± 0.1 of θ + φ with φ drawn from 0 to 2 in each member: θ is 10 - φ, from 8 to 10."""
    members = 1000
    other = (np.arange(members) + 0.5) / members * 2.0
    asked = problem([10.0], low=[0.0], high=[20.0], deviation=0.1)
    drawn = posterior(
        asked, lambda values: values + other[:, None], members=members, first=np.array([9.0]), alike=False
    )
    assert drawn.fitted[:, 0] == pytest.approx(10.0 - other, abs=0.005)
    assert np.quantile(drawn.values, [0.05, 0.5, 0.95]) == pytest.approx([8.1, 9.0, 9.9], abs=0.12)
    assert np.corrcoef(drawn.values[:, 0], other[drawn.member])[0, 1] < -0.95


def test_members_without_an_answer_are_counted_and_left_out():
    asked = problem([4.0], low=[0.0], high=[5.0])

    def model(values):
        found = values.copy()
        found[::4] = np.nan
        return found

    drawn = posterior(asked, model, members=100, first=np.array([4.0]), alike=False)
    assert drawn.unfitted == 25
    assert np.isnan(drawn.fitted[::4]).all()
    assert np.isfinite(drawn.values).all()
    assert not (drawn.member % 4 == 0).any()
