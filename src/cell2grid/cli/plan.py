"""Command: what a study should build where and when, at the least cost or for each firm's profit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, console, counted, emit, table, waiting
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LEFT, _RIGHT = "left", "right"
SMALLEST_MILLIONS = 1e5  # the largest sum from which money is told in millions
CHOICES = {
    "--objective": ("cost", "profit"),
    "--foresight": ("perfect", "myopic"),
    "--every": ("year", "quarter"),
}
KINDS = {
    "capital": "building, with interest until the opening, less incentives",
    "fixed": "fixed cost of what is built",
    "renewal": "keeping what is built as new",
    "salvage": "got back at the horizon's end",
    "making": "making",
    "freight": "freight",
    "duties": "duties",
    "incentives": "paid by regions for items",
    "standing": "keeping, idling and closing plants",
    "unserved": "demand that is not met",
}

MOST_MISSED = 20  # rows of missed demand on the terminal
WORTH = {
    "vss": "worth of planning for all futures, against planning for their mean",
    "evpi": "worth of knowing which future comes",
    "regret": "what short sight costs, against knowing all of the horizon",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("plan")(plan)


def plan(
    study: Annotated[str, typer.Argument(help="A study file, or the name of one that ships.", metavar="STUDY")],
    objective: Annotated[
        str | None, typer.Option(help="cost: demand met at the least cost. profit: each firm builds what pays it.")
    ] = None,
    foresight: Annotated[
        str | None, typer.Option(help="perfect, or myopic: a few years ahead, again each time.")
    ] = None,
    every: Annotated[str | None, typer.Option(help="How often one decides: year or quarter.")] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="Plan for these futures; several times for several.")
    ] = None,
    members: Annotated[int | None, typer.Option(help="Draws of lead times and costs.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws.")] = None,
    out: Annotated[str | None, typer.Option("--out", help="Write a run folder.", metavar="DIR")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of another study.")] = False,
    as_json: Json = False,
) -> None:
    """What a study should build where and when, what that costs, and the money it takes at home and abroad."""
    from cell2grid.run.plan.planning import changed_plan, plan_study
    from cell2grid.study.loader import load_study

    asked = {"objective": objective, "foresight": foresight, "every": every}
    for name, value in asked.items():
        choices = CHOICES[f"--{name}"]
        if value is not None and value not in choices:
            raise InputError(f"--{name} '{value[:40]}' is not one of {', '.join(choices)}")
    loaded = load_study(study).study
    if out is not None:
        from cell2grid.results import check_place

        check_place(Path(out), loaded.study, replace_other=force)
    with waiting("plan"):
        case = changed_plan(loaded, objective=objective, foresight=foresight, every=every)
        found = plan_study(case, scenarios=tuple(dict.fromkeys(scenario or ())), members=members, seed=seed)
        document = dict(found.document)
        if out is not None:
            from cell2grid.results import write_results

            document["out"] = str(write_results(found.results, Path(out), replace_other=force))
    emit(document, as_json, lambda: _say(document))


class _Scale:
    """Money as it is told: in millions where there are some, else one by one."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        sums = [abs(told["objective"]), *(row["capital"] for row in told["builds"])]
        self.by, self.word = (1e6, "million ") if max(sums) >= SMALLEST_MILLIONS else (1.0, "")

    def __call__(self, money: float, figures: int = 1) -> str:
        return f"{money / self.by:,.{figures}f}"


def _say(told: Mapping[str, Any]) -> None:
    say, scale = console().print, _Scale(told)
    _say_builds(told, scale)
    _say_closures(told)
    _say_costs(told, scale)
    _say_profits(told, scale)
    _say_passes(told, scale)
    _say_flows(told, scale)
    _say_missed(told)
    for note in told["notes"]:
        say(f"• {note}", markup=False)
    if "out" in told:
        say(f"run folder: {told['out']}\nnext: cell2grid report {told['out']}", markup=False)


def _say_builds(told: Mapping[str, Any], scale: _Scale) -> None:
    if not told["builds"]:
        console().print("nothing is built", markup=False)
        return
    columns = {"option": _LEFT, "firm": _LEFT, "in": _LEFT, "decided": _LEFT, "opens": _LEFT, "blocks": _RIGHT}
    columns |= {"capacity": _RIGHT, f"{scale.word}for it": _RIGHT}
    rows: list[tuple[Any, ...]] = []
    for row in told["builds"]:
        low, high = row["opens_p10"], row["opens_p90"]
        opens = low if low == high else f"{row['opens_p50']} ({low} to {high})"
        capital = f"{scale(row['capital'])} {row['currency']}"
        amount = f"{row['capacity']:,.0f} {row['unit']}"
        rows.append((row["option"], row["firm"], row["region"], row["decided"], opens, row["blocks"], amount, capital))
    table("What is built", columns, rows)


def _say_closures(told: Mapping[str, Any]) -> None:
    if told["closures"]:
        columns = {"plant": _LEFT, "firm": _LEFT, "in": _LEFT, "state": _LEFT, "from": _LEFT, "to": _LEFT}
        keys = ("plant", "firm", "region", "state", "start", "end")
        table("What does not stay open", columns, [tuple(row[key] for key in keys) for row in told["closures"]])


def _say_costs(told: Mapping[str, Any], scale: _Scale) -> None:
    if told["costs"] is None:
        return
    money = told["currency"]
    rows: list[tuple[Any, ...]] = [
        (KINDS[kind], scale(value)) for kind, value in told["costs"].items() if abs(value) > 0.0
    ]
    rows.append(("in all", scale(told["objective"])))
    table("What it costs, discounted to the horizon's start", {"": _LEFT, f"{scale.word}{money}": _RIGHT}, rows)
    say = console().print
    say(f"{told['method']}: {told['status']}, at most {told['gap']:.2%} above the best", markup=False)
    for key, words in WORTH.items():
        if told[key] is not None:
            say(f"{words}: {scale(told[key], 2)} {scale.word}{money}", markup=False)


def _say_passes(told: Mapping[str, Any], scale: _Scale) -> None:
    if told["passes"]:
        columns = {"pass": _RIGHT, "blocks changed": _RIGHT, "prices moved": _RIGHT, "most to gain": _RIGHT}
        columns |= {"by": _LEFT, "moved": _LEFT}
        rows = [
            (
                row["pass"], row["blocks_changed"], f"{row['price_change']:.3g}", scale(row["gain"], 2),
                row["firm"] or "–", row["moved"] or "–",
            )
            for row in told["passes"]
        ]  # fmt: skip
        table(f"Passes; gains in {scale.word}{told['currency']}", columns, rows)


def _say_profits(told: Mapping[str, Any], scale: _Scale) -> None:
    """What firms earn and what buyers pay, with what is built and without."""
    if told["profits"]:
        columns = {"firm": _LEFT, f"{scale.word}{told['currency']}": _RIGHT, "without builds": _RIGHT}
        rows = [(row["firm"], scale(row["with_builds"]), scale(row["without_builds"]))
                for row in told["profits"]]  # fmt: skip
        table("What firms are worth, discounted to the horizon's start", columns, rows)
    if told["prices"]:
        columns = {"market": _LEFT, "when": _LEFT, "price": _RIGHT, "without builds": _RIGHT, "": _LEFT}
        keys = ("with_builds", "without_builds")
        prices = [(row["market"], row["term"], *(f"{row[key]:,.2f}" for key in keys), row["unit"])
                  for row in told["prices"]]  # fmt: skip
        table("Prices", columns, prices)


def _say_flows(told: Mapping[str, Any], scale: _Scale) -> None:
    flows = told["flows"]
    titles = {
        "spent": "Money spent on plants",
        "announced": "Money of plants that are announced",
        "renewed": "Money that keeps plants as new",
    }
    amount = {(row["stage"], row["year"], row["side"]): row for row in flows["totals"]}
    shown = [stage for stage in titles if any(key[0] == stage for key in amount)]
    if "spent" not in shown:
        return
    if not _apart(flows["totals"]):
        shown.remove("announced")
    sides = list(dict.fromkeys(row["side"] for row in flows["totals"]))
    for stage in shown:
        years = sorted({year for kind, year, _ in amount if kind == stage and any(
            amount[stage, year, side]["mean"] > 0.0 for side in sides)})  # fmt: skip
        rows = [(year, *(_spread(amount[stage, year, side], scale) for side in sides)) for year in years]
        columns = {"year": _LEFT, **dict.fromkeys(sides, _RIGHT)}
        table(f"{titles[stage]}, {scale.word}{flows['unit']} (80 % of members)", columns, rows)
    year = flows["overtakes"]["year"]
    if year is not None:
        console().print(f"more is spent abroad than at home first in {year}", markup=False)


def _apart(totals: Sequence[Mapping[str, Any]]) -> bool:
    """Whether in some year other money is announced than begun, so that a reader wants to see both."""
    announced, started = ({(row["side"], row["year"]): row["mean"] for row in totals if row["stage"] == stage}
                          for stage in ("announced", "started"))  # fmt: skip
    return any(abs(value - started.get(key, 0.0)) > 1e-6 * abs(value) for key, value in announced.items())


def _spread(row: Mapping[str, Any], scale: _Scale) -> str:
    low, high = scale(row["p10"]), scale(row["p90"])
    return scale(row["mean"]) + ("" if low == high else f" ({low} to {high})")


def _say_missed(told: Mapping[str, Any]) -> None:
    every = [row for row in told["unserved"] if row["p90"] > 0.0 or row["mean"] > 0.0]
    # of many quarters and markets those that miss the largest part of what is asked for
    least = sorted((row["mean"] / row["demand"] for row in every), reverse=True)[MOST_MISSED - 1 : MOST_MISSED]
    lost = [row for row in every if not least or row["mean"] / row["demand"] >= least[0]]
    if lost:
        columns = {
            "market": _LEFT,
            "when": _LEFT,
            "asked for": _RIGHT,
            "missed": _RIGHT,
            "p10 to p90": _RIGHT,
            "": _LEFT,
        }
        rows = [
            (
                row["market"], row["term"], f"{row['demand']:,.0f}", f"{row['mean']:,.0f}",
                f"{row['p10']:,.0f} to {row['p90']:,.0f}", row["unit"],
            )
            for row in lost
        ]  # fmt: skip
        table(f"Demand that is missed, over {counted(told['members'], 'member')}", columns, rows)
    if len(lost) < len(every):
        console().print(
            f"{len(every) - len(lost)} more, in which a smaller part is missed, are in --json", markup=False
        )
