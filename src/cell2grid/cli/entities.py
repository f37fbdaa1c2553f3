"""The ``entities`` command: names that no entry has, decisions about them, and what is known of an entity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.accounts import Reviewer, reviewer_name
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from cell2grid.evidence.entities.unknown import Unknown
    from cell2grid.evidence.records import NameDecision

LISTED = 50


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(entities)


def entities(
    entity: Annotated[
        str | None, typer.Argument(help="Show what is known of the entity with this name or id.", metavar="[NAME]")
    ] = None,
    store: Store = DEFAULT_STORE,
    name: Annotated[str | None, typer.Option("--name", help="Decide about this name.")] = None,
    means: Annotated[
        str | None, typer.Option("--is", help="The name means this entity, by its id or a name.", metavar="ENTITY")
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--new", help="The name is a new entity: firm, plant, project, place, …", metavar="KIND"),
    ] = None,
    apart: Annotated[
        str | None, typer.Option("--apart", help="The name does not mean this name or entity.", metavar="OTHER")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last decision about the name back.")] = False,
    note: Annotated[str, typer.Option("--note", help="Why, kept with the decision.")] = "",
    reviewer: Reviewer = None,
    limit: Annotated[int, typer.Option("--limit", help="List at most so many names.", min=1)] = LISTED,
    as_json: Json = False,
) -> None:
    """List the names that no entity has, decide what they mean, or show what is known of an entity."""
    asked = [each for each in (means, new, apart) if each is not None] + [""] * undo
    if entity is not None and (name is not None or asked):
        raise InputError(f"'{entity}' is shown, or something is decided with --name; give one of the two")
    if (name is None) != (not asked) or len(asked) > 1:
        raise InputError("a decision is --name NAME with one of --is ENTITY, --new KIND, --apart OTHER or --undo")
    if entity is not None:
        _show(entity, store, as_json)
    elif name is not None:
        _decide(store, name, (means, new, apart), who=reviewer_name(reviewer), note=note, as_json=as_json)
    else:
        _list(store, limit, as_json)


# --- the names that no entity has -----------------------------------------------------------------------------------


def _list(store: str, limit: int, as_json: bool) -> None:
    from dataclasses import asdict

    from cell2grid.evidence.entities.unknown import unknown_names
    from cell2grid.evidence.keeping.store import open_store

    with open_store(store) as opened:
        found, total = unknown_names(opened, limit=limit)
    rows = [asdict(each) for each in found]
    output.emit({"names": rows, "total": total}, as_json, lambda: _show_names(found, total))


def _show_names(found: tuple[Unknown, ...], total: int) -> None:
    headings = {"name": "left", "looks like": "left", "claims": "right", "pages": "left", "may be": "left"}
    rows = [
        (
            each.name,
            each.looks_like,
            each.claims,
            ", ".join(each.documents[:2]) + (f", … ({len(each.documents)})" if len(each.documents) > 2 else ""),
            "; ".join(f"{near.name} ({near.score})" for near in each.suggestions),
        )
        for each in found
    ]
    shown = "" if len(found) == total else f", {len(found)} shown"
    output.table(f"{output.counted(total, 'name')} that no entity has{shown}", headings, rows)


# --- decisions ------------------------------------------------------------------------------------------------------


def _decide(
    store: str, name: str, asked: tuple[str | None, str | None, str | None], *, who: str, note: str, as_json: bool
) -> None:
    from dataclasses import asdict

    from cell2grid.evidence.entities import deciding
    from cell2grid.evidence.keeping.store import open_store

    means, new, apart = asked
    with open_store(store) as opened:
        if means is not None:
            made = deciding.mean(opened, name, means, reviewer=who, note=note)
        elif new is not None:
            made = deciding.begin(opened, name, new, reviewer=who, note=note)
        elif apart is not None:
            made = deciding.part(opened, name, apart, reviewer=who, note=note)
        else:
            made = deciding.undo(opened, name, reviewer=who, note=note)
    output.emit({"decision": asdict(made)}, as_json, lambda: _say_decision(made))


def _say_decision(made: NameDecision) -> None:
    said = {
        "is": f"'{made.name}' means {made.other}",
        "new": f"'{made.name}' is a new entity, {made.other}",
        "apart": f"'{made.name}' does not mean '{made.other}'",
        "undo": f"the last decision about '{made.name}' is taken back",
    }
    output.console().print(said[made.decision], markup=False)


# --- one entity -----------------------------------------------------------------------------------------------------


def _show(name: str, store: str, as_json: bool) -> None:
    from cell2grid.evidence.entities.deciding import entity as entity_called
    from cell2grid.evidence.entities.describing import entity_row, others_called
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.naming.identities import Identities

    if Path(store).exists():
        with open_store(store) as opened:
            identities = opened.identities()
    elif store != DEFAULT_STORE:
        raise EvidenceError(f"there is no store '{store}'; without --store the gazetteer is asked alone")
    else:
        identities = Identities()
    known = entity_called(identities, name)
    row = {**entity_row(known, identities), "also_called_so": others_called(name, known)}
    output.emit({"entity": row}, as_json, lambda: _show_entity(row))


def _show_entity(row: dict[str, Any]) -> None:
    screen = output.console()
    screen.print(f"{row['name']}  {row['kind']}  {row['id']}", markup=False)
    for field in ("country", "iso", "owner", "was", "place", "since", "until", "wikidata"):
        if row[field] is not None:
            screen.print(f"  {field:<9} {row[field]}", markup=False)
    lines = [
        (
            each["name"],
            "" if each["use"] == "name" else each["use"],
            " to ".join((each["since"] or "", each["until"] or "")) if each["since"] or each["until"] else "",
            ", ".join(each["near"]),
            each["by"],
        )
        for each in row["names"]
    ]
    output.table("names", dict.fromkeys(("name", "use", "days", "near", "by"), "left"), lines)
    for words, ids in (("parts", row["parts"]), ("also called so", row["also_called_so"])):
        if ids:
            screen.print(f"  {words}: {', '.join(ids)}", markup=False)
