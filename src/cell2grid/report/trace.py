"""One result of a run followed back: its equation, the engine, the study's values, and the sentences behind them.

All of it comes from the run folder and the nomenclature. How a trace is printed is in ``trace_tree.py``, and the
values of the result are looked up in ``traced_values.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cell2grid.errors import InputError
from cell2grid.nomenclature import variables
from cell2grid.report.provenance import Provenance, behind, provenance_of
from cell2grid.report.traced_values import ResultValue, counterfactual_values, observation_values, values_of
from cell2grid.results import Results, read_results

_SHARE = "share = exports ÷ (total − own + exports), with exports of the members without the named shocks"


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence, the value read in it, and its document."""

    claim: str
    quote: str
    value_text: str
    title: str
    publisher: str
    date: str
    url: str | None


@dataclass(frozen=True, slots=True)
class StudyValue:
    """A figure of the study: its path, its text, its sources in words, and the sentences that state it."""

    path: str
    text: str
    sources: tuple[str, ...]
    sentences: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A variable on the way back: what it is, its equation, the engine, and what it was made from.

    ``values`` are figures of the study that it was read from; ``inputs`` the variables that its engine read. A variable
    that was already followed further up has neither, and ``seen`` is true.
    """

    variable: str
    unit: str
    sentence: str
    formula: str | None
    equation: str | None
    engine: str | None
    values: tuple[StudyValue, ...] = ()
    inputs: tuple[Step, ...] = ()
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """A result, its values with their spread, what was reported of it, and the steps back from it."""

    name: str
    study: str
    kind: str
    results: tuple[ResultValue, ...]
    formula: str | None
    reported: tuple[StudyValue, ...]
    steps: tuple[Step, ...]

    def document(self) -> dict[str, Any]:
        """The trace as nested plain values, ready for JSON."""
        return asdict(self)


def trace(run_folder: Path, name: str) -> Trace:
    """The way back of one result: a variable, ``variable/entity``, an observation or a counterfactual.

    Raises
    ------
    RunFolderError
        The folder is no whole run.
    InputError
        The run has no result of this name; the message lists the near ones and those that it has.
    """
    results = read_results(Path(run_folder), with_arrays=True)
    provenance = provenance_of(results)
    study = provenance.study
    variable, _, entity = name.partition("/")
    if name in study.observations:
        seen = study.observations[name]
        steps = (_step(results, provenance, seen.variable, seen.of),)
        reported = _study_values(provenance, [f"observations.{name}.value"])
        return Trace(name, study.study, "observation", observation_values(results, name), None, reported, steps)
    if name in study.counterfactuals:
        case = study.counterfactuals[name]
        steps = (_step(results, provenance, "exports", case.plant),)
        reported = _study_values(provenance, [f"counterfactuals.{name}.own", f"counterfactuals.{name}.total"])
        found = counterfactual_values(results, name)
        return Trace(name, study.study, "counterfactual", found, _SHARE, reported, steps)
    values = values_of(results, variable, entity or None) if variable in variables() else ()
    if not values:
        raise InputError(_unknown(results, provenance, name))
    steps = (_step(results, provenance, variable, entity or None),)
    return Trace(name, study.study, "variable", values, variables()[variable].formula, (), steps)


def names(results: Results, provenance: Provenance) -> list[str]:
    """Every name that can be traced in a run, in the order of the nomenclature and the study."""
    found: dict[str, None] = {}
    for variable in variables():
        values = values_of(results, variable, None)
        entities = dict.fromkeys(value.of for value in values if value.of)
        if values:
            found[variable] = None
            found.update(dict.fromkeys(f"{variable}/{entity}" for entity in entities))
    return [*found, *provenance.study.observations, *provenance.study.counterfactuals]


def _unknown(results: Results, provenance: Provenance, name: str) -> str:
    known = names(results, provenance)
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f" (did you mean {' or '.join(repr(word) for word in near)}?)" if near else ""
    plain = [word for word in known if "/" not in word]
    listing = ", ".join(plain) or "nothing that can be traced"
    return f"run of study '{results.name}' has no result '{name[:80]}'{hint}; it has {listing}"


def _step(
    results: Results, provenance: Provenance, name: str, entity: str | None, above: dict[str, None] | None = None
) -> Step:
    """The step of one variable; each variable is followed once."""
    followed = {} if above is None else above
    row = variables()[name]
    engine, reads = _engine_of(results, name)
    label = (row.name, row.unit, row.sentence, row.formula, row.equation, engine)
    if name in followed:
        return Step(*label, seen=True)
    followed[name] = None
    whole = set(behind(results, name, entity))
    inputs = [
        _step(results, provenance, read, entity, followed)
        for read in reads
        # an engine reads more than each of its results depends on
        if read in variables() and whole & set(behind(results, read, entity))
    ]
    told = {path for step in inputs for path in _paths(step)}
    left = [path for path in behind(results, name, entity) if path not in told]
    return Step(*label, values=_study_values(provenance, left), inputs=tuple(inputs))


def _engine_of(results: Results, name: str) -> tuple[str | None, tuple[str, ...]]:
    engines = results.manifest.get("engines", {})
    for engine, parts in engines.items() if isinstance(engines, Mapping) else ():
        if name in parts.get("writes", ()):
            return str(engine), tuple(map(str, parts.get("reads", ())))
    return None, ()


def _paths(step: Step) -> Iterator[str]:
    yield from (value.path for value in step.values)
    for inner in step.inputs:
        yield from _paths(inner)


def _study_values(provenance: Provenance, paths: list[str]) -> tuple[StudyValue, ...]:
    found = []
    for path in paths:
        figure = provenance.figures.get(path)
        text = figure.text if figure is not None else _plain(provenance, path)
        cited = tuple(
            Cited(
                sentence.claim,
                sentence.quote,
                sentence.value,
                sentence.document.title,
                sentence.document.publisher,
                sentence.document.date,
                sentence.document.url,
            )
            for sentence in provenance.sentences_of(path)
        )
        found.append(StudyValue(path, text, provenance.sources_of(path), cited))
    return tuple(found)


def _plain(provenance: Provenance, path: str) -> str:
    """The text at a path of the study that carries no source, as the name of a curve does."""
    part: Any = provenance.study.model_dump(mode="json", by_alias=True, exclude_none=True)
    rest = path
    while rest and isinstance(part, Mapping | list):
        # a name of the study may hold dots itself, so the longest key that fits is taken
        keys = part if isinstance(part, Mapping) else {str(index): value for index, value in enumerate(part)}
        fitting = [key for key in keys if rest == key or rest.startswith(f"{key}.")]
        if not fitting:
            return ""
        key = max(fitting, key=len)
        part, rest = keys[key], rest[len(key) + 1 :]
    return str(part) if isinstance(part, str | int | float) else ""
