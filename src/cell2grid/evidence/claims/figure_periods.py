"""Which of a sentence's dates is the period of a figure, and what is carried over from the sentence before.

The date behind the figure comes first, where no other figure stands between, then the one before it. A date of an
announcement, an opening or a comparison is none. What the dates mean is ``periods.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.claims.carried_periods import carried_period
from cell2grid.evidence.claims.rows_of_periods import listed_period
from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.dates.date_expressions import DateExpression
from cell2grid.evidence.quantities.quantity import Quantity

_BASE = {"ago", "same_period"}
_FLOW_FORMS = {
    "month", "months", "half", "quarter", "first_months", "window", "year", "years", "relative", "ended", "edge",
    "chinese", "span", "ago", "same_period", "decade", "days", "week", "so_far", "months_short",
}  # fmt: skip
_HAPPENED = re.compile(
    r"\b(?:open(?:s|ed|ing)?|start(?:s|ed|ing|up)?|start-up|beg[aiu]n(?:ning)?|begins?|announc\w+"
    r"|sign(?:s|ed|ing)|found(?:ed|ing)|establish\w+|complet\w+|finish\w*|launch\w*"
    r"|unveil\w*|connect\w+|commission\w+|groundbreaking|broke ground|inaugurat\w+|said|told"
    r"|publish\w+|filed|released|operational|(?<!in )operation|online|approv\w+|merg\w+|join\w+|acquir\w+"
    r"|since joining|due|ready|built|postponed|delayed|ahead of)"
    r"[^,;.\d]{0,34}$",
    re.I,
)
_COMPARED = re.compile(
    r"\b(?:from|than|against|versus|vs\.?|compared (?:with|to)|relative to|over)\s+(?:[\w-]+\s+){0,3}$", re.I
)


def period_of(scene: Scene, quantity: Quantity, *, stock: bool, measure: str) -> tuple[Period | None, bool]:
    """The period of a figure and whether it is carried over; (None, False) where nothing is said."""
    listed = listed_period(scene, quantity)
    if listed is not None:
        return listed, False
    behind = _behind(scene, quantity, stock, measure)
    if behind is not None:
        return behind, False
    if measure != "change" and _FROM.search(scene.before(quantity, 12)):
        return None, measure in {
            "share",
            "utilisation",
        }  # a level that is left has not the date at which the next one is reached
    ahead = _ahead(scene, quantity, stock, measure)
    if ahead is not None:
        return ahead, False
    shared = _shared(scene, quantity, measure, stock)
    if shared is not None or stock:
        return shared, False
    earlier = _told_before(scene, quantity)
    if earlier is not None and earlier[1].period is not None and not earlier[1].stock:
        return earlier[1].period, "period" in earlier[1].inherited
    return carried_period(scene, measure)


def _shared(scene: Scene, quantity: Quantity, measure: str, stock: bool) -> Period | None:
    """The one date of a sentence behind a row of figures that is that of all of them (A 10, B 20 and C 3 in June)."""
    usable = [(found, meant) for found, meant in scene.dates if found.form not in _BASE]
    if len(usable) != 1 or usable[0][0].start < quantity.end:
        return None
    found, meant = usable[0]
    between = scene.text[quantity.end : found.start]
    row = [q for q in scene.quantities if quantity.end <= q.start and q.end <= found.start]
    joined = row and _JOINED.search(between) and not _PARTS_FIGURES.search(between)
    fits = _fits(scene, found, meant, stock, measure) and (not stock or found.opening in {"by", "until", "till"})
    return meant if joined and len(between) <= 110 and fits else None


_JOINED = re.compile(r",|\b(?:and|on|worth|to)\b|\(")
_PARTS_FIGURES = re.compile(
    r"[;:]|\bfrom\s+(?:[a-z]+\s+)?[^\sA-Za-z]|\b(?:while|whereas|but|which|who|than|against|compared|after|before|since"
    r"|until|up|down|rose|fell|will|would|plans?|expects?|to\s+be|below|above|originally|including|of\s+which|share|stake|capacity)\b"
)


def _told_before(scene: Scene, quantity: Quantity) -> tuple[str, Slots, Quantity] | None:
    """The last figure read before this one that is none of comparison (not the 41 of "22, down from 41 in 2023")."""
    earlier = scene.earlier(quantity)
    while earlier is not None and _COMPARED.search(scene.before(earlier[2], 30)):
        before = scene.earlier(earlier[2])
        if before is None:
            return None if _own_base(scene, earlier[2]) else earlier
        earlier = before
    return earlier


def _own_base(scene: Scene, quantity: Quantity) -> bool:
    """Whether a figure of comparison has a date of its own that only leans on others (from 21 % a year ago to 10 %)."""
    return any(found.form in _BASE and _is_base(scene, quantity, found) for found, _ in scene.dates)


def _fits(scene: Scene, found: DateExpression, meant: Period | None, stock: bool, measure: str) -> bool:
    if meant is None or (_is_of_event(scene, found) and not _verb_is_measure(scene, found, measure)):
        return False
    single_day = meant.start is not None and meant.start == meant.end
    if stock and found.start in scene.happened:
        return False
    if stock:
        said_day = single_day and (found.form in {"edge", "month"} or found.opening in {"as of", "as at", "at", "on"})
        return (
            said_day
            or found.opening in {"by", "until", "till", "through", "from", "since", "before", "as of", "as at"}
            or found.form in {"ago", "same_period"}
        )
    if found.form in {"weekday", "iso", "day"}:
        quoted = measure == "price" or (measure == "change" and _QUOTED.search(scene.text) is not None)
        return found.opening in {"by", "until", "through", "from", "since"} or (single_day and quoted)
    return found.form in _FLOW_FORMS and not (single_day and found.opening in {"at", "on"})


# what is quoted on a day: prices of goods and of shares
_QUOTED = re.compile(
    r"\b(?:traded|trading|clos(?:ed|ing)|settled|quoted|fetched|ended\s+(?:up|down|at)|was\s+at|were\s+at|stood\s+at|[Ss]hares|stocks?"
    r"|[Ss]pot|assessed|a (?:metric )?ton(?:ne)?|per (?:metric )?ton(?:ne)?|a kilogram|per kilogram)\b"
)


def _is_of_event(scene: Scene, found: DateExpression) -> bool:
    """Whether a date is that of a verb just before it (opened in May), and not of what is said (said sales in May)."""
    event = _HAPPENED.search(scene.text[: found.start].removesuffix(" "))
    if event is None:
        return False
    if _SAYING.match(event.group()) and _FIGURES_OF.search(event.group()):
        return False
    return not any(event.start() < other.start and other.end < found.start for other, _ in scene.dates)


_SAYING = re.compile(r"said|told|announc|report|publish|filed|released", re.I)
_FIGURES_OF = re.compile(
    r"\b(?:sales|revenues?|profits?|loss(?:es)?|income|earnings|shipments|deliveries|exports|output|production|turnover"
    r"|installations|registrations|results|margins?)\b",
    re.I,
)


def _verb_is_measure(scene: Scene, found: DateExpression, measure: str) -> bool:
    """Whether the verb before a date is what the figure counts (built in 2024, launched exports aside)."""
    return (
        measure in {"production", "capacity"}
        and re.search(r"\bbuilt\b[^,;]{0,30}$", scene.text[: found.start]) is not None
    )


def _behind(scene: Scene, quantity: Quantity, stock: bool, measure: str) -> Period | None:
    """The period of the first date behind a figure that fits, with no other figure between."""
    stop = scene.clause(quantity)[1]
    for found, meant in scene.dates:
        if found.start < quantity.end:
            continue
        between = scene.text[quantity.end : found.start]
        others = _others_between(scene, quantity, found)
        if found.form in _BASE and measure == "change":
            continue  # what a change is counted from is not its period
        if found.form in _BASE:
            if _is_base(scene, quantity, found):
                return None if others else _before_that(scene, quantity, found) or meant
            if found.form != "same_period" or _COMPARISON.search(between):
                continue
        if others or (found.start > stop and not _leads_on(between)) or _opens_next(scene, found, quantity):
            return None
        if stock and _is_beyond_aside(scene, quantity, found):
            return None
        if measure == "change" and _OF_EXTREME.search(between):
            continue
        if stock and _is_milestone(found, between):
            continue
        if between.endswith("(") and scene.text[found.end : found.end + 2].lstrip().startswith(":"):
            return None  # €98 million (Q2 2025: €94 million)
        fits = _fits(scene, found, meant, stock, measure) or (stock and _dates_a_stock(scene, found, meant, between))
        fits = fits or (stock and meant is not None and found.opening in {"by", "until"} and len(between) <= 16)
        span = found.form in {"months", "years", "days"} or (found.opening == "from" and measure != "change")
        if fits and (span or not _COMPARED_WITH.search(between)):
            return meant
    return None


def _before_that(scene: Scene, quantity: Quantity, found: DateExpression) -> Period | None:
    """What "a year ago" is for a figure of comparison: a year before the figure that it is compared with."""
    earlier = scene.earlier(quantity)
    said = earlier[1].period if earlier is not None and (not earlier[1].stock or _is_day(earlier[1].period)) else None
    yearly = "year" in scene.text[found.start : found.end].lower() and found.form == "ago"
    if (
        said is None
        or said.start is None
        or said.end is None
        or not yearly
        or found.parts.get("count", "a") not in _ONE
    ):
        return None
    return said.shifted(-12)


_ONE = frozenset({"a", "an", "one", "1"})


def _is_beyond_aside(scene: Scene, quantity: Quantity, found: DateExpression) -> bool:
    """Whether a date stands behind the aside that holds a figure (its plant, which makes 5 GWh, grows by 2027)."""
    return any(start <= quantity.start and quantity.end < end <= found.start for start, end in scene.asides())


_OF_EXTREME = re.compile(r"\b(?:peak|highs?|lows?|record|trough|level|maximum|minimum)\s+(?:\w+\s+){0,2}$")
_FROM = re.compile(r"\bfrom\s+$")
_TO_A_LEVEL = re.compile(r"\s+(?:year[- ]on[- ]year\s+)?to\s+(?:a\s+(?:record\s+)?)?")
_COMPARISON = re.compile(r"from|than|compared|against|over")
_COMPARED_WITH = re.compile(
    r"\b(?:from|than|against|versus|compared (?:with|to)|over|(?:up|down) on)\s+(?:in\s+|the\s+)*$"
)
_MILESTONE = re.compile(r"\b(?:start|begin|complet|finish|open|launch|operat|construct|deliver|ready|follow)\w*\b")


def _opens_next(scene: Scene, found: DateExpression, quantity: Quantity) -> bool:
    """Whether a date behind "and" is that of the next figure (by 2027 at 85 and by 2030 under 70)."""
    dated = any(other.end <= quantity.start for other, _ in scene.dates)
    return dated and _heads_figure(scene, found)


_OPENS_CLAUSE = re.compile(r"(?:\band|,|;|,\s+and|;\s+and)\s+(?:(?:by|in|from|until|for)\s+(?:the\s+)?)?$")


def _heads_figure(scene: Scene, found: DateExpression) -> bool:
    """Whether a date stands between "and" or a comma and a figure (Last year it sold 900, this year it wants 1,500)."""
    opens = _OPENS_CLAUSE.search(scene.text, max(0, found.start - 24), found.start)
    return opens is not None and any(0 <= other.lead - found.end <= 40 for other in scene.quantities)


def _others_between(scene: Scene, quantity: Quantity, found: DateExpression) -> bool:
    """Whether another figure stands between a figure and a date; one that only converts it does not count."""
    return any(
        quantity.end <= other.start
        and other.end <= found.start
        and not _is_converted(scene, other)
        and not _of_each(scene, other)
        and not _is_where(scene, other)
        and not (
            _TO_A_LEVEL.fullmatch(scene.text[quantity.end : other.lead])
            and not _FROM.search(scene.text[: quantity.lead])
        )
        for other in scene.quantities
    )


_IN_PLACES = re.compile(r"\b(?:in|at|across|to|from|over|among)\s+(?:the\s+|its\s+|all\s+)?$")
_PLACES = frozenset({"state", "country", "nation", "site", "city", "market", "province", "region", "location", "plant",
                     "factory", "project"})  # fmt: skip


def _is_where(scene: Scene, other: Quantity) -> bool:
    """Whether a count only says in how many places something was so (sold 400 cars in three states in May)."""
    placed = other.kind == "count" and other.unit in _PLACES
    return placed and _IN_PLACES.search(scene.text, 0, other.lead) is not None


def _of_each(scene: Scene, other: Quantity) -> bool:
    """Whether a figure only says how large each of those counted before it is (960 containers of 5 MWh each)."""
    each = re.match(r"\s+(?:each|apiece)\b", scene.text[other.end :])
    return each is not None and scene.text[: other.lead].endswith((" of ", " with "))


def _is_milestone(found: DateExpression, between: str) -> bool:
    """Whether a date far behind a stock, or behind a start or end, is that of a milestone."""
    milestone = _MILESTONE.search(between.replace("in operation", ""))
    near = found.opening in {"by", "from"} and len(between) < 40 and not milestone
    return (len(between) > 60 or milestone is not None) and not near


def _dates_a_stock(scene: Scene, found: DateExpression, meant: Period | None, between: str) -> bool:
    """Whether a year, quarter or month right behind a stock dates it (a capacity of 20 GWh in 2024)."""
    if found.start in scene.happened:
        return False
    plain = found.form in {"year", "month", "quarter", "edge", "half"} and found.opening in {"in", "by", "at", ""}
    return plain and len(between) <= 30 and meant is not None and not _HAPPENED.search(scene.text[: found.start])


def _leads_on(between: str) -> bool:
    return len(between) < 30 and "," not in between and ";" not in between


def _is_base(scene: Scene, quantity: Quantity, found: DateExpression) -> bool:
    """Whether a date of comparison dates this figure: from 70 % a year ago."""
    before = scene.before(quantity, 30)
    between = scene.text[quantity.end : found.start]
    return (
        bool(
            _COMPARED.search(before)
            or re.search(
                r"\b(?:from|than|against|with|the)\s+(?:[\w-]+\s+){0,2}$|\bafter\s+(?:[\w-]+\s+){0,4}$", before
            )
        )
        and len(between) <= 50
        and not re.search(r"\d", between)
    )


# a date that a figure is only compared with (14 % more than in July)
_COMPARED_TO = re.compile(r"\b(?:than|versus|against|compared\s+(?:with|to))\s+(?:(?:in|during|for|the|at|on)\s+)*$")


def _is_compared_date(scene: Scene, found: DateExpression) -> bool:
    """Whether a date is only compared with, and nothing is said of it (less than in 2022; not 2022, when it was 9)."""
    goes_on = re.match(r",?\s+(?:when|in which)\b", scene.text[found.end :])
    return goes_on is None and _COMPARED_TO.search(scene.text[: found.start]) is not None


def _ahead(scene: Scene, quantity: Quantity, stock: bool, measure: str) -> Period | None:
    for found, meant in reversed(scene.dates):
        if found.end > quantity.start or found.form in _BASE or _is_compared_date(scene, found):
            continue
        if _is_compared_figure(scene, found, quantity):
            continue
        if stock:
            opens = (
                not scene.text[: found.start].strip(' "“,').replace(found.opening, "", 1).strip()
                or len(scene.text[: found.start].strip()) <= 16
            )
            close = quantity.start - found.end <= 60
            if (
                _fits(scene, found, meant, True, measure)
                and (opens or close)
                and (found.opening in {"by", "from", "as of", "as at", "since"} or _is_day(meant))
            ):
                return meant
            continue
        if _fits(scene, found, meant, False, measure) and not _owned_by_other(scene, found, quantity):
            return meant
    return None


def _is_day(meant: Period | None) -> bool:
    return meant is not None and meant.start is not None and meant.start == meant.end


def _is_compared_figure(scene: Scene, found: DateExpression, quantity: Quantity) -> bool:
    """Whether a date before belongs to a figure of comparison (up from 38% in 2024, 46% …)."""
    holder = next((q for q in reversed(scene.quantities) if q.end <= found.start), None)
    if holder is None or holder.start == quantity.start:
        return False
    return found.start - holder.end < 25 and bool(_COMPARED.search(scene.before(holder, 30)))


def _owned_by_other(scene: Scene, found: DateExpression, quantity: Quantity) -> bool:
    """Whether an open-ended date (by 2028) belongs to the figure right before it rather than to this one."""
    holder = next((q for q in reversed(scene.quantities) if q.end <= found.start and q.kind != "duration"), None)
    if _heads_figure(scene, found):
        return False
    return holder is not None and found.opening in {"by", "until", "through", "from"} and found.start - holder.end < 20


def _is_converted(scene: Scene, quantity: Quantity) -> bool:
    return quantity.kind == "currency" and scene.text[: quantity.lead].rstrip().endswith("(")
