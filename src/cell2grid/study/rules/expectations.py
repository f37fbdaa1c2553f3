"""Rules on what those who look ahead expect of demand: of whom, when, and by whom it is read."""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem, near
from cell2grid.study.yaml_tree import KeyPath


def expectations_can_be_held(study: Study) -> Iterator[Problem]:
    """Markets and products are those of the study, windows begin before they end, and somebody is short-sighted."""
    plan = study.investment
    rows = () if plan is None else plan.expectations
    for number, row in enumerate(rows):
        path: KeyPath = ("investment", "expectations", number)
        for what, name, known in (("market", row.market, study.markets), ("product", row.product, study.products)):
            if name is not None and name not in known:
                text = near(name, known, what=f"{what}s")
                yield Problem((*path, what), f"'{name}' is not among the {what}s; {text}")
        if row.start is not None and row.end is not None and row.end < row.start:
            yield Problem((*path, "end"), f"{row.end} is before the start {row.start}; exchange them")
        if not isinstance(row.growth, str) and row.growth.magnitude.low < row.growth.magnitude.high:
            text = f"'{row.growth.text}' is a range; give one number, or several futures as scenarios"
            yield Problem((*path, "growth"), text)
    if rows and plan is not None and plan.unserved_cost is None:
        path = ("investment", "expectations")
        yield Problem(path, "demand may turn out higher than expected, and all of it must be met; add 'unserved_cost'")
