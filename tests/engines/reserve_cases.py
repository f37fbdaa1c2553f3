"""Cases and products of energy and reserve: one battery over two days, and small ones at random."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from cell2grid.engines.dispatch.case import Case, asset_case
from cell2grid.engines.reserves import Product, product

DAY = 60.0 + 40.0 * np.sin(np.arange(48) * 2.0 * np.pi / 24.0) + 5.0 * np.cos(np.arange(48) * 1.7)


def battery(price: np.ndarray, hours: np.ndarray | float = 1.0, **asset: object) -> Case:
    chosen = {
        "power": 10.0,
        "energy": 40.0,
        "efficiency_charge": 0.9,
        "efficiency_discharge": 0.95,
        "start_fraction": 0.5,
        "end_fraction": 0.5,
        **asset,
    }
    return asset_case(price, hours, **chosen)  # type: ignore[arg-type]


values = st.integers(-40, 120).map(float)


@st.composite
def cases(draw: st.DrawFn, steps: int | None = None) -> Case:
    count = draw(st.integers(1, 5)) if steps is None else steps

    def series(numbers: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(numbers, min_size=count, max_size=count)))

    site: dict[str, object] = {}
    if draw(st.booleans()):
        site["generation"] = series(st.sampled_from([0.0, 1.0, 5.0]))
        site["load"] = series(st.sampled_from([0.0, 2.0]))
        site["export_limit"] = draw(st.sampled_from([3.0, 50.0]))
        site["import_limit"] = draw(st.sampled_from([4.0, 50.0]))
    if draw(st.booleans()):
        site["buy_adder"], site["sell_adder"] = draw(st.sampled_from([(5.0, -3.0), (-5.0, 2.0)]))
    if draw(st.booleans()):
        site["cycles_per_day"] = draw(st.sampled_from([0.25, 1.0]))
    if draw(st.booleans()):
        site["terminal_worth"] = ((3.0, 40.0), (2.0, 10.0))
    return asset_case(
        series(values),
        series(st.sampled_from([0.25, 1.0, 2.0])),
        power=series(st.sampled_from([0.0, 2.0, 4.0])) + 1.0,
        discharge_power=series(st.sampled_from([0.0, 3.0])),
        energy=draw(st.sampled_from([2.0, 6.0])),
        efficiency_charge=draw(st.sampled_from([0.5, 0.9, 1.0])),
        efficiency_discharge=draw(st.sampled_from([0.6, 0.95, 1.0])),
        start_fraction=draw(st.sampled_from([0.0, 0.5, 1.0])),
        end_fraction=draw(st.sampled_from([0.0, 0.5])),
        cyclic=draw(st.booleans()),
        self_discharge=draw(st.sampled_from([0.0, 0.01])),
        energy_floor=draw(st.sampled_from([0.0, 0.1])),
        energy_ceiling=draw(st.sampled_from([0.9, 1.0])),
        throughput_cost=draw(st.sampled_from([0.0, 3.0])),
        mode=draw(st.sampled_from(["exclusive", "relaxed"])),
        **site,  # type: ignore[arg-type]
    )


@st.composite
def products_of(draw: st.DrawFn, case: Case) -> list[Product]:
    def one(number: int) -> Product:
        count = len(case.price)
        ways = draw(st.sampled_from([{}, {"up": True}, {"down": True}]))
        share, hours = st.sampled_from([0.0, 0.1, 0.5]), st.sampled_from([0.0, 0.25, 1.0])
        return product(
            case,
            f"product {number}",
            capacity_price=np.array(draw(st.lists(st.integers(-2, 40), min_size=count, max_size=count)), float),
            duration_up=draw(hours),
            duration_down=draw(hours),
            activation_up=draw(share),
            activation_down=draw(share),
            activation_adder_up=draw(st.sampled_from([0.0, 20.0])),
            activation_adder_down=draw(st.sampled_from([0.0, -20.0])),
            least=draw(st.sampled_from([0.0, 0.0, 1.5])),
            most=draw(st.sampled_from([1.0, 2.0, np.inf])),
            block_hours=draw(st.sampled_from([0.25, 2.0])),
            **ways,  # type: ignore[arg-type]
        )

    return [one(number) for number in range(draw(st.integers(0, 2)))]


cases_and_products = cases().flatmap(lambda case: st.tuples(st.just(case), products_of(case)))
