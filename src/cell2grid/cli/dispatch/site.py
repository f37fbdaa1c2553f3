"""The site that a call of ``dispatch`` describes: its connection, what is generated and drawn behind it, and its fees.

Profiles of power are set beside the prices in time. The asset itself is read in ``asset``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.cli.dispatch.asset import magnitude, money
from cell2grid.cli.dispatch.options import Quantity
from cell2grid.errors import InputError, UnitError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.cli.dispatch.prices import PricesAsked
    from cell2grid.engines.dispatch import Case
    from cell2grid.prices import PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAsked:
    """The options of the site, as they were written; None where they were not."""

    grid_limit: Quantity
    import_limit: Quantity
    export_limit: Quantity
    no_import: bool
    no_export: bool
    pv: Sequence[Path] | None
    pv_column: str | None
    pv_capacity: Quantity
    wind: Sequence[Path] | None
    wind_column: str | None
    wind_capacity: Quantity
    load: str | None
    load_column: str | None
    load_capacity: Quantity
    buy_adder: Quantity
    sell_adder: Quantity


def checked(asked: SiteAsked) -> None:
    """Refuse options of the site that contradict one another, before any file is read.

    Raises
    ------
    InputError
        Two options say different things, or one has nothing that it is about.
    """
    for way in ("import", "export"):
        if getattr(asked, f"no_{way}") and getattr(asked, f"{way}_limit") is not None:
            raise InputError(f"--no-{way} and --{way}-limit contradict each other; leave one out")
    if asked.no_import and asked.no_export and asked.grid_limit is not None:
        raise InputError("--no-import and --no-export leave nothing that --grid-limit could limit; leave it out")
    for kind in ("pv", "wind", "load"):
        for about in ("column", "capacity"):
            if getattr(asked, f"{kind}_{about}") is not None and not getattr(asked, kind):
                raise InputError(f"--{kind}-{about} says how --{kind} is read, and there is none; give --{kind} FILE")


def connection(asked: SiteAsked) -> dict[str, float]:
    """The limits of the connection that the options give [MW].

    Raises
    ------
    InputError, UnitError
        One is no power, or the limit of one way is above the limit of both.
    """
    both = None if asked.grid_limit is None else magnitude("--grid-limit", asked.grid_limit, "MW")
    found: dict[str, float] = {}
    for way, none, text in (
        ("import", asked.no_import, asked.import_limit),
        ("export", asked.no_export, asked.export_limit),
    ):
        one = None if text is None else magnitude(f"--{way}-limit", text, "MW")
        if one is not None and both is not None and one > both:
            raise InputError(
                f"--{way}-limit is {one:g} MW and --grid-limit, which holds both ways, {both:g} MW; lower the first or "
                "raise the second"
            )
        limit = 0.0 if none else both if one is None else one
        if limit is not None:
            found[f"{way}_limit"] = limit
    return found


def adders(asked: SiteAsked, currency: str | None) -> tuple[dict[str, float], str | None]:
    """What is added to the price of buying and of selling [currency/MWh], and the currency if it is said."""
    found: dict[str, float] = {}
    for name in ("buy_adder", "sell_adder"):
        text = getattr(asked, name)
        if text is not None:
            found[name], currency = money(f"--{name.replace('_', '-')}", text, currency)
    return found, currency


def behind(asked: SiteAsked, series: PriceSeries, prices: PricesAsked) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Generation and load over the steps of the prices [MW], and what was done to their files.

    Raises
    ------
    InputError, UnitError, PriceError
        A file cannot be read, or has other time steps than the prices.
    """
    found: dict[str, Any] = {}
    notes: list[str] = []
    for kind in ("pv", "wind"):
        for path in getattr(asked, kind) or ():
            power, said = _profile(asked, kind, Path(path), series, prices)
            found["generation"] = power if "generation" not in found else found["generation"] + power
            notes += said
    if asked.load is not None:
        if Path(asked.load).exists():
            found["load"], said = _profile(asked, "load", Path(asked.load), series, prices)
            notes += said
        else:
            found["load"] = _constant_load(asked)
    return found, tuple(notes)


def without_asset(case: Case, numbers: dict[str, Any]) -> float | None:
    """What the site would earn without the asset [currency]; None where its load could not be served then."""
    import numpy as np

    from cell2grid.engines.dispatch import site

    load = case.load
    if load is not None and "auxiliary_load" in numbers:
        # what the asset takes for itself goes with it
        load = np.maximum(load - numbers["auxiliary_load"], 0.0)
    alone = replace(case, load=load)
    need = site.load(alone) - site.generation(alone)
    if (need > site.import_limit(alone) * (1.0 + 1e-12) + 1e-9).any():
        return None
    still = np.zeros(len(case.price))
    return float((site.money_rate(alone, still) * case.step_hours).sum())


def _profile(
    asked: SiteAsked, kind: str, path: Path, series: PriceSeries, prices: PricesAsked
) -> tuple[NDArray[np.float64], list[str]]:
    """One profile over the steps of the prices [MW], and what was done to its file."""
    from cell2grid.cli.dispatch.prices import beside
    from cell2grid.prices import read_profile

    capacity = getattr(asked, f"{kind}_capacity")
    profile = read_profile(
        path,
        column=getattr(asked, f"{kind}_column"),
        capacity=None if capacity is None else magnitude(f"--{kind}-capacity", capacity, "MW"),
        **prices.timing(series),
    )
    return beside(profile, series, prices), [f"{path.name}: {note}" for note in profile.notes]


def _constant_load(asked: SiteAsked) -> float:
    text = asked.load or ""
    try:
        found = magnitude("--load", text, "MW")
    except UnitError:
        raise InputError(
            f"'{text[:60]}' is neither a file that exists nor a power; give a file, or a power as in '--load 20MW'",
            where="--load",
        ) from None
    for about in ("column", "capacity"):
        if getattr(asked, f"load_{about}") is not None:
            raise InputError(f"--load-{about} says how a file is read, and --load is {text}; leave one out")
    return found
