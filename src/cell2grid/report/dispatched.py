"""A dispatched schedule as the charts read it: its steps on one clock, and what months, days and hours make of them.

A schedule comes from the ``dispatch`` table of a run folder, project by project (``of_run``), or alone, as the dispatch
engine gave it (``of_schedule``). Charts draw these numbers and add nothing to them; files of a schedule are written in
``schedules.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import InputError
from cell2grid.report.alone import Shown, name_of, notes_of
from cell2grid.report.marks import MOST_PANELS, entities, folded, panel_title, rows
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NO_CURRENCY = "currency"
# a longer stretch is told in coarser parts: days, then weeks or months, then months or years
MOST_DAYS = 62
MOST_WEEKS = 110
MOST_MONTHS = 60
NEEDED = ("price", "charge", "discharge", "energy")


@dataclass(frozen=True, slots=True, eq=False)
class Dispatched:
    """One asset's schedule.

    ``steps`` has a row for each time step: ``time`` (the wall clock ``clock``), ``hours`` [hour], ``price``
    [currency/MWh], ``charge`` and ``discharge`` [MW], ``energy`` [MWh], ``bought`` and ``sold`` [MWh], ``paid`` and
    ``received`` [currency]. ``notes`` are what a reader must know before believing it, ``on_money`` before believing
    its money.
    """

    name: str
    steps: pd.DataFrame
    currency: str
    clock: str
    notes: tuple[str, ...] = ()
    on_money: tuple[str, ...] = ()

    @property
    def days(self) -> float:
        """How long the schedule is [day]."""
        return float(self.steps["hours"].sum()) / 24.0


@dataclass(frozen=True, slots=True)
class Capture:
    """Prices that a schedule met [currency/MWh]: on average, and had the same energy moved in the best hours.

    ``dearest`` and ``cheapest`` are the mean prices of the steps that would have sold and bought the same energy at the
    largest power seen, in whatever order. What never happened has no price: NaN.
    """

    mean: float
    received: float
    paid: float
    dearest: float
    cheapest: float


def of_run(results: Shown) -> list[Dispatched]:
    """The schedules of a run's projects, those that a page has room for; the last says how many more there are."""
    frame = rows(results, "dispatch")
    names = entities(frame, "project") if len(frame) else []
    found = []
    for place, name in enumerate(names[:MOST_PANELS]):
        part = frame[frame["project"].astype(str) == name]
        notes = notes_of(results, name)
        if place == MOST_PANELS - 1 and len(names) > MOST_PANELS:
            notes = (*notes, f"{len(names) - MOST_PANELS} more are in the tables of the run folder")
        columns = {column: part[column].to_numpy(np.float64) for column in NEEDED}
        stamps = part["timestep"].to_numpy()
        currency = str(part["currency"].iloc[0] or NO_CURRENCY)
        found.append(Dispatched(name_of(results, name), _steps(stamps, None, columns), currency, "UTC", notes))
    return found


def of_schedule(
    schedule: xr.Dataset,
    *,
    name: str,
    currency: str | None = None,
    zone: str | None = None,
    notes: Sequence[str] = (),
) -> Dispatched:
    """One schedule as the dispatch engine gave it, with its prices.

    Parameters
    ----------
    schedule
        ``price`` [currency/MWh], ``charge``, ``discharge`` [MW] and ``energy`` [MWh] over ``timestep``, whose stamps
        are UTC; ``step_hours`` [hour] where steps are not all as long as the stamps are apart.
    zone
        The IANA zone whose days and hours the charts count; UTC without it.

    Raises
    ------
    InputError
        A variable or the stamps are missing, or the zone is not known.
    """
    missing = [column for column in (*NEEDED, "timestep") if column not in schedule.variables]
    if missing:
        raise InputError(f"schedule: '{missing[0]}' is missing; merge the prices and stamps into what dispatch gave")
    columns = {column: schedule[column].values.astype(np.float64) for column in NEEDED}
    hours = schedule["step_hours"].values if "step_hours" in schedule else None
    steps = _steps(schedule["timestep"].values, hours, columns, zone)
    money = _beside(schedule, steps, currency or NO_CURRENCY)
    return Dispatched(name, steps, currency or NO_CURRENCY, zone or "UTC", tuple(notes), money)


def _beside(schedule: xr.Dataset, steps: pd.DataFrame, currency: str) -> tuple[str, ...]:
    """A sentence where the schedule earns more or less than the price times what the asset moves: a site, or fees."""
    if "revenue" not in schedule:
        return ()
    revenue, moved = float(schedule["revenue"]), float((steps["received"] - steps["paid"]).sum())
    if abs(revenue - moved) <= 1e-6 * max(1.0, float((steps["received"].abs() + steps["paid"].abs()).sum())):
        return ()
    whole = f"{rounded(revenue)} {currency}"
    return (f"price times the energy of the asset alone; with its site and fees the revenue is {whole}",)


def local_times(stamps: object, zone: str | None) -> pd.DatetimeIndex:
    """UTC stamps as times of a zone.

    Raises
    ------
    InputError
        The zone is not known.
    """
    import pandas as pd

    times = pd.DatetimeIndex(pd.to_datetime(stamps, utc=True))
    if zone is None:
        return times
    try:
        return times.tz_convert(zone)
    except Exception:
        raise InputError(
            f"time zone '{zone[:60]}' is not known; name one of the IANA list, as in Europe/Berlin"
        ) from None


def _steps(
    stamps: object, hours: Floats | None, columns: Mapping[str, Floats], zone: str | None = None
) -> pd.DataFrame:
    import pandas as pd

    times = local_times(stamps, zone)
    frame = pd.DataFrame(dict(columns)).assign(
        time=times.tz_localize(None), instant=times.tz_convert("UTC").tz_localize(None)
    )
    frame["hours"] = _apart(frame["instant"].to_numpy()) if hours is None else np.asarray(hours, np.float64)
    frame = frame.sort_values("instant", kind="stable", ignore_index=True).drop(columns="instant")
    bought, sold = frame["charge"] * frame["hours"], frame["discharge"] * frame["hours"]
    return frame.assign(bought=bought, sold=sold, paid=frame["price"] * bought, received=frame["price"] * sold)


def _apart(stamps: NDArray[np.datetime64]) -> Floats:
    """How long each step is [hour]: until the next one begins; the last is as long as the usual one."""
    if len(stamps) < 2:
        return np.ones(len(stamps))
    apart = np.diff(np.sort(stamps)) / np.timedelta64(1, "s") / 3600.0
    lengths: Floats = np.append(apart, np.median(apart))[np.argsort(np.argsort(stamps, kind="stable"))]
    return lengths


def headed(asset: Dispatched, width: int, *said: str) -> alt.TitleParams:
    """The title of an asset's panel: its name, then what is said here, then its notes."""
    if not asset.steps["bought"].any() and not asset.steps["sold"].any():
        said = (*said, "it stands still from the first step to the last")
    lines = [line for text in (*said, *asset.notes) for line in folded(text, width)]
    return panel_title(folded(asset.name, width), lines)


def capture(asset: Dispatched) -> Capture:
    """The prices that the schedule met, beside the mean and the best that the same energy could have met."""
    steps = asset.steps
    price, hours = steps["price"].to_numpy(), steps["hours"].to_numpy()
    sold, bought = float(steps["sold"].sum()), float(steps["bought"].sum())
    return Capture(
        mean=float(np.average(price, weights=hours)),
        received=float(steps["received"].sum()) / sold if sold else np.nan,
        paid=float(steps["paid"].sum()) / bought if bought else np.nan,
        dearest=-_cheapest(-price, hours * steps["discharge"].max(), sold),
        cheapest=_cheapest(price, hours * steps["charge"].max(), bought),
    )


def _cheapest(price: Floats, room: Floats, energy: float) -> float:
    """The mean price of so much energy where the cheapest steps are filled first; NaN of none."""
    if energy <= 0.0:
        return float("nan")
    order = np.argsort(price, kind="stable")
    before = np.cumsum(room[order]) - room[order]
    filled = np.clip(energy - before, 0.0, room[order])
    return float(np.sum(price[order] * filled) / np.sum(filled))


def by_part(asset: Dispatched) -> tuple[str, pd.DataFrame]:
    """What the parts are (``day``, ``month`` or ``year``), and a row for each: its beginning, energies and money.

    Columns: ``begins``, ``bought``, ``sold`` [MWh], ``paid``, ``received``, ``revenue`` [currency]. A part in which
    nothing happened is there with zeros.
    """
    what = _part_of(asset, (("day", MOST_DAYS), ("month", MOST_MONTHS * 31)), "year")
    sums = _summed(asset, what)
    return what, sums.assign(revenue=sums["received"] - sums["paid"])


def by_day(asset: Dispatched) -> pd.DataFrame:
    """A row for each day: what it paid and received on average, and between what prices it could choose.

    Columns, all in currency/MWh but the first: ``begins``, ``received``, ``paid``, ``captured`` (received less paid;
    NaN of a day that only bought or only sold) and ``offered`` (the dearest step less the cheapest).
    """
    sums = _summed(asset, "day")
    price = asset.steps.groupby(asset.steps["time"].dt.to_period("D"))["price"]
    spread = (price.max() - price.min()).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        received = np.where(sums["sold"] > 0, sums["received"] / sums["sold"], np.nan)
        paid = np.where(sums["bought"] > 0, sums["paid"] / sums["bought"], np.nan)
    found: pd.DataFrame = sums[["begins"]].assign(
        received=received, paid=paid, captured=received - paid, offered=spread
    )
    return found


def by_hour(asset: Dispatched) -> tuple[str, pd.DataFrame]:
    """What the columns are (``day``, ``week``, ``month`` or ``year``), and mean powers [MW] by column and hour.

    Columns of the frame: ``begins``, ``hour`` (of the day, 0 to 23), ``charge``, ``discharge``. A step longer than an
    hour counts in each hour that it covers.
    """
    import pandas as pd

    what = _part_of(asset, (("day", MOST_DAYS), ("week", MOST_WEEKS * 7), ("month", MOST_WEEKS * 30)), "year")
    steps = asset.steps
    pieces = np.maximum(1, np.ceil(steps["hours"].to_numpy() - 1e-9)).astype(np.int64)
    at = np.repeat(np.arange(len(steps)), pieces)
    within = np.arange(len(at)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    piece = (steps["hours"].to_numpy() / pieces)[at]
    passed = np.rint(within * piece * 3.6e12).astype(np.int64).astype("timedelta64[ns]")
    time = steps["time"].to_numpy().astype("datetime64[ns]")[at] + passed
    series = pd.Series(time)
    frame = pd.DataFrame(
        {
            "begins": _begins(series, what).to_numpy(),
            "hour": series.dt.hour,
            "hours": piece,
            "charge": steps["bought"].to_numpy()[at] / pieces[at],
            "discharge": steps["sold"].to_numpy()[at] / pieces[at],
        }
    )
    sums = frame.groupby(["begins", "hour"], as_index=False).sum()
    return what, sums.assign(**{name: sums[name] / sums["hours"] for name in ("charge", "discharge")}).drop(
        columns="hours"
    )


def duration(asset: Dispatched, bins: int) -> pd.DataFrame:
    """The hours of the schedule, dearest first, in so many equal parts at most.

    Columns: ``begins``, ``ends`` [hour], ``price`` (the mean of the part), ``highest``, ``lowest``, and the shares of
    its hours in which the asset charges and discharges, ``charging`` and ``discharging``.
    """
    import pandas as pd

    steps = asset.steps.sort_values("price", ascending=False, kind="stable")
    hours = steps["hours"].to_numpy()
    ends = np.cumsum(hours)
    part = np.minimum((ends - hours / 2) / ends[-1] * min(bins, len(steps)), bins - 1).astype(np.int64)
    weighed = pd.DataFrame(
        {
            "part": part,
            "hours": hours,
            "price": steps["price"].to_numpy() * hours,
            "charging": np.where(steps["charge"] > 0, hours, 0.0),
            "discharging": np.where(steps["discharge"] > 0, hours, 0.0),
        }
    ).groupby("part")
    sums = weighed.sum()
    prices = pd.Series(steps["price"].to_numpy()).groupby(part)
    shares = {name: sums[name] / sums["hours"] for name in ("price", "charging", "discharging")}
    reached = sums["hours"].cumsum()
    found: pd.DataFrame = pd.DataFrame({"begins": reached - sums["hours"], "ends": reached, **shares}).assign(
        highest=prices.max(), lowest=prices.min()
    )
    return found.reset_index(drop=True)


def _part_of(asset: Dispatched, kinds: Sequence[tuple[str, float]], last: str) -> str:
    """The finest kind of part whose number of days is not passed."""
    return next((kind for kind, most in kinds if asset.days <= most), last)


def _summed(asset: Dispatched, what: str) -> pd.DataFrame:
    steps = asset.steps
    sums = steps.groupby(_begins(steps["time"], what))[["bought", "sold", "paid", "received"]].sum()
    return sums.reset_index(names="begins")


def _begins(times: pd.Series, what: str) -> pd.Series:
    """When the day, week (Monday), month or year of each time begins."""
    import pandas as pd

    kinds: Mapping[str, Callable[[pd.Series], pd.Series]] = {
        "day": lambda time: time.dt.normalize(),
        "week": lambda time: (time - pd.to_timedelta(time.dt.day_of_week, unit="D")).dt.normalize(),
        "month": lambda time: time.dt.to_period("M").dt.to_timestamp(),
        "year": lambda time: time.dt.to_period("Y").dt.to_timestamp(),
    }
    return kinds[what](times)
