"""Small plans with whole numbers for costs, so that the same plan can be judged by other means."""

import numpy as np
from hypothesis import strategies as st

from cell2grid.engines.investment.plan import plan


@st.composite
def small_plans(draw, *, scenarios=1, terms=3, exponents=(1.0,)):
    """Two plants that sell in two markets, an option at each, demand that may stay unserved."""

    def numbers(low, high, *shape):
        count = int(np.prod(shape))
        values = draw(st.lists(st.integers(low, high), min_size=count, max_size=count))
        return np.array(values, np.float64).reshape(shape)

    lead = numbers(0, 2, 2).astype(int)
    ready = (np.arange(terms) >= lead[:, None]).astype(np.float64)
    return plan(
        probability=np.full(scenarios, 1.0 / scenarios),
        years=draw(st.sampled_from([np.ones(terms), np.full(terms, 0.25)])),
        discount=0.9 ** np.arange(terms),
        end_discount=0.9**terms,
        demand=numbers(0, 12, scenarios, 2, terms),
        unserved_cost=30.0,
        standing_capacity=numbers(0, 6, 1, 2, 1) * np.ones((scenarios, 1, terms)),
        step_width=[[[[3.0], [np.inf]], [[np.inf], [0.0]]]],
        step_cost=numbers(1, 9, 1, 2, 1, 1) + np.array([[[[0.0], [4.0]]]]),
        freight=numbers(0, 6, scenarios, 2, 2, 1),
        duty_on_cost=numbers(0, 1, 1, 2, 2, 1) * 0.25,
        option_plant=[0, 1],
        block=numbers(1, 4, 2),
        ready=ready,
        opened=ready,
        most=[2, 1],
        most_at_once=np.broadcast_to([[2], [1]], (2, terms)),
        block_cost=numbers(1, 40, 1, 2, 1) * np.ones((1, 1, terms)),
        fixed_cost=numbers(0, 3, 1, 2, 1),
        salvage=numbers(0, 9, 1, 2, 1),
        scale_exponent=np.array([draw(st.sampled_from(exponents)), 1.0]),
    )
