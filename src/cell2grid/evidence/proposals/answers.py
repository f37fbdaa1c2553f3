"""What a model may answer: a JSON object with claims, each checked for its form before anything is looked up.

Whether a claim is true to its page is ``finding.py``.
"""

from __future__ import annotations

import datetime
import json

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cell2grid.errors import EvidenceError

LONGEST = 200_000  # characters of an answer
MOST = 500  # claims of an answer


class Proposed(BaseModel):
    """One claim as a model proposes it: words of the page, and what they are said to mean."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    quote: str = Field(min_length=1, max_length=3000)
    value_text: str = Field(min_length=1, max_length=200)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = Field(default="", max_length=60)
    measure: str = Field(default="other", max_length=40)
    subject: str | None = Field(default=None, max_length=200)
    object: str | None = Field(default=None, max_length=200)
    period_start: datetime.date | None = None
    period_end: datetime.date | None = None


def proposed_in(answer: str) -> tuple[list[Proposed], list[str]]:
    """The claims of an answer, and why others of it have not the form of one.

    Words around the JSON object, such as a fence, are passed over.

    >>> claims, faults = proposed_in('{"claims": [{"quote": "It has 3 GWh.", "value_text": "3 GWh"}, {"quote": ""}]}')
    >>> claims[0].value_text, len(faults)
    ('3 GWh', 1)

    Raises
    ------
    EvidenceError
        The answer is no JSON object with a list of claims, or too long.
    """
    if len(answer) > LONGEST:
        raise EvidenceError(
            f"the answer has {len(answer):,} characters, more than {LONGEST:,}: give the model less text"
        )
    try:
        document = json.loads(answer[answer.find("{") : answer.rfind("}") + 1])
        rows = document["claims"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EvidenceError(f"the answer is no JSON object with 'claims': it begins {answer[:60]!r}") from error
    if not isinstance(rows, list) or len(rows) > MOST:
        raise EvidenceError(f"the answer's 'claims' are no list of at most {MOST}")
    found: list[Proposed] = []
    faults: list[str] = []
    for row in rows:
        try:
            found.append(Proposed.model_validate(row))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "claim"
            faults.append(f"a claim has no proper {place}: {first['msg']}")
    return found, faults
