"""A fleet from its first pair to its summary: what is done is left, what is missing is found and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from cell2grid.errors import InputError, UnitError
from cell2grid.files import write_whole
from cell2grid.run.fleet.assets import FleetAsset, assets_text
from cell2grid.run.fleet.folder import PriceFolder
from cell2grid.run.fleet.pairs import pair_of
from cell2grid.run.fleet.parts import (
    FORMAT,
    Part,
    digest,
    finished,
    fleet_folder,
    parts_of,
    write_part,
)
from cell2grid.run.fleet.summary import write_summary
from cell2grid.run.fleet.working import Task, workshop
from cell2grid.version import __version__

MOST_WORKERS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Every asset on every price year; ``time_limit`` [second] is what HiGHS may take for one of them."""

    assets: tuple[FleetAsset, ...]
    prices: PriceFolder
    with_schedules: bool = False
    time_limit: float = 600.0

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.assets) * len(self.prices.years)

    @property
    def parts(self) -> list[Part]:
        """The parts in which they are written."""
        steps = [year.count for year in self.prices.years]
        return parts_of(steps, len(self.assets), with_schedules=self.with_schedules)

    @property
    def identity(self) -> dict[str, Any]:
        """What a folder must have been made from to hold a piece of this fleet."""
        years = self.prices.years
        return {
            "fleet": FORMAT,
            "cell2grid": __version__,
            "assets": digest([(asset.name, dict(asset.fields)) for asset in self.assets]),
            "prices": digest([(year.series, year.year, year.currency, year.digest) for year in years]),
            "options": {"schedules": self.with_schedules, "time_limit": self.time_limit},
            "counts": {"assets": len(self.assets), "price_years": len(years), "parts": len(self.parts)},
        }


def run_fleet(
    fleet: Fleet,
    out: str | Path,
    *,
    workers: int = 1,
    fresh: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """What was found, as ``summary.json`` in the folder ``out`` has it, once every part of the fleet is there.

    Parameters
    ----------
    out
        A new or empty folder, or one in which a call of the same fleet stopped: this call goes on there, and the
        files end with the same bytes.
    workers
        Cores that are used at most. They change the time and nothing else.
    fresh
        Begin again, and lose what the folder holds of any fleet.
    on_progress
        Called with the number of pairs that are done, and of all.

    Raises
    ------
    InputError
        ``workers`` is no number from 1 to 1,024, or the costs of assets and the prices are in two currencies.
    RunFolderError
        The folder holds another fleet or something else, is in use, or cannot be written.

    An asset that has no schedule in a year has a row with the reason.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise InputError(f"--workers is {workers}, expected a number from 1 to {MOST_WORKERS:,}; the cores are enough")
    with fleet_folder(Path(out), fleet.identity, fresh=fresh) as place:
        currencies = {year.currency for year in fleet.prices.years}
        write_whole(place / "assets.csv", assets_text(fleet.assets, currencies.pop() if len(currencies) == 1 else None))
        open_parts = []
        done = 0
        for part in fleet.parts:
            if finished(place, part, with_schedules=fleet.with_schedules):
                done += part.last - part.first
            else:
                open_parts.append(part)
        on_progress(done, fleet.pairs)
        _fill(fleet, place, open_parts, workers, lambda more: on_progress(done + more, fleet.pairs))
        return write_summary(place, fleet.assets, fleet.prices)


def with_currency(prices: PriceFolder, currency: str | None, assets_file: Path) -> None:
    """Let the prices be in the currency of the assets' costs where their file names none.

    Raises
    ------
    UnitError
        It names another.
    """
    if currency is None:
        return
    for year in prices.years:
        if year.currency not in (None, currency):
            raise UnitError(
                f"costs are in {currency} and the prices of {year.file.name} in {year.currency}; "
                "give both in one currency",
                where=str(assets_file),
            )
    prices.years = tuple(replace(year, currency=currency) for year in prices.years)


def _fill(fleet: Fleet, place: Path, open_parts: list[Part], workers: int, on_progress: Callable[[int], None]) -> None:
    """Find and write the parts that are not there."""
    with workshop(workers, time_limit=fleet.time_limit) as work:
        pairs = work(task for part in open_parts for task in _tasks(fleet, part))
        done = 0
        for part in open_parts:
            found = []
            for _ in range(part.last - part.first):
                found.append(next(pairs))
                done += 1
                on_progress(done)
            write_part(place, part, found, with_schedules=fleet.with_schedules)


def _tasks(fleet: Fleet, part: Part) -> Iterator[Task]:
    """The pairs of a part, price year by price year."""
    read, prices = -1, None
    for pair in range(part.first, part.last):
        which, asset = divmod(pair, len(fleet.assets))
        year = fleet.prices.years[which]
        if read != which or prices is None:
            read, prices = which, fleet.prices.prices(year)
        find = partial(pair_of, fleet.assets[asset], year, prices, with_schedule=fleet.with_schedules)
        yield Task(year.count, find)
