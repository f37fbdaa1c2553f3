"""The ``check`` command: the arithmetic over the claims of the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from cell2grid.cli import output
from cell2grid.cli.figures import number, span
from cell2grid.cli.output import DEFAULT_STORE, Json, Store

_STYLES = {"holds": "bold green", "rounding": "green", "fails": "bold red"}

if TYPE_CHECKING:
    from cell2grid.evidence.records import Check, Claim, Derived, Document


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(check)


def check(store: Store = DEFAULT_STORE, as_json: Json = False) -> None:
    """Check the arithmetic over all claims of the store that are not rejected."""
    from cell2grid.evidence.arithmetic.checks import check as check_claims
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.rows import check_row, derived_row

    with open_store(store) as opened:
        standing = opened.claims(status="standing")
        checks, derived = check_claims(standing, opened.stories())
        opened.save_checks(checks, derived)
        documents = {document.id: document for document in opened.documents()}
    output.emit(
        {"checks": [check_row(each) for each in checks], "derived": [derived_row(each) for each in derived]},
        as_json,
        lambda: _show_checks(checks, derived, {claim.id: claim for claim in standing}, documents),
    )


def _show_checks(
    checks: Iterable[Check], derived: Iterable[Derived], known: dict[str, Claim], documents: dict[str, Document]
) -> None:
    from rich.text import Text

    screen = output.console()
    for each in checks:
        first = known[each.claims[0]]
        of = first.object if each.kind == "stakes" else first.subject
        # what nothing is compared with stands below, as derived
        if each.stated is not None:
            said = f"stated {number(each.stated)}, computed {number(each.computed)} {each.unit}"
            off = f"off by {number(each.residual)} (within {number(each.tolerance)})"
            words = f"{each.kind} of {of or 'an unnamed subject'}, {first.measure}: {said}; {off}; {each.note}"
            verdict = each.verdict.value.replace("_", " ")
            screen.print(Text.assemble((f"{verdict:<11}", _STYLES.get(verdict, "bold")), words))
            screen.print(Text(f"{'':<11}{documents[first.document].path}", style="dim"))
    for value in derived:
        size = f"{number(value.value)} {value.unit} ({span(value.low, value.high)})"
        words = f"{value.measure} of {value.subject or 'an unnamed subject'}: {size} = {value.equation}"
        screen.print(Text.assemble((f"{'derived':<11}", "bold cyan"), words))
    if not checks:
        screen.print("no two claims can be held against each other")
