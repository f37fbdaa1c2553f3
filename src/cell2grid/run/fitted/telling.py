"""A fit in words, as a document of plain values, and as the tables of a run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.run.fitted.fitting import Fitted, fit_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

QUANTILES = {"p2_5": 0.025, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p97_5": 0.975}
FEW_EFFECTIVE = 100.0  # below, 10 and 90 % quantiles rest on fewer than ten draws on either side
UNLIKELY = 0.01
FAR = 3.0  # deviations, which one of 370 reports is off by if the model is right
MOST_UNMET = 5
EXACT = 1e-9
MOST_DRAWS = 1000  # of a run, whose members may be many more


def fit_document(fitted: Fitted) -> dict[str, Any]:
    """What a fit found, as plain values; what is missing is None."""
    asked, estimate, draws = fitted.asked, fitted.estimate, fitted.draws
    degrees = asked.used + sum(prior is not None for prior in asked.problem.priors) - len(asked.paths)
    return {
        "study": asked.study.study,
        "unknowns": [_unknown(fitted, column) for column in range(len(asked.paths))],
        "observations": [_observation(fitted, column) for column in range(len(fitted.estimate.modelled))],
        "goodness": {
            "chi_square": estimate.chi_square,
            "with_priors": estimate.total,
            "observations": asked.used,
            "unknowns": len(asked.paths),
            "degrees": degrees,
            "p_value": _p_value(estimate.total, degrees),
        },
        "identifiability": {
            "singular": list(fitted.told.singular),
            "rank": fitted.told.rank,
            "told": fitted.told.told,
            "unknowns": len(asked.paths),
            "not_told": [blind.words for blind in fitted.told.blind],
        },
        "starts": estimate.starts,
        "agreeing": estimate.agreeing,
        "elsewhere": [dict(zip(asked.paths, map(float, row), strict=True)) for row in estimate.elsewhere],
        "members": fitted.members,
        "seed": fitted.seed,
        "effective": None if draws is None else draws.effective,
        "unfitted": None if draws is None else draws.unfitted,
        "varied": list(fitted.varied),
        "runs": fitted.runs,
        "findings": list(fit_findings(fitted)),
        "notes": fit_notes(fitted),
    }


def _p_value(chi_square: float, degrees: int) -> float | None:
    """How likely a sum as high is if the model is right; None where nothing is left to test it."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees, chi_square)) if degrees > 0 else None


def _unknown(fitted: Fitted, column: int) -> dict[str, Any]:
    asked, profile = fitted.asked, fitted.profiles[column]
    path, estimate = asked.paths[column], fitted.estimate
    unknown = asked.unknown(path)
    deviation = float(estimate.deviations(asked.problem.width)[column])
    told = not any(path in blind.names for blind in fitted.told.blind)
    return {
        "figure": path,
        "title": asked.title(path),
        "unit": asked.units[path],
        "written": asked.figures[path].value,
        "value": float(estimate.values[column]),
        "deviation": deviation if np.isfinite(deviation) else None,
        "low": profile.low,
        "high": profile.high,
        "open_low": profile.open_low,
        "open_high": profile.open_high,
        "identified": profile.identified and told,
        "at_bound": path in estimate.at_bound,
        "bounds": [float(asked.problem.low[column]), float(asked.problem.high[column])],
        "prior": None if unknown.prior is None else unknown.prior.text,
        "also": list(unknown.also),
        **_quantiles(_drawn(fitted, column)),
        "against": _against(fitted, column),
        "profile": [
            {"value": value, "rise": rise if np.isfinite(rise) else None}
            for value, rise in zip(profile.values.tolist(), profile.rise.tolist(), strict=True)
        ],
    }


def _drawn(fitted: Fitted, column: int) -> NDArray[np.float64]:
    return np.zeros(0) if fitted.draws is None else fitted.draws.values[:, column]


def _quantiles(values: NDArray[np.float64]) -> dict[str, float | None]:
    known = values[np.isfinite(values)]
    return {name: float(np.quantile(known, at)) if known.size else None for name, at in QUANTILES.items()}


def _against(fitted: Fitted, column: int) -> dict[str, Any] | None:
    """How far the unknown is below the figure that it is told against, as a part of it, and in 95 % of the draws."""
    asked, path = fitted.asked, fitted.asked.paths[column]
    other = asked.unknown(path).against
    if other is None:
        return None
    fixed = asked.figures[other].to(asked.units[path]).mode
    place = asked.paths.index(other) if other in asked.paths else None
    there = fixed if place is None else float(fitted.estimate.values[place])
    here = float(fitted.estimate.values[column])
    apart = np.zeros(0)
    if fitted.draws is not None:
        rival = fitted.rivals[other] if place is None else fitted.draws.values[:, place]
        apart = rival - fitted.draws.values[:, column]
    ends = _quantiles(apart)
    return {
        "figure": other,
        "title": other if place is None else asked.title(other),
        "below": there - here,
        "below_low": ends["p2_5"],
        "below_high": ends["p97_5"],
        "share": (there - here) / there if there else None,
    }


def _observation(fitted: Fitted, column: int) -> dict[str, Any]:
    asked = fitted.asked
    name = list(asked.observations)[column]
    seen, modelled = asked.observations[name], float(fitted.estimate.modelled[column])
    deviation = asked.deviation(name)
    spread = _quantiles(fitted.reported[:, column])
    observed, used = seen.value.value, column < asked.used
    # what a fit meets to its last digits it meets
    residual = observed - modelled if abs(observed - modelled) > EXACT * abs(observed) else 0.0
    return {
        "name": name,
        "variable": seen.variable,
        "of": seen.of,
        "start": seen.start,
        "end": seen.end,
        "observed": observed,
        "deviation": deviation,
        "as_written": _plain(float(fitted.as_written[column])),
        "modelled": _plain(modelled),
        "residual": _plain(residual),
        "in_deviations": _plain(residual / deviation) if deviation > 0.0 else None,
        **spread,
        "inside_80": _inside(spread["p10"], observed, spread["p90"]),
        "inside_95": _inside(spread["p2_5"], observed, spread["p97_5"]),
        "used": used,
        "unit": seen.value.unit,
    }


def _plain(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _inside(low: float | None, value: float, high: float | None) -> bool | None:
    return None if low is None or high is None else low <= value <= high


def number(value: float) -> str:
    """A number to four digits, with commas.

    >>> number(168912.3), number(0.03456), number(46.0)
    ('168,900', '0.03456', '46')
    """
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000.0 else f"{rounded:.4g}"


def fit_findings(fitted: Fitted) -> Iterator[str]:
    """One sentence for each unknown: what the observations take it to be, how sure that is, and against what."""
    rows = [_unknown(fitted, column) for column in range(len(fitted.asked.paths))]
    # what is told against another says most
    for row in sorted(rows, key=lambda row: row["against"] is None):
        yield unknown_words(row)


def unknown_words(row: dict[str, Any]) -> str:
    """The sentence of one unknown, from its row of the document or of the table ``fit``."""
    unit, value = row["unit"], number(row["value"])
    ends = f"{number(row['low'])} to {number(row['high'])}"
    stops = [word for word, key in (("low", "open_low"), ("high", "open_high")) if row[key]]
    if len(stops) == 2:
        sure = f"not told by what was reported: anything between the bounds, {ends}, does as well"
    elif stops:
        sure = f"95 % interval {ends}, the {stops[0]} end being the bound that was given"
    else:
        sure = f"95 % interval {ends}"
        sure += "" if row["identified"] else ", by a prior: what was reported does not tell it"
    said = f"{row['title']}: {value} {unit} ({sure})"
    if row.get("p2_5") is not None and len(stops) < 2:
        said += f"; {number(row['p2_5'])} to {number(row['p97_5'])} with all other ranges drawn"
    return f"{said}{_against_words(row['against'], unit)}"


def _against_words(against: dict[str, Any] | None, unit: str) -> str:
    if against is None:
        return ""
    side = "below" if against["below"] >= 0.0 else "above"
    part = "" if against["share"] is None else f", {abs(against['share']):.1%} of it"
    return f"; {number(abs(against['below']))} {unit}{_ends(against)} {side} '{against['title']}'{part}"


def _ends(against: dict[str, Any]) -> str:
    """Where 95 % of the draws of a difference lie."""
    low, high = against["below_low"], against["below_high"]
    if low is None:
        return ""
    if low < 0.0 < high:
        return f" ({number(-low)} above to {number(high)} below)"
    return f" ({' to '.join(number(abs(end)) for end in sorted((low, high), key=abs))} with all other ranges drawn)"


def fit_notes(fitted: Fitted) -> list[str]:
    """What a reader must know of a fit: what is not told, bounds that hold, other places, tests failed, few draws."""
    asked, estimate = fitted.asked, fitted.estimate
    notes = [f"fit: the observations tell {blind.words}" for blind in fitted.told.blind]
    if estimate.at_bound:
        notes.append(
            f"fit: {', '.join(estimate.at_bound)} stands at a bound that it was given; see whether to widen it"
        )
    if len(estimate.elsewhere):
        other = ", ".join(
            f"{path} {number(value)}" for path, value in zip(asked.paths, estimate.elsewhere[0], strict=True)
        )
        notes.append(f"fit: {len(estimate.elsewhere)} other place(s) do as well, such as {other}")
    notes += _tests(fitted)
    if fitted.draws is not None and fitted.draws.unfitted:
        notes.append(f"fit: {fitted.draws.unfitted} of {fitted.members} members have no fit, and are left out")
    if fitted.draws is not None and fitted.draws.effective < FEW_EFFECTIVE:
        notes.append(
            f"fit: the draws are worth {fitted.draws.effective:.3g} of {fitted.members}, so that their ranges are"
            " rough; take more members"
        )
    return notes


def _tests(fitted: Fitted) -> Iterator[str]:
    document = [_observation(fitted, column) for column in range(len(fitted.estimate.modelled))]
    asked = fitted.asked
    priors = sum(prior is not None for prior in asked.problem.priors)
    degrees = asked.used + priors - len(asked.paths)
    p_value = _p_value(fitted.estimate.total, degrees)
    held_out = [row for row in document if not row["used"]]
    if p_value is None:
        many = "as many unknowns as" if degrees == 0 else "more unknowns than"
        told = (
            f"fit: {many} observations{' and priors' if priors else ''}, so that meeting them is no test of the model"
        )
        yield told + ("; those held out are" if held_out else "")
    elif p_value < UNLIKELY:
        of = "degree" if degrees == 1 else "degrees"
        yield (
            f"fit: a sum of squares of {fitted.estimate.total:.3g} at {degrees} {of} of freedom is unlikely"
            f" (p = {p_value:.2g}): the model does not meet what it was fitted to within its tolerance"
        )
    unmet = [row for row in document if row["used"] and abs(row["in_deviations"] or 0.0) > FAR]
    for row in sorted(unmet, key=lambda row: -abs(row["in_deviations"]))[:MOST_UNMET]:
        yield (
            f"fit: {row['name']} is not met: {number(row['modelled'])} {row['unit']} at best, and"
            f" {number(row['observed'])} was reported, {abs(row['in_deviations']):.3g} standard deviations off"
        )
    outside = [row["name"] for row in held_out if row["inside_95"] is False]
    if outside:
        count = f"{len(outside)} of {len(held_out)} held-out observations"
        yield f"fit: {count} lie outside the 95 % range: {', '.join(outside)}"


@dataclass(frozen=True, slots=True)
class FitPart:
    """What a run of a study keeps of its fit: tables, and what a reader must know."""

    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]


def fit_part(study: Study, *, members: int, seed: int, on_progress: Callable[[str, int, int], None]) -> FitPart:
    """The fit that a study asks for beside its run, which has the study's figures as they are written."""
    if study.fit is None:
        return FitPart({}, ())
    try:
        fitted = fit_of(study, members=min(members, MOST_DRAWS), seed=seed, on_progress=on_progress)
    except NotConvergedError as error:
        return FitPart({}, (f"{error}; the run has the study's figures as they are written",))
    asked = fitted.asked
    other = [
        f"{path} is {number(asked.figures[path].value)} and was fitted to {number(value)} {asked.units[path]}"
        for path, value, profile in zip(asked.paths, fitted.estimate.values, fitted.profiles, strict=True)
        if not profile.low <= asked.figures[path].value <= profile.high
    ]
    said = "fit: the run has the study's figures as they are written"
    if other:
        said += f"; {'; '.join(other)}: 'cell2grid fit STUDY --out FILE.yaml' puts that in"
    return FitPart(fit_tables(fitted), (said, *fit_notes(fitted)))


def fit_tables(fitted: Fitted) -> dict[str, pd.DataFrame]:
    """The tables ``fit``, ``fit_observations`` and ``fit_profile`` of a run folder."""
    from cell2grid.run.told.tables import framed

    unknowns = [_unknown(fitted, column) for column in range(len(fitted.asked.paths))]
    plain = ("figure", "title", "unit", "written", "value", "low", "high", "open_low", "open_high")
    rows = []
    for row in unknowns:
        keys = ("title", "below", "below_low", "below_high", "share")
        against = row["against"] or dict.fromkeys(keys)
        told = {f"against_{key}": against[key] for key in keys}
        rest = {key: row[key] for key in ("at_bound", "identified", "p2_5", "p97_5")}
        rows.append({key: row[key] for key in plain} | rest | told | {"says": unknown_words(row)})
    columns = ("name", "observed", "deviation", "modelled", "p2_5", "p10", "p90", "p97_5", "inside_95", "used", "unit")
    seen = [
        {key: row[key] for key in columns}
        for row in (_observation(fitted, column) for column in range(len(fitted.estimate.modelled)))
    ]
    points = [
        {
            "figure": row["figure"],
            "title": row["title"],
            "value": point["value"],
            "rise": point["rise"],
            "unit": row["unit"],
        }
        for row in unknowns
        for point in row["profile"]
    ]
    return {
        "fit": framed("fit", rows),
        "fit_observations": framed("fit_observations", seen),
        "fit_profile": framed("fit_profile", points),
    }
