"""Chart: who owns whom, directly and through others, who decides, and what nobody is known to own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cell2grid.report.alone import name_of
from cell2grid.report.columns_of_boxes import MOST_BOXES, Line, boxes
from cell2grid.report.marks import folded, of_last_day, panel_title
from cell2grid.report.theme import ACCENT, ORANGE, WIDE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"owners": ()}
TITLE = "Who owns whom"
PLACE = ("owners", 1)
_NOBODY = "not named"
_MOST_THROUGH = 12


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Boxes of firms from holders to companies, with the share on each line."""
    frame = of_last_day(results, "owners")
    names: dict[str, str] = {}
    rest: dict[str, str] = {}
    lines: list[Line] = []
    left_out = 0
    for company, part in frame.groupby("company", sort=False):
        key = str(company)
        records = part.to_dict("records")
        own = [_line(row, name_of(results, key), results) for row in records if not _nobody(row)]
        ends = {key, *(line.first for line in own if not line.loose)}
        if names and len({*names, *ends}) > MOST_BOXES:
            left_out += 1
            continue
        names |= {end: name_of(results, end) for end in sorted(ends, key=_order(own, key))}
        for row in records:
            if _nobody(row) and _number(row["direct"]) > 0.0:
                rest[key] = f"{_percent(_number(row['direct']))} {_NOBODY}"
        lines += own
    lines = [line for line in lines if line.first in names]
    notes = ["thick: controls; thin: holds; dashed: belongs to it through others"]
    through = sum(line.loose for line in lines)
    if through > _MOST_THROUGH:
        lines = [line for line in lines if not line.loose]
        notes = [f"thick: controls; thin: holds; {through} shares through others are in the table"]
    if left_out:
        notes.append(f"{left_out} more {'company is' if left_out == 1 else 'companies are'} in the table")
    told = [line for note in notes for line in folded(note, width)]
    return boxes(names, lines, width=width, notes=rest).properties(title=panel_title(_since(frame), told))


def _order(lines: list[Line], company: str) -> Callable[[str], int]:
    """Holders in the order of the table, and the company after them."""
    places = {line.first: place for place, line in enumerate(lines)}
    return lambda name: len(places) if name == company else places[name]


def _since(frame: pd.DataFrame) -> str:
    return f"stakes as of {frame['day'].iloc[0]}"


def _nobody(row: dict[str, object]) -> bool:
    """Whether it is the row of what no named firm holds."""
    return row["holder"] is None or row["holder"] != row["holder"]


def _line(row: dict[str, object], company: str, results: Shown) -> Line:
    holder, share = str(row["holder"]), _between(_number(row["attributable_low"]), _number(row["attributable_high"]))
    called = name_of(results, holder)
    if row["direct"] is None or row["direct"] != row["direct"]:
        said = f"{called} has {share} of {company} through others"
        return Line(holder, str(row["company"]), share, said, ORANGE, 1.2, dashed=True, loose=True)
    label = _percent(_number(row["direct"]))
    decides = row["control"] == "yes"
    said = f"{called} holds {label} of {company}; {share} belong to it" + (", and it controls it" if decides else "")
    return Line(holder, str(row["company"]), label, said, ACCENT, 3.4 if decides else 1.4)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _percent(share: float) -> str:
    """A share in percent.

    >>> _percent(0.51), _percent(1 / 3)
    ('51 %', '33.3 %')
    """
    return f"{100 * share:.3g} %"


def _between(low: float, high: float) -> str:
    if round(low, 6) == round(high, 6):
        return _percent(low)
    return f"{_percent(low).removesuffix(' %')} to {_percent(high)}"


def table(results: Shown) -> pd.DataFrame:
    """Each holder of each company on the last day: shares, votes, power and control."""
    import pandas as pd

    found = []
    for row in of_last_day(results, "owners").to_dict("records"):
        direct = row["direct"] if row["direct"] == row["direct"] and row["direct"] is not None else None
        power = row["power_low"], row["power_high"]
        found.append(
            {
                "company": name_of(results, str(row["company"])),
                "holder": _NOBODY if _nobody(row) else name_of(results, str(row["holder"])),
                "direct": "–" if direct is None else _percent(direct),
                "with all it may hold": _between(row["attributable_low"], row["attributable_high"]),
                "controls": str(row["control"]),
                "power in a vote": "–" if any(end is None or end != end for end in power) else _between(*power),
            }
        )
    return pd.DataFrame(found)
