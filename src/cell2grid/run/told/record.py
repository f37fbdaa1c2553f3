"""What was reported, held against the members: observations with their residual, and counterfactuals as shares.

An observation is never an input. Its variable is summed over the months where a number of items or an energy was
reported, and averaged where a rate was; a stock is that of the last month, a ratio is weighted by what it is a ratio
of. Of a firm or a region those plants are added up that make what was counted; what can only be added up wrongly
(other nouns, items that are parts of one another) is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import months_between
from cell2grid.nomenclature import variable, variables
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.market.observed import market_values
from cell2grid.run.told.spread import spread
from cell2grid.study.rules.observed import BY_TERM, OF_SIDES
from cell2grid.units import convert, counted_noun, same_kind

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Observation, Study
    from cell2grid.study.quantity import Quantity

# a ratio of several plants or months is the ratio of their sums
RATIO_OF = {"utilisation": ("output", "capacity")}
# what still holds the items that other plants take in
_GROSS = ("output", "output_energy")


def observation_rows(study: Study, arrays: xr.Dataset, evidence: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row of the table ``observations`` for each observation of the study.

    Raises
    ------
    StudyError
        A variable, name, month or unit of an observation is not one that this run has.
    """
    rows = []
    for name, seen in study.observations.items():
        modelled = spread(modelled_values(study, arrays, name, seen))
        observed = seen.value.value
        rows.append(
            {
                "name": name,
                "variable": seen.variable,
                "of": seen.of,
                "start": seen.start,
                "end": seen.end,
                "observed": observed,
                "mean": modelled.mean,
                "p10": modelled.p10,
                "p90": modelled.p90,
                "residual": observed - modelled.mean,
                "unit": seen.value.unit,
                "source": source_words(study, seen.value, evidence),
                "reference": str(seen.value),
            }
        )
    return rows


def modelled_values(study: Study, arrays: xr.Dataset, name: str, seen: Observation) -> NDArray[np.float64]:
    """What each member says of an observation, in the unit that was observed.

    Raises
    ------
    StudyError
        The run has no such variable, entity, month or unit.
    """
    path = f"observations.{name}"
    if seen.variable in BY_TERM:
        return market_values(study, arrays, path, seen)
    if seen.variable in OF_SIDES:
        return _of_side(arrays, path, seen)
    if seen.variable not in arrays or "period" not in variable(seen.variable).dims:
        known = [row.name for row in variables().values() if row.equation and "period" in row.dims]
        raise StudyError(f"{path}.variable: '{seen.variable}' is not a monthly result; it is one of {', '.join(known)}")
    row = variable(seen.variable)
    if row.unit == "ratio":
        return _ratio(study, arrays, path, seen) / convert(1.0, seen.value.unit, "ratio")
    part = _counted(study, arrays, path, seen, _of(study, arrays, path, seen.variable, seen.of))
    total = _collapsed(_months(part, path, seen))
    if "/month" not in row.unit:
        return _in_unit(path, total.isel(period=-1).values, row.unit, seen.value.unit)
    whole = row.unit.removesuffix("/month")
    if same_kind(seen.value.unit, whole):
        return _in_unit(path, total.sum("period", skipna=False).values, whole, seen.value.unit)
    return _in_unit(path, total.mean("period", skipna=False).values, row.unit, seen.value.unit)


def counterfactual_rows(
    study: Study, exports: Mapping[str, NDArray[np.float64]], figures: Figures
) -> list[dict[str, Any]]:
    """Two rows of the table ``counterfactuals`` for each: the exports X, and their share X / (total - own + X).

    Raises
    ------
    StudyError
        What was reported counts another noun, or the others' exports are negative.
    """
    rows = []
    for name, case in study.counterfactuals.items():
        path = f"counterfactuals.{name}"
        noun = study.products[study.plants[case.plant].makes].counted_in
        X = exports[name]
        reported = {}
        for part, quantity in (("total", case.total), ("own", case.own)):
            if not same_kind(quantity.unit, noun):
                raise StudyError(f"{path}.{part}: '{quantity.text}' does not count {noun}s, as exports are")
            reported[part] = figures.drawn("counterfactuals", f"{path}.{part}", quantity, noun)
        others = reported["total"] - reported["own"]
        if (others < 0).any():
            raise StudyError(f"{path}: own '{case.own.text}' is above total '{case.total.text}'; correct one of them")
        share = np.divide(X, others + X, out=np.full_like(X, np.nan), where=others + X > 0)
        for quantity_name, values, unit in (("exports", X, noun), ("share", 100.0 * share, "percent")):
            found = spread(values)
            rows.append(
                {
                    "name": name,
                    "quantity": quantity_name,
                    "mean": found.mean,
                    "p10": found.p10,
                    "p90": found.p90,
                    "unit": unit,
                    "without": ", ".join(case.without),
                }
            )
    return rows


def source_words(study: Study, quantity: Quantity, evidence: Mapping[str, Any]) -> str:
    """Where a figure comes from, in words: title, publisher and date of each source; the reason of an assumption."""
    words = []
    for reference in quantity.sources:
        if reference.source is not None and reference.source in study.sources:
            source = study.sources[reference.source]
            words.append(f"{source.title}, {source.publisher}, {source.date}")
        elif reference.claim is not None:
            words.append(_claim_words(reference.claim, evidence))
        else:
            words.append(str(reference))
    return "; ".join(words)


def _claim_words(claim: str, evidence: Mapping[str, Any]) -> str:
    documents = {row.get("id"): row for row in evidence.get("documents", ())}
    for row in evidence.get("claims", ()):
        if str(row.get("id", "")).startswith(claim):
            document = documents.get(row.get("document"), {})
            # a page without a title is named by its file
            said = (document.get("title") or document.get("path"), document.get("publisher"), document.get("date"))
            return ", ".join(str(part) for part in said if part) or f"claim {claim}"
    return f"claim {claim}"


def _of(study: Study, arrays: xr.Dataset, path: str, name: str, of: str) -> xr.DataArray:
    """The part of a variable that belongs to a plant, project, region or firm."""
    array = arrays[name]
    if "order" in array.dims and of in arrays["order"].values:
        return array.sel(order=[of])
    if "plant" in array.dims:
        if of in study.plants:
            return array.sel(plant=[of])
        if "destination" in array.dims and of in arrays["destination"].values:
            return array.sel(destination=[of])
        members = _plants_of(study, of)
        if members:
            return array.sel(plant=members)
    raise StudyError(
        f"{path}.of: '{of}' has no {name} in this study; name a plant, project, order, region or firm that has"
    )


def _plants_of(study: Study, of: str) -> list[str]:
    return [name for name, plant in study.plants.items() if of in (plant.region, plant.owner)]


def _months(array: xr.DataArray, path: str, seen: Observation) -> xr.DataArray:
    months = months_between(seen.start, seen.end)
    inside = set(array["period"].values)
    outside = [month for month in months if month not in inside]
    if outside or not months:
        raise StudyError(
            f"{path}: {outside[0] if outside else seen.end} is not within the months of the study;"
            " correct start and end, or the horizon"
        )
    return array.sel(period=months)


def _collapsed(array: xr.DataArray) -> xr.DataArray:
    """The sum over everything but members and months."""
    return array.sum([dim for dim in array.dims if dim not in ("member", "period")], skipna=False)


def _ratio(study: Study, arrays: xr.Dataset, path: str, seen: Observation) -> NDArray[np.float64]:
    parts = [
        _months(_of(study, arrays, path, name, seen.of), path, seen)
        for name in RATIO_OF.get(seen.variable, (seen.variable,))
    ]
    plants = [str(name) for name in parts[0]["plant"].values] if "plant" in parts[0].dims else []
    nouns = sorted({study.products[study.plants[plant].makes].counted_in for plant in plants})
    if len(nouns) > 1:
        raise StudyError(
            f"{path}.of: the plants of '{seen.of}' count in {' and '.join(nouns)}, so that their {seen.variable} is no"
            " one number; name one plant"
        )
    if seen.variable not in RATIO_OF:
        values: NDArray[np.float64] = _collapsed(parts[0]).isel(period=-1).values
        if parts[0].size != values.size * parts[0].sizes["period"]:
            raise StudyError(f"{path}.of: '{seen.variable}' of several plants has no one value; name one plant")
        return values
    above, below = (_collapsed(part).sum("period", skipna=False).values for part in parts)
    ratio: NDArray[np.float64] = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    return ratio


def _counted(study: Study, arrays: xr.Dataset, path: str, seen: Observation, part: xr.DataArray) -> xr.DataArray:
    """The plants of ``part`` that make what was counted: items of its noun, or what stores energy."""
    if "plant" not in part.dims:
        return part
    noun = counted_noun(seen.value.unit)
    made = {str(plant): study.products[study.plants[str(plant)].makes] for plant in part["plant"].values}
    found = [
        plant
        for plant, product in made.items()
        if (product.counted_in == noun if noun is not None else product.energy is not None)
    ]
    if not found and noun is None and "GWh" in variable(seen.variable).unit:
        raise StudyError(
            f"{path}.value: '{seen.value.text}' is energy, and no product of '{seen.of}' has an energy per item;"
            f" give products.{study.plants[next(iter(made))].makes}.energy"
        )
    if not found and noun is not None:
        plants = ", ".join(f"plant '{plant}' makes {product.counted_in}s" for plant, product in made.items())
        raise StudyError(f"{path}.value: '{seen.value.text}' counts {noun}s, and {plants}; name one that makes {noun}s")
    fed = _fed_by_another(study, found) if seen.variable in _GROSS else None
    if fed is not None:
        raise StudyError(
            f"{path}.of: '{fed[1]}' takes in what '{fed[0]}' makes, so that {seen.variable} of '{seen.of}' would count"
            " the same items twice; name one plant"
        )
    return part.sel(plant=found) if found else part


def _fed_by_another(study: Study, plants: list[str]) -> tuple[str, str] | None:
    """A plant whose product goes into that of another plant of the list, also by way of others, and that plant."""
    needs = {name: {need.product for need in plant.inputs} for name, plant in study.plants.items()}
    for taker in plants:
        reached, ahead = set[str](), set(needs[taker])
        while ahead:
            reached |= ahead
            ahead = {more for name, plant in study.plants.items() if plant.makes in ahead for more in needs[name]}
            ahead -= reached
        for maker in plants:
            if study.plants[maker].makes in reached:
                return maker, taker
    return None


def _in_unit(path: str, values: NDArray[np.float64], unit: str, wanted: str) -> NDArray[np.float64]:
    if not same_kind(wanted, unit):
        raise StudyError(f"{path}.value: is in {wanted}; the variable is in {unit}")
    return values / convert(1.0, wanted, unit)


def _of_side(arrays: xr.Dataset, path: str, seen: Observation) -> NDArray[np.float64]:
    """The money for plants of a side in the years of an observation (member)."""
    if seen.variable not in arrays:
        raise StudyError(f"{path}.variable: '{seen.variable}' is of a run with its plan; this one has none")
    years = [str(year) for year in arrays["calendar_year"].values if seen.start[:4] <= str(year) <= seen.end[:4]]
    if not years:
        raise StudyError(f"{path}: {seen.start} to {seen.end} lies outside the horizon")
    of_years = arrays[seen.variable].sel(side=seen.of, calendar_year=years)
    found: NDArray[np.float64] = of_years.sum("calendar_year").values
    return found
