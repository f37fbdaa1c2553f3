"""The checks of the evidence told in words: what the claims state, what follows from them, and whether the two agree.

The checks themselves are made where the claims are; here they are only read from the run folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cell2grid.report.provenance import Provenance, Sentence
from cell2grid.report.wording import amount, rounded

_VERDICTS = {
    "holds": "holds",
    "fails": "fails",
    "rounding": "holds within rounding",
    "incomplete": "incomplete",
    "cannot_say": "cannot say",
}


def told(check: Mapping[str, Any], provenance: Provenance) -> str | None:
    """The check as a sentence; None where it computed nothing or a claim of it is not at hand."""
    claims = _claims(check, provenance)
    if check.get("computed") is None or len(claims) < len(check.get("claims", ())):
        return None
    fewest = {"product": 2, "ratio": 2, "duration": 2, "agreement": 2}.get(str(check["kind"]), 1)
    if len(claims if check["kind"] in {"stakes", "agreement"} else _parts(check, claims)) < fewest:
        return None
    tell = _TELLERS.get(str(check["kind"]))
    return tell(check, claims) if tell else None


def sources(check: Mapping[str, Any], provenance: Provenance) -> str:
    """The documents that the claims of the check stand in, in words."""
    return "; ".join(dict.fromkeys(sentence.document.words for sentence in _claims(check, provenance)))


def verdict(check: Mapping[str, Any]) -> str:
    """The verdict in words; a result that no page states is computed, and there is nothing to agree with."""
    if check.get("stated") is None and check.get("computed") is not None:
        return "computed, stated nowhere"
    return _VERDICTS.get(str(check["verdict"]), str(check["verdict"]))


def line(check: Mapping[str, Any], provenance: Provenance) -> str:
    """The arithmetic in one line: what was stated and computed, as far as there is any.

    The words of ``told`` where they can be had, else the bare numbers.
    """
    words = told(check, provenance)
    if words is not None:
        return words
    unit = str(check.get("unit") or "")
    parts = [f"{name} {amount(check[name], unit)}" for name in ("stated", "computed") if check.get(name) is not None]
    return ", ".join(parts) or str(check.get("note") or "nothing computed")


def _claims(check: Mapping[str, Any], provenance: Provenance) -> list[Sentence]:
    return [provenance.sentences[claim] for claim in check.get("claims", ()) if claim in provenance.sentences]


def _amount(sentence: Sentence) -> str:
    slots = sentence.slots
    value = slots.get("value")
    if value is None:
        return sentence.value
    about = "about " if slots.get("approx") else ""
    return f"{about}{amount(float(value), str(slots.get('unit') or ''), reported=True)}"


def _verdict(check: Mapping[str, Any]) -> str:
    """What follows for the stated figure; empty where none was stated."""
    if check.get("stated") is None:
        return ""
    stated = amount(float(check["stated"]), str(check["unit"]), reported=True)
    residual = float(check.get("residual") or 0.0)
    if residual == 0 and check["verdict"] == "holds":
        return ", exactly as stated"
    if check["verdict"] in {"holds", "rounding"}:
        if rounded(float(check["stated"])) == rounded(float(check["computed"])):
            return ", as stated"
        return f" within rounding ({stated} is stated)"
    apart = amount(abs(residual), str(check["unit"]), reported=residual.is_integer())
    return f"; stated is {stated}, {apart} {'more' if residual > 0 else 'less'}"


def _subject(claims: Sequence[Sentence], slot: str = "subject") -> str:
    named = [str(sentence.slots[slot]) for sentence in claims if sentence.slots.get(slot)]
    return named[0] if named else "The source"


def _parts(check: Mapping[str, Any], claims: Sequence[Sentence]) -> Sequence[Sentence]:
    """The claims that were computed with: the first is the stated result where there is one."""
    return claims if check.get("stated") is None else claims[1:]


def _product(check: Mapping[str, Any], claims: Sequence[Sentence]) -> str:
    computed = amount(float(check["computed"]), str(check["unit"]))
    parts = _parts(check, claims)
    factors = " at ".join(_amount(sentence) for sentence in parts)
    about = "about " if any(sentence.slots.get("approx") for sentence in parts) else ""
    return f"{_subject(claims)}: {factors} make {about}{computed}{_verdict(check)}."


def _sum(check: Mapping[str, Any], claims: Sequence[Sentence]) -> str:
    computed = amount(float(check["computed"]), str(check["unit"]), reported=True)
    parts = _parts(check, claims)
    figures = "1 figure for {} adds" if len(parts) == 1 else f"{len(parts)} figures for {{}} add"
    text = f"{_subject(claims)}: {figures.format(_measure(claims))} up to {computed}{_verdict(check)}"
    return f"{text}, but they do not cover its whole period." if check["verdict"] == "incomplete" else f"{text}."


def _ratio(check: Mapping[str, Any], claims: Sequence[Sentence]) -> str:
    unit = str(check["unit"])
    computed = amount(float(check["computed"]), unit)
    above, below = _parts(check, claims)[:2]
    if unit in {"ratio", "percent"}:
        return f"{_subject([above])}: {_amount(above)} of {_amount(below)} are {computed}{_verdict(check)}."
    return f"{_subject([above])}: {_amount(above)} at {_amount(below)} make {computed}{_verdict(check)}."


def _agreement(check: Mapping[str, Any], claims: Sequence[Sentence]) -> str:
    first, second = claims[0], claims[1]
    same = "the same" if check["verdict"] in {"holds", "rounding"} else "another"
    return f"{_subject(claims)}: one source says {_amount(first)}, and another {_amount(second)}, {same} figure."


def _stakes(check: Mapping[str, Any], claims: Sequence[Sentence]) -> str:
    unit = str(check["unit"])
    computed = float(check["computed"])
    left = (1.0 if unit == "ratio" else 100.0) - computed
    text = f"{_subject(claims, 'object')}: the stakes that are named add up to {amount(computed, unit)}"
    if abs(left) < 1e-9:
        return f"{text}."
    return f"{text}; {rounded(left * (100 if unit == 'ratio' else 1))} % is unknown."


def _measure(claims: Sequence[Sentence]) -> str:
    return str(claims[0].slots.get("measure") or "the total").replace("_", " ")


_TELLERS: Mapping[str, Callable[[Mapping[str, Any], Sequence[Sentence]], str]] = {
    "product": _product,
    "sum": _sum,
    "ratio": _ratio,
    "duration": _ratio,
    "stakes": _stakes,
    "agreement": _agreement,
}
