"""The ``claims`` command: the claims of the store, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.figures import number, span
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from cell2grid.evidence.naming.identities import Identities
    from cell2grid.evidence.records import Claim, Document


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(claims)


def claims(
    store: Store = DEFAULT_STORE,
    measure: Annotated[str | None, typer.Option(help="Only this measure, such as exports.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only subjects that contain this text.")] = None,
    source: Annotated[str | None, typer.Option(help="Only pages whose path, title or publisher contains this.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only this tier: A, B or C.")] = None,
    status: Annotated[
        str | None, typer.Option(help="open, accepted, edited, rejected, superseded, standing or all.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="The store as it was known on this day (ISO).")] = None,
    as_json: Json = False,
) -> None:
    """List the claims of the store."""
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.rows import claim_row

    if tier is not None and tier.upper() not in ("A", "B", "C"):
        raise EvidenceError(f"--tier '{tier}' is not one of A, B, C")
    with open_store(store) as opened:
        documents = {document.id: document for document in opened.documents() if _fits(document, source)}
        filed = opened.filed(
            measure=measure, subject=subject, tier=None if tier is None else tier.upper(), status=status, as_of=as_of
        )
        # only asked for JSON: the names of the industry take a moment to load
        identities = opened.identities(as_of=as_of) if as_json else None
        measures = {each.claim.measure for each in opened.filed(status="all")} if measure and not filed else set()
    if measure and not filed and measure not in measures:
        listed = ", ".join(sorted(measures)) or "none"
        output.log().print(f"no claim has the measure '{measure}'; those of the store are: {listed}", markup=False)
    kept = [each for each in filed if each.claim.document in documents]
    rows = [
        {
            **claim_row(each.claim, documents[each.claim.document].path),
            **(_entities(each.claim, identities, documents[each.claim.document].date) if identities else {}),
            "status": each.status,
            "recorded_at": each.recorded_at,
        }
        for each in kept
    ]
    output.emit({"claims": rows}, as_json, lambda: _show_claims(rows))


def _entities(claim: Claim, identities: Identities, day: str | None) -> dict[str, str | None]:
    """The ids of the entities that subject and object mean, on the day of the page."""
    return {
        "entity": identities.ids(claim.subject, day=day),
        "object_entity": identities.ids(claim.object, day=day),
    }


def _fits(document: Document, source: str | None) -> bool:
    known = (document.id, document.path, document.title, document.publisher)
    return source is None or any(source.casefold() in (each or "").casefold() for each in known)


def _show_claims(rows: list[dict[str, Any]]) -> None:
    headings = dict.fromkeys(("id", "tier", "measure", "whose", "value", "period", "status", "page"), "left")
    lines = [
        (
            row["id"][:8],
            row["tier"],
            row["measure"],
            f"{row['subject'] or ''} ({row['object']})" if row["object"] else row["subject"],
            f"{number(row['value']) or span(row['low'], row['high'])} {row['unit']}",
            span(row["period_start"], row["period_end"]),
            row["status"],
            row["document"],
        )
        for row in rows
    ]
    output.table(output.counted(len(lines), "claim"), headings, lines)
