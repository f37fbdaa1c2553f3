"""The options of ``dispatch`` by panel of its help: their types and what they say; they are read in its other files.

Options that read prices are shared with other commands and stand in ``price_options``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

# Numbers that carry a unit come as text and are read by the grammar of units.py.
Quantity = str | None

ASSET, SITE, CHOICE, FORESIGHT, RESERVE, IMPACT, OUTPUT = (
    *("The asset", "The site", "How it is scheduled", "Without foresight", "Two markets and reserve"),
    *("A price that falls with sales", "Output"),
)


def _option(panel: str, *names: str, example: str | None = None, words: str, default: str | bool = False) -> Any:
    return typer.Option(*names, metavar=example, help=words, rich_help_panel=panel, show_default=default)


Prices = Annotated[
    Path | None, typer.Argument(metavar="PRICES", help="Prices per MWh with stamps: CSV, Parquet or Excel.")
]
PriceUnit = Annotated[
    str | None, typer.Option(metavar="EUR/MWh", help="The unit of the prices, where the header has none.")
]
Synthetic = Annotated[
    int | None, typer.Option(metavar="SEED", help="Use the synthetic year of this seed instead of a file.")
]

AssetFile = Annotated[
    Path | None,
    _option(ASSET, "--asset", example="FILE", words="An asset file, or a PyPSA network; options go before it."),
]
Unit = Annotated[
    str | None, _option(ASSET, "--unit", example="NAME", words="The storage unit of a network that has several.")
]
Power = Annotated[Quantity, _option(ASSET, example="100MW", words="Most power from and to the grid.")]
Energy = Annotated[Quantity, _option(ASSET, example="400MWh", words="Most energy stored.")]
DischargePower = Annotated[
    Quantity, _option(ASSET, example="80MW", words="Most power to the grid, where it is not --power.")
]
EfficiencyCharge = Annotated[
    Quantity, _option(ASSET, example="0.94", words="Energy stored per energy taken.", default="1")
]
EfficiencyDischarge = Annotated[
    Quantity, _option(ASSET, example="0.94", words="Energy sent per energy drawn.", default="1")
]
Start = Annotated[
    Quantity, _option(ASSET, example="0.5", words="Share of --energy stored at the start.", default="0.5")
]
End = Annotated[
    Quantity, _option(ASSET, example="0.5", words="Least share of --energy stored at the end.", default="0.5")
]
Cyclic = Annotated[
    bool, _option(ASSET, "--cyclic", words="The level at the end is that at the start, whichever earns most.")
]
SelfDischarge = Annotated[
    Quantity, _option(ASSET, example="0.0005/hour", words="Share of the stored energy lost in an hour.", default="0")
]
AuxiliaryLoad = Annotated[
    Quantity, _option(ASSET, example="1MW", words="Power that the asset takes for itself in every step.", default="0")
]
ThroughputCost = Annotated[
    Quantity, _option(ASSET, example="2USD/MWh", words="Cost of each MWh taken or sent.", default="0")
]
TerminalValue = Annotated[
    Quantity, _option(ASSET, example="30EUR/MWh", words="What a MWh stored at the end is worth.", default="0")
]
CyclesPerYear = Annotated[
    float | None, _option(ASSET, example="N", words="Most full cycles in 8,760 hours; a shorter time has its share.")
]
CyclesPerDay = Annotated[
    float | None, _option(ASSET, example="N", words="Most full cycles in a day of local clocks (--timezone).")
]

GridLimit = Annotated[Quantity, _option(SITE, example="80MW", words="Most power through the connection, both ways.")]
ImportLimit = Annotated[Quantity, _option(SITE, example="80MW", words="Most power from the grid.")]
ExportLimit = Annotated[Quantity, _option(SITE, example="80MW", words="Most power to the grid.")]
NoImport = Annotated[bool, _option(SITE, "--no-import", words="Nothing may come from the grid.")]
NoExport = Annotated[bool, _option(SITE, "--no-export", words="Nothing may go to the grid.")]
Pv = Annotated[
    list[Path] | None,
    _option(SITE, "--pv", example="FILE", words="Power that sun behind the connection could give; again for more."),
]
PvColumn = Annotated[str | None, _option(SITE, example="NAME", words="The column of --pv.")]
PvCapacity = Annotated[Quantity, _option(SITE, example="50MW", words="What shares in --pv are shares of.")]
Wind = Annotated[
    list[Path] | None,
    _option(SITE, "--wind", example="FILE", words="Power that wind behind the connection could give; again for more."),
]
WindColumn = Annotated[str | None, _option(SITE, example="NAME", words="The column of --wind.")]
WindCapacity = Annotated[Quantity, _option(SITE, example="50MW", words="What shares in --wind are shares of.")]
Load = Annotated[
    str | None,
    _option(SITE, "--load", example="FILE|20MW", words="Power behind the connection that must be served."),
]
LoadColumn = Annotated[str | None, _option(SITE, example="NAME", words="The column of --load.")]
LoadCapacity = Annotated[Quantity, _option(SITE, example="50MW", words="What shares in --load are shares of.")]
BuyAdder = Annotated[
    Quantity,
    _option(
        SITE, example="5EUR/MWh", words="Added to the price of each MWh from the grid: taxes, grid fees.", default="0"
    ),
]
SellAdder = Annotated[
    Quantity,
    _option(
        SITE,
        example="-3EUR/MWh",
        words="Added to the price of each MWh to the grid: a selling fee is below 0, a premium above.",
        default="0",
    ),
]

Mode = Annotated[
    str | None,
    _option(
        CHOICE,
        example="exclusive|relaxed",
        words="Whether charging and discharging in one step is excluded.",
        default="exclusive",
    ),
]
TimeLimit = Annotated[float, typer.Option(min=0.1, help="Seconds that a schedule may take.", rich_help_panel=CHOICE)]

Foresight = Annotated[
    str,
    typer.Option(
        metavar="perfect|rolling|stochastic|naive|compare",
        help="What is known of the prices that come: all of them, a forecast, chances, a rule; or all side by side.",
        rich_help_panel=FORESIGHT,
    ),
]
Window = Annotated[
    Quantity, _option(FORESIGHT, example="48h", words="How far a rolling plan looks ahead.", default="48h")
]
Every = Annotated[
    int | None, _option(FORESIGHT, example="N", words="Steps of a plan carried out before the next.", default="1")
]
ForecastOf = Annotated[
    str | None,
    _option(
        FORESIGHT,
        "--forecast",
        example="NAME|FILE[:COLUMN]",
        words="yesterday, last_week, autoregression, perfect, or a file of forecasts.",
        default="yesterday",
    ),
]
Published = Annotated[
    str | None,
    _option(
        FORESIGHT,
        example="13:00",
        words="When the next day's prices are published on local clocks; else each is known as its step begins.",
    ),
]
Train = Annotated[
    float | None,
    _option(FORESIGHT, example="DAYS", words="Days at the beginning to learn from, in which the asset does not run."),
]

Intraday = Annotated[
    Path | None,
    _option(
        RESERVE, "--intraday", example="FILE", words="Intraday prices: what was sold a day ahead is changed on the day."
    ),
]
IntradayColumn = Annotated[str, typer.Option(help="The column of --intraday.", rich_help_panel=RESERVE)]
Reserve = Annotated[
    Path | None,
    _option(RESERVE, "--reserve", example="FILE", words="Reserve and regulation products to sell beside energy."),
]

SlopeOption = Annotated[
    Quantity,
    _option(
        IMPACT,
        "--slope",
        example="'0.01 EUR/MWh/MW'",
        words="Test given prices: how much each MW of its own sales lowers the price.",
    ),
]
SlopeFrom = Annotated[
    Path | None,
    _option(IMPACT, "--slope-from", example="FILE", words="Estimate the slope from a load less sun and wind [MW]."),
]
SlopeColumn = Annotated[str | None, _option(IMPACT, example="NAME", words="The column of --slope-from.")]

Report = Annotated[Path | None, _option(OUTPUT, "--report", example="PAGE.html", words="Write a page of charts.")]
Out = Annotated[
    Path | None,
    _option(OUTPUT, "--out", example="SCHEDULE.csv", words="Write the schedule: .csv, .parquet or .nc."),
]
