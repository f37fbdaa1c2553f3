"""The rule that correlations can all be together: that some numbers have them.

That each is between two figures that are drawn is said in ``rules/ensemble.py``; the arithmetic is in
``formulas/copula.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cell2grid.study.refusals import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.study.model import Correlation, Study


def groups(correlations: tuple[Correlation, ...]) -> list[list[str]]:
    """The figures that hang together by correlations, each group in the order in which the study names them.

    >>> from cell2grid.study.model import Correlation
    >>> rows = [Correlation(between=pair, value=0.5) for pair in (("a", "b"), ("c", "d"), ("b", "e"))]
    >>> groups(tuple(rows))
    [['a', 'b', 'e'], ['c', 'd']]
    """
    of: dict[str, list[str]] = {}
    for row in correlations:
        one, other = (of.setdefault(name, [name]) for name in row.between)
        if one is not other:
            one += other
            of.update(dict.fromkeys(other, one))
    order = {name: place for place, name in enumerate(of)}
    found = {id(group): sorted(group, key=order.__getitem__) for group in of.values()}
    return list(found.values())


def matrix(correlations: tuple[Correlation, ...], names: list[str]) -> NDArray[np.float64]:
    """The correlation matrix of the figures, by their names; 0 for a pair that is not listed."""
    import numpy as np

    place = {name: number for number, name in enumerate(names)}
    found = np.eye(len(names))
    for row in correlations:
        one, other = row.between
        if one in place and other in place and one != other:
            found[place[one], place[other]] = found[place[other], place[one]] = row.value
    return found


def correlations_can_be(study: Study) -> Iterator[Problem]:
    """Some numbers have all these correlations at once."""
    if not study.correlations:
        return
    from cell2grid.formulas.copula import broken_at

    for names in groups(study.correlations):
        whole = matrix(study.correlations, names)
        broken = broken_at(whole)
        if broken is not None:
            yield _broken(study.correlations, names, whole, broken)


def _broken(
    correlations: tuple[Correlation, ...], names: list[str], whole: NDArray[np.float64], broken: int
) -> Problem:
    """What cannot be, at the last row of the figure that breaks it, and what that row could say instead."""
    from cell2grid.formulas.copula import bounds

    before = set(names[:broken])
    rows = [
        (number, row)
        for number, row in enumerate(correlations)
        if names[broken] in row.between and before & set(row.between)
    ]
    others = [next(name for name in row.between if name != names[broken]) for _, row in rows]
    for (number, row), other in reversed(list(zip(rows, others, strict=True))):
        found = bounds(whole, broken, names.index(other))
        if found is not None:
            low, high = found
            near = _inside(low, high, row.value)
            text = (
                f"{row.value:g} between '{row.between[0]}' and '{row.between[1]}' cannot be beside the other"
                f" correlations (0 where a pair is not listed), which leave {low:.3g} to {high:.3g}; write {near:g}, or"
                " change those"
            )
            return Problem(("correlations", number, "value"), text)
    text = (
        f"'{names[broken]}' cannot be correlated so with {', '.join(dict.fromkeys(others))}, which"
        " are correlated otherwise among themselves (0 where a pair is not listed); bring the values nearer to 0"
    )
    return Problem(("correlations", rows[-1][0]), text)


def _inside(low: float, high: float, value: float) -> float:
    """The nearest value with two decimals that is surely inside."""
    import math

    wanted = math.ceil(low * 100.0) / 100.0 if value < low else math.floor(high * 100.0) / 100.0
    return wanted if low <= wanted <= high else (low + high) / 2.0
