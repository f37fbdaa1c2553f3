"""The synthetic price year: what a dispatch runs on where the user has given no prices.

It has the shape of a market with much solar power (two daily peaks, a midday trough that turns prices negative, cheap
weekends, dear winters, rare spikes) and is the price of no place. Its figures are assumptions and stand in
``synthetic_year.yaml``. Everything that shows it says that it is synthetic.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError
from cell2grid.prices.series import PriceSeries

Floats = npt.NDArray[np.float64]


def synthetic_year(
    seed: int, *, year: int = 2025, resolution_minutes: int = 60, currency: str | None = None
) -> PriceSeries:
    """One synthetic year of prices [currency/MWh], the same for the same seed, year and resolution.

    Parameters
    ----------
    seed
        Any whole number from 0; it seeds numpy's PCG64.
    year
        The calendar year, in UTC; a leap year has a day more.
    resolution_minutes
        The length of a time step; it divides an hour.
    currency
        The ISO 4217 code to label the prices with.

    Raises
    ------
    InputError
        A negative seed, a year outside 1900 to 2200, or a resolution that does not divide an hour.

    >>> prices = synthetic_year(1)
    >>> prices.price.size, bool((prices.price < 0).any()), prices.synthetic
    (8760, True, True)
    """
    if seed < 0:
        raise InputError(f"seed of the synthetic year is {seed}, expected a whole number from 0")
    if not 1900 <= year <= 2200:
        raise InputError(f"year of the synthetic prices is {year}, expected 1900 to 2200")
    if resolution_minutes < 1 or 60 % resolution_minutes:
        raise InputError(f"resolution of the synthetic year is {resolution_minutes} min, expected a divisor of 60 min")
    step = np.timedelta64(resolution_minutes, "m")
    stamps = np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01"), step)
    figures = _figures()
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    price = _shape(stamps, figures) - _trough(stamps, figures, random)
    price += _noise(len(stamps), resolution_minutes / 60.0, figures, random)
    price += _spikes(len(stamps), resolution_minutes / 60.0, figures, random)
    return PriceSeries(
        timestep=stamps.astype("datetime64[s]"),
        # a market quotes cents; rounding also hides the last bit, which differs between processors
        price=np.round(price, 2),
        step_hours=np.full(len(stamps), resolution_minutes / 60.0),
        name=f"synthetic year {year}, seed {seed}",
        currency=currency,
        synthetic=True,
    )


@cache
def _figures() -> dict[str, float]:
    import yaml

    text = resources.files("cell2grid.prices").joinpath("synthetic_year.yaml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in yaml.safe_load(text).items()}


def _hour_and_day(stamps: npt.NDArray[np.datetime64]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The hour of the day (with its fraction), and the days since 1970-01-01."""
    minutes = stamps.astype("datetime64[m]").astype(np.int64)
    return (minutes % 1440) / 60.0, minutes // 1440


def _season(stamps: npt.NDArray[np.datetime64]) -> Floats:
    """1 at the winter solstice of the north and -1 at midsummer."""
    days = (stamps - stamps[0]).astype("timedelta64[m]").astype(np.float64) / 1440.0
    season: Floats = np.cos(2.0 * np.pi * (days + 10.0) / 365.25)
    return season


def _shape(stamps: npt.NDArray[np.datetime64], figures: dict[str, float]) -> Floats:
    """Level, day, week and season: what a calendar knows of the price."""
    hour, day = _hour_and_day(stamps)
    width = figures["peak_width_hours"]

    def bump(centre: float, spread: float) -> Floats:
        away = np.abs(hour - centre)
        bumped: Floats = np.exp(-0.5 * (np.minimum(away, 24.0 - away) / spread) ** 2)
        return bumped

    # 1970-01-01 was a Thursday
    weekend = (day + 3) % 7 >= 5
    shape: Floats = (
        figures["level"]
        + figures["winter"] * _season(stamps)
        + figures["morning_peak"] * bump(8.0, width)
        + figures["evening_peak"] * bump(19.0, width)
        - figures["night"] * bump(3.0, 2.0 * width)
        - figures["weekend"] * weekend
    )
    return shape


def _trough(stamps: npt.NDArray[np.datetime64], figures: dict[str, float], random: np.random.Generator) -> Floats:
    """What the sun takes off the price: deepest at noon in summer, scaled by each day's sky (Beta(3, 1.5))."""
    hour, day = _hour_and_day(stamps)
    summer = (1.0 - _season(stamps)) / 2.0
    depth = figures["solar_winter"] + (figures["solar_summer"] - figures["solar_winter"]) * summer
    daylight = 8.0 + 8.0 * summer
    sun = np.maximum(np.cos(np.pi * (hour - 12.5) / daylight), 0.0) * (np.abs(hour - 12.5) < daylight / 2.0)
    sky = random.beta(3.0, 1.5, int(day[-1] - day[0]) + 1)
    trough: Floats = depth * sun * sky[day - day[0]]
    return trough


def _noise(steps: int, hours: float, figures: dict[str, float], random: np.random.Generator) -> Floats:
    """Autoregressive noise of one standard deviation at every resolution."""
    memory = figures["noise_memory"] ** hours
    fresh = random.standard_normal(steps) * figures["noise"] * np.sqrt(1.0 - memory**2)
    return _remembered(fresh, memory)


def _spikes(steps: int, hours: float, figures: dict[str, float], random: np.random.Generator) -> Floats:
    """Rare scarcity: exponential heights that fade within hours."""
    chance = figures["spikes_per_year"] * hours / 8760.0
    struck = random.random(steps) < chance
    heights = random.standard_exponential(steps) * figures["spike_mean"]
    return _remembered(np.where(struck, heights, 0.0), figures["spike_memory"] ** hours)


def _remembered(fresh: Floats, memory: float) -> Floats:
    """x[t] = memory x[t-1] + fresh[t]."""
    kept = np.empty(len(fresh))
    last = 0.0
    for t, value in enumerate(fresh.tolist()):
        last = memory * last + value
        kept[t] = last
    return kept
