"""Command: ramp curves fitted to what was reported of a plant's output, and what that can and cannot tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, check_page, console, counted, emit, table
from cell2grid.errors import InputError, UnitError

if TYPE_CHECKING:
    from cell2grid.run.ramp_question import RampQuestion


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("ramp")(ramp)


def ramp(
    target: Annotated[str, typer.Argument(metavar="STUDY|COUNTS.csv", help="A study, or a file of counts.")],
    plant: Annotated[str | None, typer.Option(help="The plant of the study; the one with counts without it.")] = None,
    opens: Annotated[
        str | None, typer.Option(metavar="DATE", help="The opening, for a file of counts; its first day without it.")
    ] = None,
    nameplate: Annotated[
        str | None, typer.Option(metavar="'10000 system/year'", help="What the plant of the counts makes when learned.")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write a page with the chart.", metavar="FILE.html")] = None,
    as_json: Json = False,
) -> None:
    """Which ramp curves the reported counts of a plant bear out, and which they cannot tell apart."""
    from cell2grid.run.told.ramp_told import told_ramp

    check_page(page)
    if target.lower().endswith(".csv"):
        if plant is not None:
            raise InputError("--plant names a plant of a study, and a file of counts is of one plant; leave it out")
        question = _of_file(Path(target), opens, nameplate)
    else:
        if opens is not None or nameplate is not None:
            raise InputError("--opens and --nameplate are for a file of counts; a study says them of its plants")
        question = _of_study(target, plant)
    told = told_ramp(question)
    if page is not None:
        told["page"] = str(_page(question, told, page))
    emit(told, as_json, lambda: _show(told))


def _of_study(target: str, plant: str | None) -> RampQuestion:
    from cell2grid.run.ramp_question import plant_question
    from cell2grid.study.loader import load_study

    return plant_question(load_study(target).study, plant)


def _of_file(path: Path, opens: str | None, nameplate: str | None) -> RampQuestion:
    from cell2grid.run.ramp_question import file_question
    from cell2grid.study.count_file import read_counts
    from cell2grid.units import counted_noun, parse_magnitude

    rows, noun, level = read_counts(path), "item", None
    try:
        day = None if opens is None else date.fromisoformat(opens)
    except ValueError:
        raise InputError(f"--opens '{opens}' is no day; write it as 2025-02-11") from None
    if nameplate is not None:
        try:
            magnitude = parse_magnitude(nameplate)
            noun, level = counted_noun(magnitude.unit) or "item", magnitude.to("item/month").mode
        except UnitError as error:
            raise InputError(
                f"--nameplate '{nameplate[:40]}': {error.message}; write it as '10000 system/year'"
            ) from None
        if level <= 0:
            raise InputError(f"--nameplate '{nameplate[:40]}' is not above 0")
    return file_question(path, rows, opens=day, nameplate=level, noun=noun)


def _page(question: RampQuestion, told: dict[str, Any], page: Path) -> Path:
    """The page with the chart of counts and curves, and the verdict."""
    from cell2grid.report.alone import Told
    from cell2grid.report.value_page import write_worth_page
    from cell2grid.run.told.ramp_told import ramp_table

    rows = [Told(part["name"], f"{part['items']:,.10g} {told['unit']}", f"in {part['days']:,.10g} days")
            for part in told["counts"]]  # fmt: skip
    figures = [Told("counts", str(len(rows)), "stretches of days that do not overlap")]
    if told["nameplate"] is not None:
        figures.append(
            Told("nameplate", f"{told['nameplate']:,.4g} {told['unit']}/month", told["nameplate_basis"] or "as given")
        )
    return write_worth_page(
        {"ramp_fit": ramp_table(question, told)},
        page,
        kind="ramp",
        name=f"{told['plant']}: its ramp by what was counted",
        figures=figures,
        findings=told["verdict"],
        assumptions=rows,
        notes=[f"{note[0].upper()}{note[1:]}." for note in told["notes"]],
        method="Curves are fitted by least squares; intervals are 95 % by profile likelihood, and there is none without"
        " a count to spare",
    )


def _show(told: dict[str, Any]) -> None:
    unit = told["unit"]
    begun = "" if told["opens"] is None else f", open since {told['opens']}"
    if told["nameplate"] is not None:
        begun += f", nameplate {told['nameplate']:,.4g} {unit}/month"
    columns = {"curve": "left", "parameters (95 % interval)": "left", "misses by": "right", "AICc": "right",
               "weight": "right", "99 % of it by": "left"}  # fmt: skip
    rows = [
        (
            one["name"],
            ", ".join(_parameter(each) for each in one["parameters"]) or "none",
            f"{one['miss']:.0%}",
            "–" if one["aicc"] is None else f"{one['aicc']:,.1f}",
            "–" if one["weight"] is None else f"{one['weight']:.0%}",
            _reached(one),
        )
        for one in told["curves"]
    ]
    table(f"{told['plant']}: {counted(len(told['counts']), 'count')}{begun}", columns, rows)
    for sentence in told["verdict"]:
        console().print(f"• {sentence}", markup=False)
    if told["nameplate_basis"]:
        console().print(f"nameplate: {told['nameplate_basis']}", markup=False)
    for note in told["notes"]:
        console().print(f"• {note}", markup=False)
    if "page" in told:
        console().print(f"page: {told['page']}", markup=False)


_WORDS = {"months_to_nameplate": "months", "items_to_nameplate": "items", "starts_at": "starts at", "level": "level"}


def _parameter(one: dict[str, Any]) -> str:
    def number(value: float | None) -> str:
        if value is None:
            return "…"
        return f"{value:.0%}" if one["unit"] == "ratio" else f"{value:,.3g}" if value < 1e3 else f"{value:,.0f}"

    interval = f" ({number(one['low'])} to {number(one['high'])})" if one["interval"] else ""
    return f"{_WORDS[one['name']]} {number(one['value'])}{interval}"


def _reached(one: dict[str, Any]) -> str:
    found = one["reaches_nameplate"] or one["settles"]

    def when(key: str) -> str:
        if found[key]["date"] is not None:
            return str(found[key]["date"])
        return "…" if found[key]["day"] is None else f"day {found[key]['day']:,.0f}"

    if not found["interval"]:
        return f"{when('value')}, no interval"
    known = found["low"] != found["high"]
    return f"{when('value')} ({when('low')} to {when('high')})" if known else when("value")
