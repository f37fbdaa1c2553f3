"""The stories of some pages shown to a model, and what of its answers is true to them.

Answers are kept by model, instructions and text, so that asking twice asks once. The instructions are ``prompt.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from cell2grid.errors import EvidenceError
from cell2grid.evidence.frames import frames
from cell2grid.evidence.pages.sentences import Span, paragraphs
from cell2grid.evidence.proposals.answers import Proposed, proposed_in
from cell2grid.evidence.proposals.endpoints import Ask
from cell2grid.evidence.proposals.finding import RefusedError, claim_found
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story
from cell2grid.files import write_whole

PIECE = 8_000  # characters of a story that are shown at once


@dataclass(frozen=True, slots=True)
class Told:
    """What a model made of one document: the claims that are true to it, and why the others are refused."""

    document: Document
    pages: Pages
    refused: tuple[tuple[str, str], ...]  # the quote or the piece, and the reason
    asked: int
    cached: int


def proposals(
    documents: Sequence[Document], stories_of: Callable[[Document], Sequence[tuple[Story, Span]]], ask: Ask,
    *, model: str, cache_folder: Path,
) -> Iterator[Told]:  # fmt: skip
    """What the model proposes of each document, one after the other.

    Args:
        documents: the pages.
        stories_of: the stories of a page with their places in its text; only core stories are shown.
        ask: the function that asks (``endpoints.endpoint``).
        model: its name; it goes into the claims and the place of the kept answers.
        cache_folder: where answers are kept.
    """
    for document in documents:
        yield _of_document(document, stories_of(document), ask, model, cache_folder)


def _of_document(document: Document, told: Sequence[tuple[Story, Span]], ask: Ask, model: str, folder: Path) -> Told:
    claims: dict[str, Claim] = {}
    refused: list[tuple[str, str]] = []
    asked = cached = 0
    for story, span in told:
        if story.label is not Label.CORE:
            continue
        for piece in pieces(document.text, span):
            shown = document.text[piece.start : piece.end]
            answer, was_kept = _answer(ask, model, _instructions(story.anchor_date), shown, folder)
            asked, cached = asked + (not was_kept), cached + was_kept
            try:
                found, faults = proposed_in(answer)
            except EvidenceError as error:
                refused.append((shown[:80], error.message))
                continue
            refused += [(shown[:80], fault) for fault in faults]
            for proposed in found:
                _hold(document, story, piece, proposed, model, claims, refused)
    return Told(document, Pages((document,), (), (), tuple(claims.values())), tuple(refused), asked, cached)


def _hold(
    document: Document, story: Story, piece: Span, proposed: Proposed, model: str, claims: dict[str, Claim],
    refused: list[tuple[str, str]],
) -> None:  # fmt: skip
    try:
        claim = claim_found(document, story, piece, proposed, by=model)
    except RefusedError as error:
        refused.append((proposed.quote, str(error)))
    else:
        claims.setdefault(claim.id, claim)


def pieces(text: str, span: Span) -> list[Span]:
    """The stretch cut between paragraphs into pieces that are shown at once."""
    found: list[Span] = []
    for paragraph in paragraphs(text, span.start, span.end):
        if found and paragraph.end - found[-1].start <= PIECE:
            found[-1] = Span(found[-1].start, paragraph.end)
        else:
            found += [
                Span(start, min(start + PIECE, paragraph.end)) for start in range(paragraph.start, paragraph.end, PIECE)
            ]
    return found


@cache
def _prompt() -> str:
    text = (resources.files(__package__) / "prompt.md").read_text(encoding="utf-8")
    measures = {measure for frame in frames() for measure in frame.measures} | {"count", "other"}
    return text.replace("{measures}", ", ".join(sorted(measures)))


def _instructions(anchor: str | None) -> str:
    return _prompt().replace("{anchor}", anchor or "on a day that it does not say")


def _answer(ask: Ask, model: str, instructions: str, text: str, folder: Path) -> tuple[str, bool]:
    """The answer, and whether it was kept from before."""
    name = hashlib.sha256(json.dumps([model, instructions, text]).encode()).hexdigest()
    place = folder / f"{name}.json"
    if place.exists():
        try:
            return str(json.loads(place.read_text(encoding="utf-8"))["answer"]), True
        except (ValueError, KeyError, TypeError):
            place.unlink(missing_ok=True)  # not an answer of ours: asked again
    answer = ask(instructions, text)
    try:
        proposed_in(answer)
    except EvidenceError:
        return answer, False  # an answer that has not the form is not kept: the next time may be better
    write_whole(place, json.dumps({"model": model, "answer": answer}, ensure_ascii=False))
    return answer, False
