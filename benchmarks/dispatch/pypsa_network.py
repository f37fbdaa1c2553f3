"""PyPSA on the same question: a storage unit and a market at one bus, solved by HiGHS through linopy.

PyPSA lets a storage unit charge and discharge at once, so its value is the linear program's. The solve is timed
apart from building the model and from writing the answer back.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.dispatch.table import Run
from cell2grid.engines.dispatch import Case

if TYPE_CHECKING:
    import pypsa

SOLVE = "PyPSA 1.4 LP, solve"
DIRECT = "PyPSA 1.4 LP, solve, io_api direct"
CALL = "PyPSA 1.4 LP, whole optimize call"
ARGUMENTS: dict[str, Any] = {"solver_name": "highs", "progress": False, "output_flag": False}


def network(case: Case) -> pypsa.Network:
    """The case as a network; the market buys and sells without limit at the price of each step."""
    import pandas as pd
    import pypsa

    for name in ("pypsa", "linopy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    hours = case.step_hours
    starts = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.cumsum(hours) - hours, unit="h")
    found = pypsa.Network(snapshots=starts)
    found.snapshot_weightings.loc[:, :] = hours[:, None] * np.ones((1, found.snapshot_weightings.shape[1]))
    power = float(case.charge_limit.max())
    found.add("Bus", "site")
    found.add(
        "Generator", "market", bus="site", p_nom=10.0 * power, p_min_pu=-1.0, p_max_pu=1.0,
        marginal_cost=pd.Series(case.price, index=found.snapshots),
    )  # fmt: skip
    found.add(
        "StorageUnit", "battery", bus="site", p_nom=power, max_hours=case.energy_capacity / power,
        efficiency_store=case.efficiency_charge, efficiency_dispatch=case.efficiency_discharge,
        state_of_charge_initial=case.start, cyclic_state_of_charge=False,
    )  # fmt: skip
    return found


def end_level(case: Case) -> Any:
    """What adds the least energy after the last step, which a storage unit has no attribute for."""

    def add(network: pypsa.Network, _: object) -> None:
        level = network.model["StorageUnit-state_of_charge"].isel(snapshot=-1)
        network.model.add_constraints(level >= case.end, name="end level")

    return add


def solve(case: Case, **settings: Any) -> Run:
    """Solving a model that is built, as ``optimize`` does it between building and writing back."""
    with quiet():
        built = network(case)
        built.optimize.create_model()
        end_level(case)(built, None)
        began = time.perf_counter()
        built.model.solve(**ARGUMENTS, **settings)
        return Run(time.perf_counter() - began, -float(built.model.objective.value))


def call(case: Case) -> Run:
    """The whole optimize call on a network that is ready."""
    with quiet():
        called = network(case)
        began = time.perf_counter()
        status, _ = called.optimize(extra_functionality=end_level(case), **ARGUMENTS)
        seconds = time.perf_counter() - began
        assert status == "ok", status
        return Run(seconds, -float(called.model.objective.value))


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings and without the solver's banner, which it writes past Python to the standard output."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
