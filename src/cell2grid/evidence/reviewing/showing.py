"""What a reviewer sees of a claim: its sentence with the value, the sentences around it, its slots.

How it looks in the terminal is the command's.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from cell2grid.evidence.pages.sentences import Span, sentences
from cell2grid.evidence.records import Claim, Document
from cell2grid.evidence.reviewing.corrections import SLOTS

AROUND = 1500  # characters before and after a sentence in which its neighbours are looked for


def sentence_parts(claim: Claim) -> tuple[str, str, str]:
    """The sentence before the value, the value, and the sentence after it.

    >>> from cell2grid.evidence.records import Claim
    >>> said = ("It has 40 MW.", 100, 113, "40 MW", 107, 112, 40.0, None, None, "MW")
    >>> claim = Claim("page", "story", "frame", "power", None, *said)
    >>> sentence_parts(claim)
    ('It has ', '40 MW', '.')
    """
    if claim.value_start is not None and claim.start is not None:
        first = claim.value_start - claim.start
    else:
        first = claim.quote.find(claim.value_text)
    last = first + len(claim.value_text)
    if first < 0 or claim.quote[first:last] != claim.value_text:
        return claim.quote, "", ""
    cuts = (0, first, last, len(claim.quote))
    before, value, after = (claim.quote[start:end] for start, end in pairwise(cuts))
    return before, value, after


def slot_lines(claim: Claim) -> tuple[tuple[str, str], ...]:
    """The slots that hold something, each with its value in words; inherited ones say so."""
    lines = []
    for slot in (*SLOTS, "tier"):
        value = getattr(claim, slot)
        if value is not None:
            words = f"{value:,.12g}" if isinstance(value, float) else str(value)
            lines.append((slot, f"{words} (inherited)" if slot in claim.inherited else words))
    return tuple(lines)


def neighbours(claim: Claim, document: Document) -> tuple[str, str]:
    """The sentences right before and after that of a claim in its page; empty where there is none, or it is not found.

    >>> page = Document("d", "a.txt", "text", "It opened. It has 40 MW. It cost much.")
    >>> said = ("It has 40 MW.", 11, 24, "40 MW", 18, 23, 40.0, None, None, "MW")
    >>> neighbours(Claim("d", "story", "frame", "power", None, *said), page)
    ('It opened.', 'It cost much.')
    """
    text = document.text
    start = claim.start if claim.start is not None else text.find(claim.quote)
    end = start + len(claim.quote)
    if start < 0 or text[start:end] != claim.quote:
        return "", ""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    near = sentences(text, first, last)
    # a sentence cut off by the window is left out
    before = [span for span in near if span.end <= start and (span.start > first or first == 0)]
    after = [span for span in near if span.start >= end and (span.end < last or last == len(text))]
    return _words(text, before[-1:]), _words(text, after[:1])


def _words(text: str, spans: list[Span]) -> str:
    return " ".join(" ".join(text[span.start : span.end].split()) for span in spans)


class Alike:
    """The standing claims by what they say, to find those that may be one and the same."""

    MOST = 9  # shown with a number of one digit

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._known: dict[tuple[str, str, float | None, float | None], list[Claim]] = {}
        for claim in claims:
            self._known.setdefault(self._says(claim), []).append(claim)

    @staticmethod
    def _says(claim: Claim) -> tuple[str, str, float | None, float | None]:
        return claim.measure, claim.unit, claim.value, None if claim.value is not None else claim.low

    def to(self, claim: Claim) -> tuple[Claim, ...]:
        """Other claims of the same measure, unit and value whose periods do not contradict it; subjects may differ."""
        same = [each for each in self._known.get(self._says(claim), []) if each.id != claim.id]
        fits = [each for each in same if not _apart(claim, each)]
        return tuple(sorted(fits, key=lambda each: (each.subject != claim.subject, each.document != claim.document)))[
            : self.MOST
        ]


def _apart(one: Claim, other: Claim) -> bool:
    """Whether two claims say different periods; one that says none may mean any."""
    pairs = ((one.period_start, other.period_start), (one.period_end, other.period_end))
    return any(a is not None and b is not None and a != b for a, b in pairs)
