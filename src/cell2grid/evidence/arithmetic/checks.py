"""The checks: arithmetic over claims that says whether the figures of the pages agree with one another.

Each kind of check is a file of ``kinds``; here they are asked one after the other. Which claims belong together is
decided by ``matching.py`` and ``scope.py``, what their digits allow by ``figures.py``. No check knows any page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cell2grid.evidence.arithmetic.kinds import kinds
from cell2grid.evidence.arithmetic.standing import Entity, Standing
from cell2grid.evidence.records import Check, Claim, Derived, Document, Reading, Story


def check(
    claims: Iterable[Claim],
    stories: Iterable[Story] = (),
    documents: Iterable[Document] = (),
    *,
    readings: Iterable[Reading] = (),
    entity: Entity | None = None,
    on_kind: Callable[[int, int], None] | None = None,
) -> tuple[tuple[Check, ...], tuple[Derived, ...]]:
    """What the arithmetic over the claims finds, and the values that follow from them and are stated nowhere.

    The order of the claims does not matter, nor do claims that have nothing to do with a check. A claim of a story
    that copies another counts for nothing. The checks are in the order of their kinds, and within these in that of the
    pages.

    Args:
        claims: what the pages state; a milestone has no figure and takes part with its date.
        stories: their stories, of which the labels and days are needed.
        documents: not needed.
        readings: numbers that were read and are no claims; amounts in two currencies among them say a rate.
        entity: the name under which a reviewer has settled a name; each stands for itself where it is not given.
        on_kind: called after each kind of check with how many are done, and of how many.

    A half-year whose months add up:

    >>> from cell2grid.evidence.records import Claim
    >>> def exported(n, start, end):
    ...     return Claim("page", "s", "exports", "exports", "Contoso", "", n, n, str(n), n, n, n, n, n, "vehicle",
    ...                  period_start=start, period_end=end)
    >>> months = [exported(40, "2026-01-01", "2026-01-31"), exported(2, "2026-02-01", "2026-02-28")]
    >>> found, _ = check([*months, exported(42, "2026-01-01", "2026-02-28")])
    >>> found[0].kind, found[0].computed, found[0].verdict.value
    ('sum', 42.0, 'holds')
    """
    standing = Standing(claims, stories, readings, entity)
    checks: list[Check] = []
    values: list[Derived] = []
    for done, kind in enumerate(kinds(), start=1):
        found_checks, found_values = kind.found(standing)
        checks += found_checks
        values += found_values
        if on_kind is not None:
            on_kind(done, len(kinds()))
    return tuple(checks), tuple(values)
