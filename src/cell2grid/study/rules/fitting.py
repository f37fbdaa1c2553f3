"""Rules on what is fitted: unknowns are figures of the study, between bounds that they may have, and reports tell.

What is fitted, and how, is in ``cell2grid.run.fitted``; paths are read in ``study/edits/paths.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cell2grid.errors import StudyError
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import Problem, dotted, near
from cell2grid.units import same_kind

if TYPE_CHECKING:
    from cell2grid.study.model import Fit, Study
    from cell2grid.study.varying import Unknown
    from cell2grid.study.yaml_tree import KeyPath

# what is no figure of the world that is modelled
_NOT_MODELLED = (
    "observations.",
    "fit.",
    "calibration.",
    "variants.",
    "counterfactuals.",
    "sources.",
    "exchange_rates.",
)


def fits_can_be(study: Study) -> Iterator[Problem]:
    """Unknowns are figures of the study with bounds of their kind; observations are there, each with a deviation."""
    if study.fit is None:
        return
    known = {
        dotted(path): figure
        for path, figure in figures(study)
        if isinstance(figure, Quantity) and not dotted(path).startswith(_NOT_MODELLED)
    }
    found = [problem for name in study.fit.unknowns for problem in _of_unknown(study.fit, name, known)]
    found += [*_said_twice(study.fit), *_observed(study)]
    yield from found
    if not found:
        yield from _bounds_can_stand(study)


def _of_unknown(fit: Fit, name: str, known: Mapping[str, Quantity]) -> Iterator[Problem]:
    path: KeyPath = ("fit", "unknowns", name)
    unknown, figure = fit.unknowns[name], known.get(name)
    if figure is None:
        yield Problem(path, f"'{name}' is no figure that can be fitted; {near(name, known, what='figures')}", key=True)
        return
    for key in ("low", "high", "prior"):
        said: Quantity | None = getattr(unknown, key)
        if said is None or said.unfilled:
            continue
        if not same_kind(said.unit, figure.unit):
            yield Problem((*path, key), f"'{said.text}' is in {said.unit}, and '{name}' in {figure.unit}; write it so")
            return
        if key != "prior" and said.magnitude.low != said.magnitude.high:
            yield Problem((*path, key), f"'{said.text}' is a range; one number belongs here")
            return
    yield from _ordered(path, unknown, figure)
    yield from _others(path, unknown, name, known)


def _ordered(path: KeyPath, unknown: Unknown, figure: Quantity) -> Iterator[Problem]:
    if unknown.low.unfilled or unknown.high.unfilled:
        return
    low, high = unknown.low.to(figure.unit).mode, unknown.high.to(figure.unit).mode
    if not low < high:
        text = f"'{unknown.high.text}' is not above low, '{unknown.low.text}'; write the higher one here"
        yield Problem((*path, "high"), text)
        return
    if unknown.prior is None or unknown.prior.unfilled:
        return
    prior = unknown.prior.to(figure.unit)
    if prior.low == prior.high:
        text = f"'{unknown.prior.text}' is one number; write a distribution, as in 'normal({prior.mode:g}, 1) unit'"
        yield Problem((*path, "prior"), text)
    elif prior.high <= low or prior.low >= high:
        text = f"'{unknown.prior.text}' is nowhere between '{unknown.low.text}' and '{unknown.high.text}'; widen those"
        yield Problem((*path, "prior"), text)


def _others(path: KeyPath, unknown: Unknown, name: str, known: Mapping[str, Quantity]) -> Iterator[Problem]:
    """What goes with the unknown, and what it is told against."""
    for row, other in enumerate(unknown.also):
        if other not in known:
            text = f"'{other}' is no figure that can be fitted; {near(other, known, what='figures')}"
            yield Problem((*path, "also", row), text)
    figure = known[name]
    if unknown.also and not figure.unfilled and figure.value == 0.0:
        text = f"'{name}' is '{figure.text}', and nothing is in proportion to that; write a first guess other than 0"
        yield Problem((*path, "also"), text)
    if unknown.against is None:
        return
    if unknown.against not in known:
        text = f"'{unknown.against}' is no figure of the study; {near(unknown.against, known, what='figures')}"
        yield Problem((*path, "against"), text)
    elif not same_kind(known[unknown.against].unit, figure.unit):
        text = f"'{unknown.against}' is in {known[unknown.against].unit}, and '{name}' in {figure.unit}"
        yield Problem((*path, "against"), f"{text}; name a figure of its kind")


def _said_twice(fit: Fit) -> Iterator[Problem]:
    """A figure is an unknown, or goes with one of them, and not both."""
    of = dict.fromkeys(fit.unknowns, "an unknown itself")
    for name, unknown in fit.unknowns.items():
        for row, other in enumerate(unknown.also):
            path: KeyPath = ("fit", "unknowns", name, "also", row)
            if other in of:
                yield Problem(path, f"'{other}' is {of[other]}; name it once")
            of.setdefault(other, f"beside '{name}' already")


def _observed(study: Study) -> Iterator[Problem]:
    """Observations that are there, each once, with one standard deviation above nothing."""
    assert study.fit is not None
    fit = study.fit
    for row, name in enumerate(fit.on):
        path: KeyPath = ("fit", "on", row)
        if name not in study.observations:
            yield Problem(path, f"'{name}' is no observation; {near(name, study.observations, what='observations')}")
        elif fit.on.index(name) != row:
            yield Problem(path, f"'{name}' is listed twice; keep one")
    for key in ("tolerance", "least"):
        figure: Quantity | None = getattr(fit, key)
        if figure is None or figure.unfilled:
            continue
        if figure.magnitude.low != figure.magnitude.high:
            yield Problem(("fit", key), f"'{figure.text}' is a range; one number belongs here")
        elif figure.magnitude.low <= 0:
            yield Problem(("fit", key), f"'{figure.text}' is not above 0, so that nothing is near enough; write more")
    for row, name in enumerate(fit.on):
        seen = study.observations[name].value if name in study.observations else None
        if seen is None or seen.unfilled or seen.value != 0.0:
            continue
        if fit.least is None or not same_kind(fit.least.unit, seen.unit):
            text = f"'{name}' is '{seen.text}', and a part of nothing is no deviation; give 'least' in {seen.unit}"
            yield Problem(("fit", "on", row), text)


def _bounds_can_stand(study: Study) -> Iterator[Problem]:
    """The study with its unknowns at either bound is a study too."""
    assert study.fit is not None
    plain = study.changed(fit=None, variants={}, counterfactuals={}, correlations=())
    for key in ("low", "high"):
        bounds = {
            name: f"{getattr(unknown, key).text} [assumed: a bound]"
            for name, unknown in study.fit.unknowns.items()
            if not getattr(unknown, key).unfilled
        }
        if _cannot_stand(plain, bounds) is None:
            continue
        # all together cannot be: which one is it
        for name, text in bounds.items():
            said = _cannot_stand(plain, {name: text})
            if said is not None:
                yield Problem(("fit", "unknowns", name, key), said)


def _cannot_stand(study: Study, change: Mapping[str, str]) -> str | None:
    from cell2grid.study.edits.editing import edited

    try:
        edited(study, change=change, unfilled=True)
    except StudyError as error:
        return str(error)
    return None
