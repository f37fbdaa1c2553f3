"""The ``propose`` command: claims that a language model finds on the pages of the store, for review."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from cell2grid.evidence.pages.sentences import Span
    from cell2grid.evidence.proposals.asking import Told
    from cell2grid.evidence.records import Claim, Document, Story


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(propose)


def propose(
    model: Annotated[str, typer.Option("--model", help="The name that the server knows the model by.")],
    store: Store = DEFAULT_STORE,
    provider: Annotated[str, typer.Option(help="How the server speaks: openai or anthropic.")] = "openai",
    endpoint: Annotated[
        str | None,
        typer.Option(help="Where the server is (http://localhost:11434/v1), if not the provider's own."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only pages whose path, title or publisher contains this.")] = None,
    cache: Annotated[Path | None, typer.Option(help="Where answers are kept; else in your cache folder.")] = None,
    as_json: Json = False,
) -> None:
    """Ask a language model for claims; only what is true to its page is kept, in tier C, for review."""
    from cell2grid.evidence.keeping.store import open_store
    from cell2grid.evidence.proposals.asking import proposals
    from cell2grid.evidence.proposals.endpoints import endpoint as server

    ask = server(provider, model, url=endpoint)
    told: list[Told] = []
    added = 0
    with open_store(store) as opened:
        documents = opened.documents(source=source)
        if not documents:
            raise EvidenceError(f"no page of store '{store}' fits --source '{source}': see cell2grid claims")
        opened.require_writable()
        with output.progress("asking", total=len(documents)) as done:
            kept = {(story.document, story.id): story for story in opened.stories()}
            folder = cache or _cache_folder()
            found = proposals(documents, lambda page: _stories(page, kept), ask, model=model, cache_folder=folder)
            for number, each in enumerate(found, start=1):
                known = opened.claims(status="all", document=each.document.id)
                new = _without(each, {_place(claim) for claim in known})
                added += opened.propose(new.pages.claims, by=f"model {model}")
                told.append(new)
                done(number)
    output.emit(_document(told, added), as_json, lambda: _say(told, added, store))


def _stories(document: Document, kept: dict[tuple[str, str], Story]) -> list[tuple[Story, Span]]:
    """The stories of a page with their places; the day that they were read with is the store's."""
    from cell2grid.evidence.pages.stories import stories

    return [(kept.get((document.id, told.story.id), told.story), told.span) for told in stories(document)]


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("cell2grid") / "answers"


def _place(claim: Claim) -> tuple[Any, ...]:
    """What makes two claims say the same of the same number, whoever read them."""
    return claim.document, claim.quote, claim.value_text, claim.value_start, claim.measure, claim.subject, claim.object


def _without(told: Told, known: set[tuple[Any, ...]]) -> Told:
    """What a model found, without what the store has read by itself."""
    from dataclasses import replace

    new = tuple(claim for claim in told.pages.claims if _place(claim) not in known)
    return replace(told, pages=replace(told.pages, claims=new))


def _document(told: Iterable[Told], added: int) -> dict[str, Any]:
    from cell2grid.evidence.rows import claim_row

    told = list(told)
    return {
        "claims": [claim_row(claim, each.document.path) for each in told for claim in each.pages.claims],
        "refused": [
            {"document": each.document.path, "quote": quote, "reason": reason}
            for each in told
            for quote, reason in each.refused
        ],
        "asked": sum(each.asked for each in told),
        "cached": sum(each.cached for each in told),
        "added": added,
    }


def _say(told: list[Told], added: int, store: str) -> None:
    screen = output.console()
    for each in told:
        for quote, reason in each.refused:
            screen.print(f"refused: {each.document.path}: {reason}: {quote[:100]}", markup=False)
    refused = sum(len(each.refused) for each in told)
    screen.print(f"added {output.counted(added, 'claim')} in tier C, refused {refused:,}", markup=False)
    if added:
        screen.print(f"next: cell2grid review --store {store}", markup=False)
