"""The benchmark of markets runs, its answers are equilibria, and the peers get the same market."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.market.__main__ import main
from benchmarks.market.games import market
from benchmarks.market.peers import PEERS, SMALL, digits_for, programme

from cell2grid.engines.market.solving import solve_game


def test_everything_runs_once_without_judging_the_times(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    said = capsys.readouterr().out
    for name in ("cell2grid, 2 threads", "Clarabel, sparse", "HiGHS QP", "OSQP", "quantecon Lemke", "price-takers"):
        assert name in said
    assert "all values agree" in said


@pytest.mark.parametrize("peer", PEERS)
def test_each_peer_finds_an_equilibrium_of_the_same_market(peer: str) -> None:
    game = market(4, 2)
    assert solve_game(game).residual.max() < 1e-12
    allowed = 1e-4 if peer == "HiGHS QP" else SMALL  # its active-set method ends a few digits earlier
    assert digits_for(PEERS[peer], programme(game))[1].residual <= allowed


def test_capacities_bind_for_some_and_not_for_all() -> None:
    found = solve_game(market(20, 10, 3))
    assert 0.1 < np.mean(found.scarcity > 1e-6) < 0.9
    assert 0.0 < np.mean(found.sales == 0.0) < 0.9


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["decade"])
    assert "no part decade" in capsys.readouterr().err
