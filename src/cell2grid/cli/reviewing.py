"""The ``review`` command: decisions on claims, one at a time at the keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.figures import number, span
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from cell2grid.evidence.review import Asked, Tally, Terminal


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(review)


def review(
    store: Store = DEFAULT_STORE,
    accept_tier: Annotated[
        str | None, typer.Option("--accept-tier", help="Accept all open claims of this tier (A) at once.")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="Only list what waits for a decision.")] = False,
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", help="Your name in the decisions; by default that of your account.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Decide on claims one at a time: accept, edit, reject, skip, undo."""
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.review import queue
    from cell2grid.evidence.review import review as hold_sitting

    who = _reviewer(reviewer)
    with open_store(store) as opened:
        asked = queue(opened)
        paths = {document.id: document.path for document in opened.documents()}
        if as_list:
            output.emit(_queue_document(asked, paths), as_json, lambda: _show_queue(asked, paths))
        elif accept_tier is not None:
            accepted = opened.accept_all(_of_tier(asked, accept_tier), reviewer=who, note=f"tier {accept_tier} in bulk")
            words = f"accepted {accepted} claim(s) of tier {accept_tier.upper()}"
            output.emit({"accepted": accepted}, as_json, lambda: output.console().print(words))
        else:
            tally = hold_sitting(opened, asked, _terminal(paths, as_json), reviewer=who)
            output.emit(asdict(tally), as_json, lambda: _say_tally(tally))


def _reviewer(name: str | None) -> str:
    import getpass

    if name is not None:
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise EvidenceError("a decision needs a reviewer; give one with --reviewer NAME") from None


def _of_tier(asked: Iterable[Asked], tier: str) -> list[str]:
    if tier.upper() != "A":
        raise EvidenceError(f"--accept-tier '{tier}' is refused: only tier A says every slot in one sentence; use A")
    return [each.claim.id for each in asked if each.claim.tier == "A"]


def _queue_document(asked: Iterable[Asked], paths: dict[str, str]) -> dict[str, Any]:
    from cell2grid.evidence.rows import check_row, claim_row

    return {
        "queue": [
            {
                **claim_row(each.claim, paths[each.claim.document]),
                "checks": [check_row(check) for check in each.trouble],
            }
            for each in asked
        ]
    }


def _show_queue(asked: Iterable[Asked], paths: dict[str, str]) -> None:
    headings = dict.fromkeys(("id", "tier", "measure", "whose", "value", "failed checks", "page"), "left")
    rows = [
        (
            each.claim.id[:8],
            str(each.claim.tier),
            each.claim.measure,
            each.claim.subject,
            f"{number(each.claim.value) or span(each.claim.low, each.claim.high)} {each.claim.unit}",
            ", ".join(check.kind for check in each.trouble),
            paths[each.claim.document],
        )
        for each in asked
    ]
    output.table(f"{output.counted(len(rows), 'claim')} to decide", headings, rows)


def _terminal(paths: dict[str, str], as_json: bool) -> Terminal:
    from rich.text import Text

    from cell2grid.cli.keyboard import next_key, next_line
    from cell2grid.evidence.review import KEYS, Terminal, sentence_parts, slot_lines

    screen = output.log() if as_json else output.console()

    def show(asked: Asked, place: int, total: int) -> None:
        before, value, after = sentence_parts(asked.claim)
        screen.print(
            Text(f"\n{place} of {total}  {paths[asked.claim.document]}  claim {asked.claim.id[:8]}", style="dim")
        )
        screen.print(Text.assemble(before, (value, "bold reverse"), after))
        for slot, words in slot_lines(asked.claim):
            screen.print(Text(f"  {slot:<13}{words}"))
        for check in asked.trouble:
            off = f"stated {number(check.stated)}, computed {number(check.computed)} {check.unit}"
            screen.print(Text(f"  {check.kind} fails: {off}; {check.note}", style="bold red"))
        screen.print(Text(KEYS, style="dim"))

    def ask(question: str) -> str:
        screen.print(Text(f"{question}: "), end="")
        return next_line()

    return Terminal(next_key, ask, show, lambda words: screen.print(Text(words)))


def _say_tally(tally: Tally) -> None:
    done = ", ".join(f"{count} {name}" for name, count in asdict(tally).items())
    output.console().print(done, markup=False)
