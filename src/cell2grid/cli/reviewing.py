"""The ``review`` command: decisions on claims, one at a time at the keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.accounts import Reviewer, reviewer_name
from cell2grid.cli.figures import number, span
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from cell2grid.evidence.keeping.store import Store as OpenedStore
    from cell2grid.evidence.reviewing.queueing import Asked
    from cell2grid.evidence.reviewing.sitting import Shown, Tally, Terminal


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(review)


def review(
    store: Store = DEFAULT_STORE,
    accept_tier: Annotated[
        str | None, typer.Option("--accept-tier", help="Accept all open claims of this tier (A) at once.")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="Only list what waits for a decision.")] = False,
    examples: Annotated[
        Path | None, typer.Option("--examples", help="Write what was rejected or edited as examples (YAML) to a file.")
    ] = None,
    reviewer: Reviewer = None,
    as_json: Json = False,
) -> None:
    """Decide on claims one at a time: accept, edit, merge, reject, skip, undo."""
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.reviewing.queueing import queue
    from cell2grid.evidence.reviewing.sitting import review as hold_sitting

    if sum((accept_tier is not None, as_list, examples is not None)) > 1:
        raise EvidenceError("--list, --examples and --accept-tier do one thing each; give one of them")
    who = reviewer_name(reviewer)
    with open_store(store) as opened:
        asked = queue(opened)
        paths = opened.paths()
        if examples is not None:
            _write_examples(opened, examples, as_json)
        elif as_list:
            output.emit(_queue_document(asked, paths), as_json, lambda: _show_queue(asked, paths))
        elif accept_tier is not None:
            accepted = opened.accept_all(_of_tier(asked, accept_tier), reviewer=who, note=f"tier {accept_tier} in bulk")
            words = f"accepted {accepted} claim(s) of tier {accept_tier.upper()}"
            output.emit({"accepted": accepted}, as_json, lambda: output.console().print(words))
        else:
            tally = hold_sitting(opened, asked, _terminal(paths, as_json), reviewer=who)
            output.emit(asdict(tally), as_json, lambda: _say_tally(tally))


def _write_examples(store: OpenedStore, place: Path, as_json: bool) -> None:
    from cell2grid.evidence.reviewing.examples import as_yaml
    from cell2grid.evidence.reviewing.examples import examples as examples_of
    from cell2grid.files import write_whole

    rows = examples_of(store)
    try:
        written = write_whole(place, as_yaml(rows))
    except OSError as error:
        raise EvidenceError(f"'{place}' cannot be written: {error.strerror or error}; name another file") from error
    words = f"wrote {output.counted(len(rows), 'example')} to {written}"
    output.emit({"examples": rows, "file": str(written)}, as_json, lambda: output.console().print(words, markup=False))


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
    from cell2grid.evidence.reviewing.showing import sentence_parts, slot_lines
    from cell2grid.evidence.reviewing.sitting import KEYS, Terminal

    screen = output.log() if as_json else output.console()

    def show(shown: Shown, place: int, total: int) -> None:
        claim = shown.asked.claim
        before, value, after = sentence_parts(claim)
        screen.print(Text(f"\n{place} of {total}  {paths[claim.document]}  claim {claim.id[:8]}", style="dim"))
        if shown.before:
            screen.print(Text(shown.before, style="dim"))
        screen.print(Text.assemble(before, (value, "bold reverse"), after))
        if shown.after:
            screen.print(Text(shown.after, style="dim"))
        for slot, words in slot_lines(claim):
            screen.print(Text(f"  {slot:<13}{words}"))
        for check in shown.asked.trouble:
            off = f"stated {number(check.stated)}, computed {number(check.computed)} {check.unit}"
            screen.print(Text(f"  {check.kind} fails: {off}; {check.note}", style="bold red"))
        for counted, other in enumerate(shown.alike, start=1):
            of = f"{other.measure} of {other.subject or 'nobody named'}, {span(other.period_start, other.period_end)}"
            screen.print(Text(f"  alike {counted}: claim {other.id[:8]}, {paths[other.document]}: {of}", style="cyan"))
        for name, near in shown.unknown:
            maybe = f"; called much the same: {', '.join(near)}" if near else ""
            screen.print(Text(f"  no entity is called '{name}'{maybe}", style="yellow"))
        screen.print(Text(KEYS, style="dim"))

    def ask(question: str) -> str:
        screen.print(Text(f"{question}: "), end="")
        return next_line()

    return Terminal(next_key, ask, show, lambda words: screen.print(Text(words)))


def _say_tally(tally: Tally) -> None:
    done = ", ".join(f"{count} {name}" for name, count in asdict(tally).items())
    output.console().print(done, markup=False)
