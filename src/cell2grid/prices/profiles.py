"""A profile of power set beside a price series: aligned by stamp and by length of step, and never by position."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.prices.series import PriceSeries, Profile


def aligned(profile: Profile, series: PriceSeries, *, cut: bool = False) -> npt.NDArray[np.float64]:
    """The power of the profile in each time step of the prices [MW].

    Parameters
    ----------
    profile
        Generation or load.
    series
        The prices beside which it stands.
    cut
        Take the part of a longer profile that the prices cover; without it a longer profile is refused.

    Raises
    ------
    PriceError
        The first time step of one that the other lacks, or that is of another length there.

    >>> from cell2grid.prices import synthetic_year
    >>> year = synthetic_year(1)
    >>> sun = Profile(timestep=year.timestep, step_hours=year.step_hours, power=np.ones(8760), name="sun")
    >>> float(aligned(sun, year).sum())
    8760.0
    """
    theirs, ours = (np.asarray(each.timestep, dtype="datetime64[s]") for each in (series, profile))
    first = int(np.searchsorted(ours, theirs[0])) if cut else 0
    stop = first + theirs.size if cut else ours.size
    part = ours[first:stop]
    length = min(part.size, theirs.size)
    unlike = np.flatnonzero(part[:length] != theirs[:length])
    longer = np.flatnonzero(profile.step_hours[first : first + length] != series.step_hours[:length])
    if unlike.size and (not longer.size or unlike[0] <= longer[0]):
        i = int(unlike[0])
        raise _error(profile, series, i, f"begins at {_shown(part[i])}, that of the prices at {_shown(theirs[i])}")
    if longer.size:
        i = int(longer[0])
        minutes = [hours * 60.0 for hours in (profile.step_hours[first + i], series.step_hours[i])]
        raise _error(profile, series, i, f"lasts {minutes[0]:g} min, that of the prices {minutes[1]:g} min")
    if part.size < theirs.size:
        raise _error(profile, series, length, f"is missing, the prices have one at {_shown(theirs[length])}")
    if part.size > theirs.size:
        raise _error(profile, series, length, f"at {_shown(part[length])} is beyond the prices; ask to cut the profile")
    return profile.power[first:stop]


def _shown(stamp: np.datetime64) -> str:
    return f"{str(stamp)[:16].replace('T', ' ')} UTC"


def _error(profile: Profile, series: PriceSeries, i: int, what: str) -> PriceError:
    step = "give both the same time steps: resample one, or cut the profile to the prices"
    if profile.offsets != series.offsets:
        bare = "the profile" if series.offsets else "the prices"
        step = f"{bare} have stamps without offset, taken as UTC: name their zone with --timezone"
    return PriceError(f"timestep {i} of the profile {what}; {step}", where=profile.name)
