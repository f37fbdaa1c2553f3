"""A fleet: every asset of a table against every price year of a folder, in one call that can be killed and goes on.

``read_assets`` and ``read_folder`` check all that comes in before any work starts, ``run_fleet`` schedules each pair
and writes the rows as they come, and ``read_summary`` says what was found. The values alone of many price years in
memory, without files, are in ``cell2grid.engines.dispatch.batch``.
"""

from cell2grid.run.fleet.assets import FleetAsset, read_assets
from cell2grid.run.fleet.folder import PriceFolder, PriceYear, read_folder
from cell2grid.run.fleet.running import Fleet, run_fleet
from cell2grid.run.fleet.summary import read_summary

__all__ = [
    "Fleet",
    "FleetAsset",
    "PriceFolder",
    "PriceYear",
    "read_assets",
    "read_folder",
    "read_summary",
    "run_fleet",
]
