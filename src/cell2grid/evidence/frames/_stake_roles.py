"""Who holds a stake in what, by the grammar around a percentage; carrying on from the stake before is ``stake.py``.

The patterns speak of the marks of ``_layout.py``: of a stake that changes hands the holder is who has it afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.frames._layout import laid_out, sides
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity

_OWNERS = frozenset({"firm", "unknown", "venture", "project", "plant", "pronoun", "group", "country", "body", "people"})
_COMPANIES = frozenset({"firm", "unknown", "venture", "project", "plant", "pronoun"})
# a cheap look at the words beside a percentage before the patterns are tried
_BEHIND = re.compile(
    r"^[\s-]*(?:[\w-]+\s+){0,3}?(?:(?:of|in)\s+(?:the\s+)?(?:[a-z-]+\s+){0,4}[A-Z\d]|of\s+it\b|owned|held|controlled|by\s"
    r"|subsidiary|unit|affiliate|venture)|^,\s[^.;]{0,40}\b(?:shareholder|owner|partner|investor)\b"
)
_AHEAD = re.compile(
    r"\b(?:stakes?|shareholdings?|holdings?|interests?|owne[dr]s?|owns?|held|shareholder)\b"
    r"|\bIn the\b[^.;]{3,40},\s[^.;]{2,40}\bha[sd]\s+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Holding:
    """The holder of a stake and the company it is in, either None where the words do not name it."""

    holder: Mention | None
    company: Mention | None


def holding(quantity: Quantity, scene: Scene) -> Holding | None:
    """Who holds a percentage of what, where the grammar says that it is a stake; else None."""
    if not (_BEHIND.match(scene.after(quantity)) or _AHEAD.search(scene.before(quantity, 110))):
        return None
    owners = [m for m in sides(scene, _OWNERS) if m.kind != "country" or not m.preposition]
    if len(owners) < 2:
        return None
    text = laid_out(quantity, scene, owners)
    small = text.lower()
    for needs, pattern in _patterns():
        found = pattern.search(text) if any(word in small for word in needs) else None
        if found is not None:
            named = {name: owners[int(place)] for name, place in found.groupdict().items() if place is not None}
            holder, company = named.get("s"), named.get("o")
            same = holder is not None and company is not None and holder.name == company.name
            if not same and (company is None or company.kind in _COMPANIES):
                return Holding(holder, company)
    return None


_S, _O, _B = r"«(?P<s>\d+)»(?:[’']s)?", r"«(?P<o>\d+)»(?:[’']s)?", r"«\d+»(?:[’']s)?"
_G = r"[^«»#~;]{0,60}?"
# from a name to its verb: straight on, over "which", or over an aside between commas
_ON = (
    r"(?:\s(?:[^«»#~;,]{0,50}?\s)?|,\s(?:which|who)\s(?:[^«»#~;,]{0,30}?\s)?"
    r"|,\s[^;#~]{2,90}?,\s(?:[^«»#~;,]{0,30}?\s)?)"
)
_HAS = r"\b(?:owns?|owned|owning|holds?|held|holding|has|have|had|controls?|controlled|controlling|retains?|keeps?)\b"
_BUYS = (
    r"\b(?:buy(?:s|ing)?|bought|acquir(?:e|es|ed|ing)|tak(?:e|es|ing|en)|took|purchas(?:e|es|ed|ing)|secur(?:e|es|ed|ing)"
    r"|picked\s+up|gets?|got|receiv(?:e|es|ed|ing)|paid)\b"
)
_RAISES = (
    r"\b(?:rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|cut(?:s|ting)?|lift(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|lower(?:s|ed|ing)?"
    r"|doubl(?:e|es|ed|ing)|trim(?:s|med|ming)?|boost(?:s|ed|ing)?|bring(?:s|ing)?|brought|tak(?:e|es|ing)|took)\b"
)
_STAKE = r"\b(?:stakes?|shareholdings?|holdings?|interests?|shares?|equity(?:\s+stake)?|ownership)\b"
# the percentage, with or without another way to say it (a majority stake of 51 %)
_N = r"(?:~\s+(?:of\s+)?)?#(?:\s+(?:of\s+)?~|(?:,\s+~)*,?\s+and\s+~)?"
_PLAIN = r"(?:(?!and\b|with\b|from\b|by\b)[\w-]+\s+)"
_IN = rf"(?:\s*{_PLAIN}{{0,2}}{_STAKE[2:-2]})?\s*(?:of|in)\s+(?:the\s+)?(?:~[/\s]*){{0,2}}{_PLAIN}{{0,4}}?"


_GOES_TO = rf"\A.*{_S}{_ON}(?:[^«»#~;]{{0,40}})?"  # the holder, and on to the verb
_NAMED = rf"(?:the\s+)?{_PLAIN}{{0,3}}?"
_BY = rf"\bby\s+{_NAMED}{_S}"
_ITS_STAKE = rf"(?:its|their|the|«\d+»)\s+(?:[\w-]+\s+)?{_STAKE}\s+in\s+{_NAMED}"
_OWNED = "owned held controlled"
_BOUGHT = "buy bought acqui tak took purchas secur pick get got receiv paid"
_RAISED = "rais increas cut lift reduc lower doubl trim boost bring brought tak took"
_HELD = "own hold held ha control retain keep"
# the ways in which holder, company and percentage stand together, the surest first, each with words that it needs
_WAYS = (
    # O is # owned by S; O is owned to # by S; ~ by B and # by S
    (_OWNED, rf"{_O}{_G}#[\s-]*(?:owned|held|controlled){_G}{_BY}"),
    (_OWNED, rf"{_O}{_G}\b(?:owned|held|controlled)\b{_G}#\s+{_BY}"),
    (
        _OWNED,
        rf"{_O}{_G}(?:~[^«»#~;]{{0,30}}\bby\b[^«»#~;]{{0,20}}{_B}(?:,\s*|,?\s*and\s+))+#(?:\s+owned|\s+held)?\s+{_BY}",
    ),
    (_OWNED, rf"{_O}{_G}\bowned\s+by\s+{_NAMED}{_S}\s*\(#"),
    # the # of O (that is) held by S
    (
        _OWNED,
        rf"#\s+(?:stake\s+|interest\s+|holding\s+)?(?:of|in)\s+(?:the\s+)?{_O}\s+"
        rf"(?:that\s+is\s+|which\s+is\s+)?(?:owned|held)\s+{_BY}",
    ),
    # B sold a # stake in O to S; S buys the remaining # of O
    (
        "sell sold sale",
        rf"{_B}{_G}\b(?:sells?|sold|selling|sale)\s+(?!its\b|their\b)(?:of\s+)?{_G}{_N}{_IN}{_O}{_G}\bto\s+{_NAMED}{_S}",
    ),
    (_BOUGHT, rf"{_GOES_TO}{_BUYS}{_G}{_N}{_IN}{_O}"),
    (_BOUGHT, rf"{_GOES_TO}{_BUYS}{_G}{_STAKE}\s+of\s+#\s+in\s+{_NAMED}{_O}"),
    # S raises its stake in O from ~ to #
    (_RAISED, rf"{_GOES_TO}{_RAISES}\s+{_ITS_STAKE}{_O}{_G}(?:\bfrom\s+~\s+)?\b(?:to|from|by)\s+#"),
    (_RAISED, rf"{_GOES_TO}{_RAISES}\s+{_ITS_STAKE}{_O}{_G}\bto\s+~\s+from\s+#"),
    # S will sell its # of O; its # subsidiary O
    ("its their »", rf"{_S}{_G}(?:its|their|«\d+»)\s+{_N}{_IN}{_O}"),
    (
        "subsidiary unit affiliate venture",
        rf"{_S}\s+#[\s-]*(?:owned\s+)?(?:subsidiary|unit|affiliate|joint\s+venture|venture)\s+{_O}",
    ),
    # O's largest shareholder, S, held #
    (
        "shareholder owner investor backer",
        rf"{_O}(?:\s[\w-]+){{0,3}}\s(?:shareholder|owner|investor|backer),\s{_S},?\s{_G}{_HAS}{_G}#",
    ),
    # S holds # (of the shares) in O, a stake of # in O
    (_HELD, rf"{_GOES_TO}{_HAS}{_G}{_N}{_IN}{_O}"),
    (_HELD, rf"{_GOES_TO}{_HAS}{_G}{_STAKE}\s+of\s+#\s+(?:each\s+)?in\s+{_NAMED}{_O}"),
    # S, with #, is the third shareholder of O
    (
        "shareholder owner partner investor",
        rf"{_S},\s+with\s+(?:an?\s+)?#,{_G}\b(?:shareholder|owner|partner|investor)\b{_G}\b(?:of|in)\s+(?:the\s+)?{_O}",
    ),
    # in the venture O, S has #
    (_HELD, rf"\b[Ii]n\s+{_NAMED}{_O}(?:\s+venture)?,\s+{_S}{_G}{_HAS}\s+#"),
)


@cache
def _patterns() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    return tuple((tuple(needs.split()), re.compile(pattern, re.I | re.S)) for needs, pattern in _WAYS)
