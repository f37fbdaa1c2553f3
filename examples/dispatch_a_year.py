"""What one battery earns in a synthetic year: alone, with a cap on its cycles, and beside a solar plant."""

import numpy as np

from cell2grid import dispatch_asset, synthetic_year

prices = synthetic_year(seed=1, currency="USD")
print(f"{prices.label}: {prices.price.size:,} hours, mean {prices.price.mean():.2f} {prices.unit}")

battery = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.94,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}
hour = np.arange(prices.price.size) % 24
sun = 120.0 * np.maximum(np.sin((hour - 6.0) * np.pi / 12.0), 0.0)

for name, site in {
    "alone": {},
    "250 cycles": {"cycles_per_year": 250.0},
    "with sun": {"generation": sun, "export_limit": 100.0, "import_limit": 0.0},
}.items():
    best = dispatch_asset(prices.price, prices.step_hours, timestep=prices.timestep, **battery, **site)
    cycles = float(best["drawn_energy"]) / battery["energy"]
    curtailed = float((best["curtailed"] * prices.step_hours).sum())
    revenue = float(best["revenue"])
    print(f"{name:<11} revenue {revenue:12,.0f} USD, {cycles:5.1f} cycles, {curtailed:8,.0f} MWh curtailed")
    print(f"{'':<11} {best.attrs['method']}")
