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
        figures = {"growth": None if isinstance(row.growth, str) else row.growth, "over": row.over}
        for what, figure in {**figures, "lasting": row.lasting}.items():
            if figure is not None and figure.magnitude.low < figure.magnitude.high:
                text = f"'{figure.text}' is a range; give one number, or several futures as scenarios"
                yield Problem((*path, what), text)
        if row.over is not None and row.growth != "as-before":
            text = "says over which years 'as-before' takes the mean, and the growth is a number; leave one of them out"
            yield Problem((*path, "over"), text)
    if rows and plan is not None and plan.foresight != "myopic":
        text = "are of who does not see all of the horizon; write 'foresight: myopic', or leave them out"
        yield Problem(("investment", "expectations"), text, key=True)
    if rows and plan is not None and plan.unserved_cost is None:
        path = ("investment", "expectations")
        yield Problem(path, "demand may turn out higher than expected, and all of it must be met; add 'unserved_cost'")
