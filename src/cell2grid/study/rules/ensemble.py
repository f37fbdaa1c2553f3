"""Rules on how members are drawn and weighed: correlations between ranges, and the observations of a calibration.

That each distribution can be is said where it is read, in ``quantity.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.model import Study
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import Problem, dotted, near
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import same_kind


def correlated_figures_are_drawn(study: Study) -> Iterator[Problem]:
    """A correlation is between two figures of the study that are drawn, and each pair has one."""
    if not study.correlations:
        return
    drawn = {dotted(path): figure for path, figure in figures(study) if isinstance(figure, Quantity)}
    pairs: dict[frozenset[str], int] = {}
    for row, correlation in enumerate(study.correlations):
        for place, name in enumerate(correlation.between):
            path: KeyPath = ("correlations", row, "between", place)
            figure = drawn.get(name)
            if figure is None:
                yield Problem(path, f"'{name}' is no figure of the study; {near(name, drawn, what='figures')}")
            elif not figure.unfilled and figure.magnitude.low == figure.magnitude.high:
                text = f"'{name}' is one number, '{figure.text}', and is not drawn; write it as a range"
                yield Problem(path, text)
        pair = frozenset(correlation.between)
        if len(pair) == 1:
            text = f"'{correlation.between[0]}' is both figures, and goes with itself; name two"
            yield Problem(("correlations", row, "between"), text)
        elif pairs.setdefault(pair, row) != row:
            text = f"{' and '.join(correlation.between)} are correlated in row {pairs[pair]} already; keep one row"
            yield Problem(("correlations", row), text)


def calibration_can_weigh(study: Study) -> Iterator[Problem]:
    """Members are weighed by observations of the study, each once, with a deviation above nothing."""
    calibration = study.calibration
    if calibration is None:
        return
    for row, name in enumerate(calibration.on):
        if calibration.on.index(name) != row:
            path: KeyPath = ("calibration", "on", row)
            yield Problem(path, f"'{name}' is listed twice; keep one")
    for key in ("tolerance", "least"):
        figure = getattr(calibration, key)
        if figure is None or figure.unfilled:
            continue
        if figure.magnitude.low != figure.magnitude.high:
            yield Problem(("calibration", key), f"'{figure.text}' is a range; one number belongs here")
        elif figure.magnitude.low <= 0:
            text = f"'{figure.text}' is not above 0, so that no member is ever near enough; write more"
            yield Problem(("calibration", key), text)
    if calibration.least is None or calibration.least.unfilled:
        yield from _observed_nothing(study)
        return
    for name in calibration.on:
        seen = study.observations[name].value
        if not same_kind(seen.unit, calibration.least.unit):
            text = f"'{calibration.least.text}' is in {calibration.least.unit}, and observation '{name}' in {seen.unit}"
            yield Problem(("calibration", "least"), f"{text}; write it in that unit, or leave '{name}' out of 'on'")


def _observed_nothing(study: Study) -> Iterator[Problem]:
    assert study.calibration is not None
    for row, name in enumerate(study.calibration.on):
        seen = study.observations[name].value
        if not seen.unfilled and seen.value == 0:
            text = f"'{name}' is '{seen.text}', and a part of nothing is no tolerance; add 'least'"
            yield Problem(("calibration", "on", row), text)
