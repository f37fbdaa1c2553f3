"""What one battery earns in a synthetic year, and what a throughput cost changes."""

import numpy as np

from cell2grid.engines import dispatch
from cell2grid.prices import synthetic_year

prices = synthetic_year(seed=1, currency="USD")
print(f"{prices.label}: {prices.price.size:,} hours, mean {prices.price.mean():.2f} {prices.unit}")

for cost in (0.0, 5.0, 20.0):
    best = dispatch.solve(
        dispatch.asset_arrays(
            np.maximum(prices.price, 0.0),
            prices.step_hours,
            power=100.0,
            energy=400.0,
            efficiency_charge=0.94,
            efficiency_discharge=0.94,
            start_fraction=0.5,
            end_fraction=0.5,
            throughput_cost=cost,
        )
    )
    cycles = float(best["discharged_energy"]) / 400.0
    print(f"at {cost:4.1f} USD/MWh of throughput: revenue {float(best['revenue']):12,.0f} USD, {cycles:5.1f} cycles")

print(f"method: {best.attrs['method']}")
