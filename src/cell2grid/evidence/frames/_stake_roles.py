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
_TRIGGER = re.compile(
    r"\b(?:stakes?|shareholding|holdings?|shareholders?|interest|equity|own(?:s|ed|er|ers|ing|ership)?|h[eo]lds?|holding"
    r"|controls?|controlled|subsidiary|b[uo][uy]\w*|acquir\w+|sells?|sold|sale|takeover|has|have|had|takes?|took|venture)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Holding:
    """The holder of a stake and the company it is in, either None where the words do not name it."""

    holder: Mention | None
    company: Mention | None


def holding(quantity: Quantity, scene: Scene) -> Holding | None:
    """Who holds a percentage of what, where the grammar says that it is a stake; else None."""
    if not _TRIGGER.search(scene.text):
        return None
    owners = [m for m in sides(scene, _OWNERS) if m.kind != "country" or not m.preposition]
    text = laid_out(quantity, scene, owners)
    for pattern in _patterns():
        found = pattern.search(text)
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
_N = r"(?:~\s+(?:of\s+)?)?#(?:\s+(?:of\s+)?~)?"
_PLAIN = r"(?:(?!and\b|with\b|from\b|by\b)[\w-]+\s+)"
_IN = rf"(?:\s*{_PLAIN}{{0,2}}{_STAKE[2:-2]})?\s*(?:of|in)\s+(?:the\s+)?{_PLAIN}{{0,4}}?"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The ways in which holder, company and percentage stand together, the surest first."""
    by = rf"\bby\s+(?:the\s+)?{_PLAIN}{{0,3}}?{_S}"
    its = rf"(?:its|their|the|«\d+»)\s+(?:[\w-]+\s+)?{_STAKE}\s+in\s+(?:the\s+)?{_PLAIN}{{0,3}}?"
    return tuple(
        re.compile(pattern, re.I | re.S)
        for pattern in (
            # O is # owned by S; O is owned to # by S; ~ by B and # by S
            rf"{_O}{_G}#[\s-]*(?:owned|held|controlled){_G}{by}",
            rf"{_O}{_G}\b(?:owned|held|controlled)\b{_G}#\s+{by}",
            rf"{_O}{_G}(?:~[^«»#~;]{{0,30}}\bby\b[^«»#~;]{{0,20}}{_B}(?:,\s*|,?\s*and\s+))+#(?:\s+owned|\s+held)?\s+{by}",
            # the # of O (that is) held by S
            rf"#\s+(?:stake\s+|interest\s+|holding\s+)?(?:of|in)\s+(?:the\s+)?{_O}\s+"
            rf"(?:that\s+is\s+|which\s+is\s+)?(?:owned|held)\s+{by}",
            # B sold a # stake in O to S; S buys the remaining # of O
            rf"{_B}{_G}\b(?:sells?|sold|selling|sale)\s+(?!its\b|their\b)(?:of\s+)?{_G}{_N}{_IN}{_O}{_G}"
            rf"\bto\s+(?:the\s+)?{_PLAIN}{{0,5}}?{_S}",
            rf".*{_S}{_ON}(?:[^«»#~;]{{0,40}})?{_BUYS}{_G}{_N}{_IN}{_O}",
            rf".*{_S}{_ON}(?:[^«»#~;]{{0,40}})?{_BUYS}{_G}{_STAKE}\s+of\s+#\s+in\s+(?:the\s+)?{_PLAIN}{{0,3}}?{_O}",
            # S raises its stake in O from ~ to #
            rf".*{_S}{_ON}(?:[^«»#~;]{{0,40}})?{_RAISES}\s+{its}{_O}{_G}(?:\bfrom\s+~\s+)?\b(?:to|from|by)\s+#",
            rf".*{_S}{_ON}(?:[^«»#~;]{{0,40}})?{_RAISES}\s+{its}{_O}{_G}\bto\s+~\s+from\s+#",
            # S will sell its # of O; its # subsidiary O
            rf"{_S}{_G}(?:its|their|«\d+»)\s+{_N}{_IN}{_O}",
            rf"{_S}\s+#[\s-]*(?:owned\s+)?(?:subsidiary|unit|affiliate|joint\s+venture|venture)\s+{_O}",
            # O's largest shareholder, S, held #
            rf"{_O}(?:\s[\w-]+){{0,3}}\s(?:shareholder|owner|investor|backer),\s{_S},?\s{_G}{_HAS}{_G}#",
            # S holds # (of the shares) in O, a stake of # in O
            rf".*{_S}{_ON}(?:[^«»#~;]{{0,40}})?{_HAS}{_G}{_N}{_IN}{_O}",
            rf".*{_S}{_ON}(?:[^«»#~;]{{0,40}})?{_HAS}{_G}{_STAKE}\s+of\s+#\s+(?:each\s+)?in\s+(?:the\s+)?{_PLAIN}{{0,3}}?{_O}",
            # S, with #, is the third shareholder of O
            rf"{_S},\s+with\s+(?:an?\s+)?#,{_G}\b(?:shareholder|owner|partner|investor)\b{_G}\b(?:of|in)\s+(?:the\s+)?{_O}",
            # in the venture O, S has #
            rf"\b[Ii]n\s+(?:the\s+)?{_PLAIN}{{0,3}}?{_O}(?:\s+venture)?,\s+{_S}{_G}{_HAS}\s+#",
        )
    )
