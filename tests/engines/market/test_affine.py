"""Spatial price equilibria: the published case, others by hand, laws, and two methods against each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from cell2grid.engines.market.affine import spatial_equilibrium
from cell2grid.engines.market.lemke import lemke
from cell2grid.errors import EngineError, NotConvergedError


def _nagurney():
    """Case 2 of the literature: supply and demand prices and transport costs with cross terms that differ both ways."""
    transport = np.zeros((2, 2, 2, 2))
    transport[0, 0, 0, 0], transport[0, 0, 0, 1] = 1.0, 0.5
    transport[0, 1, 0, 1], transport[0, 1, 1, 1] = 2.0, 1.0
    transport[1, 0, 1, 0], transport[1, 0, 0, 0] = 3.0, 2.0
    transport[1, 1, 1, 1], transport[1, 1, 0, 1] = 2.0, 1.0
    return (
        np.array([2.0, 3.0]),
        np.array([[5.0, 1.0], [1.0, 2.0]]),
        np.array([[1.0, 1.5], [15.0, 10.0]]),
        transport,
        np.array([28.75, 41.0]),
        np.array([[2.0, 1.0], [1.0, 4.0]]),
    )


def test_nagurneys_two_by_two_regions():
    """Q = (1.5, 1.5, 0, 2): pi_1 = 5 x 3 + 2 + 2 = 19, c_11 = 1.5 + 0.75 + 1 = 3.25, and 19 + 3.25 = 22.25 = rho_1."""
    found = spatial_equilibrium(*_nagurney())
    assert found.flow == pytest.approx(np.array([[1.5, 1.5], [0.0, 2.0]]), abs=1e-9)
    assert found.demand_price == pytest.approx([22.25, 25.5], rel=1e-9)
    assert found.supply_price == pytest.approx([19.0, 10.0], rel=1e-9)
    assert found.residual < 1e-10


def test_nothing_flows_where_it_costs_more_than_it_is_worth():
    found = spatial_equilibrium(
        np.array([8.0]), np.eye(1), np.array([[5.0]]), np.zeros((1, 1, 1, 1)), np.array([10.0]), np.eye(1)
    )
    assert found.flow[0, 0] == 0.0
    assert found.demand_price[0] == 10.0


def _random(seed: int, sources: int, targets: int, *, symmetric: bool):
    """Affine regions with a positive definite matrix, asymmetric where asked."""
    draw = np.random.default_rng(seed)

    def matrix(n: int) -> np.ndarray:
        half = draw.uniform(-0.5, 0.5, (n, n))
        skew = draw.uniform(-1.0, 1.0, (n, n))
        return half @ half.T + np.diag(draw.uniform(0.1, 2.0, n)) + (0.0 if symmetric else 1.0) * (skew - skew.T)

    return (
        draw.uniform(1.0, 5.0, sources),
        matrix(sources),
        draw.uniform(0.0, 6.0, (sources, targets)),
        matrix(sources * targets).reshape(sources, targets, sources, targets),
        draw.uniform(5.0, 20.0, targets),
        matrix(targets),
    )


def _conditions(parts, found):
    """What each lane lacks to be worth shipping on, from its definition."""
    s0, s_matrix, c0, c_matrix, d0, d_matrix = parts
    supply = s0 + s_matrix @ found.flow.sum(axis=1)
    demand = d0 - d_matrix @ found.flow.sum(axis=0)
    return supply[:, None] + c0 + np.einsum("ijkl,kl->ij", c_matrix, found.flow) - demand


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), sources=st.integers(1, 4), targets=st.integers(1, 4), symmetric=st.booleans())
def test_no_lane_gains_by_shipping_more_or_less(seed, sources, targets, symmetric):
    parts = _random(seed, sources, targets, symmetric=symmetric)
    found = spatial_equilibrium(*parts)
    lack = _conditions(parts, found)
    assert found.flow.min() >= 0.0
    assert lack.min() >= -1e-8
    assert np.abs(found.flow * lack).max() < 1e-7


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_symmetric_case_maximises_welfare(seed):
    """Takayama and Judge: with symmetric matrices the equilibrium is the optimum of a quadratic programme."""
    parts = _random(seed, 2, 3, symmetric=True)
    s0, s_matrix, c0, c_matrix, d0, d_matrix = parts

    def cost(flat):
        q = flat.reshape(2, 3)
        s, d = q.sum(axis=1), q.sum(axis=0)
        curved = 0.5 * (s @ s_matrix @ s + flat @ c_matrix.reshape(6, 6) @ flat + d @ d_matrix @ d)
        return float(s0 @ s + (c0 * q).sum() - d0 @ d + curved)

    best = minimize(cost, np.ones(6), bounds=[(0.0, None)] * 6, method="L-BFGS-B", options={"ftol": 1e-15})
    found = spatial_equilibrium(*parts)
    assert cost(found.flow.ravel()) <= best.fun + 1e-9 * abs(best.fun)
    assert found.flow.ravel() == pytest.approx(best.x, abs=2e-4)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 8))
def test_pivots_meet_the_conditions(seed, count):
    draw = np.random.default_rng(seed)
    half, skew = draw.normal(size=(count, count)), draw.normal(size=(count, count))
    matrix, constant = half @ half.T + 0.1 * np.eye(count) + skew - skew.T, draw.normal(size=count)
    z = lemke(matrix, constant)
    w = matrix @ z + constant
    assert w.min() >= -1e-8
    assert np.abs(z * w).max() < 1e-7


def test_pivots_end_where_there_is_no_solution():
    """w = -z - 1 is below 0 for every z >= 0."""
    assert lemke(np.array([[-1.0]]), np.array([-1.0])) is None


def test_upward_demand_without_an_equilibrium_is_not_answered():
    with pytest.raises(NotConvergedError, match="still violated by"):
        spatial_equilibrium(
            np.array([1.0]), np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1, 1, 1)), np.array([10.0]),
            np.array([[-1.0]]),
        )  # fmt: skip


def test_arrays_that_do_not_fit_are_named():
    parts = list(_nagurney())
    parts[1] = np.eye(3)
    with pytest.raises(EngineError, match=r"supply_matrix has the shape \(3, 3\), expected \(2, 2\)"):
        spatial_equilibrium(*parts)
    parts = list(_nagurney())
    parts[4] = np.array([1.0, np.nan])
    with pytest.raises(EngineError, match="demand_intercept holds a value"):
        spatial_equilibrium(*parts)
