"""Commands on evidence: ``read`` pages into a store, ``check`` and ``review`` what is in it, list its ``claims``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.output import Json, Store
from cell2grid.errors import EvidenceError, PageError

if TYPE_CHECKING:
    from cell2grid.evidence.records import Check, Claim, Derived, Document, Pages
    from cell2grid.evidence.review import Asked, Tally, Terminal

DEFAULT_STORE = "claims.db"
_STYLES = {"holds": "bold green", "rounding": "green", "fails": "bold red"}


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the app."""
    app.command()(read)
    app.command()(check)
    app.command()(review)
    app.command()(claims)


# --- read -----------------------------------------------------------------------------------------------------------


def read(
    paths: Annotated[list[str], typer.Argument(help="Pages (.txt, .md, .html) or folders of them.", metavar="PATH")],
    store: Store = DEFAULT_STORE,
    date: Annotated[
        str | None, typer.Option("--date", help="The day of the pages (ISO), where they do not say.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read pages and store what they claim; reading a page twice adds nothing."""
    from datetime import date as calendar_date

    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.keeping.store_rows import Added

    if date is not None:
        try:
            calendar_date.fromisoformat(date)
        except ValueError:
            raise PageError(f"--date '{date}' is not a day; write it as 2026-01-31") from None
    failures, present, total = _present(paths)
    found: list[Pages] = []
    added = Added()
    if present:
        with open_store(store, create=True) as opened:
            for pages in _pages(present, date, total):
                added += opened.add(pages)
                failures += pages.failures
                # without --json only the counts are kept, so that a large folder needs no more memory than a small one
                found.append(pages if as_json else _counted(pages))
    for path, message in failures:
        named = message if path in message else f"{path}: {message}"
        output.log().print(f"error: {named}", markup=False, soft_wrap=True)
    pages_read = sum(len(pages.documents) for pages in found)
    output.emit(
        _read_document(found, failures, asdict(added)) if as_json else None,
        as_json,
        lambda: _say_read(pages_read, added.documents, added.claims, store),
    )
    if not pages_read or any(_is_named(path, paths) for path, _ in failures):
        raise typer.Exit(2)


def _present(paths: list[str]) -> tuple[list[tuple[str, str]], list[str], int]:
    """The paths that cannot be read with the reason, those that can, and how many pages are there."""
    from cell2grid.evidence.pages.page import pages_in

    failures, present, total = [], [], 0
    for path in paths:
        try:
            total += len(pages_in([Path(path)]))
            present.append(path)
        except PageError as error:
            failures.append((path, error.message))
    return failures, present, total


def _pages(paths: list[str], date: str | None, total: int) -> Iterable[Pages]:
    from cell2grid.evidence.reading import read_pages

    with output.progress("reading", total=total) as done:
        for number, pages in enumerate(read_pages([Path(path) for path in paths], date=date), start=1):
            yield pages
            done(number)


def _counted(pages: Pages) -> Pages:
    from dataclasses import replace

    documents = tuple(replace(document, text="") for document in pages.documents)
    return replace(pages, documents=documents, stories=(), readings=(), claims=())


def _is_named(failed: str, paths: list[str]) -> bool:
    """Whether the path that failed was named in the call, and not met in a folder."""
    return any(failed == path or (not Path(path).is_dir() and failed == Path(path).name) for path in paths)


def _read_document(found: list[Pages], failures: list[tuple[str, str]], added: dict[str, int]) -> dict[str, Any]:
    from cell2grid.evidence.arithmetic.checks import check as check_claims
    from cell2grid.evidence.rows import claim_row, derived_row, document_row, reading_row, story_row

    document: dict[str, Any] = {"documents": [], "stories": [], "claims": [], "quantities": []}
    for pages in found:
        paths = {each.id: each.path for each in pages.documents}
        document["documents"] += [document_row(each) for each in pages.documents]
        document["stories"] += [story_row(each, paths[each.document]) for each in pages.stories]
        document["claims"] += [claim_row(each, paths[each.document]) for each in pages.claims]
        document["quantities"] += [reading_row(each, paths[each.document]) for each in pages.readings]
    every_claim = [claim for pages in found for claim in pages.claims]
    every_story = [story for pages in found for story in pages.stories]
    _, derived = check_claims(every_claim, every_story)
    document["derived"] = [derived_row(each) for each in derived]
    document["failures"] = [{"path": path, "message": message} for path, message in failures]
    return {**document, "added": added}


def _say_read(pages: int, documents: int, claims: int, store: str) -> None:
    output.console().print(
        f"read {pages} page(s): {documents} new, with {claims} new claim(s); store {store}", markup=False
    )
    if claims:
        output.console().print(f"next: cell2grid check --store {store}", markup=False)


# --- check ----------------------------------------------------------------------------------------------------------


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
            said = f"stated {_number(each.stated)}, computed {_number(each.computed)} {each.unit}"
            off = f"off by {_number(each.residual)} (within {_number(each.tolerance)})"
            words = f"{each.kind} of {of or 'an unnamed subject'}, {first.measure}: {said}; {off}; {each.note}"
            verdict = each.verdict.value.replace("_", " ")
            screen.print(Text.assemble((f"{verdict:<11}", _STYLES.get(verdict, "bold")), words))
            screen.print(Text(f"{'':<11}{documents[first.document].path}", style="dim"))
    for value in derived:
        size = f"{_number(value.value)} {value.unit} ({_range(value.low, value.high)})"
        words = f"{value.measure} of {value.subject or 'an unnamed subject'}: {size} = {value.equation}"
        screen.print(Text.assemble((f"{'derived':<11}", "bold cyan"), words))
    if not checks:
        screen.print("no two claims can be held against each other")


# --- claims ---------------------------------------------------------------------------------------------------------


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
        measures = {each.claim.measure for each in opened.filed(status="all")} if measure and not filed else set()
    if measure and not filed and measure not in measures:
        listed = ", ".join(sorted(measures)) or "none"
        output.log().print(f"no claim has the measure '{measure}'; those of the store are: {listed}", markup=False)
    kept = [each for each in filed if each.claim.document in documents]
    rows = [
        {
            **claim_row(each.claim, documents[each.claim.document].path),
            "status": each.status,
            "recorded_at": each.recorded_at,
        }
        for each in kept
    ]
    output.emit({"claims": rows}, as_json, lambda: _show_claims(rows))


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
            f"{_number(row['value']) or _range(row['low'], row['high'])} {row['unit']}",
            _range(row["period_start"], row["period_end"]),
            row["status"],
            row["document"],
        )
        for row in rows
    ]
    output.table(output.counted(len(lines), "claim"), headings, lines)


# --- review ---------------------------------------------------------------------------------------------------------


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
            f"{_number(each.claim.value) or _range(each.claim.low, each.claim.high)} {each.claim.unit}",
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

    def show(asked: Asked, number: int, total: int) -> None:
        before, value, after = sentence_parts(asked.claim)
        screen.print(
            Text(f"\n{number} of {total}  {paths[asked.claim.document]}  claim {asked.claim.id[:8]}", style="dim")
        )
        screen.print(Text.assemble(before, (value, "bold reverse"), after))
        for slot, words in slot_lines(asked.claim):
            screen.print(Text(f"  {slot:<13}{words}"))
        for check in asked.trouble:
            off = f"stated {_number(check.stated)}, computed {_number(check.computed)} {check.unit}"
            screen.print(Text(f"  {check.kind} fails: {off}; {check.note}", style="bold red"))
        screen.print(Text(KEYS, style="dim"))

    def ask(question: str) -> str:
        screen.print(Text(f"{question}: "), end="")
        return next_line()

    return Terminal(next_key, ask, show, lambda words: screen.print(Text(words)))


def _say_tally(tally: Tally) -> None:
    done = ", ".join(f"{count} {name}" for name, count in asdict(tally).items())
    output.console().print(done, markup=False)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.12g}"


def _range(low: Any, high: Any) -> str:
    if low is None and high is None:
        return ""
    ends = ["" if end is None else _number(end) if isinstance(end, float) else str(end) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends).strip()
