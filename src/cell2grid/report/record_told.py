"""What a run has to say of the record: how many figures its range holds, which, and the widest miss.

Sentences with the sources of the figures they tell; ``findings.py`` puts them in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cell2grid.report.marks import rows, weighed_by
from cell2grid.report.wording import amount, period

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.results import Results

_MOST_HELD = 2  # that are told though the range holds them


def record_sentences(
    results: Results, name: Callable[[str], str], *, also_held: bool = False
) -> Iterator[tuple[str, str]]:
    """Each sentence on the figures that were no input, and the sources in words of what it tells.

    Parameters
    ----------
    name
        What readers call whom a figure is of.
    also_held
        Whether a second sentence tells of figures that the range holds, beside a miss.
    """
    frame = rows(results, "observations")
    frame = frame if frame.empty else frame[frame["mean"].notna()]
    used = weighed_by(results)
    frame = frame if frame.empty else frame[~frame["name"].isin(used)]
    if frame.empty:
        return
    inside = frame[(frame["p10"] <= frame["observed"]) & (frame["observed"] <= frame["p90"])]
    text = f"The modelled range holds {len(inside)} of {len(frame)} reported figures"
    if used:
        text += f" that were held out ({len(used)} more are no test: members are weighed by them)"
    missed, of = frame.drop(inside.index), frame
    if not missed.empty:
        row = _widest(missed)
        text += f"; the widest miss is {_held_against(row, name)}"
        of = frame[frame["name"] == row["name"]]
    yield f"{text}.", _sources(of)
    if also_held and not missed.empty and not inside.empty:
        told = inside.head(_MOST_HELD)
        held = "; ".join(_held_against(row, name) for row in told.to_dict("records"))
        yield f"The modelled range holds {held}.", _sources(told)


def _held_against(row: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """A reported figure beside the modelled one: what of whom, when, and both."""
    return (
        f"{str(row['variable']).replace('_', ' ')}, {name(str(row['of']))}, {period(row['start'], row['end'])}: "
        f"{amount(row['observed'], row['unit'], reported=True)} reported, "
        f"{amount(row['mean'], row['unit'])} modelled"
    )


def _sources(frame: pd.DataFrame) -> str:
    return "; ".join(dict.fromkeys(str(source) for source in frame["source"] if source))


def _widest(missed: pd.DataFrame) -> dict[str, Any]:
    """The row with the largest residual as a share of the largest figure in its unit."""
    scale = missed.groupby("unit")["observed"].transform(lambda column: max(column.abs().max(), 1e-12))
    found: dict[str, Any] = missed.loc[(missed["residual"].abs() / scale).idxmax()].to_dict()
    return found
