"""What a run has to say, in plain sentences, each with its source; the most telling first.

The sentences are generic: they follow from the tables, the checks and the study, whatever it is about. Wording is in
``wording.py``; what must be said of made-up prices in ``caveats.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cell2grid.report import arithmetic
from cell2grid.report.caveats import caveats
from cell2grid.report.markets_told import money_sentences, price_sentences, use_sentences
from cell2grid.report.marks import entities, rows
from cell2grid.report.provenance import Provenance, behind, called, provenance_of
from cell2grid.report.record_told import record_sentences
from cell2grid.report.wording import amount, between, during, listed, month, rounded, sentence

if TYPE_CHECKING:
    from cell2grid.results import Results

_MONEY = ("npv", "irr", "lcos", "payback")
_MODELLED = "Modelled by cell2grid"
_MOST_DOCUMENTS = 3
_MOST_PLANTS = 3  # of a market of many, that have a sentence of their own


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence and where it comes from, in words."""

    text: str
    source: str


def findings(*runs: Results) -> tuple[Finding, ...]:
    """What the runs have to say, the most telling first; no two sentences alike.

    One finding of each kind comes before the second of any, so that the first five are of five kinds where they can be.
    """
    told = [(results, provenance_of(results)) for results in runs]
    ranked = []
    for rank, kind in enumerate(_kinds([provenance for _, provenance in told])):
        of_runs = [
            (again, place, finding)
            for place, (results, provenance) in enumerate(told)
            for again, finding in enumerate(kind(results, provenance))
        ]
        of_runs.sort(key=lambda row: row[:2])
        # what another run says of the same kind waits too: three runs of markets are not three findings in a row
        kept = {row[2].text: row[2] for row in of_runs}.values()
        ranked += [(turn, rank, finding) for turn, finding in enumerate(kept)]
    ranked.sort(key=lambda row: row[:2])
    return tuple({row[2].text: row[2] for row in ranked}.values())


def _counterfactuals(results: Results, provenance: Provenance) -> Iterator[Finding]:
    frame = rows(results, "counterfactuals")
    told: set[tuple[object, ...]] = set()
    for name in entities(frame, "name") if not frame.empty else []:
        case = provenance.study.counterfactuals.get(name)
        found = {row["quantity"]: row for row in frame[frame["name"] == name].to_dict("records")}
        if case is None or "exports" not in found:
            continue
        exports, share = found["exports"], found.get("share")
        without = listed([shock.replace("-", " ").replace("_", " ") for shock in case.without])
        text = (
            f"Without the {without}, {_plant(provenance, case.plant)} would have exported "
            f"{amount(exports['mean'], exports['unit'])}{_range(exports)} {during(case.start, case.end)}; "
            f"{amount(case.own.value, case.own.unit, reported=True)} were reported."
        )
        same = (case.plant, case.start, case.end, case.without)
        if share is not None:
            reported = amount(case.own.value / case.total.value, "ratio") if case.total.value else "unknown"
            modelled, all_of = (
                amount(share["mean"], share["unit"]),
                amount(case.total.value, case.total.unit, reported=True),
            )
            if same in told:
                # the exports are told already: here they are a part of another total
                text = f"Of the total of which {all_of} were reported, {_plant(provenance, case.plant)} would have had "
                text += f"{modelled}{_range(share)} without the {without}, instead of {reported}."
            else:
                text += f" That is {modelled} of what all exporters shipped{_range(share)} instead of {reported}"
                text += f" of {all_of}."
        told.add(same)
        paths = (f"counterfactuals.{name}.own", f"counterfactuals.{name}.total")
        model = _model_source(results, provenance, "exports", case.plant)
        yield Finding(text, f"{_sources(provenance, paths)}; {model[0].lower()}{model[1:]}")


def _range(row: Any) -> str:
    """The spread in brackets; nothing where the members do not differ."""
    if row["p10"] == row["p90"]:
        return ""
    return f" (80 % of cases: {between(row['p10'], row['p90'], row['unit'])})"


def _products(results: Results, provenance: Provenance) -> Iterator[Finding]:
    yield from _checked(provenance, "product")


def _sums(results: Results, provenance: Provenance) -> Iterator[Finding]:
    yield from _checked(provenance, "sum")


def _ratios(results: Results, provenance: Provenance) -> Iterator[Finding]:
    yield from _checked(provenance, "ratio")


def _stakes(results: Results, provenance: Provenance) -> Iterator[Finding]:
    yield from _checked(provenance, "stakes")


def _checked(provenance: Provenance, kind: str) -> Iterator[Finding]:
    for check in provenance.evidence.get("checks", ()):
        # a sum of which a part is missing says nothing of the rest
        if check.get("kind") == kind and (kind == "stakes" or check.get("verdict") != "incomplete"):
            told = arithmetic.told(check, provenance)
            if told is not None:
                yield Finding(told, arithmetic.sources(check, provenance))


def _last_year(results: Results, provenance: Provenance) -> Iterator[Finding]:
    """The output of each plant in the last twelve months of the run, with the spread of the yearly sum."""
    arrays = results.arrays
    if arrays is None or "output" not in arrays:
        return
    months = [str(label) for label in arrays["period"].values[-12:]]
    for plant in _told_of(provenance, [str(plant) for plant in arrays["plant"].values]):
        unit = _noun(provenance, plant)
        made = arrays["output"].sel(plant=plant).isel(period=slice(-12, None)).sum("period").values
        text = (
            f"{sentence(during(months[0], months[-1]))} the output of {_plant(provenance, plant)} is "
            f"{amount(float(made.mean()), unit)}{_spread(made, unit)}"
        )
        if "output_energy" in arrays:
            energy = arrays["output_energy"].sel(plant=plant).isel(period=slice(-12, None)).sum("period").values
            if float(energy.mean()) > 0:
                text += f", {amount(float(energy.mean()), 'GWh')} of storage"
        if "capacity" in arrays:
            able = arrays["capacity"].sel(plant=plant).isel(period=slice(-12, None)).sum("period").values
            if float(able.mean()) > 0:
                text += f", at {amount(float(made.mean() / able.mean()), 'ratio')} of capacity"
        yield Finding(f"{text}.", _model_source(results, provenance, "output", plant))


def _told_of(provenance: Provenance, plants: list[str]) -> list[str]:
    """The plants that sentences tell of; in a market of many, a few, those that reports are about first."""
    if not _of_markets(provenance) or len(plants) <= _MOST_PLANTS:
        return plants
    reported = {row.of for row in provenance.study.observations.values()}
    return sorted(plants, key=lambda plant: plant not in reported)[:_MOST_PLANTS]


def _spread(values: Any, unit: str) -> str:
    import numpy as np

    low, high = (float(edge) for edge in np.quantile(values, (0.1, 0.9)))
    return _range({"p10": low, "p90": high, "unit": unit})


def _plant(provenance: Provenance, key: str) -> str:
    part = provenance.study.plants.get(key)
    return _called(part.name, "plant", key) if part is not None else key


def _project(provenance: Provenance, key: str) -> str:
    part = provenance.study.projects.get(key)
    return _called(part.name, "project", key) if part is not None else key


def _called(name: str | None, kind: str, key: str) -> str:
    """The name as it stands within a sentence, or the kind and the key."""
    if name is None:
        return f"{kind} {key}"
    return name[:1].lower() + name[1:] if name.split()[:1] in (["A"], ["An"], ["The"]) else name


def _noun(provenance: Provenance, plant: str) -> str:
    study = provenance.study
    part = study.plants.get(plant)
    product = study.products.get(part.makes) if part is not None else None
    return product.counted_in if product is not None else "item"


def _month(told: object) -> str | None:
    """A month of a table: what is missing is a number that is none where other rows of the column have a month."""
    return told if isinstance(told, str) and told else None


def _deliveries(results: Results, provenance: Provenance) -> Iterator[Finding]:
    for row in rows(results, "deliveries").to_dict("records"):
        project = str(row["project"])
        early, middle, late = (_month(row[f"delivered_{edge}"]) for edge in ("p10", "p50", "p90"))
        operates = _month(row["commissioning_p50"])
        never = amount(row["undelivered"], "ratio")
        items = amount(row["items"], str(row["unit"]))
        of_project = project in provenance.study.projects
        ordered = (
            f"The {items} that {_project(provenance, project)} ordered"
            if of_project
            else f"The {items} of order {project}"
        )
        if not middle:
            text = f"{ordered} are not all delivered before the study ends in {never} of cases"
        else:
            text = f"{ordered} have all arrived in {month(middle)} in the middle case"
            if early and late and early != late:
                text += f", in {month(early)} to {month(late)} in 80 % of cases"
            if row["undelivered"] > 0:
                text += f"; in {never} of cases not before the study ends"
            if operates and of_project:
                text += f". The project begins to operate in {month(operates)}"
        yield Finding(f"{text}.", _model_source(results, provenance, "commissioning", project))


def _money(results: Results, provenance: Provenance) -> Iterator[Finding]:
    frame = rows(results, "projects", _MONEY)
    frame = frame if frame.empty else frame[frame["mean"].notna()]
    for project in entities(frame, "project") if not frame.empty else []:
        found = {row["variable"]: row for row in frame[frame["project"] == project].to_dict("records")}
        told = []
        if "npv" in found:
            row = found["npv"]
            told.append(f"a net present value of {amount(row['mean'], row['unit'])}{_range(row)}")
        if "irr" in found:
            told.append(f"an internal rate of return of {amount(found['irr']['mean'], found['irr']['unit'])}")
        if "lcos" in found:
            told.append(f"a levelised cost of {amount(found['lcos']['mean'], found['lcos']['unit'])}")
        if told:
            notes = [*caveats(results, project), *_left_out(found)]
            text = f"{_project(provenance, project)} has {listed(told)}{' — ' if notes else ''}{'; '.join(notes)}."
            yield Finding(sentence(text), _model_source(results, provenance, "npv", project))


def _left_out(found: Mapping[str, dict[str, Any]]) -> list[str]:
    """In how many cases a figure that is told has no value: the mean is that of the others."""
    parts = [part for name in _MONEY[:3] if name in found for part in str(found[name]["note"] or "").split("; ")]
    return list(dict.fromkeys(part for part in parts if part.endswith("of members")))


def _record(results: Results, provenance: Provenance) -> Iterator[Finding]:
    """How many reported figures that were no input the modelled range holds, and the widest miss."""
    for text, sources in record_sentences(
        results, lambda key: _someone(provenance, key), also_held=_of_markets(provenance)
    ):
        yield Finding(text, sources or _MODELLED)


def _someone(provenance: Provenance, key: str) -> str:
    """Whom a reported figure is of: a plant, firm or market; a group by its key in words."""
    if key in provenance.study.plants:
        return _plant(provenance, key)
    return key.replace("-", " ") if key in provenance.study.groups else called(provenance.study, key)


def _operating(results: Results, provenance: Provenance) -> Iterator[Finding]:
    """By how much the modelled days of operation miss the reported ones, and the widest miss."""
    frame = rows(results, "operating")
    known = frame if frame.empty else frame[frame["missed"].notna()]
    if known.empty:
        return
    row = known.loc[known["missed"].abs().idxmax()]
    text = (
        f"{len(frame)} project{'s were' if len(frame) > 1 else ' was'} reported to operate on a day: the middle case"
        f" misses it by {amount(float(known['missed'].abs().mean()), 'day')} in the mean, and the modelled range holds"
        f" {int(frame['inside_80'].sum())}; the widest miss is {_project(provenance, str(row['project']))}, reported"
        f" {row['reported']} and modelled {month(row['commissioning_p50'])}."
    )
    paths = [f"projects.{name}.operated" for name in frame["project"]]
    yield Finding(sentence(text), _sources(provenance, paths))


def _abroad(results: Results, provenance: Provenance) -> Iterator[Finding]:
    frame = rows(results, "monthly", ("exports", "home_sales"))
    for plant in _told_of(provenance, entities(frame)) if not frame.empty else []:
        part = frame[frame["entity"] == plant]
        sums = part.groupby("variable")["mean"].sum()
        if set(sums.index) == {"exports", "home_sales"} and sums["exports"] > 0:
            start, end = min(part["period"]), max(part["period"])
            text = f"Of what leaves {_plant(provenance, plant)} {during(start, end)}, "
            text += f"{rounded(100 * sums['exports'] / sums.sum())} % goes abroad."
            yield Finding(text, _model_source(results, provenance, "exports", plant))


def _model_source(results: Results, provenance: Provenance, variable: str, entity: str) -> str:
    """Our model, and the documents and the number of assumptions behind what it read for this variable."""
    paths = behind(results, variable, entity)
    documents, assumed = provenance.documents_of(paths), provenance.assumptions_among(paths)
    shown = "; ".join(documents[:_MOST_DOCUMENTS])
    if len(documents) > _MOST_DOCUMENTS:
        shown += f"; {len(documents) - _MOST_DOCUMENTS} more"
    text = f"{_MODELLED} from {shown}" if documents else _MODELLED
    if assumed:
        text += f"{', and' if documents else ' on'} {assumed} assumption{'s' if assumed > 1 else ''} of ours"
    return text


def _fitted(results: Results, provenance: Provenance) -> Iterator[Finding]:
    """What the reports take each unknown of the study to be; those that are told against another come first."""
    frame, fit = rows(results, "fit"), provenance.study.fit
    if frame.empty or fit is None:
        return
    source = _sources(provenance, [f"observations.{name}.value" for name in fit.on])
    against = frame["against_title"].notna()
    for row in (*frame[against].to_dict("records"), *frame[~against].to_dict("records")):
        yield Finding(sentence(f"{row['says']}."), f"fitted to {source}")


def _use(results: Results, provenance: Provenance) -> Iterator[Finding]:
    for text, variable, entity in use_sentences(results, provenance):
        yield Finding(text, _model_source(results, provenance, variable, entity))


def _spent(results: Results, provenance: Provenance) -> Iterator[Finding]:
    for text, variable, entity in money_sentences(results):
        yield Finding(text, _model_source(results, provenance, variable, entity))


def _prices(results: Results, provenance: Provenance) -> Iterator[Finding]:
    for text, variable, entity in price_sentences(results, provenance):
        yield Finding(text, _model_source(results, provenance, variable, entity))


def _sources(provenance: Provenance, paths: Sequence[str]) -> str:
    words = [word for path in paths for word in provenance.sources_of(path)]
    return "; ".join(dict.fromkeys(words)) or _MODELLED


_Kind = Callable[["Results", Provenance], Iterator[Finding]]
_KINDS: tuple[_Kind, ...] = (
    _fitted,
    _counterfactuals,
    _use,
    _spent,
    _products,
    _deliveries,
    _last_year,
    _sums,
    _record,
    _operating,
    _money,
    _ratios,
    _stakes,
    _abroad,
    _prices,
)


def _kinds(runs: Sequence[Provenance]) -> tuple[_Kind, ...]:
    """The kinds in their order: of studies of markets, the result, the record and prices come before single plants."""
    if not all(_of_markets(provenance) for provenance in runs):
        return _KINDS
    first = (_fitted, _counterfactuals, _use, _spent, _record, _prices)
    return (*first, *(kind for kind in _KINDS if kind not in first))


def _of_markets(provenance: Provenance) -> bool:
    return provenance.study.competition is not None
