"""The ``check`` command: the arithmetic over the claims of the store."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from cell2grid.cli import output
from cell2grid.cli.figures import number, span
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.evidence.records import Check, Claim, Derived, Document

    Found = tuple[Sequence[Check], Sequence[Derived], dict[str, Claim], dict[str, Document]]

_STYLES = {"holds": "bold green", "rounding": "green", "fails": "bold red"}
# what asks for a reader's eye comes first
_ORDER = ("fails", "cannot_say", "incomplete", "rounding", "holds")
# fewer claims are checked before a bar would be seen
_MANY = 20_000


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(check)


def check(
    store: Store = DEFAULT_STORE,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only this kind of check, such as sum or stakes.", metavar="KIND")
    ] = None,
    verdict: Annotated[
        str | None,
        typer.Option("--verdict", help="Only holds, rounding, fails, incomplete or cannot_say.", metavar="VERDICT"),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", help="A subject or object of a claim contains this.", metavar="TEXT")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The store as it was known on this day (ISO).", metavar="DAY")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the arithmetic over all claims of the store that are not rejected."""
    from cell2grid.evidence.rows import check_row, derived_row

    wanted = None if verdict is None else verdict.strip().lower().replace(" ", "_")
    _require_known(kind, wanted)
    checks, derived, known, documents = _found(store, as_of, with_pages=not as_json)
    shown = [each for each in checks if _fits(each, kind, wanted, subject, known)]
    if kind or wanted or subject:
        named = {each.claims for each in shown}
        derived = [each for each in derived if each.claims in named]
    shown.sort(key=lambda each: _ORDER.index(each.verdict.value))
    output.emit(
        {"checks": [check_row(each) for each in shown], "derived": [derived_row(each) for each in derived]},
        as_json,
        lambda: _show(shown, derived, known, documents, asked=bool(kind or wanted or subject)),
    )


def _require_known(kind: str | None, verdict: str | None) -> None:
    from cell2grid.evidence.arithmetic.kinds import kinds

    names = list(dict.fromkeys(each.name for each in kinds()))
    if kind is not None and kind not in names:
        raise InputError(f"--kind '{kind}' is no kind of check; it is one of {', '.join(names)}")
    if verdict is not None and verdict not in _ORDER:
        raise InputError(f"--verdict '{verdict}' is no verdict; it is one of {', '.join(_ORDER)}")


def _found(store: str, as_of: str | None, *, with_pages: bool) -> Found:
    """The checks and derived values of a store, with their claims and, where asked for, the pages that these are of."""
    from cell2grid.evidence.arithmetic.checks import check as check_claims
    from cell2grid.evidence.arithmetic.kinds import kinds
    from cell2grid.evidence.keeping.store import open_store

    with open_store(store) as opened:
        standing = opened.claims(status="standing", as_of=as_of)
        stories, amounts = opened.stories(as_of=as_of), opened.amounts_read()
        called = opened.identities(as_of=as_of).called
        # what was loaded stays until the end, and need not be walked for what may be thrown away
        gc.freeze()
        with _bar(len(standing), len(kinds())) as done:
            checks, derived = check_claims(
                standing, stories, readings=amounts, entity=called, on_kind=lambda number, _: done(number)
            )
        if as_of is None and not opened.only_read:
            opened.save_checks(checks, derived)
        known = {claim.id: claim for claim in standing}
        pages = dict.fromkeys(known[identity].document for each in checks for identity in each.claims)
        documents = {page: opened.document(page) for page in pages} if with_pages else {}
    return checks, derived, known, documents


def _bar(claims: int, kinds: int) -> AbstractContextManager[Callable[[int], None]]:
    return output.progress("checking", total=kinds) if claims > _MANY else nullcontext(lambda _: None)


def _fits(check: Check, kind: str | None, verdict: str | None, subject: str | None, known: dict[str, Claim]) -> bool:
    if (kind is not None and check.kind != kind) or (verdict is not None and check.verdict.value != verdict):
        return False
    if subject is None:
        return True
    asked = subject.casefold()
    claims = (known[identity] for identity in check.claims)
    return any(asked in name.casefold() for claim in claims for name in (claim.subject or "", claim.object or ""))


def _show(
    checks: Iterable[Check],
    derived: Iterable[Derived],
    known: dict[str, Claim],
    documents: dict[str, Document],
    *,
    asked: bool,
) -> None:
    from rich.text import Text

    screen, shown = output.console(), 0
    for each in checks:
        # what nothing is compared with stands below, as derived
        if each.computed is not None and each.stated is None:
            continue
        verdict = each.verdict.value.replace("_", " ")
        screen.print(Text.assemble((f"{verdict:<11}", _STYLES.get(verdict, "bold")), _words(each, known)))
        screen.print(Text(f"{'':<11}{', '.join(_places(each, known, documents))}", style="dim"))
        shown += 1
    for value in derived:
        size = f"{number(value.value)} {value.unit} ({span(value.low, value.high)})"
        words = f"{value.measure} of {value.subject or 'an unnamed subject'}: {size} = {value.equation}"
        screen.print(Text.assemble((f"{'derived':<11}", "bold cyan"), words))
        shown += 1
    if not shown:
        screen.print("no check fits" if asked else "no two claims can be held against each other")


def _words(check: Check, known: dict[str, Claim]) -> str:
    """A check in words: of what, what is stated and computed, how far the two are apart, and the note."""
    first = known[check.claims[0]]
    of = first.object if check.kind == "stakes" else first.subject
    words = f"{check.kind} of {of or 'an unnamed subject'}, {first.measure}"
    if check.stated is None or check.computed is None:
        return f"{words}: {check.note}"
    within = "any" if check.tolerance is None else number(check.tolerance)
    said = f"stated {number(check.stated)}, computed {number(check.computed)} {check.unit}"
    return f"{words}: {said}; off by {number(check.residual)} (within {within}); {check.note}"


def _places(check: Check, known: dict[str, Claim], documents: dict[str, Document]) -> list[str]:
    """Where the sentences of a check stand, each once: document and line, the document alone where it has no lines."""
    places: dict[str, None] = {}
    for identity in check.claims:
        claim = known[identity]
        document = documents.get(claim.document)
        path = claim.document if document is None else document.path
        line = None if document is None or claim.start is None else document.text.count("\n", 0, claim.start) + 1
        places[path if line is None else f"{path}:{line}"] = None
    return list(places)
