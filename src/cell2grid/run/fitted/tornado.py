"""Which figures a result of a study's markets hangs on: each moved alone, all others at their middle.

A figure with a range goes to both of its ends; on request every other one goes up and down by the same part. All of it
is one run of the markets, a row for each end. What projects are worth has a tornado of its own (``run/sensitivity``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InfeasibleError, InputError, NotConvergedError, StudyError
from cell2grid.nomenclature import variable
from cell2grid.run.fitted.rows import GivenRows, MiddleRows
from cell2grid.run.market import has_market, solved
from cell2grid.run.market.terms import terms_of
from cell2grid.run.told.record import modelled_values
from cell2grid.study.quantity import Frozen, Quantity, bounds_in, figures
from cell2grid.study.records import Observation
from cell2grid.study.refusals import dotted, near
from cell2grid.study.rules.observed import BY_TERM
from cell2grid.units import same_kind

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

LARGEST_SWING = 0.9
ROWS = 250  # of a run of the markets


@dataclass(frozen=True, slots=True)
class Wanted:
    """A result of the markets: a variable of a plant, firm, market, region, product or group, in one term or in all."""

    variable: str
    of: str
    term: str | None = None

    def __str__(self) -> str:
        return ":".join((self.variable, self.of, *(() if self.term is None else (self.term,))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One figure at two values [unit], and the result at each; not a number where there is no equilibrium."""

    figure: str
    text: str
    unit: str
    low: float
    high: float
    at_low: float
    at_high: float
    swung: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTornado:
    """The bars, those that move the result most first, the result with every figure at its middle, and notes."""

    wanted: Wanted
    unit: str
    middle: float
    bars: tuple[Bar, ...]
    swing: float | None
    notes: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """The rows of the table ``market_tornado``."""
        from cell2grid.run.told.tables import framed

        return framed("market_tornado", [self._row(bar) for bar in self.bars])

    def _row(self, bar: Bar) -> dict[str, Any]:
        return {
            "result": str(self.wanted),
            "result_unit": self.unit,
            "figure": bar.figure,
            "text": bar.text,
            "unit": bar.unit,
            "low": bar.low,
            "high": bar.high,
            "at_low": bar.at_low,
            "at_high": bar.at_high,
            "middle": self.middle,
            "swung": bar.swung,
        }


def wanted_of(study: Study, text: str) -> Wanted:
    """The result that 'VARIABLE:OF' or 'VARIABLE:OF:TERM' names, as 'market_price:home:2025'.

    Raises
    ------
    InputError
        There is no such variable, entity or term.
    """
    name, _, rest = text.partition(":")
    of, _, term = rest.partition(":")
    shown = f"'{text[:60]}'"
    if name not in BY_TERM:
        raise InputError(f"{shown}: '{name[:40]}' is no result of markets; {near(name, BY_TERM, what='results')}")
    entities = (study.plants, study.firms, study.markets, study.regions, study.products, study.groups)
    known = [entity for part in entities for entity in part]
    if of not in known:
        said = f"there is no '{of[:40]}'" if of else f"it does not say of what; write {name}:NAME"
        raise InputError(f"{shown}: {said}; {near(of, known, what='names')}")
    terms = terms_of(study).labels
    if term and term not in terms:
        raise InputError(f"{shown}: there is no term '{term[:40]}'; {near(term, terms, what='terms')}")
    return Wanted(name, of, term or None)


def market_tornado(study: Study, wanted: Wanted, *, swing: float | None = None) -> MarketTornado:
    """The result at both ends of every range that the markets are made from, all else at the middle.

    Parameters
    ----------
    swing
        What every figure without a range is moved by up and down, as a part of it; None: only the ranges.

    Raises
    ------
    InputError
        A swing that is not between 0 and 0.9; a term that there is not.
    StudyError
        The study has no markets that make their price.
    NotConvergedError
        There is no equilibrium with every figure at its middle.
    """
    if swing is not None and not 0.0 < swing <= LARGEST_SWING:
        raise InputError(f"swing is {swing:g}, expected above 0 to {LARGEST_SWING:g}; write 0.1 for a tenth")
    if not has_market(study):
        raise StudyError(
            f"study '{study.study}' has no market that makes its own price; add 'competition', and 'price' and"
            " 'elasticity' to the demand of a market"
        )
    bare = study.changed(counterfactuals={}, calibration=None, fit=None)
    first = GivenRows(MiddleRows(1), {}, units={})
    middle = float(measured(study, solved(bare, figures=first), wanted)[0])
    read = {path for paths in first.reads.values() for path in paths}
    moved = list(_moved(study, read, swing))
    ends = np.array([end for _, _, low, high, _ in moved for end in (low, high)])
    paths = [path for path, *_ in moved for _ in range(2)]
    units = {path: figure.unit for path, figure, *_ in moved}
    found = np.concatenate(
        [_ends(bare, wanted, paths[at : at + ROWS], ends[at : at + ROWS], units) for at in range(0, len(ends), ROWS)]
        or [np.zeros(0)]
    )
    bars = [
        Bar(
            figure=path, text=figure.text, unit=figure.unit, low=low, high=high, swung=swung,
            at_low=float(found[2 * place]), at_high=float(found[2 * place + 1]),
        )
        for place, (path, figure, low, high, swung) in enumerate(moved)
    ]  # fmt: skip
    bars.sort(key=lambda bar: (-np.nan_to_num(_width(bar, middle), nan=np.inf), bar.figure))
    return MarketTornado(
        wanted=wanted, unit=unit_of(study, wanted), middle=middle, bars=tuple(bars), swing=swing,
        notes=tuple(_notes(bars, middle)),
    )  # fmt: skip


def _width(bar: Bar, middle: float) -> float:
    values = np.array([bar.at_low, bar.at_high, middle])
    return float(values.max() - values.min())


def _moved(study: Study, read: set[str], swing: float | None) -> Iterator[tuple[str, Quantity, float, float, bool]]:
    """Each figure that is moved: its path, itself, both ends in its unit, and whether it has no range."""
    for keys, figure in figures(study):
        path = dotted(keys)
        if path not in read or not isinstance(figure, Quantity):
            continue
        if figure.magnitude.low < figure.magnitude.high:
            yield path, figure, *figure.magnitude.ends, False
        elif swing is not None and figure.value != 0.0:
            part = abs(figure.value) * swing
            least, most = _allowed(study, keys, figure)
            yield path, figure, max(figure.value - part, least), min(figure.value + part, most), True


def _allowed(study: Study, keys: Sequence[str | int], figure: Quantity) -> tuple[float, float]:
    """The least and the most that a figure may be, in its unit."""
    part: Any = study
    for key in keys[:-1]:
        part = _field(part, key)[1] if isinstance(part, Frozen) else part[key]
    if not isinstance(part, Frozen):
        return -np.inf, np.inf
    info = type(part).model_fields[_field(part, keys[-1])[0]]
    bounds = bounds_in((*info.metadata, info.annotation))
    bound = next((one for one in bounds if same_kind(one.unit, figure.unit)), None)
    if bound is None:
        return -np.inf, np.inf
    scale = figure.to(bound.unit).mode / figure.value
    low, high = (np.nan if end is None else end / scale for end in (bound.at_least, bound.at_most))
    return float(np.nan_to_num(low, nan=-np.inf)), float(np.nan_to_num(high, nan=np.inf))


def _field(part: Frozen, key: str | int) -> tuple[str, Any]:
    """A field by its name or by what it is called in a file."""
    for name, info in type(part).model_fields.items():
        if key in (name, info.alias):
            return name, getattr(part, name)
    raise KeyError(key)


def _ends(
    study: Study, wanted: Wanted, paths: Sequence[str], ends: NDArray[np.float64], units: dict[str, str]
) -> NDArray[np.float64]:
    """The result with the figure of each row at its end; row by row where they have no equilibrium together."""
    given = {path: np.where(np.array([one == path for one in paths]), ends, np.nan) for path in dict.fromkeys(paths)}
    try:
        return measured(study, solved(study, figures=GivenRows(MiddleRows(len(ends)), given, units=units)), wanted)
    except (NotConvergedError, InfeasibleError):
        if len(ends) == 1:
            return np.full(1, np.nan)
        half = len(ends) // 2
        parts = ((paths[:half], ends[:half]), (paths[half:], ends[half:]))
        return np.concatenate([_ends(study, wanted, some, values, units) for some, values in parts])


def measured(study: Study, arrays: xr.Dataset, wanted: Wanted) -> NDArray[np.float64]:
    """The result of each row, as it would be observed in its term, or over all terms.

    Raises
    ------
    StudyError
        The entity has no such result.
    """
    terms = terms_of(study)
    months = terms.periods
    if wanted.term is not None:
        row = terms.weight[terms.labels.index(wanted.term)]
        months = tuple(month for month, part in zip(terms.periods, row, strict=True) if part > 0.0)
    seen = Observation(
        variable=wanted.variable,
        of=wanted.of,
        start=months[0],
        end=months[-1],
        value=Quantity.model_validate(f"0 {unit_of(study, wanted)}"),
    )
    return modelled_values(study, arrays, str(wanted), seen)


def unit_of(study: Study, wanted: Wanted) -> str:
    """The unit of the result: in the study's money, counted in its noun, a ratio in percent."""
    assert study.competition is not None
    product = study.markets[wanted.of].product if wanted.of in study.markets else None
    made = [product] if product else [plant.makes for plant in study.plants.values()]
    nouns = sorted({study.products[name].counted_in for name in made})
    unit = variable(wanted.variable).unit.replace("currency", study.competition.currency)
    unit = unit.replace("item", nouns[0])
    return "percent" if unit == "ratio" else unit


def _notes(bars: Sequence[Bar], middle: float) -> Iterator[str]:
    for bar in bars:
        lost = [word for word, value in (("low", bar.at_low), ("high", bar.at_high)) if np.isnan(value)]
        if lost and not np.isnan(middle):
            yield f"tornado: {bar.figure} has no equilibrium at its {' and its '.join(lost)} end"
    still = [bar.figure for bar in bars if bar.at_low == bar.at_high == middle and not bar.swung]
    if still:
        yield f"tornado: {', '.join(sorted(still))} has a range and moves nothing"
    if not bars:
        yield "tornado: no figure of the markets has a range; give ranges, or --swing for all figures"
